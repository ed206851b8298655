import type { Dataset } from "./dataset.ts";
import type { RawData, ReadLimits } from "./format.ts";
import { type FormatName, formatOf, loadFormat } from "./formats.ts";
import { type InterpretOptions, interpret } from "./interpret.ts";
import { openSource, type Source } from "./source.ts";

export interface ReadOptions extends InterpretOptions {
  /** Default: by the extension. */
  readonly format?: FormatName | undefined;
  /** The most bytes of numbers to hold; a larger file is refused. Default 2 GiB. */
  readonly mostBytes?: number | undefined;
}

const usualMostBytes = 2 ** 31;

/**
 * Reads trajectories or samples from a file, of ours or of a user's.
 *
 * @throws HnncError kind `io` (no such file, …), `data` (what the file holds is damaged or no dataset, with the place),
 * `limit` (too large), `usage` (unknown extension)
 * @example
 * const dataset = await readDataset("arm.csv", { columns: parseColumns("q=theta,p=omega") });
 */
export async function readDataset(path: string, options: ReadOptions = {}): Promise<Dataset> {
  return withSource(path, async (source) => interpret(source, await readRaw(source, options), options));
}

/** Reads a file's arrays without making a dataset of them. */
export async function readArrays(path: string, options: ReadOptions = {}): Promise<RawData> {
  return withSource(path, (source) => readRaw(source, options));
}

/** Reads bytes that are open already. */
export async function readRaw(source: Source, options: ReadOptions = {}): Promise<RawData> {
  const format = await loadFormat(options.format ?? formatOf(source.name));
  const limits: ReadLimits = { bytes: options.mostBytes ?? usualMostBytes };
  return format.read(source, limits);
}

async function withSource<T>(path: string, action: (source: Source) => Promise<T>): Promise<T> {
  const source = await openSource(path);
  try {
    return await action(source);
  } finally {
    await source.close();
  }
}
