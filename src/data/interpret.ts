import {
  ColumnLookup,
  type ColumnMapping,
  guessedNames,
  mappedNames,
  namedColumns,
  type StateNames,
} from "./columns.ts";
import { type Dataset, type DatasetParts, derivativeName, makeDataset, type Run } from "./dataset.ts";
import type { RawArray, RawData } from "./format.ts";
import type { Provenance } from "./provenance.ts";
import { runsBetween, selectRows } from "./select.ts";
import { dataError, type Source } from "./source.ts";

export interface InterpretOptions {
  /** Which column is which; without it columns go by their names. */
  readonly columns?: ColumnMapping | undefined;
  /** The names of a model's state, where the caller has a model. */
  readonly names?: StateNames | undefined;
}

type Named = Pick<Source, "name">;

/**
 * Makes a dataset of what a file holds. Files of hnnc say what they are. Others are taken as columns of the given names,
 * or of names such as q and p, with `t`, `H`, `run`, `split` and `dq/dt` where they are there; or as the arrays `x dx
 * test_x test_dx` or `coords dcoords test_coords test_dcoords` of the data of arXiv:1906.01563.
 *
 * @throws HnncError kind `data`, naming the columns there are
 */
export function interpret(source: Named, raw: RawData, options: InterpretOptions = {}): Dataset {
  const { description } = raw;
  const mapping = options.columns ?? new Map<string, string>();
  if (mapping.size === 0) {
    if (description && raw.arrays.get("x")?.shape.length === 2) {
      return fromArrays(source, raw, description, description.provenance);
    }
    const paper = fromPaper(source, raw, options.names);
    if (!description && paper) return paper;
  }
  const columns = namedColumns(raw);
  const names =
    options.names ?? (mapping.size > 0 ? mappedNames(mapping) : (description ?? guessedNames(columns.keys())));
  if (!names) {
    throw dataError(source, "unknown-columns", "it is not clear which of its columns are coordinates and momenta", {
      notes: [`columns: ${[...columns.keys()].slice(0, 40).join(" ")}`],
      hint: "say which is which: --columns q=theta,p=omega",
    });
  }
  const lookup = new ColumnLookup(source, columns, mapping);
  return fromColumns(source, lookup, names, description?.provenance ?? { source: fileName(source) });
}

function fileName({ name }: Named): string {
  return name.split(/[/\\]/).at(-1)!;
}

function fromColumns(source: Named, lookup: ColumnLookup, names: StateNames, provenance: Provenance): Dataset {
  const state = [...names.coordinates, ...names.momenta];
  const entries = state.map((name) => lookup.numbers(name));
  const rates = state.map((name) => lookup.findNumbers(derivativeName(name)));
  const rows = entries[0]!.length;
  return assemble(source, lookup, {
    ...names,
    times: lookup.findNumbers("t"),
    states: interleaved(source, entries, rows),
    derivatives: rates.every((rate) => rate !== undefined) ? interleaved(source, rates, rows) : undefined,
    energies: lookup.findNumbers("H"),
    provenance,
  });
}

function fromArrays(source: Named, raw: RawData, names: StateNames, provenance: Provenance): Dataset {
  const width = 2 * names.coordinates.length;
  const wide = (name: string) => raw.arrays.get(name) && rowsOf(source, raw, name, width);
  const columns = new Map([...raw.arrays].filter(([, { shape }]) => shape.length === 1));
  const lookup = new ColumnLookup(source, columns, new Map());
  return assemble(source, lookup, {
    coordinates: names.coordinates,
    momenta: names.momenta,
    times: lookup.findNumbers("t"),
    states: wide("x")!,
    derivatives: wide("dx"),
    energies: lookup.findNumbers("H"),
    provenance,
  });
}

function rowsOf(source: Named, raw: RawData, name: string, width: number): Float64Array {
  const { shape, values } = raw.arrays.get(name)!;
  const flat = width === 1 ? shape.length === 1 : shape.length === 2 && shape[1] === width;
  if (flat && values instanceof Float64Array) return values;
  throw dataError(source, "bad-shape", `array \`${name}\` has the shape [${shape.join(", ")}], not [rows, ${width}]`);
}

/** Adds runs and the split, and puts rows of one run together. */
function assemble(source: Named, lookup: ColumnLookup, parts: DatasetParts): Dataset {
  const rows = parts.states.length / (2 * parts.coordinates.length);
  const lengths = { t: parts.times, H: parts.energies, dx: parts.derivatives };
  for (const [name, values] of Object.entries(lengths)) {
    const wanted = name === "dx" ? parts.states.length : rows;
    if (values && values.length !== wanted) throw ragged(source, name, values.length, wanted);
  }
  const test = testOf(source, lookup, rows);
  const ids = runIds(source, lookup.find("run"), rows);
  if (!ids) return makeDataset({ ...parts, test });
  const runs = runsBetween(rows, (row) => ids[row]!);
  if (new Set(runs.map(({ id }) => id)).size === runs.length) return makeDataset({ ...parts, test, runs });
  return gathered(makeDataset({ ...parts, test }), ids);
}

/** Runs whose rows were mixed, each in its own order, by first appearance. */
function gathered(mixed: Dataset, ids: Int32Array): Dataset {
  const rowsOfRun = new Map<number, number[]>();
  for (const [row, id] of ids.entries()) {
    const rows = rowsOfRun.get(id);
    if (rows) rows.push(row);
    else rowsOfRun.set(id, [row]);
  }
  const order = selectRows(mixed, [...rowsOfRun.values()].flat());
  let start = 0;
  const runs = [...rowsOfRun].map(([id, rows]): Run => {
    start += rows.length;
    return { id, start: start - rows.length, end: start };
  });
  return makeDataset({ ...order, runs });
}

/** Numbers of runs as they stand where they are whole numbers; otherwise 0, 1, … by first appearance. */
function runIds(source: Named, column: RawArray | undefined, rows: number): Int32Array | undefined {
  if (!column) return undefined;
  const { values } = column;
  if (values.length !== rows) throw ragged(source, "run", values.length, rows);
  if (values instanceof Float64Array && values.every((id) => Number.isInteger(id) && id >= 0 && id < 2 ** 31)) {
    return Int32Array.from(values);
  }
  const known = new Map<number | string, number>();
  return Int32Array.from({ length: rows }, (_, row) => {
    const label = values[row]!;
    if (!known.has(label)) known.set(label, known.size);
    return known.get(label)!;
  });
}

function testOf(source: Named, lookup: ColumnLookup, rows: number): Uint8Array | undefined {
  const values = (lookup.find("split") ?? lookup.find("test"))?.values;
  if (!values) return undefined;
  if (values.length !== rows) throw ragged(source, "split", values.length, rows);
  return Uint8Array.from({ length: rows }, (_, row) => {
    const value = values[row]!;
    if (value === "train" || value === 0) return 0;
    if (value === "test" || value === 1) return 1;
    const shown = String(value).slice(0, 40);
    throw dataError(source, "bad-split", `row ${row + 1} has the split \`${shown}\`, which is neither train nor test`);
  });
}

function interleaved(source: Named, columns: readonly Float64Array[], rows: number): Float64Array {
  const out = new Float64Array(rows * columns.length);
  for (const [k, column] of columns.entries()) {
    if (column.length !== rows) throw ragged(source, `${k + 1} of the state`, column.length, rows);
    for (let row = 0; row < rows; row++) out[row * columns.length + k] = column[row]!;
  }
  return out;
}

function ragged(source: Named, name: string, found: number, wanted: number): Error {
  return dataError(source, "ragged", `column \`${name}\` has ${found} entries where ${wanted} are expected`);
}

/** The arrays of the reference code: states and derivatives without times, a part for training and one for testing. */
function fromPaper(source: Named, raw: RawData, names: StateNames | undefined): Dataset | undefined {
  const [x, dx] = raw.arrays.has("coords") ? ["coords", "dcoords"] : ["x", "dx"];
  const width = raw.arrays.get(x)?.shape[1];
  if (!raw.arrays.has(dx) || width === undefined || width % 2 !== 0 || width === 0) return undefined;
  const parts = [x, `test_${x}`].filter((name) => raw.arrays.has(name));
  const states = parts.map((name) => rowsOf(source, raw, name, width));
  const rates = parts.map((name) => {
    const partner = name.replace(x, dx);
    if (!raw.arrays.has(partner)) throw dataError(source, "unknown-column", `it has \`${name}\` and no \`${partner}\``);
    return rowsOf(source, raw, partner, width);
  });
  const rows = states.map(({ length }) => length / width);
  if (rates.some(({ length }, k) => length !== states[k]!.length))
    throw ragged(source, dx, rates[0]!.length, states[0]!.length);
  const all = rows[0]! + (rows[1] ?? 0);
  const runs = rows.map((count, k): Run => ({ id: k, start: k * rows[0]!, end: k * rows[0]! + count }));
  return makeDataset({
    ...(names ?? numberedNames(width / 2)),
    states: Float64Array.from(states.flatMap((part) => [...part])),
    derivatives: Float64Array.from(rates.flatMap((part) => [...part])),
    test: parts.length > 1 ? new Uint8Array(all).fill(1, rows[0]) : undefined,
    runs: runs.filter(({ start, end }) => end > start),
    provenance: { source: fileName(source) },
  });
}

function numberedNames(count: number): StateNames {
  const numbered = (letter: string) =>
    Array.from({ length: count }, (_, k) => (count === 1 ? letter : `${letter}${k + 1}`));
  return { coordinates: numbered("q"), momenta: numbered("p") };
}
