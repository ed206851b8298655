import { concat, gather, matmul, pad, reshape, scatterAdd, slice, sum, transpose } from "./arrange.ts";
import { binary, broadcast, compare, finite, logic, unary, where } from "./build.ts";
import { type GraphNode, type NodeOf, reach } from "./graph.ts";
import type { BinaryGraphOp, ComparisonOp, GraphOp, LogicOp, UnaryGraphOp } from "./ops.ts";
import { binaryOps, comparisonOps, logicOps, unaryOps } from "./ops.ts";
import { item } from "./scan.ts";
import { sameShape, shapeError, showShape } from "./shape.ts";

type Maker<K extends GraphOp> = (node: NodeOf<K>, inputs: readonly GraphNode[]) => GraphNode;

const keep = (node: { readonly graph: unknown }): GraphNode => node as GraphNode;

function table<K extends GraphOp>(ops: readonly K[], maker: (op: K) => Maker<K>): { [P in K]: Maker<P> } {
  return Object.fromEntries(ops.map((op) => [op, maker(op)])) as unknown as { [P in K]: Maker<P> };
}

/** How each operation is made again on other inputs, folding anew. */
const makers: { readonly [K in GraphOp]: Maker<K> } = {
  input: keep,
  const: keep,
  data: keep,
  ...table<UnaryGraphOp>(
    unaryOps,
    (op) =>
      (_node, [a]) =>
        unary(op, a!),
  ),
  ...table<BinaryGraphOp>(
    binaryOps,
    (op) =>
      (_node, [a, b]) =>
        binary(op, a!, b!),
  ),
  ...table<ComparisonOp>(
    comparisonOps,
    (op) =>
      (_node, [a, b]) =>
        compare(op, a!, b!),
  ),
  ...table<LogicOp>(
    logicOps,
    (op) =>
      (_node, [a, b]) =>
        logic(op, a!, b),
  ),
  finite: (_node, [a]) => finite(a!),
  where: (_node, [c, a, b]) => where(c!, a!, b!),
  matmul: ({ attributes }, [a, b]) => matmul(a!, b!, attributes),
  sum: ({ attributes }, [a]) => sum(a!, attributes.axes, attributes.keep),
  broadcast: ({ attributes }, [a]) => broadcast(a!, attributes.shape),
  reshape: ({ attributes }, [a]) => reshape(a!, attributes.shape),
  transpose: ({ attributes }, [a]) => transpose(a!, attributes.order),
  slice: ({ attributes }, [a]) => slice(a!, attributes.axis, attributes.start, attributes.end),
  pad: ({ attributes }, [a]) => pad(a!, attributes.axis, attributes.before, attributes.after),
  concat: ({ attributes }, inputs) => concat(inputs, attributes.axis),
  gather: ({ attributes }, [a, index]) => gather(a!, index!, attributes.axis),
  scatterAdd: ({ attributes }, [a, index]) => scatterAdd(a!, index!, attributes.axis, attributes.length),
  scan: ({ graph, attributes }, inputs) => graph.node({ op: "scan", inputs, attributes, shape: [], dtype: "tuple" }),
  item: ({ attributes }, [of]) => item(of as NodeOf<"scan">, attributes.index),
};

/**
 * The outputs with nodes (usually inputs) replaced by others of the same shape, folding anew on the way: how graphs
 * are composed.
 *
 * @example const [dHdq] = substitute(gradient(H, [q]), new Map([[q, slice(x, 1, 0, n)]]));
 */
export function substitute(
  outputs: readonly GraphNode[],
  replacements: ReadonlyMap<GraphNode, GraphNode>,
): GraphNode[] {
  for (const [from, to] of replacements) {
    if (!sameShape(from.shape, to.shape))
      throw shapeError(`${showShape(to.shape)} cannot stand for ${showShape(from.shape)}`);
  }
  const done = new Map<GraphNode, GraphNode>(replacements);
  for (const node of reach(outputs)) {
    if (done.has(node)) continue;
    const inputs = node.inputs.map((x) => done.get(x)!);
    const same = inputs.every((x, k) => x === node.inputs[k]);
    const make = makers[node.op] as Maker<"sum">;
    done.set(node, same ? node : make(node as NodeOf<"sum">, inputs));
  }
  return outputs.map((output) => done.get(output)!);
}
