import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { HnncError } from "../errors.ts";
import { notARun, rememberedConfig } from "./remembered-run.ts";
import { type PreparedTraining, prepareTraining } from "./training-config.ts";
import { loadRows, noOrigin, type TrainConfig } from "./training-data.ts";
import type { TrainingFlags } from "./training-options.ts";
import { refuseOnResume } from "./unused-options.ts";

/** A run that is about to begin or to go on. */
export interface RunToTrain {
  readonly prepared: PreparedTraining;
  readonly folder: string;
}

/**
 * A new run as the words say, or one that is there, as it was begun.
 *
 * @throws HnncError kind `usage`, and what `prepareTraining` throws
 */
export async function runToTrain(argument: string | undefined, flags: TrainingFlags): Promise<RunToTrain> {
  const { output } = flags;
  if (output === "" || output === "-") throw noFolder(output);
  if (flags.resume && flags.overwrite) throw contradiction();
  if (!flags.resume) return newRun(argument, flags);
  const known = argument !== undefined && existsSync(join(argument, "config.json")) ? argument : undefined;
  if (known !== undefined && output !== undefined && resolve(output) !== resolve(known))
    throw twoFolders(known, output);
  if (known !== undefined) return { prepared: await remembered(known, flags), folder: known };
  if (output === undefined) throw notToResume(argument);
  if (argument === undefined && flags.data === undefined) {
    return { prepared: await remembered(output, flags), folder: output };
  }
  return newRun(argument, flags);
}

async function newRun(argument: string | undefined, flags: TrainingFlags): Promise<RunToTrain> {
  const prepared = await prepareTraining(argument, flags);
  return { prepared, folder: flags.output ?? freeFolder(prepared.config) };
}

async function remembered(folder: string, flags: TrainingFlags): Promise<PreparedTraining> {
  if (!existsSync(join(folder, "config.json"))) throw notARun(folder);
  refuseOnResume({ ...flags });
  const config = await rememberedConfig(folder);
  if (!config) throw noOrigin(folder, "it was begun by other means than `hnnc train`");
  const options = { ...config.options, ...(flags.steps !== undefined && { steps: flags.steps }) };
  return { config: { ...config, options }, dataset: await loadRows(config.data, config.description) };
}

function noFolder(output: string): HnncError {
  return new HnncError({
    kind: "usage",
    code: "bad-output",
    message: `a run is kept in a folder, and \`${output}\` is none`,
    hint: "name one, -o runs/NAME, or leave -o out",
  });
}

function contradiction(): HnncError {
  return new HnncError({
    kind: "usage",
    code: "conflicting-option",
    message: "`--resume` goes on with a run, `--overwrite` removes it",
    hint: "leave out one of the two",
  });
}

function twoFolders(known: string, output: string): HnncError {
  return new HnncError({
    kind: "usage",
    code: "two-folders",
    message: `a run goes on in its own folder, \`${known}\`, and not in \`${output}\``,
    hint: "leave -o out; to keep the run as it is now, copy its folder first",
  });
}

function notToResume(argument: string | undefined): HnncError {
  const message =
    argument === undefined ? "it is not said which run goes on" : `\`${argument}\` is not the folder of a run`;
  return new HnncError({ kind: "usage", code: "not-a-run", message, hint: "hnnc train runs/NAME --resume" });
}

/** `runs/pendulum-hnn`, or the first of `runs/pendulum-hnn-2`, … that is not there. */
function freeFolder({ data, description, truth }: TrainConfig): string {
  const source = data.kind === "file" ? data.path.replace(/^.*[/\\]/, "").replace(/\.\w+$/, "") : undefined;
  const name = (truth?.system ?? source ?? "formula").replace(/[^\w.-]+/g, "-");
  const wanted = join("runs", `${name}-${description.family}`);
  if (!existsSync(wanted)) return wanted;
  for (let k = 2; ; k++) if (!existsSync(`${wanted}-${k}`)) return `${wanted}-${k}`;
}
