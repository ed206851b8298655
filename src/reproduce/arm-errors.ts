import { asTrajectory, type Dataset, stateLength } from "../data/dataset.ts";
import type { Predictor } from "../train/evaluate/roll-out.ts";
import type { SamplePart } from "../train/samples.ts";
import { mean } from "./figure.ts";

/** How far predictions of an angle are from what was measured, root mean squares. */
export interface ArmErrors {
  /** Of the angle over whole runs, each predicted from its first row: over all, and run by run. */
  readonly rollOut: number;
  readonly perRun: readonly number[];
  /** Of the angle a time ahead, from every row that has one so far ahead. */
  readonly ahead: number;
}

/** Compares a model with the runs of a part. The angle is the first entry of a state. */
export function armErrors(predictor: Predictor, dataset: Dataset, part: SamplePart, ahead: number): ArmErrors {
  const { runs, times, states, test } = asTrajectory(dataset);
  const width = stateLength(dataset);
  const wanted = part === "test" ? 1 : 0;
  const own = runs.filter(({ start }) => (test?.[start] ?? 0) === wanted);
  const perRun = own.map(({ start, end }) => {
    const from = times[start]!;
    const run = predictor.rollOut(
      states.slice(start * width, (start + 1) * width),
      times.slice(start, end).map((t) => t - from),
    );
    const squares = times
      .subarray(start, end)
      .map((_, k) => ((run.states[k * width] ?? Number.NaN) - states[(start + k) * width]!) ** 2);
    return { rows: end - start, square: mean(squares) };
  });
  const later = own.flatMap(({ start, end }) => {
    const rows = Math.round(ahead / (times[start + 1]! - times[start]!));
    return Array.from({ length: Math.max(end - start - rows, 0) }, (_, k) => {
      const row = start + k;
      const span = Float64Array.of(0, times[row + rows]! - times[row]!);
      const run = predictor.rollOut(states.slice(row * width, (row + 1) * width), span);
      return ((run.states[width] ?? Number.NaN) - states[(row + rows) * width]!) ** 2;
    });
  });
  const rows = perRun.reduce((total, run) => total + run.rows, 0);
  const square = perRun.reduce((total, run) => total + run.square * run.rows, 0) / rows;
  return {
    rollOut: Math.sqrt(square),
    perRun: perRun.map((run) => Math.sqrt(run.square)),
    ahead: Math.sqrt(mean(later)),
  };
}
