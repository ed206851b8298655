import { describe, expect, test } from "vitest";
import { taylor } from "../../src/codegen/taylor/taylor.ts";
import { compile } from "../../src/compile.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { concatenate } from "../../src/data/select.ts";
import { ensemble } from "../../src/ensemble/ensemble.ts";
import { parameterVector, portableMotion } from "../../src/ensemble/facts.ts";
import { planSimulation, type Simulation, simulate } from "../../src/simulate.ts";
import type { SimulateOptions } from "../../src/simulation/options.ts";
import { systems } from "../../src/systems/systems.ts";
import { trajectoryOf } from "../ensemble/support.ts";

const pendulum = compile("p^2/2m - cos(q); m = 2; q(0) = 1, p(0) = 0");
const henon = compile(systems["henon-heiles"]);
const henonStart = [0, 0.1, 0.45, 0.1];
const driven = compile(systems["driven-pendulum"]);

/** One way through each machinery. */
const ways: [string, SimulateOptions][] = [
  ["taylor", { t: 20, samples: 41 }],
  ["dop853", { t: 20, samples: 41, method: "dop853" }],
  ["yoshida6", { t: 20, samples: 41, method: "yoshida6", dt: 0.05 }],
  ["gauss6", { t: 20, samples: 41, method: "gauss6", dt: 0.05 }],
];

/** Starts around one: each a little smaller than the one before. */
function starts(x0: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, b) => x0.map((value) => value * (1 - 0.03 * b))).flat();
}

/** The rows of a run, with all that belongs to them. */
function rowsOf({ times, states, energies, derivatives, runs }: Dataset, id: number) {
  const { start, end } = runs.find((run) => run.id === id)!;
  const width = states.length / times!.length;
  return {
    times: times!.slice(start, end),
    states: states.slice(start * width, end * width),
    energies: energies!.slice(start, end),
    derivatives: derivatives?.slice(start * width, end * width),
  };
}

/** Everything that does not depend on time or threads. */
function contentOf({ times, states, energies, derivatives, runs, report, provenance }: Simulation) {
  return { times, states, energies, derivatives, runs, report, provenance };
}

describe("samples", () => {
  test.each(ways)("%s: both ends, equally spaced, the start as given", async (_, options) => {
    const { times, states, rows, runs, coordinates, momenta } = await simulate(henon, { ...options, x0: henonStart });
    expect([rows, times[0], times[1], times[40]]).toEqual([41, 0, expect.closeTo(0.5, 14), 20]);
    expect([...states.subarray(0, 4)]).toEqual(henonStart);
    expect(runs).toEqual([{ id: 0, start: 0, end: 41 }]);
    expect([coordinates, momenta]).toEqual([
      ["x", "y"],
      ["p_x", "p_y"],
    ]);
  });

  test.each(ways)("%s: times of one's own, the start before them", async (_, options) => {
    const own = await simulate(henon, { ...options, x0: henonStart, samples: [0.5, 1, 7.25] });
    expect([...own.times]).toEqual([0, 0.5, 1, 7.25]);
    const even = await simulate(henon, { ...options, x0: henonStart });
    for (const i of [0, 1, 2, 3]) expect(own.states[8 + i]).toBeCloseTo(even.states[8 + i]!, 7);
  });

  test("1001 of them where nothing is said, and of fixed steps each, thinned to a thousand", async () => {
    expect((await simulate(pendulum, { t: 5 })).rows).toBe(1001);
    expect((await simulate(pendulum, { t: 5, method: "dop853" })).rows).toBe(1001);
    const few = await simulate(pendulum, { t: 5, dt: 0.1 });
    expect([few.rows, few.report.steps, few.report.dt]).toEqual([51, 50, 0.1]);
    const many = await simulate(pendulum, { t: 5, dt: 0.001 });
    expect([many.rows, many.report.steps, many.report.dt]).toEqual([1001, 5000, 0.001]);
  });

  test.each(ways)("%s: no time at all is one row", async (_, options) => {
    const { times, states } = await simulate(henon, { ...options, t: [3, 3], x0: henonStart, samples: undefined });
    expect([[...times], [...states]]).toEqual([[3], henonStart]);
  });
});

describe("time", () => {
  test.each(ways)("%s: backwards to where it came from, to 1e-7 (the error of yoshida6)", async (_, options) => {
    const there = await simulate(driven.meta.timeDependent && options.dt === undefined ? driven : henon, {
      ...options,
      ...(options.dt === undefined ? { x0: [0.2, 0], t: [3, 13] } : { x0: henonStart, t: [3, 13] }),
      ...(options.method === "dop853" && { rtol: 1e-12 }),
    });
    const width = 2 * there.coordinates.length;
    const compiled = width === 2 ? driven : henon;
    const x0 = there.states.slice(-width);
    const back = await simulate(compiled, {
      ...options,
      ...(options.method === "dop853" && { rtol: 1e-12 }),
      t: [13, 3],
      x0,
    });
    expect([back.times[0], back.times.at(-1)]).toEqual([13, 3]);
    for (let i = 0; i < width; i++) expect(back.states.at(i - width)).toBeCloseTo(there.states[i]!, 7);
  });

  test("the start's time counts where H depends on it", async () => {
    const early = await simulate(driven, { t: 2, x0: [0.2, 0], samples: 2 });
    const late = await simulate(driven, { t: [1, 3], x0: [0.2, 0], samples: 2 });
    expect(Math.abs(early.states[2]! - late.states[2]!)).toBeGreaterThan(0.01);
    expect(early.energies![0]).toBeCloseTo(-Math.cos(0.2) - 1.5 * 0.2, 14);
    expect(late.energies![0]).toBeCloseTo(-Math.cos(0.2) - 1.5 * 0.2 * Math.cos(2 / 3), 14);
  });
});

describe("energies and derivatives", () => {
  test.each(ways)("%s: H and the field of each row to the bit, with portable kernels", async (_, options) => {
    const { dt, ...rest } = options;
    const compiled = dt === undefined ? driven : henon;
    const x0 = dt === undefined ? [0.2, 0] : henonStart;
    const data = await simulate(compiled, { ...rest, dt, x0, derivatives: true });
    const field = portableMotion(compiled.source, parameterVector(compiled.source)).field!;
    const width = x0.length;
    const rate = new Float64Array(width);
    for (let k = 0; k < data.rows; k++) {
      const x = data.states.slice(k * width, (k + 1) * width);
      field(x, rate, data.times[k]!);
      expect(data.derivatives!.slice(k * width, (k + 1) * width)).toEqual(rate);
      // The plain kernel uses Math.cos, which may differ in the last bit.
      expect(data.energies![k]).toBeCloseTo(compiled.hamiltonian([...x], {}, data.times[k]!), 13);
    }
  });

  test("are not there where they were not asked for", async () => {
    expect((await simulate(pendulum, { t: 1 })).derivatives).toBeUndefined();
  });

  test("obey parameters", async () => {
    const { energies, derivatives, states } = await simulate(pendulum, {
      t: 1,
      x0: [0, 1],
      params: { m: 5 },
      derivatives: true,
    });
    expect(energies![0]).toBeCloseTo(0.1 - 1, 15);
    expect(derivatives![0]).toBeCloseTo(0.2, 15);
    // A slow swing of angular frequency 1/√5.
    expect(states.at(-2)).toBeCloseTo(Math.sin(1 / Math.sqrt(5)) / Math.sqrt(5), 2);
  });
});

describe("a batch", () => {
  test.each(ways)("%s: each trajectory has the bits of its own run", async (_, options) => {
    const x0 = starts(henonStart, 5);
    const batch = await simulate(henon, { ...options, x0, derivatives: true });
    expect(batch.runs.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
    for (let b = 0; b < 5; b++) {
      const own = await simulate(henon, { ...options, x0: x0.slice(4 * b, 4 * b + 4), derivatives: true });
      expect(rowsOf(batch, b)).toEqual(rowsOf(own, 0));
    }
    expect(batch.report.trajectories).toBe(5);
  });

  test.each(ways)("%s: one and two workers give the same bits", async (_, options) => {
    const x0 = starts(henonStart, 21);
    const one = await simulate(henon, { ...options, x0, workers: 1 });
    const two = await simulate(henon, { ...options, x0, workers: 2 });
    expect(contentOf(two)).toEqual(contentOf(one));
  });

  test("taylor: events and parameters reach the threads", async () => {
    const options: SimulateOptions = {
      t: 30,
      samples: 7,
      x0: starts([1, 0.2], 9),
      params: { m: 3 },
      events: [
        { formula: "q = 0", direction: "up" },
        { formula: "p", kind: "maximum" },
      ],
    };
    const one = await simulate(pendulum, { ...options, workers: 1 });
    const two = await simulate(pendulum, { ...options, workers: 2 });
    expect(one.report.events.length).toBeGreaterThan(9);
    expect(new Set(one.report.events.map(({ run }) => run)).size).toBe(9);
    expect(contentOf(two)).toEqual(contentOf(one));
  });

  test("taylor: a long trajectory in a thread has all of its rows", async () => {
    // More samples than a stretch holds, more steps than a stretch takes.
    const events = [{ formula: "q", direction: "up" as const }];
    const options: SimulateOptions = { t: 2000, samples: 70_000, x0: starts([1, 0.2], 3), events };
    const one = await simulate(pendulum, { ...options, workers: 1 });
    const two = await simulate(pendulum, { ...options, workers: 2 });
    expect(two.rows).toBe(210_000);
    expect(two.report.events.length).toBeGreaterThan(300);
    expect(contentOf(two)).toEqual(contentOf(one));
  });

  test("of ensembles is what ensemble() computes, of taylor what taylor() does", async () => {
    const x0 = starts(henonStart, 3);
    const [, options] = ways[2]!;
    const batch = await simulate(henon, { ...options, x0 });
    const { method, dt, t, samples } = options as { method: "yoshida6"; dt: number; t: number; samples: number };
    const made = ensemble(henon.source, { method, dt, t, samples, workers: 1 });
    const result = await made.run(x0);
    made.close();
    for (const b of [0, 1, 2]) expect(rowsOf(batch, b).states).toEqual(trajectoryOf(result, b));
    const series = await simulate(henon, { t, samples, x0: henonStart });
    expect(series.states).toEqual(taylor(henon.source).run(henonStart, { t, samples }).states);
  });
});

describe("streaming", () => {
  async function streamed(options: SimulateOptions) {
    const plan = planSimulation(henon, options);
    const chunks: Dataset[] = [];
    let busy = false;
    const report = await plan.run(async (chunk) => {
      expect(busy, "one chunk at a time").toBe(false);
      busy = true;
      await new Promise((resolve) => setTimeout(resolve));
      busy = false;
      chunks.push(chunk);
    });
    const whole = concatenate(chunks as [Dataset, ...Dataset[]]);
    return { plan, report, rows: rowsOf(whole, 0), last: whole, chunks };
  }

  test.each(ways)("%s: with blocks of a few rows the bits are the same", async (_, options) => {
    const x0 = starts(henonStart, 7);
    const whole = await simulate(henon, { ...options, x0, derivatives: true });
    for (const blockBytes of [100, 2000, 10_000]) {
      const { report, last } = await streamed({ ...options, x0, derivatives: true, blockBytes });
      expect(contentOf({ ...last, report } as Simulation)).toEqual(contentOf(whole));
    }
  });

  test.each(ways)("%s: one trajectory larger than its share of memory comes in chunks", async (_, options) => {
    const large: SimulateOptions = { ...options, x0: henonStart, samples: 90_001 };
    const { chunks, last, report, plan } = await streamed({ ...large, blockBytes: 2 ** 20 });
    expect(chunks.length).toBeGreaterThan(1);
    expect(Math.max(...chunks.map(({ rows }) => rows))).toBeLessThan(80_000);
    expect(last.rows).toBe(90_001);
    expect(last.runs).toEqual([{ id: 0, start: 0, end: 90_001 }]);
    const whole = await simulate(henon, large);
    expect(contentOf({ ...last, report } as Simulation)).toEqual(contentOf(whole));
    expect(plan.header).toMatchObject({ times: true, energies: true, derivatives: false, runs: false });
  });

  test("an error of the taker ends the run", async () => {
    for (const [, options] of ways) {
      const plan = planSimulation(henon, { ...options, x0: henonStart });
      const run = plan.run(() => {
        throw new Error("no more room");
      });
      await expect(run).rejects.toThrow("no more room");
    }
  });

  test("a plan runs as often as it is asked to", async () => {
    for (const [, options] of ways) {
      const plan = planSimulation(henon, { ...options, x0: henonStart });
      const chunks: Dataset[] = [];
      const reports = [
        await plan.run((chunk) => void chunks.push(chunk)),
        await plan.run((chunk) => void chunks.push(chunk)),
      ];
      expect(chunks[1]).toEqual(chunks[0]);
      expect(reports[1]).toEqual(reports[0]);
    }
  });

  test("two runs of one model at the same time do not disturb each other", async () => {
    const [a, b] = [starts(henonStart, 1), starts(henonStart, 2).slice(4)];
    const options: SimulateOptions = { t: 3000, samples: 200_001 };
    const [first, second] = await Promise.all([
      simulate(henon, { ...options, x0: a }),
      simulate(henon, { ...options, x0: b }),
    ]);
    expect(first.states).toEqual((await simulate(henon, { ...options, x0: a })).states);
    expect(second.states).toEqual((await simulate(henon, { ...options, x0: b })).states);
  });
});

describe("signals and progress", () => {
  /** Much longer than the guard of the tests. */
  const endless: [string, SimulateOptions][] = [
    ["taylor", { t: 1e9, samples: 2 }],
    // The first one, at rest, takes no time and is followed here: the others are in threads when the signal comes.
    ["taylor on two threads", { t: 1e9, samples: 2, workers: 2, x0: [0, 0, 1, 0, 2, 0] }],
    ["dop853", { t: 1e9, samples: 2, method: "dop853" }],
    ["leapfrog", { t: 1e8, dt: 1e-3, samples: 2, method: "leapfrog" }],
    [
      "leapfrog on two threads",
      { t: 1e8, dt: 1e-3, samples: 2, method: "leapfrog", workers: 2, x0: starts([1, 0], 40) },
    ],
    ["gauss4", { t: 1e8, dt: 1e-2, samples: 2, method: "gauss4" }],
  ];

  test.each(endless)("%s: an abort rejects with its reason, within 2 s", async (_, options) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const run = simulate(pendulum, { ...options, signal: controller.signal });
    let aborted = 0;
    const timer = setTimeout(() => {
      aborted = performance.now();
      controller.abort(reason);
    }, 300);
    await expect(run).rejects.toBe(reason);
    clearTimeout(timer);
    expect(aborted).toBeGreaterThan(0);
    expect(performance.now() - aborted).toBeLessThan(2000);
  });

  test.each(ways)("%s: a signal that is aborted already ends it at once", async (_, options) => {
    const signal = AbortSignal.abort(new Error("never"));
    await expect(simulate(henon, { ...options, x0: henonStart, signal })).rejects.toThrow("never");
  });

  test.each<[string, SimulateOptions]>([
    ["taylor", { t: 2e4, samples: 2, x0: starts([1, 0], 8), workers: 1 }],
    ["taylor on two threads", { t: 2e4, samples: 2, x0: starts([1, 0], 8), workers: 2 }],
    ["dop853", { t: 4e5, samples: 101, method: "dop853" }],
    ["leapfrog", { t: 1e5, dt: 0.01, samples: 101, method: "leapfrog" }],
    [
      "leapfrog in groups",
      { t: 3e4, dt: 0.01, samples: 101, x0: starts([1, 0], 4), method: "leapfrog", blockBytes: 1 },
    ],
  ])("%s: progress rises from 0 to 1", async (_, options) => {
    const seen: number[] = [];
    await simulate(pendulum, { ...options, progress: (fraction) => seen.push(fraction) });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen[0]).toBeGreaterThanOrEqual(0);
    expect(seen.at(-1)).toBe(1);
  });
});
