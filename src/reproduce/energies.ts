import { compile } from "../compile.ts";
import { compiledField } from "../hnn/plain-field.ts";
import { energyError } from "../train/evaluate/energy-error.ts";
import { fieldPredictor, type Predictor, type RollOut } from "../train/evaluate/roll-out.ts";
import type { EnergyMetric, Task, TaskData } from "./task.ts";

/** Error of a step relative to the state: energies of models are off by more than 1e-3 of themselves. */
export const tolerance = 1e-10;

/** The true trajectories that a metric compares with: computed from the task's formula, or the measured one. */
export function truePaths(task: Task, data: TaskData, metric: EnergyMetric): RollOut[] {
  if (data.measured) return [{ ...data.measured, ended: undefined }];
  const { points = 0, horizon = () => 0 } = metric;
  const truth = fieldPredictor(compiledField(compile(task.truth)), tolerance);
  return data.starts.map((start, k) => truth.rollOut(start, evenTimes(horizon(k), points)));
}

/**
 * The mean over trajectories and times of (E(model) − E(truth))², the publication's energy error.
 *
 * @returns NaN where no state of the model is finite
 */
export function energyErrorAlong(
  predictor: Predictor,
  { energy, name }: EnergyMetric,
  truth: readonly RollOut[],
): number {
  const { hamiltonian } = compile(energy);
  const runs = truth.map(({ times, states }) => predictor.rollOut(states.slice(0, predictor.dimension), times));
  return energyError({ name, value: (x) => hamiltonian(x) }, runs, truth).mean ?? Number.NaN;
}

/** `points` times from 0 to `end`, both counted. */
export function evenTimes(end: number, points: number): Float64Array {
  return Float64Array.from({ length: points }, (_, k) => (end * k) / (points - 1));
}
