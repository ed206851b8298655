/*
 * The polynomial, the order of its terms and the constants of log2 and log10 are those of fdlibm (e_log.c, s_log1p.c,
 * e_log2.c, e_log10.c), of which the notice says:
 *
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc.
 * business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this
 * notice is preserved.
 */

import { exponentialAnywhere, exponentialParts } from "./exponential.ts";
import { type Double, fastTwoSum, type Lanes, polynomial, type Routine } from "./lanes.ts";

/** √½ with the low word cleared (0x3fe6a09e00000000): significands lie in [√½, √2). */
const rootHalf = 0.7071067690849304;
export const leastNormal = 2.2250738585072014e-308;
const ln2 = { head: 0.6931471803691238, tail: 1.9082149292705877e-10 };

/** Coefficients of (log(1 + f) − f + f²/2)/(s·…) in s², s = f/(2 + f), even and odd ones apart; error 2^−58.45. */
const even = [0.3999999999940942, 0.22222198432149784, 0.15313837699209373];
const odd = [0.6666666666666735, 0.2857142874366239, 0.1818357216161805, 0.14798198605116586];

/** log(1 + f) = f − half + r, where half = f²/2, for 1 + f in [√½, √2). */
function logOfOnePlus<V, M>(l: Lanes<V, M>, f: V): { half: V; s: V; sum: V } {
  const s = l.div(f, l.add(f, l.constant(2)));
  const z = l.mul(s, s);
  const w = l.mul(z, z);
  const half = l.mul(l.mul(f, f), l.constant(0.5));
  const sum = l.add(half, l.madd(w, polynomial(l, w, even), l.mul(z, polynomial(l, w, odd))));
  return { half, s, sum };
}

/** log(u) + c for positive normal u, with `extra`·ln 2 added. */
function logWithCorrection<V, M>(l: Lanes<V, M>, u: V, c: V | undefined, extra?: V): V {
  const exponent = l.exponent(u, rootHalf);
  const n = extra === undefined ? exponent : l.add(exponent, extra);
  const f = l.sub(l.significand(u, rootHalf), l.constant(1));
  const { half, s, sum } = logOfOnePlus(l, f);
  const low = l.mul(n, l.constant(ln2.tail));
  const r = l.madd(s, sum, c === undefined ? low : l.add(low, c));
  return l.sub(l.mul(n, l.constant(ln2.head)), l.sub(l.sub(half, r), f));
}

/** log(u.head + u.tail) for positive normal u, relative to the result also where that is small. */
export function logOfDouble<V, M>(l: Lanes<V, M>, u: Double<V>, extra?: V): V {
  return logWithCorrection(l, u.head, l.div(u.tail, u.head), extra);
}

/** Whether x is not a positive normal number. */
export function notNormal<V, M>(l: Lanes<V, M>, x: V): M {
  return l.not(l.and(l.lessEqual(l.constant(leastNormal), x), l.less(x, l.constant(Number.POSITIVE_INFINITY))));
}

/** The logarithm's values at 0 (−∞), below 0 (NaN), ∞ and NaN; `value` elsewhere. */
function logSpecial<V, M>(l: Lanes<V, M>, x: V, value: V): V {
  const infinity = l.constant(Number.POSITIVE_INFINITY);
  const finite = l.select(l.less(x, infinity), value, x);
  const real = l.select(l.less(x, l.constant(0)), l.constant(Number.NaN), finite);
  return l.select(l.equal(x, l.constant(0)), l.neg(infinity), real);
}

/** A logarithm of a positive normal number times 2^extra. */
type Core = <V, M>(l: Lanes<V, M>, u: V, extra?: V) => V;

/** The routine for everything that is not positive and normal; subnormals are scaled by 2^54. */
const outsideNormal = (name: string, core: Core): Routine => ({
  name,
  arity: 1,
  results: 1,
  body: (l, x) => [logSpecial(l, x, core(l, l.mul(x, l.constant(2 ** 54)), l.constant(-54)))],
});

const logCore: Core = (l, u, extra) => logWithCorrection(l, u, undefined, extra);
const logOutside = outsideNormal("logOutside", logCore);

/** Natural logarithm. */
export function log<V, M>(l: Lanes<V, M>, x: V): V {
  return l.rare(notNormal(l, x), [logCore(l, x)], logOutside, [x])[0]!;
}

/** log(m) of the significand as head + tail, the head with 21 bits, and the exponent. */
function logParts<V, M>(l: Lanes<V, M>, u: V, extra: V | undefined): Double<V> & { n: V } {
  const exponent = l.exponent(u, rootHalf);
  const f = l.sub(l.significand(u, rootHalf), l.constant(1));
  const { half, s, sum } = logOfOnePlus(l, f);
  const head = l.head(l.sub(f, half));
  const tail = l.madd(s, sum, l.sub(l.sub(f, head), half));
  return { head, tail, n: extra === undefined ? exponent : l.add(exponent, extra) };
}

/** 1/ln 2 and 1/ln 10 in two parts, log10 2 in two parts; products of the heads with logParts' heads are exact. */
const inverseLn2 = { head: 1.4426950407214463, tail: 1.6751713164886512e-10 };
const inverseLn10 = { head: 0.4342944818781689, tail: 2.5082946711645275e-11 };
const log10Of2 = { head: 0.30102999566361177, tail: 3.694239077158931e-13 };

function log2Core<V, M>(l: Lanes<V, M>, u: V, extra?: V): V {
  const { head, tail, n } = logParts(l, u, extra);
  const high = l.mul(head, l.constant(inverseLn2.head));
  const low = l.madd(l.add(tail, head), l.constant(inverseLn2.tail), l.mul(tail, l.constant(inverseLn2.head)));
  const sum = l.add(n, high);
  return l.add(l.add(low, l.add(l.sub(n, sum), high)), sum);
}

function log10Core<V, M>(l: Lanes<V, M>, u: V, extra?: V): V {
  const { head, tail, n } = logParts(l, u, extra);
  const high = l.mul(head, l.constant(inverseLn10.head));
  const whole = l.mul(n, l.constant(log10Of2.head));
  const small = l.madd(l.add(tail, head), l.constant(inverseLn10.tail), l.mul(n, l.constant(log10Of2.tail)));
  const low = l.madd(tail, l.constant(inverseLn10.head), small);
  const sum = l.add(whole, high);
  return l.add(l.add(low, l.add(l.sub(whole, sum), high)), sum);
}

const log2Outside = outsideNormal("log2Outside", log2Core);
const log10Outside = outsideNormal("log10Outside", log10Core);

/** Logarithm to base 2, exact at powers of 2. */
export function log2<V, M>(l: Lanes<V, M>, x: V): V {
  return l.rare(notNormal(l, x), [log2Core(l, x)], log2Outside, [x])[0]!;
}

/** Logarithm to base 10. */
export function log10<V, M>(l: Lanes<V, M>, x: V): V {
  return l.rare(notNormal(l, x), [log10Core(l, x)], log10Outside, [x])[0]!;
}

const log1pOutside: Routine = {
  name: "log1pOutside",
  arity: 1,
  results: 1,
  body: (l, x) => {
    const u = l.add(l.constant(1), x);
    return [logSpecial(l, u, u)];
  },
};

/** log(1 + x), accurate for small x: log(u) + c/u where u + c = 1 + x. */
export function log1p<V, M>(l: Lanes<V, M>, x: V): V {
  const one = l.constant(1);
  const head = l.add(one, x);
  const large = l.less(one, x);
  const [big, small] = [l.select(large, x, one), l.select(large, one, x)];
  const value = logOfDouble(l, { head, tail: l.sub(small, l.sub(head, big)) });
  return l.rare(notNormal(l, head), [l.copySign(value, x)], log1pOutside, [x])[0]!;
}

const extremeSoftplus: Routine = {
  name: "softplusExtreme",
  arity: 1,
  results: 1,
  body: (l, x) => [l.select(l.less(x, l.constant(0)), exponentialAnywhere(l, x), x)],
};

/** log(1 + eˣ) = max(x, 0) + log1p(e^−|x|). */
export function softplus<V, M>(l: Lanes<V, M>, x: V): V {
  const magnitude = l.abs(x);
  const { code, head, tail } = exponentialParts(l, l.neg(magnitude));
  const scale = l.power2(code);
  const u = fastTwoSum(l, l.constant(1), l.mul(head, scale));
  const small = logOfDouble(l, { head: u.head, tail: l.madd(tail, scale, u.tail) });
  const value = l.add(l.greater(x, l.constant(0)), small);
  return l.rare(l.not(l.lessEqual(magnitude, l.constant(708))), [value], extremeSoftplus, [x])[0]!;
}
