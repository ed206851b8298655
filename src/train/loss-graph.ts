import { HnncError } from "../errors.ts";
import { gather, sum } from "../graph/arrange.ts";
import { add, input, mul, square } from "../graph/build.ts";
import { createGraph, type Graph, type GraphNode, inputsOf, type NodeOf } from "../graph/graph.ts";
import { lengthAlong } from "../graph/shape.ts";
import { substitute } from "../graph/substitute.ts";
import { fieldFunction } from "../hnn/field-function.ts";
import type { TrainableModel } from "../hnn/model.ts";
import type { Loss } from "./loss.ts";
import type { Samples } from "./samples.ts";

/** The name of the parameters' input, and the prefix of those of the samples' arrays. */
export const parametersName = "parameters";
const samplePrefix = "sample ";
export const rowsName = "rows";

/** A loss as nodes of a graph. */
export interface LossGraph {
  readonly graph: Graph;
  /** `[count]`. */
  readonly parameters: NodeOf<"input">;
  /** What is to vanish, `[B, width]`. */
  readonly error: GraphNode;
  /** What a network adds to a formula's field, `[B, 2n]`, where that is penalised. */
  readonly added: GraphNode | undefined;
  /** The mean square of the loss's error, `[]`. */
  readonly loss: GraphNode;
  /** What training makes small: the loss and the penalty, `[]`. */
  readonly objective: GraphNode;
  /** The rows of a minibatch, `[B]`, where there are minibatches. */
  readonly rows: NodeOf<"input"> | undefined;
}

/** What is compared, and how. */
export interface LossParts {
  readonly model: TrainableModel;
  readonly loss: Loss;
  readonly samples: Samples;
  /** How many samples a step takes; as many as there are means all, in their order. */
  readonly batch: number;
  /**
   * The weight of the mean square of what a network adds to a formula's field, so that the formula explains what it can
   * (Yin et al., arXiv:2010.04456). Default 0.
   */
  readonly residualPenalty?: number | undefined;
}

/** Builds a loss of a model on samples, of all of them at once or of a minibatch that is gathered in the graph. */
export function lossGraph({ model, loss, samples, batch, residualPenalty = 0 }: LossParts): LossGraph {
  const graph = createGraph();
  const parameters = input(graph, parametersName, [model.parameters.count]);
  const rows = batch < samples.count ? input(graph, rowsName, ["B"], "int32") : undefined;
  const find = (name: string): GraphNode | undefined => {
    const width = samples.arrays[name]?.width;
    if (width === undefined) return undefined;
    if (!rows) return input(graph, samplePrefix + name, ["B", width]);
    return gather(input(graph, samplePrefix + name, [samples.count, width]), rows, 0);
  };
  const sample = (name: string): GraphNode => {
    const found = find(name);
    if (found) return found;
    throw new HnncError({ kind: "internal", code: "sample-name", message: `samples have no \`${name}\`` });
  };
  const fieldOf = (vector: GraphNode) => fieldFunction(model, vector);
  const times = find("t");
  const error = loss.error({
    parameters,
    model,
    get field() {
      return fieldOf(parameters);
    },
    fieldOf,
    sample,
    times,
  });
  const value = meanSquare(error, batch);
  const added = residualPenalty === 0 ? undefined : residualAt(model, parameters, sample("x"));
  const objective = added ? add(value, mul(residualPenalty, meanSquare(added, batch))) : value;
  return { graph, parameters, error, added, loss: value, objective, rows };
}

function residualAt(model: TrainableModel, parameters: GraphNode, at: GraphNode): GraphNode | undefined {
  const x = input(parameters.graph, "residual state", at.shape);
  const added = model.residual?.({ parameters, x });
  return added && substitute([added], new Map([[x, at]]))[0];
}

/** The mean of the squares of `[batch, width]`, `[]`. */
function meanSquare(values: GraphNode, batch: number): GraphNode {
  return mul(1 / (batch * lengthAlong(values.shape, 1)), sum(square(values), [0, 1]));
}

/** The samples' arrays by the names of their inputs: those that a step or a loss needs. */
export function sampleFeeds({ arrays }: Samples, nodes: readonly GraphNode[]): Record<string, Float64Array> {
  const needed = new Set(inputsOf(nodes).map(({ attributes }) => attributes.name));
  const all = Object.entries(arrays).map(([name, { values }]) => [samplePrefix + name, values] as const);
  return Object.fromEntries(all.filter(([name]) => needed.has(name)));
}
