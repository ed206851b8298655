import { baseUnits } from "./unit-table.ts";

/**
 * A dimension: a product of powers of the base units and of the unknown dimensions of quantities without a declared
 * unit. Exponents are rational, held as doubles.
 */
export interface Dimension {
  /** One exponent for each of `baseUnits`. */
  readonly base: readonly number[];
  /** Exponents of unknown dimensions, by name; none is 0. */
  readonly unknown: ReadonlyMap<string, number>;
}

const noUnknowns: ReadonlyMap<string, number> = new Map();

export const dimensionless: Dimension = { base: baseUnits.map(() => 0), unknown: noUnknowns };

/** The dimension with the given exponents of the base units. */
export function knownDimension(base: readonly number[]): Dimension {
  if (base.every((exponent) => exponent === 0)) return dimensionless;
  return { base: base.map(tidy), unknown: noUnknowns };
}

/** The unknown dimension of `name`. */
export function unknownDimension(name: string): Dimension {
  return { base: dimensionless.base, unknown: new Map([[name, 1]]) };
}

/** `a · b^power`. */
export function timesPower(a: Dimension, b: Dimension, power: number): Dimension {
  if (b === dimensionless || power === 0) return a;
  if (a === dimensionless && power === 1) return b;
  const base = a.base.map((exponent, at) => tidy(exponent + power * b.base[at]!));
  if (b.unknown.size === 0) return { base, unknown: a.unknown };
  const unknown = new Map(a.unknown);
  for (const [name, exponent] of b.unknown) {
    const total = tidy((unknown.get(name) ?? 0) + power * exponent);
    if (total === 0) unknown.delete(name);
    else unknown.set(name, total);
  }
  return { base, unknown };
}

/** `a^power`. */
export function raise(a: Dimension, power: number): Dimension {
  return power === 1 ? a : timesPower(dimensionless, a, power);
}

export function isDimensionless(a: Dimension): boolean {
  return a.unknown.size === 0 && a.base.every((exponent) => exponent === 0);
}

/** What has been found out about unknown dimensions: a system of linear equations over the exponents, kept solved. */
export interface Unifier {
  /** `a` with every solved unknown replaced. */
  resolve(a: Dimension): Dimension;
  /** Learns that `a` and `b` are the same; answers false, and learns nothing, where that is impossible. */
  equate(a: Dimension, b: Dimension): boolean;
}

export function unifier(): Unifier {
  const solved = new Map<string, Dimension>();
  const resolve = (a: Dimension): Dimension => {
    let result = a;
    for (const [name, exponent] of a.unknown) {
      const value = solved.get(name);
      if (value) result = timesPower(timesPower(result, value, exponent), unknownDimension(name), -exponent);
    }
    return result;
  };
  const equate = (a: Dimension, b: Dimension): boolean => {
    if (a === b) return true;
    const difference = resolve(timesPower(a, b, -1));
    if (isDimensionless(difference)) return true;
    const [pivot] = difference.unknown;
    if (!pivot) return false;
    const [name, exponent] = pivot;
    const rest = timesPower(difference, unknownDimension(name), -exponent);
    solved.set(name, raise(rest, -1 / exponent));
    for (const [other, value] of solved) if (value.unknown.has(name)) solved.set(other, resolve(value));
    return true;
  };
  return { resolve, equate };
}

/**
 * The dimension in words: `kg m^2/s`, `1/s`, `dimensionless`; an unknown stands as `[q]`.
 *
 * @example formatDimension(knownDimension([1, 2, -2, 0, -1, 0, 0])) // "kg m^2/(s^2 K)"
 */
export function formatDimension(a: Dimension): string {
  const factors: [string, number][] = [...a.unknown].map(([name, exponent]) => [`[${name}]`, exponent]);
  a.base.forEach((exponent, at) => {
    if (exponent !== 0) factors.push([baseUnits[at]!, exponent]);
  });
  if (factors.length === 0) return "dimensionless";
  const above = factors.filter(([, exponent]) => exponent > 0).map(formatFactor);
  const below = factors.filter(([, exponent]) => exponent < 0).map(formatFactor);
  const numerator = above.join(" ") || "1";
  if (below.length === 0) return numerator;
  return `${numerator}/${below.length === 1 ? below[0] : `(${below.join(" ")})`}`;
}

function formatFactor([name, exponent]: [string, number]): string {
  const size = Math.abs(exponent);
  if (size === 1) return name;
  for (let below = 1; below <= 12; below++) {
    const above = Math.round(size * below);
    if (above / below === size) return below === 1 ? `${name}^${above}` : `${name}^(${above}/${below})`;
  }
  return `${name}^${size}`;
}

/** Takes round-off out of an exponent: within 1e-9 of a fraction with a denominator that divides 5040 it is that one. */
function tidy(exponent: number): number {
  const snapped = Math.round(exponent * 5040) / 5040;
  return Math.abs(snapped - exponent) <= 1e-9 ? snapped + 0 : exponent;
}
