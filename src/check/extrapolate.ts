/** A limit found numerically, and how far it may be off. */
export interface Estimate {
  readonly value: number;
  /** Truncation and rounding together. */
  readonly error: number;
}

/** Of the table: each takes away two orders of h. */
const mostColumns = 7;

/**
 * The limit at h = 0 of a function that is even in h, by Richardson's table over h, h/2, h/4, … Of the table the entry
 * with the least error is taken: how far it moved from its two neighbours, plus the rounding that it carries. Source:
 * C. J. F. Ridders, Advances in Engineering Software 4 (1982) 75, doi:10.1016/S0141-1195(82)80057-0.
 *
 * @param sample the function
 * @param rounding how far rounding may take `sample(h)`
 */
export function extrapolate(
  sample: (h: number) => number,
  rounding: (h: number) => number,
  { first, levels }: { readonly first: number; readonly levels: number },
): Estimate {
  let row: number[] = [];
  let best: Estimate = { value: Number.NaN, error: Number.POSITIVE_INFINITY };
  for (let level = 0; level < levels; level++) {
    const h = first / 2 ** level;
    const next = [sample(h)];
    // The weights of a row of the table grow to 2 at most; a factor of 4 holds rounding of all its samples.
    const noise = 4 * rounding(h);
    row.slice(0, mostColumns).forEach((previous, k) => {
      next.push(next[k]! + (next[k]! - previous) / (4 ** (k + 1) - 1));
      const moved = Math.max(Math.abs(next[k + 1]! - next[k]!), Math.abs(next[k + 1]! - previous));
      if (moved + noise < best.error) best = { value: next[k + 1]!, error: moved + noise };
    });
    row = next;
  }
  return best;
}
