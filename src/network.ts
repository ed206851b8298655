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
