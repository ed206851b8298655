import { type Matrix, matrix } from "../fit/matrix.ts";
import type { FitProblem } from "./fit-problem.ts";
import { type NaturalCoordinates, naturalCoordinates } from "./natural-coordinates.ts";

/** A fit as a sum of squares over natural coordinates: errors of samples, then a row for each weight that decays. */
export interface Squares {
  readonly natural: NaturalCoordinates;
  /** [n] */
  readonly first: Float64Array;
  residuals(at: Float64Array): Promise<Float64Array>;
  /** [rows × n], row-major. */
  jacobian(at: Float64Array): Promise<Float64Array>;
  /** What single precision leaves of derivatives. */
  readonly tolerances: { readonly rankTolerance?: number; readonly gradientTolerance?: number };
}

/** The objective is the sum over the number of errors: decay · Σθ²/2 is a square √(rows · decay/2)·θ for each weight. */
export function squaresOf(problem: FitProblem): Squares {
  const natural = naturalCoordinates(problem.set);
  const n = problem.set.count;
  const held = problem.weightDecay > 0 ? decaying(problem) : [];
  const weight = Math.sqrt((problem.rows * problem.weightDecay) / 2);
  return {
    natural,
    first: natural.fromRaw(problem.first),
    tolerances: problem.precision === "f32" ? { rankTolerance: 1e-5, gradientTolerance: 1e-6 } : {},
    residuals: async (at) => {
      const errors = await problem.residuals(natural.toRaw(at));
      return extended(
        errors,
        held.map((j) => weight * at[j]!),
      );
    },
    jacobian: async (at) => {
      const raw = natural.toRaw(at);
      const entries = await problem.jacobian(raw);
      scaleColumns(entries, natural.slopes(raw));
      const extra = new Float64Array(held.length * n);
      for (const [k, j] of held.entries()) extra[k * n + j] = weight;
      return extended(entries, extra);
    },
  };
}

/** The places of parameters that weight decay acts on. */
export function decaying({ set }: Pick<FitProblem, "set">): number[] {
  return set.slices.flatMap(({ decays, offset, size }) =>
    decays ? Array.from({ length: size }, (_, k) => offset + k) : [],
  );
}

/** Rows √λ·θ below a matrix, for the columns that λ holds down. */
export function withPenalty(a: Matrix, held: readonly number[], penalty: number): Matrix {
  const out = matrix(a.rows + held.length, a.columns);
  out.data.set(a.data);
  for (const [k, j] of held.entries()) out.data[(a.rows + k) * a.columns + j] = Math.sqrt(penalty);
  return out;
}

function scaleColumns(entries: Float64Array, factors: Float64Array): void {
  const n = factors.length;
  if (factors.every((factor) => factor === 1)) return;
  for (let from = 0; from < entries.length; from += n) {
    for (let j = 0; j < n; j++) entries[from + j]! *= factors[j]!;
  }
}

function extended(values: Float64Array, more: ArrayLike<number>): Float64Array {
  if (more.length === 0) return values;
  const out = new Float64Array(values.length + more.length);
  out.set(values);
  out.set(more, values.length);
  return out;
}
