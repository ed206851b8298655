import type { ActivationName } from "../network.ts";
import { relu, sin, softplus, swish, tanh } from "./build.ts";
import type { GraphNode } from "./graph.ts";

/**
 * Functions of one number that stand between the layers of a network. An energy is differentiated twice when it is
 * trained, so that all but `relu` are smooth: the field of a relu energy is piecewise constant.
 */
export const activations = { tanh, softplus, swish, sin, relu } as const satisfies Record<
  ActivationName,
  (a: GraphNode) => GraphNode
>;

export function isActivation(name: string): name is ActivationName {
  return Object.hasOwn(activations, name);
}
