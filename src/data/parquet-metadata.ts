import type { ReadLimits } from "./format.ts";
import { magic, physical, repetition } from "./parquet-codes.ts";
import { descriptionEntry } from "./parquet-writer.ts";
import { dataError, type Source, tooLarge } from "./source.ts";
import { ThriftReader, type ThriftStruct, type ThriftValue } from "./thrift.ts";

/** A column that can be read: not nested, of numbers, booleans or text. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: number;
  /** Whether values may be missing. */
  readonly optional: boolean;
}

/** The pages of a column in a row group. */
export interface ParquetChunk {
  readonly column: ParquetColumn;
  readonly codec: number;
  readonly start: number;
  readonly size: number;
  readonly rows: number;
}

export interface ParquetFile {
  readonly rows: number;
  readonly columns: readonly ParquetColumn[];
  /** By row group, then by column. */
  readonly groups: readonly (readonly ParquetChunk[])[];
  /** The description as JSON, in files of our own. */
  readonly description: string | undefined;
}

const mostFooter = 64 * 2 ** 20;
const mostExpansion = 100;
const freeBytes = 32 * 2 ** 20;

/**
 * Reads the metadata at the end of a Parquet file and checks that all it promises fits the file.
 *
 * @throws HnncError kind `data` or `limit`
 */
export async function parquetFile(source: Source, limits: ReadLimits): Promise<ParquetFile> {
  const wrong = (reason: string) => dataError(source, "bad-parquet", reason);
  if (source.size < 12) throw wrong("it is too short for a Parquet file");
  const tail = await source.read(source.size - 8, 8);
  const head = await source.read(0, 4);
  if (magic.some((byte, k) => head[k] !== byte || tail[4 + k] !== byte)) {
    throw wrong("it is not a Parquet file, or its end is missing");
  }
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  if (length > source.size - 12 || length > mostFooter) throw wrong(`it promises ${length} bytes of metadata`);
  const meta = new ThriftReader(await source.read(source.size - 8 - length, length)).struct();
  const rows = count(meta.get(3), wrong);
  const columns = columnsOf(meta.get(2), wrong);
  const groups = structs(meta.get(4)).map((group) => groupOf(group, columns, source, wrong));
  if (groups.reduce((sum, { rows }) => sum + rows, 0) !== rows)
    throw wrong("its row groups have not the rows it promises");
  const bytes = rows * columns.length * 8;
  if (bytes > freeBytes + mostExpansion * source.size) throw wrong(`${source.size} bytes promise to become ${bytes}`);
  if (bytes > limits.bytes) throw tooLarge(source, limits);
  return { rows, columns, groups: groups.map(({ chunks }) => chunks), description: descriptionIn(meta) };
}

type Wrong = (reason: string) => Error;

function descriptionIn(meta: ThriftStruct): string | undefined {
  const entry = structs(meta.get(5)).find((each) => text(each.get(1)) === descriptionEntry);
  return entry && text(entry.get(2));
}

/** Leaves of the schema that stand directly below its root; others are left out. */
function columnsOf(value: ThriftValue | undefined, wrong: Wrong): ParquetColumn[] {
  const [root, ...elements] = structs(value);
  if (!root) throw wrong("it has no schema");
  const columns: ParquetColumn[] = [];
  const names = new Set<string>();
  for (let at = 0; at < elements.length; ) {
    const element = elements[at]!;
    const name = text(element.get(4)) ?? "";
    const type = element.get(1);
    const end = subtreeEnd(elements, at);
    if (end === at + 1 && Object.values(physical).includes(type as 0) && element.get(3) !== repetition.repeated) {
      if (names.has(name)) throw wrong(`two of its columns are called \`${name.slice(0, 60)}\``);
      names.add(name);
      columns.push({ name, type: type as number, optional: element.get(3) === repetition.optional });
    }
    at = end;
  }
  return columns;
}

/** Where the element after a nested one stands. */
function subtreeEnd(elements: readonly ThriftStruct[], start: number): number {
  let open = 1;
  let at = start;
  for (; open > 0 && at < elements.length; at++) open += Number(elements[at]!.get(5) ?? 0) - 1;
  return Math.max(at, start + 1);
}

function groupOf(
  group: ThriftStruct,
  columns: readonly ParquetColumn[],
  source: Source,
  wrong: Wrong,
): { readonly rows: number; readonly chunks: ParquetChunk[] } {
  const rows = count(group.get(3), wrong);
  const byName = new Map(columns.map((column) => [column.name, column]));
  const chunks: ParquetChunk[] = [];
  for (const chunk of structs(group.get(1))) {
    const meta = chunk.get(3);
    if (!(meta instanceof Map)) throw wrong("a column has no metadata");
    const path = (meta.get(3) as readonly ThriftValue[] | undefined) ?? [];
    const column = path.length === 1 ? byName.get(text(path[0]) ?? "") : undefined;
    if (!column) continue;
    const offsets = [meta.get(9), meta.get(11)].filter((offset) => offset !== undefined && offset !== 0);
    const start = Math.min(...offsets.map((offset) => count(offset, wrong)));
    const size = count(meta.get(7), wrong);
    if (!(start + size <= source.size)) throw wrong(`column \`${column.name}\` lies outside the file`);
    if (count(meta.get(5), wrong) !== rows) throw wrong(`column \`${column.name}\` has not ${rows} values`);
    chunks.push({ column, codec: count(meta.get(4), wrong), start, size, rows });
  }
  const byColumn = new Map(chunks.map((chunk) => [chunk.column, chunk]));
  if (byColumn.size !== columns.length || chunks.length !== columns.length) {
    throw wrong("a row group has not all columns once");
  }
  return { rows, chunks: columns.map((column) => byColumn.get(column)!) };
}

function structs(value: ThriftValue | undefined): readonly ThriftStruct[] {
  return Array.isArray(value) ? value.filter((entry): entry is ThriftStruct => entry instanceof Map) : [];
}

function count(value: ThriftValue | undefined, wrong: Wrong): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong("a size in its metadata is missing or wrong");
}

function text(value: ThriftValue | undefined): string | undefined {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
}
