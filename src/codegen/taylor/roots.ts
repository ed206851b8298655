/** Halvings of the unit interval before a cluster of roots is taken for one. */
const deepest = 48;

/** Ratios C(i, k)/C(n, k), row-major in i, for a degree n. */
const weights = new Map<number, Float64Array>();

function bernsteinWeights(n: number): Float64Array {
  const known = weights.get(n);
  if (known) return known;
  const table = new Float64Array((n + 1) * (n + 1));
  for (let i = 0; i <= n; i++) {
    let ratio = 1;
    for (let k = 0; k <= i; k++) {
      table[i * (n + 1) + k] = ratio;
      ratio *= (i - k) / (n - k || 1);
    }
  }
  weights.set(n, table);
  return table;
}

/**
 * The places in (0, 1] where a polynomial changes sign, in order. In the Bernstein basis the number of sign changes
 * among the coefficients bounds the number of roots, and is exact at 0 and 1: pieces without any are passed over,
 * pieces with one are closed in on, others are halved (Lane, Riesenfeld 1981, doi:10.1007/BF01934087).
 *
 * @param a coefficients a₀ … a_n of powers of s
 * @param before the sign that a zero at s = 0 counts as
 */
export function signChanges(a: Float64Array, before: number): number[] {
  const n = a.length - 1;
  if (apart(a)) return [];
  const table = bernsteinWeights(n);
  const b = new Float64Array(n + 1);
  for (let i = 0; i <= n; i++) {
    let sum = 0;
    for (let k = 0; k <= i; k++) sum += table[i * (n + 1) + k]! * a[k]!;
    b[i] = sum;
  }
  if (b[0] === 0) b[0] = before * Number.MIN_VALUE;
  const found: number[] = [];
  const stack = [{ lo: 0, hi: 1, b, depth: 0 }];
  for (let piece = stack.pop(); piece; piece = stack.pop()) {
    const changes = variations(piece.b);
    if (changes === 0) continue;
    const opposite = Math.sign(piece.b[0]!) * Math.sign(piece.b[n]!) < 0;
    if (changes === 1 && opposite) found.push(closeIn(a, piece.lo, piece.hi, Math.sign(piece.b[0]!)));
    else if (piece.depth < deepest) {
      const [left, right] = halves(piece.b);
      const middle = (piece.lo + piece.hi) / 2;
      stack.push({ lo: middle, hi: piece.hi, b: right, depth: piece.depth + 1 });
      stack.push({ lo: piece.lo, hi: middle, b: left, depth: piece.depth + 1 });
    } else if (opposite) found.push(piece.hi);
  }
  return found;
}

/** Whether a₀ outweighs all the rest, so that nothing changes sign. */
function apart(a: Float64Array): boolean {
  let rest = 0;
  for (let k = 1; k < a.length; k++) rest += Math.abs(a[k]!);
  return Math.abs(a[0]!) > rest;
}

function variations(b: Float64Array): number {
  let count = 0;
  let last = 0;
  for (const value of b) {
    const sign = Math.sign(value);
    if (sign === 0) continue;
    if (last !== 0 && sign !== last) count++;
    last = sign;
  }
  return count;
}

/** De Casteljau's algorithm at 1/2. A root at 1/2 belongs to the left half. */
function halves(b: Float64Array): [Float64Array<ArrayBuffer>, Float64Array<ArrayBuffer>] {
  const n = b.length - 1;
  const work = b.slice();
  const [left, right] = [new Float64Array(n + 1), new Float64Array(n + 1)];
  for (let level = 0; level <= n; level++) {
    left[level] = work[0]!;
    right[n - level] = work[n - level]!;
    for (let i = 0; i < n - level; i++) work[i] = (work[i]! + work[i + 1]!) / 2;
  }
  if (right[0] === 0) {
    // the sign just after it, so that a simple root lies in the left half and a double one in neither
    right[0] = Math.sign(right.find((value) => value !== 0) ?? 0) * Number.MIN_VALUE;
    left[n] = right[0];
  }
  return [left, right];
}

/** The polynomial and its slope at s. */
function horner(a: Float64Array, s: number): [value: number, slope: number] {
  let [value, slope] = [0, 0];
  for (let k = a.length - 1; k >= 0; k--) {
    slope = slope * s + value;
    value = value * s + a[k]!;
  }
  return [value, slope];
}

/** The root between lo, where the sign is `sign`, and hi: Newton's method kept inside by bisection. */
function closeIn(a: Float64Array, lo: number, hi: number, sign: number): number {
  let [low, high] = [lo, hi];
  let s = (lo + hi) / 2;
  for (let round = 0; round < 200 && high - low > Number.EPSILON * high; round++) {
    const [value, slope] = horner(a, s);
    if (value === 0) return s;
    if (Math.sign(value) === sign) low = s;
    else high = s;
    const newton = s - value / slope;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - s) <= Number.EPSILON * s) return next;
    s = next;
  }
  return high;
}
