import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { stateAt } from "../../src/data/dataset.ts";
import { HnncError } from "../../src/errors.ts";
import { planSection, poincareSection } from "../../src/simulation/section.ts";
import { systems } from "../../src/systems/systems.ts";
import { completeElliptic } from "../codegen/taylor-known.ts";

const kepler = compile(systems.kepler);
const henonHeiles = compile(systems["henon-heiles"]);
const pendulum = compile("p^2/2 - cos(q)");

describe("Poincaré sections", () => {
  test("Hénon–Heiles: points lie on x = 0 with p_x > 0 and on the energy shell, to 1e-14", async () => {
    const x0 = [0, -0.25, 0.42, 0, 0.1, 0.2, 0.3, 0.1];
    const { runs, states, energies, times, report, provenance } = await poincareSection(henonHeiles, {
      formula: "x",
      x0,
      t: 2000,
    });
    expect(report.counts.length).toBe(2);
    expect(runs.map(({ start, end }) => end - start)).toEqual([...report.counts]);
    expect(Math.min(...report.counts)).toBeGreaterThan(250);
    expect([provenance.section, provenance.direction]).toEqual(["x", "up"]);
    for (const [k, { start, end }] of runs.entries()) {
      const energy = henonHeiles.hamiltonian(x0.slice(4 * k, 4 * k + 4));
      for (let row = start; row < end; row++) {
        expect(Math.abs(states[4 * row]!)).toBeLessThan(1e-14);
        expect(states[4 * row + 2]!).toBeGreaterThan(0);
        expect(Math.abs(energies![row]! - energy)).toBeLessThan(1e-14);
        if (row > start) expect(times[row]!).toBeGreaterThan(times[row - 1]!);
      }
    }
  });

  test("directions: up and down are both, in turn", async () => {
    const count = async (direction: "up" | "down" | "both") =>
      (await poincareSection(henonHeiles, { formula: "x", direction, x0: [0, -0.25, 0.42, 0], t: 500 })).rows;
    const [up, down, both] = [await count("up"), await count("down"), await count("both")];
    expect(up + down).toBe(both);
    expect(Math.abs(up - down)).toBeLessThanOrEqual(1);
  });

  test("the pendulum passes 0 upwards once a period, 4K(sin 1/2), to 1e-12 after 100 periods", async () => {
    const period = 4 * completeElliptic(Math.sin(0.5));
    const { times, states } = await poincareSection(pendulum, { formula: "q", x0: [1, 0], t: 100.5 * period });
    expect(times.length).toBe(100);
    times.forEach((time, k) => {
      expect(Math.abs(time - (k + 0.75) * period)).toBeLessThan(1e-12 * (1 + k / 10));
      expect(Math.abs(states[2 * k + 1]! - 2 * Math.sin(0.5))).toBeLessThan(1e-14);
    });
  });

  test("a circular orbit passes y = 0 upwards floor(t/2π) times", async () => {
    const { report } = await poincareSection(kepler, { formula: "y", x0: [1, 0, 0, 1], t: 100 });
    expect(report.counts).toEqual([Math.floor(100 / (2 * Math.PI))]);
  });

  test("an equation is the difference of its sides; parameters of the call count", async () => {
    const oscillator = compile("p^2/2m + q^2/2; m = 1");
    const { times } = await poincareSection(oscillator, { formula: "q = 1/2", x0: [1, 0], t: 20, params: { m: 4 } });
    // q = cos(t/2) passes 1/2 upwards at t = 2(2π − π/3) + 4πk
    expect(times.length).toBe(1);
    expect(Math.abs(times[0]! - (10 * Math.PI) / 3)).toBeLessThan(1e-14 * 20);
  });

  test("a stroboscope: a formula of t alone", async () => {
    const driven = compile("p^2/2 - cos(q) - 0.3 q cos(2 t)");
    const { times } = await poincareSection(driven, { formula: "sin(t)", x0: [0.2, 0], t: 63 });
    expect(times.length).toBe(10);
    times.forEach((time, k) => {
      expect(Math.abs(time - 2 * Math.PI * (k + 1))).toBeLessThan(2e-14 * (k + 1));
    });
  });
});

describe("extrema", () => {
  test("Kepler's pericentres: every 2π, at a(1 − e) to 1e-14", async () => {
    const { times, states } = await poincareSection(kepler, {
      formula: "hypot(x, y)",
      kind: "minimum",
      x0: [1.6, 0, 0, 0.5],
      t: 200,
    });
    expect(times.length).toBe(32);
    times.forEach((time, k) => {
      expect(Math.abs(time - (2 * k + 1) * Math.PI), `passage ${k}`).toBeLessThan(1e-13 * (k + 2) ** 2);
      expect(Math.abs(Math.hypot(states[4 * k]!, states[4 * k + 1]!) - 0.4)).toBeLessThan(1e-14);
    });
  });

  test("apocentres are maxima, and the start, an apocentre, is none", async () => {
    const { times } = await poincareSection(kepler, {
      formula: "hypot(x, y)",
      kind: "maximum",
      x0: [1.6, 0, 0, 0.5],
      t: 20,
    });
    expect([...times].map((time) => Math.round(time / (2 * Math.PI)))).toEqual([1, 2, 3]);
  });
});

describe("runs", () => {
  test("end after so many points", async () => {
    const { report, rows } = await poincareSection(henonHeiles, {
      formula: "x",
      x0: [0, -0.25, 0.42, 0, 0, 0.1, 0.45, 0.1],
      t: 1e9,
      crossings: 7,
    });
    expect([report.counts, rows]).toEqual([[7, 7], 14]);
  });

  test("without points give no rows, and keep their numbers among others", async () => {
    const none = await poincareSection(kepler, { formula: "x - 7", x0: [1, 0, 0, 1], t: 50 });
    expect([none.rows, none.runs, none.report.counts]).toEqual([0, [], [0]]);
    const some = await poincareSection(kepler, { formula: "x = 1.3", x0: [1, 0, 0, 1, 1.6, 0, 0, 0.5], t: 50 });
    expect(some.report.counts[0]).toBe(0);
    expect(some.runs).toEqual([{ id: 1, start: 0, end: some.report.counts[1] }]);
  });

  test("that end in a singularity keep their points until then", async () => {
    const escaping = await poincareSection(henonHeiles, {
      formula: "x",
      direction: "both",
      x0: [0.1, 0.2, 0.6, 0.5, 0.1, 0.2, 0.1, 0.1],
      t: 100,
    });
    expect(escaping.report.diverged.map(({ trajectory }) => trajectory)).toEqual([0]);
    expect(escaping.report.counts[1]).toBeGreaterThan(20);
    expect(escaping.runs.at(-1)!.id).toBe(1);
  });

  test("give the same rows whether they are followed together or alone", async () => {
    const x0 = [0, -0.25, 0.42, 0, 0, 0.1, 0.45, 0.1];
    const both = await poincareSection(henonHeiles, { formula: "x", x0, t: 300 });
    const second = await poincareSection(henonHeiles, { formula: "x", x0: x0.slice(4), t: 300 });
    expect(stateAt(both, both.runs[1]!.start)).toEqual(stateAt(second, 0));
    expect(both.rows).toBe(both.report.counts[0]! + second.rows);
  });

  test("a signal ends them", async () => {
    const abort = new AbortController();
    const run = poincareSection(henonHeiles, {
      formula: "x",
      x0: [0, -0.25, 0.42, 0],
      t: 1e7,
      signal: abort.signal,
    });
    setTimeout(() => abort.abort(new Error("enough")), 50);
    await expect(run).rejects.toThrow("enough");
  });

  test.each([
    [{ formula: "z", t: 10 }, "unknown-symbol"],
    [{ formula: "x", t: 10, crossings: 0 }, "bad-crossings"],
    [{ formula: "x", t: 10, x0: [1, 2, 3] }, "bad-start"],
    [{ formula: "x", t: 10, kind: "minimum", direction: "up" }, "event-direction"],
  ] as const)("are refused, case %#: %s", (options, code) => {
    let found: unknown;
    try {
      planSection(henonHeiles, options);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(HnncError);
    expect((found as HnncError).code).toBe(code);
  });
});
