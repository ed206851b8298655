/** A dense linear system, factorised once and solved for many right-hand sides. */
export interface LinearSystem {
  /** Row-major [size, size]: filled by the caller, overwritten by `factorise`. */
  readonly matrix: Float64Array;
  /** LU with partial pivoting, in place. Answers false where the matrix is singular or not finite. */
  factorise(): boolean;
  /** Replaces the right-hand side by the solution. */
  solve(vector: Float64Array): void;
}

export function linearSystem(size: number): LinearSystem {
  const matrix = new Float64Array(size * size);
  const order = new Int32Array(size);
  const sorted = new Float64Array(size);
  return {
    matrix,
    factorise: () => factorise(matrix, order),
    solve(vector) {
      for (let i = 0; i < size; i++) sorted[i] = vector[order[i]!]!;
      for (let i = 0; i < size; i++) {
        let sum = sorted[i]!;
        for (let j = 0; j < i; j++) sum -= matrix[i * size + j]! * sorted[j]!;
        sorted[i] = sum;
      }
      for (let i = size - 1; i >= 0; i--) {
        let sum = sorted[i]!;
        for (let j = i + 1; j < size; j++) sum -= matrix[i * size + j]! * sorted[j]!;
        sorted[i] = sum / matrix[i * size + i]!;
      }
      vector.set(sorted);
    },
  };
}

/** Leaves L below the diagonal and U on and above it; row i was row order[i]. */
function factorise(matrix: Float64Array, order: Int32Array): boolean {
  const size = order.length;
  for (let i = 0; i < size; i++) order[i] = i;
  for (let k = 0; k < size; k++) {
    let best = k;
    for (let i = k + 1; i < size; i++) {
      if (Math.abs(matrix[i * size + k]!) > Math.abs(matrix[best * size + k]!)) best = i;
    }
    const pivot = matrix[best * size + k]!;
    if (!(Math.abs(pivot) > 0 && Number.isFinite(pivot))) return false;
    if (best !== k) exchange(matrix, order, k, best);
    for (let i = k + 1; i < size; i++) {
      const factor = matrix[i * size + k]! / pivot;
      matrix[i * size + k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1; j < size; j++) matrix[i * size + j] = matrix[i * size + j]! - factor * matrix[k * size + j]!;
    }
  }
  return true;
}

function exchange(matrix: Float64Array, order: Int32Array, a: number, b: number): void {
  const size = order.length;
  const row = matrix.slice(a * size, (a + 1) * size);
  matrix.copyWithin(a * size, b * size, (b + 1) * size);
  matrix.set(row, b * size);
  [order[a], order[b]] = [order[b]!, order[a]!];
}
