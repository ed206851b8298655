/** Σ a[from + k] b[start + k], k = 0 … count − 1, in four sums: a quarter of the waiting for additions. */
export function dot(a: Float64Array, from: number, b: Float64Array, start: number, count: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < count; k += 4) {
    s0 += a[from + k]! * b[start + k]!;
    s1 += a[from + k + 1]! * b[start + k + 1]!;
    s2 += a[from + k + 2]! * b[start + k + 2]!;
    s3 += a[from + k + 3]! * b[start + k + 3]!;
  }
  for (; k < count; k++) s0 += a[from + k]! * b[start + k]!;
  return s0 + s1 + (s2 + s3);
}

/** b[start + k] += factor · a[from + k]. */
export function addScaled(
  factor: number,
  a: Float64Array,
  from: number,
  b: Float64Array,
  start: number,
  count: number,
): void {
  for (let k = 0; k < count; k++) b[start + k]! += factor * a[from + k]!;
}

/** The Euclidean norm of a stretch of `a`; squares that would leave the range of doubles are scaled. */
export function norm(a: Float64Array, from = 0, count = a.length - from): number {
  const squares = dot(a, from, a, from, count);
  if (squares > 1e-280 && squares < 1e300) return Math.sqrt(squares);
  const largest = largestMagnitude(a, from, count);
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let k = 0; k < count; k++) sum += (a[from + k]! / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** max |a[from + k]|; NaN where one is. */
export function largestMagnitude(a: Float64Array, from = 0, count = a.length - from): number {
  let largest = 0;
  for (let k = 0; k < count; k++) {
    const size = Math.abs(a[from + k]!);
    if (!(size <= largest)) largest = size;
  }
  return largest;
}

/** Whether every number is finite. */
export function allFinite(a: Float64Array): boolean {
  for (const value of a) if (!Number.isFinite(value)) return false;
  return true;
}
