import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadKernel } from "../../src/codegen/load.ts";
import { sourceOf } from "../../src/codegen/source.ts";
import { signChanges } from "../../src/codegen/taylor/roots.ts";
import { type TaylorOptions, taylor } from "../../src/codegen/taylor/taylor.ts";
import { add, constant, mul, sin, sub, symbol } from "../../src/expr/build.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { completeElliptic } from "./taylor-known.ts";

const [q, p, t] = [symbol("q"), symbol("p"), symbol("t")];
const pendulum = sourceOf(parseModel("p^2/2 - cos(q)"));
const quarter = completeElliptic(Math.sin(0.5));

/** The polynomial with the given roots. */
function product(roots: readonly number[]): Float64Array {
  let a = [1];
  for (const root of roots) a = [...a, 0].map((_, k) => (a[k - 1] ?? 0) - root * (a[k] ?? 0));
  return Float64Array.from(a);
}

describe("sign changes of polynomials", () => {
  test("all simple roots in (0, 1] are found, to 1e-6 (they may be close together)", () => {
    const place = fc.integer({ min: -30, max: 60 }).map((n) => n / 40 + 1 / 80);
    fc.assert(
      fc.property(fc.uniqueArray(place, { minLength: 1, maxLength: 6 }), (roots) => {
        const inside = roots.filter((root) => root > 0 && root <= 1).sort((a, b) => a - b);
        const found = signChanges(product(roots), 1);
        expect(found.length).toBe(inside.length);
        found.forEach((root, k) => {
          expect(Math.abs(root - inside[k]!)).toBeLessThan(1e-6);
        });
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("a double root is none; a root at 1 or 1/2 is one; a root at 0 counts by the sign before", () => {
    expect(signChanges(product([0.5, 0.5]), 1)).toEqual([]);
    expect(signChanges(product([0.5]), 1)).toEqual([0.5]);
    expect(signChanges(product([0.5, 0.25]), 1)).toEqual([0.25, expect.closeTo(0.5, 15)]);
    expect(signChanges(Float64Array.of(0, 1), 1).length).toBe(0);
    expect(signChanges(Float64Array.of(0, -1), 1)).toEqual([expect.closeTo(0, 15)]);
  });
});

for (const engine of ["wasm", "js"] as const) {
  const run = (options: TaylorOptions, end = 100) =>
    taylor(pendulum, { ...options, engine }).run([1, 0], { t: end, samples: 2 });

  describe(`events, ${engine}`, () => {
    test("the pendulum passes through 0 at odd quarters of its period, to 1e-13 (one rounding of the phase a swing)", () => {
      const { events } = run({ events: [{ value: q }] });
      expect(events.length).toBe(Math.floor((100 / quarter + 1) / 2));
      events.forEach(({ t: time, state, direction }, k) => {
        expect(Math.abs(time - (2 * k + 1) * quarter), `crossing ${k}`).toBeLessThan(1e-13 * (k + 2));
        expect(Math.abs(state[0]!)).toBeLessThan(1e-14);
        expect(direction).toBe(k % 2 === 0 ? "down" : "up");
      });
    });

    test("a direction picks every other one", () => {
      const { events } = run({ events: [{ value: q, direction: "up" }] });
      expect(events.map(({ direction }) => direction)).toEqual(events.map(() => "up"));
      expect(Math.abs(events[0]!.t - 3 * quarter)).toBeLessThan(1e-12);
    });

    test("a terminal event ends the run, its state the last sample", () => {
      const { endedBy, times, states } = run({ events: [{ value: p, direction: "down", terminal: true }] });
      expect(endedBy!.event).toBe(0);
      expect(times.at(-1)).toBe(endedBy!.t);
      expect(Math.abs(endedBy!.t - 4 * quarter)).toBeLessThan(1e-12);
      expect(Math.abs(states.at(-2)! - 1)).toBeLessThan(1e-14);
    });

    test("several events come in the order of time, one of time alone among them", () => {
      const { events } = run({ events: [{ value: q }, { value: sub(t, constant(5)) }, { value: p }] }, 10);
      expect(events.every(({ t: time }, k) => k === 0 || time >= events[k - 1]!.t)).toBe(true);
      const [five] = events.filter(({ event }) => event === 1);
      expect(Math.abs(five!.t - 5)).toBeLessThan(1e-15);
      expect(events.filter(({ event }) => event === 0).length).toBe(3);
    });

    test("two crossings within one step are two", () => {
      // just below the greatest swing: the angle is beyond it twice within a thousandth of the period
      const value = sub(q, constant(1 - 1e-5));
      const { events } = run({ events: [{ value }] }, 4.5 * quarter);
      expect(events.map(({ direction }) => direction)).toEqual(["down", "up", "down"]);
      const [, up, down] = events.map(({ t: time }) => time);
      expect(Math.abs((up! + down!) / 2 - 4 * quarter)).toBeLessThan(1e-10);
    });

    test("an event at the start is none", () => {
      const { events } = run({ events: [{ value: p }] }, 3 * quarter);
      expect(events.length).toBe(1);
    });
  });

  describe(`branches, ${engine}`, () => {
    test("H = p²/2 + |q|: parabolas joined at q = 0, period 4√(2E), to 3e-12 (a rounding a crossing, its phase growing as t²)", () => {
      const source = sourceOf(parseModel("p^2/2 + abs(q)"));
      const end = 40 * Math.SQRT2;
      const { states, times } = taylor(source, { engine }).run([1, 0], { t: end, samples: 41 });
      times.forEach((time, k) => {
        const phase = time % (4 * Math.SQRT2);
        const s = phase < 2 * Math.SQRT2 ? phase : 4 * Math.SQRT2 - phase;
        const expected = s < Math.SQRT2 ? 1 - s ** 2 / 2 : -1 + (2 * Math.SQRT2 - s) ** 2 / 2;
        expect(Math.abs(states[2 * k]! - expected), `t = ${time}`).toBeLessThan(3e-12);
      });
    });

    test("max, min and select keep the energy over branches, to 1e-13 (likewise)", () => {
      for (const text of [
        "p^2/2 + max(q, 0)^2 + min(q, 0)^2/8",
        "p^2/2 + if(q < 0.25, q^2, q/2 - 1/16)",
        "q: [3], p: [3]\nH = sum(p[i]^2/2 + q[i]^2/2 + abs(q[i])^3, i = 1..3) + sum(abs(q[i] - q[j]), i < j)",
      ]) {
        const source = sourceOf(parseModel(text));
        const x0 = Array.from({ length: source.equations.layout.dimension }, (_, i) => Math.cos(2 * i + 1));
        const integrator = taylor(source, { engine });
        const { states } = integrator.run(x0, { t: 20, samples: 21 });
        const energies = Array.from({ length: 21 }, (_, k) => energyOf(source, states, k));
        for (const energy of energies) expect(Math.abs(energy / energies[0]! - 1), text).toBeLessThan(1e-13);
      }
    });
  });
}

function energyOf(source: ReturnType<typeof sourceOf>, states: Float64Array, k: number): number {
  const { dimension } = source.equations.layout;
  return loadKernel(source, "hamiltonian")(states.subarray(k * dimension, (k + 1) * dimension));
}

test("an event is a formula of everything: its value there is 0 to 1e-14", () => {
  const value = add(mul(q, sin(t)), sub(p, constant(0.25)));
  const { events } = taylor(pendulum, { events: [{ value }] }).run([1, 0], { t: 30, samples: 2 });
  expect(events.length).toBeGreaterThan(5);
  for (const { t: time, state } of events) {
    expect(Math.abs(state[0]! * Math.sin(time) + state[1]! - 0.25)).toBeLessThan(1e-14);
  }
});
