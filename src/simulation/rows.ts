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

/** Numbers of states of a chunk. */
const chunkNumbers = 2 ** 18;

/**
 * Collects pieces to chunks of one size, and adds energies and derivatives to them. These are computed with portable
 * kernels, so that a file's bits do not depend on the machine.
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
  const most = Math.ceil(chunkNumbers / dimension);
  let chunk: Chunk | undefined;
  let room = Math.min(most, 64);
  const flush = async () => {
    if (!chunk) return;
    const { times, states, energies, runs } = chunk.taken();
    // After the first one all are full, but for the last.
    [chunk, room] = [undefined, most];
    const derivatives = field && everyRow(times, states, dimension, field);
    await take(makeDataset({ ...header, times, states, energies, derivatives, test: undefined, runs }));
  };
  return {
    flush,
    async add(run, times, states, energies) {
      for (let from = 0; from < times.length; ) {
        chunk ??= new Chunk(dimension, room);
        const to = Math.min(times.length, from + most - chunk.rows);
        chunk.append({ run, times, states, energies }, from, to, energy);
        from = to;
        if (chunk.rows === most) await flush();
      }
    },
  };
}

interface Piece {
  readonly run: number;
  readonly times: Float64Array;
  readonly states: Float64Array;
  readonly energies: Float64Array | undefined;
}

/** Rows in arrays that grow: many trajectories are too short for arrays of their own. */
class Chunk {
  readonly #width: number;
  readonly #x: Float64Array;
  #times: Float64Array;
  #states: Float64Array;
  #energies: Float64Array;
  readonly #runs: Run[] = [];
  #rows = 0;

  /** @param room rows that fit at first */
  constructor(width: number, room: number) {
    this.#width = width;
    this.#x = new Float64Array(width);
    [this.#times, this.#energies] = [new Float64Array(room), new Float64Array(room)];
    this.#states = new Float64Array(room * width);
  }

  get rows(): number {
    return this.#rows;
  }

  append(piece: Piece, from: number, to: number, energy: (x: Float64Array, t: number) => number): void {
    const [start, end, width, x] = [this.#rows, this.#rows + to - from, this.#width, this.#x];
    this.#reserve(end);
    for (let k = from, row = start; k < to; k++, row++) {
      for (let i = 0; i < width; i++) {
        x[i] = piece.states[k * width + i]!;
        this.#states[row * width + i] = x[i]!;
      }
      this.#times[row] = piece.times[k]!;
      this.#energies[row] = piece.energies ? piece.energies[k]! : energy(x, piece.times[k]!);
    }
    const last = this.#runs.at(-1);
    if (last?.id === piece.run) this.#runs[this.#runs.length - 1] = { ...last, end };
    else this.#runs.push({ id: piece.run, start, end });
    this.#rows = end;
  }

  #reserve(rows: number): void {
    if (rows <= this.#times.length) return;
    const room = Math.max(rows, Math.min(2 * this.#times.length, Math.ceil(chunkNumbers / this.#width)));
    const grown = (array: Float64Array, width: number): Float64Array => {
      const larger = new Float64Array(room * width);
      larger.set(array);
      return larger;
    };
    this.#times = grown(this.#times, 1);
    this.#states = grown(this.#states, this.#width);
    this.#energies = grown(this.#energies, 1);
  }

  taken() {
    const cut = (array: Float64Array, length: number) => (array.length === length ? array : array.slice(0, length));
    return {
      times: cut(this.#times, this.#rows),
      states: cut(this.#states, this.#rows * this.#width),
      energies: cut(this.#energies, this.#rows),
      runs: this.#runs,
    };
  }
}

/** H of a state at a time, with the bits of strict WebAssembly. */
export function energyOf(source: Source, parameters: Float64Array): (x: Float64Array, t: number) => number {
  const kernel = portableKernel(source, "hamiltonian");
  return source.equations.layout.parameterCount > 0 ? (x, t) => kernel(x, parameters, t) : (x, t) => kernel(x, {}, t);
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
