import { type Dataset, stateLength } from "../data/dataset.ts";
import type { LoadedEngine } from "../engine/engine.ts";
import { openEngine } from "../engine/engines.ts";
import { HnncError } from "../errors.ts";
import { stepParts } from "../graph/step.ts";
import { constantsOf } from "../hnn/constants.ts";
import type { TrainableModel } from "../hnn/model.ts";
import { evaluateLoss } from "./evaluate-loss.ts";
import { type LoopResult, trainingLoop } from "./loop.ts";
import type { Loss } from "./loss.ts";
import { type LossName, losses } from "./losses.ts";
import { minibatches } from "./minibatches.ts";
import type { Optimiser } from "./optimiser.ts";
import { optimisers } from "./optimisers.ts";
import { batchOf, checkOptions, type TrainOptions } from "./options.ts";
import { requireFinite, type Samples } from "./samples.ts";
import { parametersName, rowsName, sampleFeeds, trainingStep } from "./training-step.ts";

/** A model with parameters that were trained, and how that went. */
export interface Trained extends LoopResult {
  readonly model: TrainableModel;
  /** The loss on all training samples, with the parameters of the result. */
  readonly trainLoss: number;
  /** The same on the samples for testing; NaN where there are none. */
  readonly testLoss: number;
  /** The learned physical constants, row-major. */
  readonly constants: Readonly<Record<string, Float64Array>>;
  /** Of the constants, where the fit tells: one standard deviation, row-major. */
  readonly standardErrors?: Readonly<Record<string, Float64Array>> | undefined;
  readonly loss: LossName;
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
  if (samples.count === 0) throw unfit("no rows are left to train on");
  const { engine: wanted, precision = "f32" } = options;
  const engine = typeof wanted === "object" ? wanted : await openEngine({ engine: wanted, precision });
  try {
    const batch = batchOf(options.batch, samples.count);
    const started = performance.now();
    const { result, ready } = await trainOn(engine, { model, loss, samples, batch, options });
    const seconds = { total: (performance.now() - started) / 1000, ready: ready / 1000 };
    const { parameters } = result;
    const lossOf = (of: Samples) => evaluateLoss(engine, { model, loss, samples: of }, { parameters, precision });
    const [trainLoss, testLoss] = [await lossOf(samples), await lossOf(loss.samples(dataset, "test", options))];
    const constants = constantsOf(model, parameters);
    return { ...result, model, trainLoss, testLoss, constants, loss: name, samples: samples.count, batch, seconds };
  } finally {
    if (engine !== wanted) await engine.close();
  }
}

/** The loss that suits a model and what the data hold. */
export function usualLoss(model: TrainableModel, dataset: Dataset): LossName {
  if (model.sequence) return "sequence";
  return dataset.derivatives ? "derivatives" : "midpoint";
}

interface RunParts {
  readonly model: TrainableModel;
  readonly loss: Loss;
  readonly samples: Samples;
  readonly batch: number;
  readonly options: TrainOptions;
}

async function trainOn(engine: LoadedEngine, parts: RunParts): Promise<{ result: LoopResult; ready: number }> {
  const { samples, batch, options } = parts;
  const { optimiser: wanted = "adam", seed = 0, steps = 2000, precision = "f32", resume, residualPenalty } = options;
  const optimiser: Optimiser = optimisers[wanted];
  const step = trainingStep({ ...parts, optimiser, residualPenalty });
  const { fixed } = stepParts(step);
  const started = performance.now();
  const run = await engine.repeat(step, {
    precision,
    batch,
    state: resume?.state ?? firstState(parts, optimiser),
    fixed: sampleFeeds(samples, fixed),
    choice: resume?.choice,
  });
  const ready = performance.now() - started;
  const deals = minibatches(samples.count, batch, seed);
  const needed = step.perStep.map(({ attributes }) => attributes.name);
  const numbers = (from: number, count: number) => {
    const each = Array.from({ length: count }, (_, k) => optimiser.numbers(from + k, steps, options));
    const given = needed.map((name) => [
      name,
      name === rowsName ? deals.rows(from, count) : Float64Array.from(each, (one) => one[name]!),
    ]);
    return Object.fromEntries(given);
  };
  const { onReady, onProgress, onCheckpoint, signal } = options;
  try {
    const { step: from = 0, seen } = resume ?? {};
    const calls = { onReady, onProgress, onCheckpoint, signal };
    return { result: await trainingLoop({ run, from, steps, seen, numbers, ...calls }), ready };
  } finally {
    await run.close();
  }
}

function firstState({ model, options }: RunParts, optimiser: Optimiser): Record<string, Float64Array> {
  const { count } = model.parameters;
  const first = options.parameters ?? model.parameters.initial(options.seed ?? 0);
  if (first.length !== count) throw unfit(`the model has ${count} parameters, not ${first.length}`);
  const memory = optimiser.memory.map((name): [string, Float64Array] => [name, new Float64Array(count)]);
  return { [parametersName]: first, ...Object.fromEntries(memory) };
}

function unfit(message: string): HnncError {
  return new HnncError({ kind: "usage", code: "training-options", message });
}
