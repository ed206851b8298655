import { HnncError } from "../errors.ts";
import type { Dataset } from "./dataset.ts";
import { fileError } from "./file-reasons.ts";
import type { Header } from "./format.ts";
import { type FormatName, formatOf, loadFormat } from "./formats.ts";
import { openSink } from "./sink.ts";

export interface WriteOptions {
  /** Default: by the extension. */
  readonly format?: FormatName | undefined;
}

/** A file that grows by chunks of rows and appears when it is closed. */
export interface DatasetWriter {
  /** Appends rows that follow those before; a run may go on. */
  write(chunk: Dataset): Promise<void>;
  /** Completes the file and gives it its name. */
  close(): Promise<void>;
  /** Gives up: nothing is left behind. */
  abort(): Promise<void>;
  /** The same at once, for a signal handler. */
  abortNow(): void;
}

/**
 * Begins a file whose rows come in chunks, so that it may be larger than memory. Its bytes do not depend on how rows are
 * cut into chunks.
 *
 * @throws HnncError kind `io`, here and in every method; kind `usage` for an unknown extension
 * @example
 * const writer = await openWriter("ensemble.parquet", headerOf(first));
 * await writer.write(first);
 * await writer.close();
 */
export async function openWriter(path: string, header: Header, options: WriteOptions = {}): Promise<DatasetWriter> {
  const format = await loadFormat(options.format ?? formatOf(path));
  const sink = await openSink(path);
  const orAbort = async <T>(action: () => Promise<T>, abort: () => Promise<void>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      await abort();
      throw fileError("write", path, error);
    }
  };
  const rows = await orAbort(
    () => format.write(sink, header),
    () => sink.abort(),
  );
  const abort = async () => {
    await rows.abort().catch(() => {});
    await sink.abort();
  };
  const check = rowCheck(header);
  return {
    write: (chunk) =>
      orAbort(async () => {
        check(chunk);
        if (chunk.rows > 0) await rows.write(chunk);
      }, abort),
    close: () =>
      orAbort(async () => {
        await rows.close();
        await sink.commit();
      }, abort),
    abort,
    abortNow: sink.abortNow,
  };
}

/** Refuses chunks that do not belong into a file: other columns, or a run that was left and comes again. */
function rowCheck(header: Header): (chunk: Dataset) => void {
  const refuse = (code: string, message: string) => new HnncError({ kind: "data", code, message });
  const wanted = columnsTold(header);
  // Most runs are numbered 0, 1, 2, …: those need no set.
  let counted = 0;
  const others = new Set<number>();
  let last: number | undefined;
  return (chunk) => {
    const found = columnsTold(headerOf(chunk));
    if (found !== wanted) throw refuse("columns-differ", `rows with the columns \`${found}\` do not fit \`${wanted}\``);
    for (const [k, { id }] of chunk.runs.entries()) {
      if (k === 0 && id === last) continue;
      if (id < counted || others.has(id)) throw refuse("run-twice", `run ${id} was left and comes again`);
      if (last !== undefined && !header.runs) throw refuse("run-column", "the file has no column for a second run");
      if (id === counted) counted++;
      else others.add(id);
      last = id;
    }
  };
}

function columnsTold({ coordinates, momenta, times, energies, derivatives, test }: Header): string {
  const optional = { t: times, H: energies, derivatives, split: test };
  const present = Object.entries(optional).flatMap(([name, there]) => (there ? [name] : []));
  return [...coordinates, ...momenta, ...present].join(" ");
}

/** The header of files that hold datasets like this one. */
export function headerOf(dataset: Dataset): Header {
  const { coordinates, momenta, times, derivatives, energies, test, runs, provenance } = dataset;
  return {
    coordinates,
    momenta,
    times: times !== undefined,
    derivatives: derivatives !== undefined,
    energies: energies !== undefined,
    test: test !== undefined,
    runs: runs.length > 1 || (runs[0]?.id ?? 0) !== 0,
    provenance,
  };
}

/**
 * Writes a dataset; the file appears whole or not at all.
 *
 * @throws HnncError kind `io`; kind `usage` for an unknown extension
 */
export async function writeDataset(path: string, dataset: Dataset, options: WriteOptions = {}): Promise<void> {
  const writer = await openWriter(path, headerOf(dataset), options);
  await writer.write(dataset);
  await writer.close();
}
