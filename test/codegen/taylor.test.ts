import { describe, expect, test } from "vitest";
import { loadKernels } from "../../src/codegen/load.ts";
import { sourceOf } from "../../src/codegen/source.ts";
import { taylor } from "../../src/codegen/taylor/taylor.ts";
import { Divergence } from "../../src/integrate/divergence.ts";
import { dop853 } from "../../src/integrate/dop853.ts";
import { integrate } from "../../src/integrate/trajectory.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { systems } from "../../src/systems/systems.ts";
import { keplerAt, pendulumAt } from "./taylor-known.ts";

const sourceFor = (text: string) => sourceOf(parseModel(text));
const pendulum = sourceFor("p^2/2 - cos(q)");
const kepler = sourceFor(systems.kepler.model);

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));

for (const engine of ["wasm", "js"] as const) {
  describe(engine, () => {
    test("pendulum: 1000 samples to t = 100 are the elliptic functions to 2e-13 (phase error of rounding)", () => {
      const { times, states, steps } = taylor(pendulum, { engine }).run([1, 0], { t: 100, samples: 1001 });
      expect(times.length).toBe(1001);
      times.forEach((t, k) => {
        expect(farthest(states.subarray(2 * k, 2 * k + 2), pendulumAt(1, t)), `t = ${t}`).toBeLessThan(2e-13);
      });
      expect(steps).toBeGreaterThan(320);
      expect(steps).toBeLessThan(340);
    });

    test("Kepler, e = 0.6: 10 orbits are Kepler's equation to 5e-12 (phase error of rounding, growing as t²)", () => {
      const { times, states } = taylor(kepler, { engine }).run([0.4, 0, 0, 2], { t: 20 * Math.PI, samples: 101 });
      times.forEach((t, k) => {
        expect(farthest(states.subarray(4 * k, 4 * k + 4), keplerAt(0.6, t)), `t = ${t}`).toBeLessThan(5e-12);
      });
    });

    test("runs backwards to where it came from, to 1e-13", () => {
      const integrator = taylor(pendulum, { engine });
      const there = integrator.run([1, 0.5], { t: [2, 12], samples: [12] });
      const back = integrator.run(there.states.subarray(2), { t: [12, 2], samples: [2] });
      expect(back.times).toEqual(Float64Array.of(12, 2));
      expect(farthest(back.states.subarray(2), [1, 0.5])).toBeLessThan(1e-13);
    });
  });
}

test("the number of steps is that of Jorba and Zou's choice with exact roots, to 2 %", () => {
  const run = { t: 100, samples: [100] };
  const steps = (["wasm", "js"] as const).map((engine) => taylor(kepler, { engine }).run([0.4, 0, 0, 2], run).steps);
  expect(Math.abs(steps[0]! / steps[1]! - 1)).toBeLessThan(0.02);
});

test("the order follows from the tolerance, and the error from both", () => {
  const errors = [1e-4, 1e-7, 1e-10, 1e-13].map((tolerance) => {
    const integrator = taylor(pendulum, { tolerance });
    const { states } = integrator.run([1, 0], { t: 10, samples: [10] });
    return { order: integrator.order, error: farthest(states.subarray(2), pendulumAt(1, 10)) / tolerance };
  });
  expect(errors.map(({ order }) => order)).toEqual([6, 10, 13, 16]);
  for (const { error } of errors) expect(error).toBeLessThan(10);
});

describe("against DOP853 at rtol 1e-13, to 1e-9 of the state (its own error)", () => {
  const cases = [
    "pythagorean",
    "three-body",
    "outer-solar-system",
    "pleiades",
    "toda",
    "fput-beta",
    "mean-field",
    "double-pendulum",
    "driven-pendulum",
    "paul-trap",
    "damped-pendulum",
    "caldirola-kanai",
    "restricted-three-body",
    "schwarzschild",
    "trapped-ions",
    "ruijsenaars-schneider",
  ] as const;
  for (const name of cases) {
    test(name, () => {
      const { model, initialStates } = systems[name];
      const [{ x0 }] = Object.values(initialStates) as [{ x0: readonly number[] }];
      const source = sourceFor(model);
      const end = name === "outer-solar-system" ? 500 : 0.7;
      const reference = integrate(motionOf(source), x0, {
        t: end,
        rtol: 1e-13,
        atol: 1e-16,
        method: dop853,
        samples: 2,
      });
      const { states } = taylor(source).run(x0, { t: end, samples: 2 });
      const size = Math.max(1, ...x0.map(Math.abs));
      expect(farthest(states, reference.states) / size).toBeLessThan(1e-9);
      expect(farthest(states.subarray(x0.length), x0)).toBeGreaterThan(1e-6);
    });
  }
});

function motionOf(source: ReturnType<typeof sourceFor>) {
  const { field } = loadKernels(source);
  return {
    degreesOfFreedom: source.equations.layout.degreesOfFreedom,
    separable: false,
    timeDependent: source.model.timeDependent,
    damped: false,
    field: (x: Float64Array, out: Float64Array, t: number) => {
      field(x, out, undefined, t);
    },
  };
}

test("the energy of 1000 Kepler orbits moves by less than 1e-14: round-off without drift", () => {
  const { states } = taylor(kepler).run([0.4, 0, 0, 2], { t: 2000 * Math.PI, samples: 101 });
  const { hamiltonian } = loadKernels(kepler);
  for (let k = 0; k <= 100; k++) {
    expect(Math.abs(hamiltonian(states.subarray(4 * k, 4 * k + 4)) + 0.5)).toBeLessThan(1e-14);
  }
});

test("parameters of a run replace the model's, and go back", () => {
  const source = sourceFor("k = 1\nm = ?\nH = p^2/(2 m) + k q^2/2");
  const integrator = taylor(source);
  const at = (params: Readonly<Record<string, number>>) =>
    integrator.run([1, 0], { t: 1, samples: [1], params }).states.subarray(2);
  expect(farthest(at({ m: 4 }), [Math.cos(0.5), -2 * Math.sin(0.5)])).toBeLessThan(1e-15);
  expect(farthest(at({ m: 1, k: 4 }), [Math.cos(2), -2 * Math.sin(2)])).toBeLessThan(1e-15);
  expect(() => integrator.run([1, 0], { t: 1 })).toThrow("`m` must be given: the model has no value for it");
});

test("without samples each step is one; in a stream the pieces are the run", () => {
  const integrator = taylor(pendulum);
  const whole = integrator.run([1, 0], { t: 50 });
  expect(whole.times.length).toBe(whole.steps + 1);
  expect(whole.times.at(-1)).toBe(50);
  const pieces = [...integrator.stream([1, 0], { t: 50, rows: 40 })];
  expect(pieces.length).toBeGreaterThan(3);
  expect(pieces.flatMap(({ times }) => Array.from(times))).toEqual(Array.from(whole.times));
  expect(pieces.flatMap(({ states }) => Array.from(states))).toEqual(Array.from(whole.states));
});

test("a batch holds the bits of single runs", () => {
  const integrator = taylor(pendulum);
  const starts = [1, 0, 0.5, 0.25, -2, 0.1];
  const batch = integrator.batch(starts, { t: 10, samples: 11 });
  batch.forEach(({ states }, k) => {
    expect(states).toEqual(integrator.run(starts.slice(2 * k, 2 * k + 2), { t: 10, samples: 11 }).states);
  });
});

test("code size does not grow with the number of bodies; that of the memory is limited", () => {
  const bodies = (n: number): string =>
    `q: [${n}, 3], p: [${n}, 3]\nH = sum(p[i]^2/2, i = 1..${n}) - sum(1/|q[i] - q[j]|, i < j)`;
  const sizes = [9, 50].map((n) => taylor(sourceFor(bodies(n))).size);
  expect(Math.abs(sizes[1]! - sizes[0]!)).toBeLessThan(2000);
  expect(() => taylor(sourceFor(bodies(2000)))).toThrow("the limit is 1024 MB");
});

describe("what cannot be done is said", () => {
  const diverges = (run: () => unknown): Divergence => {
    try {
      run();
    } catch (error) {
      if (error instanceof Divergence) return error;
      throw error;
    }
    throw new Error("nothing was thrown");
  };

  test("a collision ends the run with the last good state", () => {
    const source = sourceFor("p^2/2 - 1/q");
    const error = diverges(() => taylor(source).run([1, 0], { t: 2, samples: 101 }));
    // free fall from rest at distance 1 takes π/(2√2)
    const { times, states } = error.samples;
    expect(times.at(-1)!).toBeGreaterThan(1.1);
    expect(times.at(-1)!).toBeLessThan(Math.PI / (2 * Math.SQRT2) + 1e-9);
    expect(states.every(Number.isFinite)).toBe(true);
    expect(error.kind).toBe("diverged");
  });

  test("a field that is not finite at the start", () => {
    const error = diverges(() => taylor(sourceFor("p^2/2 - 1/q")).run([0, 0], { t: 1 }));
    expect(error.message).toContain("no step from t = 0 is small enough");
  });

  test.each([
    [{ t: Number.POSITIVE_INFINITY }, [1, 0], "has no end"],
    [{ t: 1 }, [1], "the start has 1 entries, a state has 2"],
    [{ t: 1 }, [1, Number.NaN], "is not finite"],
    [{ t: 1, samples: 1 }, [1, 0], "1 samples cannot hold both ends"],
    [{ t: 1, samples: [0.5, 2] }, [1, 0], "the sample at t = 2 does not lie between"],
    [{ t: 1e6, maxSteps: 10 }, [1, 0], "10 steps have brought the run to"],
  ] as const)("%j", (options, x0, message) => {
    expect(() => taylor(pendulum).run(x0, options)).toThrow(message);
  });

  test("a tolerance that is none", () => {
    expect(() => taylor(pendulum, { tolerance: 0 })).toThrow("tolerance = 0 is none");
  });
});
