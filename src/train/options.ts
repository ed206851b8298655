import type { EngineChoice, LoadedEngine } from "../engine/engine.ts";
import { HnncError } from "../errors.ts";
import type { Precision } from "../graph/graph.ts";
import { isLossName, type LossName, losses } from "./losses.ts";
import type { OptimiserOptions } from "./optimiser.ts";
import { isOptimiserName, type OptimiserName, optimisers } from "./optimisers.ts";
import type { Seen } from "./stretch.ts";

/** What a run tells while it goes on. */
export interface TrainingProgress {
  /** Steps that are done. */
  readonly step: number;
  readonly steps: number;
  /** The objective before the last step that was done, on its minibatch. */
  readonly loss: number;
  /** Milliseconds a step. */
  readonly stepTime: number;
}

/** All that a run needs to go on as if it had not stopped. */
export interface Checkpoint {
  /** Steps that are done. */
  readonly step: number;
  /** Parameters and the optimiser's memory, by name. */
  readonly state: Readonly<Record<string, Float64Array>>;
  /** Which engine computed, and with what: the same choice gives the same bits. */
  readonly choice: EngineChoice;
  /** What decides which parameters a run that fails gives back. */
  readonly seen?: Seen | undefined;
  /** The mean objective of the steps since the checkpoint before. */
  readonly loss?: number | undefined;
}

/** How to train. */
export interface TrainOptions extends OptimiserOptions {
  /** How many steps, or iterations of a search. Default: as is usual for the optimiser, 2000 for adam. */
  readonly steps?: number | undefined;
  /** Samples a step. Default: all, which searches always take. */
  readonly batch?: number | undefined;
  /** Default: `derivatives` where the data has them, otherwise `midpoint`; `sequence` for models of sequences. */
  readonly loss?: LossName | undefined;
  /** Steps of the losses `roll-out` and `sequence`. Default 8 and 16. */
  readonly length?: number | undefined;
  /**
   * Default `auto`: for physical constants alone, and for random features, `linear` where errors are linear in them, else
   * `levenberg-marquardt`; for networks adam.
   */
  readonly optimiser?: OptimiserName | "auto" | undefined;
  /** Of first parameters and of minibatches. Default 0. */
  readonly seed?: number | undefined;
  /** The weight of the mean square of what a network adds to a formula's field. Default 0. */
  readonly residualPenalty?: number | undefined;
  /** An engine's name, or one that is open and stays open. Default: the first that works. */
  readonly engine?: string | LoadedEngine | undefined;
  /** Default f32; of searches f64, where the engine has it. */
  readonly precision?: Precision | undefined;
  /** Parameters to begin with instead of those of the seed, `[count]`. */
  readonly parameters?: Float64Array | undefined;
  /** Goes on from here instead; searches take its parameters. */
  readonly resume?: Checkpoint | undefined;
  /** Called after each call of the engine, every 100 ms or so; of searches after each iteration. */
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Called before the first step. */
  readonly onReady?: ((checkpoint: Checkpoint) => void | Promise<void>) | undefined;
  /**
   * Called at each hundredth step with all that resuming needs, of searches at each iteration or each tenth, and after the
   * last step of a run that did not fail.
   */
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void | Promise<void>) | undefined;
  /** Ends the run within some 100 ms; what was trained so far is the result. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws HnncError `unknown-loss`, `unknown-optimiser`, `training-options` (usage) */
export function checkOptions(options: TrainOptions): void {
  const { loss, optimiser, steps, rate, weightDecay, clip, residualPenalty } = options;
  if (loss !== undefined && !isLossName(loss)) throw unknownName("loss", loss, Object.keys(losses));
  if (optimiser !== undefined && optimiser !== "auto" && !isOptimiserName(optimiser)) {
    throw unknownName("optimiser", optimiser, ["auto", ...Object.keys(optimisers)]);
  }
  if (steps !== undefined && !(Number.isInteger(steps) && steps >= 1))
    throw optionFault("steps", steps, "a whole number from 1 on");
  const positive = { rate, clip };
  for (const [name, value] of Object.entries(positive)) {
    if (value !== undefined && !(value > 0 && Number.isFinite(value)))
      throw optionFault(name, value, "a positive number");
  }
  const notNegative = { weightDecay, residualPenalty };
  for (const [name, value] of Object.entries(notNegative)) {
    if (value !== undefined && !(value >= 0 && Number.isFinite(value)))
      throw optionFault(name, value, "a number from 0 on");
  }
}

/** The batch of a run on a number of samples. */
export function batchOf(wanted: number | undefined, samples: number): number {
  if (wanted === undefined) return samples;
  if (!Number.isInteger(wanted) || wanted < 1) throw optionFault("batch", wanted, "a whole number from 1 on");
  return Math.min(wanted, samples);
}

function optionFault(name: string, value: number, wanted: string): HnncError {
  return new HnncError({ kind: "usage", code: "training-options", message: `\`${name}\` is ${wanted}, not ${value}` });
}

function unknownName(what: string, name: string, known: readonly string[]): HnncError {
  return new HnncError({
    kind: "usage",
    code: `unknown-${what}`,
    message: `there is no ${what} \`${name}\``,
    notes: [`there are: ${known.join(" ")}`],
  });
}
