import { FunctionBuilder } from "../wasm/function.ts";
import type { Ref } from "../wasm/instructions.ts";
import { memoryPlace } from "../wasm/lanes.ts";
import { type LateRoutines, latePassage } from "../wasm/late.ts";
import type { Opcode } from "../wasm/opcodes.ts";
import { WasmUnit } from "../wasm/unit.ts";
import { addExpansion } from "./expand.ts";
import { type TaylorLayout, vector } from "./layout.ts";
import { addReach } from "./reach-wasm.ts";
import { Scalars } from "./scalars.ts";
import type { SeriesProgram } from "./series.ts";

/** Where the run's clock stands in memory: t, what rounding took from it, the width of the step at hand. */
export const clock = { t: 0, carry: 8, step: 16 } as const;

/** Where `emitTaylor` wants the passage of late routines. */
export function latePlace({ bytes }: TaylorLayout): number {
  return vector * Math.ceil(bytes / vector);
}

/** Vectors of the state whose polynomials are evaluated side by side. */
const together = 4;
/** Up to this many vectors the polynomial is split into four interleaved ones. */
const mostSplit = 2;

/**
 * A module that exports `memory` and
 * - `expand(t)`: from coefficient 0 of the state to all of them;
 * - `reach(left)`: the width of a step from the coefficients, at most `left`, with its sign; 0 or NaN where none is;
 * - `update(h)`: coefficient 0 becomes the state h later;
 * - `propagate(until, end, most) → steps`: takes steps until one would pass `until`, which is left expanded, its width
 *   in the clock, or until `most` were taken.
 *
 * @param options.late leaves rare routines out; the module then imports what they import
 */
export function emitTaylor(
  program: SeriesProgram,
  layout: TaylorLayout,
  options: { readonly fma: boolean; readonly late?: LateRoutines | undefined },
): Uint8Array<ArrayBuffer> {
  const unit = new WasmUnit({ ...options, reserved: latePlace(layout) + latePassage });
  const orders = addExpansion(unit, program, layout);
  const expand = addExpand(unit, orders);
  const reach = addReach(unit, layout);
  const update = addUpdate(unit, layout);
  addPropagate(unit, { expand, reach, update });
  return unit.encode();
}

function addExpand(unit: WasmUnit, orders: readonly number[]): number {
  const f = new FunctionBuilder(["f64"], []);
  for (const index of orders) f.call(index, [0], [], true);
  return unit.add(f.finish([], unit.constants, "expand"));
}

/** x ← x + Σ_{k≥1} x_k hᵏ, with what rounding took from x carried on (Kahan). */
function addUpdate(unit: WasmUnit, layout: TaylorLayout): number {
  const f = new FunctionBuilder(["f64"], []);
  const h = f.pure("f64x2.splat", "v128", [0]);
  const vectors = layout.dimension / 2;
  const { state, rowBytes, order } = layout;
  const row = (k: number): number => state + k * rowBytes;
  if (vectors <= mostSplit) {
    for (let i = 0; i < vectors; i++) splitColumn(f, layout, h, vector * i);
  } else {
    const at = f.variable(f.i32(0));
    const columns = (count: number): void => {
      const load = (k: number, i: number): Ref =>
        f.read("v128.load", "v128", [at], memoryPlace(3, row(k) + vector * i));
      const sums = Array.from({ length: count }, (_, i) => load(order, i));
      for (let k = order - 1; k >= 1; k--) {
        sums.forEach((sum, i) => {
          sums[i] = f.read("f64x2.add", "v128", [f.read("f64x2.mul", "v128", [sum, h]), load(k, i)]);
        });
      }
      sums.forEach((sum, i) => {
        advance(f, layout, at, vector * i, f.read("f64x2.mul", "v128", [sum, h]));
      });
      f.assign(at, f.pure("i32.add", "i32", [at, f.i32(vector * count)]));
    };
    const whole = vectors - (vectors % together);
    if (whole > 0) {
      f.loop(() => {
        columns(together);
        return f.pure("i32.lt_s", "i32", [at, f.i32(vector * whole)]);
      });
    }
    if (vectors > whole) columns(vectors - whole);
  }
  return unit.add(f.finish([], unit.constants, "update"));
}

/** One vector of entries: the polynomial in h as four in h⁴, whose chains of dependent operations are shorter. */
function splitColumn(f: FunctionBuilder, layout: TaylorLayout, h: Ref, at: number): void {
  const { state, rowBytes, order } = layout;
  const op = (opcode: Opcode, a: Ref, b: Ref): Ref => f.read(opcode, "v128", [a, b]);
  const load = (k: number): Ref => f.read("v128.load", "v128", [f.i32(0)], memoryPlace(3, state + k * rowBytes + at));
  const h2 = op("f64x2.mul", h, h);
  const h4 = op("f64x2.mul", h2, h2);
  const sums: (Ref | undefined)[] = [undefined, undefined, undefined, undefined];
  for (let k = order; k >= 1; k--) {
    const part = (k - 1) % 4;
    const known = sums[part];
    sums[part] = known === undefined ? load(k) : op("f64x2.add", op("f64x2.mul", known, h4), load(k));
  }
  const [a, b, c, d] = sums.map((sum) => sum ?? f.splat(0)) as [Ref, Ref, Ref, Ref];
  const low = op("f64x2.add", a, op("f64x2.mul", h, b));
  const high = op("f64x2.add", c, op("f64x2.mul", h, d));
  advance(f, layout, f.i32(0), at, op("f64x2.mul", h, op("f64x2.add", low, op("f64x2.mul", h2, high))));
}

/** Adds a move to a vector of the state, compensated. */
function advance(f: FunctionBuilder, { state, carry }: TaylorLayout, address: Ref, at: number, move: Ref): void {
  const op = (opcode: Opcode, a: Ref, b: Ref): Ref => f.read(opcode, "v128", [a, b]);
  const load = (place: number): Ref => f.read("v128.load", "v128", [address], memoryPlace(3, place + at));
  const old = load(state);
  const whole = op("f64x2.add", move, load(carry));
  const sum = op("f64x2.add", old, whole);
  const lost = op("f64x2.add", op("f64x2.sub", old, sum), whole);
  f.effect("v128.store", [address, sum], memoryPlace(3, state + at));
  f.effect("v128.store", [address, lost], memoryPlace(3, carry + at));
}

function addPropagate(
  unit: WasmUnit,
  { expand, reach, update }: { readonly expand: number; readonly reach: number; readonly update: number },
): void {
  const f = new FunctionBuilder(["f64", "f64", "i32"], ["i32"]);
  const s = new Scalars(f);
  const [until, end, most] = [0, 1, 2];
  const steps = f.variable(f.i32(0));
  f.loop(() => {
    const t = s.load(clock.t);
    f.call(expand, [t], [], true);
    const left = s.op("f64.sub", s.op("f64.sub", end, t), s.load(clock.carry));
    const [h] = f.call(reach, [left], ["f64"], true) as [Ref];
    s.store(clock.step, h);
    const whole = s.op("f64.add", h, s.load(clock.carry));
    const later = s.op("f64.add", t, whole);
    // (later − until)·h < 0: the step ends before `until`; false where h is 0 or not a number
    const ahead = s.op("f64.mul", s.op("f64.sub", later, until), h);
    const before = s.test("f64.lt", ahead, s.number(0));
    const again = f.variable(f.i32(0));
    f.when(before, () => {
      f.call(update, [h], [], true);
      s.store(clock.t, later);
      s.store(clock.carry, s.op("f64.add", s.op("f64.sub", t, later), whole));
      f.assign(steps, f.pure("i32.add", "i32", [steps, f.i32(1)]));
      f.assign(again, f.pure("i32.lt_s", "i32", [steps, most]));
    });
    return again;
  });
  unit.add(f.finish([steps], unit.constants, "propagate"));
}
