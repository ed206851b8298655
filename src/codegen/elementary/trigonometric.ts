import { type Lanes, nearestMultiple, polynomial, type Routine } from "./lanes.ts";
import { hugeTurns, quarterTurns, reductionRange } from "./pi-reduction.ts";

/** π in parts of 32 and 53 bits: products of the first with |n| < 2^20 are exact. */
const piInTwo = [3.1415926534682512, 1.2154201013012384e-10] as const;

/** (sin r/r − 1)/r² in r² on |r| ≤ π/2, minimax, error 2^−61.5. */
const sineOfHalfTurn = [
  -0.16666666666666666, 0.008333333333333207, -0.00019841269841212476, 2.7557319211568364e-6, -2.5052106904249807e-8,
  1.6058940989342705e-10, -7.64301890292932e-13, 2.7214130263541378e-15,
];
/** The same on |r| ≤ π/4, error 2^−57.9. */
const sineOfQuarterTurn = [
  -0.1666666666666663, 0.008333333333321842, -0.00019841269829361057, 2.7557313539510095e-6, -2.5050734539458464e-8,
  1.589544099275879e-10,
];
/** (cos r − 1 + r²/2)/r⁴ in r² on |r| ≤ π/4, error 2^−63.9. */
const cosineOfQuarterTurn = [
  0.041666666666666595, -0.001388888888887334, 2.480158728899956e-5, -2.755731421601785e-7, 2.0875705222415448e-9,
  -1.1358738648014754e-11,
];

/** Sine and cosine of r, |r| ≤ π/4. */
function kernels<V, M>(l: Lanes<V, M>, r: V): { s: V; c: V } {
  const z = l.mul(r, r);
  const s = l.madd(l.mul(z, r), polynomial(l, z, sineOfQuarterTurn), r);
  const half = l.mul(z, l.constant(0.5));
  const one = l.constant(1);
  const head = l.sub(one, half);
  const tail = l.sub(l.sub(one, head), half);
  return { s, c: l.add(head, l.madd(l.mul(z, z), polynomial(l, z, cosineOfQuarterTurn), tail)) };
}

/** Sine and cosine from the remainder and the number of quarter turns. */
function rotate<V, M>(l: Lanes<V, M>, r: V, code: V): [sine: V, cosine: V] {
  const { s, c } = kernels(l, r);
  const odd = l.bit(code, 0);
  const sine = l.flipBit(l.select(odd, c, s), code, 1);
  return [sine, l.flipBit(l.select(odd, s, c), l.add(code, l.constant(1)), 1)];
}

const sincosOfHuge: Routine = {
  name: "sincosOfHuge",
  arity: 1,
  results: 2,
  body: (l, x) => {
    const [r, , code] = l.call(hugeTurns, [x]);
    return rotate(l, r!, code!);
  },
};
const sinOfHuge: Routine = {
  name: "sinOfHuge",
  arity: 1,
  results: 1,
  body: (l, x) => [l.call(sincosOfHuge, [x])[0]!],
};
const cosOfHuge: Routine = {
  name: "cosOfHuge",
  arity: 1,
  results: 1,
  body: (l, x) => [l.call(sincosOfHuge, [x])[1]!],
};

/** Sine and cosine of one argument; cheaper than the two apart. */
export function sincos<V, M>(l: Lanes<V, M>, x: V): [sine: V, cosine: V] {
  const { r, code, unsafe } = quarterTurns(l, l.abs(x));
  const [s, c] = rotate(l, r, code);
  const [sine, cosine] = l.rare(unsafe, [l.flipSign(s, x), c], sincosOfHuge, [x]);
  return [sine!, cosine!];
}

/** sin r, |r| ≤ π/2. */
function sineKernel<V, M>(l: Lanes<V, M>, r: V): V {
  const z = l.mul(r, r);
  return l.madd(l.mul(z, r), polynomial(l, z, sineOfHalfTurn), r);
}

/** x − nπ for an integer |n| ≤ 2^20/π: the error is below |n|·2^−85, from the product with π's second part. */
function subtractHalfTurns<V, M>(l: Lanes<V, M>, x: V, n: V): V {
  const [high, low] = piInTwo;
  return l.nmadd(n, l.constant(low), l.nmadd(n, l.constant(high), x));
}

/** Remainders smaller than this times n would be too inexact: a fifth of an ulp is let pass. */
const leastRatio = 2 ** -30;

/** Sine: reduction by half turns needs one polynomial and no selection. */
export function sin<V, M>(l: Lanes<V, M>, x: V): V {
  const magnitude = l.abs(x);
  const { code, n } = nearestMultiple(l, magnitude, 1 / Math.PI);
  const r = subtractHalfTurns(l, magnitude, n);
  const tooSmall = l.less(l.abs(r), l.mul(n, l.constant(leastRatio)));
  const unsafe = l.or(tooSmall, l.not(l.lessEqual(magnitude, l.constant(reductionRange))));
  const value = l.flipSign(l.flipBit(sineKernel(l, r), code, 0), x);
  return l.rare(unsafe, [value], sinOfHuge, [x])[0]!;
}

/**
 * Sine without its rare cases and without a care for the sign of zero: the same bits as `sin` wherever `doubtfulSin` does
 * not object, because every operation of `sin` is odd or even there. `square` is that of the remainder modulo π.
 */
export function quickSin<V, M>(l: Lanes<V, M>, x: V): { value: V; square: V } {
  const { code, n } = nearestMultiple(l, x, 1 / Math.PI);
  const r = subtractHalfTurns(l, x, n);
  return { value: l.flipBit(sineKernel(l, r), code, 0), square: l.mul(r, r) };
}

/** Whether some result of `quickSin` may be wrong, from the largest |x| and the smallest `square` of them all. */
export function doubtfulSin<V, M>(l: Lanes<V, M>, largest: V, smallest: V): M {
  const tooLarge = l.not(l.less(largest, l.constant(reductionRange)));
  // n < |x|, and 0 where |x| is below 1.5
  const bound = l.mul(l.mul(largest, largest), l.constant(leastRatio ** 2));
  const turned = l.select(l.less(largest, l.constant(1.5)), l.constant(0), bound);
  return l.or(tooLarge, l.less(smallest, l.add(turned, l.constant(2 ** -80))));
}

/** Cosine: by quarter turns, so that it is exactly 1 next to 0, where energies are differences from 1. */
export function cos<V, M>(l: Lanes<V, M>, x: V): V {
  const { r, code, unsafe } = quarterTurns(l, l.abs(x));
  return l.rare(unsafe, [rotate(l, r, code)[1]], cosOfHuge, [x])[0]!;
}

/** (tan r − r)/r³ in r² is numerator/denominator on |r| ≤ π/4; Cephes tan.c, Stephen L. Moshier. */
const tangentNumerator = [-17956525.197648488, 1153516.6483858742, -13093.693918138373];
const tangentDenominator = [-53869575.592945464, 25008380.18233579, -1320892.3444021097, 13681.296347069296, 1];

/** tan(r + c) turned by n quarter turns; −1/(w + t) is corrected to first order in t. */
function rotateTangent<V, M>(l: Lanes<V, M>, r: V, c: V, code: V): V {
  const z = l.mul(r, r);
  const quotient = l.div(l.mul(l.mul(z, r), polynomial(l, z, tangentNumerator)), polynomial(l, z, tangentDenominator));
  const t = l.add(r, quotient);
  const tail = l.add(quotient, l.madd(l.mul(t, t), c, c));
  const w = l.add(r, tail);
  const rest = l.sub(tail, l.sub(w, r));
  const inverse = l.div(l.constant(-1), w);
  return l.select(l.bit(code, 0), l.madd(l.mul(inverse, inverse), rest, inverse), w);
}

const tanOfHuge: Routine = {
  name: "tanOfHuge",
  arity: 1,
  results: 1,
  body: (l, x) => {
    const [r, c, code] = l.call(hugeTurns, [x]);
    return [rotateTangent(l, r!, c!, code!)];
  },
};

/** Tangent. */
export function tan<V, M>(l: Lanes<V, M>, x: V): V {
  const { r, c, code, unsafe } = quarterTurns(l, l.abs(x));
  return l.rare(unsafe, [l.flipSign(rotateTangent(l, r, c, code), x)], tanOfHuge, [x])[0]!;
}
