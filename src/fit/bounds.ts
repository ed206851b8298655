import { HnncError } from "../errors.ts";
import { checkLength } from "./matrix.ts";

/** [n] each; −Infinity and Infinity where there is none. */
export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** @throws HnncError `bad-bounds` (usage) where a lower bound is not below its upper one */
export function boundsOf(n: number, lower?: ArrayLike<number>, upper?: ArrayLike<number>): Bounds {
  if (lower) checkLength(lower, n, "the list of lower bounds");
  if (upper) checkLength(upper, n, "the list of upper bounds");
  const bounds = {
    lower: lower ? Float64Array.from(lower) : new Float64Array(n).fill(Number.NEGATIVE_INFINITY),
    upper: upper ? Float64Array.from(upper) : new Float64Array(n).fill(Number.POSITIVE_INFINITY),
  };
  for (let j = 0; j < n; j++) {
    if (bounds.lower[j]! < bounds.upper[j]!) continue;
    throw new HnncError({
      kind: "usage",
      code: "bad-bounds",
      message: `parameter ${j + 1} is bounded by ${bounds.lower[j]} below and ${bounds.upper[j]} above`,
      hint: "the lower bound has to be the smaller one; a parameter that is known is no parameter",
    });
  }
  return bounds;
}

/** The nearest place inside: a new array. */
export function clamped(x: Float64Array, { lower, upper }: Bounds): Float64Array {
  return x.map((value, j) => Math.min(Math.max(value, lower[j]!), upper[j]!));
}

/** Parameters that are inside, or at a bound that downhill leads away from. */
export function freeParameters(x: Float64Array, gradient: Float64Array, { lower, upper }: Bounds): readonly number[] {
  return Array.from(x.keys()).filter((j) => {
    if (x[j]! <= lower[j]!) return gradient[j]! < 0;
    return x[j]! < upper[j]! || gradient[j]! > 0;
  });
}
