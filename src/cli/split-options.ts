import { type Command, Option } from "commander";
import type { SplitOptions } from "../data/split.ts";
import { numberReader } from "./number-option.ts";

/** What the options of a split say; a part of 0 asks for none. */
export interface SplitFlags {
  readonly split?: number;
  readonly splitBy?: SplitOptions["by"];
  readonly splitWhich?: SplitOptions["which"];
}

/** Adds `--split`, `--split-by` and `--split-which`. */
export function declareSplit(command: Command, usual: string): void {
  const part = numberReader("--split", { wanted: "a part", least: 0, most: 1 });
  command
    .option("--split <part>", `the part that is for testing, 0 to 1 (default: ${usual})`, part)
    .addOption(new Option("--split-by <what>", "what is divided (default: run)").choices(["run", "row"]))
    .addOption(
      new Option("--split-which <which>", "which ones test (default: random)").choices(["random", "first", "last"]),
    );
}
