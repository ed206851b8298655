import { fastTwoSum, type Lanes, nearestMultiple, polynomial, type Routine, shift } from "./lanes.ts";

/** Beyond this the result or one of its scale factors may leave the normal numbers. */
const exponentialRange = 708;

/** (eʳ − 1 − r)/r² on |r| ≤ ln 2/2, minimax, error 2^−56.5 relative to eʳ. */
const exponentialTail = [
  0.5000000000000011, 0.1666666666666641, 0.0416666666665292, 0.008333333333495696, 0.001388888894391959,
  0.00019841269504593132, 2.4801492765729715e-5, 2.7557587501730755e-6, 2.763037771275317e-7, 2.4999914476348415e-8,
];

/** ln 2 in two parts; the first has 32 trailing zeros, so that its product with |n| < 2^20 is exact. */
const ln2 = { head: 0.6931471803691238, tail: 1.9082149292705877e-10 };

/** x = n·ln 2 + r + c with |r| ≤ ln 2/2, |c| ≤ ulp(r)/2. */
export function reduceByLn2<V, M>(l: Lanes<V, M>, x: V): { code: V; r: V; c: V } {
  const { code, n } = nearestMultiple(l, x, Math.LOG2E);
  const high = l.nmadd(n, l.constant(ln2.head), x);
  const low = l.mul(n, l.constant(ln2.tail));
  const r = l.sub(high, low);
  return { code, r, c: l.sub(l.sub(high, r), low) };
}

/** eˣ = (head + tail)·2ⁿ for |x| ≤ 1000; `head` alone is within 1 ulp. */
export function exponentialParts<V, M>(l: Lanes<V, M>, x: V): { code: V; head: V; tail: V } {
  const { code, r, c } = reduceByLn2(l, x);
  const q = l.add(r, l.madd(l.mul(r, r), polynomial(l, r, exponentialTail), c));
  return { code, ...fastTwoSum(l, l.constant(1), q) };
}

/** a·2ⁿ for |n| ≤ 2000 and a near 1: two steps, the first exact, so that a subnormal result is rounded once. */
export function scaleTwice<V, M>(l: Lanes<V, M>, a: V, code: V): V {
  const n = l.sub(code, l.constant(shift));
  const half = nearestMultiple(l, n, 0.5);
  const rest = l.add(l.sub(n, half.n), l.constant(shift));
  return l.mul(l.mul(a, l.power2(half.code)), l.power2(rest));
}

/** `x` limited to ±`bound`; NaN stays. */
export function clamp<V, M>(l: Lanes<V, M>, x: V, bound: number): V {
  return l.lesser(l.greater(x, l.constant(-bound)), l.constant(bound));
}

/** Whether |x| > 708, or x is NaN. */
export function beyondRange<V, M>(l: Lanes<V, M>, x: V): M {
  return l.not(l.lessEqual(l.abs(x), l.constant(exponentialRange)));
}

/** eˣ anywhere: overflow, gradual underflow, NaN. */
export function exponentialAnywhere<V, M>(l: Lanes<V, M>, x: V): V {
  const { code, head } = exponentialParts(l, clamp(l, x, 760));
  return scaleTwice(l, head, code);
}

const extremeExponential: Routine = {
  name: "expExtreme",
  arity: 1,
  results: 1,
  body: (l, x) => [exponentialAnywhere(l, x)],
};

/** eˣ. */
export function exp<V, M>(l: Lanes<V, M>, x: V): V {
  const { code, head } = exponentialParts(l, x);
  return l.rare(beyondRange(l, x), [l.mul(head, l.power2(code))], extremeExponential, [x])[0]!;
}

const extremeExpm1: Routine = {
  name: "expm1Extreme",
  arity: 1,
  results: 1,
  body: (l, x) => [l.sub(exponentialAnywhere(l, x), l.constant(1))],
};

/** eˣ − 1 = (2ⁿ − 1) + 2ⁿ·(eʳ − 1), where eʳ − 1 = r + e is kept in two parts. */
export function expm1<V, M>(l: Lanes<V, M>, x: V): V {
  const { code, r, c } = reduceByLn2(l, x);
  const e = l.madd(l.mul(r, r), polynomial(l, r, exponentialTail), c);
  const scale = l.power2(code);
  const sum = fastTwoSum(l, l.sub(scale, l.constant(1)), l.mul(scale, r));
  const value = l.copySign(l.add(sum.head, l.madd(scale, e, sum.tail)), x);
  return l.rare(beyondRange(l, x), [value], extremeExpm1, [x])[0]!;
}

const extremeSigmoid: Routine = {
  name: "sigmoidExtreme",
  arity: 1,
  results: 1,
  body: (l, x) => [l.lesser(exponentialAnywhere(l, x), l.constant(1))],
};

/**
 * 1/(1 + e⁻ˣ). With e = e^−|x| it is 1/(1 + e) or e/(1 + e); the roundings of e and of 1 + e are put back through
 * d(a/d) = (da − (a/d)·dd)/d, where 1/d is 1 − e/d.
 */
export function sigmoid<V, M>(l: Lanes<V, M>, x: V): V {
  const one = l.constant(1);
  const { code, head, tail } = exponentialParts(l, l.neg(l.abs(x)));
  const scale = l.power2(code);
  const e = l.mul(head, scale);
  const small = l.mul(tail, scale);
  const denominator = fastTwoSum(l, one, e);
  const negative = l.negative(x);
  const quotient = l.div(l.select(negative, e, one), denominator.head);
  const inverse = l.select(negative, l.sub(one, quotient), quotient);
  const slack = l.sub(l.select(negative, small, l.constant(0)), l.mul(quotient, l.add(denominator.tail, small)));
  const value = l.madd(slack, inverse, quotient);
  return l.rare(beyondRange(l, x), [value], extremeSigmoid, [x])[0]!;
}
