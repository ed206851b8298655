import { rowExtras } from "../codegen/ensemble/fixed-step.ts";
import type { Integrator } from "../integrate/integrator.ts";
import { type SampleTimes, type Stretches, sampleTimes, stretches } from "../integrate/sample-plan.ts";

/** Equal steps; `sample` is the number of the sample at their end, or 0 where they are part of a longer stretch. */
export interface PlanRow {
  readonly from: number;
  readonly h: number;
  readonly k0: number;
  readonly to: number;
  readonly steps: number;
  /** Whether the steps before had the same size. */
  readonly extrapolate: boolean;
  readonly sample: number;
  readonly extras: readonly number[];
}

/**
 * All of a run's samples, the start included, and for fixed steps what lies between; computed when it is asked for, so
 * that a run may have any number of them.
 */
export interface RunPlan {
  readonly start: number;
  readonly end: number;
  /** S. */
  readonly samples: number;
  /** The time of a sample, from 0 to S − 1. */
  time(sample: number): number;
  /** How many rows there are for the samples before this one, from 0 to S. */
  rowsBefore(sample: number): number;
  /** Rows that lead to samples first … end − 1; none for adaptive methods. */
  rows(first: number, end: number): PlanRow[];
  /** Steps of each trajectory until a time; 0 for adaptive methods. */
  stepsUntil(time: number): number;
  /** Steps of each trajectory; 0 for adaptive methods. */
  readonly steps: number;
  readonly dt: number | undefined;
}

/** Steps of one row: a 32-bit counter holds them. */
const mostSteps = 2 ** 30;

export interface Span {
  readonly start: number;
  readonly end: number;
  readonly dt: number | undefined;
  readonly samples: number | ArrayLike<number> | undefined;
  readonly omega: number | undefined;
}

export function planRun(integrator: Integrator, { start, end, dt, samples, omega }: Span): RunPlan {
  if (start === end) return samplesAt(start, end, { length: 0, at: () => end });
  if (integrator.adaptive) return samplesAt(start, end, sampleTimes(start, end, samples ?? 101)!);
  const all = stretches(start, end, dt!, samples);
  const { length, h } = all;
  const rowsBefore = rowCount(all);
  let extras: { h: number; values: number[] } | undefined;
  const extrasOf = (width: number): number[] => {
    if (extras?.h !== width) extras = { h: width, values: rowExtras(integrator.scheme, width, omega) };
    return extras.values;
  };
  return {
    start,
    end,
    samples: length + 1,
    time: (sample) => (sample === 0 ? start : all.at(sample - 1).to),
    rowsBefore,
    rows: (first, last) => rowsOf(all, extrasOf, Math.max(first, 1), last),
    stepsUntil: (time) => stepsUntil(all, time),
    steps: all.stepsBefore(length),
    dt: h === undefined ? undefined : Math.abs(h),
  };
}

/** The times of samples first … end − 1. */
export function timesOf(plan: RunPlan, first: number, end: number): Float64Array {
  const times = new Float64Array(end - first);
  for (let k = 0; k < times.length; k++) times[k] = plan.time(first + k);
  return times;
}

/** A run whose steps are not known before. */
function samplesAt(start: number, end: number, later: SampleTimes): RunPlan {
  return {
    start,
    end,
    samples: later.length + 1,
    time: (sample) => (sample === 0 ? start : later.at(sample - 1)),
    rowsBefore: () => 0,
    rows: () => [],
    stepsUntil: () => 0,
    steps: 0,
    dt: undefined,
  };
}

/** Stretch k leads to sample k + 1; it has a row, or several where one does not hold its steps. */
function rowCount({ length, each, stepsBefore }: Stretches): (sample: number) => number {
  if (each !== undefined) return (sample) => Math.max(0, sample - 1) * Math.ceil(each / mostSteps);
  const before = new Int32Array(length + 1);
  for (let k = 0; k < length; k++) {
    before[k + 1] = before[k]! + Math.ceil((stepsBefore(k + 1) - stepsBefore(k)) / mostSteps);
  }
  return (sample) => before[Math.max(0, sample - 1)]!;
}

function rowsOf(all: Stretches, extrasOf: (h: number) => number[], first: number, end: number): PlanRow[] {
  const rows: PlanRow[] = [];
  let before = first > 1 ? all.at(first - 2).h : undefined;
  for (let sample = first; sample < end; sample++) {
    const { from, to, steps, h } = all.at(sample - 1);
    const extras = extrasOf(h);
    for (let k0 = 0; k0 < steps; k0 += mostSteps) {
      const size = Math.min(mostSteps, steps - k0);
      const reached = k0 + size === steps ? sample : 0;
      rows.push({ from, h, k0, to, steps: size, extrapolate: before === h, sample: reached, extras });
      before = h;
    }
  }
  return rows;
}

function stepsUntil({ length, at, stepsBefore }: Stretches, time: number): number {
  const inside = (k: number): number => Math.round((time - at(k).from) / at(k).h);
  let [low, high] = [0, length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (inside(middle) < at(middle).steps) high = middle;
    else low = middle + 1;
  }
  return low === length ? stepsBefore(length) : stepsBefore(low) + Math.max(0, inside(low));
}
