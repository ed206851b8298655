/** error ≈ factor · t^exponent. */
export interface Trend {
  readonly factor: number;
  readonly exponent: number;
  /** Whether the exponent is nothing: then `factor` is the root mean square of all errors. */
  readonly flat: boolean;
  /** Which part of the variance of the logarithms the power explains. */
  readonly r2: number;
  at(t: number): number;
}

/** Each is to hold some periods of an error that oscillates. */
const mostBins = 32;

/**
 * Fits a power of time to errors: least squares of the logarithms of their root mean squares over equal stretches of
 * time, so that an oscillating error counts by its size. Undefined for fewer than 24 errors.
 *
 * @param times since the start of each run, [rows]
 * @param errors positive or NaN, [rows]
 */
export function powerTrend(times: Float64Array, errors: Float64Array): Trend | undefined {
  const counted = (k: number) => Number.isFinite(errors[k]!) && times[k]! > 0;
  let [used, end] = [0, 0];
  for (let k = 0; k < errors.length; k++) if (counted(k)) [used, end] = [used + 1, Math.max(end, times[k]!)];
  if (used < 24 || !(end > 0)) return undefined;
  const bins = Math.min(mostBins, Math.floor(used / 4));
  const squares = new Float64Array(bins);
  const moments = new Float64Array(bins);
  const counts = new Float64Array(bins);
  for (let k = 0; k < errors.length; k++) {
    if (!counted(k)) continue;
    const at = Math.min(Math.floor((bins * times[k]!) / end), bins - 1);
    squares[at] = squares[at]! + errors[k]! ** 2;
    moments[at] = moments[at]! + times[k]!;
    counts[at] = counts[at]! + 1;
  }
  // In the first stretch time changes by its whole: its mean says little about a power.
  const full = [...counts.keys()].filter((at) => counts[at]! > 0 && at > 0);
  if (full.length < 5) return undefined;
  const us = full.map((at) => Math.log(moments[at]! / counts[at]!));
  const vs = full.map((at) => Math.log(squares[at]! / counts[at]!) / 2);
  const { slope, intercept, r2 } = line(us, vs);
  // What explains less than half of the scatter, or has not grown by half, is no trend as far as this run tells.
  const flat = r2 < 0.5 || Math.abs(slope * (us.at(-1)! - us[0]!)) < Math.log(1.5);
  const mean = Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / used);
  const factor = flat ? mean : Math.exp(intercept);
  return { factor, exponent: slope, flat, r2, at: (t) => (flat ? factor : factor * t ** slope) };
}

function line(us: readonly number[], vs: readonly number[]): { slope: number; intercept: number; r2: number } {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [u, v] = [mean(us), mean(vs)];
  const spread = (a: readonly number[], b: readonly number[], ma: number, mb: number) =>
    a.reduce((sum, value, k) => sum + (value - ma) * (b[k]! - mb), 0);
  const [uu, uv, vv] = [spread(us, us, u, u), spread(us, vs, u, v), spread(vs, vs, v, v)];
  const slope = uu === 0 ? 0 : uv / uu;
  return { slope, intercept: v - slope * u, r2: vv === 0 || uu === 0 ? 0 : uv ** 2 / (uu * vv) };
}
