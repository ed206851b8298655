import type { LoadedEngine } from "../engine/engine.ts";
import type { Precision } from "../graph/graph.ts";
import type { TrainableModel } from "../hnn/model.ts";
import type { Loss } from "./loss.ts";
import type { Samples } from "./samples.ts";
import { lossGraph, parametersName, sampleFeeds } from "./training-step.ts";

/**
 * The loss of parameters on samples: the mean over samples and components.
 *
 * @param parameters `[count]`
 * @returns NaN where there are no samples
 */
export async function evaluateLoss(
  engine: LoadedEngine,
  { model, loss, samples }: { readonly model: TrainableModel; readonly loss: Loss; readonly samples: Samples },
  { parameters, precision }: { readonly parameters: Float64Array; readonly precision: Precision },
): Promise<number> {
  if (samples.count === 0) return Number.NaN;
  const graph = lossGraph({ model, loss, samples, batch: samples.count });
  const executable = await engine.compile({ loss: graph.loss }, { precision });
  try {
    const feeds = { ...sampleFeeds(samples, [graph.loss]), [parametersName]: parameters };
    return (await executable.run(feeds)).loss!.values[0]!;
  } finally {
    await executable.close();
  }
}
