/*
 * Coefficients and ranges are those of fdlibm (s_erf.c):
 *
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems, Inc.
 * business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this
 * notice is preserved.
 */
import { type Lanes, polynomial } from "../lanes.ts";
import { exponentialParts } from "./exponential.ts";

/** erf x = x + x·P/Q in x² below 0.84375. */
const innerTop = [
  1.28379167095512558561e-1, -3.2504210724700149937e-1, -2.84817495755985104766e-2, -5.77027029648944159157e-3,
  -2.37630166566501626084e-5,
];
const innerBottom = [
  1, 3.97917223959155352819e-1, 6.50222499887672944485e-2, 5.08130628187576562776e-3, 1.32494738004321644526e-4,
  -3.9602282787753681232e-6,
];
/** erf x = `middle` + P/Q in x − 1 below 1.25. */
const middle = 8.45062911510467529297e-1;
const middleTop = [
  -2.36211856075265944077e-3, 4.14856118683748331666e-1, -3.72207876035701323847e-1, 3.18346619901161753674e-1,
  -1.10894694282396677476e-1, 3.54783043256182359371e-2, -2.166375594868790843e-3,
];
const middleBottom = [
  1, 1.06420880400844228286e-1, 5.40397917702171048937e-1, 7.18286544141962662868e-2, 1.26171219808761642112e-1,
  1.36370839120290507362e-2, 1.1984499846799107417e-2,
];
/** erf x = 1 − exp(−x² − 0.5625 + P/Q)/x in 1/x². */
const outerTop = [
  -9.86494403484714822705e-3, -6.93858572707181764372e-1, -1.05586262253232909814e1, -6.23753324503260060396e1,
  -1.62396669462573470355e2, -1.84605092906711035994e2, -8.12874355063065934246e1, -9.81432934416914548592,
];
const outerBottom = [
  1, 1.96512716674392571292e1, 1.376577541435190426e2, 4.34565877475229228821e2, 6.45387271733267880336e2,
  4.29008140027567833386e2, 1.08635005541779435134e2, 6.57024977031928170135, -6.04244152148580987438e-2,
];

/** erf x from 1.25 on; the error of the exponential is damped by its smallness, at most 0.08. */
function outer<V, M>(l: Lanes<V, M>, x: V): V {
  const one = l.constant(1);
  const inverse = l.div(one, l.mul(x, x));
  const ratio = l.div(polynomial(l, inverse, outerTop), polynomial(l, inverse, outerBottom));
  const { code, head } = exponentialParts(l, l.sub(l.sub(ratio, l.constant(0.5625)), l.mul(x, x)));
  return l.sub(one, l.div(l.mul(head, l.power2(code)), x));
}

/** Error function 2/√π·∫₀ˣ exp(−t²) dt. */
export function erf<V, M>(l: Lanes<V, M>, x: V): V {
  const magnitude = l.lesser(l.abs(x), l.constant(6));
  const isInner = l.less(magnitude, l.constant(0.84375));
  const z = l.mul(x, x);
  const s = l.sub(magnitude, l.constant(1));
  const top = l.select(isInner, l.mul(magnitude, polynomial(l, z, innerTop)), polynomial(l, s, middleTop));
  const bottom = l.select(isInner, polynomial(l, z, innerBottom), polynomial(l, s, middleBottom));
  const near = l.add(l.select(isInner, magnitude, l.constant(middle)), l.div(top, bottom));
  const far = outer(l, l.greater(magnitude, l.constant(1.25)));
  return l.copySign(l.select(l.less(magnitude, l.constant(1.25)), near, far), x);
}
