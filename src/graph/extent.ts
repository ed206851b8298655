import { HnncError } from "../errors.ts";
import type { Affine, Binder, Index } from "../expr/affine.ts";
import { countEntries, type Domain, type Loop, type Position } from "./domain.ts";

/** A bound index with its range, whose outer indices are resolved. */
export interface Bound {
  readonly id: number;
  readonly binder: Binder;
  /** The bounds on which lo, hi or except depend. */
  readonly outer: readonly Bound[];
}

/** Bounds that depend on one another: their value tuples are numbered through, as one axis of an array. */
export interface Block {
  readonly key: string;
  readonly bounds: readonly Bound[];
  readonly size: number;
}

/** The indices over which a value is spread: one axis a block, outermost first. A scalar has none. */
export interface Extent {
  readonly key: string;
  readonly bounds: readonly Bound[];
  readonly blocks: readonly Block[];
}

/** Above this many entries a sample, arrays of all terms cost more than any loop would. */
const largest = 2 ** 24;

/** Whether the index runs from one number to another without gaps, whatever the other indices are. */
export function isSimple({ outer, binder }: Bound): boolean {
  return outer.length === 0 && binder.except.length === 0;
}

/** The bounds as nested loops of numbers. */
export function loopsOf(bounds: readonly Bound[]): Domain {
  return bounds.map(({ binder: { lo, hi, except } }): Loop => {
    const at = (a: Affine) => positionOf(a, bounds);
    return { lo: at(lo), hi: at(hi), except: except.map(at) };
  });
}

/** An index expression as a position in nested loops. */
export function positionOf(at: Affine, bounds: readonly Bound[]): Position {
  const factors: number[] = new Array(bounds.length).fill(0);
  for (const { index, factor } of at.terms) factors[bounds.findIndex(({ binder }) => binder.index === index)] = factor;
  return { offset: at.offset, factors };
}

/** Makes extents; equal ones are the same object. */
export class Extents {
  readonly none: Extent = { key: "", bounds: [], blocks: [] };
  readonly #bounds = new Map<string, Bound>();
  readonly #extents = new Map<string, Extent>([["", this.none]]);
  readonly #needed = new Map<string, Extent>();

  /** The extent with further indices inside. */
  inside(extent: Extent, binders: readonly Binder[]): Extent {
    const bounds = [...extent.bounds];
    for (const binder of binders) bounds.push(this.#bind(binder, bounds));
    return this.#extent(bounds);
  }

  /**
   * The smallest part of an extent that a value with these free indices needs: an index on its own where its range is
   * simple, otherwise with all that stands before it in its block, so that its entries can be found by their rank.
   */
  of(free: readonly Index[], within: Extent): Extent {
    if (free.length === 0) return this.none;
    const key = `${within.key}|${free.map(({ level }) => level).join(",")}`;
    let extent = this.#needed.get(key);
    if (!extent) {
      const needed = new Set<Bound>();
      const mark = (bound: Bound): void => {
        if (needed.has(bound)) return;
        needed.add(bound);
        bound.outer.forEach(mark);
      };
      for (const bound of within.bounds) if (free.includes(bound.binder.index)) mark(bound);
      extent = this.#extent(within.blocks.flatMap((block) => partOf(block, needed)));
      this.#needed.set(key, extent);
    }
    return extent;
  }

  #bind(binder: Binder, around: readonly Bound[]): Bound {
    const { index, lo, hi, except } = binder;
    const used = [lo, hi, ...except].flatMap(({ terms }) => terms.map((term) => term.index));
    const outer = around.filter((bound) => used.includes(bound.binder.index));
    const texts = [lo, hi, ...except].map(({ key }) => key).join(";");
    const key = `${index.level}|${texts}|${outer.map(({ id }) => id).join(",")}`;
    let bound = this.#bounds.get(key);
    if (!bound) {
      bound = { id: this.#bounds.size, binder, outer };
      this.#bounds.set(key, bound);
    }
    return bound;
  }

  #extent(bounds: readonly Bound[]): Extent {
    const key = keyOf(bounds);
    let extent = this.#extents.get(key);
    if (!extent) {
      extent = { key, bounds, blocks: blocksOf(bounds) };
      if (extent.blocks.reduce((total, { size }) => total * size, 1) > largest) throw tooLarge();
      this.#extents.set(key, extent);
    }
    return extent;
  }
}

function keyOf(bounds: readonly Bound[]): string {
  return bounds.map(({ id }) => id).join(".");
}

function partOf({ bounds }: Block, needed: ReadonlySet<Bound>): readonly Bound[] {
  const used = bounds.filter((bound) => needed.has(bound));
  if (used.length === 1 && isSimple(used[0]!)) return used;
  return bounds.slice(0, bounds.findLastIndex((bound) => needed.has(bound)) + 1);
}

/** Cuts a list of bounds wherever no bound after the cut depends on one before it. */
function blocksOf(bounds: readonly Bound[]): Block[] {
  const blocks: Block[] = [];
  let start = bounds.length;
  let reaches = bounds.length;
  for (let k = bounds.length - 1; k >= 0; k--) {
    for (const outer of bounds[k]!.outer) reaches = Math.min(reaches, bounds.indexOf(outer));
    if (reaches < k) continue;
    const part = bounds.slice(k, start);
    blocks.unshift({ key: keyOf(part), bounds: part, size: countEntries(loopsOf(part), largest) });
    start = k;
    reaches = k;
  }
  return blocks;
}

function tooLarge(): HnncError {
  return new HnncError({
    kind: "limit",
    code: "sum-too-large",
    message: `a sum or product has more than ${largest} terms: too many to hold as a tensor`,
    hint: "the targets `js` and `wasm` loop over the terms instead",
  });
}
