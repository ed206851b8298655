import { fieldPredictor } from "../train/evaluate/roll-out.ts";
import type { Column } from "./column.ts";
import { tolerance } from "./energies.ts";
import { fieldLoss } from "./field-loss.ts";
import { randomFeatures } from "./random-features.ts";

const features = 200;
const mostRows = 1500;

/** A network for H without a training loop. */
export const closedFormColumn: Column = {
  name: "closed-form",
  describe: () => `a network for H, ${features} random tanh units and one ridge solve, at most ${mostRows} rows`,
  async fit(_task, { dataset }, { seed }) {
    const begun = performance.now();
    const { field } = randomFeatures(dataset, { seed, features, mostRows });
    const seconds = (performance.now() - begun) / 1000;
    return {
      predictor: fieldPredictor(field, tolerance),
      field,
      engine: "direct f64",
      parameters: features,
      trainLoss: fieldLoss(field, dataset, "train"),
      testLoss: fieldLoss(field, dataset, "test"),
      seconds,
    };
  },
};
