import { HnncError } from "../errors.ts";
import type { Dataset } from "./dataset.ts";
import type { Header } from "./format.ts";
import { interpret } from "./interpret.ts";
import type { Provenance, Shard } from "./provenance.ts";
import { type ReadOptions, readArrays } from "./read.ts";
import { headerOf, openWriter, type WriteOptions } from "./write.ts";

const mostShards = 1_000_000;

/**
 * Reads `k/n`: the k-th of n parts, k from 1.
 *
 * @throws HnncError `bad-shard` (usage)
 */
export function parseShard(text: string): Shard {
  const [, k, n] = /^\s*(\d{1,7})\s*\/\s*(\d{1,7})\s*$/.exec(text) ?? [];
  const shard = { index: Number(k), count: Number(n) };
  if (shard.index >= 1 && shard.index <= shard.count && shard.count <= mostShards) return shard;
  throw new HnncError({
    kind: "usage",
    code: "bad-shard",
    message: `\`${text}\` is not a shard`,
    hint: "shards count from 1: 1/4, 2/4, 3/4, 4/4",
  });
}

/** The half-open range of items 0 … total − 1 that a shard computes; the ranges of all shards follow one another. */
export function shardRange({ index, count }: Shard, total: number): { readonly from: number; readonly to: number } {
  const at = (k: number) => Math.floor((k * total) / count);
  return { from: at(index - 1), to: at(index) };
}

/** Shards that belong together: the header of the whole, and its rows shard by shard. */
export interface JoinedShards {
  readonly header: Header;
  /** One shard at a time is held in memory. */
  parts(): AsyncGenerator<Dataset>;
}

/**
 * Finds out how shards, which hold whole runs, fit together: written by `openWriter(path, header)`, their parts make the
 * file that one run would have written, byte for byte: formats are functions of the header and the rows, and rows read
 * back to the same bits.
 *
 * @param inputs files of any format with all shards of one run, in any order
 * @throws HnncError kind `data`, here and in `parts`, where a shard is missing, is there twice or belongs to another run
 */
export async function joinShards(
  inputs: readonly string[],
  options: Pick<ReadOptions, "mostBytes"> = {},
): Promise<JoinedShards> {
  const { paths, header } = await inOrder(inputs, options);
  return {
    header,
    async *parts() {
      const runs = new Set<number>();
      for (const path of paths) {
        const { dataset } = await readShard(path, options);
        for (const { id } of dataset.runs) {
          if (runs.has(id)) throw refusal(`run ${id} in \`${path}\` is in a shard before it, too`);
          runs.add(id);
        }
        yield dataset;
      }
    },
  };
}

/**
 * Joins shards into a file, see `joinShards`.
 *
 * @throws HnncError kind `data`, `io`; kind `usage` for an unknown extension
 */
export async function mergeShards(
  inputs: readonly string[],
  output: string,
  options: WriteOptions & Pick<ReadOptions, "mostBytes"> = {},
): Promise<{ readonly rows: number; readonly runs: number }> {
  const { header, parts } = await joinShards(inputs, options);
  const writer = await openWriter(output, header, options);
  let [rows, runs] = [0, 0];
  try {
    for await (const part of parts()) {
      await writer.write(part);
      rows += part.rows;
      runs += part.runs.length;
    }
  } catch (error) {
    await writer.abort();
    throw error;
  }
  await writer.close();
  return { rows, runs };
}

async function readShard(
  path: string,
  options: Pick<ReadOptions, "mostBytes">,
): Promise<{ dataset: Dataset; header: Header }> {
  const raw = await readArrays(path, options);
  const dataset = interpret({ name: path }, raw);
  return { dataset, header: { ...headerOf(dataset), runs: raw.arrays.has("run") } };
}

async function inOrder(
  inputs: readonly string[],
  options: Pick<ReadOptions, "mostBytes">,
): Promise<{ readonly paths: readonly string[]; readonly header: Header }> {
  const places = new Map<number, string>();
  let header: Header | undefined;
  for (const path of inputs) {
    const found = (await readShard(path, options)).header;
    const { shard, ...provenance } = found.provenance;
    if (!shard) throw refusal(`\`${path}\` is not a shard`, "merge joins files that `--shard k/n` wrote");
    const whole = { ...found, provenance };
    header ??= whole;
    if (text(whole) !== text(header)) {
      throw refusal(
        `\`${path}\` comes from another run than \`${inputs[0]}\``,
        difference(provenance, header.provenance),
      );
    }
    if (shard.count !== inputs.length) {
      throw refusal(`\`${path}\` is one of ${shard.count} shards, and ${inputs.length} are given`);
    }
    const other = places.get(shard.index);
    if (other !== undefined)
      throw refusal(`\`${path}\` and \`${other}\` are both shard ${shard.index} of ${shard.count}`);
    places.set(shard.index, path);
  }
  if (!header) throw new HnncError({ kind: "usage", code: "no-shards", message: "no shards are given" });
  const paths = [...places].sort(([a], [b]) => a - b).map(([, path]) => path);
  return { paths, header };
}

function text(header: Header): string {
  return JSON.stringify(header);
}

function difference(a: Provenance, b: Provenance): string | undefined {
  const key = [...new Set([...Object.keys(a), ...Object.keys(b)])].find(
    (each) => JSON.stringify(a[each]) !== JSON.stringify(b[each]),
  );
  return key && `\`${key}\` is ${JSON.stringify(a[key])} in one and ${JSON.stringify(b[key])} in the other`;
}

function refusal(message: string, hint?: string): HnncError {
  return new HnncError({ kind: "data", code: "bad-shards", message, hint });
}
