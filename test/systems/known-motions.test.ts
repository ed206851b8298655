import { describe, expect, it } from "vitest";
import type { SystemName } from "../../src/systems/systems.ts";
import { findSystem, systems } from "../../src/systems/systems.ts";
import { type PhaseSpace, phaseSpace } from "./phase-space.ts";

/** Right-hand sides written by hand from the literature's equations of motion, not from H. */

/** Round-off of a different order of operations. */
const digits = 11;

function close(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [at, value] of expected.entries()) expect(actual[at]!).toBeCloseTo(value, digits);
}

function fieldOf(name: SystemName, x: readonly number[], t = 0): number[] {
  return phaseSpace(findSystem(name)).hamiltonianField(x, t);
}

describe("equations of motion", () => {
  it("of the paper's pendulum and spring", () => {
    close(fieldOf("pendulum", [0.7, 0.4]), [2 * 0.4, -3 * Math.sin(0.7)]);
    close(fieldOf("spring", [0.7, 0.4]), [0.8, -1.4]);
  });

  it("of the double pendulum are Newton's, in angles and angular velocities", () => {
    const [m1, m2, l1, l2, g] = [1, 0.7, 1, 0.8, 9.81];
    const [a, b, u, v] = [0.9, -1.7, 1.3, -0.8];
    const d = a - b;
    // The textbook accelerations (two point masses on massless rods).
    const share = 2 * m1 + m2 - m2 * Math.cos(2 * d);
    const du =
      (-g * (2 * m1 + m2) * Math.sin(a) -
        m2 * g * Math.sin(a - 2 * b) -
        2 * Math.sin(d) * m2 * (v ** 2 * l2 + u ** 2 * l1 * Math.cos(d))) /
      (l1 * share);
    const dv =
      (2 * Math.sin(d) * (u ** 2 * l1 * (m1 + m2) + g * (m1 + m2) * Math.cos(a) + v ** 2 * l2 * m2 * Math.cos(d))) /
      (l2 * share);
    const coupling = m2 * l1 * l2;
    const momenta = [
      (m1 + m2) * l1 ** 2 * u + coupling * v * Math.cos(d),
      m2 * l2 ** 2 * v + coupling * u * Math.cos(d),
    ];
    const turning = Math.sin(d) * (u - v);
    close(fieldOf("double-pendulum", [a, b, ...momenta]), [
      u,
      v,
      (m1 + m2) * l1 ** 2 * du + coupling * (dv * Math.cos(d) - v * turning),
      m2 * l2 ** 2 * dv + coupling * (du * Math.cos(d) - u * turning),
    ]);
  });

  it("of point vortices are those of Helmholtz: each is carried at Γ/(2π r) about every other", () => {
    const c = [1, 1.5, -0.7, 0.8];
    const [x, y] = [
      [1, -0.5, 0.2, -1.1],
      [0.3, 0.8, -0.9, -0.75],
    ] as const;
    const velocity = c.map((_, i) => {
      let [u, v] = [0, 0];
      for (const [j, circulation] of c.entries()) {
        if (j === i) continue;
        const [dx, dy] = [x[i]! - x[j]!, y[i]! - y[j]!];
        const rate = circulation / (2 * Math.PI * (dx ** 2 + dy ** 2));
        u -= rate * dy;
        v += rate * dx;
      }
      return [u, v] as const;
    });
    close(fieldOf("point-vortices", [...x, ...y.map((value, i) => c[i]! * value)]), [
      ...velocity.map(([u]) => u),
      ...velocity.map(([, v], i) => c[i]! * v),
    ]);
  });

  it("of the discrete nonlinear Schrödinger lattice are i ψ' = −c (ψ₊ + ψ₋) − γ |ψ|² ψ", () => {
    const [c, gamma, N] = [0.8, 1.5, 6];
    const q = [1, 0.4, 0.3, -0.7, -0.2, 0.3];
    const p = [0.2, 0.5, 0.2, -0.1, 0.6, -0.4];
    const right = (psi: number[], i: number) =>
      -c * (psi[(i + 1) % N]! + psi[(i + N - 1) % N]!) - ((gamma * (q[i]! ** 2 + p[i]! ** 2)) / 2) * psi[i]!;
    // i (q' + i p') = R(q) + i R(p): q' = R(p), p' = −R(q).
    close(fieldOf("dnls", [...q, ...p]), [...q.map((_, i) => right(p, i)), ...q.map((_, i) => -right(q, i))]);
  });

  it("of the Toda ring are exp(q₋ − q) − exp(q − q₊)", () => {
    const q = [0.3, -0.2, 0.5, 0, -0.4, 0.1];
    const p = [0.5, 0, -0.5, 0.2, 0.1, -0.3];
    const force = q.map((own, i) => Math.exp(q.at(i - 1)! - own) - Math.exp(own - q[(i + 1) % 6]!));
    close(fieldOf("toda", [...q, ...p]), [...p, ...force]);
  });

  it("of the FPUT chains are those of the report, with fixed ends", () => {
    const q = Array.from({ length: 32 }, (_, i) => Math.sin(1.3 * i) * 0.4);
    const p = q.map((value) => value ** 2);
    const at = (i: number) => (i < 0 || i > 31 ? 0 : q[i]!);
    const chain = (pull: (r: number) => number) => q.map((_, i) => pull(at(i + 1) - at(i)) - pull(at(i) - at(i - 1)));
    close(fieldOf("fput-alpha", [...q, ...p]), [...p, ...chain((r) => r + 0.25 * r ** 2)]);
    close(fieldOf("fput-beta", [...q, ...p]), [...p, ...chain((r) => r + 0.3 * r ** 3)]);
  });

  it("of gravity are Newton's, with masses", () => {
    const { x0 } = systems["outer-solar-system"].initialStates.default!;
    const G = 0.000295912208286;
    const m = [1.00000597682, 0.000954786104043, 0.000285583733151, 0.0000437273164546, 0.0000517759138449, 1 / 1.3e8];
    const field = fieldOf("outer-solar-system", x0);
    // Saturn's velocity is the table's, its acceleration that of all others.
    close(field.slice(6, 9), [0.00168318, 0.00483525, 0.00192462]);
    const place = (body: number, axis: number) => x0[3 * body + axis]!;
    for (let axis = 0; axis < 3; axis++) {
      let acceleration = 0;
      for (const body of [0, 1, 3, 4, 5]) {
        const r = Math.hypot(...[0, 1, 2].map((k) => place(body, k) - place(2, k)));
        acceleration += (G * m[body]! * (place(body, axis) - place(2, axis))) / r ** 3;
      }
      expect(field[18 + 6 + axis]! / m[2]!).toBeCloseTo(acceleration, 15);
    }
  });

  it("of Lotka and Volterra keep their populations' rates", () => {
    const [prey, predators] = [1.7, 0.6];
    const [dq, dp] = fieldOf("lotka-volterra", [Math.log(prey), Math.log(predators)]) as [number, number];
    expect(dq).toBeCloseTo(1 - 0.6 * predators, digits);
    expect(dp).toBeCloseTo(0.5 * prey - 1.2, digits);
  });

  it("of the Paul trap are Mathieu's", () => {
    const [x, y, t] = [0.4, -0.9, 0.7];
    const [dx, , dpx, dpy] = fieldOf("paul-trap", [x, y, 0.3, 0.2], t) as [number, number, number, number];
    const mathieu = (sign: number) => ((2 * 2) / 4) * (0.01 - sign * 2 * 0.3 * Math.cos(2 * t));
    expect(dx).toBeCloseTo(0.3 / 1.5, digits);
    expect(dpx / 1.5).toBeCloseTo(-mathieu(1) * x, digits);
    expect(dpy / 1.5).toBeCloseTo(-mathieu(-1) * y, digits);
  });
});

describe("equilibria stay where they are", () => {
  it.each([
    ["trapped-ions", "equilibrium"],
    ["lotka-volterra", "equilibrium"],
    ["phi4-lattice", "vacuum"],
    ["lennard-jones", "tetrahedron"],
    ["henon-heiles", "saddle"],
    ["stormer", "thalweg"],
    ["restricted-three-body", "lagrange-point-4"],
    ["muller-brown", "deepest-minimum"],
  ] as const)("%s: %s", (name, state) => {
    const { x0 } = findSystem(name).initialStates[state]!;
    for (const rate of fieldOf(name, x0)) expect(Math.abs(rate)).toBeLessThanOrEqual(1e-11);
  });
});

/** The classical fourth-order Runge–Kutta method: independent of the project's integrators. */
function integrate({ hamiltonianField }: PhaseSpace, x0: readonly number[], time: number, steps: number): number[] {
  const dt = time / steps;
  let x = [...x0];
  const moved = (k: readonly number[], h: number) => x.map((value, at) => value + h * k[at]!);
  for (let step = 0; step < steps; step++) {
    const t = step * dt;
    const k1 = hamiltonianField(x, t);
    const k2 = hamiltonianField(moved(k1, dt / 2), t + dt / 2);
    const k3 = hamiltonianField(moved(k2, dt / 2), t + dt / 2);
    const k4 = hamiltonianField(moved(k3, dt), t + dt);
    x = x.map((value, at) => value + (dt / 6) * (k1[at]! + 2 * k2[at]! + 2 * k3[at]! + k4[at]!));
  }
  return x;
}

describe("periodic orbits close after the period they claim", () => {
  // Tolerances: the method's error at these steps; for the figure eight also the eight published digits of its start.
  it.each([
    ["harmonic-oscillator", "default", 400, 1e-8],
    ["spring", "default", 400, 1e-8],
    ["kepler", "default", 4000, 1e-7],
    ["two-body", "default", 400, 1e-6],
    ["three-body", "default", 600, 1e-6],
    ["three-body", "figure-eight", 1500, 1e-5],
    ["figure-eight", "default", 1500, 1e-5],
  ] as const)("%s: %s", (name, state, steps, tolerance) => {
    const system = findSystem(name);
    const { x0, period } = system.initialStates[state]!;
    const end = integrate(phaseSpace(system), x0, period!, steps);
    for (const [at, value] of x0.entries()) expect(Math.abs(end[at]! - value)).toBeLessThanOrEqual(tolerance);
  });
});
