import { type Affine, affine, affineIndex, type Binder, freshIndex } from "../expr/affine.ts";
import type { Expr } from "../expr/expr.ts";
import type { Assignment } from "../model.ts";
import type { Context } from "./context.ts";
import type { SideDraft } from "./draft.ts";
import { indexExpression } from "./index-expression.ts";
import { messages } from "./messages.ts";
import { emptyScope, type Meaning, Scope } from "./scope.ts";
import { Node } from "./tree.ts";
import { isVector, shapeOf, type Value } from "./value.ts";

/** What a side statement is about. */
interface Target {
  readonly name: number;
  readonly at: readonly Affine[];
  readonly over: readonly Binder[];
  readonly scope: Scope;
}

/** `damping p = k`, `force p[i] = F`: for a whole array, or element by element. */
export function lowerAssignment(context: Context, side: SideDraft, momenta: ReadonlySet<number>): Assignment {
  const target = readTarget(context, side.target);
  const spelling = context.spelling(target.name);
  if (!momenta.has(target.name)) {
    const known = [...momenta].map((name) => context.spelling(name));
    context.fail(messages.notMomentum(side.keyword, spelling, known), side.target);
  }
  const shape = context.environment.shape(target.name) ?? [];
  if (target.at.length > shape.length) context.fail(messages.indexedNumber(context.text(side.target)), side.target);
  const open = openIndices(context, shape.slice(target.at.length));
  let value: Value = context.lower(side.value, target.scope);
  if (isVector(value)) {
    if (shapeOf(value).join() !== shape.slice(target.at.length).join()) {
      context.fail(messages.lengths(shapeOf(value), shape.slice(target.at.length)), side.value);
    }
    for (const { index } of open) value = isVector(value) ? value.at(affineIndex(index)) : value;
  } else value = context.real(side.value, target.scope);
  const at = [...target.at, ...open.map(({ index }) => affineIndex(index))];
  return { target: spelling, at, over: [...target.over, ...open], value: value as Expr };
}

/** Indices for the dimensions that the statement leaves out. */
function openIndices(context: Context, lengths: readonly number[]): Binder[] {
  return lengths.map((length) => {
    const index = freshIndex("i");
    const binder = { index, lo: affine(1), hi: affine(length), except: [] };
    context.ranges.set(index, binder.lo, binder.hi);
    return binder;
  });
}

function readTarget(context: Context, node: number): Target {
  const { tree } = context;
  const subscripted = tree.kind(node) === Node.Name ? subscriptTarget(context, tree.value(node)) : undefined;
  if (subscripted) return subscripted;
  if (tree.kind(node) === Node.Name) return { name: tree.value(node), at: [], over: [], scope: emptyScope };
  const base = tree.kind(node) === Node.Index ? tree.child(node, 0) : -1;
  if (base < 0 || tree.kind(base) !== Node.Name) return context.fail(messages.badTarget(context.text(node)), node);
  return indexTarget(context, node, tree.value(base));
}

/** `p[i]` sets every element, `p[1]` one. */
function indexTarget(context: Context, node: number, name: number): Target {
  const { tree } = context;
  const shape = context.environment.shape(name);
  if (!shape) return context.fail(messages.notArray(context.spelling(name), context.text(node)), node);
  const names = new Map<number, Meaning>();
  const over: Binder[] = [];
  const at = tree
    .children(node)
    .slice(1)
    .map((index, k) => {
      const isNew = tree.kind(index) === Node.Name && context.environment.integer(tree.value(index)) === undefined;
      if (!isNew) return indexExpression(context, index, emptyScope);
      const [binder] = openIndices(context, [shape[k] ?? 1]) as [Binder];
      names.set(tree.value(index), { kind: "index", at: affineIndex(binder.index) });
      over.push(binder);
      return affineIndex(binder.index);
    });
  at.forEach((index, k) => {
    const beyond = index.terms.length === 0 && (index.offset < 1 || index.offset > (shape[k] ?? 0));
    if (beyond) context.fail(messages.outOfRange(context.spelling(name), index.offset, shape[k] ?? 0), node);
  });
  return { name, at, over, scope: new Scope(emptyScope, names) };
}

/** `p_i` and `p1` where p is an array. */
function subscriptTarget(context: Context, name: number): Target | undefined {
  if (context.environment.shape(name) !== undefined || context.environment.isCoordinate(name)) return undefined;
  const [, stem, suffix] = /^(.+?)_?([0-9]+|[a-zA-Z])$/.exec(context.spelling(name)) ?? [];
  if (stem === undefined || suffix === undefined) return undefined;
  const array = context.scanned.names.find(stem);
  const shape = array === undefined ? undefined : context.environment.shape(array);
  if (array === undefined || !shape) return undefined;
  if (/\d/.test(suffix)) return { name: array, at: [affine(Number(suffix))], over: [], scope: emptyScope };
  const [binder] = openIndices(context, [shape[0]!]) as [Binder];
  const at = affineIndex(binder.index);
  const index = context.scanned.names.intern(suffix);
  return {
    name: array,
    at: [at],
    over: [binder],
    scope: new Scope(emptyScope, new Map([[index, { kind: "index", at }]])),
  };
}
