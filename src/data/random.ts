import { HnncError } from "../errors.ts";

/** Multipliers and key increments of Philox-4x32. */
const m0 = 0xd2511f53;
const m1 = 0xcd9e8d57;
const w0 = 0x9e3779b9;
const w1 = 0xbb67ae85;
const rounds = 10;

/** Four words of 32 bits. */
export type Words = readonly [number, number, number, number];

/**
 * Philox-4x32-10: a bijection of 128-bit counters under a 64-bit key that passes every known statistical test.
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11, doi:10.1145/2063384.2063405.
 */
export function philox([c0, c1, c2, c3]: Words, key: readonly [number, number]): Words {
  let [k0, k1] = key;
  for (let round = 0; round < rounds; round++) {
    const high0 = highProduct(m0, c0);
    const high1 = highProduct(m1, c2);
    const low0 = Math.imul(m0, c0) >>> 0;
    const low1 = Math.imul(m1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c1 = low1;
    c3 = low0;
    k0 = (k0 + w0) >>> 0;
    k1 = (k1 + w1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The upper 32 bits of a product of two 32-bit numbers, by halves: f64 holds only 53 bits of it. */
function highProduct(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000)) >>> 0;
}

/** Random numbers of one place. */
export interface RandomNumbers {
  /** Uniform in [0, 1), a multiple of 2^-53. */
  uniform(): number;
  /** Mean 0, standard deviation 1. */
  normal(): number;
  /** A whole number uniform in 0 … count − 1. */
  below(count: number): number;
}

/** A family of random numbers: one sequence for every place, each reachable at once. */
export interface RandomStream {
  /** The numbers of a place, from their beginning. Both are whole numbers below 2^32. */
  at(index: number, second?: number): RandomNumbers;
}

/**
 * Random numbers that depend on the seed, the name of their use and their place, and on nothing else: not on the order
 * in which places are visited, nor on which worker or machine visits them.
 *
 * @param seed a whole number, 0 … 2^53 − 1
 * @param name what the numbers are for, so that starts, noise and splits of one seed are unrelated
 * @throws HnncError `bad-seed` (usage)
 * @example
 * randomStream(0, "starts").at(17).uniform(); // trajectory 17, whoever computes it
 */
export function randomStream(seed: number, name: string): RandomStream {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new HnncError({
      kind: "usage",
      code: "bad-seed",
      message: `the seed \`${seed}\` is not a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
    });
  }
  const key = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0] as const;
  const use = hash(name);
  return { at: (index, second = 0) => numbersAt(key, [index >>> 0, second >>> 0, use]) };
}

function numbersAt(key: readonly [number, number], place: readonly [number, number, number]): RandomNumbers {
  let words: Words = [0, 0, 0, 0];
  let block = 0;
  let next = 4;
  const pair = (): readonly [number, number] => {
    if (next === 4) {
      words = philox([block++, ...place], key);
      next = 0;
    }
    next += 2;
    return [words[next - 2]!, words[next - 1]!];
  };
  const uniform = () => {
    const [a, b] = pair();
    return ((a >>> 5) * 2 ** 26 + (b >>> 6)) / 2 ** 53;
  };
  return {
    uniform,
    // The middle of the cell, so that neither end of (0, 1) is met.
    normal: () => normalQuantile(uniform() + 2 ** -54),
    below: (count) => Math.floor(uniform() * count),
  };
}

/** FNV-1a, 32 bits. */
function hash(name: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}

/** Coefficients from the highest power down, of numerator and denominator. */
type Rational = readonly [numerator: readonly number[], denominator: readonly number[]];

const central: Rational = [
  [
    2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
    1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.387132872796366608,
  ],
  [
    5.226495278852545925e3, 2.8729085735721942674e4, 3.930789580009271061e4, 2.1213794301586595867e4,
    5.3941960214247511077e3, 6.871870074920579083e2, 4.2313330701600911252e1, 1,
  ],
];
const near: Rational = [
  [
    7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.4178072517745061177e-1, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
  ],
  [
    1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2, 1.4810397642748007459e-1,
    6.8976733498510000455e-1, 1.6763848301838038494, 2.05319162663775882187, 1,
  ],
];
const far: Rational = [
  [
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.2426609473880784386e-3, 2.6532189526576123093e-2,
    2.9656057182850489123e-1, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
  ],
  [
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    1.48753612908506148525e-2, 1.3692988092273580531e-1, 5.9983220655588793769e-1, 1,
  ],
];

/**
 * The normal quantile, about 1 part in 10^16. Between 0.075 and 0.925 it takes arithmetic alone.
 * Source: Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988) 477, doi:10.2307/2347330.
 */
export function normalQuantile(probability: number): number {
  const q = probability - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(central, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(q < 0 ? probability : 1 - probability));
  const value = r <= 5 ? ratio(near, r - 1.6) : ratio(far, r - 5);
  return q < 0 ? -value : value;
}

function ratio([numerator, denominator]: Rational, x: number): number {
  return horner(numerator, x) / horner(denominator, x);
}

function horner(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}
