import * as zlib from "node:zlib";
import { codec, encoding, nameIn, page, physical } from "./parquet-codes.ts";
import type { ParquetChunk } from "./parquet-metadata.ts";
import { unpackRuns } from "./parquet-runs.ts";
import { unsnap } from "./snappy.ts";
import { ThriftReader, type ThriftStruct } from "./thrift.ts";

/** Numbers, with NaN where a value is missing; or text. */
export type ColumnValues = Float64Array | string[];

/** Of one page: writers keep to about a megabyte. */
const mostPage = 2 ** 30;
const pageExpansion = 4096;

/**
 * Decodes the pages of one column of a row group.
 *
 * @param bytes the chunk
 * @throws RangeError where the bytes are damaged or need what is not supported, naming it
 */
export function chunkValues(chunk: ParquetChunk, bytes: Uint8Array): ColumnValues {
  const isText = chunk.column.type === physical.bytes;
  const out: ColumnValues = isText ? [] : new Float64Array(chunk.rows);
  let dictionary: ColumnValues | undefined;
  let done = 0;
  for (let at = 0; done < chunk.rows; ) {
    const reader = new ThriftReader(bytes, at);
    const head = reader.struct();
    const size = whole(head, 3);
    if (size > bytes.length - reader.at) throw new RangeError("a page is cut off");
    const content = bytes.subarray(reader.at, reader.at + size);
    at = reader.at + size;
    const kind = head.get(1);
    if (kind === page.dictionary) dictionary = dictionaryOf(chunk, head, content);
    else if (kind === page.data || kind === page.dataV2) {
      const values = pageValues(chunk, head, content, dictionary);
      if (done + values.length > chunk.rows || values.length === 0)
        throw new RangeError("a page has too many or no values");
      if (out instanceof Float64Array) out.set(values as Float64Array, done);
      else for (const value of values as string[]) out.push(value);
      done += values.length;
    }
  }
  return out;
}

function dictionaryOf(chunk: ParquetChunk, head: ThriftStruct, content: Uint8Array): ColumnValues {
  const bytes = unpacked(chunk.codec, content, whole(head, 2));
  return plainValues(chunk.column.type, bytes, whole(struct(head, 7), 1));
}

function pageValues(
  chunk: ParquetChunk,
  head: ThriftStruct,
  content: Uint8Array,
  dictionary: ColumnValues | undefined,
): ColumnValues {
  const second = head.get(1) === page.dataV2;
  const info = struct(head, second ? 8 : 5);
  const count = whole(info, 1);
  if (count > chunk.rows) throw new RangeError("a page has more values than its column");
  const { levels, body } = second ? partsV2(chunk, head, info, content) : partsV1(chunk, head, content);
  const present = levels && unpackRuns(levels, 1, count);
  const there = present ? present.reduce((sum, level) => sum + level, 0) : count;
  const values = encodedValues(chunk, whole(info, second ? 4 : 2), body, there, dictionary);
  return present ? spread(values, present) : values;
}

interface Parts {
  /** Whether each value is there, where it may be missing. */
  readonly levels: Uint8Array | undefined;
  readonly body: Uint8Array;
}

function partsV1(chunk: ParquetChunk, head: ThriftStruct, content: Uint8Array): Parts {
  const bytes = unpacked(chunk.codec, content, whole(head, 2));
  if (!chunk.column.optional) return { levels: undefined, body: bytes };
  if (bytes.length < 4) throw new RangeError("a page is cut off");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (4 + length > bytes.length) throw new RangeError("a page is cut off");
  return { levels: bytes.subarray(4, 4 + length), body: bytes.subarray(4 + length) };
}

function partsV2(chunk: ParquetChunk, head: ThriftStruct, info: ThriftStruct, content: Uint8Array): Parts {
  const definition = whole(info, 5);
  const before = definition + whole(info, 6);
  if (before > content.length) throw new RangeError("a page is cut off");
  const packed = info.get(7) !== false;
  const rest = content.subarray(before);
  const body = packed ? unpacked(chunk.codec, rest, whole(head, 2) - before) : rest;
  return { levels: chunk.column.optional ? content.subarray(before - definition, before) : undefined, body };
}

function unpacked(kind: number, bytes: Uint8Array, size: number): Uint8Array {
  if (size > mostPage || size > 65_536 + pageExpansion * bytes.length) {
    throw new RangeError(`a page of ${bytes.length} bytes promises to become ${size}`);
  }
  const out = inflated(kind, bytes, size);
  if (out.length !== size) throw new RangeError(`a page of ${size} bytes unpacks to ${out.length}`);
  return out;
}

function inflated(kind: number, bytes: Uint8Array, size: number): Uint8Array {
  const limit = { maxOutputLength: Math.max(1, size) };
  if (kind === codec.none) return bytes;
  if (kind === codec.snappy) return unsnap(bytes, size);
  if (kind === codec.gzip) return zlib.gunzipSync(bytes, limit);
  // Node 22.15 and later.
  if (kind === codec.zstd && "zstdDecompressSync" in zlib) return zlib.zstdDecompressSync(bytes, limit);
  throw new RangeError(`pages are compressed by ${nameIn(codec, kind)}; snappy, gzip and zstd are read`);
}

function encodedValues(
  { column }: ParquetChunk,
  kind: number,
  bytes: Uint8Array,
  count: number,
  dictionary: ColumnValues | undefined,
): ColumnValues {
  if (kind === encoding.plain) return plainValues(column.type, bytes, count);
  if (kind === encoding.rleDictionary || kind === encoding.plainDictionary) {
    if (!dictionary) throw new RangeError("a page refers to a dictionary that is not there");
    if (count === 0) return pick(dictionary, new Uint32Array(0));
    return pick(dictionary, unpackRuns(bytes.subarray(1), bytes[0] ?? 0, count));
  }
  if (kind === encoding.rle && column.type === physical.boolean) {
    return Float64Array.from(unpackRuns(bytes.subarray(4), 1, count));
  }
  if (kind === encoding.byteStreamSplit) return plainValues(column.type, joined(column.type, bytes, count), count);
  throw new RangeError(
    `values are in the encoding ${nameIn(encoding, kind)}; plain, dictionary and byte streams are read`,
  );
}

function pick(dictionary: ColumnValues, places: Uint32Array): ColumnValues {
  if (places.some((place) => place >= dictionary.length)) throw new RangeError("a page refers past its dictionary");
  if (dictionary instanceof Float64Array) return Float64Array.from(places, (place) => dictionary[place]!);
  return Array.from(places, (place) => dictionary[place]!);
}

const sizes: Readonly<Record<number, number>> = {
  [physical.i32]: 4,
  [physical.i64]: 8,
  [physical.float]: 4,
  [physical.double]: 8,
};

function plainValues(type: number, bytes: Uint8Array, count: number): ColumnValues {
  if (type === physical.bytes) return texts(bytes, count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === physical.boolean) {
    if (8 * bytes.length < count) throw new RangeError("a page is cut off");
    return Float64Array.from({ length: count }, (_, k) => (bytes[k >> 3]! >> (k & 7)) & 1);
  }
  const size = sizes[type]!;
  if (count * size > bytes.length) throw new RangeError("a page is cut off");
  const out = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    if (type === physical.double) out[k] = view.getFloat64(8 * k, true);
    else if (type === physical.float) out[k] = view.getFloat32(4 * k, true);
    else if (type === physical.i32) out[k] = view.getInt32(4 * k, true);
    else out[k] = wholeOf(view.getBigInt64(8 * k, true));
  }
  return out;
}

function wholeOf(value: bigint): number {
  if (BigInt.asIntN(54, value) === value) return Number(value);
  throw new RangeError(`the integer ${value} does not fit f64`);
}

function texts(bytes: Uint8Array, count: number): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (4 * count > bytes.length) throw new RangeError("a page is cut off");
  const decoder = new TextDecoder();
  const out: string[] = [];
  for (let at = 0; out.length < count; ) {
    const end = at + 4 + view.getUint32(at, true);
    if (end > bytes.length) throw new RangeError("a page is cut off");
    out.push(decoder.decode(bytes.subarray(at + 4, end)));
    at = end;
  }
  return out;
}

/** Joins the streams of first bytes, second bytes, …. */
function joined(type: number, bytes: Uint8Array, count: number): Uint8Array {
  const size = sizes[type] ?? 0;
  if (size === 0 || bytes.length < count * size) throw new RangeError("a page is cut off");
  const out = new Uint8Array(count * size);
  for (let k = 0; k < count; k++) for (let b = 0; b < size; b++) out[k * size + b] = bytes[b * count + k]!;
  return out;
}

/** Puts NaN, or empty text, where values are missing. */
function spread(values: ColumnValues, present: Uint32Array): ColumnValues {
  let next = 0;
  if (values instanceof Float64Array) {
    return Float64Array.from(present, (level) => (level === 1 ? values[next++]! : Number.NaN));
  }
  return Array.from(present, (level) => (level === 1 ? values[next++]! : ""));
}

function struct(head: ThriftStruct, field: number): ThriftStruct {
  const value = head.get(field);
  if (value instanceof Map) return value;
  throw new RangeError("a page has a damaged header");
}

function whole(head: ThriftStruct, field: number): number {
  const value = head.get(field);
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError("a page has a damaged header");
}
