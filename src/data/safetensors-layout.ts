import { dataError, type Source } from "./source.ts";

/*
 * The layout of safetensors: the length of a JSON header in 8 bytes, the header padded to a multiple of 8, the bytes of
 * the arrays. Source: https://github.com/huggingface/safetensors, README "Format".
 */

/** An array in a file. */
export interface TensorEntry {
  readonly name: string;
  /** `F64`, `I32`, …: one of `tensorTypes`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Its bytes after the header: `from` … `to − 1`. */
  readonly from: number;
  readonly to: number;
}

/** What a file says before its numbers begin. */
export interface TensorHeader {
  /** In the order of the header. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the bytes of the arrays begin. */
  readonly start: number;
}

const mostHeader = 8 * 2 ** 20;
const metadataKey = "__metadata__";

/** The header of arrays that lie one after the other. */
export function headerBytes(
  tensors: readonly Pick<TensorEntry, "name" | "dtype" | "shape">[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let at = 0;
  const entries = tensors.map(({ name, dtype, shape }): [string, unknown] => {
    const from = at;
    at += sizeOf(dtype, shape);
    return [name, { dtype, shape, data_offsets: [from, at] }];
  });
  const bytes = new TextEncoder().encode(JSON.stringify(Object.fromEntries([[metadataKey, metadata], ...entries])));
  const padded = new Uint8Array(8 + 8 * Math.ceil(bytes.length / 8)).fill(0x20);
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.length - 8), true);
  padded.set(bytes, 8);
  return padded;
}

/**
 * Reads a header and checks all of it: types, shapes, and that the arrays cover the rest of the file.
 *
 * @throws HnncError `bad-safetensors` (data)
 */
export async function readHeader(source: Source): Promise<TensorHeader> {
  const first = await source.read(0, 8);
  const length = new DataView(first.buffer, first.byteOffset).getBigUint64(0, true);
  if (length > BigInt(mostHeader) || length + 8n > BigInt(source.size)) {
    throw dataError(source, "bad-safetensors", `it promises a header of ${length} bytes and has ${source.size} in all`);
  }
  const start = 8 + Number(length);
  const { entries, metadata } = parseHeader(source, await source.read(8, Number(length)));
  requireTiling(source, entries, source.size - start);
  return { entries, metadata, start };
}

function parseHeader(source: Source, bytes: Uint8Array): Omit<TensorHeader, "start"> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw dataError(source, "bad-safetensors", "its header is not JSON", { cause });
  }
  if (!isRecord(value)) throw dataError(source, "bad-safetensors", "its header is not an object");
  const all = Object.entries(value);
  const metadata = all.find(([name]) => name === metadataKey)?.[1];
  const texts = isRecord(metadata) ? Object.entries(metadata) : [];
  return {
    entries: all.filter(([name]) => name !== metadataKey).map(([name, entry]) => entryOf(source, name, entry)),
    metadata: Object.fromEntries(texts.filter((each): each is [string, string] => typeof each[1] === "string")),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function entryOf(source: Source, name: string, entry: unknown): TensorEntry {
  const wrong = (reason: string) => dataError(source, "bad-safetensors", `tensor \`${name.slice(0, 60)}\` ${reason}`);
  if (!isRecord(entry)) throw wrong("is not described by an object");
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string" || !Object.hasOwn(tensorTypes, dtype)) {
    throw wrong(`is of type \`${String(dtype).slice(0, 20)}\`; ${Object.keys(tensorTypes).join(" ")} are read`);
  }
  if (!isCounts(shape) || shape.length > 32) throw wrong("has no proper shape");
  if (!isCounts(offsets) || offsets.length !== 2) throw wrong("has no proper place");
  const [from, to] = offsets as [number, number];
  const size = sizeOf(dtype, shape);
  if (!Number.isSafeInteger(size) || to - from !== size) {
    throw wrong(`has ${to - from} bytes, and its shape [${shape.join(", ")}] takes ${size}`);
  }
  return { name, dtype, shape, from, to };
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
}

/** Tensors cover the bytes after the header without holes and without sharing any. */
function requireTiling(source: Source, tensors: readonly TensorEntry[], bytes: number): void {
  let at = 0;
  for (const { name, from, to } of tensors.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== at)
      throw dataError(source, "bad-safetensors", `tensor \`${name}\` begins at ${from}, where ${at} was next`);
    at = to;
  }
  if (at !== bytes) throw dataError(source, "bad-safetensors", `its tensors take ${at} bytes of ${bytes}`);
}

interface TensorType {
  /** Bytes a number. */
  readonly size: number;
  read(view: DataView, at: number): number;
}

/** The types that are read. */
export const tensorTypes: Readonly<Record<string, TensorType>> = {
  F64: { size: 8, read: (view, at) => view.getFloat64(at, true) },
  F32: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  I32: { size: 4, read: (view, at) => view.getInt32(at, true) },
  I64: { size: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  BOOL: { size: 1, read: (view, at) => view.getUint8(at) },
};

function sizeOf(dtype: string, shape: readonly number[]): number {
  return shape.reduce((product, count) => product * count, tensorTypes[dtype]!.size);
}

/** Numbers of any type in double precision. */
export function widened(dtype: string, bytes: Uint8Array): Float64Array {
  const { size, read } = tensorTypes[dtype]!;
  if (dtype === "F64") return new Float64Array(bytes.slice().buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: bytes.length / size }, (_, k) => read(view, k * size));
}
