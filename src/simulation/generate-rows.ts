import type { Compiled } from "../compile.ts";
import { type Dataset, makeDataset } from "../data/dataset.ts";
import type { Header } from "../data/format.ts";
import { addNoise } from "../data/noise.ts";
import { selectRows } from "../data/select.ts";
import { splitItems } from "../data/split.ts";
import { type SampleTimes, sampleTimes } from "../integrate/sample-plan.ts";
import type { Sizes } from "./generate-options.ts";

/** What is known of rows when all are there. */
export interface RowSummary {
  readonly rows: number;
  /** How many of them are for testing. */
  readonly testing: number;
  /** Of the true states; NaN where there is no row. */
  readonly leastEnergy: number;
  readonly mostEnergy: number;
  /** The largest |H − H(start)| of all trajectories; undefined where H does not stay the same. */
  readonly energyError: number | undefined;
}

interface Parts {
  readonly compiled: Compiled;
  readonly header: Header;
  readonly sizes: Sizes;
  readonly seed: number;
  /** The first trajectory. */
  readonly from: number;
  readonly take: (chunk: Dataset) => void | Promise<void>;
}

/** Makes rows of a training set out of those of a simulation: true numbers of runs, noise, the split. */
export class TrainingRows {
  readonly #parts: Parts;
  /** Those after the start. */
  readonly #later: SampleTimes;
  readonly #marks: Uint8Array | undefined;
  readonly #conservative: boolean;
  /** The trajectory of the last row, how many rows of it there were, and its energy at the start. */
  #run = -1;
  #rowsOfRun = 0;
  #startEnergy = 0;
  #rows = 0;
  #testing = 0;
  #least = Number.NaN;
  #most = Number.NaN;
  #error = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { sizes, seed, compiled } = parts;
    const { split, trajectories, points, t } = sizes;
    this.#later = sampleTimes(t[0], t[1], points)!;
    const items = split.by === "row" ? trajectories * points : trajectories;
    this.#marks = split.test > 0 ? splitItems(items, { ...split, seed }) : undefined;
    this.#conservative = compiled.meta.conservative && !compiled.meta.timeDependent;
  }

  /** @param first the trajectory that the chunk's run 0 is */
  async add(chunk: Dataset, first: number): Promise<void> {
    const { header, sizes, seed, take } = this.#parts;
    const numbered = { ...chunk, runs: chunk.runs.map(({ id, start, end }) => ({ id: id + first, start, end })) };
    const firstRow = numbered.runs[0]?.id === this.#run ? this.#rowsOfRun : 0;
    const regular = this.#withoutOddEnds(numbered, firstRow);
    if (regular.rows === 0) return;
    this.#see(regular, firstRow);
    const noisy = sizes.noise === 0 ? regular : addNoise(regular, { sigma: sizes.noise, seed }, firstRow);
    const test = this.#marks && this.#marksOf(regular, firstRow);
    await take(makeDataset({ ...noisy, test, provenance: header.provenance }));
  }

  summary(): RowSummary {
    return {
      rows: this.#rows,
      testing: this.#testing,
      leastEnergy: this.#least,
      mostEnergy: this.#most,
      energyError: this.#conservative ? this.#error : undefined,
    };
  }

  /** A trajectory that diverged ends with its last good state, at a time of its own. */
  #withoutOddEnds(chunk: Dataset, firstRow: number): Dataset {
    const odd = chunk.runs.filter(({ start, end }, k) => {
      const row = (k === 0 ? firstRow : 0) + end - start - 1;
      return row > 0 && chunk.times![end - 1] !== this.#later.at(row - 1);
    });
    if (odd.length === 0) return chunk;
    const ends = new Set(odd.map(({ end }) => end - 1));
    const kept = Array.from({ length: chunk.rows }, (_, row) => row).filter((row) => !ends.has(row));
    return selectRows(chunk, kept);
  }

  #see({ runs, energies, rows }: Dataset, firstRow: number): void {
    this.#rows += rows;
    for (const [k, { id, start, end }] of runs.entries()) {
      if (k > 0 || firstRow === 0) this.#startEnergy = energies![start]!;
      this.#run = id;
      this.#rowsOfRun = (k === 0 ? firstRow : 0) + end - start;
      for (let row = start; row < end; row++) {
        const energy = energies![row]!;
        if (!(energy >= this.#least)) this.#least = energy;
        if (!(energy <= this.#most)) this.#most = energy;
        this.#error = Math.max(this.#error, Math.abs(energy - this.#startEnergy));
      }
    }
  }

  #marksOf({ runs, rows }: Dataset, firstRow: number): Uint8Array {
    const { split, points } = this.#parts.sizes;
    const test = new Uint8Array(rows);
    for (const [k, { id, start, end }] of runs.entries()) {
      const before = k === 0 ? firstRow : 0;
      for (let row = start; row < end; row++) {
        test[row] = this.#marks![split.by === "row" ? id * points + before + row - start : id]!;
        this.#testing += test[row]!;
      }
    }
    return test;
  }
}
