/**
 * The vocabulary in which elementary functions are written once, for every machine that hnnc emits code for. A program
 * over `Lanes<V, M>` works on values `V` (one f64, or two side by side) and masks `M` (one truth value a lane); it
 * has no branches other than `rare`. Every operation is defined exactly, so that all machines give the same bits;
 * only `madd` and `nmadd` may be fused, where the user asked for it.
 */
export interface Lanes<V, M> {
  constant(value: number): V;
  /** Whether `madd` and `nmadd` are fused. */
  readonly fused?: boolean | undefined;

  // IEEE 754 binary64, rounded to nearest even
  add(a: V, b: V): V;
  sub(a: V, b: V): V;
  mul(a: V, b: V): V;
  div(a: V, b: V): V;
  sqrt(a: V): V;
  /** a·b + c: two roundings, or one where fusing was asked for. */
  madd(a: V, b: V, c: V): V;
  /** c − a·b: two roundings, or one where fusing was asked for. */
  nmadd(a: V, b: V, c: V): V;
  floor(a: V): V;

  // signs
  neg(a: V): V;
  abs(a: V): V;
  /** The magnitude of `a` with the sign of `sign`. */
  copySign(a: V, sign: V): V;
  /** `a`, negated where `sign` has its sign bit set. */
  flipSign(a: V, sign: V): V;
  /** Whether the sign bit is set (true of −0). */
  negative(a: V): M;

  // order
  /** As `Math.min`: NaN if either is, −0 below +0. */
  min(a: V, b: V): V;
  /** As `Math.max`. */
  max(a: V, b: V): V;
  /** `b < a ? b : a`, hence `a` where either is NaN; faster than `min`. */
  lesser(a: V, b: V): V;
  /** `a < b ? b : a`, hence `a` where either is NaN. */
  greater(a: V, b: V): V;
  less(a: V, b: V): M;
  lessEqual(a: V, b: V): M;
  equal(a: V, b: V): M;
  and(a: M, b: M): M;
  or(a: M, b: M): M;
  not(a: M): M;
  select(mask: M, yes: V, no: V): V;

  // bits
  /** `a` with the low 32 bits of its significand cleared: at most 21 significant bits remain. */
  head(a: V): V;
  /** The integer e with `a·2^−e` in [low, 2·low), for positive normal `a`; unspecified but harmless otherwise. */
  exponent(a: V, low: ScaleBase): V;
  /** `a·2^−e` for the e of `exponent(a, low)`. */
  significand(a: V, low: ScaleBase): V;
  /** 2^n for the integer n in [−1022, 1023] of a shifted integer. */
  power2(code: V): V;
  /** Whether bit `bit` (0 or 1) of a shifted integer is set, in two's complement. */
  bit(code: V, bit: 0 | 1): M;
  /** `a`, negated where bit `bit` of a shifted integer is set. */
  flipBit(a: V, code: V, bit: 0 | 1): V;
  /** `table.values[n + offset]` for the integer n of a shifted integer; the caller keeps it in range. */
  lookup(table: Table, code: V, offset: number): V;

  // control
  /** The results of a routine that is not inlined. */
  call(routine: Routine, args: readonly V[]): readonly V[];
  /** `fast`, replaced by the results of `slow(args)` in the lanes of `when`; `slow` runs only if some lane needs it. */
  rare(when: M, fast: readonly V[], slow: Routine, args: readonly V[]): readonly V[];
}

/** An integer n, |n| < 2^31, written as n + `shift`: its low bits are n in two's complement. */
export const shift = 6755399441055744; // 1.5·2^52

/** A number in (1/2, 1] whose low 32 bits are zero, so that exponents can be read from the high word alone. */
export type ScaleBase = number;

/** A named array of numbers, stored once in a module. */
export interface Table {
  readonly name: string;
  readonly values: readonly number[];
}

/** A program with a name, emitted as a function of its own. */
export interface Routine {
  readonly name: string;
  readonly arity: number;
  readonly results: number;
  readonly body: <V, M>(lanes: Lanes<V, M>, ...args: V[]) => readonly V[];
}

/** Below this many coefficients one product waits for the other anyway. */
const longPolynomial = 6;

/**
 * Σ coefficients[i]·xⁱ. By Horner's rule where it is short, or where multiplications and additions are fused; otherwise
 * neighbours in pairs, pairs of pairs, … (Estrin), which takes as many operations and half the time where nothing else
 * is to be done meanwhile.
 */
export function polynomial<V, M>(lanes: Lanes<V, M>, x: V, coefficients: readonly number[]): V {
  let sums = coefficients.map((c) => lanes.constant(c));
  if (lanes.fused || sums.length < longPolynomial) {
    return sums.reduceRight((sum, coefficient) => lanes.madd(sum, x, coefficient));
  }
  for (let power = x; ; power = lanes.mul(power, power)) {
    const low = sums.filter((_, k) => k % 2 === 0);
    const high = sums.filter((_, k) => k % 2 === 1);
    const factor = power;
    sums = low.map((sum, k) => (k < high.length ? lanes.madd(high[k]!, factor, sum) : sum));
    if (sums.length === 1) return sums[0]!;
  }
}

/** The integer nearest to `x·scale`, |x·scale| < 2^31, as a real number and shifted. */
export function nearestMultiple<V, M>(lanes: Lanes<V, M>, x: V, scale: number): { code: V; n: V } {
  const code = lanes.madd(x, lanes.constant(scale), lanes.constant(shift));
  return { code, n: lanes.sub(code, lanes.constant(shift)) };
}

/** The shifted form of an integer-valued `n`. */
export function shifted<V, M>(lanes: Lanes<V, M>, n: V): V {
  return lanes.add(n, lanes.constant(shift));
}

/** An unevaluated sum: `head + tail`, |tail| ≤ ulp(head)/2 unless said otherwise. */
export interface Double<V> {
  readonly head: V;
  readonly tail: V;
}

/** a + b exactly, in any order of magnitude (Knuth). */
export function twoSum<V, M>(l: Lanes<V, M>, a: V, b: V): Double<V> {
  const head = l.add(a, b);
  const other = l.sub(head, a);
  return { head, tail: l.add(l.sub(a, l.sub(head, other)), l.sub(b, other)) };
}

/** a + b exactly, |a| ≥ |b| (Dekker). */
export function fastTwoSum<V, M>(l: Lanes<V, M>, a: V, b: V): Double<V> {
  const head = l.add(a, b);
  return { head, tail: l.sub(b, l.sub(head, a)) };
}

/** a·b to about 100 bits, by splitting off the upper 21 bits of each factor. */
export function twoProduct<V, M>(l: Lanes<V, M>, a: V, b: V): Double<V> {
  const head = l.mul(a, b);
  const [ah, bh] = [l.head(a), l.head(b)];
  const [al, bl] = [l.sub(a, ah), l.sub(b, bh)];
  const cross = l.add(l.mul(ah, bl), l.mul(al, bh));
  return { head, tail: l.add(l.add(l.sub(l.mul(ah, bh), head), cross), l.mul(al, bl)) };
}
