import type { Cholesky } from "./cholesky.ts";
import { cholesky } from "./cholesky.ts";
import type { Matrix } from "./matrix.ts";
import { gram, matrix, multiplyTransposed } from "./matrix.ts";
import { singularValues } from "./svd.ts";

/** The steps that one Jacobian J gives, for as many dampings μ as are tried. Undefined where rounding leaves none. */
export interface DampedSteps {
  /** [n] −(JᵀJ + μD²)⁻¹ Jᵀ r; zeros for parameters that are held. */
  step(damping: number): Float64Array | undefined;
  /** [n] −(JᵀJ + μD²)⁻¹ Jᵀ v for another [m] vector in place of r. */
  towards(vector: Float64Array, damping: number): Float64Array | undefined;
}

/** Up to so many parameters the singular values of J are affordable, and lose no digits; beyond, JᵀJ is factored. */
const mostBySingularValues = 100;

/**
 * @param jacobian J: [m × n]
 * @param residuals r: [m]
 * @param free the parameters that may move
 * @param scale D: [n], positive
 */
export function dampedSteps(
  jacobian: Matrix,
  residuals: Float64Array,
  free: readonly number[],
  scale: Float64Array,
): DampedSteps {
  const scaled = scaledPart(jacobian, free, scale);
  const spread = (inner: Float64Array) => {
    const out = new Float64Array(jacobian.columns);
    for (const [k, j] of free.entries()) out[j] = -inner[k]! / scale[j]!;
    return out;
  };
  const solver = free.length <= mostBySingularValues ? bySingularValues(scaled, residuals) : byCholesky(scaled);
  const gradient = multiplyTransposed(scaled, residuals);
  return {
    step(damping) {
      const inner = solver(damping, gradient, true);
      return inner && spread(inner);
    },
    towards(vector, damping) {
      const inner = solver(damping, multiplyTransposed(scaled, vector), false);
      return inner && spread(inner);
    },
  };
}

/** Columns of J that may move, divided by their scale: [m × free.length]. */
export function scaledPart(jacobian: Matrix, free: readonly number[], scale: Float64Array): Matrix {
  const { rows, columns, data } = jacobian;
  const out = matrix(rows, free.length);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < free.length; k++) {
      out.data[i * free.length + k] = data[i * columns + free[k]!]! / scale[free[k]!]!;
    }
  }
  return out;
}

/** (JᵀJ + μ)⁻¹ times a gradient; `own` tells that it is Jᵀ r itself, which the decomposition knows better. */
type Solver = (damping: number, gradient: Float64Array, own: boolean) => Float64Array | undefined;

function bySingularValues(scaled: Matrix, residuals: Float64Array): Solver {
  const { values, right, projection } = singularValues(scaled, residuals);
  const n = right.columns;
  return (damping, gradient, own) => {
    const out = new Float64Array(n);
    for (let k = 0; k < values.length; k++) {
      const s = values[k]!;
      if (s === 0) continue;
      let share = 0;
      if (own) share = s * projection[k]!;
      else for (let j = 0; j < n; j++) share += right.data[k * n + j]! * gradient[j]!;
      share /= s * s + damping;
      for (let j = 0; j < n; j++) out[j]! += share * right.data[k * n + j]!;
    }
    return out;
  };
}

function byCholesky(scaled: Matrix): Solver {
  const products = gram(scaled);
  const n = products.rows;
  let factored: { readonly damping: number; readonly factor: Cholesky | undefined } | undefined;
  return (damping, gradient) => {
    if (factored?.damping !== damping) {
      const data = products.data.slice();
      for (let j = 0; j < n; j++) data[j * n + j]! += damping;
      factored = { damping, factor: cholesky(matrix(n, n, data)) };
    }
    return factored.factor?.solve(gradient);
  };
}
