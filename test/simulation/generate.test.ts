import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { type Dataset, stateAt, stateLength } from "../../src/data/dataset.ts";
import { concatenate, selectRun } from "../../src/data/select.ts";
import { integrate } from "../../src/integrate/trajectory.ts";
import { generate, planGeneration } from "../../src/simulation/generate.ts";
import type { System } from "../../src/systems/system.ts";
import { findSystem } from "../../src/systems/systems.ts";
import { bits } from "../data/datasets.ts";

const pendulum = findSystem("pendulum");
const formula = compile("p^2/2 - cos(q)");
const box = { kind: "box", ranges: { q: [-2, 2], p: [-1, 1] } } as const;

/** The states at which trajectories begin, noise left out. */
async function startsOf(system: System, options: Parameters<typeof generate>[1]): Promise<Float64Array[]> {
  const set = await generate(system, { points: 2, t: 1e-3, noise: 0, ...options });
  return set.runs.map(({ start }) => stateAt(set, start).slice());
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sameNumbers(a: Dataset, b: Dataset): void {
  for (const key of ["times", "states", "derivatives", "energies", "test"] as const) {
    expect(bits(a[key]), key).toBe(bits(b[key]));
  }
  expect(a.runs).toEqual(b.runs);
}

describe("the training sets of arXiv:1906.01563", () => {
  test.each([
    ["spring", 50, 30, 3, 0.1, 0.5, "last"],
    ["pendulum", 50, 45, 3, 0.1, 0.5, "last"],
    ["two-body", 1000, 50, 20, 0, 0.2, "first"],
    ["three-body", 5000, 20, 5, 0, 0.2, "first"],
  ] as const)(
    "%s: %d × %d rows to t = %d, noise %d, test %d %s",
    (name, trajectories, points, end, noise, part, which) => {
      const system = findSystem(name);
      const plan = planGeneration(compile(system), { system });
      expect(plan).toMatchObject({ trajectories, points, t: [0, end], noise, split: { test: part, which } });
      expect(plan.header.provenance.noise).toEqual(
        noise === 0 ? undefined : { kind: "normal", sigma: noise, of: "states" },
      );
    },
  );

  test("pendulum: rows, times, radii, the first half for training", async () => {
    const noisy = await generate(pendulum);
    expect([noisy.rows, noisy.runs.length]).toEqual([2250, 50]);
    for (const { start, end } of noisy.runs) {
      // numpy.linspace(0, 3, 45), within a rounding.
      for (const [k, t] of noisy.times.subarray(start, end).entries()) {
        expect(Math.abs(t - (3 * k) / 44)).toBeLessThan(1e-15);
      }
    }
    expect(noisy.test!.subarray(0, 1125).every((mark) => mark === 0)).toBe(true);
    expect(noisy.test!.subarray(1125).every((mark) => mark === 1)).toBe(true);
    const radii = (await startsOf(pendulum, { trajectories: 2000 })).map(([q, p]) => Math.hypot(q!, p!));
    expect(Math.min(...radii)).toBeGreaterThanOrEqual(1.3);
    expect(Math.max(...radii)).toBeLessThan(2.3);
    // Uniform: the mean of 2000 has a standard error of 0.0065.
    expect(Math.abs(mean(radii) - 1.8)).toBeLessThan(5 * 0.0065);
  });

  test("noise is on the states alone, normal, σ = 0.1; derivatives and H are those of the true states", async () => {
    const [noisy, clean] = [await generate(pendulum), await generate(pendulum, { noise: 0 })];
    const noise = [...noisy.states].map((value, k) => value - clean.states[k]!);
    // 4500 numbers: standard errors 0.0015 of the mean, 0.00105 of the deviation.
    expect(Math.abs(mean(noise))).toBeLessThan(5 * 0.0015);
    expect(Math.abs(Math.sqrt(mean(noise.map((x) => x ** 2))) - 0.1)).toBeLessThan(5 * 0.00105);
    expect(bits(noisy.derivatives)).toBe(bits(clean.derivatives));
    expect(bits(noisy.energies)).toBe(bits(clean.energies));
  });
});

describe("accuracy", () => {
  test("derivatives are the field at the true states, to 4 units in the last place", async () => {
    const set = await generate(pendulum, { noise: 0 });
    for (let row = 0; row < set.rows; row++) {
      const [q, p] = stateAt(set, row) as unknown as [number, number];
      [2 * p, -3 * Math.sin(q)].forEach((wanted, c) => {
        const found = set.derivatives![2 * row + c]!;
        expect(Math.abs(found - wanted)).toBeLessThanOrEqual(4 * Number.EPSILON * Math.abs(wanted));
      });
    }
  });

  test("states agree with DOP853 at rtol 1e-13 in plain JavaScript, to 1e-11", async () => {
    const set = await generate(formula, { region: box, t: [1, 11], trajectories: 20, points: 30, seed: 4 });
    const motion = {
      degreesOfFreedom: 1,
      separable: true,
      timeDependent: false,
      damped: false,
      field: (x: Float64Array, out: Float64Array) => {
        out[0] = x[1]!;
        out[1] = -Math.sin(x[0]!);
      },
    };
    for (let k = 0; k < set.runs.length; k++) {
      const run = selectRun(set, k);
      const again = integrate(motion, stateAt(run, 0), { t: [1, 11], samples: 30, method: "dop853", rtol: 1e-13 });
      for (const [i, value] of run.states.entries()) expect(Math.abs(value - again.states[i]!)).toBeLessThan(1e-11);
    }
    expect(set.report.energyError).toBeLessThan(1e-14);
  });

  test("a fixed step and a tolerance are obeyed, and told in provenance", async () => {
    const leapfrog = await generate(formula, { region: box, t: 10, method: "leapfrog", dt: 0.1 });
    expect(leapfrog.provenance).toMatchObject({ method: "leapfrog" });
    expect(leapfrog.report.energyError).toBeGreaterThan(1e-5);
    const adaptive = await generate(formula, { region: box, t: 10, method: "dop853", rtol: 1e-9 });
    expect(adaptive.provenance).toMatchObject({ method: "dop853", rtol: 1e-9 });
  });

  test("parameters take effect in the motion, in energies and on energy shells", async () => {
    const model = compile("p^2/(2 m) + k q^2/2; m = 1; k = 1");
    const set = await generate(model, { region: box, energy: 0.3, t: 2, params: { m: 2, k: 5 } });
    for (let row = 0; row < set.rows; row++) {
      const [q, p] = stateAt(set, row) as unknown as [number, number];
      expect(p ** 2 / 4 + 2.5 * q ** 2).toBeCloseTo(0.3, 13);
      expect(set.derivatives![2 * row]).toBeCloseTo(p / 2, 14);
    }
    expect(set.provenance.parameters).toEqual({ m: 2, k: 5 });
  });
});

describe("starts", () => {
  const draw = (options: Parameters<typeof generate>[1]) =>
    generate(formula, { points: 2, t: 1e-3, trajectories: 3000, ...options });

  test("uniform in a box: bounds, means and variances within five standard errors", async () => {
    const set = await draw({ region: box });
    [2, 1].forEach((half, c) => {
      const values = set.runs.map(({ start }) => set.states[2 * start + c]!);
      expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(half);
      const sigma = half / Math.sqrt(3);
      expect(Math.abs(mean(values))).toBeLessThan((5 * sigma) / Math.sqrt(3000));
      const variance = mean(values.map((x) => x ** 2));
      // The variance of x² of a uniform x is 4/45 half⁴.
      expect(Math.abs(variance - sigma ** 2)).toBeLessThan((5 * Math.sqrt(4 / 45) * half ** 2) / Math.sqrt(3000));
    });
  });

  test("in a range of energies, and of one energy to rounding", async () => {
    const range = await draw({ region: box, energy: [-0.5, 0.2] });
    expect(range.report.leastEnergy).toBeGreaterThan(-0.5 - 1e-12);
    expect(range.report.mostEnergy).toBeLessThan(0.2 + 1e-12);
    const one = await draw({ region: box, energy: 0.25 });
    expect(one.report.leastEnergy).toBeCloseTo(0.25, 14);
    expect(one.report.mostEnergy).toBeCloseTo(0.25, 14);
  });

  test("on the energies of a system's own region", async () => {
    const { report } = await generate(findSystem("henon-heiles"), { energy: [0.05, 0.1], t: 5, trajectories: 20 });
    expect(report.leastEnergy).toBeGreaterThan(0.05 - 1e-12);
    expect(report.mostEnergy).toBeLessThan(0.1 + 1e-12);
  });

  test("as given", async () => {
    const set = await generate(formula, { x0: [1, 0, 2, 0.5], t: 1, points: 3 });
    expect(set.runs.map(({ start }) => [...stateAt(set, start)])).toEqual([
      [1, 0],
      [2, 0.5],
    ]);
    expect(set.provenance.sampling).toMatchObject({ starts: { given: 2 } });
  });

  test("are drawn again where H is not finite", async () => {
    const set = await generate(compile("p^2/2 - log(q)"), {
      region: { kind: "box", ranges: { q: [-1, 1], p: [-1, 1] } },
      t: 1,
    });
    expect(set.runs.length).toBe(50);
    expect(set.states.filter((_, k) => k % 2 === 0).every((q) => q > 0)).toBe(true);
  });

  test("of a system of arrays: a range for all entries of a name", async () => {
    const set = await generate(compile("sum(p[i]^2/2 + q[i]^2/2, i = 1..3)"), { region: box, t: 1, points: 2 });
    expect(stateLength(set)).toBe(6);
    for (const { start } of set.runs) expect(Math.max(...stateAt(set, start).map(Math.abs))).toBeLessThanOrEqual(2);
  });
});

describe("what a row depends on", () => {
  test("seed and number of its trajectory, not on how many there are", async () => {
    const [few, many] = [
      await generate(pendulum, { trajectories: 5, noise: 0.1 }),
      await generate(pendulum, { noise: 0.1 }),
    ];
    expect(bits(few.states)).toBe(bits(many.states.slice(0, 450)));
    const other = await generate(pendulum, { trajectories: 5, noise: 0.1, seed: 1 });
    expect(other.states[0]).not.toBe(few.states[0]);
  });

  test.each([1, 4, 60])("%d shards are the whole, bit for bit", async (count) => {
    const options = { noise: 0.1, split: { test: 0.3 }, seed: 7 } as const;
    const whole = await generate(pendulum, options);
    const parts: Dataset[] = [];
    for (let index = 1; index <= count; index++)
      parts.push(await generate(pendulum, { ...options, shard: { index, count } }));
    const filled = parts.filter(({ rows }) => rows > 0);
    sameNumbers(concatenate(filled as [Dataset, ...Dataset[]]), whole);
    expect(parts[0]!.provenance).toEqual({ ...whole.provenance, shard: { index: 1, count } });
  });

  test.each(["taylor", "dop853"] as const)("one or two workers, %s", async (method) => {
    const options = { method, trajectories: 37, points: 20, t: 5 } as const;
    sameNumbers(
      await generate(pendulum, { ...options, workers: 2 }),
      await generate(pendulum, { ...options, workers: 1 }),
    );
  });

  test("not on what else runs with the same compiled model", async () => {
    const alone = await generate(pendulum, { seed: 1 });
    const together = await Promise.all([0, 1, 2, 1].map((seed) => generate(pendulum, { seed })));
    sameNumbers(together[1]!, alone);
    sameNumbers(together[3]!, alone);
  });
});

describe("splits", () => {
  test("by run: whole trajectories, by default a random fifth", async () => {
    const set = await generate(formula, { region: box, t: 1 });
    const marks = set.runs.map(({ start, end }) => new Set(set.test!.subarray(start, end)));
    expect(marks.every(({ size }) => size === 1)).toBe(true);
    expect(marks.filter((mark) => mark.has(1)).length).toBe(10);
    expect(set.report.testing).toBe(500);
  });

  test("by row, first and last", async () => {
    const part = { region: box, t: 1, trajectories: 4, points: 10 } as const;
    const rows = await generate(formula, { ...part, split: { test: 0.25, by: "row" } });
    expect(rows.test!.reduce((sum, mark) => sum + mark, 0)).toBe(10);
    expect(new Set(rows.test!.subarray(0, 10)).size).toBe(2);
    const first = await generate(formula, { ...part, split: { test: 0.25, which: "first" } });
    expect([...first.test!].lastIndexOf(1)).toBe(9);
    const none = await generate(formula, { ...part, split: { test: 0 } });
    expect(none.test).toBeUndefined();
    expect(none.provenance.split).toBeUndefined();
  });
});

test("a trajectory that ends in a collision keeps its rows before it, at their times", async () => {
  // q falls from 1 to 0 within π/√8.
  const set = await generate(compile("p^2/2 - 1/q"), { x0: [1, 0, 1, 2], t: 2, points: 21 });
  expect(set.report.diverged.map(({ trajectory }) => trajectory)).toEqual([0]);
  const [fallen, free] = set.runs;
  expect(free!.end - free!.start).toBe(21);
  const last = set.times[fallen!.end - 1]!;
  expect(last).toBeLessThan(Math.PI / Math.sqrt(8));
  expect(last).toBeGreaterThan(1);
  expect(last * 10).toBeCloseTo(Math.round(last * 10), 12);
});

test("derivatives may be left out", async () => {
  const set = await generate(pendulum, { derivatives: false });
  expect(set.derivatives).toBeUndefined();
  expect(set.provenance.derivatives).toBeUndefined();
});

test("H of a driven system does not stay, and no error is told", async () => {
  const { report } = await generate(findSystem("driven-pendulum"), { t: 5, trajectories: 3 });
  expect(report.energyError).toBeUndefined();
});

describe("refuses", () => {
  const refused = (options: Parameters<typeof generate>[1], model = formula) =>
    generate(model, { t: 1, ...options }).then(
      () => "done",
      (error: { kind: string; code: string }) => `${error.kind} ${error.code}`,
    );
  test.each<[string, Parameters<typeof generate>[1], string]>([
    ["no region", {}, "usage no-region"],
    [
      "an unknown variable",
      { region: { kind: "box", ranges: { q: [0, 1], p: [0, 1], r: [0, 1] } } },
      "usage bad-region",
    ],
    ["a variable left out", { region: { kind: "box", ranges: { q: [0, 1] } } }, "usage bad-region"],
    ["a range upside down", { region: { kind: "box", ranges: { q: [1, 0], p: [0, 1] } } }, "usage bad-region"],
    ["no time", { region: box, t: undefined }, "usage missing-time"],
    ["an empty time", { region: box, t: 0 }, "usage bad-time"],
    ["one row", { region: box, points: 1 }, "usage bad-number"],
    ["more rows than times are held", { region: box, points: 1e9 }, "usage bad-number"],
    [
      "more rows than can be divided",
      { region: box, trajectories: 1e6, points: 1e4, split: { test: 0.5, by: "row" } },
      "limit too-many-marks",
    ],
    ["no trajectories", { region: box, trajectories: 0 }, "usage bad-number"],
    ["half a trajectory", { region: box, trajectories: 1.5 }, "usage bad-number"],
    ["starts and a region", { region: box, x0: [1, 0] }, "usage x0-and-region"],
    ["starts of another length", { x0: [1, 0, 1] }, "usage bad-start"],
    ["another number of starts", { x0: [1, 0], trajectories: 2 }, "usage starts-differ"],
    ["an energy that the region does not reach", { region: box, energy: -3 }, "usage empty-shell"],
    ["noise of no column", { region: box, noise: { r: 1 } }, "usage bad-noise"],
    ["a part beyond 1", { region: box, split: { test: 2 } }, "usage bad-split"],
    ["a step and a tolerance", { region: box, dt: 0.1, rtol: 1e-9 }, "usage step-and-tolerance"],
    ["a seed that is none", { region: box, seed: -1 }, "usage bad-seed"],
  ])("%s", async (_, options, told) => {
    expect(await refused(options)).toBe(told);
  });
});
