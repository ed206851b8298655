import {
  type Affine,
  affineConstant,
  affineIndex,
  freshIndex,
  type Index,
  indexAt,
  substituteAffine,
} from "./affine.ts";
import { apply, call, element, indexValue, mul, neg, one, zero } from "./build.ts";
import { isOp } from "./coefficient.ts";
import { type Expr, makeConst, makeReduce, postorder } from "./expr.ts";

/** Options of a sum or product. */
export interface Range {
  /** First and last value of the index, inclusive; they may depend on outer indices. */
  readonly lo: Affine;
  readonly hi: Affine;
  /** Values that are left out. */
  readonly except?: readonly Affine[];
}

/**
 * The sum or product of `body` over `index` = lo … hi.
 *
 * The index is renamed to the canonical one of its nesting depth, so that two sums that differ in the names of their
 * indices are one node. The level is above every level inside and above none that the body needs from outside, which
 * makes capture impossible.
 */
export function reduce(op: "sum" | "prod", index: Index, range: Range, body: Expr): Expr {
  const { lo, hi, except = [] } = range;
  const neutral = op === "sum" ? zero : one;
  if (body === neutral) return neutral;
  const count = countOf(range);
  if (count !== undefined && count <= 0) return neutral;
  if (!body.free.includes(index) && count !== undefined && op === "sum") return mul(makeConst(count), body);
  if (count === 1 && except.length === 0) return bindIndex(body, index, lo);
  if (op === "sum" && isOp(body, "neg")) return neg(reduce(op, index, range, body.args[0]!));
  const canonical = indexAt(levelFor(body, index, range));
  const renamed = canonical === index ? body : bindIndex(body, index, affineIndex(canonical));
  return makeReduce(op, canonical, lo, hi, except, renamed);
}

/** Σ body over `index`. */
export function sum(index: Index, range: Range, body: Expr): Expr {
  return reduce("sum", index, range, body);
}

/** Π body over `index`. */
export function prod(index: Index, range: Range, body: Expr): Expr {
  return reduce("prod", index, range, body);
}

/** How many values the index takes, where that does not depend on other indices. */
function countOf({ lo, hi, except = [] }: Range): number | undefined {
  const from = affineConstant(lo);
  const to = affineConstant(hi);
  if (from === undefined || to === undefined) return undefined;
  const skipped = new Set<number>();
  for (const at of except) {
    const value = affineConstant(at);
    if (value === undefined) return undefined;
    if (value >= from && value <= to) skipped.add(value);
  }
  return to - from + 1 - skipped.size;
}

function levelFor(body: Expr, index: Index, { lo, hi, except = [] }: Range): number {
  // An index that is canonical already stays, so that what a pass rebuilds shares its parts with the original.
  if (index.level > body.height) return index.level;
  let level = body.height;
  const outside = [lo, hi, ...except].flatMap((at) => at.terms.map((term) => term.index));
  for (const other of [...body.free, ...outside]) if (other !== index) level = Math.max(level, other.level);
  return level + 1;
}

/** `e` with the free index replaced by an index expression. */
export function bindIndex(e: Expr, index: Index, by: Affine): Expr {
  const replace = (at: Affine) => substituteAffine(at, index, by);
  const touched = (node: Expr) => node.free.includes(index);
  if (!touched(e)) return e;
  return rebuild(
    e,
    (node) => {
      if (!touched(node)) return node;
      if (node.kind === "element") return element(node.vector, node.at.map(replace), node.edge);
      return node.kind === "index" ? indexValue(by) : undefined;
    },
    replace,
  );
}

/**
 * `e` with its bound indices at the levels that `reduce` gives to new ones. Passes keep the indices of what they work
 * on, so that derivatives share loops with the original; afterwards equal sums may stand at different levels.
 */
export function canonical(e: Expr): Expr {
  if (postorder([e]).every((node) => node.kind !== "reduce")) return e;
  return rebuild(e, (node) => {
    if (node.kind !== "reduce") return undefined;
    const { op, index, body, ...range } = node;
    const fresh = freshIndex(index.name);
    // One level of recursion for each nested sum.
    return reduce(op, fresh, range, canonical(bindIndex(body, index, affineIndex(fresh))));
  });
}

/**
 * Builds an expression anew from its leaves up.
 *
 * `replace` may answer what stands for a node (its children are then not looked at); where it answers `undefined` the
 * node is rebuilt from its rebuilt children. `bound` maps the bounds of sums and products.
 */
export function rebuild(
  e: Expr,
  replace: (node: Expr) => Expr | undefined,
  bound: (at: Affine) => Affine = (at) => at,
): Expr {
  const done = new Map<Expr, Expr>();
  const stack: Expr[] = [e];
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    if (done.has(node)) {
      stack.pop();
      continue;
    }
    const ready = replace(node);
    if (ready) {
      done.set(node, ready);
      stack.pop();
      continue;
    }
    const parts = node.kind === "reduce" ? [node.body] : node.kind === "apply" || node.kind === "call" ? node.args : [];
    const missing = parts.filter((part) => !done.has(part));
    if (missing.length > 0) {
      for (let k = missing.length - 1; k >= 0; k--) stack.push(missing[k]!);
      continue;
    }
    done.set(
      node,
      rebuilt(
        node,
        parts.map((part) => done.get(part)!),
        bound,
      ),
    );
    stack.pop();
  }
  return done.get(e)!;
}

function rebuilt(node: Expr, parts: readonly Expr[], bound: (at: Affine) => Affine): Expr {
  switch (node.kind) {
    case "apply":
      return parts.every((part, k) => part === node.args[k]) ? node : apply(node.op, parts);
    case "call":
      return call(node.name, parts, node.orders);
    case "reduce": {
      const range = { lo: bound(node.lo), hi: bound(node.hi), except: node.except.map(bound) };
      return reduce(node.op, node.index, range, parts[0]!);
    }
    default:
      return node;
  }
}

/** The number of distinct nodes of an expression. */
export function countNodes(...roots: readonly Expr[]): number {
  return postorder(roots).length;
}
