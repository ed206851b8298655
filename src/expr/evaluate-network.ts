import { HnncError } from "../errors.ts";
import type { ActivationName, Network } from "../network.ts";
import type { UnknownFunctionValue } from "./evaluate.ts";
import { sigmoid, softplus } from "./special.ts";

/** f and f′. */
const activations: { readonly [K in ActivationName]: (z: number) => readonly [number, number] } = {
  tanh: (z) => [Math.tanh(z), 1 - Math.tanh(z) ** 2],
  softplus: (z) => [softplus(z), sigmoid(z)],
  // (zσ)′ = σ + zσ(1 − σ)
  swish: (z) => [z * sigmoid(z), sigmoid(z) * (1 + z * (1 - sigmoid(z)))],
  sin: (z) => [Math.sin(z), Math.cos(z)],
  // of two slopes at 0 the one above, as in array programs
  relu: (z) => [Math.max(z, 0), z >= 0 ? 1 : 0],
};

/**
 * A network for the interpreter, `evaluate(e, { N: networkFunction(network) })`: its value, and its first derivatives by
 * pushing one argument's tangent forward, where kernels and graphs go backward.
 */
export function networkFunction({ layers }: Network): UnknownFunctionValue {
  return (args, orders) => {
    const order = orders.reduce((sum, each) => sum + each, 0);
    if (order > 1) throw higherDerivative();
    let values = args.map((value, k) => ({ value, slope: orders[k]! }));
    for (const { inputs, outputs, weights, biases, activation } of layers) {
      values = Array.from({ length: outputs }, (_, out) => {
        let [value, slope] = [biases?.[out] ?? 0, 0];
        for (let k = 0; k < inputs; k++) {
          value += weights[k * outputs + out]! * values[k]!.value;
          slope += weights[k * outputs + out]! * values[k]!.slope;
        }
        if (!activation) return { value, slope };
        const [y, dy] = activations[activation](value);
        return { value: y, slope: slope * dy };
      });
    }
    return order === 0 ? values[0]!.value : values[0]!.slope;
  };
}

function higherDerivative(): HnncError {
  return new HnncError({
    kind: "formula",
    code: "network-derivative",
    message: "the interpreter has first derivatives of networks only",
    hint: "the targets tfjs and onnx have those of any order",
  });
}
