import type { Matrix } from "./matrix.ts";
import { checkLength } from "./matrix.ts";
import { addScaled, dot } from "./vector.ts";

/** A symmetric positive definite matrix as L Lᵀ. */
export interface Cholesky {
  /** [n × n] lower triangular, its diagonal positive; zeros above. */
  readonly factor: Matrix;
  /** x with A x = b. */
  solve(b: Float64Array): Float64Array;
  /** The diagonal of A⁻¹: variances, where A is a precision matrix. */
  inverseDiagonal(): Float64Array;
}

/**
 * Cholesky's decomposition by rows: each entry is one product of two contiguous rows.
 *
 * @param a [n × n] symmetric; only its lower triangle is read
 * @returns undefined where A is not positive definite to the last bit, or not finite
 * @example
 * cholesky(matrix(2, 2, Float64Array.of(4, 2, 2, 3)))?.solve(Float64Array.of(8, 7)); // [1.25, 1.5]
 */
export function cholesky(a: Matrix): Cholesky | undefined {
  const n = a.rows;
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      l[i * n + j] = (a.data[i * n + j]! - dot(l, i * n, l, j * n, j)) / l[j * n + j]!;
    }
    const pivot = a.data[i * n + i]! - dot(l, i * n, l, i * n, i);
    if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return undefined;
    l[i * n + i] = Math.sqrt(pivot);
  }
  return {
    factor: { rows: n, columns: n, data: l },
    solve: (b) => solveWith(l, n, b),
    inverseDiagonal: () => inverseDiagonalOf(l, n),
  };
}

function solveWith(l: Float64Array, n: number, b: Float64Array): Float64Array {
  checkLength(b, n, "the right-hand side");
  const x = b.slice();
  for (let i = 0; i < n; i++) x[i] = (x[i]! - dot(l, i * n, x, 0, i)) / l[i * n + i]!;
  for (let i = n - 1; i >= 0; i--) {
    x[i]! /= l[i * n + i]!;
    addScaled(-x[i]!, l, i * n, x, 0, i);
  }
  return x;
}

/** Column sums of squares of L⁻¹, which is found column by column: (A⁻¹)ⱼⱼ = ‖L⁻¹ eⱼ‖². */
function inverseDiagonalOf(l: Float64Array, n: number): Float64Array {
  const diagonal = new Float64Array(n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    column[j] = 1 / l[j * n + j]!;
    for (let i = j + 1; i < n; i++) column[i] = -dot(l, i * n + j, column, j, i - j) / l[i * n + i]!;
    diagonal[j] = dot(column, j, column, j, n - j);
  }
  return diagonal;
}
