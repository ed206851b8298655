import type { Matrix } from "./matrix.ts";
import { matrix } from "./matrix.ts";
import { pivotedQr } from "./qr.ts";
import { dot, norm } from "./vector.ts";

/** A = U S Vᵀ as far as a least-squares problem A x = b needs it; `count` = columns, or fewer where some are left out. */
export interface SingularValues {
  /** [count] S, descending. */
  readonly values: Float64Array;
  /** [count × columns] Vᵀ: row k is the k-th right singular vector, zeros where its value is zero. */
  readonly right: Matrix;
  /** [count] Uᵀ b. */
  readonly projection: Float64Array;
  /** The sum of squares of the rest of b. */
  readonly outside: number;
}

const mostSweeps = 40;

/**
 * Singular values by one-sided Jacobi rotations of the transposed R of a pivoted QR decomposition: small singular values
 * of a badly scaled matrix keep their leading digits, which bidiagonalisation loses, and few sweeps are needed.
 * Source: Drmač, Veselić, SIAM J. Matrix Anal. Appl. 29 (2008) 1322, doi:10.1137/050639193.
 *
 * @param a [rows × columns], rows fewer than columns allowed
 * @param b [rows]
 * @param least directions shorter than this share of the longest are left out: with 2⁻⁵² what is lost is of the size of
 * the rounding of A, and a matrix of many alike columns is decomposed several times faster. Default 0
 */
export function singularValues(a: Matrix, b: Float64Array, least = 0): SingularValues {
  const n = a.columns;
  const tall = a.rows >= n ? a : matrix(n, n, padded(a.data, n * n));
  const qr = pivotedQr(tall, { scaled: false, tolerance: least });
  const rotated = qr.rotate(a.rows >= n ? b : padded(b, n));
  // The rows of R are the columns of Rᵀ; beside each stands its entry of Qᵀ b, which takes part in the rotations only.
  const width = n + 1;
  const count = qr.rank;
  const work = new Float64Array(count * width);
  for (let k = 0; k < count; k++) {
    work.set(qr.r.data.subarray(k * n, (k + 1) * n), k * width);
    work[k * width + n] = rotated[k]!;
  }
  rotateUntilOrthogonal(work, count, width);
  return gathered(work, count, width, qr.order, dot(rotated, count, rotated, count, tall.rows - count));
}

function padded(a: Float64Array, length: number): Float64Array {
  const out = new Float64Array(length);
  out.set(a);
  return out;
}

/** Rotates pairs of rows until all are orthogonal to working accuracy. The last entry of a row follows, and does not count. */
function rotateUntilOrthogonal(work: Float64Array, count: number, width: number): void {
  const n = width - 1;
  const limit = Math.sqrt(n) * Number.EPSILON;
  const squares = new Float64Array(count);
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    for (let k = 0; k < count; k++) squares[k] = dot(work, k * width, work, k * width, n);
    let rotations = 0;
    for (let i = 0; i < count - 1; i++) {
      for (let j = i + 1; j < count; j++) {
        const product = dot(work, i * width, work, j * width, n);
        if (Math.abs(product) <= limit * Math.sqrt(squares[i]!) * Math.sqrt(squares[j]!)) continue;
        rotatePair(work, i * width, j * width, width, squares, i, j, product);
        rotations++;
      }
    }
    if (rotations === 0) return;
  }
}

/** The rotation that makes two rows orthogonal: tan 2φ = 2 product / (difference of squares), the smaller angle. */
function rotatePair(
  work: Float64Array,
  first: number,
  second: number,
  width: number,
  squares: Float64Array,
  i: number,
  j: number,
  product: number,
): void {
  const half = (squares[j]! - squares[i]!) / (2 * product);
  const tangent = Math.sign(half || 1) / (Math.abs(half) + Math.hypot(1, half));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = cosine * tangent;
  for (let k = 0; k < width; k++) {
    const x = work[first + k]!;
    const y = work[second + k]!;
    work[first + k] = cosine * x - sine * y;
    work[second + k] = sine * x + cosine * y;
  }
  squares[i] = Math.max(0, squares[i]! - tangent * product);
  squares[j]! += tangent * product;
}

function gathered(
  work: Float64Array,
  count: number,
  width: number,
  order: Int32Array,
  outside: number,
): SingularValues {
  const n = width - 1;
  const lengths = Float64Array.from({ length: count }, (_, k) => norm(work, k * width, n));
  const ranked = Array.from(lengths.keys()).sort((i, j) => lengths[j]! - lengths[i]! || i - j);
  const right = new Float64Array(count * n);
  for (const [k, row] of ranked.entries()) {
    const length = lengths[row]!;
    if (length === 0) continue;
    for (let j = 0; j < n; j++) right[k * n + order[j]!] = work[row * width + j]! / length;
  }
  return {
    values: Float64Array.from(ranked, (row) => lengths[row]!),
    right: { rows: count, columns: n, data: right },
    projection: Float64Array.from(ranked, (row) => work[row * width + n]!),
    outside,
  };
}
