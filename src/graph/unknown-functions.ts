import type { Call } from "../expr/expr.ts";
import { concat, reshape, slice } from "./arrange.ts";
import { input } from "./build.ts";
import { gradient } from "./gradient.ts";
import type { GraphNode } from "./graph.ts";
import type { UnknownFunctionValue } from "./lower.ts";
import { substitute } from "./substitute.ts";

/** The value of an unknown function at arguments `[B, …, arity]`: `[B, …, 1]`. */
export type UnknownValue = (name: string, args: GraphNode) => GraphNode;

/** Puts networks where a formula calls unknown functions. Derivatives, as in `V'(q)`, are derivatives of the network. */
export function unknownFunctions(value: UnknownValue): UnknownFunctionValue {
  return (call, args) => {
    const [{ shape, graph }] = args as [GraphNode];
    // [B, 1] holds one value a sample, [B, M] a value for each of M terms
    const axis = shape.length === 2 && shape[1] === 1 ? 1 : shape.length;
    const columns = args.map((arg) => (axis === 1 ? arg : reshape(arg, [...shape, 1])));
    const at = concat(columns, axis);
    if (call.orders.every((order) => order === 0)) return reshape(value(call.name, at), shape);
    const leaf = input(graph, `argument of ${call.name} ${at.shape.join(" ")}`, at.shape);
    const derivative = derivativeOf(call, value(call.name, leaf), leaf);
    return reshape(substitute([derivative], new Map([[leaf, at]]))[0]!, shape);
  };
}

/** The partial derivative of the call's orders. */
function derivativeOf({ orders }: Call, value: GraphNode, leaf: ReturnType<typeof input>): GraphNode {
  let derivative = value;
  orders.forEach((order, k) => {
    for (let times = 0; times < order; times++) {
      const [slopes] = gradient(derivative, [leaf]) as [GraphNode];
      derivative = slice(slopes, leaf.shape.length - 1, k, k + 1);
    }
  });
  return derivative;
}
