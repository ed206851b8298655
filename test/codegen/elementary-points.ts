import type { Op } from "../../src/expr/ops.ts";
import { randomNumbers } from "../support/random-numbers.ts";

/** Arguments of an elementary function; unary ones ignore `y`. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

type Draw = () => number;

/** The values at which functions change their mind. */
export const specialValues: readonly number[] = [
  0,
  -0,
  1,
  -1,
  2,
  -2,
  3,
  -3,
  0.5,
  -0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  2.2250738585072014e-308,
  -2.2250738585072014e-308,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  1e-300,
  1e300,
  -1e300,
  1e22,
  708,
  -708,
  709.8,
  -745.2,
  710.5,
  -710.5,
  1e-9,
  -1e-9,
  1 - 2 ** -53,
  1 + 2 ** -52,
  2 ** 20,
  2 ** 53,
  -(2 ** 53) - 2,
  Math.PI,
  Math.PI / 2,
];

/** Draws of one kind; every generator of numbers of a test comes from one seed. */
export function drawsFrom(seed: number) {
  const random = randomNumbers(seed);
  const sign = () => (random() < 0.5 ? -1 : 1);
  const uniform =
    (a: number, b: number): Draw =>
    () =>
      a + (b - a) * (random() + random() * 2 ** -32);
  /** ±2^e, e uniform. */
  const wide =
    (a: number, b: number): Draw =>
    () =>
      sign() * 2 ** uniform(a, b)();
  const positive =
    (a: number, b: number): Draw =>
    () =>
      2 ** uniform(a, b)();
  /** The doubles beside multiples of `unit`. */
  const beside =
    (unit: number, most: number): Draw =>
    () => {
      const multiple = sign() * Math.ceil(random() * most) * unit;
      return multiple * (1 + (Math.floor(random() * 5) - 2) * 2 ** -52);
    };
  const besideOne: Draw = () => 1 + sign() * 2 ** (-53 * random());
  const belowOne: Draw = () => sign() * (1 - 2 ** (-53 * random()));
  return { uniform, wide, positive, beside, besideOne, belowOne };
}

/** Where each function is hard: range ends, changes of method, cancellation, subnormal and huge arguments. */
export function unaryDraws(seed: number): Partial<Record<Op | "sincos", readonly Draw[]>> {
  const { uniform, wide, positive, beside, besideOne, belowOne } = drawsFrom(seed);
  const exponential = [uniform(-1, 1), uniform(-745.2, 709.8), uniform(-747, -707), uniform(-40, 40), wide(-1074, 3)];
  const logarithm = [uniform(0.5, 2), besideOne, positive(-1074, 1023.9), positive(-1074, -1020)];
  const angle = [
    uniform(-8, 8),
    uniform(-(2 ** 20), 2 ** 20),
    wide(-40, 20),
    wide(20, 1023.9),
    wide(-1074, -900),
    beside(Math.PI / 2, 660_000),
    beside(Math.PI / 4, 40),
    beside(Math.PI, 2 ** 40),
  ];
  const hyperbolic = [...exponential, uniform(-2, 2), uniform(-711, 711)];
  const withinOne = [uniform(-1, 1), belowOne, wide(-1074, 0), uniform(0.4, 0.6), wide(-30, 0)];
  return {
    exp: exponential,
    expm1: exponential,
    sigmoid: exponential,
    softplus: exponential,
    log: logarithm,
    log2: logarithm,
    log10: logarithm,
    log1p: [uniform(-0.5, 1), uniform(-1, 0), positive(-1074, 1023), wide(-60, -1)],
    cbrt: [wide(-1074, 1023.9), uniform(-8, 8), wide(-1074, -1020)],
    sin: angle,
    cos: angle,
    sincos: angle,
    tan: angle,
    asin: withinOne,
    acos: withinOne,
    atanh: withinOne,
    atan: [uniform(-4, 4), wide(-1074, 1023.9), wide(-3, 3)],
    sinh: hyperbolic,
    cosh: hyperbolic,
    tanh: hyperbolic,
    asinh: [uniform(-4, 4), wide(-1074, 1023.9), wide(-30, 30)],
    acosh: [uniform(1, 4), () => Math.abs(besideOne() - 1) + 1, positive(0, 1023.9), positive(0, 40)],
    erf: [uniform(-1, 1), uniform(-7, 7), wide(-1074, 3), uniform(0.8, 1.3), uniform(1.2, 3)],
  };
}

export function binaryDraws(seed: number): Partial<Record<Op, readonly (() => Point)[]>> {
  const { uniform, wide, positive, besideOne } = drawsFrom(seed);
  const both = (x: Draw, y: Draw) => () => ({ x: x(), y: y() });
  const extremes = [wide(-1074, 1023.9), wide(-1074, -1020), wide(1000, 1023.9), wide(-3, 3)];
  const scaled = (base: Draw, most: number) => () => {
    const x = base();
    return { x, y: (uniform(-1, 1)() * most) / Math.max(Math.abs(Math.log(x)), 1e-300) };
  };
  return {
    pow: [
      both(uniform(0.1, 10), uniform(-3, 3)),
      both(positive(-20, 20), () => -1.5),
      scaled(positive(-1074, 1023.9), 744),
      scaled(besideOne, 709),
      both(uniform(-50, 0), () => Math.floor(uniform(-60, 60)())),
    ],
    atan2: extremes.map((draw) => both(draw, draw)),
    hypot: [...extremes.map((draw) => both(draw, draw)), both(uniform(-1, 1), uniform(-1, 1))],
  };
}
