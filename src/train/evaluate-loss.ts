import type { LoadedEngine } from "../engine/engine.ts";
import type { Precision } from "../graph/graph.ts";
import type { TrainableModel } from "../hnn/model.ts";
import type { Loss } from "./loss.ts";
import { lossGraph, parametersName, sampleFeeds } from "./loss-graph.ts";
import { type Samples, samplesBetween } from "./samples.ts";

/** Samples that are looked at together, so that memory does not grow with the data. */
const portion = 4096;

/** A loss of a model on samples that is evaluated again and again. */
export interface LossEvaluation {
  /**
   * The mean over samples and components, NaN where there are no samples.
   *
   * @param parameters `[count]`
   */
  of(parameters: Float64Array): Promise<number>;
  close(): Promise<void>;
}

interface EvaluatedParts {
  readonly model: TrainableModel;
  readonly loss: Loss;
  readonly samples: Samples;
}

/** Makes a loss ready. */
export async function openEvaluation(
  engine: LoadedEngine,
  { model, loss, samples }: EvaluatedParts,
  precision: Precision,
): Promise<LossEvaluation> {
  // written for one sample, the mean over samples is their sum
  const graph = lossGraph({ model, loss, samples: { ...samples, count: 1 }, batch: 1 });
  const executable = await engine.compile({ loss: graph.loss }, { precision });
  return {
    async of(parameters) {
      let total = 0;
      for (let from = 0; from < samples.count; from += portion) {
        const part = samplesBetween(samples, from, Math.min(from + portion, samples.count));
        const feeds = { ...sampleFeeds(part, [graph.loss]), [parametersName]: parameters };
        total += (await executable.run(feeds)).loss!.values[0]!;
      }
      return total / samples.count;
    },
    close: () => executable.close(),
  };
}

/** The same once. */
export async function evaluateLoss(
  engine: LoadedEngine,
  parts: EvaluatedParts,
  { parameters, precision }: { readonly parameters: Float64Array; readonly precision: Precision },
): Promise<number> {
  const evaluation = await openEvaluation(engine, parts, precision);
  try {
    return await evaluation.of(parameters);
  } finally {
    await evaluation.close();
  }
}
