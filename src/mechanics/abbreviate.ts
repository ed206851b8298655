import type { Expr } from "../expr/expr.ts";
import { print } from "../expr/print.ts";

/** The text of an expression for a message, cut to `width` characters. */
export function abbreviate(e: Expr, width = 60): string {
  let text: string;
  try {
    text = print(e);
  } catch {
    return "…"; // longer than the printer will print
  }
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
