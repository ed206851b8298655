import { expect, it } from "vitest";
import { compile } from "../../src/compile.ts";
import { fieldLoss } from "../../src/reproduce/field-loss.ts";
import { randomFeatures } from "../../src/reproduce/random-features.ts";
import { generate } from "../../src/simulation/generate.ts";
import { systems } from "../../src/systems/systems.ts";

const dataset = await generate(compile(systems.pendulum), {
  system: systems.pendulum,
  trajectories: 20,
  points: 20,
  t: 3,
  noise: 0,
  split: { test: 0.5, which: "last" },
  derivatives: true,
});

it("one solve learns the pendulum's field to 1e-4 of its square, on rows that it has not seen", () => {
  const { field, fit } = randomFeatures(dataset, { seed: 0, features: 100, mostRows: 1000 });
  // ẋ² is 4 in the mean; 100 smooth functions on a disc leave some 1e-6
  expect(fieldLoss(field, dataset, "test")).toBeLessThan(4e-4);
  expect(fit.effectiveParameters).toBeLessThanOrEqual(100);
});

it("is another network for another seed, the same for the same one", () => {
  const at = (seed: number) => {
    const { field } = randomFeatures(dataset, { seed, features: 20, mostRows: 50 });
    return [...field.field(Float64Array.of(1, 0.5), new Float64Array(2))];
  };
  expect(at(1)).toEqual(at(1));
  expect(at(1)).not.toEqual(at(2));
});
