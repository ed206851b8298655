import { extname } from "node:path";
import { HnncError } from "../errors.ts";
import type { Format } from "./format.ts";

interface FormatEntry {
  /** With the dot, lower case; the first one is the usual one. */
  readonly extensions: readonly string[];
  /** One line for lists. */
  readonly description: string;
  readonly load: () => Promise<Format>;
}

/** All formats by name, loaded when they are used; a new one is one file and one line here. */
export const formats = {
  csv: {
    extensions: [".csv", ".tsv", ".txt", ".dat"],
    description: "columns as text; numbers in the shortest form that reads back to the same bits",
    load: async () => (await import("./csv.ts")).csv,
  },
  json: {
    extensions: [".json"],
    description: "one JSON document, a row a line",
    load: async () => (await import("./json.ts")).json,
  },
  npz: {
    extensions: [".npz"],
    description: "NumPy arrays t, x, dx, H, run, test, columns, provenance, uncompressed",
    load: async () => (await import("./npz.ts")).npz,
  },
  parquet: {
    extensions: [".parquet"],
    description: "Apache Parquet, a column a name, for pandas, Polars, DuckDB, Arrow",
    load: async () => (await import("./parquet.ts")).parquet,
  },
  safetensors: {
    extensions: [".safetensors"],
    description: "the arrays of npz as safetensors, for PyTorch and JAX",
    load: async () => (await import("./safetensors.ts")).safetensors,
  },
} satisfies Record<string, FormatEntry>;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as readonly FormatName[];

/**
 * The format that a file's extension names.
 *
 * @throws HnncError `unknown-format` (usage), listing the extensions
 */
export function formatOf(path: string): FormatName {
  const extension = extname(path).toLowerCase();
  const found = formatNames.find((name) => (formats[name].extensions as readonly string[]).includes(extension));
  if (found) return found;
  throw new HnncError({
    kind: "usage",
    code: "unknown-format",
    message: extension === "" ? `\`${path}\` has no extension` : `no data format has the extension \`${extension}\``,
    notes: formatNames.map((name) => `${formats[name].extensions.join(" ")}: ${formats[name].description}`),
    hint: extensionHints[extension],
  });
}

const extensionHints: Readonly<Record<string, string>> = {
  ".npy": "numpy.savez('file.npz', x=array) makes a file that is read",
  ".pkl": "pickle runs code when it is read; numpy.savez or DataFrame.to_parquet are safe",
  ".pickle": "pickle runs code when it is read; numpy.savez or DataFrame.to_parquet are safe",
  ".mat": "scipy.io.loadmat and numpy.savez convert it",
  ".h5": "h5py and numpy.savez convert it",
  ".hdf5": "h5py and numpy.savez convert it",
};

/** Loads a format. */
export async function loadFormat(name: FormatName): Promise<Format> {
  return formats[name].load();
}
