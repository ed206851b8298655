import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The command line's source, which runs as it stands. */
export const mainFile: string = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  /** Added to this process's own; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs `hnnc words…` as a process of its own and waits for its end. */
export function hnnc(words: readonly string[], options: ProcessOptions = {}): Promise<Outcome> {
  return runProcess(process.execPath, [mainFile, ...words], options);
}

/** Runs a shell command line; `$hnnc` in it is the command line's source under this Node. */
export function shell(line: string, options: ProcessOptions = {}): Promise<Outcome> {
  const env = { ...options.env, hnnc: `${process.execPath} ${mainFile}` };
  return runProcess("bash", ["-c", line], { ...options, env });
}

/** Runs a file of JavaScript or TypeScript. */
export function program(
  file: string,
  options: ProcessOptions & { readonly words?: readonly string[] } = {},
): Promise<Outcome> {
  return runProcess(process.execPath, [file, ...(options.words ?? [])], options);
}

function runProcess(command: string, words: readonly string[], options: ProcessOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { cwd: options.cwd, env: { ...process.env, ...options.env } });
    const outputs = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => (outputs[name] += text));
    }
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...outputs }));
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
}
