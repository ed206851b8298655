import { arrayFields, bytesOf, type FieldData } from "./fields.ts";
import type { Format, Header, RawArray, RawData, ReadLimits, RowWriter } from "./format.ts";
import { describeAsText, readDescriptionText } from "./provenance.ts";
import type { Sink } from "./sink.ts";
import { dataError, type Source, tooLarge } from "./source.ts";
import { Spill } from "./spill.ts";

/**
 * The arrays of npz as safetensors (F64, I32, BOOL); the description is the metadata entry `hnnc`. Layout: the length
 * of a JSON header, the header padded to a multiple of 8, the bytes of the arrays.
 * Source: https://github.com/huggingface/safetensors, README "Format".
 */
export const safetensors: Format = { name: "safetensors", read: readSafetensors, write: writeSafetensors };

const dtypes: Readonly<Record<FieldData["type"], { readonly dtype: string; readonly size: number }>> = {
  f64: { dtype: "F64", size: 8 },
  i32: { dtype: "I32", size: 4 },
  bool: { dtype: "BOOL", size: 1 },
};
const mostHeader = 8 * 2 ** 20;

async function writeSafetensors(sink: Sink, header: Header): Promise<RowWriter> {
  const fields = arrayFields(header);
  const spills = fields.map(({ name }) => new Spill(sink.scratch && `${sink.scratch}.${name}`));
  let rows = 0;
  const abort = async () => {
    for (const spill of spills) await spill.dispose();
  };
  return {
    async write(chunk) {
      for (const [k, field] of fields.entries()) await spills[k]!.append(bytesOf(field.gather(chunk)));
      rows += chunk.rows;
    },
    async close() {
      const entries: [string, unknown][] = [["__metadata__", { hnnc: describeAsText(header) }]];
      let at = 0;
      for (const { name, type, width = 1 } of fields) {
        const { dtype, size } = dtypes[type];
        const end = at + rows * width * size;
        entries.push([name, { dtype, shape: width === 1 ? [rows] : [rows, width], data_offsets: [at, end] }]);
        at = end;
      }
      await sink.write(headerBytes(JSON.stringify(Object.fromEntries(entries))));
      for (const spill of spills) await spill.copyTo(sink);
      await abort();
    },
    abort,
  };
}

function headerBytes(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const padded = new Uint8Array(8 + 8 * Math.ceil(bytes.length / 8)).fill(0x20);
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.length - 8), true);
  padded.set(bytes, 8);
  return padded;
}

interface Tensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

async function readSafetensors(source: Source, limits: ReadLimits): Promise<RawData> {
  const first = await source.read(0, 8);
  const length = new DataView(first.buffer, first.byteOffset).getBigUint64(0, true);
  if (length > BigInt(mostHeader) || length + 8n > BigInt(source.size)) {
    throw dataError(source, "bad-safetensors", `it promises a header of ${length} bytes and has ${source.size} in all`);
  }
  const start = 8 + Number(length);
  const { tensors, metadata } = parseHeader(source, await source.read(8, Number(length)));
  requireTiling(source, tensors, source.size - start);
  if (source.size - start > limits.bytes) throw tooLarge(source, limits);
  const arrays = new Map<string, RawArray>();
  for (const { name, dtype, shape, from, to } of tensors) {
    arrays.set(name, { shape, values: numbersOf(dtype, await source.read(start + from, to - from)) });
  }
  return { arrays, description: metadata === undefined ? undefined : readDescriptionText(metadata) };
}

function parseHeader(source: Source, bytes: Uint8Array): { tensors: Tensor[]; metadata: string | undefined } {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw dataError(source, "bad-safetensors", "its header is not JSON", { cause });
  }
  if (!isRecord(value)) throw dataError(source, "bad-safetensors", "its header is not an object");
  const entries = Object.entries(value);
  const metadata = entries.find(([name]) => name === "__metadata__")?.[1];
  const text = isRecord(metadata) && Object.hasOwn(metadata, "hnnc") ? metadata.hnnc : undefined;
  return {
    tensors: entries.filter(([name]) => name !== "__metadata__").map(([name, entry]) => tensorOf(source, name, entry)),
    metadata: typeof text === "string" ? text : undefined,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tensorOf(source: Source, name: string, entry: unknown): Tensor {
  const wrong = (reason: string) => dataError(source, "bad-safetensors", `tensor \`${name.slice(0, 60)}\` ${reason}`);
  if (!isRecord(entry)) throw wrong("is not described by an object");
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string" || !Object.hasOwn(readers, dtype)) {
    throw wrong(`is of type \`${String(dtype).slice(0, 20)}\`; ${Object.keys(readers).join(" ")} are read`);
  }
  if (!isCounts(shape) || shape.length > 32) throw wrong("has no proper shape");
  if (!isCounts(offsets) || offsets.length !== 2) throw wrong("has no proper place");
  const [from, to] = offsets as [number, number];
  const size = shape.reduce((product, count) => product * count, readers[dtype]!.size);
  if (!Number.isSafeInteger(size) || to - from !== size) {
    throw wrong(`has ${to - from} bytes, and its shape [${shape.join(", ")}] takes ${size}`);
  }
  return { name, dtype, shape, from, to };
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
}

/** Tensors cover the bytes after the header without holes and without sharing any. */
function requireTiling(source: Source, tensors: readonly Tensor[], bytes: number): void {
  let at = 0;
  for (const { name, from, to } of tensors.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== at)
      throw dataError(source, "bad-safetensors", `tensor \`${name}\` begins at ${from}, where ${at} was next`);
    at = to;
  }
  if (at !== bytes) throw dataError(source, "bad-safetensors", `its tensors take ${at} bytes of ${bytes}`);
}

interface EntryReader {
  readonly size: number;
  read(view: DataView, at: number): number;
}

const readers: Readonly<Record<string, EntryReader>> = {
  F64: { size: 8, read: (view, at) => view.getFloat64(at, true) },
  F32: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  I32: { size: 4, read: (view, at) => view.getInt32(at, true) },
  I64: { size: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  BOOL: { size: 1, read: (view, at) => view.getUint8(at) },
};

function numbersOf(dtype: string, bytes: Uint8Array): Float64Array {
  const { size, read } = readers[dtype]!;
  if (dtype === "F64") return new Float64Array(bytes.slice().buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: bytes.length / size }, (_, k) => read(view, k * size));
}
