import { stoppable } from "../../../src/cli/signals.ts";
import { HnncError } from "../../../src/errors.ts";
import type { TrainOptions } from "../../../src/train/options.ts";
import { trainRun } from "../../../src/train/run/train-run.ts";
import { smallRun } from "./small-run.ts";

/*
 * A training run as a process of its own, to be killed: node train-child.ts FOLDER OPTIONS, the options as JSON. It prints
 * `ready` before the first step and ends with the exit code of the command line.
 */
const [path = "", written = "{}"] = process.argv.slice(2);
const options = JSON.parse(written) as TrainOptions;

try {
  const { result, code } = await stoppable((signal) =>
    trainRun({
      ...smallRun,
      options: { ...smallRun.options, ...options, signal, onReady: () => console.log("ready") },
      run: { path, resume: true, seconds: 0.05 },
    }),
  );
  console.log(JSON.stringify({ step: result.checkpoint.step, stopped: result.stopped, from: result.resumedFrom }));
  process.exitCode = code;
} catch (error) {
  if (!(error instanceof HnncError)) throw error;
  console.error(error.format());
  process.exitCode = error.exitCode;
}
