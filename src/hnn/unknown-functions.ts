import { HnncError } from "../errors.ts";
import { symbol } from "../expr/build.ts";
import type { Call, Expr } from "../expr/expr.ts";
import { rebuild } from "../expr/reduce.ts";
import { concat, slice } from "../graph/arrange.ts";
import { broadcast, input } from "../graph/build.ts";
import { gradient } from "../graph/gradient.ts";
import type { Graph, GraphNode } from "../graph/graph.ts";
import type { Lowering } from "../graph/lower.ts";
import { substitute } from "../graph/substitute.ts";

/** The value of an unknown function at arguments `[B, arity]`: `[B, 1]`. */
export type UnknownValue = (name: string, args: GraphNode) => GraphNode;

/**
 * Puts networks where a formula calls unknown functions: each call becomes a symbol, whose leaf is the network's value
 * at the call's arguments. Derivatives, as in `V'(q)`, are derivatives of the network.
 *
 * @param leaves what the lowering looks names up in; the new symbols are entered
 * @returns turns an expression into one without calls
 */
export function unknownFunctions(
  graph: Graph,
  lowering: Lowering,
  leaves: Map<string, GraphNode>,
  value: UnknownValue,
): (e: Expr) => Expr {
  const placeholders = new Map<Call, Expr>();
  const placeholder = (node: Call): Expr => {
    const known = placeholders.get(node);
    if (known) return known;
    if (node.free.length > 0) throw indexedCall(node);
    // as deep as calls stand inside calls, which the parser bounds
    const args = node.args.map((arg) => broadcast(lowering.scalar(without(arg)), ["B", 1]));
    const name = `${node.name}#${placeholders.size + 1}`;
    leaves.set(name, derivativeAt(graph, node, concat(args, 1), value));
    const made = symbol(name);
    placeholders.set(node, made);
    return made;
  };
  const without = (e: Expr): Expr => rebuild(e, (node) => (node.kind === "call" ? placeholder(node) : undefined));
  return without;
}

/** A function's partial derivative of the call's orders, `[B, 1]`. */
function derivativeAt(graph: Graph, { name, orders, args }: Call, at: GraphNode, value: UnknownValue): GraphNode {
  if (orders.every((order) => order === 0)) return value(name, at);
  const leaf = input(graph, `argument of ${name}`, ["B", args.length]);
  let derivative = value(name, leaf);
  orders.forEach((order, k) => {
    for (let times = 0; times < order; times++) {
      const [slopes] = gradient(derivative, [leaf]) as [GraphNode];
      derivative = slice(slopes, 1, k, k + 1);
    }
  });
  return substitute([derivative], new Map([[leaf, at]]))[0]!;
}

function indexedCall({ name }: Call): HnncError {
  return new HnncError({
    kind: "formula",
    code: "indexed-unknown-function",
    message: `\`${name}\` is called inside a sum over an index, where it cannot be learned yet`,
    hint: "write the terms of the sum out",
  });
}
