import { add, div, mul, sub } from "../expr/build.ts";
import type { Expr } from "../expr/expr.ts";
import type { Context } from "./context.ts";
import { messages } from "./messages.ts";
import { judgeProduct } from "./product.ts";
import type { Scope } from "./scope.ts";
import { Kind } from "./tokens.ts";
import { Node } from "./tree.ts";
import {
  cross,
  divideVector,
  dot,
  isVector,
  negateValue,
  scaleVector,
  shapeOf,
  type Value,
  zipVectors,
} from "./value.ts";

/** Products and quotients of numbers and vectors. A sign in front belongs to the whole product, as it is printed. */
export function lowerProduct(context: Context, node: number, scope: Scope): Value {
  const { tree } = context;
  const first = tree.child(node, 0);
  const negated = tree.kind(first) === Node.Negate;
  let result: Value | undefined;
  for (const { operator, nodes } of judgeProduct(context, node, scope)) {
    let value = context.numbers(nodes[0] === first && negated ? tree.child(first, 0) : nodes[0]!, scope);
    for (const more of nodes.slice(1)) value = mul(value as Expr, context.real(more, scope));
    result = result === undefined ? value : combine(context, result, operator, value, nodes[0]!);
  }
  return negated ? negateValue(result!) : result!;
}

function combine(context: Context, a: Value, operator: Kind, b: Value, node: number): Value {
  if (!isVector(a) && !isVector(b)) return operator === Kind.Divide ? div(a, b) : mul(a, b);
  if (operator === Kind.Divide) {
    if (isVector(b)) return context.fail(messages.divisionByVector(), node);
    return divideVector(a, b);
  }
  if (!isVector(a)) return scaleVector(b, a);
  if (!isVector(b)) return scaleVector(a, b);
  const [m, n] = [shapeOf(a), shapeOf(b)];
  if (operator === Kind.Dot || operator === Kind.Cross) {
    const isThree = m.join() === "3" && n.join() === "3";
    if (operator === Kind.Cross && !isThree) context.fail(messages.crossLength(m, n), node);
    if (m.join() !== n.join()) context.fail(messages.lengths(m, n), node);
    return operator === Kind.Dot ? dot(a, b) : cross(a, b);
  }
  return context.fail(messages.vectorTimesVector(context.text(node)), node);
}

/** Sums and differences of numbers, or of vectors of one shape. */
export function lowerSum(context: Context, node: number, scope: Scope): Value {
  const { tree } = context;
  let total = context.numbers(tree.child(node, 0), scope);
  for (let k = 1; k < tree.count(node); k += 2) {
    const term = tree.child(node, k + 1);
    const value = context.numbers(term, scope);
    const join = tree.child(node, k) === Kind.Minus ? sub : add;
    if (isVector(total) || isVector(value)) {
      const [m, n] = [shapeOf(total), shapeOf(value)];
      if (m.join() !== n.join()) context.fail(messages.mixedSum(m, n), term);
      total = zipVectors(total, value, join);
    } else total = join(total, value);
  }
  return total;
}
