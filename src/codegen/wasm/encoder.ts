/**
 * Writes WebAssembly modules as bytes: a growing byte array, LEB128 numbers and the sections that hnnc needs.
 * The binary format is that of the WebAssembly Core Specification 3.0, section 5.
 */

import { type Opcode, opcodes } from "./opcodes.ts";

export type WasmType = "i32" | "i64" | "f64" | "v128";

const typeCodes = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const satisfies Record<WasmType, number>;

/** A number in unsigned LEB128. */
export function unsignedBytes(value: number): number[] {
  if (value < 0x80) return [value];
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}

const scratch = new DataView(new ArrayBuffer(8));
const utf8 = new TextEncoder();

/** A byte array that grows; numbers are written as LEB128 where the format says so. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The bytes written so far; a view that the next write may leave behind. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count));
    grown.set(this.view());
    this.#bytes = grown;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A few bytes: quicker than `append` below some twenty. */
  few(bytes: readonly number[]): void {
    this.#reserve(bytes.length);
    for (let k = 0; k < bytes.length; k++) this.#bytes[this.#length++] = bytes[k]!;
  }

  append(bytes: ArrayLike<number>): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  unsigned(value: number): void {
    this.#reserve(10);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A byte and a number behind it, such as `local.get` and a local. */
  indexed(byte: number, index: number): void {
    this.#reserve(11);
    this.#bytes[this.#length++] = byte;
    if (index < 0x80) this.#bytes[this.#length++] = index;
    else this.unsigned(index);
  }

  /** A signed 32-bit integer. */
  signed(value: number): void {
    let rest = value;
    while (rest < -0x40 || rest > 0x3f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.byte(rest & 0x7f);
  }

  f64(value: number): void {
    scratch.setFloat64(0, value, true);
    this.append(new Uint8Array(scratch.buffer));
  }

  /** A 64-bit pattern. */
  i64(bits: bigint): void {
    scratch.setBigUint64(0, BigInt.asUintN(64, bits), true);
    this.append(new Uint8Array(scratch.buffer));
  }

  string(text: string): void {
    this.sized(utf8.encode(text));
  }

  /** Bytes preceded by their number. */
  sized(bytes: ArrayLike<number>): void {
    this.unsigned(bytes.length);
    this.append(bytes);
  }

  instruction(opcode: Opcode): void {
    this.code(opcodes[opcode]);
  }

  /** An instruction by the number that `opcodes` has for it. */
  code(code: number): void {
    if (code > 0xff) this.indexed(code >>> 16, code & 0xffff);
    else this.byte(code);
  }
}

/** A function's signature. */
export interface WasmSignature {
  readonly params: readonly WasmType[];
  readonly results: readonly WasmType[];
}

/** A function ready to be written: `body` is its instructions without the final `end`. */
export interface WasmFunction extends WasmSignature {
  readonly locals: readonly WasmType[];
  readonly body: Uint8Array;
  /** The name under which it is exported, if it is. */
  readonly exported?: string | undefined;
}

/** A function that a module takes from `env`. */
export interface ImportedFunction extends WasmSignature {
  readonly name: string;
}

/** Bytes that stand in memory from `address` on when the module starts. */
export interface DataSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** A module with one memory: its own, exported as `memory`, or a shared one that it imports as `env.memory`. */
export interface WasmModule {
  /** These have the first indices. */
  readonly imported: readonly ImportedFunction[];
  readonly functions: readonly WasmFunction[];
  readonly data: readonly DataSegment[];
  /** Initial size of the memory in pages of 64 kB. */
  readonly pages: number;
  /** For a shared memory: the most pages that it may have. */
  readonly sharedPages?: number | undefined;
  readonly custom: Readonly<Record<string, Uint8Array>>;
}

function section(out: ByteWriter, id: number, fill: (content: ByteWriter) => void): void {
  const content = new ByteWriter();
  fill(content);
  out.byte(id);
  out.sized(content.view());
}

function writeTypes(out: ByteWriter, types: readonly WasmType[]): void {
  out.unsigned(types.length);
  for (const type of types) out.byte(typeCodes[type]);
}

/** Locals are declared as runs of one type: `[v128, v128, i32]` is 2 × v128, 1 × i32. */
function writeLocals(out: ByteWriter, locals: readonly WasmType[]): void {
  const runs: { type: WasmType; count: number }[] = [];
  for (const type of locals) {
    const last = runs.at(-1);
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  out.unsigned(runs.length);
  for (const run of runs) {
    out.unsigned(run.count);
    out.byte(typeCodes[run.type]);
  }
}

function writeCode(out: ByteWriter, fn: WasmFunction): void {
  const body = new ByteWriter();
  writeLocals(body, fn.locals);
  body.append(fn.body);
  body.instruction("end");
  out.sized(body.view());
}

/** Numbers the distinct signatures of `functions`. */
function signatures(functions: readonly WasmSignature[]): { distinct: WasmSignature[]; of: number[] } {
  const numbers = new Map<string, number>();
  const distinct: WasmSignature[] = [];
  const of = functions.map((fn) => {
    const key = `${fn.params}:${fn.results}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, distinct.length);
    return distinct.push(fn) - 1;
  });
  return { distinct, of };
}

function writeExports(out: ByteWriter, { imported, functions, sharedPages }: WasmModule): void {
  const exported = functions.flatMap((fn, index) => (fn.exported === undefined ? [] : [{ name: fn.exported, index }]));
  out.unsigned(exported.length + (sharedPages === undefined ? 1 : 0));
  if (sharedPages === undefined) {
    out.string("memory");
    out.append([0x02, 0x00]);
  }
  for (const { name, index } of exported) {
    out.string(name);
    out.byte(0x00);
    out.unsigned(imported.length + index);
  }
}

/** Functions, by the numbers of their types, and a shared memory. */
function writeImports(out: ByteWriter, { imported, pages, sharedPages }: WasmModule, types: readonly number[]): void {
  out.unsigned(imported.length + (sharedPages === undefined ? 0 : 1));
  imported.forEach(({ name }, k) => {
    out.string("env");
    out.string(name);
    out.byte(0x00);
    out.unsigned(types[k]!);
  });
  if (sharedPages === undefined) return;
  out.string("env");
  out.string("memory");
  out.append([0x02, 0x03]);
  out.unsigned(pages);
  out.unsigned(sharedPages);
}

/** Writes a module; functions have their indices in the order in which they stand, imported ones first. */
export function encodeModule(module: WasmModule): Uint8Array<ArrayBuffer> {
  const { imported, functions, data, custom, pages, sharedPages } = module;
  const { distinct, of } = signatures([...imported, ...functions]);
  const out = new ByteWriter();
  out.append([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  section(out, 1, (types) => {
    types.unsigned(distinct.length);
    for (const { params, results } of distinct) {
      types.byte(0x60);
      writeTypes(types, params);
      writeTypes(types, results);
    }
  });
  if (imported.length > 0 || sharedPages !== undefined) section(out, 2, (imports) => writeImports(imports, module, of));
  section(out, 3, (indices) => {
    indices.unsigned(functions.length);
    for (const type of of.slice(imported.length)) indices.unsigned(type);
  });
  if (sharedPages === undefined) {
    section(out, 5, (memory) => {
      memory.append([1, 0x00]);
      memory.unsigned(pages);
    });
  }
  section(out, 7, (exports) => writeExports(exports, module));
  section(out, 10, (code) => {
    code.unsigned(functions.length);
    for (const fn of functions) writeCode(code, fn);
  });
  section(out, 11, (segments) => {
    segments.unsigned(data.length);
    for (const { address, bytes } of data) {
      segments.byte(0x00);
      segments.instruction("i32.const");
      segments.signed(address);
      segments.instruction("end");
      segments.sized(bytes);
    }
  });
  for (const [name, bytes] of Object.entries(custom)) {
    section(out, 0, (content) => {
      content.string(name);
      content.append(bytes);
    });
  }
  return out.view().slice();
}
