import type { Compiled } from "../../compile.ts";
import { asTrajectory, type Dataset, stateAt } from "../../data/dataset.ts";
import { HnncError } from "../../errors.ts";
import { compiledField } from "../../hnn/plain-field.ts";
import { fieldPredictor, type RollOut } from "./roll-out.ts";

/** Where a model is tried: starts, times, and what is true there. */
export interface Trials {
  /** Each `[2n]`. */
  readonly starts: readonly Float64Array[];
  /** Of each trajectory, the start's first. */
  readonly times: readonly Float64Array[];
  /** One a start, or none where nothing is known. */
  readonly truth: readonly RollOut[];
}

/** What trials are made of; `EvaluateOptions` says more. */
export interface TrialOptions {
  readonly truth?: Compiled | undefined;
  readonly measured?: Dataset | undefined;
  readonly starts?: ArrayLike<number> | undefined;
  readonly t?: number | readonly [start: number, end: number] | undefined;
  readonly samples?: number | ArrayLike<number> | undefined;
  readonly rtol?: number | undefined;
}

/**
 * @param dimension 2n
 * @throws HnncError `evaluate-options` (usage) where starts are not states of that length
 */
export function trialsOf(dimension: number, options: TrialOptions): Trials {
  const { measured, starts, truth, rtol } = options;
  if (measured && !starts) return measuredTrials(measured);
  if (!starts) return { starts: [], times: [], truth: [] };
  const count = starts.length / dimension;
  if (!Number.isInteger(count)) throw usage(`${starts.length} numbers of starts are not states of ${dimension}`);
  const all = Float64Array.from(starts);
  const states = Array.from({ length: count }, (_, k) => all.slice(k * dimension, (k + 1) * dimension));
  const times = states.map(() => timesOf(options));
  const exact = truth && fieldPredictor(compiledField(truth), rtol);
  return { starts: states, times, truth: exact ? states.map((start, k) => exact.rollOut(start, times[k]!)) : [] };
}

function measuredTrials(measured: Dataset): Trials {
  const { runs, times } = asTrajectory(measured);
  const width = 2 * measured.coordinates.length;
  const truth = runs.map(({ start, end }): RollOut => {
    const states = measured.states.slice(start * width, end * width);
    return { times: times.slice(start, end), states, ended: undefined };
  });
  return {
    starts: runs.map(({ start }) => stateAt(measured, start).slice()),
    times: truth.map((run) => run.times),
    truth,
  };
}

function timesOf({ t = 20, samples = 100 }: TrialOptions): Float64Array {
  if (typeof samples !== "number") return Float64Array.from(samples);
  const [from, to] = typeof t === "number" ? [0, t] : t;
  if (!(to > from) || !(samples >= 2)) throw usage(`${samples} samples from t = ${from} to ${to} make no trajectory`);
  const last = samples - 1;
  return Float64Array.from({ length: samples }, (_, k) => (k === last ? to : from + ((to - from) * k) / last));
}

/**
 * The time between rows, of models that learn their step with the rest.
 *
 * @throws HnncError `evaluate-options` (usage) where there is no dataset that says it
 */
export function stepLength(dataset: Dataset | undefined): number {
  if (!dataset) throw usage("a model of sequences is followed in steps of its data: give the dataset");
  const { runs, times } = asTrajectory(dataset);
  const run = runs.find(({ start, end }) => end - start > 1);
  if (!run) throw usage("no two rows of the dataset follow each other");
  return (times[run.end - 1]! - times[run.start]!) / (run.end - 1 - run.start);
}

function usage(message: string): HnncError {
  return new HnncError({ kind: "usage", code: "evaluate-options", message });
}
