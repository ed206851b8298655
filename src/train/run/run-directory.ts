import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileError } from "../../data/file-reasons.ts";
import { undoable } from "../../data/undo.ts";
import { writeFiles } from "../../data/write-files.ts";
import { HnncError } from "../../errors.ts";
import type { Checkpoint } from "../options.ts";
import { checkpointName, readCheckpoint, writeCheckpoint } from "./checkpoint-file.ts";
import { type FolderLock, isOfLock, lockFolder } from "./lock.ts";
import type { Metrics } from "./metrics-log.ts";
import { type RunConfig, readRunConfig, requireSameRun } from "./run-config.ts";
import { openRunLog } from "./run-log.ts";

/*
 * A run directory:
 *
 *   config.json               what decides the numbers: model, data, options
 *   metrics.jsonl             one object a line: step, loss, testLoss, stepTime, seconds
 *   events.out.tfevents.*     the same for TensorBoard, one file a process
 *   checkpoint.safetensors    what resuming needs
 *   model.json, model.safetensors   the trained model, when the run has ended
 *   .lock                     the process at work
 *
 * The first four are written here; what a checkpoint holds is on the disk before the checkpoint is.
 */

/** A run directory that this process alone works in. */
export interface Run {
  readonly path: string;
  /** What to go on from, if there is anything. */
  readonly checkpoint: Checkpoint | undefined;
  readonly config: RunConfig;
  /** Remembers a line for `metrics.jsonl`; it is written with the next checkpoint. */
  log(metrics: Metrics): void;
  /** Writes what was logged, then the checkpoint. @throws HnncError kind `io`; the old checkpoint stays */
  save(checkpoint: Checkpoint): Promise<void>;
  /** Writes what was logged. */
  flush(): Promise<void>;
}

/** How to open a run directory. */
export interface OpenRunOptions {
  /** The number of the model's parameters, which checkpoints must have. */
  readonly parameters: number;
  /** Goes on with the run that is there, from its last checkpoint; begins where there is none. */
  readonly resume?: boolean | undefined;
  /** Removes the run that is there. */
  readonly overwrite?: boolean | undefined;
}

/**
 * Works in a run directory, which is made where there is none. It is locked meanwhile.
 *
 * @throws HnncError kind `usage`: `not-a-run` for a folder of other things, `run-exists` for a run that is not to be gone
 *   on with, `run-differs` for one that is another, `bad-json`; kind `data`: `run-locked`, and what is wrong with a
 *   checkpoint; kind `io`
 * @example
 * await withRun("runs/pend", config, { parameters: count, resume: true }, async (run) => {
 *   await train(model, data, { ...options, resume: run.checkpoint, onCheckpoint: run.save });
 * });
 */
export async function withRun<T>(
  path: string,
  config: RunConfig,
  options: OpenRunOptions,
  action: (run: Run) => Promise<T>,
): Promise<T> {
  await makeFolder(path);
  await requireRunFolder(path);
  const lock: FolderLock = await lockFolder(path);
  return undoable(lock.releaseNow, async () => {
    try {
      return await insideRun(path, config, options, action);
    } finally {
      await lock.release();
    }
  });
}

/**
 * Makes a folder and those that it lies in. Node's own `recursive` never comes back where a folder cannot be made and says
 * that its parent is missing, as /proc does.
 */
async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  for (let each = resolve(path); !(await isFolder(each, path)); each = dirname(each)) missing.unshift(each);
  for (const each of missing) {
    await mkdir(each).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw fileError("write", path, error);
    });
  }
}

/** Whether there is a folder; what is none and stands in the way of `wanted` is refused. */
async function isFolder(path: string, wanted: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw fileError("write", wanted, error);
  });
  if (!found || found.isDirectory()) return found !== undefined;
  const reason = path === resolve(wanted) ? "it is no directory" : `\`${path}\` is no directory`;
  throw new HnncError({
    kind: "io",
    code: "cannot-write",
    message: `cannot write \`${wanted}\`: ${reason}`,
    hint: "name another folder: -o runs/NAME",
  });
}

async function insideRun<T>(
  path: string,
  config: RunConfig,
  { parameters, resume = false, overwrite = false }: OpenRunOptions,
  action: (run: Run) => Promise<T>,
): Promise<T> {
  const names = await requireRunFolder(path);
  await removeAll(path, names.filter(isLeftOver));
  const isThere = names.includes("config.json") && !overwrite;
  if (isThere && !resume) throw runExists(path, names.includes("model.json"));
  if (isThere) requireSameRun(path, await readRunConfig(path), config);
  else await removeAll(path, names.filter(isOfRun));
  const checkpoint = isThere && names.includes(checkpointName) ? await readCheckpoint(path, parameters) : undefined;
  if (checkpoint) requireStepsLeft(path, checkpoint, config);
  const configFile = { path: join(path, "config.json"), content: `${JSON.stringify(config, undefined, 2)}\n` };
  await writeFiles([configFile], { links: "replace" });
  const log = await openRunLog(path, checkpoint?.step);
  try {
    return await action({
      ...{ path, checkpoint, config, log: log.add, flush: log.flush },
      async save(next) {
        await log.flush();
        await writeCheckpoint(path, next);
      },
    });
  } finally {
    await log.close();
  }
}

/** What a killed process may leave behind. */
function isLeftOver(name: string): boolean {
  return name.startsWith(".") && name.endsWith(".partial");
}

/** What a run makes besides its configuration, which is replaced: what `overwrite` removes. */
function isOfRun(name: string): boolean {
  return /^(metrics\.jsonl|checkpoint\.safetensors|model\.(json|safetensors)|report\.html|events\.out\.tfevents\..*|[\w-]+\.svg)$/.test(
    name,
  );
}

/** The names in a folder that is a run, or empty. */
async function requireRunFolder(path: string): Promise<string[]> {
  const names = await readdir(path).catch((error: unknown) => {
    throw fileError("read", path, error);
  });
  const stranger = names.find((name) => !isOfLock(name) && !isLeftOver(name));
  if (names.includes("config.json") || stranger === undefined) return names;
  throw new HnncError({
    kind: "usage",
    code: "not-a-run",
    message: `\`${path}\` holds \`${stranger}\` and is no run`,
    hint: "name another directory: -o runs/NAME",
  });
}

async function removeAll(path: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await rm(join(path, name), { force: true }).catch((error: unknown) => {
      throw fileError("write", join(path, name), error);
    });
  }
}

function runExists(path: string, hasEnded: boolean): HnncError {
  return new HnncError({
    kind: "usage",
    code: "run-exists",
    message: `there is a run in \`${path}\`${hasEnded ? "" : " that has not ended"}`,
    hint: "--resume goes on with it, --overwrite begins anew, -o names another directory",
  });
}

function requireStepsLeft(path: string, { step }: Checkpoint, { training: { steps } }: RunConfig): void {
  if (steps === undefined || step <= steps) return;
  throw new HnncError({
    kind: "usage",
    code: "run-differs",
    message: `the run \`${path}\` has done ${step} steps, more than ${steps}`,
    hint: `--steps ${step} or more`,
  });
}
