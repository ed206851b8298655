import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { motionFacts } from "../../src/ensemble/facts.ts";
import type { Integrator } from "../../src/integrate/integrator.ts";
import { integrators } from "../../src/integrate/integrators.ts";
import { systems } from "../../src/systems/systems.ts";
import { claims, problems } from "../integrate/problems.ts";
import { distance, plainly, run, sourceFor, starts, trajectoryOf } from "./support.ts";

/** What one method and problem have in common on both roads. */
async function compare(method: Integrator, text: string, x0: readonly number[], t: readonly [number, number]) {
  const source = sourceFor(text);
  const states = starts(x0, 5);
  const options = { method, t, samples: 7, ...(method.adaptive ? { rtol: 1e-9 } : { dt: 0.01 }) };
  const result = await run(source, states, options);
  const plain = plainly(source, states, options);
  const sum = (of: (one: (typeof plain)[number]) => number) => plain.reduce((total, one) => total + of(one), 0);
  return { result, plain, evaluations: sum((one) => one.evaluations), steps: sum((one) => one.steps) };
}

const motionless = { field: () => undefined };

describe.each(Object.values<Integrator>(integrators))("$name in WebAssembly", (method) => {
  const claimed = problems.filter(({ text }) => claims(method, { ...motionFacts(sourceFor(text)), ...motionless }));

  test("has problems to show itself on", () => expect(claimed.length).toBeGreaterThan(3));

  test.each(claimed)("$name: as the plain stepper", async ({ text, x0, t }) => {
    const { result, plain, evaluations, steps } = await compare(method, text, x0, t);
    const found = plain.map((_, b) => trajectoryOf(result, b));
    expect(result.steps).toBe(steps);
    expect(result.diverged).toEqual([]);
    // Explicit steps: the same operations in the same order. Iterations may end a round apart where round-off does not
    // settle; step sizes come from powers, which JavaScript and we round differently.
    if (method.explicit && !method.adaptive) {
      expect(result.evaluations).toBe(evaluations);
      expect(found).toEqual(plain.map(({ states }) => states));
    } else {
      expect(Math.abs(result.evaluations / evaluations - 1)).toBeLessThan(method.adaptive ? 0.02 : 0.2);
      const worst = Math.max(...plain.map(({ states }, b) => distance(states, found[b]!)));
      expect(worst).toBeLessThan(method.adaptive ? 1e-12 : 1e-14);
    }
  });

  test.each(claimed)(
    "$name: without compensated sums the same up to round-off of 300 steps, 1e-12",
    async (problem) => {
      const { text, x0, t } = problem;
      const options = { method, t, samples: 4, ...(method.adaptive ? { rtol: 1e-9 } : { dt: 0.01 }) };
      const result = await run(sourceFor(text), x0, { ...options, compensated: false, energy: true });
      const [plain] = plainly(sourceFor(text), x0, options);
      expect(distance(result.states, plain!.states)).toBeLessThan(1e-12);
      const { hamiltonian } = compile(text);
      const energies = Array.from(result.times, (time, k) =>
        hamiltonian(result.states.subarray(k * x0.length, (k + 1) * x0.length), undefined, time),
      );
      expect(distance(result.energy!, energies)).toBeLessThan(1e-13);
    },
  );
});

/** States that are too long for registers, sums over pairs, rings: vectors stand in memory. */
describe("vectors in memory", () => {
  const large = [
    { name: "outer-solar-system", t: 50, dt: 0.5 },
    { name: "fput-beta", t: 2, dt: 0.05 },
    { name: "argon-crystal", t: 2e-5, dt: 1e-6 },
    { name: "dnls", t: 0.5, dt: 0.01 },
  ] as const;
  const methods = ["leapfrog", "kahan-li8", "rk4", "gauss4", "tao4", "dop853", "dormand-prince5"] as const;
  // the usual ω of Tao's methods is far from the frequencies of planets
  const cases = large
    .flatMap((each) => methods.map((method) => ({ ...each, method })))
    .filter(({ name, method }) => !(name === "outer-solar-system" && method === "tao4"));

  test.each(cases)("$name by $method", async ({ name, method, t, dt }) => {
    const source = sourceFor(systems[name].model);
    const integrator: Integrator = integrators[method];
    if (!claims(integrator, { ...motionFacts(source), ...motionless })) return;
    const x0 = Object.values(systems[name].initialStates)[0]!.x0;
    const states = Array.from({ length: 3 }, (_, b) => x0.map((value) => value * (1 + 1e-6 * b))).flat();
    const options = { method, t, samples: 3, ...(integrator.adaptive ? { rtol: 1e-9 } : { dt }) };
    const result = await run(source, states, options);
    const plain = plainly(source, states, options);
    const scale = Math.max(1, ...x0.map(Math.abs));
    plain.forEach((one, b) => {
      const exact = integrator.explicit && !integrator.adaptive;
      // forces are steep: what steps differ by is multiplied
      expect(distance(one.states, trajectoryOf(result, b)) / scale).toBeLessThanOrEqual(exact ? 0 : 1e-10);
    });
  });
});

/** Rounds of loops whose indices stay inside lattices are written apart from those at the edges. */
describe("lattices with edges", () => {
  const lattices = {
    "fixed ends that are not 0": `
q: [40], p: [40]
boundary q = 0.3
H = sum(p[i]^2, i = 1..40)/2 + sum(cosh(q[i+1] - q[i]) + (q[i+1] - q[i])^3/9, i = 0..40)`,
    "a ring, second neighbours": `
q: [40], p: [40]
ring q
H = sum(p[i]^2, i = 1..40)/2 + sum(cos(q[i+2] - q[i]) + q[i]^2 q[i-1]/20, i = 1..40)`,
    "a plane": `
q: [9, 12], p: [9, 12]
boundary q = 0.1
H = sum(p[i,j]^2, i = 1..9, j = 1..12)/2 + sum((q[i+1,j] - q[i,j])^2/2 + (q[i,j+1] - q[i,j])^4/4, i = 0..9, j = 0..12)`,
    "a defect within": `
q: [40], p: [40]
boundary q = 0
H = sum(p[i]^2, i = 1..40)/2 + sum(if(i < 17, 1, 2) (q[i+1] - q[i])^2, i = 0..40)`,
    "too short for an interior": `
q: [13], p: [13]
boundary q = 0
H = sum(p[i]^2, i = 1..13)/2 + sum((q[i+3] - q[i-3])^2, i = -2..16)`,
  };

  test.each(Object.entries(lattices))("%s: the same bits as plainly", async (_, text) => {
    const source = sourceFor(text);
    const { dimension } = source.equations.layout;
    const x0 = Array.from({ length: dimension }, (_, k) => Math.sin(k + 1) / 2);
    const options = { method: "leapfrog", t: 0.4, samples: 3, dt: 0.02 } as const;
    const result = await run(source, [...x0, ...x0.map((value) => value / 3)], options);
    const plain = plainly(source, [...x0, ...x0.map((value) => value / 3)], options);
    expect(plain.map((_, b) => trajectoryOf(result, b))).toEqual(plain.map(({ states }) => states));
  });
});
