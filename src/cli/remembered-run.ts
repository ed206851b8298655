import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Dataset } from "../data/dataset.ts";
import { HnncError } from "../errors.ts";
import { type LoadedModel, loadModel } from "../hnn/load.ts";
import { readRunConfig } from "../train/run/run-config.ts";
import { runFolder } from "./model-argument.ts";
import { loadRows, originOf, type TrainConfig } from "./training-data.ts";

/** A trained model, and what its folder says of how it was trained. */
export interface RememberedRun {
  readonly folder: string;
  readonly trained: LoadedModel;
  /** Absent where the model was saved by other means than `hnnc train`. */
  readonly config: TrainConfig | undefined;
  /** The rows of training, where they are still to be had. */
  readonly dataset: Dataset | undefined;
}

/**
 * Reads what is in the folder of a run.
 *
 * @throws HnncError `not-a-run` (usage), and what loading a model throws
 */
export async function rememberedRun(argument: string): Promise<RememberedRun> {
  const folder = await runFolder(argument);
  if (folder === undefined) throw notARun(argument);
  const trained = await loadModel(folder);
  const config = await rememberedConfig(folder);
  return { folder, trained, config, dataset: config && (await rowsIfThere(config)) };
}

/**
 * How a run was begun, or undefined where its folder does not say.
 *
 * @throws HnncError kind `usage`, naming the key that is wrong
 */
export async function rememberedConfig(folder: string): Promise<TrainConfig | undefined> {
  if (!existsSync(join(folder, "config.json"))) return undefined;
  const { description, training, origin } = await readRunConfig(folder);
  const { start: _, ...options } = training;
  return origin === undefined ? undefined : { description, options, ...originOf(folder, origin) };
}

/** The file may be gone since. */
async function rowsIfThere({ data, description }: TrainConfig): Promise<Dataset | undefined> {
  try {
    return await loadRows(data, description);
  } catch (error) {
    if (error instanceof HnncError && error.kind === "io") return undefined;
    throw error;
  }
}

export function notARun(folder: string): HnncError {
  return new HnncError({
    kind: "usage",
    code: "not-a-run",
    message: `\`${folder}\` is not the folder of a trained model`,
    hint: "hnnc train … -o runs/NAME makes one",
  });
}
