import type { RollOut } from "./roll-out.ts";
import { type Figure, figure, groupError, mean } from "./statistics.ts";

/** An energy as a function of the state: the true H, the learned one, or what a publication took for it. */
export interface EnergyFunction {
  /** Such as `H`, `learned H`, `q^2 + p^2`. */
  readonly name: string;
  value(x: Float64Array, t: number): number;
}

/** How far a model's trajectories are from true ones in an energy. */
export interface EnergyError {
  /** Of the energy. */
  readonly name: string;
  /** The mean over starts of the mean over time of (E(model) − E(truth))², in units of E². */
  readonly mean: Figure;
  /** Its uncertainty: standard deviation of five group means over √5. */
  readonly groupError: Figure;
  /** One a start. Of a trajectory that diverged it is the mean over the time before that. */
  readonly perStart: readonly Figure[];
}

/**
 * The "energy MSE" of arXiv:1906.01563 in an energy.
 *
 * @param model one trajectory a start, at the times of the true ones or at the first of them
 */
export function energyError(
  { name, value }: EnergyFunction,
  model: readonly RollOut[],
  truth: readonly RollOut[],
): EnergyError {
  const perStart = model.map((run, k) => {
    const reference = truth[k]!;
    const rows = Math.min(run.times.length, reference.times.length);
    let total = 0;
    for (let row = 0; row < rows; row++) total += (valueAt(value, run, row) - valueAt(value, reference, row)) ** 2;
    return figure(total / rows);
  });
  return { name, mean: mean(perStart), groupError: groupError(perStart), perStart };
}

/** An energy along a trajectory, [k]. */
export function energiesOf({ value }: EnergyFunction, run: RollOut): Float64Array {
  return run.times.map((_, row) => valueAt(value, run, row));
}

function valueAt(value: EnergyFunction["value"], { times, states }: RollOut, row: number): number {
  const width = states.length / times.length;
  return value(states.subarray(row * width, (row + 1) * width), times[row]!);
}
