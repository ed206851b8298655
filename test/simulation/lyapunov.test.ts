import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { HnncError } from "../../src/errors.ts";
import { GrowthRecord } from "../../src/simulation/growth.ts";
import { lyapunov } from "../../src/simulation/lyapunov.ts";
import { systems } from "../../src/systems/systems.ts";

const henonHeiles = compile(systems["henon-heiles"]);
/** On x = 0, in the chaotic sea, p_x for the energy. */
const chaoticStart = (energy: number) => [0, -0.25, Math.sqrt(2 * energy - 0.25 ** 2 - (2 * 0.25 ** 3) / 3), 0];

function recorded(growth: (s: number) => number, duration: number, steps = 20_000) {
  const record = new GrowthRecord(duration);
  for (let k = 1; k <= steps; k++) record.add((k * duration) / steps, growth((k * duration) / steps));
  return record.result();
}

describe("what is made of a growth", () => {
  test("exponential: the exponent, no error, ⟨Y⟩ = λT/2 (to the trapezoids)", () => {
    const { exponent, error, megno, history } = recorded((s) => 0.3 * s, 1000);
    expect(Math.abs(exponent - 0.3)).toBeLessThan(1e-13);
    expect(error).toBeLessThan(1e-13);
    expect(Math.abs(megno - 150)).toBeLessThan(0.05);
    expect(Math.abs(history.exponents.at(-1)! - 0.3)).toBeLessThan(1e-13);
    expect(history.times.at(-1)).toBe(1000);
  });

  test("linear: ⟨Y⟩ tends to 2, and 0 lies within about one error of the exponent", () => {
    const { exponent, error, megno } = recorded((s) => Math.log(1 + s), 1e4);
    expect(Math.abs(megno - 2)).toBeLessThan(0.02);
    expect(exponent).toBeLessThan(1.1 * error);
    expect(error).toBeLessThan(4e-4);
  });

  test("noise: the error is that of the mean", () => {
    // a walk of 2000 steps of ±1 at times 0.5 apart: the mean of its last 1800 is off by 2/√1800 a unit of time
    let state = 12345;
    const steps = Array.from({ length: 2000 }, () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state >= 2 ** 31 ? 1 : -1;
    });
    let sum = 0;
    const sums = steps.map((step) => {
      sum += step;
      return sum;
    });
    const { error } = recorded((s) => sums[Math.round(2 * s) - 1] ?? 0, 1000, 2000);
    expect(error).toBeGreaterThan(0.02);
    expect(error).toBeLessThan(0.2);
  });

  test("records are few however many steps there are, and dense in logarithm where it is early", () => {
    const { history } = recorded((s) => s, 1000, 200_000);
    expect(history.times.length).toBeLessThan(5200);
    expect([...history.times].filter((time) => time < 1).length).toBeGreaterThan(50);
  });
});

describe("exponents that are known", () => {
  test.each([
    ["p^2/2 - q^2/2", 1],
    ["p^2/2m - k q^2/2; m = 2; k = 18", 3],
    ["x*p_x + 0.25 y p_y", 1],
  ])("%s at its fixed point: %d, to 1e-14, for a run in which errors grow by e^2000", async (text, exact) => {
    const compiled = compile(text);
    const x0 = new Array<number>(compiled.meta.dimension).fill(0);
    const { exponent, error, verdict, lyapunovTime, megno } = await lyapunov(compiled, { x0, t: 2000 });
    expect(Math.abs(exponent - exact)).toBeLessThan(1e-14 * exact);
    expect(error).toBeLessThan(1e-13);
    expect(Math.abs(megno / (1000 * exact) - 1)).toBeLessThan(0.01);
    expect(verdict).toBe("chaotic");
    expect(lyapunovTime).toBeCloseTo(1 / exact, 12);
  });

  test("parameters of the call count: p²/2 − k q²/2 with k = 4", async () => {
    const { exponent } = await lyapunov(compile("p^2/2 - k q^2/2; k = 1"), { x0: [0, 0], t: 100, params: { k: 4 } });
    expect(Math.abs(exponent - 2)).toBeLessThan(1e-13);
  });

  test("a damped oscillator: −k/2, to 1e-3 (its phase), and no chaos", async () => {
    const damped = compile("p^2/2 + q^2/2; damping p = 0.2");
    const { exponent, verdict, lyapunovTime } = await lyapunov(damped, { x0: [1, 0], t: 1000 });
    expect(Math.abs(exponent + 0.1)).toBeLessThan(1e-3);
    expect(verdict).toBe("regular");
    expect(lyapunovTime).toBeUndefined();
  });

  test("driven: a Mathieu oscillator in its first tongue, against Floquet's multiplier by its own run", async () => {
    // q̈ = −(1 + 0.4 cos 2t) q: λ = ln |multiplier|/π
    const mathieu = compile("p^2/2 + (1 + 0.4 cos(2 t)) q^2/2");
    const { exponent } = await lyapunov(mathieu, { x0: [0, 0], t: 100 * Math.PI });
    const { states } = await import("../../src/codegen/taylor/taylor.ts").then(({ taylor }) => {
      const integrator = taylor(mathieu.source);
      const columns = [
        [1, 0],
        [0, 1],
      ].map((x0) => integrator.run(x0, { t: Math.PI, samples: [Math.PI] }).states.slice(-2));
      return { states: columns };
    });
    const trace = states[0]![0]! + states[1]![1]!;
    const multiplier = (Math.abs(trace) + Math.sqrt(trace ** 2 - 4)) / 2;
    // between whole periods δ oscillates: a part of one of the 90 that are measured
    expect(Math.abs(exponent - Math.log(multiplier) / Math.PI)).toBeLessThan(5e-3 * exponent);
    expect(multiplier).toBeGreaterThan(1.2);
  });
});

describe("regular motion", () => {
  test.each([
    ["pendulum", [1, 0], 2],
    ["kepler", [0.4, 0, 0, 2], 2],
    ["henon-heiles", [0, 0.55, 0.2417, 0], 2],
    ["toda", undefined, 2],
    ["harmonic-oscillator", [1, 0], 0],
  ] as const)("%s: L/t falls as ln(t)/t, ⟨Y⟩ → %d", async (name, start, megno) => {
    const { initialStates } = systems[name];
    const [usual] = Object.values(initialStates) as [{ readonly x0: readonly number[] }];
    const found = await lyapunov(compile(systems[name]), { x0: start ?? usual.x0, t: 5000 });
    expect(found.verdict).toBe("regular");
    expect(Math.abs(found.megno - megno)).toBeLessThan(0.2);
    expect(found.history.exponents.at(-1)!).toBeLessThan((2 * Math.log(5000)) / 5000);
    expect(found.exponent).toBeLessThan(1.5 * found.error + 1e-12);
  });
});

describe("chaos", () => {
  // Runs of 1e6 give 0.1251 ± 0.0023 at E = 1/6 and 0.0450 ± 0.0014 at E = 1/8; that it grows with the energy so was first
  // seen by Benettin, Galgani, Strelcyn 1976, doi:10.1103/PhysRevA.14.2338
  test("Hénon–Heiles at E = 1/6: 0.125 ± 0.01", async () => {
    const { exponent, error, verdict, megno } = await lyapunov(henonHeiles, { x0: chaoticStart(1 / 6), t: 1e5 });
    expect(Math.abs(exponent - 0.125)).toBeLessThan(0.01);
    expect(error).toBeLessThan(0.02);
    expect(verdict).toBe("chaotic");
    expect(Math.abs(megno / (0.5e5 * exponent) - 1)).toBeLessThan(0.1);
  });

  test("Hénon–Heiles at E = 1/8: 0.045 ± 0.01 over 2e5, less than at 1/6", async () => {
    const { exponent, verdict } = await lyapunov(henonHeiles, { x0: chaoticStart(1 / 8), t: 2e5 });
    expect(Math.abs(exponent - 0.045)).toBeLessThan(0.01);
    expect(verdict).toBe("chaotic");
  });

  test("the first displacement does not matter, to 1e-9; the seed gives the same bits again", async () => {
    const run = (seed: number) => lyapunov(henonHeiles, { x0: chaoticStart(1 / 6), t: 2000, seed });
    const [a, again, b] = [await run(0), await run(0), await run(1)];
    expect(again).toEqual(a);
    expect(b.history.exponents.at(-1)).not.toBe(a.history.exponents.at(-1));
    expect(Math.abs(b.exponent - a.exponent)).toBeLessThan(1e-9);
  });

  test("agrees with two neighbouring trajectories, to 1 % (they stay 1e-5 … 1e-3 apart)", async () => {
    const x0 = chaoticStart(1 / 6);
    const t = 60;
    const { history } = await lyapunov(henonHeiles, { x0, t, direction: [1, 0, 0, 0] });
    const { taylor } = await import("../../src/codegen/taylor/taylor.ts");
    const integrator = taylor(henonHeiles.source);
    const end = (by: number) => integrator.run([x0[0]! + by, ...x0.slice(1)], { t, samples: [t] }).states.slice(-4);
    const [above, below] = [end(1e-8), end(-1e-8)];
    const growth = Math.log(Math.hypot(...above.map((value, k) => value - below[k]!)) / 2e-8);
    expect(Math.abs(history.exponents.at(-1)! * t - growth)).toBeLessThan(0.01 * growth);
    expect(growth).toBeGreaterThan(3);
  });
});

describe("what is refused", () => {
  const codeOf = async (run: () => Promise<unknown>) => {
    const error = await run().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return error instanceof HnncError ? error.code : error;
  };

  test.each([
    [{ t: 0, x0: [1, 0] }, "bad-time"],
    [{ t: Number.POSITIVE_INFINITY, x0: [1, 0] }, "bad-time"],
    [{ t: 10, x0: [1, 0, 2, 0] }, "bad-start"],
    [{ t: 10 }, "bad-start"],
    [{ t: 10, x0: [1, 0], direction: [0, 0] }, "bad-direction"],
    [{ t: 10, x0: [1, 0], direction: [1] }, "bad-direction"],
  ])("case %#: %s", async (options, code) => {
    expect(await codeOf(() => lyapunov(compile("p^2/2 - cos(q)"), options))).toBe(code);
  });

  test("a motion that ends in a singularity has no exponent", async () => {
    const fall = compile("p^2/2 - 1/q");
    const error = await lyapunov(fall, { x0: [1, 0], t: 10 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HnncError);
    expect((error as HnncError).kind).toBe("diverged");
  });

  test("a signal ends it", async () => {
    const abort = new AbortController();
    const run = lyapunov(henonHeiles, { x0: chaoticStart(1 / 6), t: 1e7, signal: abort.signal });
    setTimeout(() => abort.abort(new Error("enough")), 50);
    await expect(run).rejects.toThrow("enough");
  });
});
