import { describe, expect, test } from "vitest";
import { randomStream } from "../../src/data/random.ts";
import { cholesky } from "../../src/fit/cholesky.ts";
import type { Matrix } from "../../src/fit/matrix.ts";
import { gram, matrix, multiply, multiplyTransposed, transpose } from "../../src/fit/matrix.ts";
import { pivotedQr } from "../../src/fit/qr.ts";
import { singularValues } from "../../src/fit/svd.ts";
import { norm } from "../../src/fit/vector.ts";

const random = randomStream(5, "matrices").at(0);
const randomMatrix = (rows: number, columns: number) =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );
const randomVector = (length: number) => randomMatrix(length, 1).data;
const difference = (a: Float64Array, b: Float64Array) => norm(a.map((value, k) => value - b[k]!));
const column = (a: Matrix, j: number) => Float64Array.from({ length: a.rows }, (_, i) => a.data[i * a.columns + j]!);

/** Backward errors of these methods grow about as n · 2⁻⁵²; 1e-12 is a hundred times that at n = 40. */
const rounding = 1e-12;

describe("products", () => {
  // Odd and even sizes, fewer and more rows than one slab of 256.
  test.each([
    [1, 1],
    [3, 2],
    [5, 3],
    [256, 4],
    [257, 5],
    [600, 7],
  ])("AᵀA of %i × %i is the product of its columns", (rows, columns) => {
    const a = randomMatrix(rows, columns);
    const product = gram(a);
    for (let j = 0; j < columns; j++) {
      expect(difference(column(product, j), multiplyTransposed(a, column(a, j)))).toBeLessThan(rounding * rows);
    }
  });

  test("Aᵀ y is what the transposed matrix makes of y", () => {
    const a = randomMatrix(7, 4);
    const y = randomVector(7);
    expect(difference(multiplyTransposed(a, y), multiply(transpose(a), y))).toBeLessThan(rounding);
  });

  test("a norm does not overflow or underflow before its result does", () => {
    expect(norm(Float64Array.of(3e200, 4e200))).toBeCloseTo(5e200, -188);
    expect(norm(Float64Array.of(3e-200, 4e-200)) / 5e-200).toBeCloseTo(1, 14);
    expect(norm(new Float64Array(3))).toBe(0);
  });
});

describe("Cholesky's decomposition", () => {
  const a = gram(randomMatrix(60, 40));

  test("L Lᵀ is the matrix, and solve solves", () => {
    const found = cholesky(a)!;
    const x = randomVector(40);
    expect(difference(found.solve(multiply(a, x)), x)).toBeLessThan(1e-9);
    const rows = gram(transpose(found.factor));
    expect(norm(rows.data.map((value, k) => value - a.data[k]!))).toBeLessThan(rounding * norm(a.data));
  });

  test("the diagonal of the inverse is what solving for unit vectors gives", () => {
    const found = cholesky(a)!;
    const diagonal = found.inverseDiagonal();
    for (const j of [0, 17, 39]) {
      const unit = new Float64Array(40);
      unit[j] = 1;
      expect(found.solve(unit)[j]! / diagonal[j]!).toBeCloseTo(1, 10);
    }
  });

  test("a matrix that is not positive definite or not finite has none", () => {
    expect(cholesky(matrix(2, 2, Float64Array.of(1, 2, 2, 1)))).toBeUndefined();
    expect(cholesky(matrix(1, 1, Float64Array.of(Number.NaN)))).toBeUndefined();
    expect(cholesky(matrix(2, 2, Float64Array.of(1, 1, 1, 1)))).toBeUndefined();
  });
});

describe("pivoted QR", () => {
  test.each([
    [30, 12],
    [12, 12],
    [8, 12],
  ])("Qᵀ turns the scaled columns of %i × %i into those of R", (rows, columns) => {
    const a = randomMatrix(rows, columns);
    const qr = pivotedQr(a);
    for (let k = 0; k < columns; k++) {
      const rotated = qr.rotate(column(a, qr.order[k]!).map((value) => value / qr.scale[qr.order[k]!]!));
      const expected = new Float64Array(rows);
      expected.set(column(qr.r, k));
      expect(difference(rotated, expected)).toBeLessThan(rounding);
    }
  });

  test("its diagonal falls, and a solution leaves residuals at right angles to the columns", () => {
    const a = randomMatrix(30, 12);
    const qr = pivotedQr(a);
    const diagonal = Array.from({ length: 12 }, (_, k) => Math.abs(qr.r.data[k * 13]!));
    expect(diagonal).toEqual(diagonal.toSorted((x, y) => y - x));
    const b = randomVector(30);
    const fitted = multiply(a, qr.solve(qr.rotate(b)));
    expect(
      norm(
        multiplyTransposed(
          a,
          b.map((value, i) => value - fitted[i]!),
        ),
      ),
    ).toBeLessThan(rounding * 30);
  });

  test("the rank of columns that depend on one another is found, whatever their units", () => {
    const parts = randomMatrix(20, 3);
    const a = matrix(20, 5);
    for (let i = 0; i < 20; i++) {
      const [u, v, w] = parts.data.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
      a.data.set([1e-20 * u, 1e15 * v, 3, w, 0], 5 * i);
    }
    expect(pivotedQr(a).rank).toBe(4);
    for (let i = 0; i < 20; i++) a.data[5 * i + 3] = 3e35 * a.data[5 * i]! + a.data[5 * i + 1]!;
    expect(pivotedQr(a).rank).toBe(3);
  });
});

describe("singular values", () => {
  // Computed with mpmath at 50 digits.
  const hilbert = [
    1.6959389969219496, 0.2981252113169307, 0.02621284357811905, 0.0014676881177418672, 5.436943369749942e-5,
    1.2943320918728114e-6, 1.7988737458175767e-8, 1.1115389663724424e-10,
  ];

  test("of Hilbert's matrix of order 8: to the accuracy of its entries", () => {
    const a = matrix(
      8,
      8,
      Float64Array.from({ length: 64 }, (_, k) => 1 / ((k >> 3) + (k & 7) + 1)),
    );
    const { values } = singularValues(a, new Float64Array(8));
    for (const [k, value] of hilbert.entries()) expect(Math.abs(values[k]! - value)).toBeLessThan(4e-16);
  });

  test("of columns from 1 to 1e-20 in size: 14 digits each, where bidiagonalisation has none below 1e-16", () => {
    const entries = Array.from({ length: 20 }, (_, i) =>
      Array.from({ length: 6 }, (_, j) => Math.cos(i * (j + 1) * 0.37 + j) * 10 ** (-4 * j)),
    );
    const { values } = singularValues(matrix(20, 6, Float64Array.from(entries.flat())), new Float64Array(20));
    // mpmath, 40 digits.
    const expected = [
      3.303318283107457, 3.073643435717105e-4, 3.100385259096463e-8, 3.20076979267379e-12, 3.10799435696795e-16,
      3.109179862096336e-20,
    ];
    for (const [k, value] of expected.entries()) expect(values[k]! / value).toBeCloseTo(1, 13);
  });

  test.each([
    [30, 12],
    [7, 12],
  ])("U S Vᵀ of %i × %i is the matrix, as far as Uᵀ A = S Vᵀ tells", (rows, columns) => {
    const a = randomMatrix(rows, columns);
    for (const j of [0, 5]) {
      const { values, right, projection, outside } = singularValues(a, column(a, j));
      for (let k = 0; k < Math.min(rows, columns); k++) {
        expect(projection[k]).toBeCloseTo(values[k]! * right.data[k * columns + j]!, 12);
      }
      expect(outside).toBeLessThan(rounding);
    }
  });

  test("directions below a share of the longest are left out, and what b has there is counted", () => {
    const a = matrix(3, 3, Float64Array.of(1, 0, 0, 0, 1e-5, 0, 0, 0, 1e-18));
    const { values, outside } = singularValues(a, Float64Array.of(1, 2, 3), Number.EPSILON);
    expect([...values]).toEqual([1, 1e-5]);
    expect(outside).toBeCloseTo(9, 12);
  });
});
