import { concat, reshape, slice } from "./arrange.ts";
import { broadcast, constant, input } from "./build.ts";
import { contributions, gradient, total } from "./gradient.ts";
import { type GraphNode, type NodeOf, reach } from "./graph.ts";
import type { ArrayOp } from "./ops.ts";
import { hasPerSample, perSample } from "./per-sample.ts";
import { lengthAlong } from "./shape.ts";
import { substitute } from "./substitute.ts";

/**
 * ∂output/∂leaf for what all samples share, such as parameters: one reverse sweep for each column of the output, in
 * which a shared value receives what comes from each sample by itself instead of the sum. Forward and backward pass
 * through a network are those of its gradient; what is added is an outer product of each sample and layer.
 *
 * @param output `[B, width]`, whose rows depend on their own sample alone
 * @param leaf `[n]`
 * @returns `[B, width, n]`; undefined where shared values go through a loop: `jacobianTimes` serves there
 */
export function jacobian(output: GraphNode, leaf: NodeOf<"input">): GraphNode | undefined {
  const needed = dependents(output, leaf);
  if (![...needed].every((node) => node === leaf || hasPerSample(node))) return undefined;
  const [width, n] = [lengthAlong(output.shape, 1), lengthAlong(leaf.shape, 0)];
  const rows = Array.from({ length: width }, (_, k) =>
    reshape(sampleGradient(slice(output, 1, k, k + 1), leaf), ["B", 1, n]),
  );
  return concat(rows, 1);
}

/**
 * ∂output/∂leaf · direction, without the matrix: the gradient, along the direction, of what a reverse sweep makes of a
 * seed, with respect to that seed. It passes through loops.
 *
 * @param output `[B, width]`
 * @param direction of the leaf's shape
 * @returns `[B, width]`
 */
export function jacobianTimes(output: GraphNode, leaf: NodeOf<"input">, direction: GraphNode): GraphNode {
  const seed = input(output.graph, "seed of a Jacobian", output.shape);
  const [pulled] = gradient(output, [leaf], seed) as [GraphNode];
  const [along] = gradient(pulled, [seed], direction) as [GraphNode];
  // linear in the seed, whose value does not matter any more
  return substitute([along], new Map([[seed as GraphNode, constant(seed.graph, 0, seed.shape)]]))[0]!;
}

function dependents(output: GraphNode, leaf: GraphNode): ReadonlySet<GraphNode> {
  const needed = new Set<GraphNode>([leaf]);
  for (const node of reach([output])) if (node.inputs.some((x) => needed.has(x))) needed.add(node);
  return needed;
}

/** The gradient of each sample's output, `[B, 1]`, with respect to what samples share: `[B, …]`. */
function sampleGradient(output: GraphNode, leaf: NodeOf<"input">): GraphNode {
  const needed = dependents(output, leaf);
  const received = new Map<GraphNode, GraphNode[]>([[output, [constant(output.graph, 1, output.shape)]]]);
  for (const node of reach([output]).reverse()) {
    const parts = received.get(node);
    if (!parts || !needed.has(node) || node === leaf) continue;
    const adjoint = total(parts);
    const own = (k: number) => needed.has(node.inputs[k]!) && node.inputs[k]!.shape[0] === "B";
    const shared = node.inputs.filter((x) => needed.has(x) && x.shape[0] !== "B");
    contributions(node as NodeOf<ArrayOp> & GraphNode, adjoint, own).forEach((value, k) => {
      if (value) receive(received, node.inputs[k]!, value);
    });
    throughShared(node, adjoint, [...new Set(shared)]).forEach((value, x) => void receive(received, x, value));
    received.delete(node);
  }
  return total(received.get(leaf) ?? [constant(leaf.graph, 0, ["B", ...leaf.shape])]);
}

function receive(received: Map<GraphNode, GraphNode[]>, node: GraphNode, value: GraphNode): void {
  received.set(node, [...(received.get(node) ?? []), value]);
}

/** What the shared inputs of a node receive from each sample, `[B, …]`. */
function throughShared(
  node: GraphNode,
  adjoint: GraphNode,
  shared: readonly GraphNode[],
): ReadonlyMap<GraphNode, GraphNode> {
  if (shared.length === 0) return new Map();
  const { graph } = node;
  const leaves = shared.map((x, k) => input(graph, `own value ${k + 1} of ${x.shape.join(" ")}`, ["B", ...x.shape]));
  const own = new Map(shared.map((x, k): [GraphNode, GraphNode] => [x, leaves[k]!]));
  const made = perSample(
    node,
    node.inputs.map((x) => own.get(x) ?? x),
  );
  const values = new Map<GraphNode, GraphNode>(shared.map((x, k) => [leaves[k]!, broadcast(x, ["B", ...x.shape])]));
  const slopes = substitute(gradient(made, leaves, adjoint), values);
  return new Map(shared.map((x, k) => [x, slopes[k]!]));
}
