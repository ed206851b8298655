import type { Lanes, Routine, Table } from "./lanes.ts";
import type { Opcode } from "./wasm-encoder.ts";
import { bitsOf, type FunctionBuilder } from "./wasm-function.ts";
import type { Ref } from "./wasm-instructions.ts";

/** What a function needs from the module around it. */
export interface LanesUnit {
  /** Relaxed-SIMD fused multiply-add: faster, but its bits differ between machines. */
  readonly fma: boolean;
  /** The index of the function of a routine. */
  routine(routine: Routine): number;
  /** Where the table's f64 values stand in memory. */
  table(table: Table): number;
}

const signBit = 1n << 63n;
const exponentBias = 1023n;

/** A load's or store's alignment (as a power of two) and offset, in LEB128. */
export function memoryPlace(align: number, offset: number): number[] {
  const bytes = [align];
  let rest = offset;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}

/** The vocabulary on pairs of f64 in a `v128`; masks are vectors of all ones or all zeros. */
export function wasmLanes(f: FunctionBuilder, unit: LanesUnit): Lanes<Ref, Ref> {
  const op = (opcode: Opcode, ...args: Ref[]): Ref => f.pure(opcode, "v128", args);
  const unary = (opcode: Opcode) => (a: Ref) => op(opcode, a);
  const binary = (opcode: Opcode) => (a: Ref, b: Ref) => op(opcode, a, b);
  const shiftLeft = (a: Ref, count: number): Ref => op("i64x2.shl", a, f.i32(count));
  const bitPattern = (bits: bigint): Ref => f.splatBits(bits);
  /** bits(a) − bits(low) + 1024·2^52: the exponent, biased, above the distance to `low`. */
  const rebased = (a: Ref, low: number): Ref => op("i64x2.sub", a, bitPattern(bitsOf(low) - (1024n << 52n)));
  const lanes: Lanes<Ref, Ref> = {
    constant: (value) => f.splat(value),
    add: binary("f64x2.add"),
    sub: binary("f64x2.sub"),
    mul: binary("f64x2.mul"),
    div: binary("f64x2.div"),
    sqrt: unary("f64x2.sqrt"),
    madd: (a, b, c) => (unit.fma ? op("f64x2.relaxed_madd", a, b, c) : lanes.add(lanes.mul(a, b), c)),
    nmadd: (a, b, c) => (unit.fma ? op("f64x2.relaxed_nmadd", a, b, c) : lanes.sub(c, lanes.mul(a, b))),
    floor: unary("f64x2.floor"),
    neg: unary("f64x2.neg"),
    abs: unary("f64x2.abs"),
    copySign: (a, sign) => op("v128.bitselect", sign, a, bitPattern(signBit)),
    flipSign: (a, sign) => op("v128.xor", a, op("v128.and", sign, bitPattern(signBit))),
    negative: (a) => op("i64x2.lt_s", a, bitPattern(0n)),
    min: binary("f64x2.min"),
    max: binary("f64x2.max"),
    lesser: binary("f64x2.pmin"),
    greater: binary("f64x2.pmax"),
    less: binary("f64x2.lt"),
    lessEqual: binary("f64x2.le"),
    equal: binary("f64x2.eq"),
    and: binary("v128.and"),
    or: binary("v128.or"),
    not: unary("v128.not"),
    select: (mask, yes, no) => op("v128.bitselect", yes, no, mask),
    head: (a) => op("v128.and", a, bitPattern(0xffffffff00000000n)),
    exponent: (a, low) => {
      const biased = op("i64x2.shr_u", rebased(a, low), f.i32(52));
      // the integer becomes the low bits of 2^52
      return lanes.sub(op("v128.or", biased, f.splat(2 ** 52)), f.splat(2 ** 52 + 1024));
    },
    significand: (a, low) => {
      const fraction = op("v128.and", rebased(a, low), bitPattern((1n << 52n) - 1n));
      return op("i64x2.add", fraction, f.splat(low));
    },
    power2: (code) => shiftLeft(op("i64x2.add", code, bitPattern(exponentBias)), 52),
    bit: (code, bit) => {
      const one = bitPattern(1n << BigInt(bit));
      return op("i64x2.eq", op("v128.and", code, one), one);
    },
    flipBit: (a, code, bit) => {
      const moved = shiftLeft(code, 63 - bit);
      return op("v128.xor", a, bit === 0 ? moved : op("v128.and", moved, bitPattern(signBit)));
    },
    lookup: (table, code, offset) => {
      const place = memoryPlace(3, unit.table(table) + 8 * offset);
      const address = (lane: number): Ref => {
        const low = f.pure("i32.wrap_i64", "i32", [f.pure("i64x2.extract_lane", "i64", [code], [lane])]);
        return f.pure("i32.shl", "i32", [low, f.i32(3)]);
      };
      const first = f.pure("v128.load64_splat", "v128", [address(0)], place);
      return f.pure("v128.load64_lane", "v128", [address(1), first], [...place, 1]);
    },
    call: (routine, args) =>
      f.call(
        unit.routine(routine),
        args,
        Array.from({ length: routine.results }, () => "v128" as const),
      ),
    rare: (when, fast, slow, args) => {
      const results = fast.map((value) => f.variable(value));
      f.when(f.pure("v128.any_true", "i32", [when]), () => {
        const values = lanes.call(slow, args);
        results.forEach((result, k) => {
          f.assign(result, lanes.select(when, values[k]!, result));
        });
      });
      return results;
    },
  };
  return lanes;
}
