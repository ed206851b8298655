import { describe, expect, test } from "vitest";
import { levenbergMarquardt } from "../../src/fit/levenberg-marquardt.ts";
import { beale, minimisationProblems } from "./minimisation-problems.ts";
import { jacobianOf, nonlinearProblems, residualsOf } from "./nist-problems.ts";

/** Correct digits of the worst entry. */
function digits(found: Float64Array, certified: readonly number[]): number {
  return Math.min(...certified.map((value, k) => -Math.log10(Math.abs(found[k]! / value - 1) + 1e-16)));
}

const cases = nonlinearProblems.flatMap((problem) =>
  problem.starts.map((start, k) => ({ problem, start, title: `${problem.name} from start ${k + 1}` })),
);

describe("certified problems (NIST StRD, nonlinear regression)", () => {
  // Certified to 11 digits; the sum of squares fixes no more than half of a double's 16 digits of a parameter.
  test.each(cases)("$title: 7 digits of parameters and deviations, 10 of the sum", async ({ problem, start }) => {
    const fit = await levenbergMarquardt(residualsOf(problem), jacobianOf(problem), Float64Array.from(start));
    expect(fit.converged).toBe(true);
    expect(digits(fit.x, problem.certified)).toBeGreaterThan(7);
    expect(digits(fit.standardErrors, problem.deviations)).toBeGreaterThan(7);
    expect(digits(Float64Array.of(fit.squares), [problem.squares])).toBeGreaterThan(10);
    expect(fit.degreesOfFreedom).toBe(problem.x.length - problem.certified.length);
    expect(fit.indistinguishable).toEqual([]);
  });

  test("Bennett5's canyon takes less than 100 iterations; Eigen's MINPACK takes 744 Jacobians from the same start", async () => {
    const problem = nonlinearProblems.find(({ name }) => name === "Bennett5")!;
    const fit = await levenbergMarquardt(
      residualsOf(problem),
      jacobianOf(problem),
      Float64Array.from(problem.starts[0]!),
    );
    expect(fit.iteration).toBeLessThan(100);
  });

  test("a Jacobian of the wrong sign moves nothing, and is reported", async () => {
    const problem = nonlinearProblems.find(({ name }) => name === "Rat43")!;
    const wrong = (b: Float64Array) => jacobianOf(problem)(b).map((value) => -value);
    const fit = await levenbergMarquardt(residualsOf(problem), wrong, Float64Array.from(problem.starts[0]!));
    expect(fit).toMatchObject({ end: "no-descent", converged: false });
    expect([...fit.x]).toEqual([...problem.starts[0]!]);
  });
});

describe("sums of squares of Moré, Garbow and Hillstrom", () => {
  // Powell's singular function has a singular Jacobian at its minimum; the extended one has 100 parameters.
  test.each(minimisationProblems)("$name", async (problem) => {
    const fit = await levenbergMarquardt(
      (x) => Float64Array.from(problem.residuals([...x]), ({ value }) => value),
      (x) => Float64Array.from(problem.residuals([...x]).flatMap(({ slopes }) => slopes)),
      Float64Array.from(problem.start),
    );
    expect(Math.abs(fit.squares - problem.least)).toBeLessThan(1e-10 * Math.max(1, problem.least));
    for (const [k, place] of (problem.at ?? []).entries()) expect(fit.x[k]! / place).toBeCloseTo(1, 7);
  });

  test("convergence is at least quadratic where the residuals vanish: each error below 0.1 has at least 1.7 times the digits of the one before", async () => {
    const errors: number[] = [];
    await levenbergMarquardt(
      (x) => Float64Array.from(beale.residuals([...x]), ({ value }) => value),
      (x) => Float64Array.from(beale.residuals([...x]).flatMap(({ slopes }) => slopes)),
      Float64Array.of(2.5, 0.3),
      { damping: 1e-12, onIteration: ({ x }) => errors.push(Math.hypot(x[0]! - 3, x[1]! - 0.5)) < 0 },
    );
    const useful = errors.filter((error) => error > 5e-14 && error < 0.1);
    expect(useful.length).toBeGreaterThan(1);
    for (const [k, error] of useful.slice(1).entries()) {
      expect(Math.log(error) / Math.log(useful[k]!)).toBeGreaterThan(1.7);
    }
  });
});

/** a exp(−k t) + c with a ripple for noise. */
const times = Array.from({ length: 20 }, (_, i) => i / 4);
const seen = times.map((t, i) => 2 * Math.exp(-0.7 * t) + 0.3 + 0.02 * Math.sin(11 * i * i));
const decay = ([a = 0, k = 0, c = 0]: Float64Array) =>
  Float64Array.from(times, (t, i) => a * Math.exp(-k * t) + c - seen[i]!);
const decaySlopes = ([a = 0, k = 0]: Float64Array) =>
  Float64Array.from(times.flatMap((t) => [Math.exp(-k * t), -a * t * Math.exp(-k * t), 1]));

describe("against SciPy 1.17's least_squares and the inverse of JᵀJ", () => {
  test("values, error bars, correlation, sum", async () => {
    const fit = await levenbergMarquardt(decay, decaySlopes, Float64Array.of(1, 1, 0));
    expect(digits(fit.x, [1.983446362667944, 0.7153098598839561, 0.3122894151178516])).toBeGreaterThan(7);
    const errors = [0.010511513072867336, 0.010620862722345378, 0.008531990720252841];
    expect(digits(fit.standardErrors, errors)).toBeGreaterThan(7);
    expect(fit.squares).toBeCloseTo(0.0029042461675621127, 14);
    expect(fit.correlation.data[1]).toBeCloseTo(-0.09845537037135546, 7);
    expect(fit.correlation.data[4]).toBe(1);
  });

  test("known errors: error bars by the units of the residuals, not by their scatter", async () => {
    const sigma = 0.05;
    const fit = await levenbergMarquardt(
      (x) => decay(x).map((value) => value / sigma),
      (x) => decaySlopes(x).map((value) => value / sigma),
      Float64Array.of(1, 1, 0),
      { knownErrors: true },
    );
    const scatter = Math.sqrt(0.0029042461675621127 / 17);
    expect(fit.standardErrors[0]! / 0.010511513072867336).toBeCloseTo(sigma / scatter, 6);
    expect(fit.reducedChiSquare).toBeCloseTo((scatter / sigma) ** 2, 9);
  });

  test("a bound that holds a parameter: the other two are the linear fit at the bound, with its error bars", async () => {
    const fit = await levenbergMarquardt(decay, decaySlopes, Float64Array.of(1, 1, 0), {
      upper: [Number.POSITIVE_INFINITY, 0.6, Number.POSITIVE_INFINITY],
    });
    expect(fit.converged).toBe(true);
    expect(fit.x[1]).toBe(0.6);
    expect(fit.atBound).toEqual([1]);
    expect(digits(fit.x, [2.0054058391829828, 0.6, 0.21696460146284938])).toBeGreaterThan(8);
    expect(fit.standardErrors[0]).toBeCloseTo(0.029873674240524277, 9);
    expect(fit.standardErrors[1]).toBeNaN();
    expect(fit.standardErrors[2]).toBeCloseTo(0.013104863060690957, 9);
  });

  test("bounds that do not bind change nothing, and are not crossed on the way", async () => {
    const visited: number[] = [];
    const fit = await levenbergMarquardt(
      (x) => {
        visited.push(x[1]!);
        return decay(x);
      },
      decaySlopes,
      Float64Array.of(50, 9, -3),
      { lower: [0, 0.5, -5], upper: [100, 10, 5] },
    );
    expect(digits(fit.x, [1.983446362667944, 0.7153098598839561, 0.3122894151178516])).toBeGreaterThan(7);
    expect(fit.atBound).toEqual([]);
    expect(Math.min(...visited)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...visited)).toBeLessThanOrEqual(10);
  });
});

describe("bounds", () => {
  test("are not crossed by the probe of a step's curvature either", async () => {
    const rates: number[] = [];
    await levenbergMarquardt(
      (x) => {
        rates.push(x[1]!);
        return decay(x);
      },
      decaySlopes,
      Float64Array.of(1.98, 0.59, 0.31),
      { upper: [10, 0.6, 10] },
    );
    expect(Math.max(...rates)).toBe(0.6);
  });

  test("that hold every parameter leave nothing to fit", async () => {
    const fit = await levenbergMarquardt(decay, decaySlopes, Float64Array.of(0.5, 5, 0), {
      lower: [0, 2, -1],
      upper: [1, 3, 0.1],
    });
    expect(fit.converged).toBe(true);
    // The amplitude and the offset that are wanted are larger than allowed, the rate smaller.
    expect([...fit.x]).toEqual([1, 2, 0.1]);
    expect(fit.atBound).toEqual([0, 1, 2]);
    expect([...fit.standardErrors]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(fit.degreesOfFreedom).toBe(20);
  });

  test("are left again where downhill leads away from them", async () => {
    const fit = await levenbergMarquardt(decay, decaySlopes, Float64Array.of(0, 0.5, 0), { lower: [0, 0.5, 0] });
    expect(fit.atBound).toEqual([]);
    expect(digits(fit.x, [1.983446362667944, 0.7153098598839561, 0.3122894151178516])).toBeGreaterThan(7);
  });
});

describe("parameters that cannot be told apart", () => {
  test("with a coarse Jacobian: by the tolerance given", async () => {
    const coarse = ([a = 0, k = 0, m = 1]: Float64Array) =>
      Float64Array.from(
        times.flatMap((t) => {
          const e = Math.exp((-k / m) * t);
          return [e, (-a * t * e) / m, (a * t * e * k) / m ** 2].map(Math.fround);
        }),
      );
    const model = ([a = 0, k = 0, m = 1]: Float64Array) => decay(Float64Array.of(a, k / m, 0.3122894151178516));
    const fit = await levenbergMarquardt(model, coarse, Float64Array.of(1, 2, 2), { rankTolerance: 1e-5 });
    expect(fit.indistinguishable.map(({ parameters }) => parameters)).toEqual([[1, 2]]);
    expect((await levenbergMarquardt(model, coarse, Float64Array.of(1, 2, 2))).rank).toBe(3);
  });

  test("m and k of k/m: the one combination is found, the direction named, the third keeps its error bar", async () => {
    const fit = await levenbergMarquardt(
      ([a = 0, k = 0, m = 1]) => decay(Float64Array.of(a, k / m, 0.3122894151178516)),
      ([a = 0, k = 0, m = 1]) =>
        Float64Array.from(
          times.flatMap((t) => {
            const e = Math.exp((-k / m) * t);
            return [e, (-a * t * e) / m, (a * t * e * k) / m ** 2];
          }),
        ),
      Float64Array.of(1, 2, 2),
    );
    expect(fit.converged).toBe(true);
    expect(fit.x[1]! / fit.x[2]!).toBeCloseTo(0.7153098598839561, 6);
    expect(fit.rank).toBe(2);
    expect(fit.indistinguishable).toHaveLength(1);
    expect(fit.indistinguishable[0]!.parameters).toEqual([1, 2]);
    expect(fit.indistinguishable[0]!.direction[1]).toBeCloseTo(fit.x[2]! / fit.x[1]!, 6);
    expect(fit.standardErrors[0]).toBeGreaterThan(0);
    expect(fit.standardErrors[0]).toBeLessThan(0.1);
    expect(fit.standardErrors[1]).toBe(Number.POSITIVE_INFINITY);
    expect(fit.degreesOfFreedom).toBe(18);
  });
});

describe("a fit", () => {
  test("does not depend on units: the same iterations with parameters counted in millions and millionths", async () => {
    const units = [1e6, 1e-6, 1e3];
    const inUnits = (x: Float64Array) => x.map((value, j) => value * units[j]!);
    const plain = await levenbergMarquardt(decay, decaySlopes, Float64Array.of(5, 3, -2));
    const other = await levenbergMarquardt(
      (x) => decay(inUnits(x)),
      (x) => decaySlopes(inUnits(x)).map((value, at) => value * units[at % 3]!),
      Float64Array.of(5, 3, -2).map((value, j) => value / units[j]!),
      { maxIterations: 3 },
    );
    const same = await levenbergMarquardt(decay, decaySlopes, Float64Array.of(5, 3, -2), { maxIterations: 3 });
    expect(plain.iteration).toBeGreaterThan(3);
    expect(other.evaluations).toBe(same.evaluations);
    for (const j of [0, 1, 2]) expect((other.x[j]! * units[j]!) / same.x[j]!).toBeCloseTo(1, 9);
  });

  test("of 120 parameters, by normal equations, is the one that each parameter finds alone, in 20 iterations", async () => {
    const n = 120;
    const target = Float64Array.from({ length: n }, (_, j) => Math.sin(j));
    const fit = await levenbergMarquardt(
      (x) =>
        Float64Array.from({ length: 2 * n }, (_, i) => (i < n ? x[i]! ** 3 + x[i]! - target[i]! : 0.1 * x[i - n]!)),
      (x) => {
        const slopes = new Float64Array(2 * n * n);
        for (let j = 0; j < n; j++) {
          slopes[j * n + j] = 3 * x[j]! ** 2 + 1;
          slopes[(n + j) * n + j] = 0.1;
        }
        return slopes;
      },
      new Float64Array(n).fill(0.5),
    );
    expect(fit.converged).toBe(true);
    expect(fit.iteration).toBeLessThanOrEqual(20);
    for (const j of [0, 3, 77, 119]) {
      const alone = await levenbergMarquardt(
        ([x = 0]) => Float64Array.of(x ** 3 + x - target[j]!, 0.1 * x),
        ([x = 0]) => Float64Array.of(3 * x ** 2 + 1, 0.1),
        Float64Array.of(0.5),
      );
      expect(fit.x[j]).toBeCloseTo(alone.x[0]!, 8);
    }
  });

  test("steps back from places without a value", async () => {
    let outside = 0;
    const fit = await levenbergMarquardt(
      ([x = 0]) => {
        if (x <= 0) outside++;
        return Float64Array.of(Math.log(x) - 1);
      },
      ([x = 0]) => Float64Array.of(1 / x),
      Float64Array.of(1e6),
    );
    expect(outside).toBeGreaterThan(0);
    expect(fit.x[0]).toBeCloseTo(Math.E, 9);
  });

  test("takes promises, leaves its start alone, and ends when told to or when the budget is used up", async () => {
    const start = Float64Array.of(1, 1, 0);
    const stopped = await levenbergMarquardt(
      (x) => Promise.resolve(decay(x)),
      (x) => Promise.resolve(decaySlopes(x)),
      start,
      {
        onIteration: ({ iteration }) => iteration >= 2,
      },
    );
    expect(stopped).toMatchObject({ end: "stopped", converged: false });
    expect([...start]).toEqual([1, 1, 0]);
    const short = await levenbergMarquardt(decay, decaySlopes, start, { maxIterations: 1 });
    expect(short).toMatchObject({ end: "iterations", converged: false, iteration: 1 });
    const coarse = await levenbergMarquardt(decay, decaySlopes, start, { valueTolerance: 0.5 });
    expect(coarse.end).toBe("value");
  });

  test("that cannot begin says so: no value at the start, or bounds the wrong way round", async () => {
    const nowhere = await levenbergMarquardt(
      () => Float64Array.of(Number.NaN),
      () => Float64Array.of(1),
      Float64Array.of(1),
    );
    expect(nowhere).toMatchObject({ end: "not-finite", converged: false, rank: 0 });
    const broken = await levenbergMarquardt(
      () => Float64Array.of(1),
      () => Float64Array.of(Number.NaN),
      Float64Array.of(1),
    );
    expect(broken.end).toBe("not-finite");
    await expect(
      levenbergMarquardt(decay, decaySlopes, Float64Array.of(1, 1, 0), { lower: [0, 2, 0], upper: [1, 1, 1] }),
    ).rejects.toThrow(expect.objectContaining({ kind: "usage", code: "bad-bounds" }));
  });
});
