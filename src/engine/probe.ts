import { concat, reshape, slice, sum } from "../graph/arrange.ts";
import { input, mul, neg, square, sub } from "../graph/build.ts";
import { gradient } from "../graph/gradient.ts";
import type { Graph, GraphNode, NodeOf } from "../graph/graph.ts";
import { createGraph } from "../graph/graph.ts";
import { type LayerNodes, layersValue } from "../graph/network.ts";
import type { ActivationName } from "../network.ts";

/**
 * A Hamiltonian network and its loss, the smallest problem that needs everything a training step needs: the gradient
 * of the loss goes through the gradient of the energy. Engines are tested and timed with it.
 */
export interface Probe {
  readonly graph: Graph;
  /** All weights and biases one after the other, `[n]`. */
  readonly parameters: NodeOf<"input">;
  /** States, `[B, d]`. */
  readonly x: NodeOf<"input">;
  /** Their rates of change, `[B, d]`. */
  readonly rates: NodeOf<"input">;
  /** H of each state, `[B, 1]`. */
  readonly energy: GraphNode;
  /** Mean squared error of the rates, `[]`. */
  readonly loss: GraphNode;
  /** ∂loss/∂parameters, `[n]`. */
  readonly gradient: GraphNode;
}

/**
 * Builds a probe: linear layers with biases, the last one without.
 *
 * @param widths `[d, h1, …, 1]`, d even
 * @param samples how many states, for the mean
 */
export function probe(widths: readonly number[], activation: ActivationName, samples: number): Probe {
  const graph = createGraph();
  const parameters = input(graph, "parameters", [countParameters(widths)]);
  const d = widths[0]!;
  const [x, rates] = [input(graph, "x", ["B", d]), input(graph, "rates", ["B", d])];
  const energy = network(parameters, x, widths, activation);
  const [slopes] = gradient(energy, [x]) as [GraphNode];
  // ẋ = [∂H/∂p, −∂H/∂q], so ∂H/∂x is to be [−ṗ, q̇]
  const n = d / 2;
  const wanted = concat([neg(slice(rates, 1, n, d)), slice(rates, 1, 0, n)], 1);
  const loss = mul(1 / (samples * d), sum(square(sub(slopes, wanted)), [0, 1]));
  const [slope] = gradient(loss, [parameters]) as [GraphNode];
  return { graph, parameters, x, rates, energy, loss, gradient: slope };
}

export function countParameters(widths: readonly number[]): number {
  return widths.slice(1).reduce((total, width, k) => {
    const hasBias = k < widths.length - 2;
    return total + width * (widths[k]! + (hasBias ? 1 : 0));
  }, 0);
}

/** The network's value, `[B, 1]`, of weights `[in, out]` and biases cut out of one vector. */
export function network(
  parameters: GraphNode,
  x: GraphNode,
  widths: readonly number[],
  activation: ActivationName,
): GraphNode {
  let start = 0;
  const take = (...shape: number[]): GraphNode => {
    const end = start + shape.reduce((product, length) => product * length, 1);
    const part = reshape(slice(parameters, 0, start, end), shape);
    start = end;
    return part;
  };
  const layers = widths.slice(1).map((width, k): LayerNodes => {
    const weight = take(widths[k]!, width);
    const isLast = k === widths.length - 2;
    return { weight, bias: isLast ? undefined : take(width), activation: isLast ? undefined : activation };
  });
  return layersValue(layers, x);
}
