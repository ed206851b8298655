import { expect, test } from "vitest";
import { elementary, sincosRoutine } from "../../src/codegen/elementary/elementary.ts";
import type { Routine } from "../../src/codegen/elementary/lanes.ts";
import { FunctionBuilder } from "../../src/codegen/wasm/function.ts";
import { memoryPlace, wasmLanes } from "../../src/codegen/wasm/lanes.ts";
import { LateRoutines, latePassage } from "../../src/codegen/wasm/late.ts";
import { WasmUnit } from "../../src/codegen/wasm/unit.ts";

const tangent: Routine = { name: "tan", arity: 1, results: 1, body: (l, x) => [elementary.tan(l, x)] };
const power: Routine = { name: "pow", arity: 2, results: 1, body: (l, x, y) => [elementary.pow(l, x!, y!)] };
const place = 64;

/** A module that does a routine on the pairs at 0 and 16, results from 32 on, and how it is called. */
function moduleOf(routine: Routine, late?: LateRoutines) {
  const unit = new WasmUnit({ fma: false, reserved: place + latePassage, late });
  const f = new FunctionBuilder([], []);
  const at = (k: number) => memoryPlace(3, 16 * k);
  const args = Array.from({ length: routine.arity }, (_, k) => f.read("v128.load", "v128", [f.i32(0)], at(k)));
  routine.body(wasmLanes(f, unit), ...args).forEach((value, k) => {
    f.effect("v128.store", [f.i32(0), value], at(2 + k));
  });
  unit.add(f.finish([], unit.constants, "run"));
  const bytes = unit.encode();
  let memory = new ArrayBuffer(0);
  const imports = late ? { env: { late: late.run(() => memory) } } : {};
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  memory = (exports.memory as WebAssembly.Memory).buffer as ArrayBuffer;
  const run = (x: readonly [number, number], y: readonly [number, number]): string => {
    new Float64Array(memory).set([...x, ...y]);
    (exports.run as () => void)();
    return [...new BigUint64Array(memory, 32, 2 * routine.results)].join(" ");
  };
  return { size: bytes.length, run };
}

const points = [0.5, -2, 3e6, -4e9, 1e300, 5e-324, 0, -0, Number.POSITIVE_INFINITY, Number.NaN];

test.each([
  ["sincos", sincosRoutine],
  ["tan", tangent],
  ["pow", power],
])("%s with its rare cases compiled late gives the bits of the whole module, in either lane", (_, routine) => {
  const whole = moduleOf(routine);
  const late = moduleOf(routine, new LateRoutines({ place, fma: false }));
  expect(late.size).toBeLessThan(whole.size);
  for (const a of points) {
    for (const b of points) {
      expect(late.run([a, b], [b, 2.5])).toBe(whole.run([a, b], [b, 2.5]));
    }
  }
});
