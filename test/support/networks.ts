import { bindNetworks } from "../../src/mechanics/bind-networks.ts";
import { variationalModel } from "../../src/mechanics/variational.ts";
import type { Model } from "../../src/model.ts";
import type { ActivationName, DenseLayer, Network } from "../../src/network.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { randomNumbers } from "./random-numbers.ts";

/** A network of these widths with weights of the size that training begins with; no bias in the last layer. */
export function randomNetwork(widths: readonly number[], activation: ActivationName = "tanh", seed = 1): Network {
  const next = randomNumbers(seed);
  const draw = (count: number, size: number) => Float64Array.from({ length: count }, () => size * (2 * next() - 1));
  const layers = widths.slice(1).map((outputs, k): DenseLayer => {
    const inputs = widths[k]!;
    const isLast = k === widths.length - 2;
    return {
      inputs,
      outputs,
      weights: draw(inputs * outputs, Math.sqrt(3 / inputs)),
      biases: isLast ? undefined : draw(outputs, 0.5),
      activation: isLast ? undefined : activation,
    };
  });
  return { layers: layers as [DenseLayer, ...DenseLayer[]] };
}

/** A formula with networks in place of its unknown functions. */
export function boundModel(text: string, networks: Readonly<Record<string, Network>>): Model {
  return bindNetworks(parseModel(text), networks);
}

const wide = randomNetwork([2, 64, 64, 1], "tanh", 2);

/** Ways in which networks stand in formulas; masses are not 1. */
export const networkModels: Readonly<Record<string, () => Model>> = {
  whole: () => boundModel("N(q, p)", { N: wide }),
  prior: () => boundModel("p^2/(2 m) + k N(q, p); m = 1.7; k = 0.3", { N: randomNetwork([2, 16, 1], "softplus", 3) }),
  separable: () =>
    boundModel("T(p) + V(q)", {
      T: randomNetwork([1, 12, 7, 1], "swish", 4),
      V: randomNetwork([1, 32, 32, 1], "sin", 5),
    }),
  potential: () => boundModel("p^2/(2 m) + V(q); m = 0.6", { V: randomNetwork([1, 32, 32, 1], "tanh", 6) }),
  pairs: () =>
    boundModel("sum(p[i]^2/(2 m), i = 1..4) + sum(V(sqrt((q[i] - q[j])^2 + 0.01), a), i<j); m = 2.5; a = 0.4", {
      V: randomNetwork([2, 10, 1], "tanh", 7),
    }),
  chain: () =>
    boundModel("sum(T(p[i]), i = 1..5) + sum(q[i]^2 U(q[i]), i = 1..5)", {
      T: randomNetwork([1, 8, 1], "softplus", 8),
      U: randomNetwork([1, 6, 5, 1], "swish", 9),
    }),
  eight: () =>
    boundModel("N(a, b, c, d, e, f, g, h) + a^2/3; pairs (a, e), (b, f), (c, g), (d, h)", {
      N: randomNetwork([8, 24, 24, 1], "tanh", 10),
    }),
  damped: () =>
    boundModel("p^2/(2 m) + V(q)/2; m = 1.3; damping p = R(q); force p = 0.2 cos(t)", {
      V: randomNetwork([1, 20, 1], "tanh", 11),
      R: randomNetwork([1, 5, 1], "softplus", 12),
    }),
  derivative: () =>
    boundModel("p^2/(2 m) + q V'(q)/5 + U(q^2) V'(q)^2; m = 0.8", {
      V: randomNetwork([1, 14, 9, 1], "tanh", 14),
      U: randomNetwork([1, 7, 1], "softplus", 15),
    }),
  tangents: () =>
    variationalModel(boundModel("N(q, p) + p^2/3", { N: randomNetwork([2, 11, 6, 1], "swish", 16) })).model,
  waves: () => variationalModel(boundModel("N(q, p, t)", { N: randomNetwork([3, 9, 5, 1], "sin", 17) })).model,
  kinked: () => boundModel("p^2/(2 m) + V(q); m = 1.9", { V: randomNetwork([1, 16, 16, 1], "relu", 13) }),
};
