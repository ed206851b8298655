import type { Integer } from "../program.ts";
import { type Iterations, integerValue, iterations, mostBytes, tooLarge } from "./iterations.ts";
import {
  type Block,
  type Fixed,
  historiesOf,
  literalOf,
  liveSeries,
  type Mask,
  nodesOf,
  type Operand,
  type Segment,
  type Series,
  type SeriesProgram,
  type Watch,
} from "./series.ts";
import { type EntryTools, entriesOf, movingKey, type TableEntry, trashLength } from "./tables.ts";

/** Where a series keeps what later steps read: byte offsets in the record of its block. */
export interface SeriesSlots {
  /** a₀ … a_{P−1}. */
  plain: number | undefined;
  /** 0·a₀ … (P−1)·a_{P−1}. */
  weighted: number | undefined;
  /** Powers of the outermost block: aₖ and k·aₖ side by side. */
  pair: number | undefined;
  /** aₖ for the k of the moment. */
  current: number | undefined;
  /** One over the leading coefficient that the rule divides by. */
  lead: number | undefined;
  /** Totals: the address of their sums, one for each index of their block. */
  total: number | undefined;
}

export interface BlockLayout {
  readonly block: Block;
  readonly iterations: number;
  /** Records: pairs of iterations. */
  readonly vectors: number;
  /** Address of the first record, and size of one. */
  readonly records: number;
  readonly recordBytes: number;
  /** Address of the table: for each record, for each entry, an i32 for each lane. */
  readonly table: number;
  readonly entries: readonly TableEntry[];
  readonly entryOf: ReadonlyMap<string, number>;
  /** The iteration of an enclosing block that an iteration stands in. */
  iterationOf(block: Block, iteration: number): number;
  /** The value of an integer in an iteration, `moving` part alone or whole. */
  integer(at: Integer, iteration: number): number;
}

/** Where everything stands in memory. Records hold two iterations of a block side by side, 16 bytes a value. */
export interface TaylorLayout {
  readonly order: number;
  readonly dimension: number;
  readonly parameters: number;
  /** Coefficient k of entry i of the state stands at `state + k·rowBytes + 8·i`. */
  readonly state: number;
  readonly rowBytes: number;
  /** What rounding took from the state. */
  readonly carry: number;
  /** Coefficient k of watch w stands at `watches + k·watchRowBytes + watchAt(w)`. */
  readonly watches: number;
  readonly watchRowBytes: number;
  readonly watchAt: ReadonlyMap<Watch, number>;
  readonly watchCount: number;
  readonly blocks: readonly BlockLayout[];
  readonly series: ReadonlyMap<Series, SeriesSlots>;
  readonly fixed: ReadonlyMap<Fixed, number>;
  readonly masks: ReadonlyMap<Mask, number>;
  /** Series whose coefficients from the second on are needed. */
  readonly live: ReadonlySet<Series>;
  readonly bytes: number;
}

const none = undefined;
const lane = 8;
export const vector = 16;

/**
 * @param order P: the highest coefficient of the state
 * @throws HnncError kind `limit` where the coefficients do not fit into 1 GB
 */
export function layOut(
  program: SeriesProgram,
  order: number,
  sizes: { readonly dimension: number; readonly parameterCount: number },
): TaylorLayout {
  return new LayoutMaker(program, order, sizes).make();
}

class LayoutMaker {
  readonly #program: SeriesProgram;
  readonly #order: number;
  readonly #sizes: { readonly dimension: number; readonly parameterCount: number };
  readonly #series = new Map<Series, SeriesSlots>();
  readonly #fixed = new Map<Fixed, number>();
  readonly #masks = new Map<Mask, number>();
  readonly #recordBytes: number[];
  #top = 64;

  constructor(
    program: SeriesProgram,
    order: number,
    sizes: { readonly dimension: number; readonly parameterCount: number },
  ) {
    this.#program = program;
    this.#order = order;
    this.#sizes = sizes;
    this.#recordBytes = program.blocks.map(() => 0);
  }

  make(): TaylorLayout {
    const { blocks, segments } = this.#program;
    const { dimension, parameterCount } = this.#sizes;
    const live = liveSeries(this.#program);
    this.#slots(live);
    const places = blocks.map((block) => iterations(block, blocks, this.#recordBytes[block.id]!));
    // counted before addresses are given out: blocks are listed outside in
    const spread = trashLength(segments);
    const rowBytes = vector * Math.ceil((dimension + spread) / 2);
    const parameters = this.#take(lane * parameterCount);
    const state = this.#take(rowBytes * (this.#order + 1));
    const carry = this.#take(rowBytes);
    const watchAt = new Map<Watch, number>();
    let watchRowBytes = 0;
    for (const watch of this.#program.watches) {
      watchAt.set(watch, watchRowBytes);
      watchRowBytes += lane * (watch.block.id === 0 ? 1 : 2 * Math.ceil(places[watch.block.id]!.count / 2));
    }
    watchRowBytes = vector * Math.ceil(watchRowBytes / vector);
    const watches = this.#take(watchRowBytes * (this.#order + 1));
    for (const [series, slots] of this.#series) {
      if (series.rule.kind === "total") slots.total = this.#take(lane * (places[series.block.id]!.count + 2));
    }
    const laid: BlockLayout[] = [];
    for (const block of blocks) laid.push(this.#block(block, places, laid, rowBytes));
    if (this.#top > mostBytes) throw tooLarge(this.#top);
    return {
      order: this.#order,
      dimension,
      parameters,
      state,
      rowBytes,
      carry,
      watches,
      watchRowBytes,
      watchAt,
      watchCount: watchRowBytes / lane,
      blocks: laid,
      series: this.#series,
      fixed: this.#fixed,
      masks: this.#masks,
      live,
      bytes: this.#top,
    };
  }

  #take(bytes: number): number {
    const at = this.#top;
    this.#top += 64 * Math.ceil(bytes / 64);
    return at;
  }

  #record(block: Block, bytes: number): number {
    const at = this.#recordBytes[block.id]!;
    this.#recordBytes[block.id] = at + bytes;
    return at;
  }

  /** Gives each series the places in its record that others need it to have. */
  #slots(live: ReadonlySet<Series>): void {
    const slotsOf = (series: Series): SeriesSlots => {
      let slots = this.#series.get(series);
      if (!slots) {
        slots = { plain: none, weighted: none, pair: none, current: none, lead: none, total: none };
        this.#series.set(series, slots);
      }
      return slots;
    };
    for (const segment of this.#program.segments) {
      for (const step of segment.steps) {
        if (step.kind === "series") {
          slotsOf(step);
          if (live.has(step)) this.#histories(step, slotsOf);
        }
        for (const node of nodesOf(step)) this.#passed(node, segment, slotsOf);
      }
    }
  }

  #histories(step: Series, slotsOf: (series: Series) => SeriesSlots): void {
    const { plain, weighted } = historiesOf(step);
    const bytes = vector * this.#order;
    const { kind } = step.rule;
    for (const one of plain) {
      // the state at the top is read where it stands
      if (one.rule.kind !== "state" || one.block.id !== 0) slotsOf(one).plain ??= this.#record(one.block, bytes);
    }
    if (kind === "power" && step.block.id === 0) slotsOf(step).pair ??= this.#record(step.block, bytes);
    for (const one of weighted)
      if (slotsOf(one).pair === undefined) slotsOf(one).weighted ??= this.#record(one.block, bytes);
    if (kind === "quotient" || kind === "root" || kind === "power" || kind === "ratio") {
      slotsOf(step).lead ??= this.#record(step.block, vector);
    }
  }

  /** What another segment or a later coefficient reads has to stand in memory. */
  #passed(node: Operand | Mask, segment: Segment, slotsOf: (series: Series) => SeriesSlots): void {
    if (node.kind === "mask") {
      if (!this.#masks.has(node)) this.#masks.set(node, this.#record(node.block, vector));
    } else if (node.kind === "fixed") {
      if (literalOf(node) === undefined && !this.#fixed.has(node)) {
        this.#fixed.set(node, this.#record(node.block, vector));
      }
    } else if (node.segment !== segment && node.block.id !== 0) {
      slotsOf(node).current ??= this.#record(node.block, vector);
    }
  }

  #block(block: Block, places: readonly Iterations[], outer: readonly BlockLayout[], rowBytes: number): BlockLayout {
    const { count } = places[block.id]!;
    const vectors = Math.ceil(count / 2);
    // records a multiple of 4 kB apart would share cache lines
    const own = this.#recordBytes[block.id]!;
    const recordBytes = block.id === 0 ? own : 64 * Math.ceil(own / 64) + 64;
    const records = this.#take(recordBytes * vectors);
    const iterationOf = (wanted: Block, iteration: number): number => {
      let [at, i]: [Block, number] = [block, iteration];
      for (; at !== wanted; at = at.parent!) i = places[at.id]!.parents[i]!;
      return i;
    };
    const indexOf = (loop: number, iteration: number): number => {
      let [at, i]: [Block, number] = [block, iteration];
      for (; at.loop !== loop; at = at.parent!) i = places[at.id]!.parents[i]!;
      return places[at.id]!.indices[i]!;
    };
    const integer = (at: Integer, iteration: number): number => integerValue(at, (loop) => indexOf(loop, iteration));
    const moving = (at: Integer, i: number): number => integer({ ...at, offset: 0 }, i);
    const made = { block, iterations: count, vectors, records, recordBytes, iterationOf, integer };
    const entries = this.#entries(block, { moving, iterationOf, outer, places, rowBytes, odd: count % 2 === 1 });
    const table = this.#take(8 * entries.length * vectors);
    const entryOf = new Map(entries.map(({ key }, k) => [key, k]));
    return { ...made, table, entries, entryOf };
  }

  #entries(block: Block, tools: EntryTools): TableEntry[] {
    if (block.id === 0) return [];
    const found = new Map<string, TableEntry>();
    const least = new Map<string, number>();
    const steps = this.#program.segments.filter((segment) => segment.block === block).flatMap(({ steps }) => steps);
    for (const step of steps) {
      if (step.kind === "store" || step.kind === "scatter") {
        const key = movingKey(step.at, true);
        least.set(key, Math.min(least.get(key) ?? Number.POSITIVE_INFINITY, step.at.offset));
      }
    }
    for (const step of steps) {
      for (const entry of entriesOf(step, block, this.#sizes.dimension, least, tools)) {
        if (!found.has(entry.key)) found.set(entry.key, entry);
      }
    }
    return [...found.values()];
  }
}
