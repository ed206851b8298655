import type { Dataset } from "../../data/dataset.ts";
import type { LoadedEngine } from "../../engine/engine.ts";
import type { TrainableModel } from "../../hnn/model.ts";
import { openEvaluation } from "../evaluate-loss.ts";
import type { Loss } from "../loss.ts";
import { type LossName, losses } from "../losses.ts";
import type { TrainOptions } from "../options.ts";
import { thinnedSamples } from "../samples.ts";

/** Looks at the loss on rows for testing while a run goes on. */
export interface TestWatch {
  /** After a number of steps, where it is time; otherwise undefined. */
  at(step: number, parameters: Float64Array): Promise<number | undefined>;
  close(): Promise<void>;
}

/** More test samples than this are thinned out, so that watching costs little. */
const mostSamples = 4096;
/** How often a run is looked at. */
const looks = 50;
const grain = 100;

/** @param steps of the run */
export async function openTestWatch(
  engine: LoadedEngine,
  {
    model,
    dataset,
    loss,
    options,
    steps,
  }: {
    readonly model: TrainableModel;
    readonly dataset: Dataset;
    readonly loss: LossName;
    readonly options: TrainOptions;
    readonly steps: number;
  },
): Promise<TestWatch> {
  const known: Loss = losses[loss];
  const samples = thinnedSamples(known.samples(dataset, "test", options), mostSamples);
  const every = grain * Math.max(1, Math.ceil(steps / looks / grain));
  const evaluation =
    samples.count === 0
      ? undefined
      : await openEvaluation(engine, { model, loss: known, samples }, options.precision ?? "f32");
  return {
    at: async (step, parameters) => (step % every === 0 ? evaluation?.of(parameters) : undefined),
    close: async () => evaluation?.close(),
  };
}
