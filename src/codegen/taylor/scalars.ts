import type { FunctionBuilder } from "../wasm/function.ts";
import type { Ref } from "../wasm/instructions.ts";
import { memoryPlace } from "../wasm/lanes.ts";
import type { Opcode } from "../wasm/opcodes.ts";
import { type TaylorLayout, vector } from "./layout.ts";

/** The scalar instructions that a step's control takes. */
export class Scalars {
  readonly f: FunctionBuilder;

  constructor(f: FunctionBuilder) {
    this.f = f;
  }

  number(value: number): Ref {
    return this.lane(this.f.splat(value), 0);
  }

  lane(pair: Ref, lane: 0 | 1): Ref {
    return this.f.pure("f64x2.extract_lane", "f64", [pair], [lane]);
  }

  op(opcode: Opcode, ...args: Ref[]): Ref {
    return this.f.pure(opcode, "f64", args);
  }

  test(opcode: Opcode, ...args: Ref[]): Ref {
    return this.f.pure(opcode, "i32", args);
  }

  load(at: number): Ref {
    return this.f.read("f64.load", "f64", [this.f.i32(0)], memoryPlace(3, at));
  }

  store(at: number, value: Ref): void {
    this.f.effect("f64.store", [this.f.i32(0), value], memoryPlace(3, at));
  }
}

/** The largest magnitude in row k of the state. */
export function norm(s: Scalars, { state, rowBytes, dimension }: TaylorLayout, k: number): Ref {
  const { f } = s;
  const row = state + k * rowBytes;
  const size = (address: Ref, at: number): Ref =>
    f.pure("f64x2.abs", "v128", [f.read("v128.load", "v128", [address], memoryPlace(3, at))]);
  const most = (a: Ref, b: Ref): Ref => f.pure("f64x2.max", "v128", [a, b]);
  const vectors = dimension / 2;
  let largest: Ref;
  if (vectors <= 8) {
    const sizes = Array.from({ length: vectors }, (_, i) => size(f.i32(0), row + vector * i));
    largest = sizes.reduce(most);
  } else {
    largest = f.variable(f.splat(0));
    const at = f.variable(f.i32(0));
    f.loop(() => {
      f.assign(largest, most(largest, size(at, row)));
      f.assign(at, f.pure("i32.add", "i32", [at, f.i32(vector)]));
      return f.pure("i32.lt_s", "i32", [at, f.i32(vector * vectors)]);
    });
  }
  return s.op("f64.max", s.lane(largest, 0), s.lane(largest, 1));
}
