import type { Op } from "../expr/ops.ts";
import { elementary, routines, sincosRoutine } from "./elementary/elementary.ts";
import type { Lanes } from "./lanes.ts";
import type { Integer, LoopId, Statement, Value, ValueId } from "./program.ts";
import type { FunctionBuilder } from "./wasm-function.ts";
import type { Ref } from "./wasm-instructions.ts";
import { type LanesUnit, memoryPlace, wasmLanes } from "./wasm-lanes.ts";

const wordBytes = 8;

/** Where a pair of states, its outputs and the parameters stand in memory; each an i32 address. */
export interface PairPlaces {
  /** The two states; the same address twice for a single one. */
  readonly states: readonly [Ref, Ref];
  readonly outs: readonly [Ref, Ref];
  readonly parameters: Ref;
  /** Time in both lanes. */
  readonly time: Ref;
}

/** An operation that is a routine is written in place up to this many times, called beyond. */
const mostInlined = 2;

/** How often each operation stands in a program. */
export type Uses = ReadonlyMap<Op | "sincos", number>;

export function countUses(body: readonly Statement[], uses = new Map<Op | "sincos", number>()): Uses {
  const count = (op: Op | "sincos"): unknown => uses.set(op, (uses.get(op) ?? 0) + 1);
  for (const statement of body) {
    if (statement.kind === "loop") countUses(statement.body, uses);
    else if (statement.kind === "sincos") count("sincos");
    else if (statement.kind === "let" && statement.value.kind === "op") count(statement.value.op);
  }
  return uses;
}

/** A program for real arguments, whatever their number. */
type AnyRule = (lanes: Lanes<Ref, Ref>, ...args: Ref[]) => Ref;

type Loop = Extract<Statement, { kind: "loop" }>;

/** Loops of at most this many rounds, such as those over the components of a position, are written out. */
const mostRounds = 4;

/** The indices of a loop that is short and whose bounds are known. */
function fewIndices({ lo, hi, except, body }: Loop, known: ReadonlyMap<LoopId, number>): number[] | undefined {
  if (body.some(({ kind }) => kind === "loop")) return undefined;
  const fixed = [lo, hi, ...except].map((place) => withKnown(place, known));
  if (fixed.some(({ terms, edges }) => terms.length + edges.length > 0)) return undefined;
  const [first, last, ...skipped] = fixed.map(({ offset }) => offset) as [number, number, ...number[]];
  if (last - first >= mostRounds) return undefined;
  const indices = Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => first + k);
  return indices.filter((index) => !skipped.includes(index));
}

/** The integer with the known indices put in. */
function withKnown(at: Integer, known: ReadonlyMap<LoopId, number>): Integer {
  if (known.size === 0) return at;
  let offset = at.offset;
  const terms = at.terms.filter(({ loop, factor }) => {
    const index = known.get(loop);
    if (index !== undefined) offset += factor * index;
    return index === undefined;
  });
  const edges = at.edges.map((edge) => ({ ...edge, at: withKnown(edge.at, known) }));
  return { offset, terms, edges };
}

/** Writes the statements of a program, for two states side by side, into a function. */
export class ProgramWriter {
  readonly #f: FunctionBuilder;
  readonly #lanes: Lanes<Ref, Ref>;
  readonly #uses: Uses;
  readonly #values = new Map<ValueId, Ref>();
  readonly #loops = new Map<LoopId, Ref>();
  /** The indices of loops that are written out. */
  readonly #known = new Map<LoopId, number>();
  readonly #places: PairPlaces;

  constructor(f: FunctionBuilder, unit: LanesUnit, uses: Uses, places: PairPlaces) {
    this.#f = f;
    this.#lanes = wasmLanes(f, unit);
    this.#uses = uses;
    this.#places = places;
  }

  /** The values of this writer that `ids` name. */
  value(id: ValueId): Ref {
    return this.#values.get(id)!;
  }

  define(id: ValueId, ref: Ref): void {
    this.#values.set(id, ref);
  }

  statements(body: readonly Statement[]): void {
    for (const statement of body) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    const lanes = this.#lanes;
    switch (statement.kind) {
      case "let":
        this.define(statement.id, this.#value(statement.value));
        break;
      case "sincos": {
        const [sin, cos] = this.#sincos(this.value(statement.arg));
        this.define(statement.sin, sin!);
        this.define(statement.cos, cos!);
        break;
      }
      case "accumulator":
        this.define(statement.id, this.#f.variable(lanes.constant(statement.initial)));
        break;
      case "accumulate": {
        const [sum, value] = [this.value(statement.id), this.value(statement.value)];
        this.#f.assign(sum, statement.op === "add" ? lanes.add(sum, value) : lanes.mul(sum, value));
        break;
      }
      case "store":
        this.#store(statement.at, this.value(statement.value));
        break;
      case "scatter":
        this.#store(statement.at, lanes.add(this.#output(statement.at), this.value(statement.value)));
        break;
      case "loop":
        this.#loop(statement);
    }
  }

  #sincos(arg: Ref): readonly Ref[] {
    if (this.#uses.get("sincos")! <= mostInlined) return sincosRoutine.body(this.#lanes, arg);
    return this.#lanes.call(sincosRoutine, [arg]);
  }

  #value(value: Value): Ref {
    switch (value.kind) {
      case "const":
        return this.#lanes.constant(value.value);
      case "time":
        return this.#places.time;
      case "integer":
        return this.#realOf(value.at);
      case "output":
        return this.#output(value.at);
      case "state":
        return this.#pair(this.#places.states, value.at, true);
      case "parameter":
        return this.#parameter(value.at);
      case "op":
        return this.#operation(
          value.op,
          value.args.map((arg) => this.value(arg)),
        );
    }
  }

  #operation(op: Op, args: readonly Ref[]): Ref {
    const routine = routines.get(op);
    if (routine && this.#uses.get(op)! > mostInlined) return this.#lanes.call(routine, args)[0]!;
    return (elementary[op] as AnyRule)(this.#lanes, ...args);
  }

  #realOf(at: Integer): Ref {
    const f = this.#f;
    return f.pure("f64x2.splat", "v128", [f.pure("f64.convert_i32_s", "f64", [this.#integer(at, 1)])]);
  }

  #parameter(at: Integer): Ref {
    const { address, offset } = this.#address(this.#places.parameters, at);
    return this.#f.pure("v128.load64_splat", "v128", [address], memoryPlace(3, offset));
  }

  #output(at: Integer): Ref {
    return this.#pair(this.#places.outs, at, false);
  }

  /** Loads one entry of both rows. */
  #pair([first, second]: readonly [Ref, Ref], at: Integer, constant: boolean): Ref {
    const load = constant ? this.#f.pure.bind(this.#f) : this.#f.read.bind(this.#f);
    const a = this.#address(first, at);
    const b = this.#address(second, at);
    const low = load("v128.load64_zero", "v128", [a.address], memoryPlace(3, a.offset));
    return load("v128.load64_lane", "v128", [b.address, low], [...memoryPlace(3, b.offset), 1]);
  }

  #store(at: Integer, value: Ref): void {
    this.#places.outs.forEach((row, lane) => {
      const { address, offset } = this.#address(row, at);
      this.#f.effect("v128.store64_lane", [address, value], [...memoryPlace(3, offset), lane]);
    });
  }

  /** The address of entry `place` of a row: a fixed part in the instruction, the rest computed. */
  #address(row: Ref, place: Integer): { address: Ref; offset: number } {
    const at = withKnown(place, this.#known);
    const fixed = Math.max(at.offset, 0);
    const isFixed = at.terms.length === 0 && at.edges.length === 0;
    const offset = wordBytes * fixed;
    if (isFixed) return { address: row, offset };
    const moved = this.#integer(at, wordBytes, -fixed);
    return { address: this.#f.pure("i32.add", "i32", [row, moved]), offset };
  }

  /** `scale`·(an integer + `shift`), as an i32. */
  #integer(place: Integer, scale: number, shift = 0): Ref {
    const at = withKnown(place, this.#known);
    const offset = scale * (at.offset + shift);
    const parts: Ref[] = [];
    for (const { loop, factor } of at.terms) parts.push(this.#times(this.#loops.get(loop)!, scale * factor));
    for (const edge of at.edges) parts.push(this.#times(this.#edge(edge), scale * edge.stride));
    if (offset !== 0 || parts.length === 0) parts.push(this.#f.i32(offset));
    return parts.reduce((sum, part) => this.#f.pure("i32.add", "i32", [sum, part]));
  }

  #times(value: Ref, factor: number): Ref {
    if (factor === 1) return value;
    const bits = Math.log2(factor);
    if (Number.isInteger(bits)) return this.#f.pure("i32.shl", "i32", [value, this.#f.i32(bits)]);
    return this.#f.pure("i32.mul", "i32", [value, this.#f.i32(factor)]);
  }

  /** A 1-based index brought into 0 … length − 1. */
  #edge({ at, mode, length }: Integer["edges"][number]): Ref {
    const f = this.#f;
    const place = this.#integer(at, 1, -1);
    const [zero, last] = [f.i32(0), f.i32(length - 1)];
    if (mode === "clamp") {
      const raised = f.pure("select", "i32", [zero, place, f.pure("i32.lt_s", "i32", [place, zero])]);
      return f.pure("select", "i32", [last, raised, f.pure("i32.gt_s", "i32", [raised, last])]);
    }
    const rest = f.pure("i32.rem_s", "i32", [place, f.i32(length)]);
    const negative = f.pure("i32.shr_s", "i32", [rest, f.i32(31)]);
    return f.pure("i32.add", "i32", [rest, f.pure("i32.and", "i32", [negative, f.i32(length)])]);
  }

  #loop(statement: Loop): void {
    const { loop, body } = statement;
    const indices = fewIndices(statement, this.#known);
    if (!indices) this.#countedLoop(statement);
    for (const index of indices ?? []) {
      this.#known.set(loop, index);
      this.statements(body);
    }
    this.#known.delete(loop);
  }

  #countedLoop({ loop, lo, hi, except, body }: Loop): void {
    const f = this.#f;
    const last = this.#integer(hi, 1);
    const index = f.variable(this.#integer(lo, 1));
    this.#loops.set(loop, index);
    f.when(f.pure("i32.le_s", "i32", [index, last]), () => {
      f.loop(() => {
        const skipped = except.map((value) => f.pure("i32.ne", "i32", [index, this.#integer(value, 1)]));
        if (skipped.length === 0) this.statements(body);
        else {
          const wanted = skipped.reduce((all, one) => f.pure("i32.and", "i32", [all, one]));
          f.when(wanted, () => this.statements(body));
        }
        f.assign(index, f.pure("i32.add", "i32", [index, f.i32(1)]));
        return f.pure("i32.le_s", "i32", [index, last]);
      });
    });
  }

  /** Loads the parameters at fixed places, so that it is done once where this stands before the loop over states. */
  loadParameters(body: readonly Statement[]): void {
    for (const statement of body) {
      if (statement.kind === "loop") this.loadParameters(statement.body);
      else if (statement.kind === "let" && statement.value.kind === "parameter") {
        const { terms, edges } = statement.value.at;
        if (terms.length === 0 && edges.length === 0) this.#parameter(statement.value.at);
      }
    }
  }
}
