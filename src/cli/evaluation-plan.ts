import { type Compiled, compileModel, readModel } from "../compile.ts";
import { type Dataset, stateLength } from "../data/dataset.ts";
import { selectPart, selectRows } from "../data/select.ts";
import { HnncError } from "../errors.ts";
import type { StateNames } from "../hnn/model.ts";
import { entryNames, layoutOf } from "../mechanics/layout.ts";
import type { EvaluateOptions } from "../train/evaluate/evaluate-model.ts";
import { type DataConfig, loadRows, type NamedFormula } from "./training-data.ts";

/** As many roll-outs tell enough. */
const mostStarts = 15;
/** Roll-outs are this many times as long as the runs of the data. */
const horizon = 6;
const samples = 200;
/** Of the integration: far below the errors of models, and twice as fast as to round-off. */
const rtol = 1e-9;

/**
 * How a model is judged where nothing else is said: against the truth where it is known, from the first rows of runs
 * that were kept for testing and for longer than these; otherwise against the testing runs themselves.
 */
export async function evaluationPlan(
  dataset: Dataset,
  { data, truth }: { readonly data: DataConfig; readonly truth: Compiled | undefined },
): Promise<EvaluateOptions> {
  if (!truth) return measuredPlan(dataset);
  const { states, runs } = startingRows(await withoutNoise(data, dataset));
  const width = stateLength(dataset);
  const starts = runs
    .slice(0, mostStarts)
    .flatMap(({ start }) => [...states.subarray(start * width, (start + 1) * width)]);
  return { dataset, truth, starts, t: horizon * longestRun(dataset), samples, rtol };
}

/** Noise on a start would move it to another orbit. */
function withoutNoise(data: DataConfig, dataset: Dataset): Dataset | Promise<Dataset> {
  if (data.kind === "file") return dataset;
  const { coordinates, momenta } = dataset;
  return loadRows({ ...data, options: { ...data.options, noise: 0 } }, { coordinates, momenta });
}

function startingRows(dataset: Dataset): Dataset {
  const testing = selectPart(dataset, "test");
  return testing.rows > 0 ? testing : dataset;
}

function measuredPlan(dataset: Dataset): EvaluateOptions {
  const testing = selectPart(dataset, "test");
  return dataset.times && testing.rows > 0 ? { dataset, measured: firstRuns(testing), rtol } : { dataset, rtol };
}

/**
 * The true formula of a run, compiled.
 *
 * @throws HnncError `other-model` (usage) where its state is another than the model's
 */
export function compiledTruth(truth: NamedFormula | undefined, names: StateNames): Compiled | undefined {
  if (!truth) return undefined;
  const compiled = compileModel(readModel(truth.text, { parameters: truth.parameters }));
  requireSameState(compiled, names);
  return compiled;
}

/** @throws HnncError `other-model` (usage) */
export function requireSameState({ model }: Compiled, { coordinates, momenta }: StateNames): void {
  const own = [...layoutOf(model).state.values()].flatMap(entryNames).join(" ");
  const known = [...coordinates, ...momenta].join(" ");
  if (own === known) return;
  throw new HnncError({
    kind: "usage",
    code: "other-model",
    message: `the true formula's state is ${own}, the model's is ${known}`,
    hint: "give the true formula in the names of the model, in their order",
  });
}

function firstRuns(dataset: Dataset): Dataset {
  const runs = dataset.runs.filter(({ start, end }) => end - start > 1).slice(0, mostStarts);
  const rows = runs.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, k) => start + k));
  return selectRows(dataset, rows);
}

function longestRun({ times, runs }: Dataset): number {
  const usual = 10;
  if (!times) return usual / horizon;
  return Math.max(...runs.map(({ start, end }) => times[end - 1]! - times[start]!)) || usual;
}
