import type { Binder } from "../expr/affine.ts";
import { type Affine, addAffine, affine, affineIndex, freshIndex, scaleAffine } from "../expr/affine.ts";
import type { Context } from "./context.ts";
import { indexExpression } from "./index-expression.ts";
import { messages } from "./messages.ts";
import { type Meaning, Scope } from "./scope.ts";
import { type CompareSign, compareSigns } from "./tokens.ts";
import { Node } from "./tree.ts";

/** The indices of a sum, outermost first, and the scope of its body. */
export interface BoundRanges {
  readonly binders: readonly Binder[];
  readonly scope: Scope;
}

/** What the text says about one index. */
interface Draft {
  readonly name: number;
  /** Where it is introduced. */
  readonly node: number;
  readonly lo: Bound[];
  readonly hi: Bound[];
  readonly except: number[];
}

/** `node + plus`. */
interface Bound {
  readonly node: number;
  readonly plus: number;
}

/**
 * Reads `i = 1..N`, `i < j`, `1 <= i < j <= N`, `i != j`: the ranges of the indices of a sum.
 *
 * @param lengthUnder the length of the arrays that an index runs over, for an index without a last value; undefined
 *   leaves the index out of `binders`' ranges (it then has no known extent)
 */
export function bindRanges(
  context: Context,
  args: readonly number[],
  scope: Scope,
  lengthUnder: (name: number) => number | undefined,
): BoundRanges {
  const drafts = draftRanges(context, args, scope);
  const names = new Map<number, Meaning>();
  const inner = new Scope(scope, names);
  const binders: Binder[] = [];
  for (const draft of drafts) {
    const index = freshIndex(context.spelling(draft.name));
    const isKnown = (bound: Bound) => !isLater(context, bound.node, draft, drafts);
    const read = ({ node, plus }: Bound) => addAffine(indexExpression(context, node, inner), affine(plus));
    const lo = tightest(context, draft, draft.lo.filter(isKnown).map(read), true) ?? affine(1);
    const hi =
      tightest(context, draft, draft.hi.filter(isKnown).map(read), false) ?? lengthBound(lengthUnder, draft, drafts);
    const except = draft.except
      .filter((node) => !isLater(context, node, draft, drafts))
      .map((node) => indexExpression(context, node, inner));
    if (hi) {
      context.ranges.set(index, lo, hi);
      binders.push({ index, lo, hi, except });
    }
    names.set(draft.name, { kind: "index", at: affineIndex(index) });
  }
  return { binders, scope: inner };
}

function lengthBound(
  lengthUnder: (name: number) => number | undefined,
  draft: Draft,
  drafts: readonly Draft[],
): Affine | undefined {
  let length = lengthUnder(draft.name);
  for (const other of drafts) length ??= lengthUnder(other.name);
  return length === undefined ? undefined : affine(length);
}

/** Whether a bound is an index that is introduced after `draft`; it then restricts that index instead. */
function isLater(context: Context, node: number, draft: Draft, drafts: readonly Draft[]): boolean {
  if (context.tree.kind(node) !== Node.Name) return false;
  const at = drafts.findIndex((other) => other.name === context.tree.value(node));
  return at >= 0 && at > drafts.indexOf(draft);
}

/** The bound that implies all others. */
function tightest(context: Context, draft: Draft, bounds: readonly Affine[], lower: boolean): Affine | undefined {
  const [first] = bounds;
  if (first === undefined || bounds.length === 1) return first;
  const implies = (a: Affine, b: Affine) => {
    const difference = addAffine(a, scaleAffine(b, -1));
    if (!context.ranges.has(difference)) return false;
    return lower ? context.ranges.extreme(difference, false) >= 0 : context.ranges.extreme(difference, true) <= 0;
  };
  const best = bounds.find((a) => bounds.every((b) => implies(a, b)));
  return best ?? context.fail(messages.severalBounds(context.spelling(draft.name)), draft.node);
}

// ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function draftRanges(context: Context, args: readonly number[], scope: Scope): Draft[] {
  const { tree } = context;
  const drafts: Draft[] = [];
  const waiting: Draft[] = [];
  const introduce = (node: number): Draft => {
    const name = tree.value(node);
    const known = drafts.find((draft) => draft.name === name);
    if (known) return known;
    const draft: Draft = { name, node, lo: [], hi: [], except: [] };
    drafts.push(draft);
    return draft;
  };
  for (const arg of args) {
    if (tree.kind(arg) === Node.Equation && tree.kind(tree.child(arg, 0)) === Node.Name) introduce(tree.child(arg, 0));
  }
  const order = [...drafts];
  drafts.length = 0;
  for (const arg of args) {
    const kind = tree.kind(arg);
    if (kind === Node.Equation) {
      const draft = introduceRange(context, arg, introduce);
      for (const other of waiting.splice(0)) {
        other.lo.push(...draft.lo);
        other.hi.push(...draft.hi);
      }
    } else if (kind === Node.Compare) readChain(context, arg, scope, order, introduce);
    else if (kind === Node.Name) waiting.push(introduce(arg));
    else context.fail(messages.badRange(context.text(arg)), arg);
  }
  if (drafts.length === 0) context.fail(messages.badRange(args.map((arg) => context.text(arg)).join(", ")), args[0]!);
  return drafts;
}

/** `i = 1..N`. */
function introduceRange(context: Context, arg: number, introduce: (node: number) => Draft): Draft {
  const { tree } = context;
  const [name, range] = [tree.child(arg, 0), tree.child(arg, 1)];
  const isRange = tree.kind(range) === Node.Compare && tree.count(range) === 3 && tree.child(range, 1) === -1;
  if (tree.kind(name) !== Node.Name || !isRange) context.fail(messages.badRange(context.text(arg)), arg);
  const draft = introduce(name);
  draft.lo.push({ node: tree.child(range, 0), plus: 0 });
  draft.hi.push({ node: tree.child(range, 2), plus: 0 });
  return draft;
}

/** `1 <= i < j <= N`: every index is bounded by what stands left and right of it, constants at any distance. */
function readChain(
  context: Context,
  arg: number,
  scope: Scope,
  order: readonly Draft[],
  introduce: (node: number) => Draft,
): void {
  const { tree } = context;
  const parts: number[] = [];
  const signs: CompareSign[] = [];
  for (let k = 0; k < tree.count(arg); k++) {
    if (k % 2 === 0) parts.push(tree.child(arg, k));
    else signs.push(compareSigns[tree.child(arg, k)] ?? context.fail(messages.badRange(context.text(arg)), arg));
  }
  if (signs.every((sign) => sign === ">" || sign === ">=")) {
    parts.reverse();
    signs.reverse();
  }
  const isIndex = (node: number) =>
    tree.kind(node) === Node.Name && isBoundHere(context, tree.value(node), scope, order);
  if (signs.length === 1 && signs[0] === "!=") return readExcept(context, arg, parts, isIndex, introduce);
  if (!signs.every((sign) => /^[<>]/.test(sign)) || new Set(signs.map((sign) => sign[0])).size > 1) {
    context.fail(messages.badRange(context.text(arg)), arg);
  }
  const indices = parts.filter(isIndex).map((part) => tree.value(part));
  if (new Set(indices).size < indices.length) context.fail(messages.badRange(context.text(arg)), arg);
  parts.forEach((part, k) => {
    if (!isIndex(part)) return;
    const draft = introduce(part);
    boundsAround(parts, signs, k, isIndex, draft);
  });
}

function boundsAround(
  parts: readonly number[],
  signs: readonly CompareSign[],
  at: number,
  isIndex: (node: number) => boolean,
  draft: Draft,
): void {
  let gap = 0;
  for (let k = at - 1; k >= 0; k--) {
    if (!signs[k]!.endsWith("=")) gap += 1;
    if (k === at - 1 || !isIndex(parts[k]!)) draft.lo.push({ node: parts[k]!, plus: gap });
    if (!isIndex(parts[k]!)) break;
  }
  gap = 0;
  for (let k = at + 1; k < parts.length; k++) {
    if (!signs[k - 1]!.endsWith("=")) gap += 1;
    if (k === at + 1 || !isIndex(parts[k]!)) draft.hi.push({ node: parts[k]!, plus: -gap });
    if (!isIndex(parts[k]!)) break;
  }
}

/** `i != j`: whichever index comes later leaves the other one out. */
function readExcept(
  context: Context,
  arg: number,
  parts: readonly number[],
  isIndex: (node: number) => boolean,
  introduce: (node: number) => Draft,
): void {
  const [left, right] = parts as [number, number];
  if (!isIndex(left) && !isIndex(right)) context.fail(messages.badRange(context.text(arg)), arg);
  if (isIndex(left)) introduce(left).except.push(right);
  if (isIndex(right)) introduce(right).except.push(left);
}

/** A name in a chain is an index of this sum unless it means something already. */
function isBoundHere(context: Context, name: number, scope: Scope, order: readonly Draft[]): boolean {
  if (order.some((draft) => draft.name === name)) return true;
  const local = scope.find(name);
  if (local !== undefined) return false;
  return context.environment.integer(name) === undefined;
}
