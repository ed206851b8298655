import type { ActivationName, Network } from "../network.ts";
import { activations } from "./activation.ts";
import { matmul } from "./arrange.ts";
import { add, data } from "./build.ts";
import type { GraphNode } from "./graph.ts";
import type { UnknownFunctionValue } from "./lower.ts";
import { type UnknownValue, unknownFunctions } from "./unknown-functions.ts";

/** A layer as nodes: activation(x·weight + bias). */
export interface LayerNodes {
  /** `[in, out]`. */
  readonly weight: GraphNode;
  /** `[out]`. */
  readonly bias: GraphNode | undefined;
  readonly activation: ActivationName | undefined;
}

/**
 * The value of a network.
 *
 * @param x `[B, …, in]`
 * @returns `[B, …, out]`
 */
export function layersValue(layers: readonly LayerNodes[], x: GraphNode): GraphNode {
  return layers.reduce((value, { weight, bias, activation }) => {
    const product = matmul(value, weight);
    const moved = bias ? add(product, bias) : product;
    return activation ? activations[activation](moved) : moved;
  }, x);
}

/**
 * Puts trained networks where a formula calls functions of their names; their weights are constant arrays.
 *
 * @param unknown what stands for the other functions
 */
export function boundFunctions(networks: ReadonlyMap<string, Network>, unknown?: UnknownValue): UnknownFunctionValue {
  return unknownFunctions((name, args) => {
    const network = networks.get(name);
    return network || !unknown ? layersValue(layersOf(network!, args), args) : unknown(name, args);
  });
}

function layersOf({ layers }: Network, { graph }: GraphNode): LayerNodes[] {
  const values = (array: Float64Array, shape: readonly number[]) =>
    data(graph, { kind: "values", values: array }, shape, "real");
  return layers.map(({ inputs, outputs, weights, biases, activation }) => ({
    weight: values(weights, [inputs, outputs]),
    bias: biases && values(biases, [outputs]),
    activation,
  }));
}
