/**
 * Trained fully connected networks: what stands behind an unknown function of a formula once it is known. Sizes and
 * weights only; how one is built and trained is the affair of `hnn`, how one is compiled that of `codegen`.
 */

/** Functions of one number between layers. */
export const activationNames = ["tanh", "softplus", "swish", "sin", "relu"] as const;

export type ActivationName = (typeof activationNames)[number];

/** y = activation(x·weights + biases). */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** [inputs, outputs], row-major. */
  readonly weights: Float64Array;
  /** [outputs]; none is zeros. */
  readonly biases: Float64Array | undefined;
  /** None is the identity, as in last layers. */
  readonly activation: ActivationName | undefined;
}

/**
 * A network of some numbers, layer by layer: each takes as many inputs as the one before gives. Behind an unknown
 * function it gives one number. Units of what goes in and out, and any scaling, are inside the weights.
 */
export interface Network {
  readonly layers: readonly [DenseLayer, ...DenseLayer[]];
}

/** How many numbers a network takes. */
export function networkInputs({ layers }: Network): number {
  return layers[0].inputs;
}

/** How many numbers a network gives. */
export function networkOutputs({ layers }: Network): number {
  return layers.at(-1)!.outputs;
}

/** Numbers between the layers, those that go in and come out included: [2, 64, 64, 1]. */
export function networkWidths(network: Network): number[] {
  return [networkInputs(network), ...network.layers.map(({ outputs }) => outputs)];
}

/** What a network looks like, for a person: `2-64-64-1, tanh`. */
export function describeNetwork(network: Network): string {
  const activations = new Set(network.layers.flatMap(({ activation }) => activation ?? []));
  return [networkWidths(network).join("-"), ...activations].join(", ");
}
