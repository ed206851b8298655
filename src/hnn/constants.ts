import { constant, input } from "../graph/build.ts";
import { evaluateGraph } from "../graph/evaluate.ts";
import { createGraph, type GraphNode } from "../graph/graph.ts";
import type { TrainableModel } from "./model.ts";

/** The physical constants that a vector of parameters stands for, in double precision, row-major. */
export function constantsOf(model: TrainableModel, parameters: Float64Array): Record<string, Float64Array> {
  return model.constants ? constantValues(model.constants, parameters) : {};
}

/** What nodes that are computed from parameters alone come to. */
export function constantValues(
  nodesOf: (parameters: GraphNode) => ReadonlyMap<string, GraphNode>,
  parameters: Float64Array,
): Record<string, Float64Array> {
  const graph = createGraph();
  const nodes = nodesOf(input(graph, "parameters", [parameters.length]));
  const values = evaluateGraph([constant(graph, 0), ...nodes.values()], { parameters });
  return Object.fromEntries([...nodes.keys()].map((name, k) => [name, values[k + 1]!.values]));
}
