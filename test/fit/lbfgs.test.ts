import { describe, expect, test } from "vitest";
import { lbfgs } from "../../src/fit/lbfgs.ts";
import {
  beale,
  extendedRosenbrock,
  minimisationProblems,
  rosenbrock,
  sumOfSquares,
  wood,
} from "./minimisation-problems.ts";

const startOf = (problem: { readonly start: readonly number[] }) => Float64Array.from(problem.start);

describe("minima of Moré, Garbow and Hillstrom", () => {
  test.each(minimisationProblems)("$name: the value to 1e-10 and the place to 1e-7", async (problem) => {
    const found = await lbfgs((x) => sumOfSquares(problem, x), startOf(problem));
    expect(found.converged).toBe(true);
    expect(Math.abs(found.value - problem.least)).toBeLessThan(1e-10 * Math.max(1, problem.least));
    for (const [k, place] of (problem.at ?? []).entries()) expect(found.x[k]! / place).toBeCloseTo(1, 7);
  });

  test.each([
    [rosenbrock, 46],
    [beale, 17],
    [extendedRosenbrock, 49],
    [wood, 127],
  ])("$name takes no more than 1.1 times the evaluations of SciPy 1.17's L-BFGS-B, %d", async (problem, theirs) => {
    const found = await lbfgs((x) => sumOfSquares(problem, x), startOf(problem));
    expect(found.evaluations).toBeLessThanOrEqual(1.1 * theirs);
  });

  test("without history it is steepest descent, which Rosenbrock's valley defeats", async () => {
    const options = { maxIterations: 200 };
    const kept = await lbfgs((x) => sumOfSquares(rosenbrock, x), startOf(rosenbrock), options);
    const none = await lbfgs((x) => sumOfSquares(rosenbrock, x), startOf(rosenbrock), { ...options, history: 0 });
    expect(kept.converged).toBe(true);
    expect(none.converged).toBe(false);
    expect(none.value).toBeGreaterThan(1e-4);
  });
});

describe("a search", () => {
  const quadratic = (x: Float64Array) => ({
    value: x.reduce((sum, value, k) => sum + (k + 1) * value * value, 0),
    gradient: x.map((value, k) => 2 * (k + 1) * value),
  });

  test("takes promises, and a gradient array that is used again for every answer", async () => {
    const shared = new Float64Array(2);
    const found = await lbfgs((x) => {
      const { value, gradient } = sumOfSquares(rosenbrock, x);
      shared.set(gradient);
      return Promise.resolve({ value, gradient: shared });
    }, startOf(rosenbrock));
    const plain = await lbfgs((x) => sumOfSquares(rosenbrock, x), startOf(rosenbrock));
    expect([...found.x]).toEqual([...plain.x]);
    expect(found.evaluations).toBe(plain.evaluations);
  });

  test("never rises, and leaves its start alone", async () => {
    const start = startOf(wood);
    const values: number[] = [];
    await lbfgs((x) => sumOfSquares(wood, x), start, {
      onIteration: ({ value }) => values.push(value) < 0,
    });
    expect(values.length).toBeGreaterThan(20);
    expect(values.every((value, k) => k === 0 || value <= values[k - 1]!)).toBe(true);
    expect([...start]).toEqual([...wood.start]);
  });

  test("steps back from places without a value: behind a wall, and below 0", async () => {
    let outside = 0;
    const found = await lbfgs(([x = 0]) => {
      if (x <= 0) outside++;
      const value = x > 0 ? 40 * (Math.log(x) + 1 / x) : Number.NaN;
      return { value, gradient: Float64Array.of(40 * (1 / x - 1 / x ** 2)) };
    }, Float64Array.of(0.02));
    expect(found.x[0]).toBeCloseTo(1, 6);
    expect(found.converged).toBe(true);
    const wall = await lbfgs(([x = 0]) => {
      if (x < 1) outside++;
      return x < 1
        ? { value: Number.POSITIVE_INFINITY, gradient: Float64Array.of(Number.NaN) }
        : { value: 100 * x - Math.log(x - 0.99), gradient: Float64Array.of(100 - 1 / (x - 0.99)) };
    }, Float64Array.of(3));
    expect(outside).toBeGreaterThan(0);
    expect(wall.x[0]).toBeCloseTo(1, 6);
  });

  test("ends with the best place: where the start has no value, when told to, when the budget is used up", async () => {
    const nowhere = await lbfgs((x) => ({ value: Number.NaN, gradient: x }), Float64Array.of(1));
    expect(nowhere).toMatchObject({ end: "not-finite", converged: false, iteration: 0, evaluations: 1 });
    const stopped = await lbfgs(quadratic, Float64Array.of(3, 2, 1), {
      onIteration: ({ iteration }) => iteration === 2,
    });
    expect(stopped).toMatchObject({ end: "stopped", iteration: 2 });
    const short = await lbfgs((x) => sumOfSquares(rosenbrock, x), startOf(rosenbrock), { maxEvaluations: 10 });
    expect(short).toMatchObject({ end: "iterations", evaluations: 10 });
    expect(short.value).toBeLessThan(sumOfSquares(rosenbrock, startOf(rosenbrock)).value);
    expect(sumOfSquares(rosenbrock, short.x).value).toBe(short.value);
  });

  test("does not report a minimum where the gradient is not the function's", async () => {
    const wrong = await lbfgs(
      (x) => ({ value: quadratic(x).value, gradient: x.map((value) => -value) }),
      Float64Array.of(1, 1),
    );
    expect(wrong).toMatchObject({ end: "no-descent", converged: false });
    expect([...wrong.x]).toEqual([1, 1]);
  });

  test("ends on a tolerance for the value, and on the last digit where the gradient cannot be met", async () => {
    const coarse = await lbfgs((x) => sumOfSquares(wood, x), startOf(wood), { valueTolerance: 0.01 });
    expect(coarse.end).toBe("value");
    const offset = (x: Float64Array) => ({
      ...sumOfSquares(rosenbrock, x),
      value: 1e6 + sumOfSquares(rosenbrock, x).value,
    });
    const strict = await lbfgs(offset, startOf(rosenbrock), { gradientTolerance: 1e-300 });
    expect(["precision", "no-descent", "gradient"]).toContain(strict.end);
    expect(strict.gradientSize).toBeLessThan(1e-4);
  });
});
