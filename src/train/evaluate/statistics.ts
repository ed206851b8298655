/** A number that JSON can hold: null where there is none. */
export type Figure = number | null;

/** The number, or null where it is not finite. */
export function figure(value: number | undefined): Figure {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** Null where there are none. */
export function mean(values: readonly Figure[]): Figure {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : figure(known.reduce((sum, value) => sum + value, 0) / known.length);
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly Figure[]): Figure {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const half = sorted.length / 2;
  if (sorted.length === 0) return null;
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!;
}

/**
 * The uncertainty of a mean as arXiv:1906.01563 gives it: the standard deviation of the means of five groups, in their
 * order, over √5. Null for fewer values than groups.
 */
export function groupError(values: readonly Figure[], groups = 5): Figure {
  if (values.length < groups) return null;
  const size = values.length / groups;
  const means = Array.from({ length: groups }, (_, k) =>
    mean(values.slice(Math.round(k * size), Math.round((k + 1) * size))),
  );
  const centre = mean(means);
  if (centre === null) return null;
  const variance = mean(means.map((value) => (value === null ? null : (value - centre) ** 2)));
  return variance === null ? null : Math.sqrt(variance / groups);
}
