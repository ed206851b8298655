import { describe, expect, test } from "vitest";
import { HnncError } from "../../src/errors.ts";
import { Divergence } from "../../src/integrate/divergence.ts";
import type { Motion } from "../../src/integrate/integrator.ts";
import { type IntegratorName, integratorNames, integrators } from "../../src/integrate/integrators.ts";
import { type IntegrateOptions, integrate } from "../../src/integrate/trajectory.ts";
import { motionOf } from "./problems.ts";

const pendulum = motionOf("p^2/2 - cos(q)");
const kepler = motionOf("(px^2 + py^2)/2 - 1/sqrt(x^2 + y^2)");
const mixed = motionOf("(p^2 + 1)*(q^2 + 1)/2");
const damped = motionOf("H = p^2/2 - cos(q)\ndamping p = 0.1");

function errorOf(motion: Motion, x0: readonly number[], options: IntegrateOptions): HnncError {
  try {
    integrate(motion, x0, options);
  } catch (error) {
    if (error instanceof HnncError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** A method with the options it needs for a step of 0.05 or an error of 1e-10. */
function ways(): { name: IntegratorName; options: IntegrateOptions }[] {
  return integratorNames.map((name) => ({
    name,
    options: { t: 2, method: name, ...(integrators[name].adaptive ? { rtol: 1e-10 } : { dt: 0.05 }) },
  }));
}

describe("samples", () => {
  test.each(ways())("$name: equally spaced, both ends exact, forwards and backwards", ({ options }) => {
    const forwards = integrate(pendulum, [1, 0.5], { ...options, t: [1, 3], samples: 5 });
    expect([...forwards.times]).toEqual([1, 1.5, 2, 2.5, 3]);
    expect(forwards.states.length).toBe(10);
    expect([...forwards.states.subarray(0, 2)]).toEqual([1, 0.5]);
    const backwards = integrate(pendulum, forwards.states.subarray(8), { ...options, t: [3, 1], samples: 5 });
    expect([...backwards.times]).toEqual([3, 2.5, 2, 1.5, 1]);
    // An error of the method of order 1, at a step of 0.05; the others are closer.
    for (const i of [0, 1]) expect(Math.abs(backwards.states[8 + i]! - forwards.states[i]!)).toBeLessThan(0.1);
  });

  test.each(ways())("$name: the same states whichever samples are asked for, to 1e-7", ({ options }) => {
    const few = integrate(pendulum, [1, 0.5], { ...options, samples: 2 });
    const many = integrate(pendulum, [1, 0.5], { ...options, samples: 41 });
    const own = integrate(pendulum, [1, 0.5], options);
    for (const { states } of [many, own]) {
      for (const i of [1, 2]) expect(Math.abs(states.at(-i)! - few.states.at(-i)!)).toBeLessThan(1e-7);
    }
  });

  test("times of one's own, in the order of the run, the start given or not", () => {
    for (const options of [{ rtol: 1e-9 }, { dt: 0.01 }]) {
      for (const samples of [[0.1, 0.7, 2], [0, 0.1, 0.7, 2], Float64Array.of(0.1, 0.7, 2)]) {
        expect([...integrate(pendulum, [1, 0], { t: 2, samples, ...options }).times]).toEqual([0, 0.1, 0.7, 2]);
      }
    }
  });

  test("a fixed step is kept, or reduced to fit; long runs are thinned to a thousand samples", () => {
    const run = (options: Omit<IntegrateOptions, "method">) =>
      integrate(pendulum, [1, 0], { method: "leapfrog", ...options });
    expect(run({ t: 1.1, dt: 0.1 })).toMatchObject({ steps: 11, dt: 1.1 / 11 });
    expect(run({ t: 1, dt: 0.3 })).toMatchObject({ steps: 4, dt: 0.25 });
    expect(run({ t: 1, dt: 0.3, samples: 3 })).toMatchObject({ steps: 4, dt: 0.25 });
    expect(run({ t: 100, dt: 0.01 })).toMatchObject({ steps: 10_000, dt: 0.01 });
    expect(run({ t: 100, dt: 0.01 }).times.length).toBe(1001);
    expect(run({ t: 1, dt: 0.3, samples: [0.1, 1] }).dt).toBeUndefined();
  });

  test("a run of no length is its start", () => {
    const { times, states, steps } = integrate(pendulum, [1, 2], { t: [3, 3] });
    expect([[...times], [...states], steps]).toEqual([[3], [1, 2], 0]);
  });

  test("costs are counted", () => {
    const { evaluations, steps, iterations } = integrate(pendulum, [1, 0], { t: 1, dt: 0.1, method: "rk4" });
    expect([evaluations, steps, iterations]).toEqual([40, 10, 0]);
    const implicit = integrate(pendulum, [1, 0], { t: 1, dt: 0.1, method: "gauss4" });
    expect(implicit.evaluations).toBe(2 * implicit.iterations);
  });
});

describe("what cannot be run is refused", () => {
  const cases: [string, Motion, readonly number[], IntegrateOptions, string][] = [
    [
      "no end",
      pendulum,
      [1, 0],
      { t: Number.POSITIVE_INFINITY, dt: 0.1 },
      "the run from t = 0 to t = Infinity has no end",
    ],
    ["dt = 0", pendulum, [1, 0], { t: 1, dt: 0 }, "dt = 0 is no step"],
    ["dt < 0", pendulum, [1, 0], { t: 1, dt: -0.1 }, "dt = -0.1 is no step"],
    ["dt NaN", pendulum, [1, 0], { t: 1, dt: Number.NaN }, "dt = NaN is no step"],
    ["NaN start", pendulum, [1, Number.NaN], { t: 1 }, "the start at t = 0 is not finite: [1, NaN]"],
    ["short start", kepler, [1, 0], { t: 1 }, "the start has 2 entries, a state has 4"],
    ["two rules", pendulum, [1, 0], { t: 1, dt: 0.1, rtol: 1e-9 }, "dt and a tolerance exclude each other"],
    ["rtol < 0", pendulum, [1, 0], { t: 1, rtol: -1 }, "rtol = -1 is none"],
    ["no tolerance", pendulum, [1, 0], { t: 1, rtol: 0, atol: 0 }, "rtol and atol cannot both be 0"],
    ["one sample", pendulum, [1, 0], { t: 1, samples: 1 }, "1 samples cannot hold both ends"],
    [
      "late sample",
      pendulum,
      [1, 0],
      { t: 1, samples: [0.5, 2] },
      "the sample at t = 2 does not lie between t = 0.5 and the end 1",
    ],
    ["no step", pendulum, [1, 0], { t: 1, method: "leapfrog" }, "`leapfrog` needs a step"],
    ["unused step", pendulum, [1, 0], { t: 1, dt: 0.1, method: "dop853" }, "`dop853` chooses its own steps"],
    [
      "mixed H",
      mixed,
      [1, 0],
      { t: 1, dt: 0.1, method: "yoshida6" },
      "`yoshida6` needs H = T(p) + V(q), and this H mixes coordinates and momenta",
    ],
    [
      "damping",
      damped,
      [1, 0],
      { t: 1, dt: 0.1, method: "leapfrog" },
      "`leapfrog` keeps energy and areas: it has no place for damping or forces",
    ],
    ["unknown", pendulum, [1, 0], { t: 1, dt: 0.1, method: "euler" as IntegratorName }, "there is no method `euler`"],
  ];

  test.each(cases)("%s", (_, motion, x0, options, message) => {
    const error = errorOf(motion, x0, options);
    expect([error.kind, error.exitCode, error.message]).toEqual(["usage", 2, message]);
  });

  test("too many samples are a limit", () => {
    const error = errorOf(pendulum, [1, 0], { t: 1, dt: 0.1, samples: 1e12 });
    expect([error.kind, error.exitCode, error.message]).toEqual([
      "limit",
      5,
      "1000000000000 samples of 2 numbers do not fit; the limit is 268435456 numbers",
    ]);
  });

  test("too many steps are a limit", () => {
    expect(errorOf(pendulum, [1, 0], { t: 1e9, dt: 1e-9 }).message).toBe(
      "1000000000 units of time take 1000000000000000000 steps of 1e-9; the limit is 1000000000000",
    );
  });
});

describe("what diverges keeps its last good state", () => {
  /** Falls into the centre: r = (1 − 3t/√2)^⅔, at t = √2/3. */
  const fall = [1, 0, -Math.SQRT2, 0];

  test("a collision, adaptive: no step is small enough", () => {
    const error = errorOf(kepler, fall, { t: 1, rtol: 1e-9 }) as Divergence;
    expect(error).toBeInstanceOf(Divergence);
    expect([error.kind, error.exitCode, error.code]).toEqual(["diverged", 6, "step-too-small"]);
    const { times, states } = error.samples;
    expect(Math.abs(times.at(-1)! - Math.SQRT2 / 3)).toBeLessThan(1e-8);
    expect(states.every(Number.isFinite)).toBe(true);
    expect(error.notes[0]).toBe(`last good state, at t = ${times.at(-1)}: [${[...states.slice(-4)].join(", ")}]`);
  });

  test.each(["leapfrog", "rk4", "gauss4", "tao4"] as const)("an escape to infinity, %s", (method) => {
    const motion = motionOf("p^2/2 - q^4");
    const error = errorOf(motion, [1, 2], { t: 10, dt: 0.05, method, samples: 3 }) as Divergence;
    expect(error.kind).toBe("diverged");
    expect(error.message).toMatch(/ from t = \d\.\d+ by 0\.05/);
    const { times, states } = error.samples;
    expect(times.length).toBe(2);
    expect(times[1]).toBeGreaterThan(0.3);
    expect(states.every(Number.isFinite)).toBe(true);
  });

  test("a start where the field is not finite", () => {
    const error = errorOf(kepler, [0, 0, 1, 0], { t: 1, rtol: 1e-9 });
    expect([error.kind, error.message]).toEqual([
      "diverged",
      "the field is not finite at the start, t = 0: [1, 0, NaN, NaN]",
    ]);
    expect(error.notes[0]).toBe("last good state, at t = 0: [0, 0, 1, 0]");
  });
});

describe("auto", () => {
  const cases: [string, Motion, IntegrateOptions, IntegratorName][] = [
    ["nothing given", pendulum, { t: 1 }, "dop853"],
    ["a fine tolerance", mixed, { t: 1, rtol: 1e-9 }, "dop853"],
    ["a loose tolerance", pendulum, { t: 1, rtol: 1e-3 }, "dormand-prince5"],
    ["separable, few steps", pendulum, { t: 10, dt: 0.1 }, "kahan-li8"],
    ["separable, many steps", pendulum, { t: 3000, dt: 0.1 }, "blanes-moan4"],
    ["mixed, few steps", mixed, { t: 10, dt: 0.1 }, "gauss6"],
    ["mixed, many steps", mixed, { t: 3000, dt: 0.1 }, "gauss4"],
    ["damped", damped, { t: 10, dt: 0.1 }, "rk4"],
  ];
  test.each(cases)("%s", (_, motion, options, method) => {
    expect(integrate(motion, [0.5, 0.1], options).method).toBe(method);
  });
});
