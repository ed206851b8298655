import { HnncError } from "../errors.ts";
import { derivativeName } from "./dataset.ts";
import { reservedColumns } from "./fields.ts";
import type { RawArray, RawData } from "./format.ts";
import { dataError, type Source } from "./source.ts";

/** Which column of a file is which: from a name of ours (`q`, `p`, `t`, `run`, `split`, `H`, `dq/dt`) to one of the file's. */
export type ColumnMapping = ReadonlyMap<string, string>;

/**
 * Reads `q=theta,p=omega,t=time`. A column of a file without names, or of any file, may be given by its number from 1.
 *
 * @throws HnncError `bad-columns` (usage)
 * @example
 * parseColumns("q=theta,p=omega"); // Map { "q" → "theta", "p" → "omega" }
 */
export function parseColumns(text: string): ColumnMapping {
  const mapping = new Map<string, string>();
  // A comma inside brackets belongs to a name, as in q[1,2].
  for (const part of text.split(/,(?![^[\]]*\])/)) {
    const [, name, column] = /^\s*([^=]+?)\s*=\s*(.+?)\s*$/.exec(part) ?? [];
    if (name === undefined || column === undefined)
      throw badColumns(`\`${part.trim()}\` does not say which column is which`);
    if (mapping.has(name)) throw badColumns(`\`${name}\` is given twice`);
    mapping.set(name, column);
  }
  return mapping;
}

function badColumns(message: string): HnncError {
  return new HnncError({
    kind: "usage",
    code: "bad-columns",
    message,
    hint: "write a name of the model, =, and a column of the file: q=theta,p=omega,t=time",
  });
}

/** The names of a state: from the caller, from a mapping, or from columns that are called like one. */
export interface StateNames {
  readonly coordinates: readonly string[];
  readonly momenta: readonly string[];
}

/** The names of the state that a mapping gives: first the coordinates, then their momenta. */
export function mappedNames(mapping: ColumnMapping): StateNames {
  const keys = [...mapping.keys()];
  const names = keys.filter(
    (key) => !reservedColumns.includes(key) && !keys.some((other) => key === derivativeName(other)),
  );
  if (names.length === 0 || names.length % 2 !== 0) {
    throw badColumns(`${names.length} names do not make pairs of coordinates and momenta: ${names.join(" ")}`);
  }
  return { coordinates: names.slice(0, names.length / 2), momenta: names.slice(names.length / 2) };
}

/** Columns that are called q… with a partner p…. */
export function guessedNames(columns: Iterable<string>): StateNames | undefined {
  const names = [...columns];
  const coordinates = names.filter((name) => /^q/.test(name) && names.includes(name.replace(/^q/, "p")));
  const momenta = coordinates.map((name) => name.replace(/^q/, "p"));
  return coordinates.length === 0 ? undefined : { coordinates, momenta };
}

/** Columns by name: arrays of one axis as they are, the columns of `x` as `x[1]`, `x[2]`, …. */
export function namedColumns({ arrays }: RawData): Map<string, RawArray> {
  const columns = new Map<string, RawArray>();
  for (const [name, array] of arrays) {
    const [rows = 1, width] = array.shape;
    if (array.shape.length === 1) columns.set(name, array);
    if (array.shape.length !== 2 || width === undefined) continue;
    const { values } = array;
    for (let k = 0; k < width; k++) {
      const at = (row: number) => row * width + k;
      const entry =
        values instanceof Float64Array
          ? Float64Array.from({ length: rows }, (_, row) => values[at(row)]!)
          : Array.from({ length: rows }, (_, row) => values[at(row)]!);
      columns.set(`${name}[${k + 1}]`, { shape: [rows], values: entry });
    }
  }
  return columns;
}

/** Looks columns up by our names, through a mapping. */
export class ColumnLookup {
  readonly #source: Pick<Source, "name">;
  readonly #columns: ReadonlyMap<string, RawArray>;
  readonly #mapping: ColumnMapping;

  constructor(source: Pick<Source, "name">, columns: ReadonlyMap<string, RawArray>, mapping: ColumnMapping) {
    this.#source = source;
    this.#columns = columns;
    this.#mapping = mapping;
  }

  /** A column that may be absent, unless the mapping names it. */
  find(name: string): RawArray | undefined {
    const wanted = this.#mapping.get(name);
    if (wanted === undefined) return this.#columns.get(name);
    return this.#columns.get(wanted) ?? this.#numbered(wanted) ?? this.#missing(wanted);
  }

  numbers(name: string): Float64Array {
    return this.findNumbers(name) ?? this.#missing(this.#mapping.get(name) ?? name);
  }

  findNumbers(name: string): Float64Array | undefined {
    const values = this.find(name)?.values;
    if (values === undefined || values instanceof Float64Array) return values;
    throw dataError(this.#source, "not-a-number", `column \`${this.#mapping.get(name) ?? name}\` holds text`);
  }

  #numbered(wanted: string): RawArray | undefined {
    return /^[1-9]\d{0,5}$/.test(wanted) ? [...this.#columns.values()][Number(wanted) - 1] : undefined;
  }

  #missing(name: string): never {
    const names = [...this.#columns.keys()];
    throw dataError(this.#source, "unknown-column", `it has no column \`${name}\``, {
      notes: [`columns: ${names.slice(0, 40).join(" ")}${names.length > 40 ? " …" : ""}`],
      hint: "say which column is which: --columns q=theta,p=omega",
    });
  }
}
