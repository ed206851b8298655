/** A numerical derivative, and how far it may be off. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/**
 * The derivative of `f` at `x` by central differences with shrinking steps, extrapolated to step 0 (Richardson's table,
 * as in Ridders 1982, doi:10.1016/S0141-1195(82)80057-0). Of the table the entry that moved least is taken, and how
 * far it moved is the error, with the rounding of the differences: that grows as the step falls, and a kink or a pole
 * nearby keeps every entry moving.
 */
export function numericalDerivative(f: (x: number) => number, x: number, first = 0.05): Estimate {
  let row: number[] = [];
  let best: Estimate = { value: Number.NaN, error: Number.POSITIVE_INFINITY };
  for (let level = 0; level < 8; level++) {
    const h = first / 2 ** level;
    const [high, low] = [x + h, x - h];
    const [above, below] = [f(high), f(low)];
    const next = [(above - below) / (high - low)];
    const rounding = (2 ** -51 * Math.max(Math.abs(above), Math.abs(below))) / h;
    for (const [k, previous] of row.entries()) {
      next.push(next[k]! + (next[k]! - previous) / (4 ** (k + 1) - 1));
      const error = Math.max(Math.abs(next[k + 1]! - next[k]!), Math.abs(next[k + 1]! - previous)) + rounding;
      if (error < best.error) best = { value: next[k + 1]!, error };
    }
    row = next;
  }
  return best;
}

const bits = new BigInt64Array(1);
const double = new Float64Array(bits.buffer);

function ordinal(x: number): bigint {
  double[0] = x;
  return bits[0]! < 0n ? -(bits[0]! & 0x7fffffffffffffffn) : bits[0]!;
}

/** How many doubles lie between two: 0 for equal ones (0 and −0 are equal), Infinity where just one is NaN. */
export function ulpsBetween(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) === Number.isNaN(b) ? 0 : Number.POSITIVE_INFINITY;
  const distance = ordinal(a) - ordinal(b);
  return Number(distance < 0n ? -distance : distance);
}

/** |a − b| relative to the larger of |b| and `floor`. */
export function relativeError(a: number, b: number, floor = Number.MIN_VALUE): number {
  if (a === b) return 0;
  return Math.abs(a - b) / Math.max(Math.abs(b), floor);
}
