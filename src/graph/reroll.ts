import { addAffine, affine, freshIndex, type Index } from "../expr/affine.ts";
import { add, apply, element } from "../expr/build.ts";
import type { Element, Expr, Reduce } from "../expr/expr.ts";
import { bindIndex, rebuild, reduce, sum } from "../expr/reduce.ts";

/**
 * Turns written-out sums over neighbouring elements back into indexed sums, so that they become one operation on an
 * array: `(q[i,1]−q[j,1])² + (q[i,2]−q[j,2])² + (q[i,3]−q[j,3])²`, which is what a square of vectors is parsed into.
 */
export function reroll(e: Expr): Expr {
  const looked = new Set<Expr>();
  return rebuild(e, (node) => (isAdd(node) && !looked.has(node) ? rolled(node, looked) : undefined));
}

function isAdd(e: Expr): boolean {
  return e.kind === "apply" && e.op === "add";
}

/** The chain of additions with its runs rolled up; undefined if there are none. Its inner nodes are marked as seen. */
function rolled(root: Expr, looked: Set<Expr>): Expr | undefined {
  const terms: Expr[] = [];
  let chain = root;
  for (; chain.kind === "apply" && chain.op === "add"; chain = chain.args[0]!) {
    looked.add(chain);
    terms.push(chain.args[1]!);
  }
  terms.push(chain);
  terms.reverse();
  const parts: Expr[] = [];
  for (let start = 0; start < terms.length; ) {
    const run = runFrom(terms, start);
    parts.push(run?.total ?? terms[start]!);
    start += run?.length ?? 1;
  }
  return parts.length === terms.length ? undefined : parts.map(reroll).reduce(add);
}

/** The longest run of terms that are one body at index 1, 2, 3, … */
function runFrom(terms: readonly Expr[], start: number): { readonly total: Expr; readonly length: number } | undefined {
  const [first, second] = [terms[start]!, terms[start + 1]];
  const index = freshIndex("k");
  const body = second && common(first, second, index, 0);
  if (!body) return undefined;
  let length = 2;
  while (terms[start + length] && bindIndex(body, index, affine(length + 1)) === terms[start + length]) length += 1;
  return { total: sum(index, { lo: affine(1), hi: affine(length) }, body), length };
}

const deepest = 64;

/** A body that is `a` at index 1 and `b` at index 2; undefined where they differ in more than places of elements. */
function common(a: Expr, b: Expr, index: Index, depth: number): Expr | undefined {
  if (a === b) return a;
  if (depth > deepest) return undefined;
  if (a.kind === "element" && b.kind === "element") return commonElement(a, b, index);
  if (a.kind === "reduce" && b.kind === "reduce") return commonReduce(a, b, index, depth);
  if (a.kind !== "apply" || b.kind !== "apply" || a.op !== b.op) return undefined;
  const args: Expr[] = [];
  for (const [k, arg] of a.args.entries()) {
    const body = common(arg, b.args[k]!, index, depth + 1);
    if (!body) return undefined;
    args.push(body);
  }
  return apply(a.op, args);
}

function commonElement(a: Element, b: Element, index: Index): Expr | undefined {
  if (a.vector.name !== b.vector.name || a.edge !== b.edge) return undefined;
  const step = affine(-1, [{ index, factor: 1 }]);
  const isNext = a.at.map((at, axis) => addAffine(at, affine(1)) === b.at[axis]);
  if (!a.at.every((at, axis) => at === b.at[axis] || isNext[axis])) return undefined;
  return element(
    a.vector,
    a.at.map((at, axis) => (isNext[axis] ? addAffine(at, step) : at)),
    a.edge,
  );
}

function commonReduce(a: Reduce, b: Reduce, index: Index, depth: number): Expr | undefined {
  const bounds = [a.index === b.index, a.lo === b.lo, a.hi === b.hi, a.except.length === b.except.length];
  if (a.op !== b.op || bounds.includes(false) || a.except.some((at, k) => at !== b.except[k])) return undefined;
  const body = common(a.body, b.body, index, depth + 1);
  return body && reduce(a.op, a.index, { lo: a.lo, hi: a.hi, except: a.except }, body);
}
