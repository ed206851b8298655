import { beyondRange, clamp, exponentialParts, reduceByLn2, scaleTwice } from "./exponential.ts";
import { fastTwoSum, type Lanes, polynomial, type Routine, shift, twoProduct, twoSum } from "./lanes.ts";
import { logOfDouble } from "./logarithm.ts";

/** (sinh r − r)/r³ and (cosh r − 1 − r²/2)/r⁴ in r² on |r| ≤ ln 2/2, minimax, errors 2^−61.6 and 2^−70. */
const sinhOfRemainder = [
  0.16666666666666677, 0.008333333333321376, 0.0001984126988686843, 2.755724336722636e-6, 2.510936265267507e-8,
];
const coshOfRemainder = [
  0.041666666666666685, 0.0013888888888873283, 2.4801587349201758e-5, 2.755725182350837e-7, 2.0921766769813576e-9,
];
/** (sinh x − x)/x³ in x² on |x| ≤ 1, error 2^−62.9. */
const sinhOfUnit = [
  0.16666666666666666, 0.008333333333333573, 0.00019841269841061168, 2.755731931008352e-6, 2.5052089414913653e-8,
  1.6061338861465927e-10, 7.503288999049082e-13, 6.47448561904917e-15,
];

/** With x = n·ln 2 + r: sinh r, cosh r − 1, and a = sinh(n·ln 2), b = cosh(n·ln 2). */
function additionParts<V, M>(l: Lanes<V, M>, x: V): { s: V; c: V; a: V; b: V } {
  const { code, r, c: rest } = reduceByLn2(l, x);
  const z = l.mul(r, r);
  const s = l.add(r, l.madd(l.mul(z, r), polynomial(l, z, sinhOfRemainder), rest));
  const c = l.madd(l.mul(z, z), polynomial(l, z, coshOfRemainder), l.mul(z, l.constant(0.5)));
  const half = l.constant(0.5);
  const up = l.mul(l.power2(code), half);
  const down = l.mul(l.power2(l.sub(l.constant(2 * shift), code)), half);
  return { s, c, a: l.sub(up, down), b: l.add(up, down) };
}

/** e^|x|/2, which sinh and cosh are beyond 708; overflows only where they do. */
const halfExponential: Routine = {
  name: "halfExponential",
  arity: 1,
  results: 1,
  body: (l, x) => {
    const { code, head } = exponentialParts(l, clamp(l, l.abs(x), 760));
    return [scaleTwice(l, head, l.sub(code, l.constant(1)))];
  },
};

/** Hyperbolic cosine: b + (b·(cosh r − 1) + a·sinh r). */
export function cosh<V, M>(l: Lanes<V, M>, x: V): V {
  const { s, c, a, b } = additionParts(l, l.abs(x));
  return l.rare(beyondRange(l, x), [l.add(b, l.madd(a, s, l.mul(b, c)))], halfExponential, [x])[0]!;
}

/** Hyperbolic sine: a + (a·(cosh r − 1) + b·sinh r) from 1 on, a polynomial below. */
export function sinh<V, M>(l: Lanes<V, M>, x: V): V {
  const magnitude = l.abs(x);
  const { s, c, a, b } = additionParts(l, magnitude);
  const z = l.mul(x, x);
  const small = l.madd(l.mul(z, x), polynomial(l, z, sinhOfUnit), x);
  const fast = l.add(a, l.madd(b, s, l.mul(a, c)));
  const large = l.rare(beyondRange(l, x), [fast], halfExponential, [x])[0]!;
  return l.select(l.less(magnitude, l.constant(1)), small, l.copySign(large, x));
}

/** (tanh x − x)/x³ in x² is numerator/denominator below 0.625; Cephes tanh.c, Stephen L. Moshier. */
const tanhNumerator = [-1614.6876844170845, -99.28772310019185, -0.9643991794250523];
const tanhDenominator = [4844.063053251255, 2235.4883906010045, 112.81167849163293, 1];

/** Hyperbolic tangent: 1 − 2/(e^2x + 1) from 0.625 on; one division serves both ranges. */
export function tanh<V, M>(l: Lanes<V, M>, x: V): V {
  const one = l.constant(1);
  const magnitude = l.lesser(l.abs(x), l.constant(20));
  const { code, head } = exponentialParts(l, l.add(magnitude, magnitude));
  const z = l.mul(magnitude, magnitude);
  const large = l.lessEqual(l.constant(0.625), magnitude);
  const p = l.mul(l.mul(magnitude, z), polynomial(l, z, tanhNumerator));
  const top = l.select(large, l.constant(-2), p);
  const bottom = l.select(large, l.madd(head, l.power2(code), one), polynomial(l, z, tanhDenominator));
  const value = l.add(l.select(large, one, magnitude), l.div(top, bottom));
  return l.copySign(value, x);
}

/** √(t.head + t.tail) in two parts, t > 0. */
function rootOfDouble<V, M>(l: Lanes<V, M>, t: { head: V; tail: V }): { head: V; tail: V } {
  const root = l.sqrt(t.head);
  const square = twoProduct(l, root, root);
  const rest = l.add(l.sub(l.sub(t.head, square.head), square.tail), t.tail);
  return { head: root, tail: l.div(rest, l.add(root, root)) };
}

/** Above this log(x + √(x² ± 1)) is log 2x. */
const large = 2 ** 28;

/** log(x + root) with x at most 2^28, and log 2x above; relative to the result also near x + root = 1. */
function logOfSumWithRoot<V, M>(l: Lanes<V, M>, x: V, root: { head: V; tail: V }): V {
  const huge = l.less(l.constant(large), x);
  const zero = l.constant(0);
  const sum = twoSum(l, x, root.head);
  const u = fastTwoSum(l, sum.head, l.add(sum.tail, root.tail));
  const chosen = { head: l.select(huge, x, u.head), tail: l.select(huge, zero, u.tail) };
  return logOfDouble(l, chosen, l.select(huge, l.constant(1), zero));
}

/** Inverse hyperbolic sine. */
export function asinh<V, M>(l: Lanes<V, M>, x: V): V {
  const magnitude = l.abs(x);
  const square = twoProduct(l, magnitude, magnitude);
  const sum = twoSum(l, l.constant(1), square.head);
  const value = logOfSumWithRoot(l, magnitude, rootOfDouble(l, { ...sum, tail: l.add(sum.tail, square.tail) }));
  const finite = l.less(magnitude, l.constant(Number.POSITIVE_INFINITY));
  const ordinary = l.and(l.lessEqual(l.constant(2 ** -28), magnitude), finite);
  return l.select(ordinary, l.copySign(value, x), x);
}

/** Inverse hyperbolic cosine; NaN below 1. */
export function acosh<V, M>(l: Lanes<V, M>, x: V): V {
  const one = l.constant(1);
  const less = l.sub(x, one);
  const more = fastTwoSum(l, x, one);
  const square = twoProduct(l, less, more.head);
  const root = rootOfDouble(l, { head: square.head, tail: l.madd(less, more.tail, square.tail) });
  // at 1 the root's correction is 0/0
  const value = logOfSumWithRoot(l, x, root);
  const inside = l.and(l.less(one, x), l.less(x, l.constant(Number.POSITIVE_INFINITY)));
  const edge = l.select(l.equal(x, one), l.constant(0), l.constant(Number.NaN));
  return l.select(inside, value, l.select(l.less(one, x), x, edge));
}

/** Inverse hyperbolic tangent, ½·log(1 + 2x/(1 − x)); ±∞ at ±1, NaN beyond. */
export function atanh<V, M>(l: Lanes<V, M>, x: V): V {
  const [one, half] = [l.constant(1), l.constant(0.5)];
  const magnitude = l.abs(x);
  const bottom = fastTwoSum(l, one, l.neg(magnitude));
  const top = l.add(magnitude, magnitude);
  const quotient = l.div(top, bottom.head);
  const product = twoProduct(l, quotient, bottom.head);
  const rest = l.sub(l.sub(l.sub(top, product.head), product.tail), l.mul(quotient, bottom.tail));
  const u = twoSum(l, one, quotient);
  const value = l.mul(half, logOfDouble(l, { ...u, tail: l.madd(rest, l.div(one, bottom.head), u.tail) }));
  const edge = l.select(l.equal(magnitude, one), l.constant(Number.POSITIVE_INFINITY), l.constant(Number.NaN));
  const signed = l.copySign(l.select(l.less(magnitude, one), value, edge), x);
  return l.select(l.less(magnitude, l.constant(2 ** -28)), x, signed);
}
