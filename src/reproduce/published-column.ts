import { stateLength } from "../data/dataset.ts";
import { type ModelName, models } from "../hnn/models.ts";
import { plainField } from "../hnn/plain-field.ts";
import { fieldPredictor } from "../train/evaluate/roll-out.ts";
import { train } from "../train/train.ts";
import type { Column } from "./column.ts";
import { tolerance } from "./energies.ts";

/** One of the publication's two models, by its protocol: [200, 200] tanh, orthogonal weights, Adam, single precision. */
export function publishedColumn(family: ModelName, what: string): Column {
  return {
    name: family,
    describe: ({ protocol: { steps, batch } }) =>
      `${what}, [200, 200] tanh, Adam 1e-3, ${steps} steps of ${batch ?? "all"}`,
    async fit({ protocol }, { dataset }, { engine: open, seed, steps, signal, onProgress }) {
      const { engine, precision } = await open("f32");
      const model = models[family].create({ dimension: stateLength(dataset) });
      const { batch, weightDecay } = protocol;
      const how = { steps: steps ?? protocol.steps, batch, weightDecay, seed, engine, precision, signal, onProgress };
      const trained = await train(model, dataset, { ...how, loss: "derivatives" });
      const field = plainField(model, trained.parameters);
      return {
        predictor: fieldPredictor(field, tolerance),
        field,
        engine: `${engine.name} ${precision}`,
        parameters: model.parameters.count,
        trainLoss: trained.trainLoss,
        testLoss: trained.testLoss,
        seconds: trained.seconds.total,
      };
    },
  };
}
