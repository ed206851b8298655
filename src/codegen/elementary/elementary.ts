import { type BinaryOp, type Op, opNames, ops, type PerOp, type Sort, type UnaryOp } from "../../expr/ops.ts";
import { erf } from "./error-function.ts";
import { exp, expm1, sigmoid } from "./exponential.ts";
import { acosh, asinh, atanh, cosh, sinh, tanh } from "./hyperbolic.ts";
import { acos, asin, atan, atan2 } from "./inverse-trigonometric.ts";
import type { Lanes, Routine } from "./lanes.ts";
import { log, log1p, log2, log10, softplus } from "./logarithm.ts";
import { cbrt, hypot, pow } from "./power.ts";
import { cos, sin, sincos, tan } from "./trigonometric.ts";

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

/** Whether a machine has the operation itself, exactly rounded; the others are routines. */
const native: PerOp<boolean> = {
  neg: true,
  abs: true,
  sign: true,
  exp: false,
  expm1: false,
  log: false,
  log1p: false,
  log2: false,
  log10: false,
  sqrt: true,
  cbrt: false,
  sin: false,
  cos: false,
  tan: false,
  asin: false,
  acos: false,
  atan: false,
  sinh: false,
  cosh: false,
  tanh: false,
  asinh: false,
  acosh: false,
  atanh: false,
  erf: false,
  sigmoid: false,
  softplus: false,
  add: true,
  sub: true,
  mul: true,
  div: true,
  pow: false,
  atan2: false,
  hypot: false,
  min: true,
  max: true,
  less: true,
  lessEqual: true,
  equal: true,
  and: true,
  or: true,
  not: true,
  select: true,
};

/** A program for real arguments, whatever their number. */
type RealRule = <V, M>(lanes: Lanes<V, M>, ...args: V[]) => V;

/** The operations that are computed by routines, as routines of their own names. */
export const routines: ReadonlyMap<Op, Routine> = new Map(
  opNames
    .filter((op) => !native[op])
    .map((op) => {
      const rule = elementary[op as UnaryOp | BinaryOp] as RealRule;
      const routine: Routine = {
        name: op,
        arity: ops[op].args.length,
        results: 1,
        body: (l, ...args) => [rule(l, ...args)],
      };
      return [op, routine];
    }),
);

/** Sine and cosine of one argument; its bits may differ from those of `sin` and `cos`. */
export const sincosRoutine: Routine = { name: "sincos", arity: 1, results: 2, body: (l, x) => sincos(l, x) };
