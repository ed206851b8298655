import type { Program } from "../../src/codegen/program.ts";
import { schedule } from "../../src/codegen/schedule.ts";
import { sourceOf } from "../../src/codegen/source.ts";
import type { Source } from "../../src/codegen/target.ts";
import { plainTaylor } from "../../src/codegen/taylor/js.ts";
import { layOut } from "../../src/codegen/taylor/layout.ts";
import { fixedValues, memoryOf, writeFixed, writeTables } from "../../src/codegen/taylor/memory.ts";
import { seriesProgram } from "../../src/codegen/taylor/program.ts";
import { emitTaylor } from "../../src/codegen/taylor/wasm.ts";
import type { Expr } from "../../src/expr/expr.ts";
import type { Write } from "../../src/mechanics/equations.ts";
import { parameterDefaults } from "../../src/mechanics/layout.ts";
import { parseModel } from "../../src/parser/parse.ts";

/** Coefficients k = 0 … P of the state (rows of 2n) and of the events. */
export interface Expansion {
  readonly state: number[][];
  readonly events: number[][];
  /** The width of the step. */
  readonly step: number;
}

/** One expansion by both roads: WebAssembly and plain JavaScript. */
export function expansions(
  text: string,
  { x0, t, order, events = [] }: { x0: readonly number[]; t: number; order: number; events?: readonly Expr[] },
): { wasm: Expansion; plain: Expansion } {
  const source = sourceOf(parseModel(text));
  const { layout: sizes } = source.equations;
  const program = seriesProgram(programOf(source, events), sizes.dimension);
  const layout = layOut(program, order, sizes);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(emitTaylor(program, layout, { fma: false })));
  const memory = memoryOf((exports.memory as WebAssembly.Memory).buffer);
  const parameters = parameterDefaults(source.model);
  const fixed = fixedValues(program, layout, parameters);
  writeTables(layout, memory);
  writeFixed(layout, fixed, memory);
  const numbers = new Float64Array(Math.ceil(layout.bytes / 8));
  const machine = plainTaylor(program, layout, () => fixed, numbers);
  const { expand, reach } = exports as unknown as { expand: (t: number) => void; reach: (left: number) => number };
  memory.numbers.set(x0, layout.state / 8);
  numbers.set(x0, layout.state / 8);
  expand(t);
  machine.expand(t);
  const read = (from: Float64Array): Expansion => {
    const rows = (at: number, bytes: number, count: number): number[][] =>
      Array.from({ length: order + 1 }, (_, k) => {
        const row = (at + k * bytes) / 8;
        return Array.from(from.subarray(row, row + count));
      });
    return {
      state: rows(layout.state, layout.rowBytes, sizes.dimension),
      events: rows(layout.watches, layout.watchRowBytes, events.length),
      step: reach(1e9),
    };
  };
  return { wasm: read(memory.numbers), plain: read(numbers) };
}

function programOf(source: Source, events: readonly Expr[]): Program {
  const { layout, field } = source.equations;
  const values = events.map((value, k): Write => ({ kind: "store", slot: layout.dimension + k, value }));
  return schedule(layout, [...field, ...values], layout.dimension + events.length);
}
