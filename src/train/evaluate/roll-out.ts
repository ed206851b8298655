import { HnncError } from "../../errors.ts";
import type { SequenceModel } from "../../hnn/model.ts";
import type { PlainField } from "../../hnn/plain-field.ts";
import { Divergence } from "../../integrate/divergence.ts";
import type { Motion } from "../../integrate/integrator.ts";
import { integrate } from "../../integrate/trajectory.ts";

/** Where a model goes from a start. */
export interface RollOut {
  /** [k], those asked for, up to where the trajectory ends. */
  readonly times: Float64Array;
  /** [k, 2n], row-major. */
  readonly states: Float64Array;
  /** Where it could not be followed any further, and why. */
  readonly ended: Ended | undefined;
}

/** The end of a trajectory before its time. */
export interface Ended {
  /** The last time with a state. */
  readonly t: number;
  readonly reason: string;
}

/** Something that says where a state goes. */
export interface Predictor {
  /** 2n. */
  readonly dimension: number;
  /** How it is followed: a sentence for a person. */
  readonly method: string;
  /**
   * Follows a trajectory; it never throws for one that diverges, but ends it.
   *
   * @param start `[2n]`, the state at `times[0]`
   * @param times ascending
   */
  rollOut(start: Float64Array, times: Float64Array): RollOut;
}

/** Evaluations of a field for one trajectory, so that a field that became stiff does not run for hours. */
const mostEvaluations = 500_000;
/** States that are farther away than this many times the start, or this, count as diverged. */
const farthest = 1e9;

/**
 * Follows a field with DOP853.
 *
 * @param rtol error of a step relative to the state. Default 1e-12
 */
export function fieldPredictor({ dimension, motion }: PlainField, rtol = 1e-12): Predictor {
  return {
    dimension,
    method: `dop853, tolerance ${rtol}`,
    rollOut: (start, times) => bounded(start, followed(motion, start, times, rtol)),
  };
}

function followed(motion: Motion, start: Float64Array, times: Float64Array, rtol: number): RollOut {
  const [first, last] = [times[0]!, times.at(-1)!];
  if (first === last) return { times: times.slice(0, 1), states: start.slice(), ended: undefined };
  let evaluations = 0;
  const counted: Motion = {
    ...motion,
    field: (x, out, t) => {
      evaluations += 1;
      if (evaluations > mostEvaluations) throw tooMany();
      motion.field(x, out, t);
    },
    velocity: undefined,
    force: undefined,
  };
  try {
    const run = integrate(counted, start, { t: [first, last], samples: times, method: "dop853", rtol });
    return { times: run.times, states: run.states, ended: undefined };
  } catch (error) {
    if (!(error instanceof Divergence)) throw error;
    const { samples } = error;
    // the last sample is where it ended, which need not be a time that was asked for
    const whole = samples.times.filter((t, k) => t === times[k]).length;
    const states = samples.states.slice(0, whole * start.length);
    return { times: times.slice(0, whole), states, ended: { t: samples.times.at(-1)!, reason: error.message } };
  }
}

function tooMany(): HnncError {
  const message = `the field changes so fast that ${mostEvaluations} evaluations did not reach the end`;
  return new HnncError({ kind: "diverged", code: "too-many-evaluations", message });
}

/**
 * Feeds a model of sequences its own outputs, from an empty memory, in steps of the data's length; between them states
 * are interpolated in a straight line.
 *
 * @param dt the step that the model was trained with
 */
export function sequencePredictor(
  sequence: SequenceModel,
  parameters: Float64Array,
  { dimension, dt }: { readonly dimension: number; readonly dt: number },
): Predictor {
  const rollOut = (start: Float64Array, times: Float64Array): RollOut => {
    const step = sequence.begin(parameters);
    const states = new Float64Array(times.length * dimension);
    const [x, rate] = [start.slice(), new Float64Array(dimension)];
    step(x, rate);
    let done = 0;
    times.forEach((t, k) => {
      const exact = (t - times[0]!) / dt;
      // a time that is a whole number of steps up to rounding is one
      const steps = Math.abs(exact - Math.round(exact)) < 1e-9 * Math.max(1, exact) ? Math.round(exact) : exact;
      for (; done + 1 <= steps; done++) {
        x.forEach((value, i) => {
          x[i] = value + dt * rate[i]!;
        });
        step(x, rate);
      }
      for (let i = 0; i < dimension; i++) states[k * dimension + i] = x[i]! + (steps - done) * dt * rate[i]!;
    });
    return bounded(start, { times, states, ended: undefined });
  };
  return { dimension, method: `its own outputs fed back, dt = ${Number(dt.toPrecision(6))}`, rollOut };
}

/** A trajectory up to where it is not finite or far away. */
function bounded(start: Float64Array, run: RollOut): RollOut {
  const { times, states } = run;
  const limit = farthest * Math.max(1, ...start.map(Math.abs));
  const bad = states.findIndex((value) => !(Math.abs(value) <= limit));
  if (bad < 0) return run;
  const rows = Math.floor(bad / start.length);
  const t = times[Math.max(rows - 1, 0)]!;
  const reason = `the state left everything behind: an entry is ${states[bad]}`;
  return { times: times.slice(0, rows), states: states.slice(0, rows * start.length), ended: { t, reason } };
}
