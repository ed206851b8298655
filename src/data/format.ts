import type { Dataset } from "./dataset.ts";
import type { Description } from "./provenance.ts";
import type { Sink } from "./sink.ts";
import type { Source } from "./source.ts";

/** Which columns a file has; it is written before the first row is known. */
export interface Header extends Description {
  readonly times: boolean;
  readonly derivatives: boolean;
  readonly energies: boolean;
  readonly test: boolean;
  /** Whether rows carry the number of their run; a single trajectory does without. */
  readonly runs: boolean;
}

/** An array of a file, row-major: numbers of any type as f64, or text. */
export interface RawArray {
  readonly shape: readonly number[];
  readonly values: Float64Array | readonly string[];
}

/** What a file holds, before anything is made of it. */
export interface RawData {
  readonly arrays: ReadonlyMap<string, RawArray>;
  /** Present in files that hnnc wrote. */
  readonly description: Description | undefined;
}

/** Takes rows in order. The bytes do not depend on how rows are cut into chunks. */
export interface RowWriter {
  /** Appends all rows of a dataset that has the header's columns. */
  write(chunk: Dataset): Promise<void>;
  /** Writes what comes last. The sink stays open. */
  close(): Promise<void>;
  /** Lets go of scratch files. */
  abort(): Promise<void>;
}

/** What may be read at most. */
export interface ReadLimits {
  /** Of decoded numbers and text. */
  readonly bytes: number;
}

/** A file format: one object, one file, one line in the registry. */
export interface Format {
  readonly name: string;
  /**
   * Reads and checks everything.
   *
   * @throws HnncError kind `data` for whatever is wrong with the bytes; kind `limit` for a file that is sound but too
   * large
   */
  read(source: Source, limits: ReadLimits): Promise<RawData>;
  /** Begins a file. Its bytes are a function of the header and the rows alone. */
  write(sink: Sink, header: Header): Promise<RowWriter>;
}
