import { all, type BigNumber, create, type MathJsInstance } from "mathjs";
import type { Op } from "../../src/expr/ops.ts";
import type { Point } from "./elementary-points.ts";

/** Digits that every reference value has at least; doubles have 16. */
const digits = 45;

const ordinary = create(all!, { number: "BigNumber", precision: digits + 20 });
/** sin(1e308) needs π to 308 digits more. */
const huge = create(all!, { number: "BigNumber", precision: 308 + digits + 20 });

type Big = BigNumber;
type Reference = (x: Big, y: Big, math: MathJsInstance) => Big;

const view = new DataView(new ArrayBuffer(8));

/** The double itself; `bignumber(0.1)` would be the decimal 0.1. */
function exactly(x: number, math: MathJsInstance): Big {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const significand = exponent === 0 ? fraction : fraction | 0x10000000000000n;
  const two = math.bignumber(2) as Big;
  const size = (math.bignumber(`${significand}`) as Big).times(two.pow(Math.max(exponent, 1) - 1075));
  return x < 0 ? size.neg() : size;
}

const half = (x: Big): Big => x.div(2);
/** 2·e^(x/2)·sinh(x/2), which loses nothing where x is small. */
const expm1: Reference = (x) => half(x).exp().times(half(x).sinh()).times(2);
/** log(1 + x) = 2·artanh(x/(2 + x)). */
const log1p: Reference = (x) => (x.gt(1) ? x.plus(1).ln() : x.div(x.plus(2)).atanh().times(2));

/** The Taylor series of erf, or beyond 3 its complement's continued fraction. */
const erf: Reference = (x, _, math) => {
  const pi = (math.bignumber(-1) as Big).acos();
  const a = x.abs();
  const scale = x.times(x).neg().exp().div(pi.sqrt());
  if (a.gt(6.5)) return math.bignumber(Math.sign(x.toNumber())) as Big;
  let term = x;
  let sum = x;
  for (let n = 1; term.abs().gt(sum.abs().times(`1e-${digits + 15}`)); n++) {
    term = term
      .times(x)
      .times(x)
      .times(2)
      .div(2 * n + 1);
    sum = sum.plus(term);
  }
  return scale.times(sum).times(2);
};

const references: Partial<Record<Op, Reference>> = {
  exp: (x) => x.exp(),
  expm1,
  log: (x) => x.ln(),
  log1p,
  log2: (x) => x.log(2),
  log10: (x) => x.log(10),
  cbrt: (x) => x.cbrt(),
  sin: (x) => x.sin(),
  cos: (x) => x.cos(),
  tan: (x) => x.tan(),
  asin: (x) => x.asin(),
  acos: (x) => x.acos(),
  atan: (x) => x.atan(),
  sinh: (x) => x.sinh(),
  cosh: (x) => x.cosh(),
  tanh: (x) => half(expm1(x.times(2), x, ordinary)).div(half(expm1(x.times(2), x, ordinary)).plus(1)),
  asinh: (x) => x.asinh(),
  acosh: (x) => x.acosh(),
  atanh: (x) => x.atanh(),
  erf,
  sigmoid: (x) => x.neg().exp().plus(1).pow(-1),
  softplus: (x, y, math) => (x.gt(0) ? x.plus(log1p(x.neg().exp(), y, math)) : log1p(x.exp(), y, math)),
  pow: (x, y) => x.pow(y),
  atan2: (y, x, math) => math.atan2(y as never, x as never) as unknown as Big,
  hypot: (x, y) => x.times(x).plus(y.times(y)).sqrt(),
};

/** The value of a function to at least 45 digits, by decimal arithmetic that shares nothing with what is tested. */
export function exactValue(op: Op, { x, y }: Point): BigNumber {
  const math = Math.abs(x) > 1e15 && (op === "sin" || op === "cos" || op === "tan") ? huge : ordinary;
  return references[op]!(exactly(x, math), exactly(y, math), math);
}

/** The distance of `value` from the exact one in units of the last place of the latter. */
export function errorInUlp(value: number, exact: BigNumber): number {
  const near = Math.abs(exact.toNumber());
  if (!Number.isFinite(value) || near === Number.POSITIVE_INFINITY) return overflowError(value, exact);
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.max(near, Number.MIN_VALUE))));
  // log2 may round up to the next whole number
  const unit = 2 ** ((2 ** exponent > near && exponent > -1022 ? exponent - 1 : exponent) - 52);
  return exactly(value, ordinary).minus(exact).abs().div(unit).toNumber();
}

/** Beyond the largest double, ∞ is as right as the largest double itself. */
function overflowError(value: number, exact: BigNumber): number {
  const top = exact.abs().div(Number.MAX_VALUE).toNumber();
  return Math.abs(value) >= Number.MAX_VALUE && top >= 1 - 2 ** -53 ? 0 : Number.POSITIVE_INFINITY;
}
