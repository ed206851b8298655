import type { Matrix } from "./matrix.ts";
import { checkLength, transpose } from "./matrix.ts";
import { addScaled, dot, norm } from "./vector.ts";

/** A D⁻¹ P = Q R: columns scaled to length 1, then ordered so that each is the one least explained by those before it. */
export interface PivotedQr {
  readonly rows: number;
  readonly columns: number;
  /** How many columns are independent of one another, within the tolerance: the decomposition stops there. */
  readonly rank: number;
  /** [columns] Column k of R belongs to column `order[k]` of A. */
  readonly order: Int32Array;
  /** [columns] D: the lengths of the columns of A, 1 for a column of zeros. By column of A. */
  readonly scale: Float64Array;
  /** [rank × columns] upper triangular. */
  readonly r: Matrix;
  /** Qᵀ b: [rows]. */
  rotate(b: Float64Array): Float64Array;
  /** x: [columns], the least-squares solution of A x = b with zeros for the columns past the rank, from `rotate(b)`. */
  solve(rotated: Float64Array): Float64Array;
}

/** Options of `pivotedQr`. */
export interface QrOptions {
  /** Columns are scaled to length 1 first, so that units do not decide the rank. Default true. */
  readonly scaled?: boolean;
  /** A column counts as dependent where what is left of it is shorter than this times the longest. Default max(rows, columns) · 2⁻⁵². */
  readonly tolerance?: number;
}

/**
 * Householder's QR decomposition with column pivoting, on columns made contiguous.
 * Source: Businger, Golub, Numer. Math. 7 (1965) 269, doi:10.1007/BF01436084; norms are updated as Drmač and Bujanović
 * advise, ACM TOMS 35 (2008) 12, doi:10.1145/1377612.1377616.
 *
 * @param a [rows × columns]
 */
export function pivotedQr(a: Matrix, options: QrOptions = {}): PivotedQr {
  const { rows: m, columns: n } = a;
  const columns = transpose(a).data;
  const scale = options.scaled === false ? new Float64Array(n).fill(1) : scaleColumns(columns, m, n);
  const order = Int32Array.from({ length: n }, (_, j) => j);
  const factors = reduce(columns, m, n, order, options.tolerance ?? Math.max(m, n) * Number.EPSILON);
  const rank = factors.length;
  const r = new Float64Array(rank * n);
  for (let k = 0; k < n; k++) for (let i = 0; i <= Math.min(k, rank - 1); i++) r[i * n + k] = columns[k * m + i]!;
  return {
    rows: m,
    columns: n,
    rank,
    order,
    scale,
    r: { rows: rank, columns: n, data: r },
    rotate: (b) => rotated(columns, factors, m, b),
    solve(projection) {
      const found = solveTriangular(r, n, rank, projection);
      const x = new Float64Array(n);
      for (let k = 0; k < rank; k++) x[order[k]!] = found[k]! / scale[order[k]!]!;
      return x;
    },
  };
}

/** z with R z = b for the leading `rank` rows and columns of an upper triangular R whose rows are `n` long. */
export function solveTriangular(r: Float64Array, n: number, rank: number, b: Float64Array): Float64Array {
  const z = b.slice(0, rank);
  for (let i = rank - 1; i >= 0; i--) {
    const row = i * n + i;
    z[i] = (z[i]! - dot(r, row + 1, z, i + 1, rank - i - 1)) / r[row]!;
  }
  return z;
}

function scaleColumns(columns: Float64Array, m: number, n: number): Float64Array {
  const scale = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    const length = norm(columns, j * m, m);
    scale[j] = length === 0 ? 1 : length;
    if (length !== 0) for (let i = j * m; i < (j + 1) * m; i++) columns[i]! /= length;
  }
  return scale;
}

/** Leaves R on and above the diagonal, the reflections I − f v vᵀ below it (v₀ = 1). Returns their f, as many as the rank. */
function reduce(columns: Float64Array, m: number, n: number, order: Int32Array, tolerance: number): Float64Array {
  const left = Float64Array.from({ length: n }, (_, j) => norm(columns, j * m, m));
  const measured = left.slice();
  const least = tolerance * Math.max(0, ...left);
  const factors = new Float64Array(Math.min(m, n));
  for (let k = 0; k < factors.length; k++) {
    let pivot = k;
    for (let j = k + 1; j < n; j++) if (left[j]! > left[pivot]!) pivot = j;
    if (!(left[pivot]! > least)) return factors.slice(0, k);
    if (pivot !== k) exchange(columns, m, k, pivot, order, left, measured);
    const diagonal = k * m + k;
    const factor = reflection(columns, diagonal, m - k);
    factors[k] = factor;
    for (let j = k + 1; j < n; j++) {
      const at = j * m + k;
      if (factor !== 0) {
        const share = factor * (columns[at]! + dot(columns, diagonal + 1, columns, at + 1, m - k - 1));
        columns[at]! -= share;
        addScaled(-share, columns, diagonal + 1, columns, at + 1, m - k - 1);
      }
      shorten(left, measured, j, columns, at, m - k - 1);
    }
  }
  return factors;
}

function exchange(
  columns: Float64Array,
  m: number,
  k: number,
  pivot: number,
  order: Int32Array,
  ...tables: readonly Float64Array[]
): void {
  const column = columns.slice(k * m, (k + 1) * m);
  columns.copyWithin(k * m, pivot * m, (pivot + 1) * m);
  columns.set(column, pivot * m);
  for (const table of [order, ...tables]) [table[k], table[pivot]] = [table[pivot]!, table[k]!];
}

/** Turns a column into its reflection: the new diagonal entry at `at`, v after it. Returns the factor, 0 where there is nothing to reflect. */
function reflection(columns: Float64Array, at: number, count: number): number {
  const tail = norm(columns, at + 1, count - 1);
  if (tail === 0) return 0;
  const head = columns[at]!;
  const diagonal = head < 0 ? Math.hypot(head, tail) : -Math.hypot(head, tail);
  for (let i = at + 1; i < at + count; i++) columns[i]! /= head - diagonal;
  columns[at] = diagonal;
  return (diagonal - head) / diagonal;
}

/** The length of what is left of column j below its entry at `at`, by subtraction while that keeps half the digits. */
function shorten(
  left: Float64Array,
  measured: Float64Array,
  j: number,
  columns: Float64Array,
  at: number,
  count: number,
): void {
  if (left[j] === 0) return;
  const remaining = Math.max(0, 1 - (columns[at]! / left[j]!) ** 2);
  if (remaining * (left[j]! / measured[j]!) ** 2 <= 1.5e-8) {
    left[j] = norm(columns, at + 1, count);
    measured[j] = left[j]!;
  } else left[j]! *= Math.sqrt(remaining);
}

function rotated(columns: Float64Array, factors: Float64Array, m: number, b: Float64Array): Float64Array {
  checkLength(b, m, "the right-hand side");
  const out = b.slice();
  for (let k = 0; k < factors.length; k++) {
    if (factors[k] === 0) continue;
    const v = k * m + k + 1;
    const share = factors[k]! * (out[k]! + dot(columns, v, out, k + 1, m - k - 1));
    out[k]! -= share;
    addScaled(-share, columns, v, out, k + 1, m - k - 1);
  }
  return out;
}
