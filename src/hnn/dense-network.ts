import type { ActivationName, DenseLayer, Network } from "../network.ts";

/** A network in plain double precision: reads `x` `[inputs]`, writes `out` `[outputs]`. */
export type DenseNetwork = (x: Float64Array, out: Float64Array) => void;

const functions: Readonly<Record<ActivationName, (a: number) => number>> = {
  tanh: Math.tanh,
  softplus: (a) => (a > 0 ? a + Math.log1p(Math.exp(-a)) : Math.log1p(Math.exp(a))),
  swish: (a) => a / (1 + Math.exp(-a)),
  sin: Math.sin,
  relu: (a) => Math.max(a, 0),
};

/** The value of a network, one input at a time, without allocation. */
export function denseNetwork({ layers }: Network): DenseNetwork {
  const values = layers.map(({ outputs }) => new Float64Array(outputs));
  return (x, out) => {
    let from = x;
    layers.forEach((layer, k) => {
      const to = k === layers.length - 1 ? out : values[k]!;
      denseLayer(layer, from, to);
      from = to;
    });
  };
}

function denseLayer({ inputs, outputs, weights, biases, activation }: DenseLayer, x: Float64Array, out: Float64Array) {
  if (biases) out.set(biases);
  else out.fill(0, 0, outputs);
  for (let i = 0, at = 0; i < inputs; i++) {
    const value = x[i]!;
    for (let k = 0; k < outputs; k++, at++) out[k]! += value * weights[at]!;
  }
  if (!activation) return;
  const of = functions[activation];
  for (let k = 0; k < outputs; k++) out[k] = of(out[k]!);
}
