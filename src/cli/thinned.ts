import type { Dataset } from "../data/dataset.ts";
import type { Header } from "../data/format.ts";
import { concatenate, selectRows } from "../data/select.ts";

/** Rows that a picture or a table can show. */
const mostRows = 200_000;

/**
 * Keeps rows as they pass by, and of long runs every second, fourth, … one, so that a picture can be drawn of what does
 * not fit into memory. The first row of a run is always kept.
 */
export class Thinned {
  readonly #header: Header;
  #kept: Dataset[] = [];
  #rows = 0;
  #stride = 1;
  /** Rows seen of the run that is going on. */
  #run = -1;
  #seen = 0;
  #last: Dataset | undefined;

  constructor(header: Header) {
    this.#header = header;
  }

  /** Whether every row is there. */
  get whole(): boolean {
    return this.#stride === 1;
  }

  add(chunk: Dataset): void {
    const places: number[] = [];
    for (const { id, start, end } of chunk.runs) {
      if (id !== this.#run) [this.#run, this.#seen] = [id, 0];
      for (let row = start; row < end; row++) if (this.#seen++ % this.#stride === 0) places.push(row);
    }
    this.#last = chunk.rows > 0 ? selectRows(chunk, [chunk.rows - 1]) : this.#last;
    if (places.length === 0) return;
    this.#kept.push(places.length === chunk.rows ? chunk : selectRows(chunk, places));
    this.#rows += places.length;
    if (this.#rows > mostRows) this.#thin();
  }

  /** What was kept, with the last row of all; undefined where there was none. */
  dataset(): Dataset | undefined {
    const [first, ...rest] = this.#kept;
    if (!first) return undefined;
    const kept = concatenate([first, ...rest]);
    const { provenance } = this.#header;
    const last = this.#last!;
    const isThere = kept.runs.at(-1)!.id === last.runs[0]!.id && kept.times?.at(-1) === last.times?.[0];
    return { ...(isThere ? kept : concatenate([kept, last])), provenance };
  }

  #thin(): void {
    const [first, ...rest] = this.#kept;
    const all = concatenate([first!, ...rest]);
    const places = all.runs.flatMap(({ start, end }) =>
      Array.from({ length: Math.ceil((end - start) / 2) }, (_, k) => start + 2 * k),
    );
    this.#stride *= 2;
    this.#kept = [selectRows(all, places)];
    this.#rows = places.length;
  }
}
