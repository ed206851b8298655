import {
  abs,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cbrt,
  cos,
  cosh,
  div,
  erf,
  exp,
  expm1,
  hypot,
  lessEqual,
  log,
  log1p,
  log2,
  log10,
  max,
  min,
  one,
  pow,
  select,
  sigmoid,
  sign,
  sin,
  sinh,
  softplus,
  sqrt,
  tan,
  tanh,
  zero,
} from "../expr/build.ts";
import type { Expr } from "../expr/expr.ts";

/** A function of scalars that every text knows. */
export interface ScalarFunction {
  readonly least: number;
  readonly most: number;
  readonly build: (args: readonly Expr[]) => Expr;
}

const unary = (build: (a: Expr) => Expr): ScalarFunction => ({ least: 1, most: 1, build: ([a]) => build(a!) });
const binary = (build: (a: Expr, b: Expr) => Expr): ScalarFunction => ({
  least: 2,
  most: 2,
  build: ([a, b]) => build(a!, b!),
});
const folded = (build: (a: Expr, b: Expr) => Expr): ScalarFunction => ({
  least: 2,
  most: Number.POSITIVE_INFINITY,
  build: (args) => args.reduce(build),
});
const reciprocal = (of: (a: Expr) => Expr) => unary((a) => div(one, of(a)));

const asinOf = unary(asin);
const acosOf = unary(acos);
const atanOf = unary(atan);
const asinhOf = unary(asinh);
const acoshOf = unary(acosh);
const atanhOf = unary(atanh);
const logOf = unary(log);
const signOf = unary(sign);

/** The functions of the language by name; several names are one function. */
export const scalarFunctions: ReadonlyMap<string, ScalarFunction> = new Map([
  ["sin", unary(sin)],
  ["cos", unary(cos)],
  ["tan", unary(tan)],
  ["sec", reciprocal(cos)],
  ["csc", reciprocal(sin)],
  ["cot", reciprocal(tan)],
  ["asin", asinOf],
  ["arcsin", asinOf],
  ["acos", acosOf],
  ["arccos", acosOf],
  ["atan", atanOf],
  ["arctan", atanOf],
  ["atan2", binary(atan2)],
  ["arctan2", binary(atan2)],
  ["sinh", unary(sinh)],
  ["cosh", unary(cosh)],
  ["tanh", unary(tanh)],
  ["sech", reciprocal(cosh)],
  ["csch", reciprocal(sinh)],
  ["coth", reciprocal(tanh)],
  ["asinh", asinhOf],
  ["arcsinh", asinhOf],
  ["arsinh", asinhOf],
  ["acosh", acoshOf],
  ["arccosh", acoshOf],
  ["arcosh", acoshOf],
  ["atanh", atanhOf],
  ["arctanh", atanhOf],
  ["artanh", atanhOf],
  ["exp", unary(exp)],
  ["expm1", unary(expm1)],
  ["log", logOf],
  ["ln", logOf],
  ["log10", unary(log10)],
  ["log2", unary(log2)],
  ["log1p", unary(log1p)],
  ["sqrt", unary(sqrt)],
  ["cbrt", unary(cbrt)],
  ["abs", unary(abs)],
  ["sign", signOf],
  ["sgn", signOf],
  ["min", folded(min)],
  ["max", folded(max)],
  ["hypot", folded(hypot)],
  ["pow", binary(pow)],
  ["erf", unary(erf)],
  ["step", unary((a) => select(lessEqual(zero, a), one, zero))],
  ["relu", unary((a) => max(a, zero))],
  ["softplus", unary(softplus)],
  ["sigmoid", unary(sigmoid)],
]);

/** Names that take something else than scalars, or bind names of their own. */
export const specialForms = ["if", "piecewise", "sum", "prod", "D", "dot", "cross", "norm"] as const;
export type SpecialForm = (typeof specialForms)[number];

const special: ReadonlySet<string> = new Set(specialForms);

export function isSpecialForm(name: string): name is SpecialForm {
  return special.has(name);
}

/** Whether a call of `name`, where nobody declares it, is a call of the language's own function. */
export function isBuiltIn(name: string): boolean {
  return special.has(name) || scalarFunctions.has(name);
}

/** Functions that people expect and that have no use in a Hamiltonian, as they are not differentiable. */
export const unsupportedFunctions: ReadonlySet<string> = new Set([
  "floor",
  "ceil",
  "round",
  "trunc",
  "mod",
  "fmod",
  "factorial",
  "integrate",
  "diff",
]);
