import { HnncError } from "../errors.ts";
import {
  asTrajectory,
  type Dataset,
  makeDataset,
  stateLength,
  stateNames,
  strided,
  type Trajectory,
} from "./dataset.ts";
import { differences } from "./difference.ts";
import { savitzkyGolay } from "./savitzky-golay.ts";
import { smoothingSpline } from "./smoothing-spline.ts";

export type DerivativeMethod = "midpoint" | "forward" | "savitzky-golay" | "smoothing-spline";

export interface DerivativeOptions {
  readonly method: DerivativeMethod;
  /** Savitzky–Golay: samples a fit, odd. Default 7. */
  readonly window?: number | undefined;
  /** Savitzky–Golay: of the polynomial. Default 4. */
  readonly degree?: number | undefined;
  /** Smoothing spline: λ, in units of time³, for all columns. Default: generalised cross-validation, a column at a time. */
  readonly smoothing?: number | undefined;
}

/** What an estimate rests on, for reports; h is the step of time, σ the noise of a state. */
export interface DerivativeAssumptions {
  readonly assumes: string;
  /** Its systematic error for small h. */
  readonly bias: string;
  /** What noise of the states does to it. */
  readonly noise: string;
}

/** What each estimator assumes. The orders are asserted by tests. */
export const derivativeAssumptions: Readonly<Record<DerivativeMethod, DerivativeAssumptions>> = {
  midpoint: {
    assumes:
      "motion smooth over one step; states and derivatives move to the middle of each pair of rows, one row less a run",
    bias: "h²/24 x‴ in the derivative and h²/8 ẍ in the state",
    noise: "√2 σ/h, independent of the state's noise (σ/√2); neighbouring rows are correlated by −1/2",
  },
  forward: {
    assumes: "motion almost straight over one step; the derivative is said to belong to the first row of each pair",
    bias: "h/2 ẍ: half a step late, which a fit of an oscillation takes for damping",
    noise: "√2 σ/h, correlated with the state's noise",
  },
  "savitzky-golay": {
    assumes: "motion a polynomial over the window; noise independent from row to row; states are replaced by the fit",
    bias: "of order h⁴ for degrees 3 and 4 (hᵈ for even, hᵈ⁺¹ for odd degrees d); hᵈ within half a window of the ends",
    noise: "less than σ/h, falling as window^(-3/2); larger at the ends",
  },
  "smoothing-spline": {
    assumes: "noise white and equal along a run; smoothness (∫ẍ²) equal along a run; states are replaced by the fit",
    bias: "λ x⁗ in the state; at the ends the curve is taken to be straight, which spoils the slopes of the outer rows",
    noise: "balanced against the bias by cross-validation; runs of fewer than some 20 rows leave it little to go by",
  },
};

/** A dataset with derivatives, and what is known about them. */
export interface DerivativeEstimate extends DerivativeAssumptions {
  readonly dataset: Dataset;
  /** Smoothing spline: the noise of each column as the fit sees it, root mean square over runs. */
  readonly sigma?: Readonly<Record<string, number>>;
}

/**
 * Estimates ẋ from measured states, run by run: cut runs at gaps first.
 *
 * @throws HnncError kind `data` where there are no times, time does not increase within a run, or a run is too short;
 * kind `usage` for a window or degree that is none
 * @example
 * const { dataset, bias } = estimateDerivatives(splitAtGaps(measured).dataset, { method: "midpoint" });
 */
export function estimateDerivatives(dataset: Dataset, options: DerivativeOptions): DerivativeEstimate {
  const { method } = options;
  const timed = requireTimes(dataset);
  requireRows(timed, rowsNeeded(options), method);
  const known = derivativeAssumptions[method];
  const done = (result: Dataset, more: Partial<DerivativeEstimate> = {}): DerivativeEstimate => {
    const used = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const provenance = { ...dataset.provenance, derivatives: { ...used, assumes: known.assumes, bias: known.bias } };
    return { ...known, ...more, dataset: makeDataset({ ...result, provenance }) };
  };
  switch (method) {
    case "midpoint":
      return done(differences(timed, 0.5));
    case "forward":
      return done(differences(timed, 0));
    case "savitzky-golay":
      return done(smoothed(timed, (times, samples) => savitzkyGolay(times, samples, windowOf(options))));
    case "smoothing-spline": {
      const { result, sigma } = splined(timed, options.smoothing);
      return done(result, { sigma });
    }
  }
}

function requireTimes(dataset: Dataset): Trajectory {
  const timed = asTrajectory(dataset);
  const { times } = timed;
  for (const { id, start, end } of dataset.runs) {
    for (let row = start + 1; row < end; row++) {
      if (times[row]! > times[row - 1]!) continue;
      throw refusal("time-order", `in run ${id}, time goes from ${times[row - 1]} to ${times[row]} at row ${row + 1}`);
    }
  }
  return timed;
}

function requireRows(dataset: Dataset, needed: number, method: string): void {
  const short = dataset.runs.find(({ start, end }) => end - start < needed);
  if (!short) return;
  throw refusal(
    "short-run",
    `run ${short.id} has ${short.end - short.start} of the ${needed} rows that ${method} needs`,
  );
}

function refusal(code: string, message: string): HnncError {
  return new HnncError({ kind: "data", code, message });
}

function rowsNeeded(options: DerivativeOptions): number {
  if (options.method === "savitzky-golay") return windowOf(options).window;
  return options.method === "smoothing-spline" ? 5 : 2;
}

function windowOf({ window = 7, degree = 4 }: DerivativeOptions): { readonly window: number; readonly degree: number } {
  const sound =
    Number.isInteger(window) && window % 2 === 1 && Number.isInteger(degree) && degree >= 1 && degree < window;
  if (sound) return { window, degree };
  throw new HnncError({
    kind: "usage",
    code: "bad-window",
    message: `a window of ${window} and degree ${degree} are no fit`,
    hint: "the window is odd and larger than the degree",
  });
}

/** Fits every run by itself. */
function smoothed(
  dataset: Trajectory,
  curve: (
    times: Float64Array,
    samples: Float64Array,
  ) => { readonly values: Float64Array; readonly slopes: Float64Array },
): Dataset {
  const width = stateLength(dataset);
  const states = new Float64Array(dataset.states.length);
  const derivatives = new Float64Array(dataset.states.length);
  for (const { start, end } of dataset.runs) {
    const samples = dataset.states.subarray(start * width, end * width);
    const { values, slopes } = curve(dataset.times.subarray(start, end), samples);
    states.set(values, start * width);
    derivatives.set(slopes, start * width);
  }
  return makeDataset({ ...dataset, states, derivatives, energies: undefined });
}

function splined(
  dataset: Trajectory,
  smoothing: number | undefined,
): { readonly result: Dataset; readonly sigma: Readonly<Record<string, number>> } {
  const names = stateNames(dataset);
  const squares = new Float64Array(names.length);
  const result = smoothed(dataset, (times, samples) => {
    const values = new Float64Array(samples.length);
    const slopes = new Float64Array(samples.length);
    for (let c = 0; c < names.length; c++) {
      const spline = smoothingSpline(times, strided(samples, c, names.length), smoothing);
      squares[c]! += spline.sigma ** 2 / dataset.runs.length;
      for (let row = 0; row < times.length; row++) {
        values[row * names.length + c] = spline.values[row]!;
        slopes[row * names.length + c] = spline.slopes[row]!;
      }
    }
    return { values, slopes };
  });
  return { result, sigma: Object.fromEntries(names.map((name, c) => [name, Math.sqrt(squares[c]!)])) };
}
