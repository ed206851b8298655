import { concat, gather, matmul, pad, reshape, scatterAdd, slice, sum, transpose } from "./arrange.ts";
import { binary, broadcast, compare, logic, mul, unary, where } from "./build.ts";
import type { GraphNode, NodeOf } from "./graph.ts";
import type { BinaryGraphOp, ComparisonOp, GraphOp, LogicOp, UnaryGraphOp } from "./ops.ts";
import { binaryOps, comparisonOps, logicOps, unaryOps } from "./ops.ts";
import { type Dim, type Shape, shapeError, showShape } from "./shape.ts";

/**
 * Operations done again with a value of each sample's own where all samples shared one. A shared value of shape `[…]`
 * becomes `[B, …]`, and so does the result, where it was shared; what has a batch axis already stays as it is.
 */

/** Makes a node on inputs of which some have become each sample's own. */
type Maker<K extends GraphOp> = (node: NodeOf<K>, inputs: readonly GraphNode[]) => GraphNode;

/** @param inputs the node's, with `[B, …]` in place of those that each sample is to have of its own */
export function perSample(node: GraphNode, inputs: readonly GraphNode[]): GraphNode {
  return (makers[node.op] as Maker<"sum">)(node as NodeOf<"sum">, inputs);
}

/** Whether there is such a form of a node: loops have none, nor have samples that pick rows of what they share. */
export function hasPerSample({ op, inputs }: GraphNode): boolean {
  return op !== "scan" && op !== "item" && !(op === "gather" && inputs[1]!.shape[0] === "B");
}

/** The axes of a result without those of samples. */
function rankOf({ shape }: GraphNode): number {
  return shape.length - (isBatched(shape) ? 1 : 0);
}

function isBatched(shape: Shape): boolean {
  return shape[0] === "B";
}

/** `[B, …]` with ones put in, so that what follows the batch is aligned to `rank` axes from the right. */
function aligned(x: GraphNode, rank: number): GraphNode {
  if (!isBatched(x.shape)) return x;
  const own = x.shape.slice(1);
  if (own.length === rank) return x;
  if (own.length < rank) return reshape(x, ["B", ...new Array<Dim>(rank - own.length).fill(1), ...own]);
  return reshape(x, ["B", ...own.slice(own.length - rank)]);
}

const elementwise =
  <K extends GraphOp>(make: (node: NodeOf<K>, aligned: readonly GraphNode[]) => GraphNode): Maker<K> =>
  (node, inputs) =>
    make(
      node,
      inputs.map((x) => aligned(x, rankOf(node as GraphNode))),
    );

function table<K extends GraphOp>(ops: readonly K[], maker: (op: K) => Maker<K>): { [P in K]: Maker<P> } {
  return Object.fromEntries(ops.map((op) => [op, maker(op)])) as unknown as { [P in K]: Maker<P> };
}

/** An axis of a shared value once a batch axis stands before it. */
const after = (axis: number): number => axis + 1;

const refuse = (node: { readonly op: string; readonly shape: Shape }): GraphNode => {
  throw shapeError(`\`${node.op}\` ${showShape(node.shape)} has no form with a value of each sample's own`);
};

const makers: { readonly [K in GraphOp]: Maker<K> } = {
  input: refuse,
  const: refuse,
  data: refuse,
  finite: refuse,
  scan: refuse,
  item: refuse,
  ...table<UnaryGraphOp>(
    unaryOps,
    (op) =>
      (_node, [a]) =>
        unary(op, a!),
  ),
  ...table<BinaryGraphOp>(binaryOps, (op) => elementwise((_node, [a, b]) => binary(op, a!, b!))),
  ...table<ComparisonOp>(comparisonOps, (op) => elementwise((_node, [a, b]) => compare(op, a!, b!))),
  ...table<LogicOp>(logicOps, (op) => elementwise((_node, [a, b]) => logic(op, a!, b))),
  where: elementwise((_node, [c, a, b]) => where(c!, a!, b!)),
  broadcast: elementwise(({ shape }, [a]) => broadcast(a!, isBatched(shape) ? shape : ["B", ...shape])),
  matmul: (node, [a, b]) => product(node, a!, b!),
  sum: ({ attributes: { axes, keep } }, [a]) => sum(a!, axes.map(after), keep),
  reshape: ({ attributes: { shape } }, [a]) => reshape(a!, ["B", ...shape]),
  transpose: ({ attributes: { order } }, [a]) => transpose(a!, [0, ...order.map(after)]),
  slice: ({ attributes: { axis, start, end } }, [a]) => slice(a!, after(axis), start, end),
  pad: ({ attributes: { axis, before, after: behind } }, [a]) => pad(a!, after(axis), before, behind),
  concat: ({ attributes: { axis } }, inputs) =>
    concat(
      inputs.map((x) => (isBatched(x.shape) ? x : broadcast(x, ["B", ...x.shape]))),
      after(axis),
    ),
  gather: ({ attributes: { axis } }, [a, index]) => gather(a!, index!, after(axis)),
  scatterAdd: ({ attributes: { axis, length } }, [a, index]) => scatterAdd(a!, index!, after(axis), length),
};

/** A row for each sample times a matrix that is its own is a sum of products: `[B, k] · [B, k, n] = [B, n]`. */
function product(node: NodeOf<"matmul">, a: GraphNode, b: GraphNode): GraphNode {
  const { transposeA, transposeB } = node.attributes;
  if (a.shape.length === 2 && isBatched(a.shape) && isBatched(node.shape) && node.shape.length === 2) {
    if (transposeA) return refuse(node);
    const row = reshape(a, transposeB ? ["B", 1, a.shape[1]!] : ["B", a.shape[1]!, 1]);
    return sum(mul(row, b), [transposeB ? 2 : 1]);
  }
  const rank = Math.max(rankOf(a), rankOf(b));
  return matmul(aligned(a, rank), aligned(b, rank), { transposeA, transposeB });
}
