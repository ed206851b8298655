import type { Matrix } from "./matrix.ts";
import type { PivotedQr } from "./qr.ts";
import { solveTriangular } from "./qr.ts";
import { dot } from "./vector.ts";

/** What least squares knows of n parameters besides their values. */
export interface Uncertainty {
  /** [n × n] Infinity on the diagonal, NaN beside it, for a parameter that the data do not determine. */
  readonly covariance: Matrix;
  /** [n] Square roots of the diagonal. */
  readonly standardErrors: Float64Array;
  /** [n × n] Covariance over the product of the standard errors: 1 on the diagonal. */
  readonly correlation: Matrix;
  /** How many combinations of parameters the data determine. */
  readonly rank: number;
  /** Why not more: one entry a missing rank. */
  readonly indistinguishable: readonly Indistinguishable[];
}

/** Parameters that can be changed together without any change in what is fitted. */
export interface Indistinguishable {
  /** Two or more parameters that only a combination of is determined; a single one has no effect at all. Ascending. */
  readonly parameters: readonly number[];
  /** How much each changes, in its own unit; the first changes by 1. */
  readonly direction: readonly number[];
}

/** A parameter takes part where its share of a direction (columns scaled to length 1) exceeds the square root of 2⁻⁵². */
const leastShare = Math.sqrt(Number.EPSILON);

/**
 * (JᵀJ)⁻¹ · variance from the decomposition of J, with what the data leave open named.
 *
 * @param qr of J: [rows × n], the derivatives of the residuals, weighted
 * @param variance of one residual: 1 where the weights say it all, else the reduced χ²
 */
export function uncertainty(qr: PivotedQr, variance: number): Uncertainty {
  const n = qr.columns;
  const open = openDirections(qr);
  const undetermined = new Set(open.flatMap(({ parameters }) => parameters));
  const inverse = invertedTriangle(qr);
  const covariance = new Float64Array(n * n).fill(Number.NaN);
  for (let k = 0; k < qr.rank; k++) {
    for (let l = 0; l <= k; l++) {
      const [i, j] = [qr.order[k]!, qr.order[l]!];
      if (undetermined.has(i) || undetermined.has(j)) continue;
      const product = dot(inverse, k * qr.rank + k, inverse, l * qr.rank + k, qr.rank - k);
      const value = (variance * product) / (qr.scale[i]! * qr.scale[j]!);
      covariance[i * n + j] = value;
      covariance[j * n + i] = value;
    }
  }
  for (const i of undetermined) covariance[i * n + i] = Number.POSITIVE_INFINITY;
  const standardErrors = Float64Array.from({ length: n }, (_, i) => Math.sqrt(covariance[i * n + i]!));
  return {
    covariance: { rows: n, columns: n, data: covariance },
    standardErrors,
    correlation: { rows: n, columns: n, data: correlationOf(covariance, standardErrors) },
    rank: qr.rank,
    indistinguishable: open,
  };
}

function correlationOf(covariance: Float64Array, errors: Float64Array): Float64Array {
  const n = errors.length;
  return covariance.map((value, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return i === j ? 1 : value / (errors[i]! * errors[j]!);
  });
}

/** R⁻¹ of the leading rank × rank part: [rank × rank] upper triangular. */
function invertedTriangle({ r, rank }: PivotedQr): Float64Array {
  const out = new Float64Array(rank * rank);
  const column = new Float64Array(rank);
  for (let j = 0; j < rank; j++) {
    column.fill(0);
    column[j] = 1 / r.data[j * r.columns + j]!;
    for (let i = j - 1; i >= 0; i--) {
      const row = i * r.columns;
      column[i] = -dot(r.data, row + i + 1, column, i + 1, j - i) / r.data[row + i]!;
    }
    for (let i = 0; i <= j; i++) out[i * rank + j] = column[i]!;
  }
  return out;
}

/** For each column past the rank: the combination of the columns before it that it equals. */
function openDirections(qr: PivotedQr): Indistinguishable[] {
  const { r, rank, order, scale, columns } = qr;
  const found: Indistinguishable[] = [];
  for (let k = rank; k < columns; k++) {
    const target = Float64Array.from({ length: rank }, (_, i) => -r.data[i * columns + k]!);
    const shares = solveTriangular(r.data, columns, rank, target);
    const members = [{ parameter: order[k]!, change: 1 / scale[order[k]!]! }];
    for (const [i, share] of shares.entries()) {
      const parameter = order[i]!;
      if (Math.abs(share) > leastShare) members.push({ parameter, change: share / scale[parameter]! });
    }
    members.sort((a, b) => a.parameter - b.parameter);
    found.push({
      parameters: members.map(({ parameter }) => parameter),
      direction: members.map(({ change }) => change / members[0]!.change),
    });
  }
  return found;
}
