import type { RollOut } from "./roll-out.ts";
import { type Figure, figure, mean, median } from "./statistics.ts";

/** A span of time that a system knows of, such as its Lyapunov time or period. */
export interface TimeUnit {
  /** In the plural: `periods`. */
  readonly name: string;
  /** In units of t. */
  readonly length: number;
}

/** How long a prediction is good. */
export interface ValidTime {
  /** The relative error that ends it. */
  readonly threshold: number;
  /** In units of t since the start, one a start; the whole time where the error stays below. */
  readonly perStart: readonly number[];
  /** Starts whose error stays below to the end. */
  readonly whole: number;
  readonly median: Figure;
  readonly least: Figure;
  /** The median in a unit of the system's own. */
  readonly inUnits?: { readonly name: string; readonly median: Figure } | undefined;
}

/** How far a model's trajectories are from true ones. */
export interface RollOutError {
  /** The mean of (x − x*)² over starts, times and entries, in units of the state squared. */
  readonly meanSquare: Figure;
  /** The standard deviation of each entry of the true states, [2n]: what errors are relative to. */
  readonly scale: readonly number[];
  /** √(mean over entries of ((x − x*)/scale)²) at each time: the median over starts, and the greatest. */
  readonly relative: {
    readonly times: readonly number[];
    readonly median: readonly Figure[];
    readonly greatest: readonly Figure[];
  };
  readonly validTime: ValidTime;
}

/** What errors are held against. */
export interface RollOutErrorOptions {
  /** The relative error that ends a valid prediction. Default 0.1. */
  readonly threshold?: number | undefined;
  /** Valid times are given in it too. */
  readonly unit?: TimeUnit | undefined;
}

/**
 * Compares trajectories. One that diverged counts with its states before that, and its prediction is no longer valid.
 *
 * @param model one trajectory a start, at the times of the true ones or at the first of them
 */
export function rollOutError(
  model: readonly RollOut[],
  truth: readonly RollOut[],
  { threshold = 0.1, unit }: RollOutErrorOptions = {},
): RollOutError {
  const scale = stateScale(truth);
  const relative = model.map((run, k) => relativeErrors(run, truth[k]!, scale));
  const valid = relative.map((errors, k) => validUntil(errors, truth[k]!, threshold));
  const perStart = valid.map(({ t }) => t);
  const middle = median(perStart);
  return {
    meanSquare: mean(model.map((run, k) => meanSquare(run, truth[k]!))),
    scale: [...scale],
    relative: overTime(relative, truth),
    validTime: {
      threshold,
      perStart,
      whole: valid.filter(({ whole }) => whole).length,
      median: middle,
      least: figure(Math.min(...perStart)),
      inUnits: unit && { name: unit.name, median: middle === null ? null : middle / unit.length },
    },
  };
}

/** The standard deviation of each entry over all trajectories, [2n]; of an entry that does not vary its size, or 1. */
export function stateScale(runs: readonly Pick<RollOut, "times" | "states">[]): Float64Array {
  const first = runs[0]!;
  const width = first.states.length / first.times.length;
  const rows = runs.reduce((total, { times }) => total + times.length, 0);
  const average = (of: (value: number, column: number) => number) => {
    const totals = new Float64Array(width);
    for (const { states } of runs) {
      states.forEach((value, at) => {
        totals[at % width]! += of(value, at % width) / rows;
      });
    }
    return totals;
  };
  const centre = average((value) => value);
  const spread = average((value, k) => (value - centre[k]!) ** 2).map(Math.sqrt);
  return spread.map((value, k) => (value > 1e-12 * Math.abs(centre[k]!) ? value : Math.abs(centre[k]!) || 1));
}

/** [rows], as far as both go. */
function relativeErrors({ states }: RollOut, truth: RollOut, scale: Float64Array): Float64Array {
  const width = scale.length;
  const rows = Math.min(states.length, truth.states.length) / width;
  return Float64Array.from({ length: rows }, (_, row) => {
    let total = 0;
    for (let k = 0; k < width; k++) {
      total += ((states[row * width + k]! - truth.states[row * width + k]!) / scale[k]!) ** 2;
    }
    return Math.sqrt(total / width);
  });
}

function meanSquare({ states }: RollOut, truth: RollOut): Figure {
  const count = Math.min(states.length, truth.states.length);
  let total = 0;
  for (let at = 0; at < count; at++) total += (states[at]! - truth.states[at]!) ** 2;
  return figure(total / count);
}

/** The last time before the first error above the threshold, or before the prediction ends. */
function validUntil(errors: Float64Array, { times }: RollOut, threshold: number): { t: number; whole: boolean } {
  const bad = errors.findIndex((error) => !(error <= threshold));
  const good = bad < 0 ? errors.length : bad;
  const whole = good === times.length;
  return { t: crossing(errors, times, good, threshold) - times[0]!, whole };
}

/** The time at which the error comes to the threshold, on a straight line between the samples beside it. */
function crossing(errors: Float64Array, times: Float64Array, good: number, threshold: number): number {
  const [before, after] = [errors[good - 1], errors[good]];
  const last = times[Math.max(good - 1, 0)]!;
  if (before === undefined || after === undefined || !Number.isFinite(after) || after === before) return last;
  return last + ((threshold - before) / (after - before)) * (times[good]! - last);
}

/** Times that are told of at most. */
const mostTimes = 200;

function overTime(relative: readonly Float64Array[], truth: readonly RollOut[]): RollOutError["relative"] {
  const longest = truth.reduce((a, b) => (b.times.length > a.times.length ? b : a)).times;
  const stride = Math.ceil(longest.length / mostTimes);
  const rows = Array.from({ length: Math.ceil(longest.length / stride) }, (_, k) => k * stride);
  const at = (row: number): Figure[] => relative.map((errors) => figure(errors[row]));
  return {
    times: rows.map((row) => longest[row]! - longest[0]!),
    median: rows.map((row) => median(at(row))),
    greatest: rows.map((row) => {
      const known = at(row).filter((value) => value !== null);
      return known.length === 0 ? null : Math.max(...known);
    }),
  };
}
