/*
 * Coefficients and ranges of asin, acos and atan are those of fdlibm (e_asin.c, e_acos.c, s_atan.c):
 *
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc.
 * business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this
 * notice is preserved.
 */
import { type Lanes, polynomial, type Routine } from "./lanes.ts";

const halfPi = { head: Math.PI / 2, tail: 6.123233995736766e-17 };
const quarterPi = Math.PI / 4;

/** (asin x − x)/x³ in x² is numerator/denominator on |x| ≤ ½, error 2^−58.75. */
const arcsineNumerator = [
  0.16666666666666666, -0.3255658186224009, 0.20121253213486293, -0.04005553450067941, 0.0007915349942898145,
  0.00003479331075960212,
];
const arcsineDenominator = [1, -2.403394911734414, 2.0209457602335057, -0.6882839716054533, 0.07703815055590194];

/**
 * What asin and acos share: z = x² below ½, (1 − |x|)/2 above it; ratio = z·P(z)/Q(z); s = √z = head + tail where head
 * has 21 bits.
 */
function arcsineParts<V, M>(l: Lanes<V, M>, x: V): { small: M; ratio: V; s: V; head: V; tail: V } {
  const half = l.constant(0.5);
  const magnitude = l.abs(x);
  const small = l.less(magnitude, half);
  const z = l.select(small, l.mul(x, x), l.mul(l.sub(l.constant(1), magnitude), half));
  const ratio = l.div(l.mul(z, polynomial(l, z, arcsineNumerator)), polynomial(l, z, arcsineDenominator));
  const s = l.sqrt(z);
  const head = l.head(s);
  // the bound keeps 0/0 away at |x| = 1
  const sum = l.greater(l.add(s, head), l.constant(1e-300));
  return { small, ratio, s, head, tail: l.div(l.sub(z, l.mul(head, head)), sum) };
}

/** Arc sine; NaN beyond ±1. */
export function asin<V, M>(l: Lanes<V, M>, x: V): V {
  const { small, ratio, s, head, tail } = arcsineParts(l, x);
  const twice = l.add(s, s);
  const p = l.sub(l.mul(twice, ratio), l.sub(l.constant(halfPi.tail), l.add(tail, tail)));
  const q = l.sub(l.constant(quarterPi), l.add(head, head));
  const large = l.copySign(l.sub(l.constant(quarterPi), l.sub(p, q)), x);
  return l.select(small, l.madd(x, ratio, x), large);
}

/** Arc cosine; NaN beyond ±1. */
export function acos<V, M>(l: Lanes<V, M>, x: V): V {
  const { small, ratio, s, head, tail } = arcsineParts(l, x);
  const [pio2, rest] = [l.constant(halfPi.head), l.constant(halfPi.tail)];
  const middle = l.sub(pio2, l.sub(x, l.sub(rest, l.mul(x, ratio))));
  const near = l.add(head, l.madd(ratio, s, tail));
  const far = l.sub(pio2, l.add(s, l.sub(l.mul(ratio, s), rest)));
  const outer = l.select(l.negative(x), far, near);
  return l.select(small, middle, l.add(outer, outer));
}

/** (1 − atan x/x)/x² in x² on |x| ≤ 7/16, even and odd terms apart. */
const arctangentEven = [
  0.3333333333333293, 0.14285714272503466, 0.09090887133436507, 0.06661073137387531, 0.049768779946159324,
  0.016285820115365782,
];
const arctangentOdd = [
  -0.19999999999876483, -0.11111110405462356, -0.0769187620504483, -0.058335701337905735, -0.036531572744216916,
];

/** Arc tangents of the points about which the four outer ranges are expanded. */
const centres = [
  { head: 0.4636476090008061, tail: 2.2698777452961687e-17 },
  { head: 0.7853981633974483, tail: 3.061616997868383e-17 },
  { head: 0.982793723247329, tail: 1.3903311031230998e-17 },
  { head: 1.5707963267948966, tail: 6.123233995736766e-17 },
] as const;

/**
 * The angle in [0, π/2] of the point (x, y), both at least 0, not both 0, neither extreme. The ranges of y/x end at
 * 7/16, 11/16, 19/16 and 39/16; in each, t = tan(angle − centre) is one quotient.
 */
function firstQuadrant<V, M>(l: Lanes<V, M>, y: V, x: V): V {
  const c = (value: number): V => l.constant(value);
  const zero = c(0);
  const candidates = [
    { from: 0.4375, top: l.sub(l.add(y, y), x), bottom: l.add(l.add(x, x), y) },
    { from: 0.6875, top: l.sub(y, x), bottom: l.add(x, y) },
    { from: 1.1875, top: l.nmadd(c(1.5), x, y), bottom: l.madd(c(1.5), y, x) },
    { from: 2.4375, top: l.neg(x), bottom: y },
  ];
  let [top, bottom, head, tail] = [y, x, zero, zero];
  candidates.forEach((candidate, k) => {
    const inside = l.lessEqual(l.mul(x, c(candidate.from)), y);
    top = l.select(inside, candidate.top, top);
    bottom = l.select(inside, candidate.bottom, bottom);
    head = l.select(inside, c(centres[k]!.head), head);
    tail = l.select(inside, c(centres[k]!.tail), tail);
  });
  const t = l.div(top, bottom);
  const z = l.mul(t, t);
  const w = l.mul(z, z);
  const series = l.madd(w, polynomial(l, w, arctangentOdd), l.mul(z, polynomial(l, w, arctangentEven)));
  return l.sub(head, l.sub(l.sub(l.mul(t, series), tail), t));
}

/** Arc tangent. */
export function atan<V, M>(l: Lanes<V, M>, x: V): V {
  // any ratio above 2^66 is π/2; the bound keeps ∞ and overflow out of the quotient
  const magnitude = l.lesser(l.abs(x), l.constant(2 ** 66));
  return l.copySign(firstQuadrant(l, magnitude, l.constant(1)), x);
}

/** The angle of (x, y) from the angle of (|x|, |y|). */
function unfold<V, M>(l: Lanes<V, M>, angle: V, y: V, x: V): V {
  const left = l.sub(l.constant(Math.PI), l.sub(angle, l.constant(2 * halfPi.tail)));
  return l.copySign(l.select(l.negative(x), left, angle), y);
}

const atan2OfExtremes: Routine = {
  name: "atan2OfExtremes",
  arity: 2,
  results: 1,
  body: (l, y, x) => {
    const [zero, one, infinity] = [l.constant(0), l.constant(1), l.constant(Number.POSITIVE_INFINITY)];
    const [ay, ax] = [l.abs(y), l.abs(x)];
    const larger = l.greater(ay, ax);
    const scale = l.select(l.less(larger, one), l.constant(2 ** 600), l.constant(2 ** -600));
    const unlimited = l.equal(larger, infinity);
    const fold = (a: typeof y): typeof y =>
      l.select(unlimited, l.select(l.equal(a, infinity), one, zero), l.mul(a, scale));
    const angle = firstQuadrant(l, fold(ay), l.select(l.equal(larger, zero), one, fold(ax)));
    const invalid = l.not(l.and(l.equal(x, x), l.equal(y, y)));
    return [l.select(invalid, l.add(x, y), unfold(l, angle, y, x))];
  },
};

/** The angle of the point (x, y) in [−π, π], as `Math.atan2(y, x)`. */
export function atan2<V, M>(l: Lanes<V, M>, y: V, x: V): V {
  const [ay, ax] = [l.abs(y), l.abs(x)];
  const larger = l.max(ay, ax);
  const ordinary = l.and(l.less(l.constant(2 ** -900), larger), l.less(larger, l.constant(2 ** 900)));
  const value = unfold(l, firstQuadrant(l, ay, ax), y, x);
  return l.rare(l.not(ordinary), [value], atan2OfExtremes, [y, x])[0]!;
}
