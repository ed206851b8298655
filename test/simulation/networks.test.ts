import { describe, expect, test } from "vitest";
import { compileModel } from "../../src/compile.ts";
import { HnncError } from "../../src/errors.ts";
import { variationalModel } from "../../src/mechanics/variational.ts";
import { planSimulation, simulate } from "../../src/simulate.ts";
import { lyapunov } from "../../src/simulation/lyapunov.ts";
import { planSection } from "../../src/simulation/section.ts";
import { boundModel, networkModels, randomNetwork } from "../support/networks.ts";

const potential = compileModel(networkModels.potential!());
/** A well with a network in it, deep enough to stay in. */
const well = compileModel(
  boundModel("p^2/(2 m) + q^2/2 + q^4/4 + V(q)/3; m = 1.4", { V: randomNetwork([1, 32, 32, 1], "tanh", 30) }),
);
const mixed = compileModel(
  boundModel("p^2/(2 m) + q^2 + N(q, p)/9; m = 1.4", { N: randomNetwork([2, 24, 24, 1], "softplus", 31) }),
);

describe("the method of a model with networks", () => {
  test.each([
    [{ t: 5 }, "dop853", "`V` is a network, which has no Taylor series here: adaptive, of order 8"],
    [{ t: 5, rtol: 1e-8 }, "dop853", "`V` is a network, which has no Taylor series here: adaptive, of order 8"],
    [{ t: 5, dt: 0.01 }, "kahan-li8", "H = T(p) + V(q) and 500 steps: explicit, symplectic, of order 8"],
  ])("%o", (options, method, reason) => {
    expect(planSimulation(potential, { x0: [0.4, 0.3], ...options })).toMatchObject({ method, reason });
  });
});

async function thrownBy(run: () => unknown): Promise<HnncError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof HnncError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("what needs Taylor series is refused", () => {
  const x0 = [0.4, 0.3];
  const start = "`V` is a network, which has no Taylor series here: ";
  test.each([
    [
      "the method",
      () => planSimulation(potential, { x0, t: 1, method: "taylor" }),
      "`taylor` cannot follow it",
      "leave the method out, or take dop853; with dt, leapfrog and gauss6 are symplectic",
    ],
    [
      "events",
      () => planSimulation(potential, { x0, t: 1, events: [{ formula: "q" }] }),
      "events are found on them",
      "leave the events out, and look through the samples",
    ],
    [
      "sections",
      () => planSection(potential, { x0, t: 1, formula: "q" }),
      "sections are found on them",
      "simulate with many samples instead, and look through them",
    ],
    [
      "exponents",
      () => lyapunov(potential, { x0, t: 1 }),
      "exponents are found on them",
      "compare two trajectories that start close together",
    ],
  ] as const)("%s", async (_what, run, says, hint) => {
    expect(await thrownBy(run)).toMatchObject({ kind: "usage", code: "network-series", message: start + says, hint });
  });
});

describe("energy", () => {
  /** The largest |H − H(0)| of the samples in the halves of a run. */
  async function drift(compiled: typeof well, options: Parameters<typeof simulate>[1]) {
    const { energies } = await simulate(compiled, { x0: [0.8, 0.3], samples: 401, workers: 1, ...options });
    const off = Array.from(energies!, (energy) => Math.abs(energy - energies![0]!));
    return { early: Math.max(...off.slice(0, 200)), late: Math.max(...off.slice(200)) };
  }

  test("by leapfrog swings, and grows no more in the second half of 20 000 steps", async () => {
    const { early, late } = await drift(well, { method: "leapfrog", dt: 0.05, t: 1000 });
    expect(early).toBeLessThan(5e-3);
    expect(late).toBeLessThan(1.05 * early);
    // the swing is of the order of dt²
    const finer = await drift(well, { method: "leapfrog", dt: 0.025, t: 1000 });
    expect(early / finer.early).toBeGreaterThan(3.5);
    expect(early / finer.early).toBeLessThan(4.5);
  });

  test("of an H that mixes q and p is kept by gauss6 to 1e-8, h⁶ of dt = 0.05, for 10 000 steps", async () => {
    const { early, late } = await drift(mixed, { method: "gauss6", dt: 0.05, t: 500 });
    expect(early).toBeLessThan(1e-8);
    expect(late).toBeLessThan(1.2 * early + 1e-13);
  });

  test("of samples is that of the kernel in JavaScript (1e-13), whatever the method", async () => {
    const { states, energies, times } = await simulate(mixed, { x0: [0.8, 0.3], t: 4, samples: 9 });
    expect(times.length).toBe(9);
    energies!.forEach((energy, k) => {
      expect(Math.abs(energy - mixed.hamiltonian(states.subarray(2 * k, 2 * k + 2)))).toBeLessThan(1e-13);
    });
  });
});

test("displacements follow the variational equations: as far as differences of neighbours tell, 1e-6", async () => {
  const { model } = variationalModel(mixed.model);
  const options = { t: 5, rtol: 1e-12, samples: 2, method: "dop853" } as const;
  // [q, δq, δp, p]
  const { states } = await simulate(compileModel(model), { x0: [0.8, 1, 0, 0.3], ...options });
  const step = 1e-5;
  const [up, down] = await Promise.all(
    [step, -step].map((move) => simulate(mixed, { x0: [0.8 + move, 0.3], ...options })),
  );
  const slope = (k: number) => (up!.states[2 + k]! - down!.states[2 + k]!) / (2 * step);
  expect(Math.abs(states[4 + 1]! - slope(0))).toBeLessThan(1e-6 * Math.hypot(slope(0), slope(1)));
  expect(Math.abs(states[4 + 2]! - slope(1))).toBeLessThan(1e-6 * Math.hypot(slope(0), slope(1)));
});

test("several starts on two threads give the bits of one", async () => {
  const x0 = Array.from({ length: 12 }, (_, k) => [0.1 * k, 0.5 - 0.05 * k]).flat();
  const options = { x0, t: 3, dt: 0.05, method: "yoshida4", samples: 4 } as const;
  const one = await simulate(well, { ...options, workers: 1 });
  const two = await simulate(well, { ...options, workers: 2 });
  expect(two.states).toEqual(one.states);
  expect(two.energies).toEqual(one.energies);
});
