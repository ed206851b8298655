import type { Dataset } from "../../data/dataset.ts";
import type { LoadedEngine } from "../../engine/engine.ts";
import type { Precision } from "../../graph/graph.ts";
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

interface WatchedRun {
  readonly model: TrainableModel;
  readonly dataset: Dataset;
  readonly loss: LossName;
  readonly options: TrainOptions;
  readonly precision: Precision;
  /** The step that the run goes on from, and the one that it ends with. */
  readonly from: number;
  readonly steps: number;
}

export async function openTestWatch(engine: LoadedEngine, run: WatchedRun): Promise<TestWatch> {
  const { model, dataset, loss, options, precision, from, steps } = run;
  const known: Loss = losses[loss];
  const samples = thinnedSamples(known.samples(dataset, "test", options), mostSamples);
  const every = Math.max(1, Math.ceil(steps / looks));
  let last = from;
  const evaluation =
    samples.count === 0 ? undefined : await openEvaluation(engine, { model, loss: known, samples }, precision);
  return {
    async at(step, parameters) {
      const isTime = Math.floor(step / every) > Math.floor(last / every);
      last = step;
      return isTime ? evaluation?.of(parameters) : undefined;
    },
    close: async () => evaluation?.close(),
  };
}
