import { constant, exp, neg, pow } from "../expr/build.ts";
import { type Expr, isBool } from "../expr/expr.ts";
import type { Context } from "./context.ts";
import { messages } from "./messages.ts";
import { isEuler } from "./product.ts";
import type { Scope } from "./scope.ts";
import { dot, isVector, type Value } from "./value.ts";

/** `base^exponent`, where the base may be a vector and the exponent then even. */
export function raise(context: Context, base: Value, exponent: Expr, node: number): Value {
  if (!isVector(base)) {
    if (isBool(base)) context.fail(messages.notNumber("a condition", context.text(node)), node);
    return pow(base, exponent);
  }
  const whole = exponent.kind === "const" && exponent.value % 2 === 0 && exponent.value > 0;
  if (!whole) return context.fail(messages.vectorPower(), node);
  return pow(dot(base, base), constant(exponent.value / 2));
}

/** Right-associative; `e` to what is not a number is the exponential. */
export function lowerPowers(context: Context, node: number, scope: Scope): Value {
  const { tree } = context;
  const base = tree.child(node, 0);
  const euler = isEuler(context, base, scope);
  let exponent: Expr | undefined;
  for (let k = tree.count(node) - 1; k >= 2; k -= 2) {
    const operand = context.lower(tree.child(node, k), scope);
    const raised = exponent === undefined ? operand : raise(context, operand, exponent, node);
    if (isVector(raised) || isBool(raised)) {
      return context.fail(messages.notNumber("a vector", context.text(node)), node);
    }
    exponent = tree.child(node, k - 1) % 2 === 1 ? neg(raised) : raised;
  }
  if (euler) return exponential(context, node, exponent!);
  return raise(context, context.numbers(base, scope), exponent!, node);
}

function exponential(context: Context, node: number, exponent: Expr): Value {
  if (exponent.kind !== "const") return exp(exponent);
  const { tree, environment } = context;
  const base = tree.child(node, 0);
  return raise(context, environment.unknown(tree.value(base), tree.start(base), tree.end(base)), exponent, node);
}
