import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { Divergence } from "../../src/integrate/divergence.ts";
import { simulate } from "../../src/simulate.ts";
import type { SimulateOptions } from "../../src/simulation/options.ts";

/** A fall into a centre at distance 1, of mass 2: the collision is at π/2 · √(m/2) = π/2. */
const fall = compile("p^2/4 - 1/q");
const collision = Math.PI / 2;

async function divergenceOf(options: SimulateOptions, compiled = fall): Promise<Divergence> {
  try {
    await simulate(compiled, options);
  } catch (error) {
    if (error instanceof Divergence) return error;
    throw error;
  }
  throw new Error("nothing diverged");
}

const adaptive: [string, SimulateOptions][] = [
  ["taylor", { t: 10, x0: [1, 0], samples: 101 }],
  ["dop853", { t: 10, x0: [1, 0], samples: 101, method: "dop853" }],
  ["dormand-prince5", { t: 10, x0: [1, 0], samples: 101, method: "dormand-prince5", rtol: 1e-6 }],
];

describe("a collision", () => {
  test.each(adaptive)("%s: a single run throws and keeps what came before it", async (_, options) => {
    const error = await divergenceOf(options);
    const { times, states } = error.samples;
    expect(error.exitCode).toBe(6);
    expect(error.message).toContain("no step from");
    // Fifteen regular samples, and the last good state.
    expect([...times.subarray(0, 16)].map((t) => Number(t.toFixed(12)))).toEqual(
      Array.from({ length: 16 }, (_, k) => k / 10),
    );
    const last = times.at(-1)!;
    expect(last).toBeGreaterThan(1.57);
    expect(Math.abs(last - collision)).toBeLessThan(1e-4);
    expect(states.length).toBe(2 * times.length);
    expect(states.every(Number.isFinite)).toBe(true);
    expect(states.at(-2)).toBeLessThan(1e-2);
    expect(error.notes[0]).toBe(`last good state, at t = ${last}: [${states.at(-2)}, ${states.at(-1)}]`);
  });

  test.each(adaptive)("%s: of a batch, those that collide are listed and end early", async (_, options) => {
    // The second one rises first and collides later; the third escapes.
    const x0 = [1, 0, 1, 1, 1, 4];
    const { runs, times, states, report, energies } = await simulate(fall, { ...options, x0, t: 8 });
    expect(report.diverged.map(({ trajectory }) => trajectory)).toEqual([0, 1]);
    expect(runs.map(({ id }) => id)).toEqual([0, 1, 2]);
    expect(runs[2]!.end - runs[2]!.start).toBe(101);
    for (const [k, { time, state, reason }] of report.diverged.entries()) {
      const row = runs[k]!.end - 1;
      expect(times[row]).toBe(time);
      expect([...states.subarray(2 * row, 2 * row + 2)]).toEqual([...state]);
      expect(reason).toContain("singular");
    }
    expect(report.diverged[1]!.time).toBeGreaterThan(2);
    expect(states.every(Number.isFinite)).toBe(true);
    expect(energies!.every(Number.isFinite)).toBe(true);
  });

  test.each(adaptive)("%s: two workers and small blocks tell the same", async (_, options) => {
    const x0 = Array.from({ length: 12 }, (_, b) => [1 + b / 10, b % 5]).flat();
    const one = await simulate(fall, { ...options, x0, workers: 1 });
    expect(one.report.diverged.length).toBeGreaterThan(2);
    for (const way of [{ workers: 2 }, { workers: 1, blockBytes: 3000 }, { workers: 1, blockBytes: 100 }]) {
      const other = await simulate(fall, { ...options, x0, ...way });
      expect(other.report).toEqual(one.report);
      expect([other.times, other.states, other.energies, other.runs]).toEqual([
        one.times,
        one.states,
        one.energies,
        one.runs,
      ]);
    }
  });

  test("leapfrog does not see it and jumps; a stiffer wall throws it out of the numbers", async () => {
    const { times, states } = await simulate(fall, { t: 10, dt: 0.01, x0: [1, 0], method: "leapfrog" });
    expect(times.at(-1)).toBe(10);
    expect(states.every(Number.isFinite)).toBe(true);
    const wall = compile("p^2/2 - q^4");
    const error = await divergenceOf({ t: 10, dt: 0.01, x0: [1, 0], method: "leapfrog" }, wall);
    expect(error.message).toMatch(/not finite/);
    expect(error.samples.states.every(Number.isFinite)).toBe(true);
    expect(error.samples.times.length).toBeGreaterThan(50);
  });

  test("gauss6 ends where its iteration does", async () => {
    const options: SimulateOptions = { t: 10, dt: 0.05, x0: [1, 0], method: "gauss6" };
    const error = await divergenceOf(options);
    const { times, states } = error.samples;
    expect(times.at(-1)).toBeGreaterThan(1.3);
    expect(times.at(-1)).toBeLessThan(collision + 0.2);
    expect(states.every(Number.isFinite)).toBe(true);
    const batch = await simulate(fall, { ...options, x0: [1, 0, 1, 4] });
    expect(batch.report.diverged.map(({ trajectory }) => trajectory)).toEqual([0]);
    expect(batch.runs[0]!.end).toBe(times.length);
    expect(batch.runs[1]!.end - batch.runs[1]!.start).toBe(201);
  });

  test("taylor: three equal masses at rest in a triangle fall together", async () => {
    const three = compile("sum(p[i]^2, i = 1..3)/2 - sum(1/|q[i] - q[j]|, i < j); q: [3, 2], p: [3, 2]");
    const h = Math.sqrt(3) / 2;
    const x0 = [-0.5, 0, 0.5, 0, 0, h, 0, 0, 0, 0, 0, 0];
    const error = await divergenceOf({ t: 10, x0 }, three);
    // Each side falls as two bodies of mass 3/2 each would: s̈ = −3/s², π/2 · √(1/6) from s = 1.
    expect(Math.abs(error.samples.times.at(-1)! - Math.PI / 2 / Math.sqrt(6))).toBeLessThan(1e-6);
  });
});

describe("outside of the domain of H", () => {
  const root = compile("p^2/2 + sqrt(1 - q)");
  test.each(adaptive)("%s: the last good state is finite", async (_, options) => {
    const error = await divergenceOf({ ...options, x0: [0, 3] }, root);
    expect(error.samples.states.every(Number.isFinite)).toBe(true);
    expect(error.samples.times.at(-1)).toBeGreaterThan(0.3);
    expect(error.samples.states.at(-2)).toBeLessThanOrEqual(1);
  });

  test.each(adaptive)("%s: a start where the field is not finite has its own row only", async (_, options) => {
    const error = await divergenceOf({ ...options, x0: [2, 0] }, root);
    expect([...error.samples.times]).toEqual([0]);
    expect([...error.samples.states]).toEqual([2, 0]);
    const batch = await simulate(root, { ...options, t: 0.1, x0: [2, 0, 0, 0] });
    expect(batch.report.diverged).toMatchObject([{ trajectory: 0, time: 0 }]);
    expect(batch.runs.map(({ start, end }) => end - start)).toEqual([1, 101]);
  });
});
