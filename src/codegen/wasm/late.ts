import type { Routine } from "../elementary/lanes.ts";
import type { WasmSignature } from "./encoder.ts";
import { FunctionBuilder } from "./function.ts";
import type { Ref } from "./instructions.ts";
import { memoryPlace } from "./lanes.ts";
import { WasmUnit } from "./unit.ts";

const vector = 16;
/** Arguments or results, whichever are more. */
const mostValues = 4;

/** Bytes through which arguments and results of late routines pass. */
export const latePassage = mostValues * vector;

/** The number of the routine that is wanted. */
const signature: WasmSignature = { params: ["i32"], results: [] };

/**
 * Routines that a module leaves out until one of them is called: each is then compiled to a module of its own. Huge
 * arguments of sin and other rare cases, which few motions ever meet, are a third of the code of a small model.
 */
export class LateRoutines {
  readonly #routines: Routine[] = [];
  readonly #compiled: ((passage: Float64Array) => void)[] = [];
  readonly #place: number;
  readonly #fma: boolean;

  /** @param options.place address of `latePassage` bytes in the module's memory */
  constructor(options: { readonly place: number; readonly fma: boolean }) {
    this.#place = options.place;
    this.#fma = options.fma;
  }

  /** What the module imports, as its function 0. */
  readonly imported = { name: "late", ...signature };

  /** Writes a call into a function of the module. */
  readonly call = (f: FunctionBuilder, routine: Routine, args: readonly Ref[]): readonly Ref[] => {
    const known = this.#routines.indexOf(routine);
    const number = known >= 0 ? known : this.#routines.push(routine) - 1;
    storeAll(f, args, this.#place);
    f.call(0, [f.i32(number)], [], true);
    return loadAll(f, routine.results, this.#place);
  };

  /** The function to be imported, for a module whose memory is `memory` once it runs. */
  readonly run =
    (memory: () => ArrayBufferLike) =>
    (number: number): void => {
      this.#compiled[number] ??= compileAlone(this.#routines[number]!, this.#fma);
      this.#compiled[number](new Float64Array(memory(), this.#place, latePassage / 8));
    };
}

/** A routine on pairs as a function that replaces arguments by results. */
function compileAlone(routine: Routine, fma: boolean): (passage: Float64Array) => void {
  const unit = new WasmUnit({ fma, reserved: latePassage });
  const f = new FunctionBuilder([], []);
  storeAll(f, f.call(unit.routine(routine), loadAll(f, routine.arity, 0), vectors(routine.results)), 0);
  unit.add(f.finish([], unit.constants, "run"));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(unit.encode()));
  const own = new Float64Array((exports.memory as WebAssembly.Memory).buffer, 0, latePassage / 8);
  const run = exports.run as () => void;
  return (passage) => {
    own.set(passage);
    run();
    passage.set(own);
  };
}

function vectors(count: number): "v128"[] {
  return new Array<"v128">(count).fill("v128");
}

function storeAll(f: FunctionBuilder, values: readonly Ref[], at: number): void {
  values.forEach((value, k) => {
    f.effect("v128.store", [f.i32(0), value], memoryPlace(3, at + vector * k));
  });
}

function loadAll(f: FunctionBuilder, count: number, at: number): Ref[] {
  return vectors(count).map((type, k) => f.read("v128.load", type, [f.i32(0)], memoryPlace(3, at + vector * k)));
}
