import { createHash } from "node:crypto";
import { HnncError } from "../errors.ts";
import { headerBytes, readHeader, type TensorEntry, widened } from "./safetensors-layout.ts";
import { dataError, openPlainFile, type Source, tooLarge } from "./source.ts";

/** A named array to be written, row-major; F64, F32 or I32 by its type. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float64Array | Float32Array | Int32Array;
}

/** What a file holds: numbers of any type in double precision. */
export interface TensorFile {
  /** For messages. */
  readonly name: string;
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float64Array }>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Named arrays and words about them as the bytes of a safetensors file, in the order of the entries.
 *
 * @example
 * await writeFiles([{ path: "w.safetensors", content: tensorBytes({ w: { shape: [2], values: Float64Array.of(1, 2) } }) }]);
 */
export function tensorBytes(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const all = Object.entries(tensors);
  for (const [name, { shape, values }] of all) {
    const size = shape.reduce((product, length) => product * length, 1);
    if (size !== values.length) {
      throw new HnncError({
        kind: "internal",
        code: "tensor-shape",
        message: `${values.length} numbers are no \`${name}\` of [${shape.join(", ")}]`,
      });
    }
  }
  // Arrays of 8 bytes a number first: in memory each lies at a multiple of its number's size.
  const ordered = all.toSorted(([, a], [, b]) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT);
  const parts = [
    headerBytes(
      ordered.map(([name, { shape, values }]) => ({ name, shape, dtype: dtypeOf(values) })),
      metadata,
    ),
    ...ordered.map(([, { values }]) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ];
  return new Uint8Array(Buffer.concat(parts));
}

function dtypeOf(values: Tensor["values"]): string {
  if (values instanceof Float64Array) return "F64";
  return values instanceof Float32Array ? "F32" : "I32";
}

/** The SHA-256 of bytes, in hexadecimal. */
export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What a reader will take. */
export interface TensorLimits {
  /** Bytes of the arrays. Default 2 GiB. */
  readonly bytes?: number | undefined;
  /** The shapes by name, if they are known: nothing is read of a file that has others. */
  readonly shapes?: Readonly<Record<string, readonly number[]>> | undefined;
  /** The SHA-256 of the whole file, in hexadecimal, if it is known. */
  readonly sha256?: string | undefined;
}

/**
 * Reads a safetensors file that is no symbolic link.
 *
 * @throws HnncError kind `io`; kind `data` for what is wrong with it; kind `limit` for what is too large
 */
export async function readTensors(path: string, limits: TensorLimits = {}): Promise<TensorFile> {
  const source = await openPlainFile(path);
  try {
    return await tensorsOf(source, limits);
  } finally {
    await source.close();
  }
}

async function tensorsOf(source: Source, { bytes = 2 ** 31, shapes, sha256 }: TensorLimits): Promise<TensorFile> {
  const { entries, metadata, start } = await readHeader(source);
  if (source.size - start > bytes) throw tooLarge(source, { bytes });
  if (shapes) requireShapes(source, entries, new Map(Object.entries(shapes)));
  if (sha256 !== undefined) await requireDigest(source, sha256);
  const tensors = new Map<string, { readonly shape: readonly number[]; readonly values: Float64Array }>();
  for (const { name, dtype, shape, from, to } of entries) {
    tensors.set(name, { shape, values: widened(dtype, await source.read(start + from, to - from)) });
  }
  return { name: source.name, tensors, metadata };
}

function requireShapes(
  source: Source,
  entries: readonly TensorEntry[],
  wanted: ReadonlyMap<string, readonly number[]>,
): void {
  const refuse = (message: string) => dataError(source, "tensor-shapes", message);
  const found = new Map(entries.map(({ name, shape }) => [name, shape]));
  for (const [name, shape] of wanted) {
    const own = found.get(name);
    if (!own) throw refuse(`it has no tensor \`${name}\``);
    if (own.join() !== shape.join()) {
      throw refuse(`tensor \`${name}\` is [${own.join(", ")}], where [${shape.join(", ")}] is needed`);
    }
  }
  const stranger = entries.find(({ name }) => !wanted.has(name));
  if (stranger) throw refuse(`tensor \`${stranger.name.slice(0, 60)}\` does not belong here`);
}

async function requireDigest(source: Source, wanted: string): Promise<void> {
  const digest = digestOf(await source.read(0, source.size));
  if (digest === wanted) return;
  throw dataError(source, "digest-differs", "it is not the file that was written together with the description", {
    hint: "where you changed it yourself, take `weights` out of model.json",
  });
}
