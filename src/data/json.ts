import { numberText } from "./csv-writer.ts";
import type { Dataset } from "./dataset.ts";
import { columnFields, type FieldData } from "./fields.ts";
import type { Format, Header, RawArray, RawData, ReadLimits, RowWriter } from "./format.ts";
import { describe, readDescription } from "./provenance.ts";
import { sliceRows } from "./select.ts";
import type { Sink } from "./sink.ts";
import { dataError, type Source, tooLarge } from "./source.ts";

const chunkRows = 4096;
/** V8's strings end at 512 MB, and a parsed document takes several times its text. */
const mostBytes = 256 * 2 ** 20;
const mostDepth = 64;

/**
 * One document, `{ "hnnc dataset": 1, "coordinates": […], "momenta": […], …provenance, "columns": [names], "rows": [[…], …] }`, a row a line.
 * NaN is `null`, infinities are `"inf"` and `"-inf"`. A user's file may also be an array of objects, or an object of
 * arrays.
 */
export const json: Format = { name: "json", read: readJson, write: writeJson };

async function writeJson(sink: Sink, header: Header): Promise<RowWriter> {
  const fields = columnFields(header);
  const put = (text: string) => sink.write(new TextEncoder().encode(text));
  const lines = [...describe(header), ["columns", fields.map(({ name }) => (name === "test" ? "split" : name))]].map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},\n`,
  );
  await put(`{\n${lines.join("")}"rows": [`);
  let first = true;
  return {
    async write(chunk) {
      for (let from = 0; from < chunk.rows; from += chunkRows) {
        const part = sliceRows(chunk, from, Math.min(chunk.rows, from + chunkRows));
        const text = rowLines(
          part,
          fields.map((field) => cells(field.gather(part))),
        ).join(",\n");
        await put(`${first ? "\n" : ",\n"}${text}`);
        first = false;
      }
    },
    close: () => put("\n]\n}\n"),
    async abort() {},
  };
}

function rowLines({ rows }: Dataset, columns: readonly ((row: number) => string)[]): string[] {
  return Array.from({ length: rows }, (_, row) => `[${columns.map((cell) => cell(row)).join(",")}]`);
}

function cells({ type, values }: FieldData): (row: number) => string {
  if (type === "bool") return (row) => (values[row] === 1 ? '"test"' : '"train"');
  if (type === "i32") return (row) => String(values[row]);
  return (row) => {
    const value = values[row]!;
    if (Number.isFinite(value)) return numberText(value);
    return Number.isNaN(value) ? "null" : `"${numberText(value)}"`;
  };
}

async function readJson(source: Source, limits: ReadLimits): Promise<RawData> {
  if (source.size > mostBytes) throw tooLarge(source, { bytes: mostBytes });
  const bytes = await source.read(0, source.size);
  requireShallow(source, bytes);
  const value = parse(source, bytes);
  if (Array.isArray(value)) return { arrays: fromObjects(source, value), description: undefined };
  if (typeof value !== "object" || value === null)
    throw dataError(source, "no-table", "it holds neither rows nor columns");
  const entries = new Map<string, unknown>(Object.entries(value));
  const columns = entries.get("columns");
  const rows = entries.get("rows");
  if (!Array.isArray(columns) || !Array.isArray(rows))
    return { arrays: fromColumns(source, entries), description: undefined };
  if (rows.length * columns.length * 8 > limits.bytes) throw tooLarge(source, limits);
  return { arrays: fromRows(source, columns, rows), description: readDescription(entries) };
}

/** Text that opens brackets without end would fill the memory before it is refused. */
function requireShallow(source: Source, bytes: Uint8Array): void {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x22) quoted = !quoted;
    else if (quoted && byte === 0x5c) at++;
    else if (!quoted && (byte === 0x5b || byte === 0x7b) && ++depth > mostDepth) {
      throw dataError(source, "too-deep", `more than ${mostDepth} brackets are open at byte ${at}`);
    } else if (!quoted && (byte === 0x5d || byte === 0x7d)) depth--;
  }
}

function parse(source: Source, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw dataError(source, "not-json", `it is not JSON: ${(cause as Error).message.slice(0, 120)}`, { cause });
  }
}

function fromRows(source: Source, names: readonly unknown[], rows: readonly unknown[]): Map<string, RawArray> {
  const columns = names.map(() => new Array<unknown>(rows.length));
  for (const [k, row] of rows.entries()) {
    if (!Array.isArray(row) || row.length !== names.length) {
      const found = Array.isArray(row) ? `${row.length} entries` : "no entries";
      throw dataError(source, "ragged", `row ${k + 1} has ${found}, and there are ${names.length} columns`);
    }
    for (let c = 0; c < columns.length; c++) columns[c]![k] = row[c];
  }
  return new Map(names.map((name, c) => [String(name), arrayOf(source, String(name), columns[c]!)]));
}

function fromObjects(source: Source, rows: readonly unknown[]): Map<string, RawArray> {
  const [first] = rows;
  const isRow = (row: unknown): row is object => typeof row === "object" && row !== null && !Array.isArray(row);
  if (!isRow(first)) throw dataError(source, "no-table", "it is an array, and its entries are not objects");
  const names = Object.keys(first);
  const table = rows.map((row, k) => {
    if (!isRow(row)) throw dataError(source, "ragged", `row ${k + 1} is not an object`);
    const entries = new Map(Object.entries(row));
    const missing = names.find((name) => !entries.has(name));
    if (missing !== undefined) throw dataError(source, "ragged", `row ${k + 1} has no \`${missing}\``);
    return names.map((name) => entries.get(name));
  });
  return fromRows(source, names, table);
}

function fromColumns(source: Source, entries: ReadonlyMap<string, unknown>): Map<string, RawArray> {
  const arrays = [...entries].filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  if (arrays.length === 0) throw dataError(source, "no-table", "it holds no arrays");
  return new Map(arrays.map(([name, values]) => [name, arrayOf(source, name, values)]));
}

function arrayOf(source: Source, name: string, values: readonly unknown[]): RawArray {
  const [first] = values;
  if (Array.isArray(first)) {
    const width = first.length;
    const flat = values.flatMap((row, k) => {
      if (Array.isArray(row) && row.length === width) return row as unknown[];
      throw dataError(source, "ragged", `row ${k + 1} of \`${name}\` has not ${width} entries`);
    });
    return { shape: [values.length, width], values: numbersOf(source, name, flat) };
  }
  const text = typeof first === "string" && !Object.hasOwn(infinities, first);
  if (!text) return { shape: [values.length], values: numbersOf(source, name, values) };
  const wrong = values.findIndex((value) => typeof value !== "string");
  if (wrong >= 0) throw dataError(source, "not-text", `row ${wrong + 1} of \`${name}\` is not text`);
  return { shape: [values.length], values: values as readonly string[] };
}

const infinities: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};

function numbersOf(source: Source, name: string, values: readonly unknown[]): Float64Array {
  return Float64Array.from(values, (value, k) => {
    if (typeof value === "number") return value;
    if (typeof value === "boolean") return Number(value);
    if (value === null) return Number.NaN;
    if (typeof value === "string" && Object.hasOwn(infinities, value)) return infinities[value]!;
    throw dataError(source, "not-a-number", `entry ${k + 1} of \`${name}\` is not a number`);
  });
}
