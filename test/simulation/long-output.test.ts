import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { makeDataset } from "../../src/data/dataset.ts";
import { kernelOf } from "../../src/ensemble/kernels.ts";
import { planRun, timesOf } from "../../src/ensemble/schedule.ts";
import { dop853 } from "../../src/integrate/dop853.ts";
import { leapfrog } from "../../src/integrate/leapfrog.ts";
import { planSimulation, simulate } from "../../src/simulate.ts";
import type { SimulateOptions } from "../../src/simulation/options.ts";
import { rowMaker } from "../../src/simulation/rows.ts";

const pendulum = compile("p^2/2 - cos(q); q(0) = 2, p(0) = 0");
const MiB = 2 ** 20;

/** Runs a script in a process of its own; it prints one line of JSON. */
function told(script: string): Record<string, number> {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

describe("plans", () => {
  const span = { start: 0.5, end: 1e7, dt: 0.1, samples: 1e9, omega: undefined };

  test("of a milliard samples take no memory: the last ones are known at once", () => {
    const fixed = planRun(leapfrog, span);
    const h = (1e7 - 0.5) / (1e9 - 1);
    expect([fixed.samples, fixed.steps, fixed.dt]).toEqual([1e9, 1e9 - 1, h]);
    expect([...timesOf(fixed, 1e9 - 2, 1e9)]).toEqual([0.5 + (1e9 - 2) * h, 1e7]);
    expect(fixed.rows(1e9 - 1, 1e9)).toEqual([
      { from: 0.5 + (1e9 - 2) * h, h, k0: 0, to: 1e7, steps: 1, extrapolate: true, sample: 1e9 - 1, extras: [] },
    ]);
    expect(fixed.stepsUntil(0.5 + 123456789 * h)).toBe(123456789);
    const adaptive = planRun(dop853, { ...span, dt: undefined });
    expect([...timesOf(adaptive, 1e9 - 2, 1e9)]).toEqual([0.5 + ((1e7 - 0.5) * (1e9 - 2)) / (1e9 - 1), 1e7]);
  });

  test("rows of stretches longer than a counter, of equal and of other lengths", () => {
    const counts = (samples: number | number[]) => {
      const plan = planRun(leapfrog, { start: 0, end: 6e9, dt: 1, samples, omega: undefined });
      const rows = plan.rows(0, plan.samples);
      expect(rows.length).toBe(plan.rowsBefore(plan.samples));
      for (let k = 0; k < plan.samples; k++) {
        expect(plan.rows(k, k + 1)).toEqual(rows.slice(plan.rowsBefore(k), plan.rowsBefore(k + 1)));
      }
      return rows.map(({ steps, sample }) => [steps, sample]);
    };
    const [full, rest] = [2 ** 30, 3e9 - 2 * 2 ** 30];
    const half = (sample: number) => [
      [full, 0],
      [full, 0],
      [rest, sample],
    ];
    expect(counts(3)).toEqual([...half(1), ...half(2)]);
    expect(counts([10, 3e9 + 10, 6e9])).toEqual([[10, 1], ...half(2), [full, 0], [full, 0], [rest - 10, 3]]);
  });
});

describe("memory", () => {
  test("4 000 000 samples of one trajectory stay below 512 MB (with all rows of their plan 2.4 GB)", () => {
    const { rows, peak } = told(`
      import { compile } from "./src/compile.ts";
      import { planSimulation } from "./src/simulate.ts";
      const options = { t: 4e5, dt: 0.1, method: "leapfrog", samples: 4000001 };
      let rows = 0;
      await planSimulation(compile("p^2/2 - cos(q); q(0) = 2, p(0) = 0"), options).run((chunk) => void (rows += chunk.rows));
      console.log(JSON.stringify({ rows, peak: process.resourceUsage().maxRSS * 1024 }));`);
    expect(rows).toBe(4000001);
    expect(peak).toBeLessThan(512 * MiB);
  }, 60_000);

  test("what threads have followed is let go: 15 000 000 rows stay below 512 MB (all of them are 360)", () => {
    const { rows, peak } = told(`
      import { compile } from "./src/compile.ts";
      import { planSimulation } from "./src/simulate.ts";
      const x0 = Float64Array.from({ length: 300000 }, (_, k) => 0.5 + (k % 7) / 10);
      const options = { t: 3, method: "taylor", samples: 100, workers: 2, x0 };
      let rows = 0;
      await planSimulation(compile("p^2/2 - cos(q)"), options).run((chunk) => void (rows += chunk.rows));
      console.log(JSON.stringify({ rows, peak: process.resourceUsage().maxRSS * 1024 }));`);
    expect(rows).toBe(15_000_000);
    expect(peak).toBeLessThan(512 * MiB);
  }, 60_000);

  test("more than memory holds is refused before the run, and left to those who take chunks", async () => {
    const options: SimulateOptions = { t: 1e6, dt: 1e-3, samples: 1e9 };
    await expect(simulate(pendulum, options)).rejects.toMatchObject({
      kind: "limit",
      message: "1000000000 rows of 2 numbers do not fit into memory",
    });
    expect(planSimulation(pendulum, options).samples).toBe(1e9);
  });
});

describe("a long trajectory in pieces", () => {
  test("has the bits of the same in one block, and its chunks one size", async () => {
    const options: SimulateOptions = { t: 3e4, dt: 0.1, method: "yoshida4", samples: 300_001 };
    const sizes: number[] = [];
    const times: number[] = [];
    const whole = await simulate(pendulum, { ...options, blockBytes: 2 ** 28 });
    let at = 0;
    await planSimulation(pendulum, { ...options, blockBytes: 2 ** 19 }).run((chunk) => {
      sizes.push(chunk.rows);
      times.push(chunk.times![0]!);
      const same = (mine: Float64Array, all: Float64Array, width: number) =>
        Buffer.from(mine.buffer).equals(Buffer.from(all.buffer, 8 * width * at, mine.byteLength));
      expect(same(chunk.states, whole.states, 2)).toBe(true);
      expect(same(chunk.energies!, whole.energies!, 1)).toBe(true);
      at += chunk.rows;
    });
    expect(sizes).toEqual([131072, 131072, 300_001 - 2 * 131072]);
    expect(times).toEqual([0, whole.times[131072], whole.times[262144]]);
  });

  test("lets timers and signals in, however short its pieces are", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("enough")), 100);
    const options: SimulateOptions = { t: 1e7, dt: 0.1, method: "leapfrog", samples: 1e8 + 1, signal: stop.signal };
    const begun = performance.now();
    await expect(planSimulation(pendulum, options).run(() => {})).rejects.toThrow("enough");
    // The whole run takes more than half a minute.
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

describe("rows", () => {
  const { source } = pendulum;
  const { header } = planSimulation(pendulum, { t: 1 });

  test("pieces of any length become the same chunks, runs joined where they are cut", async () => {
    const rows = 300_000;
    const times = Float64Array.from({ length: rows }, (_, k) => k);
    const states = Float64Array.from({ length: 2 * rows }, (_, k) => k / 7);
    const chunksOf = async (cuts: readonly number[]) => {
      const chunks: unknown[] = [];
      const maker = rowMaker(source, new Float64Array(0), header, ({ times, states, energies, runs }) => {
        chunks.push({ times, states, energies, runs });
      });
      for (const [k, from] of cuts.entries()) {
        const to = cuts[k + 1] ?? rows;
        await maker.add(from < 200_000 ? 0 : 1, times.slice(from, to), states.slice(2 * from, 2 * to));
      }
      await maker.flush();
      return chunks;
    };
    const long = await chunksOf([0, 200_000]);
    expect(long.map((chunk) => (chunk as ReturnType<typeof makeDataset>).runs)).toEqual([
      [{ id: 0, start: 0, end: 131072 }],
      [
        { id: 0, start: 0, end: 200_000 - 131072 },
        { id: 1, start: 200_000 - 131072, end: 131072 },
      ],
      [{ id: 1, start: 0, end: rows - 2 * 131072 }],
    ]);
    expect(await chunksOf(Array.from({ length: 3000 }, (_, k) => 100 * k))).toEqual(long);
  });
});

describe("compiled ensembles", () => {
  const wish = {
    integrator: dop853,
    fma: false,
    compensated: true,
    energy: true,
    mostWidth: 2,
    sharedPages: undefined,
  };

  test("are kept for the next run of the same model, a few of them", () => {
    const { source } = compile("p^2/2 + q^4");
    const moduleOf = (changed: object, model = source) => kernelOf(model, { ...wish, ...changed }).module;
    const first = moduleOf({});
    expect(moduleOf({}) === first).toBe(true);
    expect(moduleOf({ integrator: leapfrog }) === first).toBe(false);
    expect(moduleOf({ energy: false }) === first).toBe(false);
    expect(moduleOf({}, compile("p^2/2 + q^4").source) === first).toBe(false);
    for (let pages = 1; pages <= 16; pages++) moduleOf({ sharedPages: 65536 - pages });
    expect(moduleOf({}) === first).toBe(false);
  });

  test("runs at the same time share none of their numbers", async () => {
    const model = compile("p^2/2m - cos(q); m = 2");
    const options = (k: number): SimulateOptions => ({
      x0: [k, 0],
      t: 50,
      method: "dop853",
      params: { m: k },
      blockBytes: 4096,
    });
    const alone = [];
    for (const k of [1, 2, 3]) alone.push((await simulate(compile("p^2/2m - cos(q); m = 2"), options(k))).states);
    const together = await Promise.all([1, 2, 3].map((k) => simulate(model, options(k))));
    expect(together.map(({ states }) => states)).toEqual(alone);
  });
});
