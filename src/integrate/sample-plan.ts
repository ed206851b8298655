import { HnncError } from "../errors.ts";

/** Times in the order of a run, computed when they are asked for: a long run has more of them than fit into memory. */
export interface SampleTimes {
  readonly length: number;
  /** @param k from 0 to length − 1 */
  at(k: number): number;
}

/** Equal steps that end with a sample. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly h: number;
}

/** The stretches of a run in order, computed when they are asked for. */
export interface Stretches {
  readonly length: number;
  /** @param k from 0 to length − 1 */
  at(k: number): Stretch;
  /** Steps of all stretches before this one; of the whole run where `k` is the length. */
  stepsBefore(k: number): number;
  /** Steps of each stretch, where samples are equally spaced. */
  readonly each: number | undefined;
  /** The step of all of them, with its sign; undefined where they differ. */
  readonly h: number | undefined;
}

/** Without a wish, about this many samples of a run with a fixed step are kept. */
const usualSamples = 1000;
/** Steps of one run, so that a misplaced exponent does not run for years. */
const mostSteps = 1e12;

/**
 * Cuts a run into stretches of equal steps of at most dt. With equally spaced samples every step is the same.
 *
 * @param samples how many, both ends counted; or times; or undefined: each step, thinned to a thousand
 */
export function stretches(
  start: number,
  end: number,
  dt: number,
  samples: number | ArrayLike<number> | undefined,
): Stretches {
  if (typeof samples === "object") return unevenStretches(start, laterTimes(start, samples), dt);
  const least = stepsFor(end - start, dt);
  const wanted = samples === undefined ? Math.ceil(least / Math.ceil(least / usualSamples)) : samples - 1;
  const length = Math.max(1, wanted);
  const steps = Math.ceil(least / length);
  const h = (end - start) / (steps * length);
  return {
    length,
    at: (k) => ({
      from: k === 0 ? start : start + k * steps * h,
      to: k === length - 1 ? end : start + (k + 1) * steps * h,
      steps,
      h,
    }),
    stepsBefore: (k) => k * steps,
    each: steps,
    h,
  };
}

function unevenStretches(start: number, times: Float64Array, dt: number): Stretches {
  const { length } = times;
  const before = new Float64Array(length + 1);
  const at = (k: number): Stretch => {
    const [from, to, steps] = [k === 0 ? start : times[k - 1]!, times[k]!, before[k + 1]! - before[k]!];
    return { from, to, steps, h: (to - from) / steps };
  };
  let h: number | undefined;
  for (let k = 0; k < length; k++) {
    before[k + 1] = before[k]! + stepsFor(times[k]! - (k === 0 ? start : times[k - 1]!), dt);
    const own = at(k).h;
    h = k === 0 || h === own ? own : undefined;
  }
  return { length, at, stepsBefore: (k) => before[k]!, each: undefined, h };
}

/** How many steps of at most dt cover a time, dt's own rounding forgiven. */
function stepsFor(time: number, dt: number): number {
  const exact = Math.abs(time) / dt;
  if (exact > mostSteps) {
    throw new HnncError({
      kind: "limit",
      code: "too-many-steps",
      message: `${Math.abs(time)} units of time take ${exact} steps of ${dt}; the limit is ${mostSteps}`,
    });
  }
  return Math.max(1, Math.ceil(exact * (1 - 1e-12) - 1e-9));
}

/** The times of a run's samples after the start; undefined: those of an adaptive method's own steps. */
export function sampleTimes(
  start: number,
  end: number,
  samples: number | ArrayLike<number> | undefined,
): SampleTimes | undefined {
  if (samples === undefined) return undefined;
  if (typeof samples === "object") {
    const times = laterTimes(start, samples);
    return { length: times.length, at: (k) => times[k]! };
  }
  const length = samples - 1;
  return { length, at: (k) => (k + 1 === length ? end : start + ((end - start) * (k + 1)) / length) };
}

/** A copy of times without the start. */
function laterTimes(start: number, times: ArrayLike<number>): Float64Array {
  return Float64Array.from(times).subarray(times[0] === start ? 1 : 0);
}
