/*
 * Coefficients and ranges are those of fdlibm (s_erf.c):
 *
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems, Inc.
 * business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this
 * notice is preserved.
 */

import { exponentialParts } from "./exponential.ts";
import { type Lanes, polynomial } from "./lanes.ts";

/** erf x = x + x·P/Q in x² below 0.84375. */
const innerTop = [
  0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442, -0.000023763016656650163,
];
const innerBottom = [
  1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164, -0.000003960228278775368,
];
/** erf x = `middle` + P/Q in x − 1 below 1.25. */
const middle = 0.8450629115104675;
const middleTop = [
  -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175, -0.11089469428239668,
  0.035478304325618236, -0.002166375594868791,
];
const middleBottom = [
  1, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164, 0.01363708391202905,
  0.011984499846799107,
];
/** erf x = 1 − exp(−x² − 0.5625 + P/Q)/x in 1/x². */
const outerTop = [
  -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006, -162.39666946257347,
  -184.60509290671104, -81.2874355063066, -9.814329344169145,
];
const outerBottom = [
  1, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783,
  108.63500554177944, 6.570249770319282, -0.0604244152148581,
];

/** erf x from 1.25 on; the error of the exponential is damped by its smallness, at most 0.08. */
function outer<V, M>(l: Lanes<V, M>, x: V, exp: (x: V) => V): V {
  const one = l.constant(1);
  const inverse = l.div(one, l.mul(x, x));
  const ratio = l.div(polynomial(l, inverse, outerTop), polynomial(l, inverse, outerBottom));
  return l.sub(one, l.div(exp(l.sub(l.sub(ratio, l.constant(0.5625)), l.mul(x, x))), x));
}

/** Error function 2/√π·∫₀ˣ exp(−t²) dt. */
export function erf<V, M>(l: Lanes<V, M>, x: V): V {
  return erfBy(l, x, (y) => {
    const { code, head } = exponentialParts(l, y);
    return l.mul(head, l.power2(code));
  });
}

/** The same with another exponential, of arguments in [−45, 0]. */
export function erfBy<V, M>(l: Lanes<V, M>, x: V, exp: (x: V) => V): V {
  const magnitude = l.lesser(l.abs(x), l.constant(6));
  const isInner = l.less(magnitude, l.constant(0.84375));
  const z = l.mul(x, x);
  const s = l.sub(magnitude, l.constant(1));
  const top = l.select(isInner, l.mul(magnitude, polynomial(l, z, innerTop)), polynomial(l, s, middleTop));
  const bottom = l.select(isInner, polynomial(l, z, innerBottom), polynomial(l, s, middleBottom));
  const near = l.add(l.select(isInner, magnitude, l.constant(middle)), l.div(top, bottom));
  const far = outer(l, l.greater(magnitude, l.constant(1.25)), exp);
  return l.copySign(l.select(l.less(magnitude, l.constant(1.25)), near, far), x);
}
