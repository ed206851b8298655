import { HnncError } from "../errors.ts";
import { weighted } from "./linear-least-squares.ts";
import type { Matrix } from "./matrix.ts";
import { matrix, multiply } from "./matrix.ts";
import type { PivotedQr } from "./qr.ts";
import { pivotedQr } from "./qr.ts";
import type { SingularValues } from "./svd.ts";
import { singularValues } from "./svd.ts";

/** Options of `ridge`. */
export interface RidgeOptions {
  /** [rows] Each squared residual counts this often. Default 1. */
  readonly weights?: Float64Array;
  /** λ itself, in the units of (A's entries)² · rows. Default: found by generalised cross-validation. */
  readonly penalty?: number;
  /** The first so many columns are not held down: coefficients of a formula beside the features that correct it. Default 0. */
  readonly free?: number;
}

/** A ridge fit. */
export interface RidgeFit {
  /** [columns] */
  readonly coefficients: Float64Array;
  /** λ. */
  readonly penalty: number;
  /** The trace of the matrix that turns b into the fitted values: how many parameters the fit amounts to. */
  readonly effectiveParameters: number;
  /** Σ w (b − A x)². */
  readonly squares: number;
  /** rows · squares / (rows − effectiveParameters)²: an estimate of the mean squared error of a new row. */
  readonly validation: number;
}

/**
 * The x that minimises Σ w (b − A x)² + λ Σ x², with λ where generalised cross-validation is least. One decomposition of A
 * serves every λ, and works on A itself: AᵀA, which squares the condition, is never formed.
 * Source: Golub, Heath, Wahba, Technometrics 21 (1979) 215, doi:10.1080/00401706.1979.10489751.
 *
 * @param a [rows × columns]; fewer rows than columns are allowed
 * @param b [rows]
 * @throws HnncError `not-finite` (data); `dependent-columns` (data) where free columns say the same as one another;
 * `bad-penalty` (usage)
 * @example
 * ridge(features, derivatives).coefficients; // output weights of a random-feature network
 */
export function ridge(a: Matrix, b: Float64Array, options: RidgeOptions = {}): RidgeFit {
  const { penalty, free = 0 } = options;
  if (penalty !== undefined && !(penalty >= 0 && penalty < Number.POSITIVE_INFINITY)) {
    throw new HnncError({ kind: "usage", code: "bad-penalty", message: `a penalty of \`${penalty}\` is not possible` });
  }
  const { scaled, target, counted } = weighted(a, b, options.weights);
  const parts = separated(scaled, target, free);
  const svd = singularValues(parts.held, parts.target, Number.EPSILON);
  const score = (lambda: number) => validationOf(svd, counted, free, lambda);
  const lambda = penalty ?? leastAlong(svd, score);

  const { held, effective, validation } = { held: heldDown(svd, lambda), ...score(lambda) };
  const coefficients = joined(parts, held, free);
  const fitted = multiply(scaled, coefficients);
  let squares = 0;
  for (let i = 0; i < target.length; i++) squares += (target[i]! - fitted[i]!) ** 2;
  return { coefficients, penalty: lambda, effectiveParameters: effective, squares, validation };
}

interface Parts {
  /** What of the held columns and of the target the free columns cannot say. */
  readonly held: Matrix;
  readonly target: Float64Array;
  readonly qr?: PivotedQr;
  /** Qᵀ of the target and of the held columns, of which the first rows determine the free coefficients. */
  readonly rotated?: Float64Array;
  readonly columns?: readonly Float64Array[];
}

/** Rotates the rows so that the free columns live in the first rows only: the rest is an ordinary ridge problem. */
function separated(a: Matrix, b: Float64Array, free: number): Parts {
  if (free === 0) return { held: a, target: b };
  const width = a.columns - free;
  const qr = pivotedQr(part(a, 0, free));
  if (qr.rank < free) {
    throw new HnncError({
      kind: "data",
      code: "dependent-columns",
      message: `of the ${free} coefficients that no penalty holds down, the data determine ${qr.rank} combinations only`,
      hint: "fix one of them, or use more varied data",
    });
  }
  const columns = Array.from({ length: width }, (_, j) => qr.rotate(part(a, free + j, 1).data));
  const rotated = qr.rotate(b);
  const rows = a.rows - free;
  const held = matrix(rows, width);
  for (const [j, column] of columns.entries()) {
    for (let i = 0; i < rows; i++) held.data[i * width + j] = column[free + i]!;
  }
  return { held, target: rotated.slice(free), qr, rotated, columns };
}

function part(a: Matrix, from: number, count: number): Matrix {
  const out = matrix(a.rows, count);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < count; j++) out.data[i * count + j] = a.data[i * a.columns + from + j]!;
  }
  return out;
}

/** Free coefficients follow from the held ones. */
function joined({ qr, rotated, columns }: Parts, held: Float64Array, free: number): Float64Array {
  if (!qr || !rotated || !columns) return held;
  const target = rotated.slice();
  for (const [j, column] of columns.entries()) {
    for (let i = 0; i < free; i++) target[i]! -= column[i]! * held[j]!;
  }
  const out = new Float64Array(free + held.length);
  out.set(qr.solve(target));
  out.set(held, free);
  return out;
}

/** V diag(s / (s² + λ)) Uᵀ b; directions without a singular value get nothing. */
function heldDown({ values, right, projection }: SingularValues, lambda: number): Float64Array {
  const n = right.columns;
  const out = new Float64Array(n);
  for (let k = 0; k < values.length; k++) {
    const s = values[k]!;
    if (s <= values[0]! * Number.EPSILON * n && lambda === 0) break;
    const factor = (s / (s * s + lambda)) * projection[k]!;
    if (s > 0) for (let j = 0; j < n; j++) out[j]! += factor * right.data[k * n + j]!;
  }
  return out;
}

function validationOf(
  { values, projection, outside }: SingularValues,
  rows: number,
  free: number,
  lambda: number,
): { readonly effective: number; readonly validation: number } {
  let effective = free;
  let squares = outside;
  for (let k = 0; k < values.length; k++) {
    const s = values[k]! ** 2;
    const kept = s === 0 ? 0 : s / (s + lambda);
    effective += kept;
    squares += ((1 - kept) * projection[k]!) ** 2;
  }
  const left = rows - effective;
  return { effective, validation: left > 1e-9 * rows ? (rows * squares) / left ** 2 : Number.POSITIVE_INFINITY };
}

const stepsADecade = 4;

/** Decades of λ from nothing beside the square of the smallest singular value to that of the largest, then golden sections round the least. */
function leastAlong({ values }: SingularValues, score: (lambda: number) => { readonly validation: number }): number {
  const largest = values[0] ?? 0;
  if (largest === 0) return 0;
  const top = 2 * Math.log10(largest) + 1;
  const bottom = 2 * Math.log10(Math.max(values[values.length - 1]!, largest * Number.EPSILON)) - 10;
  const value = (exponent: number) => score(10 ** exponent).validation;
  const count = Math.ceil((top - bottom) * stepsADecade);
  let best = top;
  let least = value(top);
  for (let k = 1; k <= count; k++) {
    const exponent = top - k / stepsADecade;
    const candidate = value(exponent);
    if (candidate < least) [best, least] = [exponent, candidate];
  }
  return 10 ** goldenSection(value, best - 1 / stepsADecade, best + 1 / stepsADecade);
}

/** Where a function of one variable is least between two places, to 1e-4. Source: Kiefer, Proc. AMS 4 (1953) 502, doi:10.2307/2032161. */
function goldenSection(value: (x: number) => number, from: number, to: number): number {
  const section = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [from, to];
  while (b - a > 1e-4) {
    const [c, d] = [b - section * (b - a), a + section * (b - a)];
    if (value(c) <= value(d)) b = d;
    else a = c;
  }
  return (a + b) / 2;
}
