import { describe, expect, test } from "vitest";
import { type Compiled, compile } from "../../src/compile.ts";
import { simulate } from "../../src/simulate.ts";
import type { SimulateOptions } from "../../src/simulation/options.ts";
import { systems } from "../../src/systems/systems.ts";
import { completeElliptic, jacobi } from "../codegen/taylor-known.ts";

/** Round-off, a symplectic method and an adaptive one, with the errors that are allowed relative to a bound of each test. */
const taylor: SimulateOptions = { t: 0, method: "taylor" };
const dop853: SimulateOptions = { t: 0, method: "dop853", rtol: 1e-13, atol: 1e-14 };
const kahanLi = (dt: number): SimulateOptions => ({ t: 0, method: "kahan-li8", dt });
const gauss = (dt: number): SimulateOptions => ({ t: 0, method: "gauss6", dt });

/** The largest difference from a known motion over all rows. */
async function worst(
  compiled: Compiled,
  how: SimulateOptions,
  t: number | readonly [number, number],
  known: (t: number) => readonly number[],
): Promise<number> {
  const x0 = known(typeof t === "number" ? 0 : t[0]);
  const { times, states } = await simulate(compiled, { ...how, t, x0, samples: 201 });
  let most = 0;
  times.forEach((time, k) => {
    for (const [i, value] of known(time).entries()) {
      most = Math.max(most, Math.abs(states[k * x0.length + i]! - value));
    }
  });
  return most;
}

describe("Kepler's equation: m = 0.7, k = 1.9, e = 0.6, ten orbits", () => {
  const [m, k, e] = [0.7, 1.9, 0.6];
  const kepler = compile(systems.kepler, { parameters: { m, k } });
  const rate = Math.sqrt(k / m);
  const known = (t: number): number[] => {
    const mean = rate * t;
    let E = mean;
    for (let round = 0; round < 60; round++) E -= (E - e * Math.sin(E) - mean) / (1 - e * Math.cos(E));
    const [minor, r] = [Math.sqrt(1 - e * e), 1 - e * Math.cos(E)];
    const speed = (m * rate) / r;
    return [Math.cos(E) - e, minor * Math.sin(E), -speed * Math.sin(E), speed * minor * Math.cos(E)];
  };
  const t = (20 * Math.PI) / rate;
  test("taylor to 1e-12 (phase error of rounding, growing as t²)", async () => {
    expect(await worst(kepler, taylor, t, known)).toBeLessThan(1e-12);
  });
  test("kahan-li8 with 1500 steps an orbit to 3e-12", async () => {
    expect(await worst(kepler, kahanLi(t / 15_000), t, known)).toBeLessThan(3e-12);
  });
  test("dop853 to 1e-9 at rtol 1e-13", async () => {
    expect(await worst(kepler, dop853, t, known)).toBeLessThan(1e-9);
  });
});

describe("the pendulum, m = 0.3, l = 0.5, by elliptic functions: twenty swings of 2 rad", () => {
  const pendulum = compile("p^2/(2 m l^2) - m g l cos(q); m = 0.3; l = 0.5; g = 9.81");
  const rate = Math.sqrt(9.81 / 0.5);
  const k = Math.sin(1);
  const quarter = completeElliptic(k);
  // sin(q/2) = k sn(K − ωt), released at rest.
  const known = (t: number): number[] => {
    const { sn, cn } = jacobi(quarter - rate * t, k);
    return [2 * Math.asin(k * sn), -2 * k * cn * rate * 0.3 * 0.25];
  };
  const t = (20 * 4 * quarter) / rate;
  test("taylor to 5e-13 (phase error of rounding)", async () => {
    expect(await worst(pendulum, taylor, t, known)).toBeLessThan(5e-13);
  });
  test("kahan-li8 to 1e-12", async () => {
    expect(await worst(pendulum, kahanLi(0.004), t, known)).toBeLessThan(1e-12);
  });
  test("dop853 to 3e-10", async () => {
    expect(await worst(pendulum, dop853, t, known)).toBeLessThan(3e-10);
  });

  test("turning over: q grows by 2π in each period 4 K(2ω/v)/v", async () => {
    // sin(q/2) = sn(v t/2, 2ω/v) for q(0) = 0, p(0) = m l² v.
    const speed = 3 * rate;
    const kappa = (2 * rate) / speed;
    const period = (4 * completeElliptic(kappa)) / speed;
    const { states } = await simulate(pendulum, { t: 10 * period, x0: [0, 0.3 * 0.25 * speed], samples: 2 });
    expect(states[2]).toBeCloseTo(20 * Math.PI, 11);
    expect(states[3]).toBeCloseTo(0.3 * 0.25 * speed, 12);
  });
});

describe("oscillators in closed form", () => {
  const [m, c] = [1.7, 0.9];
  const rate = Math.sqrt(c / m);
  const free = compile(`p^2/(2 m) + c q^2/2; m = ${m}; c = ${c}`);
  const known = (t: number) => [
    1.3 * Math.cos(rate * t) + (0.4 / (m * rate)) * Math.sin(rate * t),
    0.4 * Math.cos(rate * t) - 1.3 * m * rate * Math.sin(rate * t),
  ];
  test.each([
    ["taylor", taylor, 1e-13],
    ["kahan-li8", kahanLi(0.05), 2e-13],
    ["gauss6", gauss(0.02), 1e-13],
    ["dop853", dop853, 1e-11],
  ])("harmonic: %s to %s…", async (_, how, bound) => {
    expect(await worst(free, how, 100, known)).toBeLessThan(bound);
  });

  test.each([
    ["taylor", taylor, 1e-14],
    ["rk4", { t: 0, method: "rk4" as const, dt: 0.002 }, 2e-12],
    ["dop853", dop853, 1e-12],
  ])("damped, ṗ = −c q − b p/m, forwards and backwards: %s", async (_, how, bound) => {
    const b = 0.31;
    const damped = compile(`p^2/(2 m) + c q^2/2; m = ${m}; c = ${c}; damping p = ${b}`);
    // q = e^(−βt) (A cos + B sin), β = b/2m.
    const beta = b / (2 * m);
    const frequency = Math.sqrt(c / m - beta * beta);
    const motion = (t: number) => {
      const [cos, sin, shrink] = [Math.cos(frequency * t), Math.sin(frequency * t), Math.exp(-beta * t)];
      const q = shrink * (cos + 0.5 * sin);
      return [q, m * (-beta * q + shrink * frequency * (0.5 * cos - sin))];
    };
    expect(await worst(damped, how, 40, motion)).toBeLessThan(bound);
    expect(await worst(damped, how, [10, 0], motion)).toBeLessThan(5 * bound);
  });

  test.each([
    ["taylor", taylor, 1e-13],
    ["kahan-li8", kahanLi(0.02), 1e-13],
    ["dop853", dop853, 1e-12],
  ])("driven at 1.3, from t = 5 on: %s", async (_, how, bound) => {
    const driven = compile(`p^2/(2 m) + c q^2/2 - F q cos(w t); m = ${m}; c = ${c}; F = 0.4; w = 1.3`);
    const forced = 0.4 / (c - m * 1.3 ** 2);
    const motion = (t: number) => [
      forced * (Math.cos(1.3 * t) - Math.cos(rate * t)),
      m * forced * (rate * Math.sin(rate * t) - 1.3 * Math.sin(1.3 * t)),
    ];
    expect(await worst(driven, how, [5, 65], motion)).toBeLessThan(bound);
  });

  test("a mass that grows as e^(γt), Caldirola and Kanai's: q decays as with damping", async () => {
    const [gamma, omega] = [0.2, 1.1];
    const growing = compile(`exp(-g t) p^2/(2 m) + exp(g t) m w^2 q^2/2; m = ${m}; g = ${gamma}; w = ${omega}`);
    const frequency = Math.sqrt(omega ** 2 - gamma ** 2 / 4);
    const motion = (t: number) => {
      const shrink = Math.exp((-gamma * t) / 2);
      const [cos, sin] = [Math.cos(frequency * t), Math.sin(frequency * t)];
      const velocity = shrink * (-frequency * sin - (gamma / 2) * cos);
      return [shrink * cos, m * Math.exp(gamma * t) * velocity];
    };
    // Momenta grow to 7.
    expect(await worst(growing, taylor, 20, motion)).toBeLessThan(2e-13);
    expect(await worst(growing, gauss(0.01), 20, motion)).toBeLessThan(1e-8);
    expect(await worst(growing, dop853, 20, motion)).toBeLessThan(1e-10);
  });
});

describe("a charge in a crossed field, H = ((p_x + B y)² + p_y²)/2m − E y: not separable", () => {
  const [m, B, E] = [0.6, 1.4, 0.35];
  const crossed = compile(
    `((p_x + B y)^2 + p_y^2)/(2 m) - E y; m = ${m}; B = ${B}; E = ${E}; pairs (x, p_x), (y, p_y)`,
  );
  const rate = B / m;
  // The velocity turns about the drift (E/B, 0): v = (d + a cos ωt, −a sin ωt), p_x = m v_x − B y is conserved.
  const drift = E / B;
  const a = 0.8;
  const known = (t: number) => {
    const x = drift * t + (a / rate) * Math.sin(rate * t);
    const y = (a / rate) * (Math.cos(rate * t) - 1);
    return [x, y, m * (drift + a), -m * a * Math.sin(rate * t)];
  };
  test.each([
    ["taylor", taylor, 1e-13],
    ["gauss6", gauss(0.01), 1e-12],
    ["tao4", { t: 0, method: "tao4" as const, dt: 0.002 }, 1e-7],
    ["dop853", dop853, 5e-12],
  ])("%s", async (_, how, bound) => {
    expect(await worst(crossed, how, 30, known)).toBeLessThan(bound);
  });
});

describe("orbits that return, invariants that stay", () => {
  const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

  test("the figure eight returns after its period, to 1e-7 (that of the published digits), twice the mass at √½ the pace", async () => {
    const eight = systems["figure-eight"];
    const { x0, period } = eight.initialStates.default!;
    const { states } = await simulate(compile(eight), { t: period!, samples: 2, x0 });
    const miss = Math.max(...x0.map((value, i) => Math.abs(states[x0.length + i]! - value)));
    expect(miss).toBeLessThan(1e-7);
    const heavy = compile("sum(p[i]^2, i = 1..3)/4 - 4 sum(1/|q[i] - q[j]|, i < j); q: [3, 2], p: [3, 2]");
    // Masses 2: q̈ = 2 × that of unit masses; velocities grow by √2, momenta by 2√2.
    const fast = x0.map((value, i) => (i < 6 ? value : value * 2 * Math.SQRT2));
    const again = await simulate(heavy, { t: period! / Math.SQRT2, samples: 2, x0: fast });
    for (const [i, value] of fast.entries()) expect(Math.abs(again.states[12 + i]! - value)).toBeLessThan(3e-7);
  });

  test.each([
    ["taylor", taylor, 1e-13],
    ["kahan-li8", kahanLi(0.02), 1e-12],
    ["dop853", dop853, 1e-11],
  ])("Toda's ring keeps H, P and I₃: %s", async (_, how, bound) => {
    const toda = compile(systems.toda);
    const { x0 } = systems.toda.initialStates.default!;
    const run = await simulate(toda, { ...how, t: 200, x0, samples: 401 });
    const p = (k: number, i: number) => run.states[12 * k + 6 + (i % 6)]!;
    const b = (k: number, i: number) => Math.exp(run.states[12 * k + i]! - run.states[12 * k + ((i + 1) % 6)]!);
    const sites = [0, 1, 2, 3, 4, 5];
    const sum = (f: (i: number) => number) => sites.reduce((total, i) => total + f(i), 0);
    const rows = Array.from({ length: run.rows }, (_, k) => k);
    expect(spread([...run.energies!])).toBeLessThan(bound);
    expect(spread(rows.map((k) => sum((i) => p(k, i))))).toBeLessThan(bound);
    expect(spread(rows.map((k) => sum((i) => p(k, i) ** 3 / 3 + (p(k, i) + p(k, i + 1)) * b(k, i))))).toBeLessThan(
      10 * bound,
    );
    // Flaschka's matrix: its characteristic polynomial is conserved, and so is the trace of its fourth power.
    const fourth = rows.map((k) =>
      traceOfFourth(
        sites.map((i) => -p(k, i) / 2),
        sites.map((i) => Math.sqrt(b(k, i)) / 2),
      ),
    );
    expect(spread(fourth)).toBeLessThan(10 * bound);
  });

  /** Tr L⁴ of the periodic Jacobi matrix with diagonal a and couplings b. */
  function traceOfFourth(a: readonly number[], b: readonly number[]): number {
    const n = a.length;
    const matrix = a.map((value, i) =>
      a.map((_, j) => {
        if (i === j) return value;
        if (j === (i + 1) % n) return b[i]!;
        return i === (j + 1) % n ? b[j]! : 0;
      }),
    );
    const product = matrix.map((row) =>
      matrix[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * matrix[k]![j]!, 0)),
    );
    return product.flat().reduce((sum, x) => sum + x * x, 0);
  }

  test("the spherical pendulum keeps H, and p_φ to the bit", async () => {
    const spherical = compile(systems["spherical-pendulum"]);
    for (const how of [taylor, gauss(0.01), dop853]) {
      const run = await simulate(spherical, { ...how, t: 50, samples: 101 });
      const momenta = new Set(Array.from({ length: run.rows }, (_, k) => run.states[4 * k + 3]!));
      expect(momenta).toEqual(new Set([1.2]));
      expect(spread([...run.energies!])).toBeLessThan(how === taylor ? 1e-12 : 1e-8);
    }
  });

  test.each([
    ["taylor", taylor, 5e-14],
    ["yoshida8", { t: 0, method: "yoshida8" as const, dt: 0.005 }, 3e-12],
    ["dop853", dop853, 3e-11],
  ])("Kepler keeps L and the Laplace–Runge–Lenz vector: %s", async (_, how, bound) => {
    const m = 1.6;
    const kepler = compile(systems.kepler, { parameters: { m, k: 1.2 } });
    const run = await simulate(kepler, { ...how, t: 100, samples: 301 });
    const found = Array.from({ length: run.rows }, (_, k) => {
      const [x, y, px, py] = run.states.subarray(4 * k, 4 * k + 4) as unknown as [number, number, number, number];
      const [L, r] = [x * py - y * px, Math.hypot(x, y)];
      return [run.energies![k]!, L, py * L - (m * 1.2 * x) / r, -px * L - (m * 1.2 * y) / r];
    });
    expect(spread(found.map(([, L]) => L!))).toBeLessThan(bound);
    expect(spread(found.map(([H]) => H!))).toBeLessThan(bound);
    // The vector turns where the orbit's phase errs.
    for (const i of [2, 3]) expect(spread(found.map((row) => row[i]!))).toBeLessThan(10 * bound);
  });
});
