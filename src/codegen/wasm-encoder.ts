/**
 * Writes WebAssembly modules as bytes: a growing byte array, LEB128 numbers and the sections that hnnc needs.
 * The binary format is that of the WebAssembly Core Specification 3.0, section 5.
 */

export type WasmType = "i32" | "i64" | "f64" | "v128";

const typeCodes = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const satisfies Record<WasmType, number>;

/** Opcodes above 0xffff carry a prefix byte: 0xfd for vectors, 0xfc for saturating conversions. */
const vector = (code: number): number => (0xfd << 16) | code;

/** The instructions that hnnc emits, by their names in the specification. */
export const opcodes = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  br_if: 0x0d,
  call: 0x10,
  "local.get": 0x20,
  "local.set": 0x21,
  "local.tee": 0x22,
  "i32.load": 0x28,
  "i64.load": 0x29,
  "f64.load": 0x2b,
  "i32.store": 0x36,
  "f64.store": 0x39,
  "i32.const": 0x41,
  "f64.const": 0x44,
  "i32.eqz": 0x45,
  "i32.eq": 0x46,
  "i32.ne": 0x47,
  "i32.lt_s": 0x48,
  "i32.lt_u": 0x49,
  "i32.gt_s": 0x4a,
  "i32.le_s": 0x4c,
  "i32.ge_s": 0x4e,
  "f64.eq": 0x61,
  "f64.ne": 0x62,
  "f64.lt": 0x63,
  "f64.gt": 0x64,
  "f64.le": 0x65,
  "f64.ge": 0x66,
  "i32.add": 0x6a,
  "i32.sub": 0x6b,
  "i32.mul": 0x6c,
  "i32.div_s": 0x6d,
  "i32.rem_s": 0x6f,
  "i32.and": 0x71,
  "i32.or": 0x72,
  "i32.shl": 0x74,
  "i32.shr_s": 0x75,
  "i64.add": 0x7c,
  "i64.sub": 0x7d,
  "i64.shl": 0x86,
  "f64.abs": 0x99,
  "f64.neg": 0x9a,
  "f64.floor": 0x9c,
  "f64.sqrt": 0x9f,
  "f64.add": 0xa0,
  "f64.sub": 0xa1,
  "f64.mul": 0xa2,
  "f64.div": 0xa3,
  "f64.min": 0xa4,
  "f64.max": 0xa5,
  "f64.copysign": 0xa6,
  select: 0x1b,
  "i32.wrap_i64": 0xa7,
  "i64.extend_i32_s": 0xac,
  "f64.convert_i32_s": 0xb7,
  "f64.convert_i64_s": 0xb9,
  "i64.reinterpret_f64": 0xbd,
  "f64.reinterpret_i64": 0xbf,
  "i64.trunc_sat_f64_s": (0xfc << 16) | 6,
  "memory.fill": (0xfc << 16) | 11,
  "v128.load": vector(0),
  "v128.load64_splat": vector(10),
  "v128.store": vector(11),
  "v128.const": vector(12),
  "i8x16.shuffle": vector(13),
  "f64x2.splat": vector(20),
  "i64x2.extract_lane": vector(29),
  "f64x2.extract_lane": vector(33),
  "f64x2.eq": vector(0x47),
  "f64x2.lt": vector(0x49),
  "f64x2.le": vector(0x4b),
  "v128.not": vector(0x4d),
  "v128.and": vector(0x4e),
  "v128.andnot": vector(0x4f),
  "v128.or": vector(0x50),
  "v128.xor": vector(0x51),
  "v128.bitselect": vector(0x52),
  "v128.any_true": vector(0x53),
  "v128.load64_lane": vector(0x57),
  "v128.store64_lane": vector(0x5b),
  "v128.load64_zero": vector(0x5d),
  "f64x2.floor": vector(0x75),
  "f64x2.trunc": vector(0x7a),
  "f64x2.nearest": vector(0x94),
  "i64x2.shl": vector(0xcb),
  "i64x2.shr_u": vector(0xcd),
  "i64x2.add": vector(0xce),
  "i64x2.sub": vector(0xd1),
  "i64x2.bitmask": vector(0xc4),
  "i64x2.eq": vector(0xd6),
  "i64x2.lt_s": vector(0xd8),
  "f64x2.abs": vector(0xec),
  "f64x2.neg": vector(0xed),
  "f64x2.sqrt": vector(0xef),
  "f64x2.add": vector(0xf0),
  "f64x2.sub": vector(0xf1),
  "f64x2.mul": vector(0xf2),
  "f64x2.div": vector(0xf3),
  "f64x2.min": vector(0xf4),
  "f64x2.max": vector(0xf5),
  "f64x2.pmin": vector(0xf6),
  "f64x2.pmax": vector(0xf7),
  "f64x2.relaxed_madd": vector(0x107),
  "f64x2.relaxed_nmadd": vector(0x108),
} as const;

export type Opcode = keyof typeof opcodes;

/** A number in unsigned LEB128. */
export function unsignedBytes(value: number): number[] {
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

  append(bytes: ArrayLike<number>): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  unsigned(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
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
    const code = opcodes[opcode];
    if (code > 0xff) {
      this.byte(code >>> 16);
      this.unsigned(code & 0xffff);
    } else this.byte(code);
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

/** Bytes that stand in memory from `address` on when the module starts. */
export interface DataSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** A module with one memory: its own, exported as `memory`, or a shared one that it imports as `env.memory`. */
export interface WasmModule {
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
function signatures(functions: readonly WasmFunction[]): { distinct: WasmSignature[]; of: number[] } {
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

function writeExports(out: ByteWriter, { functions, sharedPages }: WasmModule): void {
  const exported = functions.flatMap((fn, index) => (fn.exported === undefined ? [] : [{ name: fn.exported, index }]));
  out.unsigned(exported.length + (sharedPages === undefined ? 1 : 0));
  if (sharedPages === undefined) {
    out.string("memory");
    out.append([0x02, 0x00]);
  }
  for (const { name, index } of exported) {
    out.string(name);
    out.byte(0x00);
    out.unsigned(index);
  }
}

/** The memory as an import (section 2) or as the module's own (section 5). */
function writeMemory(out: ByteWriter, { pages, sharedPages }: WasmModule): void {
  if (sharedPages === undefined) {
    out.append([1, 0x00]);
    out.unsigned(pages);
    return;
  }
  out.unsigned(1);
  out.string("env");
  out.string("memory");
  out.append([0x02, 0x03]);
  out.unsigned(pages);
  out.unsigned(sharedPages);
}

/** Writes a module; function `i` of `module.functions` has index `i`. */
export function encodeModule(module: WasmModule): Uint8Array<ArrayBuffer> {
  const { functions, data, custom } = module;
  const { distinct, of } = signatures(functions);
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
  if (module.sharedPages !== undefined) section(out, 2, (imports) => writeMemory(imports, module));
  section(out, 3, (indices) => {
    indices.unsigned(of.length);
    for (const type of of) indices.unsigned(type);
  });
  if (module.sharedPages === undefined) section(out, 5, (memory) => writeMemory(memory, module));
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
