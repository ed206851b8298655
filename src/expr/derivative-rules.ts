import {
  add,
  constant,
  cos,
  cosh,
  div,
  exp,
  less,
  log,
  mul,
  neg,
  one,
  pi,
  pow,
  select,
  sigmoid,
  sign,
  sin,
  sinh,
  sqrt,
  sub,
  two,
  zero,
} from "./build.ts";
import type { Expr } from "./expr.ts";
import type { PerOp } from "./ops.ts";

/**
 * `g · ∂f/∂aₖ` for one argument of an operation f(a, b, c) whose value is `f`. Being linear in g, a rule serves the
 * reverse sweep (g is the adjoint of f) and the forward one (g is the tangent of the argument) alike.
 */
export type DerivativeRule = (g: Expr, a: Expr, b: Expr, c: Expr, f: Expr) => Expr;

const flat: DerivativeRule = () => zero;
const squared = (a: Expr): Expr => pow(a, two);
const ln2 = constant(Math.LN2);
const ln10 = constant(Math.LN10);
const three = constant(3);

/** One rule an argument, for every operation. Where f has a kink the derivative is that of the branch taken. */
export const derivativeRules: PerOp<readonly DerivativeRule[]> = {
  neg: [(g) => neg(g)],
  // d|a| = sign(a)
  abs: [(g, a) => mul(g, sign(a))],
  sign: [flat],
  // d eᵃ = eᵃ
  exp: [(g, _a, _b, _c, f) => mul(g, f)],
  expm1: [(g, a) => mul(g, exp(a))],
  // d ln a = 1/a
  log: [(g, a) => div(g, a)],
  log1p: [(g, a) => div(g, add(one, a))],
  log2: [(g, a) => div(g, mul(ln2, a))],
  log10: [(g, a) => div(g, mul(ln10, a))],
  // d√a = 1/(2√a)
  sqrt: [(g, _a, _b, _c, f) => div(g, mul(two, f))],
  // d∛a = 1/(3∛a²)
  cbrt: [(g, _a, _b, _c, f) => div(g, mul(three, squared(f)))],
  sin: [(g, a) => mul(g, cos(a))],
  cos: [(g, a) => neg(mul(g, sin(a)))],
  // d tan a = 1 + tan²a
  tan: [(g, _a, _b, _c, f) => mul(g, add(one, squared(f)))],
  // d asin a = 1/√(1−a²)
  asin: [(g, a) => div(g, sqrt(sub(one, squared(a))))],
  acos: [(g, a) => neg(div(g, sqrt(sub(one, squared(a)))))],
  atan: [(g, a) => div(g, add(one, squared(a)))],
  sinh: [(g, a) => mul(g, cosh(a))],
  cosh: [(g, a) => mul(g, sinh(a))],
  // d tanh a = 1 − tanh²a
  tanh: [(g, _a, _b, _c, f) => mul(g, sub(one, squared(f)))],
  asinh: [(g, a) => div(g, sqrt(add(squared(a), one)))],
  // d acosh a = 1/√(a²−1), in factors so that nothing cancels near 1
  acosh: [(g, a) => div(g, sqrt(mul(sub(a, one), add(a, one))))],
  atanh: [(g, a) => div(g, sub(one, squared(a)))],
  // d erf a = 2/√π · e^(−a²)
  erf: [(g, a) => mul(g, mul(div(two, sqrt(pi)), exp(neg(squared(a)))))],
  // dσ = σ(1−σ)
  sigmoid: [(g, _a, _b, _c, f) => mul(g, mul(f, sub(one, f)))],
  softplus: [(g, a) => mul(g, sigmoid(a))],
  add: [(g) => g, (g) => g],
  sub: [(g) => g, (g) => neg(g)],
  mul: [(g, _a, b) => mul(g, b), (g, a) => mul(a, g)],
  // d(a/b) = da/b − (a/b)·db/b
  div: [(g, _a, b) => div(g, b), (g, _a, b, _c, f) => neg(mul(div(g, b), f))],
  // d aᵇ = b·a^(b−1)·da + aᵇ·ln a·db
  pow: [(g, a, b) => mul(g, mul(b, pow(a, sub(b, one)))), (g, a, _b, _c, f) => mul(g, mul(f, log(a)))],
  // d atan2(a, b) = (b·da − a·db)/(a²+b²)
  atan2: [
    (g, a, b) => div(mul(g, b), add(squared(a), squared(b))),
    (g, a, b) => neg(div(mul(g, a), add(squared(a), squared(b)))),
  ],
  hypot: [(g, a, _b, _c, f) => div(mul(g, a), f), (g, _a, b, _c, f) => div(mul(g, b), f)],
  min: [(g, a, b) => select(less(b, a), zero, g), (g, a, b) => select(less(b, a), g, zero)],
  max: [(g, a, b) => select(less(a, b), zero, g), (g, a, b) => select(less(a, b), g, zero)],
  less: [flat, flat],
  lessEqual: [flat, flat],
  equal: [flat, flat],
  and: [flat, flat],
  or: [flat, flat],
  not: [flat],
  select: [flat, (g, a) => select(a, g, zero), (g, a) => select(a, zero, g)],
};
