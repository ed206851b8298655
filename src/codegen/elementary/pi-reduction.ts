import {
  fastTwoSum,
  type Lanes,
  nearestMultiple,
  type Routine,
  shift,
  shifted,
  type Table,
  twoProduct,
  twoSum,
} from "./lanes.ts";

/** Up to here three-part reduction is used, beyond it 2/π to as many bits as needed. */
export const reductionRange = 2 ** 20;

/** π/2 in parts of 32, 32 and 53 bits: products of the first two with |n| < 2^21 are exact. */
const halfPi = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21] as const;

/**
 * Reduction by a multiple of π/2 leaves an error of about |n|·2^−120; below |n|·2^−62 the remainder is too small for
 * that to be forgotten, which no argument drawn at random will meet.
 */
const unsafeRatio = 2 ** -62;

/** x = n·π/2 + r + c with |r| ≤ π/4, for x ≥ 0: the parts, n shifted, and where they cannot be trusted. */
export function quarterTurns<V, M>(l: Lanes<V, M>, x: V): { r: V; c: V; code: V; unsafe: M } {
  const { code, n } = nearestMultiple(l, x, 2 / Math.PI);
  const [p1, p2, p3] = halfPi.map((part) => l.constant(part)) as [V, V, V];
  const first = l.nmadd(n, p1, x);
  const second = l.nmadd(n, p2, first);
  const carry = l.nmadd(n, p2, l.sub(first, second));
  const rest = l.nmadd(n, p3, carry);
  const r = l.add(second, rest);
  const tooSmall = l.less(l.abs(r), l.mul(n, l.constant(unsafeRatio)));
  const tooLarge = l.not(l.lessEqual(x, l.constant(reductionRange)));
  return { r, c: l.add(l.sub(second, r), rest), code, unsafe: l.or(tooLarge, tooSmall) };
}

const radix = 2 ** 26;

/** 2/π in signed digits to the radix 2^26, |digit| ≤ 2^25: Σ digits[k]·2^(−26k); enough for any finite f64. */
const twoOverPi: Table = {
  name: "twoOverPi",
  values: [
    1, -24386034, -18553791, 21659402, -11021835, 13858563, 28715354, -28372764, 4324945, 26128251, -4434405, 29957007,
    -29209133, -8382171, -17915747, 6588224, -31593699, -20666723, -1144797, 24988591, -12286742, -26099557, -12191772,
    5137526, -29785261, 15192690, 4585660, -8500721, -14681960, -34794, 25231091, -3906857, -32871137, 28629499,
    15891633, -26356782, -29399394, 25143478, -11371604, 33225084, 24853767, 15195689, 19476135, -16853012, 18845021,
    2185229, -16486456, -19207428,
  ],
};
const digits = 8;

/** |x| = (a·2^26 + b)·2^e with integers |a| ≤ 2^27, |b| ≤ 2^25. */
function integerParts<V, M>(l: Lanes<V, M>, magnitude: V): { a: V; b: V; e: V } {
  const scaled = l.mul(l.significand(magnitude, 1), l.constant(radix));
  const a = nearestMultiple(l, scaled, 1).n;
  const b = l.mul(l.sub(scaled, a), l.constant(radix));
  return { a, b, e: l.sub(l.exponent(magnitude, 1), l.constant(52)) };
}

/**
 * The digits of (a·2^26 + b)·2/π to the radix 2^26 from the first that matters modulo 4, most significant first; the
 * columns of the long multiplication are below 2^53, hence exact.
 */
function productDigits<V, M>(l: Lanes<V, M>, a: V, b: V, first: V): V[] {
  const code = shifted(l, first);
  const factor = Array.from({ length: digits }, (_, k) => l.lookup(twoOverPi, code, k));
  const columns = factor.slice(1).map((next, k) => l.add(l.mul(b, factor[k]!), l.mul(a, next)));
  columns.unshift(l.mul(a, factor[0]!));
  for (let k = columns.length - 1; k > 0; k--) {
    const carry = nearestMultiple(l, columns[k]!, 1 / radix).n;
    columns[k] = l.sub(columns[k]!, l.mul(carry, l.constant(radix)));
    columns[k - 1] = l.add(columns[k - 1]!, carry);
  }
  return columns;
}

/** hi + lo times π/2, in two parts. */
function timesHalfPi<V, M>(l: Lanes<V, M>, hi: V, lo: V): { r: V; c: V } {
  const product = twoProduct(l, hi, l.constant(Math.PI / 2));
  const rest = l.add(l.mul(hi, l.constant(6.123233995736766e-17)), l.mul(lo, l.constant(Math.PI / 2)));
  const { head, tail } = fastTwoSum(l, product.head, l.add(product.tail, rest));
  return { r: head, c: tail };
}

/**
 * The same for every finite x of at least 1, after Payne and Hanek (doi:10.1145/1057600.1057602): x·2/π modulo 4 with 100
 * correct bits after the leading zeros of its fraction. Results r, c and n shifted; NaN for ±∞ and NaN.
 */
export const hugeTurns: Routine = {
  name: "turnsOfHuge",
  arity: 1,
  results: 3,
  body: (l, x) => {
    const { a, b, e } = integerParts(l, l.abs(x));
    // the first digit of 2/π whose product with x is not a multiple of 4
    const skipped = l.floor(l.mul(l.sub(e, l.constant(2)), l.constant(1 / 26)));
    const first = l.greater(l.add(skipped, l.constant(1)), l.constant(0));
    const [top, second, ...rest] = productDigits(l, a, b, first);
    const unit = l.power2(shifted(l, l.sub(e, l.mul(first, l.constant(26)))));
    const whole = l.mul(l.mul(top!, l.constant(radix)), unit);
    const turns = l.sub(whole, l.mul(l.floor(l.mul(whole, l.constant(0.25))), l.constant(4)));
    const leading = l.add(turns, l.mul(second!, unit));
    const weights = rest.map((digit, k) => l.mul(l.mul(digit, l.constant(2 ** (-26 * (k + 1)))), unit));
    const n = nearestMultiple(l, l.add(leading, weights[0]!), 1).n;
    let sum = { head: l.sub(leading, n), tail: l.constant(0) };
    for (const weight of weights) {
      const { head, tail } = twoSum(l, sum.head, weight);
      sum = { head, tail: l.add(sum.tail, tail) };
    }
    const { r, c } = timesHalfPi(l, sum.head, sum.tail);
    const invalid = l.sub(x, x);
    return [l.add(l.flipSign(r, x), invalid), l.flipSign(c, x), l.add(l.flipSign(n, x), l.constant(shift))];
  },
};
