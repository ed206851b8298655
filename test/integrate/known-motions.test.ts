import { describe, expect, test } from "vitest";
import type { IntegratorName } from "../../src/integrate/integrators.ts";
import { type IntegrateOptions, integrate } from "../../src/integrate/trajectory.ts";
import { motionOf } from "./problems.ts";

/** Accurate ways, and the largest error that each may have. */
const ways: [IntegratorName, Partial<IntegrateOptions>, number][] = [
  ["dop853", { rtol: 1e-13, atol: 1e-14 }, 1e-11],
  ["dormand-prince5", { rtol: 1e-10, atol: 1e-11 }, 1e-8],
  ["kahan-li8", { dt: 0.01 }, 1e-11],
  ["yoshida8", { dt: 0.005 }, 1e-10],
  ["gauss6", { dt: 0.004 }, 1e-10],
];

function endOf(text: string, x0: readonly number[], options: IntegrateOptions): number[] {
  return [...integrate(motionOf(text), x0, { ...options, samples: 2 }).states.subarray(x0.length)];
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));
}

/** The arithmetic-geometric mean. */
function agm(a: number, b: number): number {
  while (Math.abs(a - b) > 1e-15 * a) [a, b] = [(a + b) / 2, Math.sqrt(a * b)];
  return a;
}

describe.each(ways)("%s", (method, accuracy, bound) => {
  test("Kepler's equation: reduced mass 0.7, e = 0.6, three and a third orbits", () => {
    const [mass, e] = [0.7, 0.6];
    const at = (t: number) => {
      let E = t;
      for (let k = 0; k < 60; k++) E -= (E - e * Math.sin(E) - t) / (1 - e * Math.cos(E));
      const [b, r] = [Math.sqrt(1 - e * e), 1 - e * Math.cos(E)];
      return [Math.cos(E) - e, b * Math.sin(E), (-mass * Math.sin(E)) / r, (mass * b * Math.cos(E)) / r];
    };
    const t = (2 * Math.PI * 10) / 3;
    const end = endOf("(px^2 + py^2)/(2*0.7) - 0.7/sqrt(x^2 + y^2)", at(0), { t, method, ...accuracy });
    // Kepler's motion is unstable along the orbit: errors grow as t².
    expect(largestDifference(end, at(t))).toBeLessThan(100 * bound);
  });

  test("the pendulum of mass 0.3 and length 0.5 returns after the period of the arithmetic-geometric mean", () => {
    const period = (2 * Math.PI * Math.sqrt(0.5 / 9.81)) / agm(1, Math.cos(2 / 2));
    const text = "p^2/(2*0.3*0.5^2) - 0.3*9.81*0.5*cos(q)";
    const end = endOf(text, [2, 0], { t: 10 * period, method, ...accuracy });
    expect(largestDifference(end, [2, 0])).toBeLessThan(100 * bound);
  });

  test("a driven oscillator of mass 1.7: the sum of its free and its forced motion", () => {
    const [mass, frequency, drive] = [1.7, Math.sqrt(0.9 / 1.7), 1.3];
    const forced = 0.4 / (0.9 - mass * drive ** 2);
    const at = (t: number) => [
      forced * (Math.cos(drive * t) - Math.cos(frequency * t)),
      mass * forced * (frequency * Math.sin(frequency * t) - drive * Math.sin(drive * t)),
    ];
    const end = endOf("p^2/(2*1.7) + 0.9 q^2/2 - 0.4 q cos(1.3 t)", [0, 0], { t: 20, method, ...accuracy });
    expect(largestDifference(end, at(20))).toBeLessThan(bound);
  });
});
