import type { Integer } from "../program.ts";
import type { FunctionBuilder } from "../wasm/function.ts";
import type { Ref } from "../wasm/instructions.ts";
import { memoryPlace } from "../wasm/lanes.ts";
import type { Opcode } from "../wasm/opcodes.ts";
import { Run } from "../wasm/run.ts";
import { type BlockLayout, type TaylorLayout, vector } from "./layout.ts";
import { type Fixed, literalOf, type Mask, type Operand, type Series } from "./series.ts";
import { isMoving, movingKey, recordKey } from "./tables.ts";

/** Where the segment that is being written stands: its record, and the places that its table lists. */
export interface Frame {
  readonly layout: BlockLayout;
  /** Address of the record, without its fixed part. */
  readonly record: Ref;
  readonly base: number;
  readonly table: Ref | undefined;
  /** What has been read of the table. */
  readonly listed: Map<string, readonly [Ref, Ref]>;
}

/** A value, or where it is loaded from. */
export type Source =
  | Ref
  | { readonly address: Ref; readonly opcode: "v128.load" | "v128.load64_splat"; readonly at: number };

type Product = readonly [Source, Source];

function pushSource(run: Run, source: Source): void {
  if (typeof source === "number") run.push(source);
  else {
    run.push(source.address);
    run.access(source.opcode, source.at);
  }
}

const lowBytes = [0, 1, 2, 3, 4, 5, 6, 7];
const highBytes = lowBytes.map((byte) => byte + 8);

export function isTop(node: Series | Mask): boolean {
  return node.block.id === 0;
}

/** Reads and writes coefficients in the function under construction; those just made are kept at hand. */
export class Coefficients {
  readonly f: FunctionBuilder;
  readonly layout: TaylorLayout;
  readonly #fma: boolean;
  /** Coefficients of the order being written that are at hand. */
  readonly now = new Map<Series | Mask, Ref>();
  readonly weighted = new Map<Series, Ref>();
  /** Sums of what inner blocks add to totals of the outermost one. */
  readonly totals = new Map<Series, Ref>();
  /** Entries of the state at hand, and those of the next order. */
  state = new Map<number, Ref>();
  next = new Map<number, Ref>();
  /** The order being written. */
  k = 0;
  frame: Frame;
  /** Coefficients of the order before, of the outermost block. */
  #before = new Map<Series, Ref>();
  #beforeWeighted = new Map<Series, Ref>();

  constructor(f: FunctionBuilder, layout: TaylorLayout, fma: boolean) {
    this.f = f;
    this.layout = layout;
    this.#fma = fma;
    this.frame = this.top();
  }

  top(): Frame {
    const layout = this.layout.blocks[0]!;
    return { layout, record: this.f.i32(0), base: layout.records, table: undefined, listed: new Map() };
  }

  begin(k: number): void {
    this.k = k;
    this.now.clear();
    this.weighted.clear();
    this.totals.clear();
  }

  /** Keeps what the next order may read. */
  end(): void {
    this.state = this.next;
    this.next = new Map();
    this.#before = new Map([...this.now].filter((each): each is [Series, Ref] => isTop(each[0])));
    this.#beforeWeighted = new Map([...this.weighted].filter(([series]) => isTop(series)));
  }

  // ── places ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  load(slot: number): Ref {
    const { record, base } = this.frame;
    return this.f.read("v128.load", "v128", [record], memoryPlace(3, base + slot));
  }

  save(slot: number, value: Ref): void {
    const { record, base } = this.frame;
    this.f.effect("v128.store", [record, value], memoryPlace(3, base + slot));
  }

  /** The addresses that the table lists for both lanes. */
  listed(key: string): readonly [Ref, Ref] {
    const { layout, table, listed } = this.frame;
    const known = listed.get(key);
    if (known) return known;
    const at = 8 * layout.entryOf.get(key)!;
    const one = (lane: number): Ref => this.f.read("i32.load", "i32", [table!], memoryPlace(2, at + 4 * lane));
    const made = [one(0), one(1)] as const;
    listed.set(key, made);
    return made;
  }

  gather([first, second]: readonly [Ref, Ref], at: number): Ref {
    const low = this.f.read("v128.load64_zero", "v128", [first], memoryPlace(3, at));
    return this.f.read("v128.load64_lane", "v128", [second, low], [...memoryPlace(3, at), 1]);
  }

  /** Both lanes hold the f64 at a fixed address. */
  splat(at: number): Ref {
    return this.f.read("v128.load64_splat", "v128", [this.f.i32(0)], memoryPlace(3, at));
  }

  entry(at: Integer, row: number): Ref {
    const place = this.layout.state + row * this.layout.rowBytes + 8 * at.offset;
    return isMoving(at) ? this.gather(this.listed(movingKey(at, false)), place) : this.splat(place);
  }

  // ── operands ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The coefficient of the order being written, or undefined where it is 0. */
  value(node: Operand | Mask): Ref | undefined {
    if (node.kind === "fixed") return this.k === 0 ? this.fixed(node) : undefined;
    const known = this.now.get(node);
    if (known !== undefined) return known;
    if (node.kind === "mask") return this.stored(node, this.layout.masks.get(node)!);
    const slots = this.layout.series.get(node)!;
    const value = this.stored(node, slots.plain === undefined ? slots.current! : slots.plain + vector * this.k);
    this.now.set(node, value);
    return value;
  }

  fixed(node: Fixed): Ref {
    const literal = literalOf(node);
    return literal === undefined ? this.stored(node, this.layout.fixed.get(node)!) : this.f.splat(literal);
  }

  /** Reads a slot of the node's own block, which may enclose the one being written. */
  stored({ block }: Operand | Mask, slot: number): Ref {
    if (block === this.frame.layout.block) return this.load(slot);
    const { records } = this.layout.blocks[block.id]!;
    if (block.id === 0) return this.f.read("v128.load", "v128", [this.f.i32(0)], memoryPlace(3, records + slot));
    return this.gather(this.listed(recordKey(block)), records + slot);
  }

  /** aⱼ of a series that keeps its coefficients. */
  plain(series: Series, j: number): Source {
    const known = j === this.k ? this.now.get(series) : j === this.k - 1 ? this.#before.get(series) : undefined;
    if (known !== undefined) return known;
    const slot = this.layout.series.get(series)!.plain;
    if (slot !== undefined) return this.place(series, slot + vector * j);
    const { at } = series.rule as { at: Integer };
    if (isMoving(at)) return this.entry(at, j);
    const { state, rowBytes } = this.layout;
    return { address: this.f.i32(0), opcode: "v128.load64_splat", at: state + j * rowBytes + 8 * at.offset };
  }

  /** j·aⱼ */
  times(series: Series, j: number): Source {
    const known = this.#atHand(series, j);
    if (known !== undefined) return known;
    return this.place(series, this.layout.series.get(series)!.weighted! + vector * j);
  }

  /** Where a slot of a node stands, where it is not gathered from another block. */
  place(series: Series, slot: number): Source {
    const { layout, record, base } = this.frame;
    if (series.block === layout.block) return { address: record, opcode: "v128.load", at: base + slot };
    return this.stored(series, slot);
  }

  /** The value of a source. */
  ref(source: Source): Ref {
    if (typeof source === "number") return source;
    return this.f.read(source.opcode, "v128", [source.address], memoryPlace(3, source.at));
  }

  #atHand(series: Series, j: number): Ref | undefined {
    if (j === this.k) return this.weighted.get(series);
    return j === this.k - 1 ? this.#beforeWeighted.get(series) : undefined;
  }

  op(opcode: Opcode, ...args: Ref[]): Ref {
    return this.f.read(opcode, "v128", args);
  }

  madd(a: Ref, b: Ref, c: Ref): Ref {
    if (this.#fma) return this.op("f64x2.relaxed_madd", a, b, c);
    return this.op("f64x2.add", c, this.op("f64x2.mul", a, b));
  }

  /**
   * Σ over j from lo to hi, the newest coefficients (j near 0 or k) last: they are the ones that are waited for. The
   * older ones go into two sums.
   */
  sum(lo: number, hi: number, product: (j: number) => Product): Ref | undefined {
    const k = this.k;
    const places = Array.from({ length: Math.max(0, hi - lo + 1) }, (_, i) => lo + i);
    if (places.length === 0) return undefined;
    places.sort((a, b) => Math.max(a, k - a) - Math.max(b, k - b));
    const late = places.length > 4 ? places.splice(-2) : [];
    const products = (list: readonly number[]): Product[] => list.map(product);
    const first = products(places.filter((_, n) => n % 2 === 0));
    const second = products(places.filter((_, n) => n % 2 === 1));
    const sums = [first, second].filter(({ length }) => length > 0);
    return this.#fma ? this.#fused(sums, products(late)) : this.#separate(sums, products(late));
  }

  #separate(sums: readonly Product[][], late: readonly Product[]): Ref {
    const run = new Run();
    const add = ([a, b]: Product, more: boolean): void => {
      pushSource(run, a);
      pushSource(run, b);
      run.op("f64x2.mul");
      if (more) run.op("f64x2.add");
    };
    for (const sum of sums) for (let n = 0; n < sum.length; n++) add(sum[n]!, n > 0);
    if (sums.length === 2) run.op("f64x2.add");
    for (const each of late) add(each, true);
    return this.f.run(run);
  }

  /** Σⱼ aⱼ·(bⱼ, cⱼ, …): several sums with a factor in common, which is loaded once for all. */
  sums(lo: number, hi: number, terms: (j: number) => { common: Source; others: readonly Source[] }): Ref[] {
    const k = this.k;
    const places = Array.from({ length: hi - lo + 1 }, (_, i) => lo + i);
    places.sort((a, b) => Math.max(a, k - a) - Math.max(b, k - b));
    const run = new Run();
    const totals: number[] = [];
    let factor: number | undefined;
    for (const j of places) {
      const { common, others } = terms(j);
      const isFirst = totals.length === 0;
      if (isFirst) for (const _ of others) totals.push(run.temporary());
      factor ??= run.temporary();
      pushSource(run, common);
      run.tee(factor);
      for (let n = 0; n < others.length; n++) {
        if (n > 0) run.get(factor);
        pushSource(run, others[n]!);
        if (this.#fma && !isFirst) {
          run.get(totals[n]!);
          run.op("f64x2.relaxed_madd");
        } else {
          run.op("f64x2.mul");
          if (!isFirst) {
            run.get(totals[n]!);
            run.op("f64x2.add");
          }
        }
        run.set(totals[n]!);
      }
    }
    const first = this.f.run(run, totals.length);
    return totals.map((n) => first + n);
  }

  #fused(sums: readonly Product[][], late: readonly Product[]): Ref {
    const grow = (total: Ref | undefined, [a, b]: Product): Ref => {
      const [x, y] = [this.ref(a), this.ref(b)];
      return total === undefined ? this.op("f64x2.mul", x, y) : this.madd(x, y, total);
    };
    const parts = sums.map((sum) => sum.reduce<Ref | undefined>(grow, undefined)!);
    return late.reduce(
      grow,
      parts.reduce((a, b) => this.op("f64x2.add", a, b)),
    );
  }

  /** (a, b) of two values that stand in both lanes. */
  firsts(a: Ref, b: Ref): Ref {
    return this.f.read("i8x16.shuffle", "v128", [a, b], [...lowBytes, ...lowBytes.map((byte) => byte + 16)]);
  }

  swapped(a: Ref): Ref {
    return this.f.read("i8x16.shuffle", "v128", [a, a], [...highBytes, ...lowBytes]);
  }

  /** A lane of a pair in both lanes. */
  both(pair: Ref, lane: 0 | 1): Ref {
    const bytes = lane === 0 ? lowBytes : highBytes;
    return this.f.read("i8x16.shuffle", "v128", [pair, pair], [...bytes, ...bytes]);
  }
}
