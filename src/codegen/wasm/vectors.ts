import { countUses } from "../ensemble/unrolling.ts";
import type { Machine, Wide } from "../ensemble/wide.ts";
import type { Program } from "../program.ts";
import type { Ref } from "./instructions.ts";
import { memoryPlace } from "./lanes.ts";
import { addressOf, type Entry, loadParameter, type Places, ProgramWriter } from "./program.ts";

/** What a method evaluates: ẋ, or only q̇ or ṗ. */
export type Part = "field" | "velocity" | "force";

/** A vector over the entries of the states of a tile. */
export interface Vector {
  readonly length: number;
  /** Byte offset in the tile or in the scratch memory. */
  readonly offset: number;
  readonly kept: boolean;
  /** The entries, where vectors stand in registers. */
  readonly entries: (Wide | undefined)[];
  /** Whether entries are assigned within loops, and read after them. */
  readonly changing: boolean;
}

/** A place in vectors that `each` goes through. */
export interface Cursor {
  readonly index: number;
  readonly moved: Ref | undefined;
}

/**
 * Vectors over the entries of states, for several pairs of states side by side. They stand in registers, where every
 * operation is written out, or in memory, where it is a loop over the entries.
 */
export interface Vectors {
  readonly machine: Machine;
  /** A vector of the tile: it keeps its values from call to call. */
  kept(offset: number, length: number): Vector;
  scratch(length: number, changing?: boolean): Vector;
  each(first: number, end: number, body: (at: Cursor) => void): void;
  /** The entry at `at` + `shift`. */
  get(vector: Vector, at: Cursor, shift?: number): Wide;
  set(vector: Vector, at: Cursor, value: Wide, shift?: number): void;
  /** Brings a vector of the tile to where it is worked on. */
  load(vector: Vector): void;
  /** Writes it back in the lanes of a mask. */
  commit(vector: Vector, mask: Wide): void;
  /** Writes an entry of a vector of the tile in the lanes of a mask. */
  commitAt(offset: number, at: Cursor, mask: Wide, value: Wide): void;
  /** Writes all lanes back. */
  store(vector: Vector): void;
  /** @param careful with the slow forms of functions, even where the machine is hopeful */
  evaluate(part: Part, x: Vector, out: Vector, time: Wide, careful?: boolean): void;
}

/** Bytes of one entry of a tile: a f64x2 for each vector side by side. */
export const entryBytes = (width: number): number => 16 * width;

export interface VectorOptions {
  /** Addresses of the tile and of the thread's scratch memory. */
  readonly tile: Ref;
  readonly scratch: Ref;
  /** The parameter vector's address. */
  readonly parameters: number;
  readonly programs: (part: Part) => Program;
  /** Where the machine is hopeful: one for the same function that is not. */
  readonly careful?: Machine | undefined;
}

/** Loads a row of f64x2 vectors: memory that changes. */
export function loadWide({ f, width }: Machine, address: Ref, offset: number): Wide {
  return Array.from({ length: width }, (_, k) =>
    f.read("v128.load", "v128", [address], memoryPlace(4, offset + 16 * k)),
  );
}

export function storeWide({ f }: Machine, address: Ref, offset: number, value: Wide): void {
  value.forEach((ref, k) => {
    f.effect("v128.store", [address, ref], memoryPlace(4, offset + 16 * k));
  });
}

function commitWide(machine: Machine, address: Ref, offset: number, mask: Wide, value: Wide): void {
  const old = loadWide(machine, address, offset);
  storeWide(machine, address, offset, machine.lanes.select(mask, value, old));
}

/** Every entry is a value of the function under construction. */
export function registerVectors(machine: Machine, options: VectorOptions): Vectors {
  const { tile, scratch, parameters, programs } = options;
  const bytes = entryBytes(machine.width);
  const zero = machine.lanes.constant(0);
  const make = (offset: number, length: number, kept: boolean, changing: boolean): Vector => ({
    length,
    offset,
    kept,
    changing,
    entries: Array.from({ length }, () => (changing && !kept ? machine.variable(zero) : undefined)),
  });
  const set = ({ entries, changing }: Vector, index: number, value: Wide) => {
    if (changing) machine.assign(entries[index]!, value);
    else entries[index] = value;
  };
  const indices = (vector: Vector) => vector.entries.keys();
  return {
    machine,
    kept: (offset, length) => make(offset, length, true, true),
    scratch: (length, changing = false) => make(0, length, false, changing),
    each(first, end, body) {
      for (let index = first; index < end; index++) body({ index, moved: undefined });
    },
    get: ({ entries }, { index }, shift = 0) => entries[index + shift] ?? zero,
    set: (vector, { index }, value, shift = 0) => set(vector, index + shift, value),
    load({ entries, offset }) {
      for (const index of entries.keys()) {
        entries[index] = machine.variable(loadWide(machine, tile, offset + bytes * index));
      }
    },
    commit(vector, mask) {
      for (const k of indices(vector)) {
        commitWide(machine, tile, vector.offset + bytes * k, mask, vector.entries[k]!);
      }
    },
    commitAt: (offset, { index }, mask, value) => commitWide(machine, tile, offset + bytes * index, mask, value),
    store(vector) {
      for (const k of indices(vector)) storeWide(machine, tile, vector.offset + bytes * k, vector.entries[k]!);
    },
    evaluate(part, x, out, time, careful = false) {
      const writer = careful ? (options.careful ?? machine) : machine;
      const results = written(writer, programs(part), { x, time, parameters, scratch });
      for (const [k, value] of results.entries()) if (value) set(out, k, value);
    },
  };
}

interface Inputs {
  readonly scratch: Ref;
  readonly x: Vector;
  readonly time: Wide;
  readonly parameters: number;
}

/** The outputs of a program that is written out in place. */
function written(machine: Machine, program: Program, { x, time, parameters, scratch }: Inputs): (Wide | undefined)[] {
  const { f, lanes } = machine;
  const results: (Wide | undefined)[] = [];
  const places: Places = {
    time,
    scratch,
    // a copy: a rate that is a bare entry of the state must not change when that entry does
    state: ({ fixed }) => (x.changing ? machine.variable(x.entries[fixed]!) : x.entries[fixed]!),
    parameter: (entry) => machine.same(loadParameter(f, f.i32(parameters), entry)),
    output: ({ fixed }) => results[fixed] ?? lanes.constant(0),
    store: ({ fixed }, value) => {
      results[fixed] = value;
    },
  };
  const everything = { mostInlined: Number.POSITIVE_INFINITY, mostRounds: Number.POSITIVE_INFINITY };
  new ProgramWriter(machine, countUses(program.body), places, everything).statements(program.body);
  return results;
}

export interface MemoryOptions extends VectorOptions {
  /** Bytes of the scratch memory that are taken already. */
  readonly taken: number;
  /** Is told how much of the scratch memory is used. */
  readonly use: (bytes: number) => void;
  /** The function that computes a part: (x, out, scratch, time … one f64x2 a vector). */
  readonly functions: (part: Part) => number;
}

/** Entries stand in memory; vectors of the tile are copied to the scratch memory and worked on there. */
export function memoryVectors(machine: Machine, options: MemoryOptions): Vectors {
  const { f } = machine;
  const { tile, scratch, functions } = options;
  const bytes = entryBytes(machine.width);
  const work = new Map<Vector, number>();
  let taken = options.taken;
  const allocate = (vector: Vector): Vector => {
    work.set(vector, taken);
    taken += bytes * vector.length;
    options.use(taken);
    return vector;
  };
  const place = (vector: Vector, { index }: Cursor, shift: number) => work.get(vector)! + bytes * (index + shift);
  const address = (base: Ref, { moved }: Cursor) =>
    moved === undefined ? base : f.pure("i32.add", "i32", [base, moved]);
  const each: Vectors["each"] = (first, end, body) => {
    if (end <= first) return;
    const moved = f.variable(f.i32(bytes * first));
    f.loop(() => {
      body({ index: 0, moved });
      f.assign(moved, f.pure("i32.add", "i32", [moved, f.i32(bytes)]));
      return f.pure("i32.lt_s", "i32", [moved, f.i32(bytes * end)]);
    });
  };
  const get: Vectors["get"] = (vector, at, shift = 0) =>
    loadWide(machine, address(scratch, at), place(vector, at, shift));
  const set: Vectors["set"] = (vector, at, value, shift = 0) =>
    storeWide(machine, address(scratch, at), place(vector, at, shift), value);
  const whole = (vector: Vector, body: (at: Cursor) => void) => each(0, vector.length, body);
  return {
    machine,
    kept: (offset, length) => allocate({ length, offset, kept: true, changing: true, entries: [] }),
    scratch: (length) => allocate({ length, offset: 0, kept: false, changing: true, entries: [] }),
    each,
    get,
    set,
    load: (vector) => whole(vector, (at) => set(vector, at, loadWide(machine, address(tile, at), vector.offset))),
    commit: (vector, mask) =>
      whole(vector, (at) => commitWide(machine, address(tile, at), vector.offset, mask, get(vector, at))),
    commitAt: (offset, at, mask, value) => commitWide(machine, address(tile, at), offset, mask, value),
    store: (vector) => whole(vector, (at) => storeWide(machine, address(tile, at), vector.offset, get(vector, at))),
    evaluate(part, x, out, time) {
      const at = (vector: Vector) => f.pure("i32.add", "i32", [scratch, f.i32(work.get(vector)!)]);
      f.call(functions(part), [at(x), at(out), scratch, ...time], [], true);
    },
  };
}

/** A program whose inputs and outputs are vectors in memory. */
export function tilePlaces(
  machine: Machine,
  { x, out, scratch, parameters, time }: { x: Ref; out: Ref; scratch: Ref; parameters: number; time: Wide },
): Places {
  const { f } = machine;
  const bytes = entryBytes(machine.width);
  const address = (vector: Ref, entry: Entry) => addressOf(f, vector, entry, bytes);
  return {
    time,
    scratch,
    // the state rests while the program runs
    state: (entry) =>
      Array.from({ length: machine.width }, (_, k) =>
        f.pure("v128.load", "v128", [address(x, entry)], memoryPlace(4, bytes * entry.fixed + 16 * k)),
      ),
    parameter: (entry) => machine.same(loadParameter(f, f.i32(parameters), entry)),
    output: (entry) => loadWide(machine, address(out, entry), bytes * entry.fixed),
    store: (entry, value) => storeWide(machine, address(out, entry), bytes * entry.fixed, value),
  };
}
