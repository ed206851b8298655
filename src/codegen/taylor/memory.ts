import type { Op } from "../../expr/ops.ts";
import { elementary } from "../elementary/elementary.ts";
import { numberLanes } from "../elementary/lanes-number.ts";
import type { BlockLayout, TaylorLayout } from "./layout.ts";
import { type Fixed, literalOf, type SeriesProgram } from "./series.ts";

/** The memory of an integrator, seen as numbers and as addresses. */
export interface TaylorMemory {
  readonly numbers: Float64Array;
  readonly addresses: Int32Array;
}

export function memoryOf(buffer: ArrayBuffer | SharedArrayBuffer): TaylorMemory {
  return { numbers: new Float64Array(buffer), addresses: new Int32Array(buffer) };
}

/** Writes where the values of each iteration of a sum stand. */
export function writeTables({ blocks }: TaylorLayout, { addresses }: TaylorMemory): void {
  for (const { entries, vectors, table, iterations } of blocks) {
    for (let v = 0; v < vectors; v++) {
      entries.forEach(({ offset }, k) => {
        for (const lane of [0, 1]) {
          const iteration = 2 * v + lane;
          addresses[table / 4 + 2 * (v * entries.length + k) + lane] = offset(
            iteration < iterations ? iteration : undefined,
          );
        }
      });
    }
  }
}

/** An operation on plain numbers. Its truth values are numbers that are not 0. */
export function numberOperation(op: Op, args: readonly number[]): number {
  if (op === "select") return args[0] !== 0 ? args[1]! : args[2]!;
  if (op === "and") return Number(args[0] !== 0 && args[1] !== 0);
  if (op === "or") return Number(args[0] !== 0 || args[1] !== 0);
  if (op === "not") return Number(args[0] === 0);
  return Number((elementary[op] as NumberRule)(numberLanes, ...args));
}

type NumberRule = (lanes: typeof numberLanes, ...args: number[]) => number | boolean;

/** What depends on parameters alone: for each node that is no literal, its value in each iteration of its block. */
export type FixedValues = ReadonlyMap<Fixed, Float64Array>;

/** @param parameters the flat vector in the layout's order */
export function fixedValues(program: SeriesProgram, layout: TaylorLayout, parameters: Float64Array): FixedValues {
  const values = new Map<Fixed, Float64Array>();
  for (const fixed of program.fixed) {
    if (literalOf(fixed) !== undefined) continue;
    const own = layout.blocks[fixed.block.id]!;
    const valueAt = (node: Fixed, iteration: number): number =>
      literalOf(node) ?? values.get(node)![own.iterationOf(node.block, iteration)]!;
    const { value } = fixed;
    if (value.kind === "total") {
      values.set(fixed, totals(value.parts, own, layout, values));
      continue;
    }
    const made = new Float64Array(own.iterations);
    for (let i = 0; i < made.length; i++) {
      if (value.kind === "op") {
        const args = value.args.map((arg) => valueAt(arg, i));
        made[i] = numberOperation(value.op, args);
      } else if (value.kind === "parameter") made[i] = parameters[own.integer(value.at, i)]!;
      else if (value.kind === "integer") made[i] = own.integer(value.at, i);
    }
    values.set(fixed, made);
  }
  return values;
}

/** Puts what depends on parameters alone into the records. */
export function writeFixed(layout: TaylorLayout, values: FixedValues, memory: TaylorMemory): void {
  for (const [fixed, slot] of layout.fixed) {
    write(fixed, values.get(fixed)!, layout.blocks[fixed.block.id]!, slot, memory.numbers);
  }
}

function totals(parts: readonly Fixed[], own: BlockLayout, layout: TaylorLayout, values: FixedValues): Float64Array {
  const sums = new Float64Array(own.iterations);
  for (const part of parts) {
    // a part that does not vary inside is added as often as the block inside runs
    const inner = layout.blocks[part.block.id]!;
    const literal = literalOf(part);
    for (let i = 0; i < inner.iterations; i++) {
      sums[inner.iterationOf(own.block, i)]! += literal ?? values.get(part)![i]!;
    }
  }
  return sums;
}

/** Both lanes of each record; truth values as all bits or none. */
function write(
  fixed: Fixed,
  values: Float64Array,
  { records, recordBytes, vectors, iterations }: BlockLayout,
  slot: number,
  numbers: Float64Array,
): void {
  const truth = fixed.value.kind === "op" && isTruth(fixed.value.op);
  const bits = truth ? new BigInt64Array(numbers.buffer) : undefined;
  for (let v = 0; v < vectors; v++) {
    for (const lane of [0, 1]) {
      const value = values[Math.min(2 * v + lane, iterations - 1)]!;
      const at = (records + v * recordBytes + slot) / 8 + lane;
      if (bits) bits[at] = value !== 0 ? -1n : 0n;
      else numbers[at] = value;
    }
  }
}

function isTruth(op: Op): boolean {
  return op === "less" || op === "lessEqual" || op === "equal" || op === "and" || op === "or" || op === "not";
}
