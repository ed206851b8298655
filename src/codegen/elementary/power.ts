/*
 * pow follows fdlibm (e_pow.c), cbrt's last step FreeBSD's s_cbrt.c, of which the notice says:
 *
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc.
 * business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this
 * notice is preserved.
 */

import { clamp, scaleTwice } from "./exponential.ts";
import { type Lanes, nearestMultiple, polynomial, type Routine, shifted } from "./lanes.ts";
import { leastNormal, notNormal } from "./logarithm.ts";

/** x^(−1/3) on [1, 2), minimax, error 2^−14.7. */
const inverseCubeRoot = [
  1.6700027983065941, -1.1728690503897883, 0.6954711000530323, -0.22123268265807253, 0.028590173810500014,
];

/** Cube root of a positive normal number. */
function cubeRootOfNormal<V, M>(l: Lanes<V, M>, x: V): V {
  const exponent = l.exponent(x, 1);
  const m = l.significand(x, 1);
  const third = nearestMultiple(l, exponent, 1 / 3);
  const a = l.mul(m, l.power2(shifted(l, l.sub(exponent, l.mul(third.n, l.constant(3))))));
  // y = m^(−1/3): h = 1 − m·y³, y ← y + y·h·(1/3 + h·2/9) has error h³
  const guess = polynomial(l, m, inverseCubeRoot);
  const h = l.nmadd(l.mul(m, guess), l.mul(guess, guess), l.constant(1));
  const y = l.madd(l.mul(guess, h), l.madd(h, l.constant(2 / 9), l.constant(1 / 3)), guess);
  const root = l.mul(m, l.mul(y, y));
  const turned = [l.constant(2 ** (-1 / 3)), l.constant(1), l.constant(2 ** (1 / 3))] as const;
  const remainder = l.sub(exponent, l.mul(third.n, l.constant(3)));
  const factor = l.select(
    l.equal(remainder, l.constant(0)),
    turned[1],
    l.select(l.less(remainder, l.constant(0)), turned[0], turned[2]),
  );
  const t = l.head(l.mul(root, factor));
  // Halley's step from 20 bits; t² is exact
  const r = l.div(a, l.mul(t, t));
  const better = l.madd(t, l.div(l.sub(r, t), l.add(l.add(t, t), r)), t);
  return l.mul(better, l.power2(third.code));
}

const cbrtOutside: Routine = {
  name: "cbrtOutside",
  arity: 1,
  results: 1,
  body: (l, x) => {
    const magnitude = l.abs(x);
    const small = l.mul(cubeRootOfNormal(l, l.mul(magnitude, l.constant(2 ** 54))), l.constant(2 ** -18));
    const subnormal = l.and(l.less(l.constant(0), magnitude), l.less(magnitude, l.constant(leastNormal)));
    return [l.select(subnormal, l.copySign(small, x), x)];
  },
};

/** Cube root. */
export function cbrt<V, M>(l: Lanes<V, M>, x: V): V {
  const magnitude = l.abs(x);
  const value = l.copySign(cubeRootOfNormal(l, magnitude), x);
  return l.rare(notNormal(l, magnitude), [value], cbrtOutside, [x])[0]!;
}

const hypotOfExtremes: Routine = {
  name: "hypotOfExtremes",
  arity: 2,
  results: 1,
  body: (l, x, y) => {
    const [ax, ay] = [l.abs(x), l.abs(y)];
    const infinity = l.constant(Number.POSITIVE_INFINITY);
    const small = l.less(l.greater(ax, ay), l.constant(1));
    const scale = l.select(small, l.constant(2 ** 600), l.constant(2 ** -600));
    const [u, v] = [l.mul(ax, scale), l.mul(ay, scale)];
    const root = l.mul(l.sqrt(l.madd(u, u, l.mul(v, v))), l.select(small, l.constant(2 ** -600), l.constant(2 ** 600)));
    return [l.select(l.or(l.equal(ax, infinity), l.equal(ay, infinity)), infinity, root)];
  },
};

/** √(x² + y²) without overflow or underflow on the way; ∞ if either is infinite, even beside NaN. */
export function hypot<V, M>(l: Lanes<V, M>, x: V, y: V): V {
  const larger = l.max(l.abs(x), l.abs(y));
  const ordinary = l.and(l.less(l.constant(2 ** -450), larger), l.less(larger, l.constant(2 ** 500)));
  const value = l.sqrt(l.madd(x, x, l.mul(y, y)));
  return l.rare(l.not(ordinary), [value], hypotOfExtremes, [x, y])[0]!;
}

/** √3/2 with the low word cleared (0x3febb67a00000000): significands lie in [√3/2, √3). */
const halfRoot3 = 0.8660252094268799;

/** Coefficients of (3/2)(log x − 2s − ⅔s³)/s⁵ in s², s = (x − b)/(x + b). */
const logarithmTail = [
  0.5999999999999946, 0.4285714285785502, 0.33333332981837743, 0.272728123808534, 0.23066074577556175,
  0.20697501780033842,
];
/** 2/(3 ln 2) and log2 1.5 in two parts. */
const cp = { whole: 0.9617966939259756, head: 0.9617967009544373, tail: -7.028461650952758e-9 };
const log2OfOneAndHalf = { head: 0.5849624872207642, tail: 1.350039202129749e-8 };

/** log2(x)·2^0 of a positive normal number as head + tail, the head with 21 bits. */
function log2Double<V, M>(l: Lanes<V, M>, x: V, extra: V): { head: V; tail: V } {
  const c = (value: number): V => l.constant(value);
  const n = l.add(l.exponent(x, halfRoot3), extra);
  const m = l.significand(x, halfRoot3);
  const upper = l.lessEqual(c(1.224744871391589), m);
  const base = l.select(upper, c(1.5), c(1));
  // s = (m − base)/(m + base) as sh + sl
  const u = l.sub(m, base);
  const sum = l.add(m, base);
  const v = l.div(c(1), sum);
  const s = l.mul(u, v);
  const sh = l.head(s);
  const sumHead = l.head(sum);
  const sumTail = l.sub(m, l.sub(sumHead, base));
  const sl = l.mul(v, l.sub(l.sub(u, l.mul(sh, sumHead)), l.mul(sh, sumTail)));
  // 3 + s² + … as th + tl
  const z = l.mul(s, s);
  const r = l.madd(l.mul(z, z), polynomial(l, z, logarithmTail), l.mul(sl, l.add(sh, s)));
  const square = l.mul(sh, sh);
  const th = l.head(l.add(l.add(c(3), square), r));
  const tl = l.sub(r, l.sub(l.sub(th, c(3)), square));
  // 2/(3 ln 2)·(s + …)
  const a = l.mul(sh, th);
  const b = l.madd(sl, th, l.mul(tl, s));
  const ph = l.head(l.add(a, b));
  const pl = l.sub(b, l.sub(ph, a));
  const zh = l.mul(c(cp.head), ph);
  const baseTail = l.select(upper, c(log2OfOneAndHalf.tail), c(0));
  const zl = l.madd(c(cp.tail), ph, l.madd(pl, c(cp.whole), baseTail));
  const baseHead = l.select(upper, c(log2OfOneAndHalf.head), c(0));
  const head = l.head(l.add(l.add(l.add(zh, zl), baseHead), n));
  return { head, tail: l.sub(zl, l.sub(l.sub(l.sub(head, n), baseHead), zh)) };
}

const ln2 = { whole: Math.LN2, head: 0.6931471824645996, tail: -1.904654299957768e-9 };
/** (eᶻ − 1 − z)/z² on |z| ≤ ln 2/2, as in exp. */
const exponentialTail = [
  0.5000000000000011, 0.1666666666666641, 0.0416666666665292, 0.008333333333495696, 0.001388888894391959,
  0.00019841269504593132, 2.4801492765729715e-5, 2.7557587501730755e-6, 2.763037771275317e-7, 2.4999914476348415e-8,
];

/** 2^(high + low) = value·2ⁿ, |high + low| ≤ 2000. */
function exponential2<V, M>(l: Lanes<V, M>, high: V, low: V): { value: V; code: V } {
  const { code, n } = nearestMultiple(l, l.add(high, low), 1);
  const rest = l.sub(high, n);
  const t = l.head(l.add(low, rest));
  const u = l.mul(t, l.constant(ln2.head));
  const v = l.madd(l.sub(low, l.sub(t, rest)), l.constant(ln2.whole), l.mul(t, l.constant(ln2.tail)));
  const z = l.add(u, v);
  const w = l.sub(v, l.sub(z, u));
  const tail = l.madd(l.mul(z, z), polynomial(l, z, exponentialTail), l.madd(z, w, w));
  return { value: l.add(l.constant(1), l.add(z, tail)), code };
}

/** y·log2(x) as high + low, with y·head exact. */
function exponentOfPower<V, M>(l: Lanes<V, M>, log: { head: V; tail: V }, y: V): { high: V; low: V } {
  const head = l.head(y);
  return { high: l.mul(head, log.head), low: l.madd(l.sub(y, head), log.head, l.mul(y, log.tail)) };
}

/** |x|^y where the fast path does not reach: extreme results, x subnormal, zero, infinite or NaN, y infinite or NaN. */
function powerOfMagnitude<V, M>(l: Lanes<V, M>, magnitude: V, y: V): V {
  const [zero, infinity] = [l.constant(0), l.constant(Number.POSITIVE_INFINITY)];
  const subnormal = l.less(magnitude, l.constant(leastNormal));
  const scaled = l.select(subnormal, l.mul(magnitude, l.constant(2 ** 54)), magnitude);
  const log = log2Double(l, scaled, l.select(subnormal, l.constant(-54), zero));
  const { high, low } = exponentOfPower(l, log, y);
  const { value, code } = exponential2(
    l,
    clamp(l, high, 1200),
    l.select(l.less(l.abs(high), l.constant(1200)), low, zero),
  );
  const finite = scaleTwice(l, value, code);
  // the sign of the exponent decides where it is beyond all bounds
  const limit = l.select(l.equal(magnitude, zero), l.neg(infinity), l.add(log.head, log.tail));
  const exponent = l.mul(y, l.select(l.equal(magnitude, infinity), infinity, limit));
  const bounded = l.select(l.less(l.constant(1100), exponent), infinity, finite);
  const settled = l.select(l.less(exponent, l.constant(-1100)), zero, bounded);
  return l.select(l.equal(exponent, exponent), settled, exponent);
}

const powOutside: Routine = {
  name: "powOutside",
  arity: 2,
  results: 1,
  body: (l, x, y) => {
    const [zero, one, nan] = [l.constant(0), l.constant(1), l.constant(Number.NaN)];
    const magnitude = l.abs(x);
    const value = powerOfMagnitude(l, magnitude, y);
    const half = l.mul(y, l.constant(0.5));
    const whole = l.equal(l.floor(y), y);
    const odd = l.and(whole, l.not(l.equal(l.floor(half), half)));
    const signed = l.select(l.and(odd, l.negative(x)), l.neg(value), value);
    const root = l.and(l.less(x, zero), l.and(l.less(magnitude, l.constant(Number.POSITIVE_INFINITY)), l.not(whole)));
    const real = l.select(root, nan, signed);
    const defined = l.and(l.equal(x, x), l.equal(y, y));
    return [l.select(l.equal(y, zero), one, l.select(defined, real, nan))];
  },
};

/** x^y with the special cases of `Math.pow`. */
export function pow<V, M>(l: Lanes<V, M>, x: V, y: V): V {
  const { high, low } = exponentOfPower(l, log2Double(l, x, l.constant(0)), y);
  const { value, code } = exponential2(l, high, low);
  const inside = l.less(l.abs(high), l.constant(1020));
  const outside = l.or(notNormal(l, x), l.not(inside));
  return l.rare(outside, [l.mul(value, l.power2(code))], powOutside, [x, y])[0]!;
}
