import { type Dataset, stateLength } from "../data/dataset.ts";
import { HnncError } from "../errors.ts";
import type { Precision } from "../graph/graph.ts";
import { constantsOf } from "../hnn/constants.ts";
import type { TrainableModel } from "../hnn/model.ts";
import type { ConstantErrors } from "./constant-errors.ts";
import { evaluateLoss } from "./evaluate-loss.ts";
import type { LoopResult } from "./loop.ts";
import type { Loss } from "./loss.ts";
import { type LossName, losses } from "./losses.ts";
import type { OptimiserName } from "./optimisers.ts";
import { checkOptions, type TrainOptions } from "./options.ts";
import { requireFinite, type Samples } from "./samples.ts";
import { openTraining } from "./training-engine.ts";

/** A model with parameters that were trained, and how that went. */
export interface Trained extends LoopResult {
  readonly model: TrainableModel;
  /** The loss on all training samples, with the parameters of the result. */
  readonly trainLoss: number;
  /** The same on the samples for testing; NaN where there are none. */
  readonly testLoss: number;
  /** The learned physical constants, row-major. */
  readonly constants: Readonly<Record<string, Float64Array>>;
  /** Of the constants, by name: infinite where the data do not determine one, NaN where it is held by a bound. Fits by
   * least squares (`levenberg-marquardt`, `linear`) know them. */
  readonly standardErrors?: ConstantErrors["standardErrors"] | undefined;
  /** How the errors of constants go together, and what the data leave open. */
  readonly uncertainty?: ConstantErrors | undefined;
  readonly loss: LossName;
  /** What `auto` came to. */
  readonly optimiser: OptimiserName;
  readonly precision: Precision;
  /** Why a search ended: `gradient`, `step`, `value`, `precision` and `solved` are minima. */
  readonly end?: string | undefined;
  readonly samples: number;
  readonly batch: number;
  /** Of training, `ready` included; of making the engine ready for it. */
  readonly seconds: { readonly total: number; readonly ready: number };
}

/**
 * Trains a model on the rows of a dataset that are not marked for testing.
 *
 * The result depends on the seed, the options, and the engine with what it chose (`checkpoint.choice`): the same ones
 * give the same bits. A step that is not finite ends the run; `stopped` says so, and `parameters` are the best that were
 * seen.
 *
 * @throws HnncError kind `usage` for options; kind `data` where the data lacks what the loss needs, or holds numbers
 *   that are not finite; kind `engine` where none works
 * @example
 * const model = models.hnn.create({ dimension: 2 });
 * const { parameters, testLoss } = await train(model, data, { steps: 2000, weightDecay: 1e-4 });
 * const grey = models.hybrid.create({ dimension: 2, prior: parseModel("a p^2 + b (1 - cos(q)); a = 1 learn; b = 1 learn") });
 * const { constants, standardErrors } = await train(grey, data); // one least-squares solve, with error bars
 */
export async function train(model: TrainableModel, dataset: Dataset, options: TrainOptions = {}): Promise<Trained> {
  checkOptions(options);
  if (stateLength(dataset) !== model.dimension) {
    throw unfit(`the data's states have ${stateLength(dataset)} entries, the model's ${model.dimension}`);
  }
  requireFinite(dataset);
  const name: LossName = options.loss ?? usualLoss(model, dataset);
  const loss: Loss = losses[name];
  const samples = loss.samples(dataset, "train", options);
  if (samples.count === 0) throw noSamples(dataset, name);
  const { engine, precision, run, close } = await openTraining({ model, loss, samples, options });
  try {
    const started = performance.now();
    const { result, ready, optimiser, batch } = await run();
    const seconds = { total: (performance.now() - started) / 1000, ready: ready / 1000 };
    const { errors, ...outcome } = result;
    const { parameters } = outcome;
    const lossOf = (of: Samples) => evaluateLoss(engine, { model, loss, samples: of }, { parameters, precision });
    const [trainLoss, testLoss] = [await lossOf(samples), await lossOf(loss.samples(dataset, "test", options))];
    return {
      ...outcome,
      ...(errors && { standardErrors: errors.standardErrors, uncertainty: errors }),
      ...{ model, trainLoss, testLoss, constants: constantsOf(model, parameters) },
      ...{ loss: name, optimiser, precision, samples: samples.count, batch, seconds },
    };
  } finally {
    await close();
  }
}

/** The loss that suits a model and what the data hold. */
export function usualLoss(model: TrainableModel, dataset: Dataset): LossName {
  if (model.sequence) return "sequence";
  return dataset.derivatives ? "derivatives" : "midpoint";
}

/** Whatever a loss takes for a sample, there is none. */
function noSamples({ rows, runs, test }: Dataset, loss: LossName): HnncError {
  const testing = test?.reduce((sum, mark) => sum + mark, 0) ?? 0;
  const longest = runs.reduce((most, { start, end }) => Math.max(most, end - start), 0);
  const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
  const allTest = rows > 0 && testing === rows;
  return new HnncError({
    kind: "data",
    code: "no-samples",
    message: `there is nothing to train on: ${counted(rows, "row")} in ${counted(runs.length, "run")}, the longest of ${longest}, ${testing} for testing, make no sample of the loss \`${loss}\``,
    hint: allTest
      ? "leave some rows for training: a smaller --split, or other marks in the data"
      : "more rows in a run, a shorter --length, or runs that are not cut: --gap none",
  });
}

function unfit(message: string): HnncError {
  return new HnncError({ kind: "usage", code: "training-options", message });
}
