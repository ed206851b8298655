import { elementary, sincosRoutine } from "../../src/codegen/elementary/elementary.ts";
import type { Lanes } from "../../src/codegen/elementary/lanes.ts";
import { numberLanes } from "../../src/codegen/elementary/lanes-number.ts";
import { FunctionBuilder } from "../../src/codegen/wasm/function.ts";
import { memoryPlace, wasmLanes } from "../../src/codegen/wasm/lanes.ts";
import { WasmUnit } from "../../src/codegen/wasm/unit.ts";
import type { Op } from "../../src/expr/ops.ts";

export type VectorFunction = (x: Float64Array, y: Float64Array) => Float64Array;

/** An operation, or one half of the pair. */
export type Evaluated = Op | "sine of sincos" | "cosine of sincos";

/** The program of an operation on real arguments. */
export function programOf(name: Evaluated): <V, M>(l: Lanes<V, M>, x: V, y: V) => V {
  if (name === "sine of sincos") return (l, x) => sincosRoutine.body(l, x)[0]!;
  if (name === "cosine of sincos") return (l, x) => sincosRoutine.body(l, x)[1]!;
  return elementary[name as "pow"];
}

/** An operation on numbers, one at a time. */
export function onNumbers(name: Evaluated): (x: number, y: number) => number {
  const program = programOf(name);
  return (x, y) => program(numberLanes, x, y);
}

/** An operation as a WebAssembly loop over arrays of even length, at most 2^16 long. */
export function onVectors(name: Evaluated, fma = false): VectorFunction {
  const unit = new WasmUnit({ fma });
  const f = new FunctionBuilder(["i32", "i32", "i32", "i32"], []);
  const [x, y, out, bytes] = [0, 1, 2, 3] as const;
  const i = f.variable(f.i32(0));
  const at = (base: number) => f.pure("i32.add", "i32", [base, i]);
  f.loop(() => {
    const load = (base: number) => f.read("v128.load", "v128", [at(base)], memoryPlace(3, 0));
    const value = programOf(name)(wasmLanes(f, unit), load(x), load(y));
    f.effect("v128.store", [at(out), value], memoryPlace(3, 0));
    f.assign(i, f.pure("i32.add", "i32", [i, f.i32(16)]));
    return f.pure("i32.lt_u", "i32", [i, bytes]);
  });
  unit.add(f.finish([], "locals", "run"));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(unit.encode()));
  const memory = instance.exports.memory as WebAssembly.Memory;
  const run = instance.exports.run as (...places: number[]) => void;
  memory.grow(3 * 8 + 1);
  const start = unit.heap / 8;
  return (xs, ys) => {
    const values = new Float64Array(memory.buffer);
    const n = xs.length;
    values.set(xs, start);
    values.set(ys, start + n);
    run(8 * start, 8 * (start + n), 8 * (start + 2 * n), 8 * n);
    return values.slice(start + 2 * n, start + 3 * n);
  };
}
