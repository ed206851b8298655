import type { Uncertainty } from "../fit/uncertainty.ts";
import type { ParameterSet } from "../hnn/parameters.ts";

/**
 * Parameters as least squares sees them: physical constants in their units, with bounds, instead of the numbers that
 * stand for them; everything else as it is. A formula that is linear in a constant is linear in it whatever its bounds.
 */
export interface NaturalCoordinates {
  /** [n]; infinite where there is none. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  fromRaw(raw: Float64Array): Float64Array;
  /** Of values on a bound, the raw numbers of values a little inside. */
  toRaw(natural: Float64Array): Float64Array;
  /** d raw / d natural at raw numbers, [n]. */
  slopes(raw: Float64Array): Float64Array;
}

/** What least squares knows of parameters in natural coordinates, and which of them press against a bound. */
export interface NaturalUncertainty extends Uncertainty {
  readonly atBound: readonly number[];
}

export function naturalCoordinates({ slices, count }: ParameterSet): NaturalCoordinates {
  const ranges = slices.flatMap(({ range, size }) => new Array<typeof range>(size).fill(range));
  const table = (value: (k: number) => number) => Float64Array.from({ length: count }, (_, k) => value(k));
  return {
    lower: table((k) => ranges[k]?.min ?? Number.NEGATIVE_INFINITY),
    upper: table((k) => ranges[k]?.max ?? Number.POSITIVE_INFINITY),
    fromRaw: (raw) => raw.map((value, k) => ranges[k]?.valueOf(value) ?? value),
    toRaw: (natural) => natural.map((value, k) => ranges[k]?.rawOf(value) ?? value),
    slopes: (raw) => raw.map((value, k) => 1 / (ranges[k]?.slope(value) ?? 1)),
  };
}
