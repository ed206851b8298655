import { readModel } from "../compile.ts";
import { type Dataset, stateLength } from "../data/dataset.ts";
import { models } from "../hnn/models.ts";
import { plainField } from "../hnn/plain-field.ts";
import { fieldPredictor } from "../train/evaluate/roll-out.ts";
import { train } from "../train/train.ts";
import type { Column } from "./column.ts";
import { tolerance } from "./energies.ts";
import { fieldLoss } from "./field-loss.ts";
import type { HybridRecipe, TaskData } from "./task.ts";
import { thinned } from "./thinned.ts";

/** A formula that knows a part, and what completes it, in double precision. */
export const hybridColumn: Column = {
  name: "hybrid",
  describe: ({ hybrid }) => hybrid.description,
  async fit({ hybrid }, data, { engine: open, seed, steps, signal, onProgress }) {
    const { dataset } = data;
    const { engine, precision } = await open("f64");
    const { prior, functions, loss = "derivatives", optimiser, weightDecay } = hybrid;
    const model = models.hybrid.create({
      dimension: stateLength(dataset),
      prior: readModel(prior),
      functions,
      residual: false,
    });
    const { parameters, constants, seconds } = await train(model, samplesFor(hybrid, data), {
      loss,
      optimiser,
      weightDecay,
      steps: steps ?? hybrid.steps,
      seed,
      engine,
      precision,
      signal,
      onProgress,
    });
    const field = plainField(model, parameters);
    return {
      predictor: fieldPredictor(field, tolerance),
      field,
      engine: `${engine.name} ${precision}`,
      parameters: model.parameters.count,
      trainLoss: fieldLoss(field, dataset, "train"),
      testLoss: fieldLoss(field, dataset, "test"),
      seconds: seconds.total,
      constants: Object.fromEntries(Object.entries(constants).map(([name, values]) => [name, values[0]!])),
    };
  },
};

function samplesFor({ loss = "derivatives", rows }: HybridRecipe, { dataset, trajectories }: TaskData): Dataset {
  return loss === "derivatives" ? thinned(dataset, rows) : (trajectories ?? dataset);
}
