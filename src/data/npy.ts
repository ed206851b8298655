import type { RawArray } from "./format.ts";
import { dataError, type Source } from "./source.ts";

/** Of the header's text; NumPy itself refuses more than 10 000 characters. */
const mostHeader = 65_536;
const mostDimensions = 32;

/**
 * The header of an .npy file, byte for byte as NumPy writes it, its room for a longer first axis included.
 *
 * @param type a NumPy type such as `<f8`
 */
export function npyHeader(type: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const room = shape.length > 0 ? 21 - String(shape[0]).length : 0;
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }${" ".repeat(room)}`;
  const padding = 64 - ((10 + text.length + 1) % 64);
  const header = `${text}${" ".repeat(padding)}\n`;
  const bytes = new Uint8Array(10 + header.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 0xff, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  return bytes;
}

/** Text as NumPy's `<U`: four bytes a character, all entries as long as the longest. */
export function npyText(entries: readonly string[]): { readonly type: string; readonly bytes: Uint8Array } {
  const points = entries.map((entry) => Array.from(entry, (character) => character.codePointAt(0)!));
  const longest = Math.max(1, ...points.map(({ length }) => length));
  const codes = new Uint32Array(longest * entries.length);
  for (const [k, entry] of points.entries()) codes.set(entry, k * longest);
  return { type: `<U${longest}`, bytes: new Uint8Array(codes.buffer) };
}

/** What an array file's header says, checked against the file's size. */
export interface NpyLayout {
  readonly shape: readonly number[];
  readonly type: NumberType;
  /** First index fastest. */
  readonly fortran: boolean;
  /** Where the entries begin. */
  readonly start: number;
}

/** As many bytes of an array file as hold any header that is accepted. */
export const npyHeaderBytes = mostHeader + 12;

/**
 * Reads the header of an .npy file of numbers, booleans or text, of any byte order and layout. Python objects (pickle)
 * are refused.
 *
 * @param head the first bytes of the file
 * @param size of the whole file
 * @throws HnncError kind `data`
 */
export function npyLayout(source: Named, name: string, head: Uint8Array, size: number): NpyLayout {
  const wrong = wrongIn(source, name);
  const { text, start } = headerText(head, wrong);
  const header = /^\{'descr': '([^']{1,16})', 'fortran_order': (True|False), 'shape': \(([\d, L-]*)\),? ?\}\s*$/.exec(
    text,
  );
  if (!header) {
    throw wrong(/'descr': \[/.test(text) ? "has named fields, which are not read" : "has a damaged header");
  }
  const [, descr, order, dimensions] = header as unknown as [string, string, string, string];
  const type = typeOf(descr, wrong);
  const shape = shapeOf(dimensions, wrong);
  const bytes = shape.reduce((product, length) => product * length, type.size);
  if (bytes !== size - start) {
    throw wrong(`has ${size - start} bytes, and its shape (${shape.join(", ")}) takes ${bytes}`);
  }
  return { shape, type, fortran: order === "True" && shape.length > 1, start };
}

/**
 * Reads an .npy file.
 *
 * @throws HnncError kind `data`
 */
export function parseNpy(source: Named, name: string, bytes: Uint8Array): RawArray {
  const { shape, type, fortran, start } = npyLayout(source, name, bytes.subarray(0, npyHeaderBytes), bytes.length);
  const data = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  const count = data.byteLength / type.size;
  if (type.kind === "U") return { shape, values: textOf(data, type, count) };
  const values = numbersOf(data, type, count, wrongIn(source, name));
  return { shape, values: fortran ? rowMajor(values, shape) : values };
}

type Named = Pick<Source, "name">;

function wrongIn(source: Named, name: string): Wrong {
  return (reason, hint) =>
    dataError(source, "bad-npy", `array \`${name}\` ${reason}`, hint === undefined ? {} : { hint });
}

type Wrong = (reason: string, hint?: string) => Error;

function headerText(bytes: Uint8Array, wrong: Wrong): { readonly text: string; readonly start: number } {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 12 || magic.some((byte, k) => bytes[k] !== byte)) throw wrong("is not in NumPy's format");
  const version = bytes[6]!;
  if (version < 1 || version > 3) throw wrong(`has version ${version} of NumPy's format; 1 to 3 are known`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const from = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > mostHeader) throw wrong(`promises a header of ${length} bytes`);
  if (from + length > bytes.length) throw wrong("is cut off in its header");
  return { text: new TextDecoder().decode(bytes.subarray(from, from + length)), start: from + length };
}

/** Entries of an array: `f`loat, `i`nteger, `u`nsigned, `b`oolean or `U`nicode text. */
export interface NumberType {
  readonly kind: string;
  /** Bytes an entry. */
  readonly size: number;
  readonly little: boolean;
}

function typeOf(descr: string, wrong: Wrong): NumberType {
  const match = /^([<>|=])([a-zA-Z])(\d{0,7})$/.exec(descr);
  const kind = match?.[2];
  if (kind === "O") {
    throw wrong("holds Python objects, and unpickling them would run code", "save numbers: array.astype(float)");
  }
  const size = Number(match?.[3] ?? 0) * (kind === "U" ? 4 : 1);
  const readable = kind !== undefined && (kind === "U" ? size > 0 : (numberSizes[kind] ?? []).includes(size));
  if (!readable) throw wrong(`has entries of type \`${descr}\``, "save f4, f8, integers, booleans or text");
  return { kind, size, little: match![1] !== ">" };
}

const numberSizes: Readonly<Record<string, readonly number[]>> = {
  f: [4, 8],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  b: [1],
};

function shapeOf(text: string, wrong: Wrong): number[] {
  const parts = text.split(",").map((part) => part.trim().replace(/L$/, ""));
  if (parts.at(-1) === "") parts.pop();
  if (parts.length > mostDimensions) throw wrong(`has ${parts.length} dimensions`);
  return parts.map((part) => {
    const length = /^\d{1,16}$/.test(part) ? Number(part) : Number.NaN;
    if (Number.isSafeInteger(length)) return length;
    throw wrong(`has the shape (${text.slice(0, 60)})`);
  });
}

function numbersOf(data: DataView, type: NumberType, count: number, wrong: Wrong): Float64Array {
  if (type.kind === "f" && type.size === 8 && type.little) {
    return new Float64Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer);
  }
  const values = new Float64Array(count);
  const entry = entryReader(data, type);
  for (let k = 0; k < count; k++) {
    const value = entry(k * type.size);
    if (typeof value === "number") values[k] = value;
    else if (BigInt.asIntN(54, value) === value) values[k] = Number(value);
    else throw wrong(`has the integer ${value} at ${k + 1}, which f64 cannot hold`);
  }
  return values;
}

function entryReader(data: DataView, { kind, size, little }: NumberType): (at: number) => number | bigint {
  switch (`${kind}${size}`) {
    case "f8":
      return (at) => data.getFloat64(at, little);
    case "f4":
      return (at) => data.getFloat32(at, little);
    case "i8":
      return (at) => data.getBigInt64(at, little);
    case "i4":
      return (at) => data.getInt32(at, little);
    case "i2":
      return (at) => data.getInt16(at, little);
    case "i1":
      return (at) => data.getInt8(at);
    case "u8":
      return (at) => data.getBigUint64(at, little);
    case "u4":
      return (at) => data.getUint32(at, little);
    case "u2":
      return (at) => data.getUint16(at, little);
    default:
      return (at) => data.getUint8(at);
  }
}

function textOf(data: DataView, { size, little }: NumberType, count: number): string[] {
  return Array.from({ length: count }, (_, k) => {
    let text = "";
    for (let at = k * size; at < (k + 1) * size; at += 4) {
      const point = data.getUint32(at, little);
      text += point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
    }
    return text.replace(/\0+$/, "");
  });
}

/** Turns the layout of Fortran, first index fastest, into rows. */
function rowMajor(values: Float64Array, shape: readonly number[]): Float64Array {
  const out = new Float64Array(values.length);
  const strides = shape.map((_, k) => shape.slice(0, k).reduce((product, length) => product * length, 1));
  for (let flat = 0; flat < out.length; flat++) {
    let at = 0;
    for (let k = shape.length - 1, rest = flat; k >= 0; k--) {
      at += (rest % shape[k]!) * strides[k]!;
      rest = Math.floor(rest / shape[k]!);
    }
    out[flat] = values[at]!;
  }
  return out;
}
