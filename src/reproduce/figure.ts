/** A number over seeds. */
export interface Figure {
  /** NaN where there is none, which is null as JSON. */
  readonly mean: number;
  /** The standard deviation over seeds, 0 of one. */
  readonly std: number;
  /** Seeds that gave a finite number. */
  readonly n: number;
  /** The middle one: a trajectory that is lost in one seed rules the mean. */
  readonly median: number;
}

/** What a number comes to over seeds; those that diverged are not counted. */
export function figureOf(values: readonly number[]): Figure {
  const finite = values.filter(Number.isFinite);
  const n = finite.length;
  const middle = mean(finite);
  const squares = finite.reduce((total, value) => total + (value - middle) ** 2, 0);
  return { mean: middle, std: n > 1 ? Math.sqrt(squares / (n - 1)) : 0, n, median: medianOf(finite) };
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  if (sorted.length === 0) return Number.NaN;
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!;
}

export function mean(values: ArrayLike<number>): number {
  let total = 0;
  for (let k = 0; k < values.length; k++) total += values[k]!;
  return total / values.length;
}
