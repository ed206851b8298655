import { describe, expect, it } from "vitest";
import type { TrainableModel } from "../../src/hnn/model.ts";
import { models } from "../../src/hnn/models.ts";
import { interpretedField, plainField } from "../../src/hnn/plain-field.ts";
import { activationNames } from "../../src/network.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { wave } from "./parameter-gradient.ts";

const normalisation = { shift: [0.6, -0.4, 0.1, 0.3], scale: [0.5, 0.8, 0.4, 0.7], rates: [4, 0.2, 3, 2], energy: 2 };
const options = { dimension: 4, hidden: [5, 4], normalisation } as const;
const prior = parseModel("(x px + y^2 py^2)/m + k V(x, y) + k x^2; m = 2; k = 0.3 learn; damping px = 0.2");

const cases: Readonly<Record<string, () => TrainableModel>> = {
  hnn: () => models.hnn.create(options),
  separable: () => models.separable.create(options),
  dissipative: () => models.dissipative.create(options),
  "hybrid with an unknown function": () => models.hybrid.create({ ...options, prior }),
  "hybrid with a residual": () => models.hybrid.create({ ...options, prior, residual: true }),
  ...Object.fromEntries(
    activationNames.map((activation) => [
      `mlp with ${activation}`,
      () => models.mlp.create({ ...options, activation }),
    ]),
  ),
};

describe.each(Object.entries(cases))("%s", (_, create) => {
  it("gives the interpreter's field and energy at any state, within 1e-12: the same operations in another order", () => {
    const model = create();
    const parameters = model.parameters.initial(1);
    const [plain, wanted] = [plainField(model, parameters), interpretedField(model, parameters)];
    for (let k = 0; k < 4; k++) {
      const x = wave(4, k);
      const [found, rate] = [plain.field(x, new Float64Array(4)), wanted.field(x, new Float64Array(4))];
      found.forEach((value, i) => {
        expect(Math.abs(value - rate[i]!)).toBeLessThan(1e-12 * (1 + Math.abs(value)));
      });
      expect(plain.energy === undefined).toBe(model.energy === undefined);
      if (!plain.energy) continue;
      const [energy, other] = [plain.energy(x), wanted.energy!(x)];
      expect(Math.abs(energy - other)).toBeLessThan(1e-12 * (1 + Math.abs(energy)));
    }
  });
});

it("refuses a model without a field", () => {
  const model = models.lstm.create({ dimension: 2, hidden: [3] });
  expect(() => plainField(model, model.parameters.initial(0))).toThrow("the model `lstm` has no field");
});
