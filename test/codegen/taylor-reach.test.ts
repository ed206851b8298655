import { describe, expect, test } from "vitest";
import { taylor } from "../../src/codegen/taylor/taylor.ts";
import { compile } from "../../src/compile.ts";
import { integrate } from "../../src/integrate/trajectory.ts";

/** Walls that are not felt at the start: their coefficients are tiny, or smaller than the smallest number. */
const walls: readonly (readonly [formula: string, x0: readonly [number, number], t: number])[] = [
  ["p^2/2 + exp(-q^2)", [-10, 1], 20],
  ["p^2/2 + exp(-q^2)", [-30, 1], 60],
  ["p^2/2 + 1/q^12", [1000, -2], 1000],
  ["p^2/2 + exp(q)", [-50, 1], 200],
  ["p^2/2 + tanh(q)", [-50, 1.5], 100],
  ["p^2/4 + 3 exp(-(q/2)^2)", [-40, 2], 60],
];

describe("a wall far ahead turns the motion back (1e-9, the other method's error)", () => {
  describe.each(["wasm", "js"] as const)("%s", (engine) => {
    test.each(walls)("%s from %j", (formula, x0, t) => {
      const compiled = compile(formula);
      const { states } = taylor(compiled.source, { engine }).run(x0, { t, samples: [t] });
      const [q, p] = states.slice(-2) as unknown as [number, number];
      const scale = Math.max(1, Math.abs(compiled.hamiltonian(x0)));
      expect(Math.abs(compiled.hamiltonian([q, p]) - compiled.hamiltonian(x0))).toBeLessThan(1e-11 * scale);
      const motion = {
        degreesOfFreedom: 1,
        separable: true,
        timeDependent: false,
        damped: false,
        field: (x: Float64Array, out: Float64Array) => void compiled.field(x, out),
      };
      const other = integrate(motion, x0, { t, dt: 0.002, method: "kahan-li8", samples: 2 }).states;
      expect(Math.abs(q - other[2]!)).toBeLessThan(1e-9 * Math.abs(q));
      expect(Math.abs(p - other[3]!)).toBeLessThan(1e-9 * Math.abs(p));
    });
  });
});

test("free flight takes a number of steps that grows like a logarithm", () => {
  const { source } = compile("p^2/2 + 0 q");
  for (const engine of ["wasm", "js"] as const) {
    const { steps, states } = taylor(source, { engine }).run([1, 1], { t: 1e9, samples: [1e9] });
    expect(steps).toBeLessThan(60);
    expect(states.at(-2)).toBe(1e9 + 1);
  }
});

test("a coordinate that passes 0 in a high power does not stop the steps", () => {
  const { source } = compile("p^2/2 + q^20");
  const { steps } = taylor(source).run([1e-20, 1], { t: 1.5, samples: [1.5] });
  expect(steps).toBeLessThan(80);
});

test("ordinary motions take the steps of Jorba and Zou's rule: 329 for the pendulum, as heyoka 7.13", () => {
  expect(taylor(compile("p^2/2 - cos(q)").source).run([1, 0], { t: 100, samples: [100] }).steps).toBe(329);
});
