import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { TrainOptions } from "../../../src/train/options.ts";

const file = fileURLToPath(new URL("./train-child.ts", import.meta.url));

/** A training run in a process of its own. */
export interface RunProcess {
  readonly child: ChildProcess;
  /** Before its first step. */
  readonly ready: Promise<void>;
  readonly ended: Promise<RunEnd>;
}

export interface RunEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Begins or goes on with `smallRun` in a folder. */
export function startRun(folder: string, options: TrainOptions, words: readonly string[] = []): RunProcess {
  const [command, ...before] = [...words, process.execPath];
  const child = spawn(command!, [...before, file, folder, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const outputs = { stdout: "", stderr: "" };
  let isReady = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    outputs.stdout += text;
    if (outputs.stdout.includes("ready")) isReady();
  });
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    outputs.stderr += text;
  });
  const ended = new Promise<RunEnd>((resolve) => {
    child.on("close", (code, signal) => {
      isReady();
      resolve({ code, signal, ...outputs });
    });
  });
  return { child, ready, ended };
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
