import type { Dataset } from "../../data/dataset.ts";
import type { Json } from "../../data/provenance.ts";
import { openEngine } from "../../engine/engines.ts";
import { HnncError } from "../../errors.ts";
import { type ModelDescription, modelOf } from "../../hnn/description.ts";
import type { TrainableModel } from "../../hnn/model.ts";
import { trainingRegion } from "../../hnn/region.ts";
import { saveModel } from "../../hnn/save.ts";
import { type Checkpoint, checkOptions, type TrainingProgress, type TrainOptions } from "../options.ts";
import { type Trained, train } from "../train.ts";
import { planTraining } from "../training-engine.ts";
import { runConfig } from "./run-config.ts";
import { type Run, withRun } from "./run-directory.ts";
import { openTestWatch, type TestWatch } from "./test-watch.ts";

/*
 * Training in a run directory (run-directory.ts says what is in it):
 *
 *   const trained = await trainRun({ description, dataset, options, run: { path: "runs/pend" } });
 *
 * - `run.resume` goes on where the last process stopped, were it killed: the same bits come out as if it had not.
 *   `readRunConfig(path)` tells description, options and `origin` of a run, for those who want to resume it as it was.
 * - `options.signal` ends it within some 100 ms with a checkpoint; `trained.stopped` says so.
 * - A run that diverges throws, kind `diverged`; the best parameters until then are saved as its model.
 */

/** Where to keep a run. */
export interface RunWish {
  readonly path: string;
  /** Goes on with the run in `path`; begins where there is none. Default false. */
  readonly resume?: boolean | undefined;
  /** Removes the run in `path` first. Default false. */
  readonly overwrite?: boolean | undefined;
  /** Kept in `config.json`, such as where the rows come from. */
  readonly origin?: Json | undefined;
  /** Seconds between checkpoints on the disk. Default: 1, or more where writing would take more than 5 % of the time. */
  readonly seconds?: number | undefined;
}

/** What is trained, and where it is kept. */
export interface TrainRunParts {
  readonly description: ModelDescription;
  readonly dataset: Dataset;
  readonly options?: TrainOptions | undefined;
  readonly run: RunWish;
}

/** A trained model that is kept in a run directory. */
export interface TrainedRun extends Trained {
  readonly path: string;
  /** The step that the run went on from; undefined where it began. */
  readonly resumedFrom: number | undefined;
}

/** The part of the time that writing checkpoints may take. */
const writingShare = 0.05;

/**
 * Trains and keeps all of it: configuration, metrics, checkpoints, and at the end the model.
 *
 * @throws HnncError what `withRun` and `train` throw; `diverged` (diverged), naming the step
 */
export async function trainRun({ description, dataset, options = {}, run: wish }: TrainRunParts): Promise<TrainedRun> {
  checkOptions(options);
  const model = modelOf(description);
  const config = await runConfig({ description, model, dataset, options, origin: wish.origin });
  return withRun(wish.path, config, { ...wish, parameters: model.parameters.count }, async (run) => {
    const parts = { description, model, dataset, options, seconds: wish.seconds };
    const { trained, isNew } = await trainInside(run, parts);
    if (isNew || !hasDiverged(trained)) await saveTrained(run, parts, trained);
    if (hasDiverged(trained)) throw diverged(wish.path, trained, isNew);
    return { ...trained, path: wish.path, resumedFrom: run.checkpoint?.step };
  });
}

interface InsideParts {
  readonly description: ModelDescription;
  readonly model: TrainableModel;
  readonly dataset: Dataset;
  readonly options: TrainOptions;
  readonly seconds: number | undefined;
}

interface TrainedInside {
  readonly trained: Trained;
  /** Whether the parameters are others than the first ones. */
  readonly isNew: boolean;
}

async function trainInside(run: Run, { model, dataset, options, seconds }: InsideParts): Promise<TrainedInside> {
  const { engine: wanted = run.checkpoint?.choice.engine } = options;
  const { precision, steps } = await planTraining(model, { ...options, engine: wanted });
  const engine = typeof wanted === "object" ? wanted : await openEngine({ engine: wanted, precision });
  let watch: TestWatch | undefined;
  try {
    const { loss } = run.config.training;
    const from = run.checkpoint?.step ?? 0;
    watch = await openTestWatch(engine, { model, dataset, loss: loss!, options, precision, from, steps });
    const keeper = keep(run, watch, options, seconds);
    const trained = await train(model, dataset, { ...options, engine, resume: run.checkpoint, ...keeper.calls });
    const first = await keeper.end();
    return { trained, isNew: trained.parameters.some((value, k) => !Object.is(value, first[k])) };
  } finally {
    await watch?.close();
    if (engine !== wanted) await engine.close();
  }
}

interface Keeper {
  readonly calls: Pick<TrainOptions, "onReady" | "onProgress" | "onCheckpoint">;
  /** Writes the last checkpoint, if it is not on the disk yet. Returns the first parameters. */
  end(): Promise<Float64Array>;
}

/** Logs, and writes checkpoints: what is written depends on the time, what is computed does not. */
function keep(run: Run, watch: TestWatch, options: TrainOptions, seconds: number | undefined): Keeper {
  const began = performance.now();
  let progress: TrainingProgress | undefined;
  let nextWrite = 0;
  let unwritten: Checkpoint | undefined;
  let first: Float64Array = new Float64Array(0);
  const write = async (checkpoint: Checkpoint) => {
    const started = performance.now();
    await run.save(checkpoint);
    const ended = performance.now();
    nextWrite = ended + (seconds === undefined ? Math.max(1000, (ended - started) / writingShare) : 1000 * seconds);
    unwritten = undefined;
  };
  return {
    calls: {
      async onReady(checkpoint) {
        first = checkpoint.state.parameters!;
        if (!run.checkpoint) await write(checkpoint);
        await options.onReady?.(checkpoint);
      },
      onProgress(told) {
        progress = told;
        options.onProgress?.(told);
      },
      async onCheckpoint(checkpoint) {
        unwritten = checkpoint;
        const { step, loss = progress?.loss, state } = checkpoint;
        const testLoss = await watch.at(step, state.parameters!);
        run.log({ step, loss, testLoss, stepTime: progress?.stepTime, seconds: (performance.now() - began) / 1000 });
        if (options.signal?.aborted || performance.now() >= nextWrite) await write(checkpoint);
        await options.onCheckpoint?.(checkpoint);
      },
    },
    async end() {
      await (unwritten ? write(unwritten) : run.flush());
      return first;
    },
  };
}

/** Saves the model that came out. */
async function saveTrained(run: Run, { description, dataset }: InsideParts, trained: Trained): Promise<void> {
  const { parameters, trainLoss, testLoss, stopped, checkpoint, loss } = trained;
  const { seed = 0 } = run.config.training;
  const { optimiser, precision } = trained;
  await saveModel(run.path, {
    ...{ description, parameters, standardErrors: trained.standardErrors, region: trainingRegion(dataset) },
    metrics: { trainLoss, testLoss },
    provenance: {
      data: run.config.data as Json,
      ...{ loss, optimiser, precision, seed, steps: checkpoint.step },
      engine: { ...checkpoint.choice },
      stopped: stopped ? `${stopped.reason} at step ${stopped.step}` : undefined,
    },
  });
}

function hasDiverged({ stopped }: Trained): boolean {
  return stopped !== undefined && stopped.reason !== "interrupted";
}

function diverged(path: string, { stopped, trainLoss, losses }: Trained, isNew: boolean): HnncError {
  // A search that cannot begin has no loss.
  if (losses.length === 0) {
    return new HnncError({
      kind: "diverged",
      code: "diverged",
      message: "the loss is not finite where the parameters begin",
      hint: "let the formula's parameters begin where it is defined on all rows, or look at the data",
    });
  }
  const what =
    stopped!.reason === "too large"
      ? `parameters grew beyond all bounds within ${stopped!.step} steps`
      : `the loss or the parameters are not finite at step ${stopped!.step + 1}`;
  const best = `\`${path}\` holds the best parameters until then, of loss ${trainLoss}`;
  return new HnncError({
    kind: "diverged",
    code: "diverged",
    message: `${what}; the loss began with ${losses[0]}`,
    notes: isNew ? [best] : [],
    hint: "take smaller steps (--rate), shorten long gradients (--clip 1), or look at the data",
  });
}
