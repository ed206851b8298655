import { type Dataset, stateLength } from "../data/dataset.ts";
import { input } from "../graph/build.ts";
import { evaluateGraph } from "../graph/evaluate.ts";
import { createGraph } from "../graph/graph.ts";
import type { TrainableModel } from "../hnn/model.ts";

/** As many states tell enough. */
const mostStates = 64;

/**
 * How far a model's energy is from the true one while it is trained: the standard deviation of their difference over
 * states of the data, as a share of the true energy's; 0 where they agree up to a constant, 1 where the model knows
 * nothing.
 *
 * @param energyAt the true H at a row of the dataset
 * @returns a function of parameters `[count]`, or undefined where the model has no energy or the true one does not vary
 */
export function energyErrorOf(
  model: TrainableModel,
  dataset: Dataset,
  energyAt: (row: number) => number,
): ((parameters: Float64Array) => number) | undefined {
  const { energy } = model;
  if (!energy || model.timeDependent) return undefined;
  const width = stateLength(dataset);
  const count = Math.min(mostStates, dataset.rows);
  const rows = Array.from({ length: count }, (_, k) => Math.floor((k * dataset.rows) / count));
  const x = Float64Array.from(rows.flatMap((row) => [...dataset.states.subarray(row * width, (row + 1) * width)]));
  const truth = rows.map(energyAt);
  const spread = deviation(truth);
  if (!(spread > 0)) return undefined;
  const graph = createGraph();
  const node = energy({
    parameters: input(graph, "parameters", [model.parameters.count]),
    x: input(graph, "x", ["B", width]),
  });
  return (parameters) => {
    const [found] = evaluateGraph([node], { parameters, x }, count);
    return deviation(truth.map((value, k) => found!.values[k]! - value)) / spread;
  };
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  return Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length);
}
