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
export function philox(counter: Words, key: readonly [number, number]): Words {
  scramble(counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
  return [word0, word1, word2, word3];
}

let word0 = 0;
let word1 = 0;
let word2 = 0;
let word3 = 0;

/** Philox, leaving its words in the four above: no memory is taken for a number. */
function scramble(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number): void {
  // Signed, so that the machine's 32-bit integers serve.
  let [a, b, c, d] = [c0 | 0, c1 | 0, c2 | 0, c3 | 0];
  let [e, f] = [k0 | 0, k1 | 0];
  for (let round = 0; round < rounds; round++) {
    const high0 = highProduct(m0, a);
    const high1 = highProduct(m1, c);
    const low0 = Math.imul(m0, a);
    a = high1 ^ b ^ e;
    b = Math.imul(m1, c);
    c = high0 ^ d ^ f;
    d = low0;
    e = (e + w0) | 0;
    f = (f + w1) | 0;
  }
  word0 = a >>> 0;
  word1 = b >>> 0;
  word2 = c >>> 0;
  word3 = d >>> 0;
}

/** The upper 32 bits of a product of two unsigned 32-bit numbers, by halves; signed, as are all its steps, which fit into 32 bits. */
function highProduct(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const other = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (other >>> 16)) | 0;
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
  /** Fills an array with the first normal numbers of a place, those that `at(index, second).normal` gives. */
  normals(index: number, second: number, out: Float64Array): void;
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
  const use = hash(name);
  const [key0, key1] = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
  return {
    at: (index, second = 0) => numbersAt(key0, key1, index >>> 0, second >>> 0, use),
    normals(index, second, out) {
      for (let k = 0; k < out.length; k += 2) {
        scramble(k / 2, index >>> 0, second >>> 0, use, key0, key1);
        out[k] = normalOf(unit(word0, word1));
        if (k + 1 < out.length) out[k + 1] = normalOf(unit(word2, word3));
      }
    },
  };
}

function numbersAt(key0: number, key1: number, index: number, second: number, use: number): RandomNumbers {
  let block = 0;
  let later0 = 0;
  let later1 = 0;
  let kept = false;
  const uniform = () => {
    let [a, b] = [later0, later1];
    if (!kept) {
      scramble(block++, index, second, use, key0, key1);
      a = word0;
      b = word1;
      later0 = word2;
      later1 = word3;
    }
    kept = !kept;
    return unit(a, b);
  };
  return {
    uniform,
    normal: () => normalOf(uniform()),
    below: (count) => Math.floor(uniform() * count),
  };
}

/** 53 bits of two words as a number in [0, 1). */
function unit(a: number, b: number): number {
  return ((a >>> 5) * 0x4000000 + (b >>> 6)) * 2 ** -53;
}

/** At the middle of a cell of 2^-52, so that neither end of (0, 1) is met. */
function normalOf(uniform: number): number {
  return normalQuantile((Math.floor(uniform * 2 ** 52) + 0.5) * 2 ** -52);
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
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  [
    5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
];
const near: Rational = [
  [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
];
const far: Rational = [
  [
    2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  [
    2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
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

function ratio(coefficients: Rational, x: number): number {
  return horner(coefficients[0], x) / horner(coefficients[1], x);
}

function horner(coefficients: readonly number[], x: number): number {
  let sum = coefficients[0]!;
  for (let k = 1; k < coefficients.length; k++) sum = sum * x + coefficients[k]!;
  return sum;
}
