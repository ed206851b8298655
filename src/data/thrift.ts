/**
 * The compact protocol of Apache Thrift, in which Parquet writes its metadata.
 * Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */

/** A struct: values by field number. Numbers are whole; those past 2^53 lose bits, and sizes are checked where used. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;
export type ThriftValue = boolean | number | Uint8Array | readonly ThriftValue[] | ThriftStruct;

const mostDepth = 16;

const types = {
  stop: 0,
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  struct: 12,
};

/** Reads structs one after the other; every step stays inside the bytes and takes at least one of them. */
export class ThriftReader {
  readonly #view: DataView;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  /** Where the next byte stands. */
  get at(): number {
    return this.#at;
  }

  /** @throws RangeError for bytes that are no struct */
  struct(depth = 0): ThriftStruct {
    if (depth > mostDepth) throw new RangeError("structs are nested too deep");
    const fields = new Map<number, ThriftValue>();
    for (let id = 0; ; ) {
      const head = this.#byte();
      if (head === types.stop) return fields;
      id = head >> 4 === 0 ? this.#zigzag() : id + (head >> 4);
      fields.set(id, this.#value(head & 15, depth));
    }
  }

  #value(type: number, depth: number): ThriftValue {
    switch (type) {
      case types.true:
        return true;
      case types.false:
        return false;
      case types.byte:
        return this.#byte();
      case types.i16:
      case types.i32:
      case types.i64:
        return this.#zigzag();
      case types.double:
        this.#at += 8;
        return this.#view.getFloat64(this.#at - 8, true);
      case types.binary:
        return this.#bytes(this.#varint());
      case types.list:
        return this.#list(depth);
      case types.struct:
        return this.struct(depth + 1);
      default:
        throw new RangeError(`a field has the unknown type ${type}`);
    }
  }

  #list(depth: number): ThriftValue[] {
    const head = this.#byte();
    const length = head >> 4 === 15 ? this.#varint() : head >> 4;
    const left = this.#view.byteLength - this.#at;
    if (length > left) throw new RangeError(`a list of ${length} stands in ${left} bytes`);
    const type = head & 15;
    const boolean = type === types.true || type === types.false;
    return Array.from({ length }, () => (boolean ? this.#byte() === 1 : this.#value(type, depth)));
  }

  #bytes(length: number): Uint8Array {
    const at = this.#at;
    if (length > this.#view.byteLength - at) throw new RangeError(`${length} bytes are promised and not there`);
    this.#at += length;
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, length);
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (scale > 2 ** 63) throw new RangeError("a number has too many bytes");
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  #byte(): number {
    return this.#view.getUint8(this.#at++);
  }
}

/** A value to write, with its type. */
export type ThriftField =
  | { readonly i32: number }
  | { readonly i64: number }
  | { readonly text: string }
  | { readonly struct: ThriftFields }
  | { readonly i32s: readonly number[] }
  | { readonly texts: readonly string[] }
  | { readonly structs: readonly ThriftFields[] };

/** Fields by number, in rising order. */
export type ThriftFields = readonly (readonly [id: number, value: ThriftField])[];

/** The bytes of a struct. */
export function thriftBytes(fields: ThriftFields): Uint8Array {
  const out: number[] = [];
  putStruct(out, fields);
  return Uint8Array.from(out);
}

function putStruct(out: number[], fields: ThriftFields): void {
  let last = 0;
  for (const [id, value] of fields) {
    out.push(((id - last) << 4) | typeOf(value));
    last = id;
    putValue(out, value);
  }
  out.push(types.stop);
}

function typeOf(value: ThriftField): number {
  if ("i32" in value) return types.i32;
  if ("i64" in value) return types.i64;
  if ("text" in value) return types.binary;
  return "struct" in value ? types.struct : types.list;
}

function putValue(out: number[], value: ThriftField): void {
  if ("i32" in value) putVarint(out, zigzag(value.i32));
  else if ("i64" in value) putVarint(out, zigzag(value.i64));
  else if ("text" in value) putText(out, value.text);
  else if ("struct" in value) putStruct(out, value.struct);
  else if ("i32s" in value) putList(out, types.i32, value.i32s, (entry) => putVarint(out, zigzag(entry)));
  else if ("texts" in value) putList(out, types.binary, value.texts, (entry) => putText(out, entry));
  else putList(out, types.struct, value.structs, (entry) => putStruct(out, entry));
}

function putList<T>(out: number[], type: number, entries: readonly T[], put: (entry: T) => void): void {
  out.push((Math.min(15, entries.length) << 4) | type);
  if (entries.length >= 15) putVarint(out, entries.length);
  for (const entry of entries) put(entry);
}

function putText(out: number[], text: string): void {
  const bytes = new TextEncoder().encode(text);
  putVarint(out, bytes.length);
  for (const byte of bytes) out.push(byte);
}

function zigzag(value: number): number {
  return value >= 0 ? 2 * value : -2 * value - 1;
}

function putVarint(out: number[], value: number): void {
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    out.push(rest >= 128 ? (rest % 128) + 128 : rest);
    if (rest < 128) return;
  }
}
