import { HnncError } from "../errors.ts";
import type { Matrix } from "./matrix.ts";
import { checkLength, multiply } from "./matrix.ts";
import { pivotedQr } from "./qr.ts";
import type { Uncertainty } from "./uncertainty.ts";
import { uncertainty } from "./uncertainty.ts";
import { allFinite, dot } from "./vector.ts";

/** Options of `linearLeastSquares`. */
export interface LinearOptions {
  /** [rows] Each squared residual counts this often: 1/σ² where the errors of b are known. Default 1. */
  readonly weights?: Float64Array;
  /** The weights are 1/σ² of errors that are known: error bars are not widened by the scatter found. Default false. */
  readonly knownErrors?: boolean;
  /** Columns of which less than this remains beside others count as dependent. Default max(rows, columns) · 2⁻⁵². */
  readonly tolerance?: number;
}

/** A linear least-squares fit. */
export interface LinearFit extends Uncertainty {
  /** [columns] Zero for the columns that were left out because others say the same. */
  readonly coefficients: Float64Array;
  /** [rows] b − A x, unweighted. */
  readonly residuals: Float64Array;
  /** Σ w (b − A x)². */
  readonly squares: number;
  /** Rows with a weight, less the rank. */
  readonly degreesOfFreedom: number;
  /** squares / degreesOfFreedom; NaN where none are left. */
  readonly reducedChiSquare: number;
}

/**
 * The x that minimises Σ w (b − A x)², by pivoted QR, with one step of refinement.
 *
 * @param a [rows × columns]
 * @param b [rows]
 * @throws HnncError `not-finite` (data) where A, b or a weight is not a finite number
 * @example
 * const fit = linearLeastSquares(matrix(3, 2, Float64Array.of(1, 0, 1, 1, 1, 2)), Float64Array.of(1, 3, 5.3));
 * fit.coefficients; // [0.95, 2.15]
 * fit.standardErrors;
 */
export function linearLeastSquares(a: Matrix, b: Float64Array, options: LinearOptions = {}): LinearFit {
  const { scaled, target, counted } = weighted(a, b, options.weights);
  const qr = pivotedQr(scaled, options.tolerance === undefined ? {} : { tolerance: options.tolerance });
  const coefficients = qr.solve(qr.rotate(target));
  const left = multiply(scaled, coefficients).map((value, i) => target[i]! - value);
  const correction = qr.solve(qr.rotate(left));
  for (let j = 0; j < coefficients.length; j++) coefficients[j]! += correction[j]!;

  const remaining = multiply(scaled, coefficients).map((value, i) => target[i]! - value);
  const squares = dot(remaining, 0, remaining, 0, remaining.length);
  const degreesOfFreedom = counted - qr.rank;
  const reducedChiSquare = degreesOfFreedom > 0 ? squares / degreesOfFreedom : Number.NaN;
  return {
    coefficients,
    residuals: multiply(a, coefficients).map((value, i) => b[i]! - value),
    squares,
    degreesOfFreedom,
    reducedChiSquare,
    ...uncertainty(qr, options.knownErrors === true ? 1 : reducedChiSquare),
  };
}

/** A and b with their rows multiplied by √w, and how many rows count.
 * @throws HnncError `not-finite` (data), `matrix-size` (internal) */
export function weighted(
  a: Matrix,
  b: Float64Array,
  weights: Float64Array | undefined,
): { readonly scaled: Matrix; readonly target: Float64Array; readonly counted: number } {
  checkLength(b, a.rows, "the right-hand side");
  if (!allFinite(a.data) || !allFinite(b)) throw notFinite("a fit was given numbers that are not finite");
  if (weights === undefined) return { scaled: a, target: b, counted: a.rows };
  checkLength(weights, a.rows, "the list of weights");
  if (!allFinite(weights) || weights.some((weight) => weight < 0)) {
    throw notFinite("a fit was given weights that are negative or not finite");
  }
  const roots = weights.map(Math.sqrt);
  const data = a.data.map((value, at) => value * roots[Math.floor(at / a.columns)]!);
  return {
    scaled: { rows: a.rows, columns: a.columns, data },
    target: b.map((value, i) => value * roots[i]!),
    counted: weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0),
  };
}

function notFinite(message: string): HnncError {
  return new HnncError({
    kind: "data",
    code: "not-finite",
    message,
    hint: "remove the rows that hold them, or give those rows the weight 0 and a finite value",
  });
}
