import { HnncError } from "../errors.ts";
import type { ModelName } from "../hnn/models.ts";
import { optimisers } from "../train/optimisers.ts";
import type { TrainingFlags } from "./training-options.ts";

type Flag = keyof TrainingFlags;

const ofFiles: readonly Flag[] = ["columns", "gap"];
const ofGenerated: readonly Flag[] = ["trajectories", "points", "t", "region", "energy", "noise"];
const ofSplits: readonly Flag[] = ["splitBy", "splitWhich"];
const ofHybrids: readonly Flag[] = ["learn", "residual", "residualPenalty"];
const ofSteps: readonly Flag[] = ["batch", "rate", "schedule", "clip"];
/** What may be said of a run that goes on: all else was decided when it began. */
const ofResumed: readonly Flag[] = ["output", "resume", "steps", "report", "json"];

/**
 * Refuses options that would change nothing, which whoever gave them does not expect.
 *
 * @throws HnncError `unused-option` (usage), naming the option
 */
export function refuseUnused(flags: TrainingFlags, family: ModelName): void {
  const refuse = (names: readonly Flag[], why: string, hint: string) => {
    const given = names.find((name) => flags[name] !== undefined);
    if (given !== undefined) throw unused(`\`${optionOf(given)}\` ${why}`, hint);
  };
  if (flags.data === undefined)
    refuse(ofFiles, "says how to read rows, and no file of rows is given", "add --data FILE");
  else refuse(ofGenerated, "is of generated rows, and `--data` gives rows", "leave out one of the two");
  if (flags.split === undefined) refuse(ofSplits, "says how rows are split, and not how many", "add --split 0.2");
  if (family !== "hybrid")
    refuse(ofHybrids, `is of hybrids, and the model is ${family}`, "--model hybrid, or leave it out");
  if (family === "random-features") refuse(["hidden"], "is of networks that are trained whole", "--features 200");
  else refuse(["features"], "is of random features", "--model random-features, or leave it out");
  const { optimiser, loss } = flags;
  if (optimiser !== undefined && optimiser !== "auto" && optimisers[optimiser].kind !== "step")
    refuse(ofSteps, `is of adam and adamw, and ${optimiser} searches with all rows`, "leave it out");
  const isLong = loss === "roll-out" || loss === "sequence" || (loss === undefined && family === "lstm");
  if (!isLong) refuse(["length"], "is of the losses roll-out and sequence", "add --loss roll-out");
}

/**
 * Refuses what would make another run of one that is gone on with.
 *
 * @throws HnncError `unused-option` (usage), naming the option
 */
export function refuseOnResume(flags: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(flags).find(
    (name) => !(ofResumed as readonly string[]).includes(name) && name !== "debug" && !isUsual(name, flags[name]),
  );
  if (given === undefined) return;
  throw unused(
    `\`${optionOf(given)}\` changes nothing: a run goes on as it began`,
    "leave it out, or begin another run: -o runs/NAME",
  );
}

/** Options that are there without being given. */
function isUsual(name: string, value: unknown): boolean {
  return name === "normalise" && value === true;
}

function optionOf(flag: string): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function unused(message: string, hint: string): HnncError {
  return new HnncError({ kind: "usage", code: "unused-option", message, hint });
}
