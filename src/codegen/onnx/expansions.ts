import {
  abs,
  add,
  binary,
  compare,
  div,
  exp,
  less,
  log,
  logic,
  mul,
  neg,
  sign,
  sqrt,
  square,
  sub,
  unary,
  where,
} from "../../graph/build.ts";
import type { GraphNode } from "../../graph/graph.ts";
import { erfBy } from "../elementary/error-function.ts";
import { acos as acosBy, asin as asinBy, atan as atanBy } from "../elementary/inverse-trigonometric.ts";
import { graphLanes } from "./graph-lanes.ts";

/**
 * Functions that ONNX or its runtime lacks, out of those that are there. Each is within a few units in the last place of
 * its argument's precision; the sign of a zero may be lost.
 */

/** log(1 + a): the logarithm's error by rounding 1 + a is divided out (Kahan). */
export function log1p(a: GraphNode): GraphNode {
  const w = add(1, a);
  const correct = where(compare("equal", w, 1), a, mul(log(w), div(a, sub(w, 1))));
  // ∞/∞
  return where(less(a, Number.MAX_SAFE_INTEGER), correct, log(w));
}

/** e^a − 1, by the same device below 1. */
export function expm1(a: GraphNode): GraphNode {
  const w = exp(a);
  const less1 = sub(w, 1);
  const tiny = compare("equal", w, 1);
  const correct = where(tiny, a, mul(less1, div(a, log(where(tiny, 2, w)))));
  return where(less(abs(a), 1), correct, less1);
}

export const tan = (a: GraphNode): GraphNode => div(unary("sin", a), unary("cos", a));

export const asin = (a: GraphNode): GraphNode => asinBy(graphLanes(a.graph), a);
export const acos = (a: GraphNode): GraphNode => acosBy(graphLanes(a.graph), a);
export const atan = (a: GraphNode): GraphNode => atanBy(graphLanes(a.graph), a);
export const erf = (a: GraphNode): GraphNode => erfBy(graphLanes(a.graph), a, exp);

/** (E + E/(E+1))/2 with E = e^|a| − 1, which does not cancel. */
export function sinh(a: GraphNode): GraphNode {
  const e = expm1(abs(a));
  // beyond 2^50, E/(E+1) is 1 and may be ∞/∞
  const small = add(e, div(e, add(1, e)));
  return mul(mul(0.5, sign(a)), where(less(e, 2 ** 50), small, e));
}

/** (e^|a| + e^−|a|)/2. */
export function cosh(a: GraphNode): GraphNode {
  const e = exp(abs(a));
  return mul(0.5, add(e, div(1, e)));
}

/** ±log1p(|a| + a²/(1 + √(1 + a²))), and log 2|a| where a² would overflow. */
export function asinh(a: GraphNode): GraphNode {
  const magnitude = abs(a);
  const s = square(where(less(magnitude, huge), magnitude, 1));
  const value = unary("log1p", add(magnitude, div(s, add(1, sqrt(add(1, s))))));
  return mul(sign(a), where(less(magnitude, huge), value, add(log(magnitude), Math.LN2)));
}

/** log1p(u + √(u(u + 2))) with u = a − 1, and log 2a where that would overflow. */
export function acosh(a: GraphNode): GraphNode {
  const u = sub(a, 1);
  const value = unary("log1p", add(u, sqrt(mul(u, add(u, 2)))));
  return where(less(a, huge), value, add(log(a), Math.LN2));
}

const huge = 2 ** 30;

/** ±log1p(2|a|/(1 − |a|))/2. */
export function atanh(a: GraphNode): GraphNode {
  const magnitude = abs(a);
  return mul(mul(0.5, sign(a)), unary("log1p", div(mul(2, magnitude), sub(1, magnitude))));
}

/** 1/(1 + e^−a): ONNX Runtime's own kernel is 0 from −18 on in f32, and below −37 in f64. */
export const sigmoid = (a: GraphNode): GraphNode => div(1, add(1, exp(neg(a))));

/** max(a, 0) + log1p(e^−|a|): ONNX Runtime's own f64 kernel is infinite from 710 on. */
export const softplus = (a: GraphNode): GraphNode => add(binary("max", a, 0), unary("log1p", exp(neg(abs(a)))));

/** The angle of (b, a): arctan(a/b), and half a turn more on the left. */
export function atan2(a: GraphNode, b: GraphNode): GraphNode {
  const atOrigin = logic("and", compare("equal", a, 0), compare("equal", b, 0));
  const angle = unary("atan", div(a, where(atOrigin, 1, b)));
  return where(less(b, 0), add(angle, where(less(a, 0), -Math.PI, Math.PI)), angle);
}

/** |a| < ∞: false of NaN too. */
export const finite = (a: GraphNode): GraphNode => less(abs(a), Number.POSITIVE_INFINITY);
