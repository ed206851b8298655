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

const bins = 40;

/**
 * Fits a power of time to errors: least squares of the logarithms of root mean squares over bins that are even in log t,
 * over the last two decades, so that an oscillating error counts by its size and the beginning does not outweigh the rest.
 * Undefined where fewer than five bins hold errors.
 *
 * @param times since the start of each run, [rows]
 * @param errors positive or NaN, [rows]
 */
export function powerTrend(times: Float64Array, errors: Float64Array): Trend | undefined {
  let end = 0;
  for (let k = 0; k < times.length; k++) end = Math.max(end, times[k]!);
  if (!(end > 0)) return undefined;
  const sums = new Float64Array(bins);
  const logs = new Float64Array(bins);
  const counts = new Float64Array(bins);
  let total = 0;
  let all = 0;
  for (let k = 0; k < times.length; k++) {
    const [t, error] = [times[k]!, errors[k]!];
    if (!Number.isFinite(error) || t <= 0) continue;
    total += error ** 2;
    all++;
    const bin = Math.floor(bins * (1 + Math.log10(t / end) / 2));
    if (bin < 0) continue;
    const at = Math.min(bin, bins - 1);
    sums[at] = sums[at]! + error ** 2;
    logs[at] = logs[at]! + Math.log(t);
    counts[at] = counts[at]! + 1;
  }
  const used = [...counts.keys()].filter((at) => counts[at]! > 0);
  if (used.length < 5) return undefined;
  const us = used.map((at) => logs[at]! / counts[at]!);
  const vs = used.map((at) => Math.log(sums[at]! / counts[at]!) / 2);
  const { slope, intercept, r2 } = line(us, vs);
  const growth = slope * (us.at(-1)! - us[0]!);
  // An error that has not doubled over two decades is bounded as far as this run tells.
  const flat = Math.abs(growth) < Math.LN2 || Math.abs(slope) < 0.1 || r2 < 0.1;
  const factor = flat ? Math.sqrt(total / all) : Math.exp(intercept);
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
