import { expect, it } from "vitest";
import { makeDataset } from "../../src/data/dataset.ts";
import { models } from "../../src/hnn/models.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { energyErrorOf } from "../../src/train/learned-energy.ts";
import { wave } from "../hnn/parameter-gradient.ts";

const dataset = makeDataset({ coordinates: ["q"], momenta: ["p"], states: wave(200, 0.3) });
const truth = (row: number) => {
  const [q, p] = dataset.states.subarray(2 * row, 2 * row + 2) as unknown as [number, number];
  return p ** 2 / 0.8 + 1.5 * q ** 2;
};

function errorOf(text: string): number {
  const model = models.hybrid.create({ dimension: 2, prior: parseModel(text) });
  return energyErrorOf(model, dataset, truth)!(model.parameters.initial(0));
}

it("is 0 for the true energy, whatever its zero, and 1 for one that knows nothing", () => {
  expect(errorOf("p^2/(2 m) + k q^2 + 7; m = 0.4; k = 1.5 learn")).toBeLessThan(1e-14);
  expect(errorOf("k q^2/1e9 + p^2/1e9; k = 1e-9 learn")).toBeCloseTo(1, 8);
  expect(errorOf("p^2/(2 m) + k q^2; m = 0.4; k = 1.6 learn")).toBeGreaterThan(0.01);
});

it("is not there for a baseline, nor where the true energy is one number", () => {
  expect(energyErrorOf(models.mlp.create({ dimension: 2 }), dataset, truth)).toBeUndefined();
  expect(energyErrorOf(models.hnn.create({ dimension: 2 }), dataset, () => 3)).toBeUndefined();
});
