import type { Expr } from "./expr.ts";
import { rebuild } from "./reduce.ts";

/**
 * `e` with names replaced by expressions, all at once. Array elements are not replaced by scalar names.
 *
 * @example substitute(parse("x^2 + y"), new Map([["x", parse("a + b")]])) // (a + b)^2 + y
 */
export function substitute(e: Expr, replacements: ReadonlyMap<string, Expr>): Expr {
  if (replacements.size === 0) return e;
  return rebuild(e, (node) => (node.kind === "symbol" ? (replacements.get(node.name) ?? node) : undefined));
}
