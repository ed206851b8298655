import { HnncError } from "../errors.ts";
import type { ActivationName, Network } from "../network.ts";
import type { UnknownFunctionValue } from "./evaluate.ts";
import { sigmoid, softplus } from "./special.ts";

/** f, f′ and f″. */
export type ActivationValues = readonly [y: number, first: number, second: number];

/** The activations in double precision; of two slopes of relu at 0 the one above, as in array programs. */
export const activationValues: { readonly [K in ActivationName]: (z: number) => ActivationValues } = {
  tanh: (z) => {
    const y = Math.tanh(z);
    return [y, 1 - y * y, -2 * y * (1 - y * y)];
  },
  softplus: (z) => [softplus(z), sigmoid(z), sigmoid(z) * sigmoid(-z)],
  // (zσ)′ = σ + zσ(1 − σ)
  swish: (z) => {
    const [s, rest] = [sigmoid(z), sigmoid(-z)];
    return [z * s, s + z * s * rest, s * rest * (2 + z * (rest - s))];
  },
  sin: (z) => [Math.sin(z), Math.cos(z), -Math.sin(z)],
  relu: (z) => [Math.max(z, 0), z >= 0 ? 1 : 0, 0],
};

/** A unit: its value, its derivatives along two directions, and the mixed one. */
type Jet = readonly [value: number, first: number, second: number, mixed: number];

/**
 * A network for the interpreter, `evaluate(e, { N: networkFunction(network) })`: its value, and its first and second
 * derivatives by pushing tangents forward, where kernels and graphs go backward.
 */
export function networkFunction({ layers }: Network): UnknownFunctionValue {
  return (args, orders) => {
    const along = orders.flatMap((order, k) => new Array<number>(order).fill(k));
    if (along.length > 2) throw higherDerivative();
    let units = args.map((value, k): Jet => [value, along[0] === k ? 1 : 0, along[1] === k ? 1 : 0, 0]);
    for (const { outputs, weights, biases, activation } of layers) {
      const given = units;
      units = Array.from({ length: outputs }, (_, out): Jet => {
        const sum: [number, number, number, number] = [biases?.[out] ?? 0, 0, 0, 0];
        given.forEach((unit, k) => {
          for (let part = 0; part < 4; part++) sum[part]! += weights[k * outputs + out]! * unit[part]!;
        });
        return activation ? activated(sum, activationValues[activation](sum[0])) : sum;
      });
    }
    return units[0]![along.length === 2 ? 3 : along.length]!;
  };
}

function activated([, a, b, mixed]: Jet, [y, first, second]: ActivationValues): Jet {
  return [y, first * a, first * b, first * mixed + second * a * b];
}

function higherDerivative(): HnncError {
  return new HnncError({
    kind: "formula",
    code: "network-derivative",
    message: "the interpreter has the first two derivatives of networks only",
    hint: "the targets tfjs and onnx have those of any order",
  });
}
