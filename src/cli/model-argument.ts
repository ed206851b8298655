import type { Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileReasons } from "../data/file-reasons.ts";
import { HnncError } from "../errors.ts";
import type { System } from "../systems/system.ts";

/** What a command's model argument named. */
export type ModelArgument =
  | { readonly kind: "system"; readonly system: System }
  /** The folder of a trained model. */
  | { readonly kind: "run"; readonly folder: string }
  | { readonly kind: "text"; readonly text: string };

/** No model text is longer; the parser's own limit lies below. */
const mostBytes = 64 * 2 ** 20;

/**
 * Finds out what was meant by `hnnc compile THIS`: `-` is standard input, a name of the catalogue that system, the folder of
 * a training run the model it holds, an existing file or anything that ends in .ham that file, and all else the formula itself.
 *
 * @throws HnncError `cannot-read` (io), `not-utf8` (data), `input-too-long` (limit)
 */
export async function readModelArgument(argument: string): Promise<ModelArgument> {
  if (argument === "-") return { kind: "text", text: decode(await readStandardInput(), "standard input") };
  if (looksLikeName(argument)) {
    // The catalogue is sixty files: a formula does not load it.
    const { isSystemName, systems } = await import("../systems/systems.ts");
    if (isSystemName(argument)) return { kind: "system", system: systems[argument] };
  }
  const folder = await runFolder(argument);
  if (folder !== undefined) return { kind: "run", folder };
  if (argument.endsWith(".ham") || (await isFile(argument))) {
    return { kind: "text", text: decode(await readModelFile(argument), `\`${argument}\``) };
  }
  return { kind: "text", text: argument };
}

/** Whether an argument could be a name of the catalogue. */
export function looksLikeName(argument: string): boolean {
  return /^[a-z][a-z0-9]*([-_][a-z0-9]+)*$/i.test(argument);
}

async function isFile(argument: string): Promise<boolean> {
  return (await found(argument))?.isFile() === true;
}

/** The folder of a run, named by itself or by the model.json in it; undefined for anything else. */
export async function runFolder(argument: string): Promise<string | undefined> {
  if (/(^|[/\\])model\.json$/.test(argument) && (await isFile(argument))) return dirname(argument);
  if (!(await found(argument))?.isDirectory()) return undefined;
  const inside = await Promise.all(["config.json", "model.json"].map((name) => isFile(join(argument, name))));
  return inside.includes(true) ? argument : undefined;
}

async function found(argument: string): Promise<Stats | undefined> {
  // Formulas hold brackets, stars and line breaks; a path given to `hnnc compile` hardly ever does.
  if (argument.length > 1024 || /[()*^=;\n\0]/.test(argument)) return undefined;
  return stat(argument).catch(() => undefined);
}

async function readModelFile(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, "r");
    try {
      if ((await file.stat()).size > mostBytes) throw tooLong(`\`${path}\``);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof HnncError) throw error;
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new HnncError({
      kind: "io",
      code: "cannot-read",
      message: `cannot read \`${path}\`: ${fileReasons[code] ?? message}`,
      cause: error,
    });
  }
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > mostBytes) throw tooLong("standard input");
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Uint8Array, from: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HnncError({
      kind: "data",
      code: "not-utf8",
      message: `${from} is not UTF-8 text`,
      hint: "save it as UTF-8",
      cause,
    });
  }
}

function tooLong(from: string): HnncError {
  return new HnncError({
    kind: "limit",
    code: "input-too-long",
    message: `${from} holds more than ${mostBytes / 2 ** 20} MB; a model text may not`,
  });
}
