import { type Run, stateNames } from "../data/dataset.ts";
import { curveOf, type RunStyle } from "./curves.ts";
import { hermite, ratesFit } from "./hermite.ts";
import type { LineMark, PointMark } from "./panel.ts";
import { extent } from "./range.ts";
import { ratesOf } from "./rates.ts";
import type { Subject } from "./subject.ts";

/** Curves of more samples are smooth as they stand; all runs together are to be computed in no time. */
const mostRefined = 5000;
const mostRefinedRows = 200_000;
/** Separate points of a picture, some 15 bytes of SVG each. */
export const mostSeparate = 100_000;
/** Pieces of a cubic between two samples. */
const pieces = 8;
/** A curve that turns by more, in the middle of its turns, between one sample and the next was not sampled as a curve. */
const mostTurn = Math.PI / 3;

/** Trajectories as curves in a plane of two columns. */
export interface Curves {
  readonly curves: readonly (LineMark | PointMark)[];
  /** Whether they are points, since samples are too far apart to be joined. */
  readonly scattered: boolean;
  readonly notes: readonly string[];
}

/** Beyond it a series over time is a band, which keeps every extreme, where points would have to be left out. */
const mostPointsOverTime = 20_000;

/**
 * A curve a run: between samples along the field where it is known, or points where samples are too far apart to be
 * joined.
 *
 * @param most how many separate points there may be
 */
export function trajectoryCurves(
  subject: Subject,
  styles: readonly RunStyle[],
  x: string,
  y: string,
  most: number = mostSeparate,
): Curves {
  const [xs, ys] = [subject.column(x), subject.column(y)];
  const ordinates = ordinatesOf(subject, x, y);
  const fits = styles.map(({ run }) => (ordinates ? fitOf(run, subject.dataset.times!, ordinates) : undefined));
  const scattered = styles.filter(({ run }, k) => (fits[k] === undefined ? isScattered(run, xs, ys) : fits[k]! < 0.5));
  const band = x === "t" && subject.dataset.rows > mostPointsOverTime;
  if (2 * scattered.length > styles.length && !band) {
    const radius = subject.dataset.rows > 3000 ? 0.8 : subject.dataset.rows > 400 ? 1.2 : 2;
    const every = Math.ceil(subject.dataset.rows / most);
    const curves = styles.map(({ run, color }) => pointsOf(run, color, radius, every, xs, ys));
    const left = every > 1 ? [`one of ${every} samples is drawn`] : [];
    return { curves, scattered: true, notes: ["samples are not joined: they lie too far apart, or scatter", ...left] };
  }
  const curves = styles.map((style, k) =>
    ordinates && fits[k] !== undefined && fits[k]! >= 0.9
      ? refined(style, subject.dataset.times!, ordinates)
      : curveOf(style, xs, ys),
  );
  return { curves, scattered: false, notes: [] };
}

function pointsOf(
  { start, end }: Run,
  color: string,
  radius: number,
  every: number,
  xs: Float64Array,
  ys: Float64Array,
): PointMark {
  const own = (values: Float64Array) => values.subarray(start, end).filter((_value, k) => k % every === 0);
  return { kind: "points", xs: own(xs), ys: own(ys), color, radius };
}

/** By the median of the turns from one chord to the next, as they are seen. */
function isScattered({ start, end }: Run, xs: Float64Array, ys: Float64Array): boolean {
  if (end - start < 12) return false;
  const rangeOf = (values: Float64Array) => {
    const [low, high] = extent(values.subarray(start, end)) ?? [0, 0];
    return high - low || 1;
  };
  const [unitX, unitY] = [rangeOf(xs), rangeOf(ys)];
  const step = Math.max(1, Math.floor((end - start) / 2000));
  const turns: number[] = [];
  for (let row = start + 1; row + 1 < end; row += step) {
    const [a, b] = [(xs[row]! - xs[row - 1]!) / unitX, (ys[row]! - ys[row - 1]!) / unitY];
    const [c, d] = [(xs[row + 1]! - xs[row]!) / unitX, (ys[row + 1]! - ys[row]!) / unitY];
    const turn = Math.abs(Math.atan2(a * d - b * c, a * c + b * d));
    // Rest, and steps as small as rounding, turn by chance.
    if (Math.hypot(a, b) > 1e-3 && Math.hypot(c, d) > 1e-3) turns.push(turn);
  }
  turns.sort((p, q) => p - q);
  return turns.length > 0.5 * ((end - start) / step) && turns[Math.floor(turns.length / 2)]! > mostTurn;
}

interface Ordinate {
  readonly values: Float64Array;
  /** Its time derivative. */
  rate(row: number): number;
}

/** Both columns with their rates, where these are known and the samples are few enough for it to matter. */
function ordinatesOf(subject: Subject, x: string, y: string): readonly [Ordinate, Ordinate] | undefined {
  const { dataset } = subject;
  const names = stateNames(dataset);
  const longest = Math.max(...dataset.runs.map(({ start, end }) => end - start));
  const known = [x, y].every((name) => name === "t" || names.includes(name));
  const few = longest <= mostRefined && dataset.rows <= mostRefinedRows;
  const rates = known && few ? ratesOf(subject) : undefined;
  if (!rates) return undefined;
  const ordinate = (name: string): Ordinate => {
    const place = names.indexOf(name);
    return { values: subject.column(name), rate: place < 0 ? () => 1 : (row) => rates[row * names.length + place]! };
  };
  return [ordinate(x), ordinate(y)];
}

/** Which part of the steps from sample to sample the rates explain; undefined where there are too few to tell. */
function fitOf({ start, end }: Run, times: Float64Array, ordinates: readonly [Ordinate, Ordinate]): number | undefined {
  if (end - start < 4) return undefined;
  let fitting = 0;
  for (let row = start; row + 1 < end; row++) fitting += stepFits(row, times, ordinates) ? 1 : 0;
  return fitting / (end - start - 1);
}

function stepFits(row: number, times: Float64Array, ordinates: readonly [Ordinate, Ordinate]): boolean {
  const h = times[row + 1]! - times[row]!;
  return ordinates.every(({ values, rate }) => ratesFit(h, values[row]!, rate(row), values[row + 1]!, rate(row + 1)));
}

function refined(style: RunStyle, times: Float64Array, ordinates: readonly [Ordinate, Ordinate]): LineMark {
  const { run, color, width, opacity } = style;
  const out: [number[], number[]] = [[], []];
  for (let row = run.start; row + 1 < run.end; row++) {
    const h = times[row + 1]! - times[row]!;
    const count = stepFits(row, times, ordinates) ? pieces : 1;
    for (let k = 0; k < count; k++) {
      for (const [axis, { values, rate }] of ordinates.entries()) {
        out[axis]!.push(hermite(k / pieces, h, values[row]!, rate(row), values[row + 1]!, rate(row + 1)));
      }
    }
  }
  for (const [axis, { values }] of ordinates.entries()) out[axis]!.push(values[run.end - 1]!);
  return { kind: "line", xs: Float64Array.from(out[0]), ys: Float64Array.from(out[1]), color, width, opacity };
}
