import type { Dataset } from "../data/dataset.ts";
import type { Header } from "../data/format.ts";
import { concatenate, selectRows } from "../data/select.ts";

/** Rows that a picture or a table can show. */
const mostRows = 200_000;
const mostRuns = 50_000;

/**
 * Keeps rows as they pass by, and of long runs every second, fourth, … one, so that a picture can be drawn of what does
 * not fit into memory. The first and the last row of a run are always kept; of more than fifty thousand runs the first.
 */
export class Thinned {
  readonly #header: Header;
  #kept: Dataset[] = [];
  #rows = 0;
  #stride = 1;
  /** Rows seen of the run that is going on. */
  #run = -1;
  #seen = 0;
  #runs = 0;
  /** The last row of the run that is going on, where it is not kept so far. */
  #last: Dataset | undefined;

  constructor(header: Header) {
    this.#header = header;
  }

  /** Whether every row is there. */
  get whole(): boolean {
    return this.#stride === 1 && this.#runs <= mostRuns;
  }

  /** Takes rows that follow those before. */
  add(chunk: Dataset): void {
    const { runs } = chunk;
    const places: number[] = [];
    let last = -1;
    for (const [k, { id, start, end }] of runs.entries()) {
      if (id !== this.#run) {
        if (k === 0) this.#keepLast();
        [this.#run, this.#seen] = [id, 0];
        this.#runs++;
      }
      if (this.#runs > mostRuns) break;
      const isOver = k < runs.length - 1;
      for (let row = start; row < end; row++) {
        const falls = this.#seen++ % this.#stride === 0;
        if (falls || (isOver && row === end - 1)) places.push(row);
      }
      last = end - 1;
    }
    if (last < 0) return;
    this.#last = places.at(-1) === last ? undefined : selectRows(chunk, [last]);
    if (places.length > 0) this.#keep(places.length === chunk.rows ? chunk : selectRows(chunk, places));
    if (this.#rows > mostRows) this.#thin();
  }

  /** What was kept, with the last row of all; undefined where there was none. */
  dataset(): Dataset | undefined {
    const kept = this.#last ? [...this.#kept, this.#last] : this.#kept;
    const [first, ...rest] = kept;
    if (!first) return undefined;
    return { ...concatenate([first, ...rest]), provenance: this.#header.provenance };
  }

  #keep(rows: Dataset): void {
    this.#kept.push(rows);
    this.#rows += rows.rows;
  }

  #keepLast(): void {
    if (this.#last) this.#keep(this.#last);
    this.#last = undefined;
  }

  #thin(): void {
    const [first, ...rest] = this.#kept;
    const all = concatenate([first!, ...rest]);
    const places = all.runs.flatMap(({ id, start, end }) => {
      const seconds = Array.from({ length: Math.ceil((end - start) / 2) }, (_, k) => start + 2 * k);
      return seconds.at(-1) === end - 1 || id === this.#run ? seconds : [...seconds, end - 1];
    });
    const last = all.rows - 1;
    if (places.at(-1) !== last) this.#last ??= selectRows(all, [last]);
    this.#stride *= 2;
    this.#kept = [selectRows(all, places)];
    this.#rows = places.length;
  }
}
