import { describe, expect, test } from "vitest";
import { linearLeastSquares } from "../../src/fit/linear-least-squares.ts";
import { matrix } from "../../src/fit/matrix.ts";
import { filip, longley } from "./nist-observations.ts";

/** Correct digits of the worst entry. */
function digits(found: Float64Array, certified: readonly number[]): number {
  return Math.min(...certified.map((value, k) => -Math.log10(Math.abs(found[k]! / value - 1) + 1e-16)));
}

const design = (rows: readonly (readonly number[])[]) =>
  matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat()));

describe("certified problems (NIST StRD, linear regression)", () => {
  test("Longley: 11 digits, of 15 less 4 that the condition of the columns takes", () => {
    const fit = linearLeastSquares(design(longley.x.map((row) => [1, ...row])), Float64Array.from(longley.y));
    const certified = [
      -3482258.63459582, 15.0618722713733, -0.35819179292591e-1, -2.02022980381683, -1.03322686717359,
      -0.511041056535807e-1, 1829.15146461355,
    ];
    const deviations = [
      890420.383607373, 84.9149257747669, 0.334910077722432e-1, 0.488399681651699, 0.214274163161675, 0.22607320006937,
      455.478499142212,
    ];
    expect(digits(fit.coefficients, certified)).toBeGreaterThan(11);
    expect(digits(fit.standardErrors, deviations)).toBeGreaterThan(11);
    expect(fit.squares).toBeCloseTo(836424.055505915, 5);
    expect(fit.degreesOfFreedom).toBe(9);
  });

  test("Filip, a polynomial of degree 10: full rank, 7 digits, where a tolerance of 1e-7 would drop a column", () => {
    const powers = design(filip.x.map((x) => Array.from({ length: 11 }, (_, k) => x ** k)));
    const fit = linearLeastSquares(powers, Float64Array.from(filip.y));
    const certified = [
      -1467.4896142298, -2772.17959193342, -2316.37108160893, -1127.97394098372, -354.478233703349, -75.1242017393757,
      -10.8753180355343, -1.06221498588947, -0.670191154593408e-1, -0.246781078275479e-2, -0.402962525080404e-4,
    ];
    const deviations = [
      298.084530995537, 559.77986547495, 466.477572127796, 227.204274477751, 71.6478660875927, 15.28971787474,
      2.23691159816033, 0.221624321934227, 0.142363763154724e-1, 0.535617408889821e-3, 0.896632837373868e-5,
    ];
    expect(fit.rank).toBe(11);
    expect(digits(fit.coefficients, certified)).toBeGreaterThan(7);
    expect(digits(fit.standardErrors, deviations)).toBeGreaterThan(7);
    // The powers of x are rounded before the fit sees them, which is 1e-8 of the residuals.
    expect(Math.sqrt(fit.reducedChiSquare)).toBeCloseTo(0.334801051324544e-2, 9);
    expect(linearLeastSquares(powers, Float64Array.from(filip.y), { tolerance: 1e-7 }).rank).toBeLessThan(11);
  });
});

describe("parameters that cannot be told apart", () => {
  const times = [1, 2, 3, 4, 5];
  const seen = Float64Array.of(1, 2, 2, 4, 7);

  test("are named with the direction that changes nothing; the others keep their error bars", () => {
    const fit = linearLeastSquares(design(times.map((x) => [1, x, 2 * x + 1, x * x])), seen);
    const without = linearLeastSquares(design(times.map((x) => [1, x, x * x])), seen);
    expect(fit.rank).toBe(3);
    expect(fit.indistinguishable).toHaveLength(1);
    expect(fit.indistinguishable[0]!.parameters).toEqual([0, 1, 2]);
    for (const [k, value] of [1, 2, -1].entries()) {
      expect(fit.indistinguishable[0]!.direction[k]).toBeCloseTo(value, 10);
    }
    expect([...fit.standardErrors.subarray(0, 3)]).toEqual([Infinity, Infinity, Infinity]);
    expect(fit.standardErrors[3]).toBeCloseTo(without.standardErrors[2]!, 12);
    expect(fit.coefficients[3]).toBeCloseTo(without.coefficients[2]!, 12);
    expect(fit.correlation.data[3]).toBeNaN();
  });

  test("a parameter without any effect stands alone", () => {
    const fit = linearLeastSquares(design(times.map((x) => [1, 0, x])), seen);
    expect(fit.indistinguishable).toEqual([{ parameters: [1], direction: [1] }]);
    expect(fit.coefficients[1]).toBe(0);
    expect(fit.standardErrors[0]).toBeLessThan(10);
  });

  test("two pairs are two entries", () => {
    const fit = linearLeastSquares(design(times.map((x) => [1, x, 3, -x])), seen);
    expect(fit.indistinguishable.map(({ parameters }) => [...parameters]).toSorted()).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });
});

describe("weights", () => {
  const a = design([1, 2, 4, 8].map((x) => [1, x]));
  const b = Float64Array.of(1, 2.5, 4, 9);

  test("a row of weight 2 counts as often as two rows, a row of weight 0 not at all", () => {
    const fit = linearLeastSquares(a, b, { weights: Float64Array.of(1, 2, 0, 1) });
    const repeated = linearLeastSquares(design([1, 2, 2, 8].map((x) => [1, x])), Float64Array.of(1, 2.5, 2.5, 9));
    expect(fit.degreesOfFreedom).toBe(1);
    for (const k of [0, 1]) expect(fit.coefficients[k]).toBeCloseTo(repeated.coefficients[k]!, 13);
    expect(fit.squares).toBeCloseTo(repeated.squares, 13);
    expect(fit.residuals[2]).toBeCloseTo(4 - fit.coefficients[0]! - 4 * fit.coefficients[1]!, 13);
  });

  test("known errors give error bars that do not depend on the scatter: σ / √4 for the mean of four", () => {
    const sigma = 0.3;
    const weights = new Float64Array(4).fill(1 / sigma ** 2);
    const fit = linearLeastSquares(design([[1], [1], [1], [1]]), b, { weights, knownErrors: true });
    expect(fit.standardErrors[0]).toBeCloseTo(sigma / 2, 14);
    expect(linearLeastSquares(design([[1], [1], [1], [1]]), b, { weights }).standardErrors[0]).toBeGreaterThan(1);
  });

  test("numbers that are not finite, and weights that are negative, are refused", () => {
    const wrong = { kind: "data", code: "not-finite" };
    expect(() => linearLeastSquares(a, Float64Array.of(1, 2, Number.NaN, 4))).toThrow(expect.objectContaining(wrong));
    expect(() => linearLeastSquares(a, b, { weights: Float64Array.of(1, -1, 1, 1) })).toThrow(
      expect.objectContaining(wrong),
    );
  });
});
