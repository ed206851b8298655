import type { Program, ValueId } from "../program.ts";
import { FunctionBuilder } from "../wasm/function.ts";
import type { Ref } from "../wasm/instructions.ts";
import { memoryPlace } from "../wasm/lanes.ts";
import { partition } from "../wasm/parts.ts";
import { ProgramWriter } from "../wasm/program.ts";
import type { WasmUnit } from "../wasm/unit.ts";
import {
  entryBytes,
  loadWide,
  memoryVectors,
  type Part,
  registerVectors,
  storeWide,
  tilePlaces,
  type Vectors,
} from "../wasm/vectors.ts";
import { withInterior } from "./interior.ts";
import { countUses } from "./unrolling.ts";
import { type Machine, type Wide, wideMachine } from "./wide.ts";

/**
 * The memory of a running ensemble. At the start of the memory stand the addresses below and the parameters; the host
 * places the plan (a row for each sample), the outputs, the tiles and each thread's scratch memory behind the module's
 * constants. A tile is 2·width trajectories that advance together: entry i of its state is `width` f64x2 vectors.
 */
export const control = {
  /** i32: addresses of the plan, of the states [samples, lanes, 2n] and energies [samples, lanes] that are written. */
  plan: 0,
  states: 4,
  energies: 8,
  /** i32: how many lanes there are in all, and which sample stands first in plan and outputs. */
  lanes: 12,
  first: 16,
  /** i32 that threads share: the next tile to be taken, and whether to stop. */
  nextTile: 20,
  stop: 24,
  /** f64: settings of adaptive methods. */
  settings: 32,
  parameters: 128,
} as const;

/** A row of the plan; behind it stand the numbers that depend on h (`extra`). */
export const row = {
  /** f64: where the stretch begins, its step, the number of its first step, and the sample's time. */
  from: 0,
  h: 8,
  k0: 16,
  to: 24,
  /** i32: how many steps; whether the step before had the same size; 1 + the place of its end in the outputs, or 0. */
  steps: 32,
  extrapolate: 36,
  sampled: 40,
  extra: 48,
} as const;

/** What every tile begins with, in units of a row of vectors; `state` may hold more than the state behind it. */
export const tileRows = { alive: 0, active: 1, failed: 2, failTime: 3, rounds: 4, progress: 5, state: 6 } as const;

/** The programs and shapes that a kernel is made of. */
export interface KernelPlan {
  readonly degreesOfFreedom: number;
  readonly width: number;
  /** Whether vectors stand in registers. */
  readonly registers: boolean;
  /** The parts that the method evaluates. */
  readonly parts: readonly Part[];
  readonly program: (part: Part) => Program;
  readonly hamiltonian: Program | undefined;
  readonly parameterCount: number;
}

/** A module under construction: its functions of parts, and the scratch memory that they need. */
export class KernelUnit {
  readonly unit: WasmUnit;
  readonly plan: KernelPlan;
  /** Bytes of scratch memory a thread. */
  scratchBytes: number;
  /** Bytes at the start of it in which networks work. */
  readonly #networkBytes: number;
  readonly #parts = new Map<Program, number>();

  /** @param networkBytes scratch memory that networks need while they are computed */
  constructor(unit: WasmUnit, plan: KernelPlan, networkBytes = 0) {
    this.unit = unit;
    this.plan = plan;
    this.#networkBytes = networkBytes;
    this.scratchBytes = networkBytes;
    this.crossing = networkBytes;
  }

  machine(f: FunctionBuilder, hopeful = false): Machine {
    return wideMachine(f, this.unit, this.plan.width, hopeful);
  }

  /** Vectors for a function whose first two parameters are the addresses of a tile and of the scratch memory. */
  vectors(machine: Machine): Vectors {
    const { program: programs, registers } = this.plan;
    const careful = machine.hope && this.machine(machine.f);
    const options = { tile: 0, scratch: 1, parameters: control.parameters, programs, careful };
    if (registers) return registerVectors(machine, options);
    // functions first: their scratch memory comes before the vectors
    for (const part of this.plan.parts) this.part(programs(part), part);
    const use = (bytes: number) => this.reserve(bytes);
    const functions = (part: Part) => this.part(programs(part), part);
    return memoryVectors(machine, { ...options, taken: this.crossing, use, functions });
  }

  /** Bytes at the start of the scratch memory for networks, for values that cross between functions, and what was claimed. */
  crossing: number;

  /** Takes scratch memory for a function that others call while they use theirs. */
  claim(bytes: number): number {
    const offset = this.crossing;
    this.crossing += bytes;
    this.reserve(this.crossing);
    return offset;
  }

  reserve(bytes: number): void {
    this.scratchBytes = Math.max(this.scratchBytes, bytes);
  }

  /** The function (x, out, scratch, time …) of a program over vectors in memory. */
  part(program: Program, part: Part | "hamiltonian"): number {
    const known = this.#parts.get(program);
    if (known !== undefined) return known;
    const { width, degreesOfFreedom: n } = this.plan;
    const bytes = entryBytes(width);
    const [first, end] = { velocity: [0, n], force: [n, 2 * n], field: [0, 2 * n], hamiltonian: [0, 1] }[part] as [
      number,
      number,
    ];
    const stored = program.body.filter(({ kind }) => kind === "store").length;
    const calls = this.#partFunctions(program);
    const f = this.#partBuilder();
    if (stored < end - first) {
      const address = f.pure("i32.add", "i32", [1, f.i32(bytes * first)]);
      f.effect("memory.fill", [address, f.i32(0), f.i32(bytes * (end - first))], [0]);
    }
    const inputs = Array.from({ length: 3 + width }, (_, k) => k);
    for (const index of calls) f.call(index, inputs, [], true);
    const index = this.unit.add(f.finish([], this.unit.constants));
    this.#parts.set(program, index);
    return index;
  }

  #partBuilder(): FunctionBuilder {
    return new FunctionBuilder(["i32", "i32", "i32", ...new Array<"v128">(this.plan.width).fill("v128")], []);
  }

  /** The program in one function, or in several that leave values for one another in the scratch memory. */
  #partFunctions(program: Program): number[] {
    const { width } = this.plan;
    const bytes = entryBytes(width);
    // as often as written by hand: that a loop is in pieces is no reason to call what can stand in place
    const uses = countUses(program.body);
    const body = withInterior(program.body);
    const cut = partition({ ...program, body }, Math.ceil(2500 / width));
    const pieces = cut?.parts ?? [{ statements: body, imports: [], exports: [] }];
    const slot = (id: ValueId): number => this.#networkBytes + bytes * cut!.slots.get(id)!;
    this.crossing = Math.max(this.crossing, this.#networkBytes + bytes * (cut?.slots.size ?? 0));
    return pieces.map(({ statements, imports, exports }) => {
      const f = this.#partBuilder();
      const machine = this.machine(f);
      const time: Wide = Array.from({ length: width }, (_, k) => 3 + k);
      const places = tilePlaces(machine, { x: 0, out: 1, scratch: 2, parameters: control.parameters, time });
      const writer = new ProgramWriter(machine, uses, places, { mostInlined: width > 1 ? 1 : 2 });
      for (const id of imports) {
        const value = loadWide(machine, 2, slot(id));
        writer.define(id, cut!.accumulators.has(id) ? machine.variable(value) : value);
      }
      writer.statements(statements);
      for (const id of exports) storeWide(machine, 2, slot(id), writer.value(id));
      const loops = statements.some(({ kind }) => kind === "loop");
      return this.unit.add(f.finish([], loops ? "locals" : this.unit.constants));
    });
  }
}

export function loadI32(f: FunctionBuilder, address: Ref, offset: number): Ref {
  return f.read("i32.load", "i32", [address], memoryPlace(2, offset));
}

export function storeI32(f: FunctionBuilder, address: Ref, offset: number, value: Ref): void {
  f.effect("i32.store", [address, value], memoryPlace(2, offset));
}

/** An f64 in memory, in all lanes. */
export function loadNumber({ f, same }: Machine, address: Ref, offset: number): Wide {
  return same(f.read("v128.load64_splat", "v128", [address], memoryPlace(3, offset)));
}

/**
 * Adds and exports `record`, which writes a sample: (tile, scratch, first lane of the tile, number of the sample in the outputs,
 * row of the plan). Lanes that have come to an end leave NaN.
 *
 * @param stateAt where the state stands in the tile
 */
export function addRecorder(kernel: KernelUnit, stateAt: number): number {
  const { width, degreesOfFreedom: n, hamiltonian } = kernel.plan;
  const energy = hamiltonian && kernel.part(hamiltonian, "hamiltonian");
  const f = new FunctionBuilder(["i32", "i32", "i32", "i32", "i32"], []);
  const machine = kernel.machine(f);
  const { lanes } = machine;
  const bytes = entryBytes(width);
  const [tile, scratch, lane0, sample] = [0, 1, 2, 3] as const;
  const place = f.pure("i32.add", "i32", [
    f.pure("i32.mul", "i32", [sample, loadI32(f, f.i32(0), control.lanes)]),
    lane0,
  ]);
  const outputs = (at: number, size: number): Ref =>
    f.pure("i32.add", "i32", [loadI32(f, f.i32(0), at), f.pure("i32.mul", "i32", [place, f.i32(size)])]);
  const alive = loadWide(machine, tile, bytes * tileRows.alive);
  const nan = lanes.constant(Number.NaN);
  const put = (address: Ref, value: Wide, stride: number) => {
    lanes.select(alive, value, nan).forEach((ref, k) => {
      for (const lane of [0, 1]) {
        f.effect("v128.store64_lane", [address, ref], [...memoryPlace(3, (2 * k + lane) * stride), lane]);
      }
    });
  };
  const states = outputs(control.states, 16 * n);
  const entry = f.variable(f.i32(0));
  f.loop(() => {
    const from = f.pure("i32.add", "i32", [tile, f.pure("i32.mul", "i32", [entry, f.i32(bytes)])]);
    const to = f.pure("i32.add", "i32", [states, f.pure("i32.shl", "i32", [entry, f.i32(3)])]);
    put(to, loadWide(machine, from, stateAt), 16 * n);
    f.assign(entry, f.pure("i32.add", "i32", [entry, f.i32(1)]));
    return f.pure("i32.lt_s", "i32", [entry, f.i32(2 * n)]);
  });
  if (energy !== undefined) {
    kernel.reserve(kernel.crossing + bytes);
    const out = f.pure("i32.add", "i32", [scratch, f.i32(kernel.crossing)]);
    const state = f.pure("i32.add", "i32", [tile, f.i32(stateAt)]);
    f.call(energy, [state, out, scratch, ...loadNumber(machine, 4, row.to)], [], true);
    put(outputs(control.energies, 8), loadWide(machine, out, 0), 8);
  }
  return kernel.unit.add(f.finish([], "locals", "record"));
}
