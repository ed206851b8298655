import { and, equal, less, lessEqual, not } from "../expr/build.ts";
import type { Expr } from "../expr/expr.ts";
import type { Context } from "./context.ts";
import { messages } from "./messages.ts";
import type { Scope } from "./scope.ts";
import { type CompareSign, compareSigns } from "./tokens.ts";

const comparisons: Record<CompareSign, (a: Expr, b: Expr) => Expr> = {
  "<": less,
  "<=": lessEqual,
  ">": (a, b) => less(b, a),
  ">=": (a, b) => lessEqual(b, a),
  "==": equal,
  "!=": (a, b) => not(equal(a, b)),
};

/** A comparison, or a chain of them: `0 < q < 1` is `0 < q and q < 1`. */
export function lowerComparison(context: Context, node: number, scope: Scope): Expr {
  const { tree } = context;
  let all: Expr | undefined;
  let left = context.real(tree.child(node, 0), scope);
  for (let k = 1; k < tree.count(node); k += 2) {
    const sign = compareSigns[tree.child(node, k)];
    if (sign === undefined) return context.fail(messages.strayRange(context.text(node)), node);
    const right = context.real(tree.child(node, k + 1), scope);
    const holds = comparisons[sign](left, right);
    all = all === undefined ? holds : and(all, holds);
    left = right;
  }
  return all!;
}
