import { stateLength } from "../data/dataset.ts";
import { models } from "../hnn/models.ts";
import { normalisationOf } from "../hnn/normalisation.ts";
import { sequencePredictor } from "../train/evaluate/roll-out.ts";
import { stepLength } from "../train/evaluate/trials.ts";
import { train } from "../train/train.ts";
import type { Column } from "./column.ts";

/** Steps that are enough for the loss to stand still on the small tasks. */
const usualSteps = 500;
/** Windows of rows a step. */
const windows = 100;

/** A baseline with a memory, which the publication has not. */
export const lstmColumn: Column = {
  name: "lstm",
  describe: () => `64 cells with a memory that see one row after another, Adam 3e-3, ${usualSteps} steps of ${windows}`,
  async fit(_task, { dataset, trajectories }, { engine: open, seed, steps = usualSteps, signal, onProgress }) {
    const rows = trajectories ?? dataset;
    const { engine, precision } = await open("f32");
    const model = models.lstm.create({ dimension: stateLength(rows), normalisation: normalisationOf(rows) });
    const { parameters, trainLoss, testLoss, seconds } = await train(model, rows, {
      steps,
      rate: 3e-3,
      batch: windows,
      seed,
      engine,
      precision,
      signal,
      onProgress,
    });
    return {
      predictor: sequencePredictor(model.sequence!, parameters, { dimension: model.dimension, dt: stepLength(rows) }),
      engine: `${engine.name} ${precision}`,
      parameters: model.parameters.count,
      trainLoss,
      testLoss,
      ownLoss: "of its steps divided by their length, noise and all",
      seconds: seconds.total,
    };
  },
};
