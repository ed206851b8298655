import { laneRows, settings } from "../codegen/ensemble/adaptive-layout.ts";
import type { EnsembleKernel } from "../codegen/ensemble/ensemble-kernel.ts";
import { control, row } from "../codegen/ensemble/tile.ts";
import { HnncError } from "../errors.ts";
import type { Job } from "./job.ts";
import type { PlanRow } from "./schedule.ts";

const pageSize = 65536;
const mostBytes = 2 ** 32 - pageSize;

/** Where things stand in a run's memory: addresses and sizes in bytes. */
export interface Arrangement {
  readonly plan: number;
  readonly tiles: number;
  readonly scratch: number;
  readonly states: number;
  readonly energies: number;
  readonly pages: number;
  readonly tileCount: number;
  /** Trajectories of a tile, and of all tiles: the last ones are filled up with copies. */
  readonly tileLanes: number;
  readonly lanes: number;
  /** Samples that the outputs hold. */
  readonly samples: number;
}

export interface Demand {
  readonly trajectories: number;
  readonly threads: number;
  /** Samples at most, and rows of the plan for them. */
  readonly samples: number;
  readonly rows: number;
  readonly energy: boolean;
}

/** @throws HnncError kind `limit` where a block of one sample does not fit */
export function arrange(kernel: EnsembleKernel, demand: Demand): Arrangement {
  const { trajectories, threads, samples, rows, energy } = demand;
  const tileLanes = 2 * kernel.width;
  const tileCount = Math.ceil(trajectories / tileLanes);
  const lanes = tileCount * tileLanes;
  let at = kernel.heap;
  const take = (bytes: number): number => {
    const address = at;
    at = Math.ceil((at + bytes) / 64) * 64;
    return address;
  };
  const plan = take(kernel.rowBytes * (rows + 1));
  const tiles = take(kernel.layout.bytes * tileCount);
  const scratch = take(kernel.scratchBytes * threads);
  const states = take(16 * kernel.degreesOfFreedom * lanes * samples);
  const energies = take(energy ? 8 * lanes * samples : 0);
  if (at > mostBytes) {
    throw new HnncError({
      kind: "limit",
      code: "ensemble-too-large",
      message: `${trajectories} trajectories of ${2 * kernel.degreesOfFreedom} numbers take ${at} bytes of memory; WebAssembly has ${mostBytes}`,
      hint: "run fewer trajectories at once",
    });
  }
  const pages = Math.ceil(at / pageSize);
  return { plan, tiles, scratch, states, energies, pages, tileCount, tileLanes, lanes, samples };
}

/** The memory of one run, as the kernel sees it. */
export class RunMemory {
  readonly at: Arrangement;
  readonly #kernel: EnsembleKernel;
  readonly #f64: Float64Array;
  readonly #i32: Int32Array;

  constructor(kernel: EnsembleKernel, at: Arrangement, memory: WebAssembly.Memory) {
    this.#kernel = kernel;
    this.at = at;
    this.#f64 = new Float64Array(memory.buffer);
    this.#i32 = new Int32Array(memory.buffer);
    this.#i32[control.plan / 4] = at.plan;
    this.#i32[control.states / 4] = at.states;
    this.#i32[control.energies / 4] = at.energies;
    this.#i32[control.lanes / 4] = at.lanes;
    this.#i32[control.stop / 4] = 0;
  }

  parameters(values: Float64Array): void {
    this.#f64.set(values, control.parameters / 8);
  }

  setting(name: keyof typeof settings, value: number): void {
    this.#f64[(control.settings + settings[name]) / 8] = value;
  }

  /** Index of a number of a lane in the f64 view: row `name` of its tile, or at a byte offset of it. */
  #lane(trajectory: number, offset: number): number {
    const { tiles, tileLanes } = this.at;
    const tile = Math.floor(trajectory / tileLanes);
    return (tiles + tile * this.#kernel.layout.bytes + offset) / 8 + (trajectory % tileLanes);
  }

  #row(name: keyof typeof laneRows): number {
    return 16 * this.#kernel.width * laneRows[name];
  }

  /** Puts the trajectories, and copies of the last one behind them, to their start. */
  begin(states: ArrayLike<number>, start: number, firstDue: number | undefined): void {
    const { at } = this;
    const { layout, width } = this.#kernel;
    const dimension = 2 * this.#kernel.degreesOfFreedom;
    this.#f64.fill(0, at.tiles / 8, (at.tiles + at.tileCount * layout.bytes) / 8);
    const count = states.length / dimension;
    const words = new BigInt64Array(this.#f64.buffer);
    for (let lane = 0; lane < at.lanes; lane++) {
      const from = Math.min(lane, count - 1) * dimension;
      let finite = true;
      for (let i = 0; i < dimension; i++) {
        const value = states[from + i]!;
        finite &&= Number.isFinite(value);
        for (let copy = 0; copy < ("phaseLength" in layout ? layout.phaseLength : dimension); copy += dimension) {
          this.#f64[this.#lane(lane, layout.state + 16 * width * (copy + i))] = value;
        }
      }
      this.#f64[this.#lane(lane, this.#row("failTime"))] = start;
      if (finite) words[this.#lane(lane, this.#row("alive"))] = -1n;
      if (finite) words[this.#lane(lane, this.#row("active"))] = -1n;
      if (firstDue === undefined) continue;
      this.#f64[this.#lane(lane, this.#row("time"))] = start;
      this.#f64[this.#lane(lane, this.#row("previous"))] = 1e-4;
      this.#f64[this.#lane(lane, this.#row("due"))] = firstDue;
      this.#i32[2 * this.#lane(lane - (lane % at.tileLanes), this.#row("next")) + (lane % at.tileLanes)] = 1;
    }
  }

  /** The plan of a block: fixed steps, or only times. `sample0` is the sample at the first place of the outputs. */
  plan(first: number, rows: readonly PlanRow[], sample0: number): void {
    this.#i32[control.first / 4] = first;
    rows.forEach((each, k) => {
      const at = this.at.plan + k * this.#kernel.rowBytes;
      this.#f64.set([each.from, each.h, each.k0, each.to], at / 8);
      this.#i32[(at + row.steps) / 4] = each.steps;
      this.#i32[(at + row.extrapolate) / 4] = each.extrapolate ? 1 : 0;
      this.#i32[(at + row.sampled) / 4] = each.sample === 0 ? 0 : 1 + each.sample - sample0;
      this.#f64.set(each.extras, (at + row.extra) / 8);
    });
  }

  planTimes(first: number, times: ArrayLike<number>): void {
    this.#i32[control.first / 4] = first;
    for (let k = 0; k < times.length; k++) {
      this.#f64[(this.at.plan + k * this.#kernel.rowBytes + row.to) / 8] = times[k]!;
    }
  }

  jobs(last: number, threads: number, budget: number, begin: boolean): Job[] {
    const { at } = this;
    Atomics.store(this.#i32, control.nextTile / 4, 0);
    const common = {
      tilesAt: at.tiles,
      tileBytes: this.#kernel.layout.bytes,
      tiles: at.tileCount,
      lanes: at.tileLanes,
    };
    const shared = { last, budget, begin, nextTile: control.nextTile, stop: control.stop };
    return Array.from({ length: threads }, (_, k) => {
      return { ...common, ...shared, scratchAt: at.scratch + k * this.#kernel.scratchBytes };
    });
  }

  stop(): void {
    Atomics.store(this.#i32, control.stop / 4, 1);
  }

  /** How far tiles have come, a few of them asked: rows of the plan, or samples of adaptive methods. */
  progress(adaptive: boolean): number {
    const { tileCount, tiles } = this.at;
    const few = Math.min(64, tileCount);
    const offset = adaptive ? this.#row("next") : this.#row("progress");
    let sum = 0;
    for (let k = 0; k < few; k++) {
      const tile = Math.floor((k * tileCount) / few);
      const place = (tiles + tile * this.#kernel.layout.bytes + offset) / 4;
      sum += this.#i32[place]!;
      const steps = adaptive ? 0 : this.#i32[place + 1]!;
      if (steps > 0) {
        const at = this.at.plan + (this.#i32[place]! - this.#i32[control.first / 4]!) * this.#kernel.rowBytes;
        sum += steps / this.#i32[(at + row.steps) / 4]!;
      }
    }
    return sum / few;
  }

  alive(trajectory: number): boolean {
    const place = 2 * this.#lane(trajectory, this.#row("alive"));
    return this.#i32[place] !== 0;
  }

  number(trajectory: number, name: keyof typeof laneRows): number {
    return this.#f64[this.#lane(trajectory, this.#row(name))]!;
  }

  state(trajectory: number): Float64Array {
    const { layout, width, degreesOfFreedom: n } = this.#kernel;
    const at = (i: number) => this.#lane(trajectory, layout.state + 16 * width * i);
    return Float64Array.from({ length: 2 * n }, (_, i) => this.#f64[at(i)]!);
  }

  /** States of a sample, [lanes, 2n], and energies, [lanes]: views. */
  states(place: number, count: number): Float64Array {
    const size = 2 * this.#kernel.degreesOfFreedom;
    const from = this.at.states / 8 + place * this.at.lanes * size;
    return this.#f64.subarray(from, from + count * size);
  }

  /** For adaptive methods: the first sample that a trajectory has not written. */
  next(trajectory: number): number {
    const lane = trajectory % this.at.tileLanes;
    return this.#i32[2 * this.#lane(trajectory - lane, this.#row("next")) + lane]!;
  }

  /** Puts a state of one trajectory into the outputs. */
  put(place: number, trajectory: number, state: Float64Array): void {
    this.states(place, this.at.lanes).set(state, trajectory * state.length);
  }

  energies(place: number, count: number): Float64Array {
    const from = this.at.energies / 8 + place * this.at.lanes;
    return this.#f64.subarray(from, from + count);
  }
}
