import { describe, expect, test } from "vitest";
import { randomStream } from "../../src/data/random.ts";
import { linearLeastSquares } from "../../src/fit/linear-least-squares.ts";
import type { Matrix } from "../../src/fit/matrix.ts";
import { matrix, multiply } from "../../src/fit/matrix.ts";
import { ridge } from "../../src/fit/ridge.ts";

/** 40 places, 12 functions of which some are nearly alike, a decay with a ripple: condition 1.3e4. */
const places = Array.from({ length: 40 }, (_, i) => i / 10);
const features = (rows: readonly number[]) =>
  matrix(
    rows.length,
    12,
    Float64Array.from(
      rows.flatMap((x) =>
        Array.from({ length: 12 }, (_, j) => (j % 2 === 0 ? Math.cos(j * x) : Math.tanh((j * (x - 2)) / 3))),
      ),
    ),
  );
const a = features(places);
const b = Float64Array.from(places, (x, i) => Math.exp(-x) + 0.05 * Math.sin(37 * i ** 2));

const expectClose = (found: Float64Array, expected: readonly number[], digits: number) => {
  expect(found).toHaveLength(expected.length);
  for (const [k, value] of expected.entries()) expect(found[k]).toBeCloseTo(value, digits);
};

describe("against NumPy 2.4 (SVD, normal equations) and SciPy 1.17 (bounded minimisation of the same score)", () => {
  test("a given penalty", () => {
    const fit = ridge(a, b, { penalty: 0.01 });
    expectClose(
      fit.coefficients,
      [
        0.21447315960112204, -0.2942938919233722, 0.18221812371477195, 0.11695844710557973, 0.025668897117320573,
        -0.2620758306922123, -0.006688963877797841, -0.36701733251251895, 0.015516541870103434, -0.07632722882177703,
        0.022245516424994817, 0.3890724294900164,
      ],
      11,
    );
    expect(fit.effectiveParameters).toBeCloseTo(8.721390606851497, 11);
    const fitted = multiply(a, fit.coefficients);
    expect(fit.squares).toBeCloseTo(
      b.reduce((sum, value, i) => sum + (value - fitted[i]!) ** 2, 0),
      14,
    );
  });

  test("a penalty by generalised cross-validation", () => {
    const fit = ridge(a, b);
    expect(fit.penalty / 0.00012743174417280127).toBeCloseTo(1, 3);
    expect(fit.effectiveParameters).toBeCloseTo(10.22376777808853, 3);
    expect(fit.validation).toBeCloseTo(0.005813149352959233, 12);
    expect(fit.coefficients[1]).toBeCloseTo(-5.192547014569849, 2);
  });

  test("two coefficients that are not held down", () => {
    const fit = ridge(a, b, { penalty: 0.01, free: 2 });
    expectClose(
      fit.coefficients,
      [
        0.2144984675839663, -0.5771951985838147, 0.18013231997818166, 0.35062562550823184, 0.015060038656856605,
        -0.24793291464056713, -0.005728664639128213, -0.428404224874796, 0.015533195014837355, -0.11897855828014936,
        0.021748647532736753, 0.401269676855125,
      ],
      9,
    );
    expect(fit.effectiveParameters).toBeCloseTo(8.854386909433174, 9);
  });

  test("weights", () => {
    const fit = ridge(a, b, { penalty: 0.01, weights: Float64Array.from(places, (_, i) => 1 + (i % 3)) });
    expectClose(
      fit.coefficients,
      [
        0.21601945828598643, -0.3776760466338633, 0.1790418612861892, 0.30220007092934065, 0.029914514376987247,
        -0.3270322687258182, -0.013869406772696444, -0.5833256178641838, 0.010366075709332649, -0.14498099480206764,
        0.023697813959802153, 0.6162725627240987,
      ],
      10,
    );
  });

  test("fewer rows than columns", () => {
    const fit = ridge(features(places.slice(0, 8)), b.slice(0, 8), { penalty: 0.01 });
    expectClose(
      fit.coefficients,
      [
        0.10174383023451772, -0.13078858916213254, 0.059605022705456534, -0.11634850260306284, 0.09792404045002484,
        -0.1019150478340125, 0.1446733590601761, -0.10128740292909177, -0.1529978695841212, -0.10158384954249366,
        0.10788127069928066, -0.1017023376907682,
      ],
      11,
    );
  });
});

describe("the penalty", () => {
  const random = randomStream(3, "ridge").at(0);

  test("0 is least squares", () => {
    expectClose(ridge(a, b, { penalty: 0 }).coefficients, [...linearLeastSquares(a, b).coefficients], 8);
  });

  test("found has the least score of a fine grid", () => {
    const least = ridge(a, b).validation;
    const grid = Array.from({ length: 400 }, (_, k) => ridge(a, b, { penalty: 10 ** (-12 + k / 25) }).validation);
    expect(least).toBeLessThanOrEqual(Math.min(...grid) * (1 + 1e-9));
  });

  test("comes near the one that predicts new data best, where least squares predicts them worse", () => {
    const truth = (x: number) => Math.exp(-x);
    const wanted = Float64Array.from(places, truth);
    const error = (coefficients: Float64Array, of: Matrix = a) =>
      multiply(of, coefficients).reduce((sum, value, i) => sum + (value - wanted[i]!) ** 2, 0);
    let [chosen, plain, best] = [0, 0, 0];
    for (let round = 0; round < 20; round++) {
      const noisy = wanted.map((value) => value + 0.3 * random.normal());
      chosen += error(ridge(a, noisy).coefficients);
      plain += error(linearLeastSquares(a, noisy).coefficients);
      const grid = Array.from({ length: 30 }, (_, k) =>
        error(ridge(a, noisy, { penalty: 10 ** (k / 5 - 4) }).coefficients),
      );
      best += Math.min(...grid);
    }
    expect(chosen).toBeLessThan(0.75 * plain);
    expect(chosen).toBeLessThan(2 * best);
  });

  test("of data without noise leaves the data as they are", () => {
    const exact = multiply(
      a,
      Float64Array.from({ length: 12 }, (_, j) => Math.cos(j)),
    );
    const fit = ridge(a, exact);
    expect(Math.sqrt(fit.squares / 40)).toBeLessThan(1e-9);
  });

  test("holds where columns are copies of one another", () => {
    const twice = matrix(40, 24);
    for (let i = 0; i < 40; i++) for (let j = 0; j < 24; j++) twice.data[i * 24 + j] = a.data[i * 12 + (j % 12)]!;
    const fit = ridge(twice, b);
    const once = ridge(a, b);
    expect(fit.squares).toBeCloseTo(once.squares, 6);
    for (let j = 0; j < 12; j++) expect(fit.coefficients[j]).toBeCloseTo(fit.coefficients[j + 12]!, 6);
  });
});

describe("what is refused", () => {
  test("free columns that say the same", () => {
    const same = matrix(4, 3, Float64Array.of(1, 2, 5, 2, 4, 1, 3, 6, 0, 4, 8, 2));
    expect(() => ridge(same, Float64Array.of(1, 2, 3, 4), { free: 2 })).toThrow(
      expect.objectContaining({ kind: "data", code: "dependent-columns" }),
    );
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("a penalty of %d", (penalty) => {
    expect(() => ridge(a, b, { penalty })).toThrow(expect.objectContaining({ code: "bad-penalty" }));
  });
});
