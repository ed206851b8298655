import { HnncError } from "../errors.ts";

/** A stretch of equal steps that ends with a sample. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly h: number;
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
): Stretch[] {
  if (typeof samples === "object") {
    const times = samples[0] === start ? Array.from(samples) : [start, ...Array.from(samples)];
    return times.slice(1).map((to, k) => {
      const steps = stepsFor(to - times[k]!, dt);
      return { from: times[k]!, to, steps, h: (to - times[k]!) / steps };
    });
  }
  const least = stepsFor(end - start, dt);
  const wanted = samples === undefined ? Math.ceil(least / Math.ceil(least / usualSamples)) : samples - 1;
  const count = Math.max(1, wanted);
  const steps = Math.ceil(least / count);
  const h = (end - start) / (steps * count);
  return Array.from({ length: count }, (_, k) => ({
    from: k === 0 ? start : start + k * steps * h,
    to: k === count - 1 ? end : start + (k + 1) * steps * h,
    steps,
    h,
  }));
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

/** The times of an adaptive run's samples after the start; undefined: its own steps. */
export function sampleTimes(
  start: number,
  end: number,
  samples: number | ArrayLike<number> | undefined,
): readonly number[] | undefined {
  if (samples === undefined) return undefined;
  if (typeof samples === "object") return Array.from(samples).slice(samples[0] === start ? 1 : 0);
  const known = spaced.start === start && spaced.end === end && spaced.times.length === samples - 1;
  const times = known ? spaced.times : spacedTimes(start, end, samples - 1);
  if (times.length <= mostKept) spaced = { start, end, times };
  return times;
}

/** Those of the last call: trajectories of one run have the same times. */
let spaced: { start: number; end: number; times: readonly number[] } = { start: 0, end: 0, times: [] };
const mostKept = 4096;

function spacedTimes(start: number, end: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, k) => (k + 1 === count ? end : start + ((end - start) * (k + 1)) / count));
}
