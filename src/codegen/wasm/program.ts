import type { Op } from "../../expr/ops.ts";
import { elementary, routines, sincosRoutine } from "../elementary/elementary.ts";
import { fewIndices, type Loop, mostRounds, type Uses, withKnown } from "../ensemble/unrolling.ts";
import type { Machine, Wide } from "../ensemble/wide.ts";
import {
  type Integer,
  type LoopId,
  type NetworkCall,
  networkResults,
  type Statement,
  type Value,
  type ValueId,
  wishOf,
} from "../program.ts";
import type { FunctionBuilder } from "./function.ts";
import type { Ref } from "./instructions.ts";
import { memoryPlace } from "./lanes.ts";

const wordBytes = 8;

/** An entry of a vector: `fixed`, and what the indices of loops add to it, as an i32 of `bytes` an entry. */
export interface Entry {
  readonly fixed: number;
  readonly moved: ((bytes: number) => Ref) | undefined;
}

/** Where the inputs of a program come from and its outputs go to. */
export interface Places {
  readonly time: Wide;
  /** The address of memory that networks may use while they are computed. */
  readonly scratch: Ref;
  state(entry: Entry): Wide;
  parameter(entry: Entry): Wide;
  output(entry: Entry): Wide;
  store(entry: Entry, value: Wide): void;
}

/** Where a pair of states, its outputs and the parameters stand in memory; each an i32 address. */
export interface PairPlaces {
  /** The two states; the same address twice for a single one. */
  readonly states: readonly [Ref, Ref];
  readonly outs: readonly [Ref, Ref];
  readonly parameters: Ref;
  /** Time in both lanes. */
  readonly time: Ref;
  /** Memory for networks. */
  readonly scratch: Ref;
}

/** A pair of states in rows of their own, one in each lane. */
export function pairPlaces(f: FunctionBuilder, { states, outs, parameters, time, scratch }: PairPlaces): Places {
  /** Loads one entry of both rows. */
  const pair = ([first, second]: readonly [Ref, Ref], entry: Entry, constant: boolean): Wide => {
    const load = constant ? f.pure.bind(f) : f.read.bind(f);
    const [a, b] = [addressOf(f, first, entry, wordBytes), addressOf(f, second, entry, wordBytes)];
    const low = load("v128.load64_zero", "v128", [a], memoryPlace(3, wordBytes * entry.fixed));
    return [load("v128.load64_lane", "v128", [b, low], [...memoryPlace(3, wordBytes * entry.fixed), 1])];
  };
  return {
    time: [time],
    scratch,
    state: (entry) => pair(states, entry, true),
    output: (entry) => pair(outs, entry, false),
    parameter: (entry) => [loadParameter(f, parameters, entry)],
    store: (entry, [value]) => {
      outs.forEach((row, lane) => {
        const place = [...memoryPlace(3, wordBytes * entry.fixed), lane];
        f.effect("v128.store64_lane", [addressOf(f, row, entry, wordBytes), value!], place);
      });
    },
  };
}

/** A parameter in both lanes. */
export function loadParameter(f: FunctionBuilder, parameters: Ref, entry: Entry): Ref {
  const address = addressOf(f, parameters, entry, wordBytes);
  return f.pure("v128.load64_splat", "v128", [address], memoryPlace(3, wordBytes * entry.fixed));
}

/** The address of an entry without its fixed part, which stands in the instruction. */
export function addressOf(f: FunctionBuilder, vector: Ref, { moved }: Entry, bytes: number): Ref {
  return moved ? f.pure("i32.add", "i32", [vector, moved(bytes)]) : vector;
}

/** How a program is written out. */
export interface Writing {
  /** An operation that is a routine is written in place where it stands up to this many times, called beyond. */
  readonly mostInlined?: number | undefined;
  /** Loops of at most this many rounds are written out. */
  readonly mostRounds?: number | undefined;
}

const mostInlined = 2;

/** A program for real arguments, whatever their number. */
type AnyRule = (lanes: Machine["lanes"], ...args: Wide[]) => Wide;

/** Writes the statements of a program, for as many states as the machine holds side by side, into a function. */
export class ProgramWriter {
  readonly #f: FunctionBuilder;
  readonly #machine: Machine;
  readonly #lanes: Machine["lanes"];
  readonly #uses: Uses;
  readonly #writing: { readonly mostInlined: number; readonly mostRounds: number };
  readonly #values = new Map<ValueId, Wide>();
  readonly #loops = new Map<LoopId, Ref>();
  /** The indices of loops that are written out. */
  readonly #known = new Map<LoopId, number>();
  readonly #places: Places;

  constructor(machine: Machine, uses: Uses, places: Places, writing: Writing = {}) {
    this.#f = machine.f;
    this.#machine = machine;
    this.#lanes = machine.lanes;
    this.#uses = uses;
    this.#places = places;
    this.#writing = {
      mostInlined: writing.mostInlined ?? mostInlined,
      mostRounds: writing.mostRounds ?? mostRounds,
    };
  }

  /** The values of this writer that `ids` name. */
  value(id: ValueId): Wide {
    return this.#values.get(id)!;
  }

  define(id: ValueId, value: Wide): void {
    this.#values.set(id, value);
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
      case "network":
        this.#network(statement);
        break;
      case "accumulator":
        this.define(statement.id, this.#machine.variable(lanes.constant(statement.initial)));
        break;
      case "accumulate": {
        const [sum, value] = [this.value(statement.id), this.value(statement.value)];
        this.#machine.assign(sum, statement.op === "add" ? lanes.add(sum, value) : lanes.mul(sum, value));
        break;
      }
      case "store":
        this.#places.store(this.#entry(statement.at), this.value(statement.value));
        break;
      case "scatter":
        this.#scatter(this.#entry(statement.at), this.value(statement.value));
        break;
      case "loop":
        this.#loop(statement);
    }
  }

  #network(call: NetworkCall): void {
    const { network } = call;
    const args = call.args.map((arg) => this.value(arg));
    const { scratch } = this.#places;
    const results = this.#machine.network({ network, wish: wishOf(call), scratch }, args);
    networkResults(call).forEach((id, k) => {
      if (id !== undefined) this.define(id, results[k]!);
    });
  }

  #scatter(entry: Entry, value: Wide): void {
    this.#places.store(entry, this.#lanes.add(this.#places.output(entry), value));
  }

  #sincos(arg: Wide): readonly Wide[] {
    if (this.#uses.get("sincos")! <= this.#writing.mostInlined) return sincosRoutine.body(this.#lanes, arg);
    return this.#lanes.call(sincosRoutine, [arg]);
  }

  #value(value: Value): Wide {
    switch (value.kind) {
      case "const":
        return this.#lanes.constant(value.value);
      case "time":
        return this.#places.time;
      case "integer":
        return this.#realOf(value.at);
      case "output":
        return this.#places.output(this.#entry(value.at));
      case "state":
        return this.#places.state(this.#entry(value.at));
      case "parameter":
        return this.#places.parameter(this.#entry(value.at));
      case "op":
        return this.#operation(
          value.op,
          value.args.map((arg) => this.value(arg)),
        );
    }
  }

  #operation(op: Op, args: readonly Wide[]): Wide {
    if (op === "sin" && this.#machine.hope) return this.#machine.hope.sin(args[0]!);
    const routine = routines.get(op);
    if (routine && this.#uses.get(op)! > this.#writing.mostInlined) return this.#lanes.call(routine, args)[0]!;
    return (elementary[op] as AnyRule)(this.#lanes, ...args);
  }

  #realOf(at: Integer): Wide {
    const f = this.#f;
    const real = f.pure("f64.convert_i32_s", "f64", [this.#integer(at, 1)]);
    return this.#machine.same(f.pure("f64x2.splat", "v128", [real]));
  }

  /** A place of a vector: a fixed part that goes into the instruction, the rest computed. */
  #entry(place: Integer): Entry {
    const at = withKnown(place, this.#known);
    const fixed = Math.max(at.offset, 0);
    const isFixed = at.terms.length === 0 && at.edges.length === 0;
    if (isFixed) return { fixed: at.offset, moved: undefined };
    return { fixed, moved: (bytes) => this.#integer(at, bytes, -fixed) };
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
    const indices = fewIndices(statement, this.#known, this.#writing.mostRounds);
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
        if (terms.length === 0 && edges.length === 0) this.#places.parameter(this.#entry(statement.value.at));
      }
    }
  }
}
