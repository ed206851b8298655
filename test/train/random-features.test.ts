import { describe, expect, it } from "vitest";
import { compileModel } from "../../src/compile.ts";
import { makeDataset } from "../../src/data/dataset.ts";
import { normalisationOf } from "../../src/hnn/normalisation.ts";
import { randomFeatures } from "../../src/hnn/random-features.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { simulate } from "../../src/simulate.ts";
import { generate } from "../../src/simulation/generate.ts";
import { systems } from "../../src/systems/systems.ts";
import { train } from "../../src/train/train.ts";
import { pendulumRuns } from "./pendulum-data.ts";

const energies = {
  spring: ([q = 0, p = 0]: ArrayLike<number> & Iterable<number>) => q ** 2 + p ** 2,
  pendulum: ([q = 0, p = 0]: ArrayLike<number> & Iterable<number>) => 3 * (1 - Math.cos(q)) + p ** 2,
};

describe.each(["spring", "pendulum"] as const)("%s, 200 features, one solve", (name) => {
  it("without noise: the field to 1e-12 of its square, on trajectories that were not seen", async () => {
    const data = await generate(systems[name], { trajectories: 20, points: 20, t: 3, split: { test: 0.5 }, noise: 0 });
    const model = randomFeatures.create({ dimension: 2, normalisation: normalisationOf(data) });
    const { testLoss, optimiser, end } = await train(model, data);
    expect([optimiser, end]).toEqual(["linear", "solved"]);
    expect(testLoss).toBeLessThan(1e-12);
  });

  it("with the paper's noise: true energy kept to 1e-3, mean square to t = 20", async () => {
    const data = await generate(systems[name]);
    const model = randomFeatures.create({ dimension: 2, normalisation: normalisationOf(data) });
    const { parameters } = await train(model, data);
    const x0 = Float64Array.of(0.9, 0, 0, 1.2, -1.5, 0.3).map((value) => (name === "spring" ? value / 2 : value));
    const compiled = compileModel(model.formula!(parameters));
    const { runs, states } = await simulate(compiled, { x0, t: 20, samples: 100, rtol: 1e-10 });
    for (const { start, end } of runs) {
      const energy = (row: number) => energies[name](states.subarray(2 * row, 2 * row + 2));
      let total = 0;
      for (let row = start; row < end; row++) total += (energy(row) - energy(start)) ** 2;
      // published for networks that were trained: 3.8e-4 and 5.0e-4
      expect(total / (end - start)).toBeLessThan(1e-3);
    }
  });
});

describe("features", () => {
  const swings = pendulumRuns(
    [
      [1, 0],
      [0.2, 1.1],
      [-2, 0.4],
    ],
    { points: 30, dt: 0.2 },
  );

  it("are those of their own seed, and of the same one the same bits", async () => {
    const trained = async (featureSeed: number, seed: number) => {
      const model = randomFeatures.create({ dimension: 2, features: 30, featureSeed });
      return (await train(model, swings, { seed })).parameters;
    };
    const first = await trained(1, 0);
    expect(await trained(1, 0)).toEqual(first);
    expect(await trained(1, 7)).toEqual(first);
    expect(await trained(2, 0)).not.toEqual(first);
  });

  it("leave a formula's friction to the formula, which is found beside them with its error bar", async () => {
    // ṗ = −sin q − 0.3 p, and errors of 0.01
    const derivatives = swings.derivatives!.map((value, k) => {
      const error = 0.01 * Math.sin(12.9898 * k * k);
      return k % 2 === 0 ? value + error : value - 0.3 * swings.states[k]! + error;
    });
    const data = makeDataset({ ...swings, derivatives });
    const prior = parseModel("p^2/2 + q^2; force p = -c p; c = 1 learn");
    const options = { dimension: 2, features: 60, prior, normalisation: normalisationOf(data) };
    const { constants, standardErrors, optimiser } = await train(randomFeatures.create(options), data);
    expect(optimiser).toBe("linear");
    const error = standardErrors!.c![0]!;
    expect(error).toBeLessThan(0.01);
    expect(Math.abs(constants.c![0]! - 0.3)).toBeLessThan(4 * error);
  });

  it("are held down by weight decay where that is given instead of cross-validation", async () => {
    const model = randomFeatures.create({ dimension: 2, features: 30 });
    const size = (parameters: Float64Array) => Math.hypot(...parameters);
    const free = await train(model, swings);
    const held = await train(model, swings, { weightDecay: 1 });
    expect(size(held.parameters)).toBeLessThan(size(free.parameters) / 10);
    // where the slope of mean square and decay is zero, no search finds anything lower
    const search = await train(model, swings, { weightDecay: 1, optimiser: "lbfgs" });
    held.parameters.forEach((value, k) => {
      expect(Math.abs(value - search.parameters[k]!)).toBeLessThan(1e-6);
    });
  });

  it.each([
    [{ features: 0 }, "a model has 1 to 5000 random features, not 0"],
    [{ prior: parseModel("p^2/2 + V(q)") }, "random features are added to H, and cannot stand for `V`"],
    [{ prior: parseModel("(px^2 + py^2)/2 + x^2 y") }, "the formula's state has 4 entries, the data's 2"],
  ])("refuse %o", (options, message) => {
    expect(() => randomFeatures.create({ dimension: 2, ...options })).toThrow(message);
  });
});
