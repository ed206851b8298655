import { describe, expect, test } from "vitest";
import { HnncError } from "../../src/errors.ts";
import type { Motion } from "../../src/integrate/integrator.ts";
import { integrators } from "../../src/integrate/integrators.ts";
import { stepperOf } from "../../src/integrate/stepper.ts";
import { motionOf } from "./problems.ts";

const implicit = [integrators["implicit-midpoint"], integrators.gauss4, integrators.gauss6];

/** A stiff spring beside a soft one: the fixed point diverges from a step of 0.02 on. */
const stiff = motionOf("p1^2/2 + p2^2/2 + 5000 q1^2 + q2^2/2 + q1^2 q2^2");

describe.each(implicit)("$name", (method) => {
  test("Newton's method takes over where the fixed point diverges, and keeps a stiff quadratic energy", () => {
    const stepper = stepperOf(method, motionOf("p1^2/2 + p2^2/2 + 5000 q1^2 + q2^2/2"), [0.01, 1, 0, 0]);
    const energy = ([q1, q2, p1, p2]: Float64Array) => (p1! ** 2 + p2! ** 2) / 2 + 5000 * q1! ** 2 + q2! ** 2 / 2;
    const start = energy(stepper.state);
    for (let k = 0; k < 1000; k++) stepper.step(k * 0.1, 0.1);
    // Quadratic invariants are kept exactly, to the rounding of 1000 steps.
    expect(Math.abs(energy(stepper.state) / start - 1)).toBeLessThan(1e-12);
    expect(stepper.work.iterations).toBeLessThan(16 + 1000 * 8);
  });

  test("a given Jacobian leads to the same step as differences of the field, to 1e-13", () => {
    const jacobian: Motion["field"] = (x, out) => {
      out.fill(0);
      const [q1, q2] = [x[0]!, x[1]!];
      [out[2], out[7]] = [1, 1];
      [out[8], out[9]] = [-10000 - 2 * q2 ** 2, -4 * q1 * q2];
      [out[12], out[13]] = [-4 * q1 * q2, -1 - 2 * q1 ** 2];
    };
    const ends = [stiff, { ...stiff, jacobian }].map((motion) => {
      const stepper = stepperOf(method, motion, [0.01, 1, 0, 0.3]);
      for (let k = 0; k < 20; k++) stepper.step(k * 0.05, 0.05);
      return stepper;
    });
    for (const [i, x] of ends[0]!.state.entries()) expect(Math.abs(x - ends[1]!.state[i]!)).toBeLessThan(1e-13);
    expect(ends[1]!.work.evaluations).toBeLessThan(ends[0]!.work.evaluations);
  });

  test("a step without a solution is reported with its time and state", () => {
    // ẋ = x², ẏ = …: from x = 1 a step of 3 has no real stage values.
    const motion = motionOf("p q^2");
    const stepper = stepperOf(method, motion, [1, 1]);
    expect(() => stepper.step(2, 3)).toThrowError(HnncError);
    try {
      stepper.step(2, 3);
    } catch (error) {
      const { kind, code, message, notes } = error as HnncError;
      expect([kind, code, notes[0]]).toEqual(["diverged", "no-convergence", "state at t = 2: [1, 1]"]);
      expect(message).toMatch(
        /^the implicit step from t = 2 by 3 does not converge \(its increments are not finite\)$/,
      );
    }
  });

  test("large systems: 100 coupled pendulums take the fixed point, 30 rounds a step at most", () => {
    const chain = motionOf("sum(p[i]^2/2 - cos(q[i]), i=1..100) + sum((q[i+1]-q[i])^2/2, i=1..99)");
    const x0 = Float64Array.from({ length: 200 }, (_, i) => (i < 100 ? Math.sin(i / 7) : 0));
    const stepper = stepperOf(method, chain, x0);
    for (let k = 0; k < 50; k++) stepper.step(k * 0.1, 0.1);
    expect(stepper.work.iterations).toBeLessThan(30 * 50);
    const { scheme } = method;
    expect(stepper.work.evaluations).toBe(stepper.work.iterations * (scheme.kind === "gauss" ? scheme.b.length : 0));
  });
});
