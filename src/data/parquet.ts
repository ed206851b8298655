import type { Format, RawArray, RawData, ReadLimits } from "./format.ts";
import { parquetFile } from "./parquet-metadata.ts";
import { chunkValues } from "./parquet-pages.ts";
import { writeParquet } from "./parquet-writer.ts";
import { readDescriptionText } from "./provenance.ts";
import { dataError, type Source } from "./source.ts";

/**
 * Apache Parquet with a column a name: `t`, coordinates, momenta, `H`, derivatives `dq/dt`, `run` (int32), `test`
 * (boolean), as far as there are any; the description is the metadata entry `hnnc`, as JSON.
 *
 * What pandas, Polars, DuckDB and Spark write of flat columns is read: numbers, booleans and text, plain, by dictionary
 * or in byte streams, uncompressed or by snappy, gzip or zstd.
 */
export const parquet: Format = {
  name: "parquet",
  read: readParquet,
  write: (sink, header) => writeParquet(sink, header),
};

async function readParquet(source: Source, limits: ReadLimits): Promise<RawData> {
  return damaged(source, async () => {
    const { rows, columns, groups, description } = await parquetFile(source, limits);
    const arrays = new Map<string, RawArray>();
    for (const [k, column] of columns.entries()) {
      const parts = [];
      for (const group of groups) {
        const chunk = group[k]!;
        parts.push(chunkValues(chunk, await source.read(chunk.start, chunk.size)));
      }
      arrays.set(column.name, { shape: [rows], values: joined(parts, rows) });
    }
    return { arrays, description: description === undefined ? undefined : readDescriptionText(description) };
  });
}

function joined(parts: readonly (Float64Array | string[])[], rows: number): Float64Array | string[] {
  const out = new Float64Array(rows);
  const text: string[] = [];
  let at = 0;
  for (const part of parts) {
    if (part instanceof Float64Array) {
      out.set(part, at);
      at += part.length;
    } else for (const entry of part) text.push(entry);
  }
  return parts.length > 0 && at === 0 && text.length > 0 ? text : out;
}

/** Decoders throw RangeErrors (as DataView does past its end); zlib has errors of its own. */
async function damaged<T>(source: Source, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const zlib =
      error instanceof Error && "errno" in error && String((error as NodeJS.ErrnoException).code).startsWith("Z_");
    const long = error instanceof Error && (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    if (!(error instanceof RangeError || zlib || long)) throw error;
    throw dataError(source, "bad-parquet", (error as Error).message, { cause: error });
  }
}
