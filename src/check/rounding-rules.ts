import { meanings } from "../expr/evaluate.ts";
import type { PerOp } from "../expr/ops.ts";

/** Half the distance of neighbouring doubles, relative: the most that one rounding changes. */
export const roundOff: number = 2 ** -53;

/**
 * The error of an operation's result where its arguments are off by `ea`, `eb`, `ec`, to first order, and it is rounded
 * itself; v is the result. Truth values are "off by 1" where rounding may turn them over.
 */
export type RoundingRule = (v: number, a: number, ea: number, b: number, eb: number, c: number, ec: number) => number;

/** In units of round-off: libraries' functions are good to 1 ulp, our own to 2, V8's tanh to 2.14 (an ulp is up to two). */
const functionError = 5;

/** An exact argument adds nothing, whatever the slope (√ at 0). */
const moved = (slope: number, error: number): number => (error === 0 ? 0 : Math.abs(slope) * error);

type Slope = (a: number, v: number) => number;

const smooth =
  (slope: Slope, roundings: number = functionError): RoundingRule =>
  (v, a, ea) =>
    moved(slope(a, v), ea) + roundings * roundOff * Math.abs(v);

/** A root's slope is infinite at 0, where its error is a root of the argument's. */
const root =
  (degree: number, slope: Slope): RoundingRule =>
  (v, a, ea) =>
    Math.min(moved(slope(a, v), ea), ea ** (1 / degree)) + functionError * roundOff * Math.abs(v);

/** Products of small whole numbers, as indices are, are exact. */
const isWhole = (a: number, b: number, v: number): boolean =>
  Number.isInteger(a) && Number.isInteger(b) && Math.abs(v) < 2 ** 53;

const exact: RoundingRule = (_v, _a, ea) => ea;
const comparison: RoundingRule = (_v, a, ea, b, eb) => (Math.abs(a - b) <= ea + eb && ea + eb > 0 ? 1 : 0);
const either: RoundingRule = (_v, _a, ea, _b, eb) => Math.max(ea, eb);
const extremum: RoundingRule = (_v, _a, ea, _b, eb) => Math.max(ea, eb);

/** d tan = 1 + tan², d tanh = 1 − tanh², …: slopes are written out here and nowhere taken from the symbolic rules. */
export const roundingRules: PerOp<RoundingRule> = {
  neg: exact,
  abs: exact,
  sign: (_v, a, ea) => (Math.abs(a) <= ea && ea > 0 ? 2 : 0),
  exp: smooth((_a, v) => v),
  expm1: smooth((_a, v) => v + 1),
  log: smooth((a) => 1 / a),
  log1p: smooth((a) => 1 / (1 + a)),
  log2: smooth((a) => Math.LOG2E / a),
  log10: smooth((a) => Math.LOG10E / a),
  sqrt: root(2, (_a, v) => 0.5 / v),
  cbrt: root(3, (_a, v) => 1 / (3 * v * v)),
  sin: smooth(Math.cos),
  cos: smooth(Math.sin),
  tan: smooth((_a, v) => 1 + v * v),
  asin: smooth((a) => 1 / Math.sqrt(1 - a * a)),
  acos: smooth((a) => 1 / Math.sqrt(1 - a * a)),
  atan: smooth((a) => 1 / (1 + a * a)),
  sinh: smooth(Math.cosh),
  cosh: smooth(Math.sinh),
  tanh: smooth((_a, v) => 1 - v * v),
  asinh: smooth((a) => 1 / Math.hypot(1, a)),
  acosh: smooth((a) => 1 / Math.sqrt(a * a - 1)),
  atanh: smooth((a) => 1 / (1 - a * a)),
  erf: smooth((a) => (2 / Math.sqrt(Math.PI)) * Math.exp(-a * a)),
  sigmoid: smooth((_a, v) => v * (1 - v), 2 * functionError),
  softplus: smooth((a) => meanings.sigmoid(a, 0, 0), 2 * functionError),
  // The rounding of sums is relative to the terms, as the sum may be taken in another order: see `rounding.ts`.
  add: (_v, _a, ea, _b, eb) => ea + eb,
  sub: (_v, _a, ea, _b, eb) => ea + eb,
  mul: (v, a, ea, b, eb) => moved(a, eb) + moved(b, ea) + (isWhole(a, b, v) ? 0 : roundOff * Math.abs(v)),
  div: (v, _a, ea, b, eb) => moved(1 / b, ea) + moved(v / b, eb) + roundOff * Math.abs(v),
  pow: (v, a, ea, b, eb) => {
    const chain = Number.isInteger(b) ? Math.min(Math.abs(b), 64) : functionError;
    return moved(b * a ** (b - 1), ea) + moved(v * Math.log(a), eb) + (chain + functionError) * roundOff * Math.abs(v);
  },
  atan2: (v, a, ea, b, eb) => {
    const square = a * a + b * b;
    return moved(b / square, ea) + moved(a / square, eb) + functionError * roundOff * Math.abs(v);
  },
  hypot: (v, _a, ea, _b, eb) => ea + eb + functionError * roundOff * Math.abs(v),
  min: extremum,
  max: extremum,
  less: comparison,
  lessEqual: comparison,
  equal: comparison,
  and: either,
  or: either,
  not: exact,
  select: (_v, condition, uncertain, b, eb, c, ec) => {
    const own = condition === 1 ? eb : ec;
    return uncertain > 0 ? Math.max(eb, ec) + Math.abs(b - c) : own;
  },
};
