import { HnncError } from "../errors.ts";
import { dot } from "./vector.ts";

/** A dense matrix, row-major: entry (i, j) is `data[i * columns + j]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** [rows · columns] */
  readonly data: Float64Array;
}

/**
 * @param data [rows · columns], row-major, not copied; zeros when left out
 * @throws HnncError `matrix-size` (internal)
 */
export function matrix(rows: number, columns: number, data: Float64Array = new Float64Array(rows * columns)): Matrix {
  if (data.length !== rows * columns) {
    throw new HnncError({
      kind: "internal",
      code: "matrix-size",
      message: `a matrix of ${rows} × ${columns} was given ${data.length} numbers`,
    });
  }
  return { rows, columns, data };
}

/** A vector whose length has to suit a matrix.
 * @throws HnncError `matrix-size` (internal) */
export function checkLength(vector: ArrayLike<number>, length: number, what: string): void {
  if (vector.length === length) return;
  throw new HnncError({
    kind: "internal",
    code: "matrix-size",
    message: `${what} has ${vector.length} numbers, ${length} were expected`,
  });
}

/** Aᵀ. */
export function transpose(a: Matrix): Matrix {
  const { rows, columns, data } = a;
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j]!;
  }
  return { rows: columns, columns: rows, data: out };
}

/** A x: [rows]. */
export function multiply(a: Matrix, x: Float64Array): Float64Array {
  const out = new Float64Array(a.rows);
  for (let i = 0; i < a.rows; i++) out[i] = dot(a.data, i * a.columns, x, 0, a.columns);
  return out;
}

/** Aᵀ y: [columns]. */
export function multiplyTransposed(a: Matrix, y: Float64Array): Float64Array {
  const { rows, columns, data } = a;
  const out = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    const factor = y[i]!;
    const row = i * columns;
    for (let j = 0; j < columns; j++) out[j]! += factor * data[row + j]!;
  }
  return out;
}

/** How many rows of A are summed while their entries stay in the cache. */
const rowsAtOnce = 256;

/** AᵀA: [columns × columns], by blocks of 2 × 2 over slabs of columns made contiguous. */
export function gram(a: Matrix): Matrix {
  const n = a.columns;
  const out = new Float64Array(n * n);
  const slab = new Float64Array(n * rowsAtOnce);
  for (let from = 0; from < a.rows; from += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, a.rows - from);
    for (let i = 0; i < count; i++) {
      const row = (from + i) * n;
      for (let j = 0; j < n; j++) slab[j * count + i] = a.data[row + j]!;
    }
    for (let j = 0; j < n; j += 2) addProducts(slab, count, n, j, out);
  }
  for (let j = 0; j < n; j++) for (let k = 0; k < j; k++) out[k * n + j] = out[j * n + k]!;
  return { rows: n, columns: n, data: out };
}

/** Adds the products of columns j, j + 1 of a slab with the columns up to them to the lower triangle of `out`. */
function addProducts(slab: Float64Array, count: number, n: number, j: number, out: Float64Array): void {
  const two = j + 1 < n;
  const [a, b] = [j * count, (two ? j + 1 : j) * count];
  for (let k = 0; k <= j; k += 2) {
    const [c, d] = [k * count, (k + 1 < n ? k + 1 : k) * count];
    let ac = 0;
    let ad = 0;
    let bc = 0;
    let bd = 0;
    for (let i = 0; i < count; i++) {
      const p = slab[a + i]!;
      const q = slab[b + i]!;
      const r = slab[c + i]!;
      const s = slab[d + i]!;
      ac += p * r;
      ad += p * s;
      bc += q * r;
      bd += q * s;
    }
    out[j * n + k]! += ac;
    if (two) out[(j + 1) * n + k]! += bc;
    if (k + 1 < j) out[j * n + k + 1]! += ad;
    if (two && k + 1 <= j + 1) out[(j + 1) * n + k + 1]! += bd;
  }
}
