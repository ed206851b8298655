import { matmul } from "../graph/arrange.ts";
import { add } from "../graph/build.ts";
import type { GraphNode } from "../graph/graph.ts";
import type { ActivationName } from "../network.ts";
import { activations } from "./activation.ts";
import type { ParameterDraft, Part } from "./parameters.ts";

/** The layers of a fully connected network. */
export interface NetworkShape {
  readonly inputs: number;
  /** Units of the layers between; each is followed by the activation. */
  readonly hidden: readonly number[];
  readonly outputs: number;
  readonly activation: ActivationName;
}

/**
 * The parameters of a network: weights `[in, out]`, orthogonal at first, and biases `[out]`, uniform within 1/√in, for
 * all layers but the last, which has no bias (a constant does nothing to a gradient, and the paper's baseline has none
 * either; Greydanus, Dzamba, Yosinski, arXiv:1906.01563).
 *
 * @param prefix names them: `energy.weight1`, `energy.bias1`, …
 */
export function networkDrafts(prefix: string, shape: NetworkShape): ParameterDraft[] {
  const widths = widthsOf(shape);
  return widths.slice(1).flatMap((width, k): ParameterDraft[] => {
    const before = widths[k]!;
    const weight: ParameterDraft = {
      name: `${prefix}.weight${k + 1}`,
      shape: [before, width],
      initial: { kind: "orthogonal" },
    };
    const bias: ParameterDraft = {
      name: `${prefix}.bias${k + 1}`,
      shape: [width],
      initial: { kind: "uniform", bound: 1 / Math.sqrt(before) },
    };
    return k < widths.length - 2 ? [weight, bias] : [weight];
  });
}

/**
 * The value of a network.
 *
 * @param part gives the arrays that `networkDrafts` asks for
 * @param x `[B, inputs]`
 * @returns `[B, outputs]`
 */
export function networkValue(prefix: string, shape: NetworkShape, part: Part, x: GraphNode): GraphNode {
  const activation = activations[shape.activation];
  const layers = shape.hidden.length;
  let value = x;
  for (let k = 1; k <= layers; k++) {
    value = activation(linear(value, part(`${prefix}.weight${k}`), part(`${prefix}.bias${k}`)));
  }
  return linear(value, part(`${prefix}.weight${layers + 1}`));
}

/** x·w + b, `[B, out]`: x `[B, in]`, w `[in, out]`, b `[out]` or none. */
export function linear(x: GraphNode, weight: GraphNode, bias?: GraphNode): GraphNode {
  const product = matmul(x, weight);
  return bias ? add(product, bias) : product;
}

function widthsOf({ inputs, hidden, outputs }: NetworkShape): readonly number[] {
  return [inputs, ...hidden, outputs];
}
