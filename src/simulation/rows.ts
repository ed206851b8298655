import { portableKernel } from "../codegen/load.ts";
import type { Source } from "../codegen/target.ts";
import { type Dataset, makeDataset, type Run } from "../data/dataset.ts";
import type { Header } from "../data/format.ts";
import { portableMotion } from "../ensemble/facts.ts";

/** Takes pieces of trajectories and hands them on as rows of a dataset. */
export interface RowMaker {
  /**
   * @param times [k]
   * @param states [k, 2n]
   * @param energies [k]; computed where they are missing
   */
  add(run: number, times: Float64Array, states: Float64Array, energies?: Float64Array): Promise<void>;
  /** Hands on what is left. */
  flush(): Promise<void>;
}

/** Numbers of states that make a chunk worth handing on. */
const chunkNumbers = 2 ** 18;

/**
 * Collects short pieces to chunks of some size, and adds energies and derivatives to them. These are computed with
 * portable kernels, so that a file's bits do not depend on the machine.
 */
export function rowMaker(
  source: Source,
  parameters: Float64Array,
  header: Header,
  take: (chunk: Dataset) => void | Promise<void>,
): RowMaker {
  const { dimension } = source.equations.layout;
  const energy = energyOf(source, parameters);
  const field = header.derivatives ? portableMotion(source, parameters).field : undefined;
  let pieces: { run: number; times: Float64Array; states: Float64Array; energies: Float64Array }[] = [];
  let numbers = 0;
  const flush = async () => {
    if (pieces.length === 0) return;
    const states = joined(pieces.map((piece) => piece.states));
    const times = joined(pieces.map((piece) => piece.times));
    const chunk = makeDataset({
      ...header,
      times,
      states,
      energies: joined(pieces.map((piece) => piece.energies)),
      derivatives: field && everyRow(times, states, dimension, field),
      test: undefined,
      runs: runsOf(pieces),
    });
    pieces = [];
    numbers = 0;
    await take(chunk);
  };
  return {
    flush,
    async add(run, times, states, energies) {
      if (times.length === 0) return;
      const known = energies ?? everyEnergy(times, states, dimension, energy);
      pieces.push({ run, times, states, energies: known });
      numbers += states.length;
      if (numbers >= chunkNumbers) await flush();
    },
  };
}

/** H of a state at a time, with the bits of strict WebAssembly. */
export function energyOf(source: Source, parameters: Float64Array): (x: Float64Array, t: number) => number {
  const kernel = portableKernel(source, "hamiltonian");
  return source.equations.layout.parameterCount > 0 ? (x, t) => kernel(x, parameters, t) : (x, t) => kernel(x, {}, t);
}

function everyEnergy(
  times: Float64Array,
  states: Float64Array,
  dimension: number,
  energy: (x: Float64Array, t: number) => number,
): Float64Array {
  const out = new Float64Array(times.length);
  const x = new Float64Array(dimension);
  for (let k = 0, from = 0; k < times.length; k++, from += dimension) {
    for (let i = 0; i < dimension; i++) x[i] = states[from + i]!;
    out[k] = energy(x, times[k]!);
  }
  return out;
}

function everyRow(
  times: Float64Array,
  states: Float64Array,
  dimension: number,
  field: (x: Float64Array, out: Float64Array, t: number) => void,
): Float64Array {
  const out = new Float64Array(states.length);
  const [x, rate] = [new Float64Array(dimension), new Float64Array(dimension)];
  for (let k = 0, from = 0; k < times.length; k++, from += dimension) {
    // Copies of a few numbers are cheaper than views.
    for (let i = 0; i < dimension; i++) x[i] = states[from + i]!;
    field(x, rate, times[k]!);
    for (let i = 0; i < dimension; i++) out[from + i] = rate[i]!;
  }
  return out;
}

function runsOf(pieces: readonly { readonly run: number; readonly times: Float64Array }[]): Run[] {
  const runs: Run[] = [];
  let row = 0;
  for (const { run, times } of pieces) {
    const last = runs.at(-1);
    const end = row + times.length;
    if (last?.id === run) runs[runs.length - 1] = { ...last, end };
    else runs.push({ id: run, start: row, end });
    row = end;
  }
  return runs;
}

function joined(arrays: readonly Float64Array[]): Float64Array {
  if (arrays.length === 1) return arrays[0]!;
  const out = new Float64Array(arrays.reduce((length, array) => length + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    out.set(array, at);
    at += array.length;
  }
  return out;
}
