import type { Lanes, Routine, Table } from "../elementary/lanes.ts";
import { unsignedBytes } from "./encoder.ts";
import { bitsOf, type FunctionBuilder } from "./function.ts";
import type { Ref } from "./instructions.ts";
import type { Opcode } from "./opcodes.ts";

/** What a function needs from the module around it. */
export interface LanesUnit {
  /** Relaxed-SIMD fused multiply-add: faster, but its bits differ between machines. */
  readonly fma: boolean;
  /** The index of the function of a routine. */
  routine(routine: Routine): number;
  /** Where the table's f64 values stand in memory. */
  table(table: Table): number;
  /** Calls a routine that is rarely needed, where such routines are not part of the module. */
  readonly late?: LateCall | undefined;
}

export type LateCall = (f: FunctionBuilder, routine: Routine, args: readonly Ref[]) => readonly Ref[];

const signBit = 1n << 63n;
const exponentBias = 1023n;

/** A load's or store's alignment (as a power of two) and offset, in LEB128. */
export function memoryPlace(align: number, offset: number): number[] {
  if (offset < 0x80) return [align, offset];
  if (offset < 0x4000) return [align, (offset & 0x7f) | 0x80, offset >> 7];
  if (offset < 0x200000) return [align, (offset & 0x7f) | 0x80, ((offset >> 7) & 0x7f) | 0x80, offset >> 14];
  return [align, ...unsignedBytes(offset)];
}

/** Some of the vocabulary. */
type Some<K extends keyof Lanes<Ref, Ref>> = Pick<Lanes<Ref, Ref>, K>;

/** The vocabulary on pairs of f64 in a `v128`; masks are vectors of all ones or all zeros. */
export function wasmLanes(f: FunctionBuilder, unit: LanesUnit): Lanes<Ref, Ref> {
  const arithmetic = arithmeticLanes(f, unit.fma);
  const comparing = comparingLanes(f);
  return {
    ...arithmetic,
    ...comparing,
    ...bitLanes(f, unit),
    ...controlLanes(f, unit, comparing.select),
  };
}

type Emit = (...args: Ref[]) => Ref;

const emitter =
  (f: FunctionBuilder) =>
  (opcode: Opcode): Emit =>
  (...args) =>
    f.pure(opcode, "v128", args);

type Arithmetic =
  | "constant"
  | "fused"
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "sqrt"
  | "madd"
  | "nmadd"
  | "floor"
  | "neg"
  | "abs";

function arithmeticLanes(f: FunctionBuilder, fma: boolean): Some<Arithmetic> {
  const op = emitter(f);
  const [add, sub, mul] = [op("f64x2.add"), op("f64x2.sub"), op("f64x2.mul")];
  return {
    constant: (value) => f.splat(value),
    fused: fma,
    add,
    sub,
    mul,
    div: op("f64x2.div"),
    sqrt: op("f64x2.sqrt"),
    madd: fma ? op("f64x2.relaxed_madd") : (a, b, c) => add(mul(a, b), c),
    nmadd: fma ? op("f64x2.relaxed_nmadd") : (a, b, c) => sub(c, mul(a, b)),
    floor: op("f64x2.floor"),
    neg: op("f64x2.neg"),
    abs: op("f64x2.abs"),
  };
}

type Comparing =
  | "min"
  | "max"
  | "lesser"
  | "greater"
  | "less"
  | "lessEqual"
  | "equal"
  | "and"
  | "or"
  | "not"
  | "select";

function comparingLanes(f: FunctionBuilder): Some<Comparing> {
  const op = emitter(f);
  return {
    min: op("f64x2.min"),
    max: op("f64x2.max"),
    lesser: op("f64x2.pmin"),
    greater: op("f64x2.pmax"),
    less: op("f64x2.lt"),
    lessEqual: op("f64x2.le"),
    equal: op("f64x2.eq"),
    and: op("v128.and"),
    or: op("v128.or"),
    not: op("v128.not"),
    select: (mask, yes, no) => op("v128.bitselect")(yes, no, mask),
  };
}

type Bits =
  | "copySign"
  | "flipSign"
  | "negative"
  | "head"
  | "exponent"
  | "significand"
  | "power2"
  | "bit"
  | "flipBit"
  | "lookup";

function bitLanes(f: FunctionBuilder, unit: LanesUnit): Some<Bits> {
  const op = emitter(f);
  const bits = (pattern: bigint): Ref => f.splatBits(pattern);
  const [and, or, xor, subtract] = [op("v128.and"), op("v128.or"), op("v128.xor"), op("i64x2.sub")];
  const shiftLeft = (a: Ref, count: number): Ref => op("i64x2.shl")(a, f.i32(count));
  /** bits(a) − bits(low) + 1024·2^52: the exponent, biased, above the distance to `low`. */
  const rebased = (a: Ref, low: number): Ref => subtract(a, bits(bitsOf(low) - (1024n << 52n)));
  return {
    copySign: (a, sign) => op("v128.bitselect")(sign, a, bits(signBit)),
    flipSign: (a, sign) => xor(a, and(sign, bits(signBit))),
    negative: (a) => op("i64x2.lt_s")(a, bits(0n)),
    head: (a) => and(a, bits(0xffffffff00000000n)),
    exponent: (a, low) => {
      const biased = op("i64x2.shr_u")(rebased(a, low), f.i32(52));
      // the integer becomes the low bits of 2^52
      return op("f64x2.sub")(or(biased, f.splat(2 ** 52)), f.splat(2 ** 52 + 1024));
    },
    significand: (a, low) => op("i64x2.add")(and(rebased(a, low), bits((1n << 52n) - 1n)), f.splat(low)),
    power2: (code) => shiftLeft(op("i64x2.add")(code, bits(exponentBias)), 52),
    bit: (code, bit) => op("i64x2.eq")(and(code, bits(1n << BigInt(bit))), bits(1n << BigInt(bit))),
    flipBit: (a, code, bit) => {
      const moved = shiftLeft(code, 63 - bit);
      return xor(a, bit === 0 ? moved : and(moved, bits(signBit)));
    },
    lookup: (table, code, offset) => lookup(f, code, unit.table(table) + 8 * offset),
  };
}

/** Loads the f64 at `address` + 8·n for the integer n of each lane. */
function lookup(f: FunctionBuilder, code: Ref, address: number): Ref {
  const place = memoryPlace(3, address);
  const index = (lane: number): Ref => {
    const low = f.pure("i32.wrap_i64", "i32", [f.pure("i64x2.extract_lane", "i64", [code], [lane])]);
    return f.pure("i32.shl", "i32", [low, f.i32(3)]);
  };
  const first = f.pure("v128.load64_splat", "v128", [index(0)], place);
  return f.pure("v128.load64_lane", "v128", [index(1), first], [...place, 1]);
}

function controlLanes(f: FunctionBuilder, unit: LanesUnit, select: Lanes<Ref, Ref>["select"]): Some<"call" | "rare"> {
  const call: Lanes<Ref, Ref>["call"] = (routine, args) => {
    const results = Array.from({ length: routine.results }, () => "v128" as const);
    return f.call(unit.routine(routine), args, results);
  };
  return {
    call,
    rare: (when, fast, slow, args) => {
      const results = fast.map((value) => f.variable(value));
      f.when(f.pure("v128.any_true", "i32", [when]), () => {
        const values = unit.late ? unit.late(f, slow, args) : call(slow, args);
        results.forEach((result, k) => {
          f.assign(result, select(when, values[k]!, result));
        });
      });
      return results;
    },
  };
}
