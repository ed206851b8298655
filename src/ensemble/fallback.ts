import { HnncError } from "../errors.ts";
import type { Integrator, Motion, Stepper } from "../integrate/integrator.ts";
import { stepperOf } from "../integrate/stepper.ts";
import type { PlanRow } from "./schedule.ts";

/** What became of a trajectory that the compiled iteration could not go on with. */
export interface Straggler {
  /** Moves on through the rows of a block; `record` is told each sample that is reached. */
  advance(rows: readonly PlanRow[], record: (sample: number, state: Float64Array) => void): void;
  /** Steps that were taken here. */
  readonly steps: () => number;
  readonly stepper: Stepper;
  /** Why it could not go on here either. */
  readonly failure: () => { readonly time: number; readonly state: Float64Array; readonly reason: string } | undefined;
}

/**
 * Goes on with one trajectory in plain JavaScript, where an implicit method may use Newton's iteration.
 *
 * @param state the last good state
 * @param time of that state: a step of the rows begins there
 */
export function straggler(integrator: Integrator, motion: Motion, state: Float64Array, time: number): Straggler {
  const stepper = stepperOf(integrator, motion, state);
  const good = Float64Array.from(state);
  let failure: ReturnType<Straggler["failure"]>;
  let started = false;
  let steps = 0;
  const advanceRow = ({ from, h, k0, steps: count }: PlanRow): boolean => {
    const first = started ? 0 : Math.max(0, Math.round((time - from) / h) - k0);
    if (first >= count) return false;
    started = true;
    for (let k = first; k < count && !failure; k++) {
      const t = from + (k0 + k) * h;
      good.set(stepper.state);
      try {
        stepper.step(t, h);
        steps++;
      } catch (error) {
        if (!(error instanceof HnncError)) throw error;
        failure = { time: t, state: good, reason: error.message };
      }
      if (!stepper.state.every(Number.isFinite)) failure ??= { time: t, state: good, reason: notFinite };
    }
    return !failure;
  };
  return {
    advance(rows, record) {
      for (const row of rows) {
        if (failure) return;
        if (advanceRow(row) && row.sample > 0) record(row.sample, stepper.state);
      }
    },
    stepper,
    steps: () => steps,
    failure: () => failure,
  };
}

/** Why a trajectory ends where its state stops being finite. */
export const notFinite = "the motion is not finite after this step";
