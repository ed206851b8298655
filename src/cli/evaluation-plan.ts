import { type Compiled, compileModel, readModel } from "../compile.ts";
import { type Dataset, stateLength } from "../data/dataset.ts";
import { selectPart, selectRows } from "../data/select.ts";
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

/** The true formula of a run, compiled. */
export function compiledTruth(truth: NamedFormula | undefined): Compiled | undefined {
  return truth && compileModel(readModel(truth.text, { parameters: truth.parameters }));
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
