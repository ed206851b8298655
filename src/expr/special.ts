/**
 * erf, sigmoid and softplus in double precision for the interpreter and for plain JS: `Math` lacks them.
 */

/** 1/(1+e^(−x)), without overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** log(1+e^x), without overflow or cancellation. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/**
 * The error function, from its Maclaurin series below 1 and the continued fraction of erfc above (Abramowitz & Stegun
 * 7.1.5 and 7.1.14). Chosen over rational fits because the reference must be independent of the kernels; within 1.5 ulp.
 */
export function erf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  return a < 1 ? erfSeries(x) : Math.sign(x) * (1 - erfcFraction(a));
}

/** 2/√π · Σ (−1)ⁿ x^(2n+1) / (n! (2n+1)), added from the smallest term up. */
function erfSeries(x: number): number {
  const terms: number[] = [];
  for (let power = x, n = 0; n < 24; n++, power *= (-x * x) / n) terms.push(power / (2 * n + 1));
  return (2 / Math.sqrt(Math.PI)) * terms.reduceRight((total, term) => total + term, 0);
}

/** e^(−x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))): 200 levels suffice from x = 1 on. */
function erfcFraction(x: number): number {
  let tail = x;
  for (let k = 200; k >= 1; k--) tail = x + k / 2 / tail;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
}
