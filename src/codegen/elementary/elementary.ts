import type { ops, PerOp, Sort } from "../../expr/ops.ts";
import type { Lanes } from "../lanes.ts";
import { erf } from "./error-function.ts";
import { exp, expm1, sigmoid } from "./exponential.ts";
import { acosh, asinh, atanh, cosh, sinh, tanh } from "./hyperbolic.ts";
import { acos, asin, atan, atan2 } from "./inverse-trigonometric.ts";
import { log, log1p, log2, log10, softplus } from "./logarithm.ts";
import { cbrt, hypot, pow } from "./power.ts";
import { cos, sin, tan } from "./trigonometric.ts";

type Lane<S extends Sort, V, M> = S extends "real" ? V : M;
type LaneArgs<Args extends readonly Sort[], V, M> = { [K in keyof Args]: Lane<Args[K], V, M> };

/** An operation as a program over lanes: real arguments are values, truth values are masks. */
export type LaneRule<K extends keyof typeof ops> = <V, M>(
  lanes: Lanes<V, M>,
  ...args: LaneArgs<(typeof ops)[K]["args"], V, M>
) => Lane<(typeof ops)[K]["result"], V, M>;

/** −1, 0 or 1 as `Math.sign`: ±0 and NaN stay. */
function sign<V, M>(l: Lanes<V, M>, x: V): V {
  const nonzero = l.less(l.constant(0), l.abs(x));
  return l.select(nonzero, l.copySign(l.constant(1), x), x);
}

/**
 * Every operation as a program over lanes, within 2 ulp of the true value on all of its domain (arithmetic and square
 * root: correctly rounded), with the special values of `Math`.
 */
export const elementary: { readonly [K in keyof PerOp<unknown>]: LaneRule<K> } = {
  neg: (l, a) => l.neg(a),
  abs: (l, a) => l.abs(a),
  sign,
  exp,
  expm1,
  log,
  log1p,
  log2,
  log10,
  sqrt: (l, a) => l.sqrt(a),
  cbrt,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  asinh,
  acosh,
  atanh,
  erf,
  sigmoid,
  softplus,
  add: (l, a, b) => l.add(a, b),
  sub: (l, a, b) => l.sub(a, b),
  mul: (l, a, b) => l.mul(a, b),
  div: (l, a, b) => l.div(a, b),
  pow,
  atan2,
  hypot,
  min: (l, a, b) => l.min(a, b),
  max: (l, a, b) => l.max(a, b),
  less: (l, a, b) => l.less(a, b),
  lessEqual: (l, a, b) => l.lessEqual(a, b),
  equal: (l, a, b) => l.equal(a, b),
  and: (l, a, b) => l.and(a, b),
  or: (l, a, b) => l.or(a, b),
  not: (l, a) => l.not(a),
  select: (l, condition, yes, no) => l.select(condition, yes, no),
};
