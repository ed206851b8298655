import { stateLength } from "../data/dataset.ts";
import { models } from "../hnn/models.ts";
import { normalisationOf } from "../hnn/normalisation.ts";
import { plainField } from "../hnn/plain-field.ts";
import { fieldPredictor } from "../train/evaluate/roll-out.ts";
import { train } from "../train/train.ts";
import type { Column } from "./column.ts";
import { tolerance } from "./energies.ts";
import { fieldLoss } from "./field-loss.ts";
import { thinned } from "./thinned.ts";

const mostRows = 1500;

/** A network for H without a training loop. */
export const closedFormColumn: Column = {
  name: "closed-form",
  describe: () => `a network for H, 200 random tanh units and one ridge solve, on at most ${mostRows} rows`,
  async fit(_task, { dataset }, { engine: open, seed, signal }) {
    const { engine, precision } = await open("f64");
    const model = models["random-features"].create({
      dimension: stateLength(dataset),
      normalisation: normalisationOf(dataset),
      featureSeed: seed,
    });
    const rows = thinned(dataset, mostRows);
    const trained = await train(model, rows, { loss: "derivatives", engine, precision, signal });
    const field = plainField(model, trained.parameters);
    return {
      predictor: fieldPredictor(field, tolerance),
      field,
      engine: `${engine.name} ${precision}`,
      parameters: model.parameters.count,
      trainLoss: fieldLoss(field, dataset, "train"),
      testLoss: fieldLoss(field, dataset, "test"),
      seconds: trained.seconds.total,
    };
  },
};
