import { input } from "../graph/build.ts";
import type { GraphNode } from "../graph/graph.ts";
import { substitute } from "../graph/substitute.ts";
import { optionFault, type TrainableModel } from "./model.ts";

/** ẋ at any states `[B, 2n]` and, where the model depends on it, time (`[B, 1]`). */
export type FieldFunction = (x: GraphNode, t?: GraphNode) => GraphNode;

/**
 * A model's field as a function of nodes: what integrators and losses take. The field is built once, at inputs of its
 * own, and put where it is wanted.
 *
 * @param parameters `[count]`
 * @throws HnncError `model-options` (usage) where the model has no field; when it is called, where the model needs the
 *   time and is not given it
 * @example
 * const f = fieldFunction(model, parameters);
 * const midpoint = f(mul(0.5, add(x, next))); // [B, 2n]
 */
export function fieldFunction(model: TrainableModel, parameters: GraphNode): FieldFunction {
  if (!model.field) throw optionFault(`the model \`${model.family}\` has no field: its loss is \`sequence\``);
  const { graph } = parameters;
  const leaf = input(graph, "field state", ["B", model.dimension]);
  const time = input(graph, "field time", ["B", 1]);
  const field = model.field({ parameters, x: leaf, t: time });
  return (x, t) => {
    if (model.timeDependent && !t) throw optionFault("the model depends on time, and the data has no times");
    const places = new Map<GraphNode, GraphNode>([[leaf, x]]);
    if (t) places.set(time, t);
    return substitute([field], places)[0]!;
  };
}
