import type { Op } from "../expr/ops.ts";
import { elementary, routines, sincosRoutine } from "./elementary/elementary.ts";
import type { Lanes } from "./lanes.ts";
import type { Integer } from "./program.ts";
import {
  type BlockLayout,
  isMoving,
  movingKey,
  nodesOf,
  recordKey,
  type TaylorLayout,
  totalKey,
  vector,
} from "./taylor-layout.ts";
import {
  type Fixed,
  literalOf,
  type Mask,
  type Operand,
  operandsOf,
  type Segment,
  type Series,
  type SeriesProgram,
  type Step,
} from "./taylor-series.ts";
import type { Opcode } from "./wasm-encoder.ts";
import { FunctionBuilder } from "./wasm-function.ts";
import type { Ref } from "./wasm-instructions.ts";
import { memoryPlace, wasmLanes } from "./wasm-lanes.ts";
import type { WasmUnit } from "./wasm-unit.ts";

/** About this many instructions make a function that an optimising compiler takes quickly. */
const mostItems = 5000;
/** Elementary functions are written in place up to this many times. */
const mostInlined = 2;
/** Rows of the state up to this many vectors are handled without a loop. */
const mostUnrolled = 24;

/**
 * Adds the functions that compute the coefficients 1 … P of the state from coefficient 0, one order after the other,
 * sums over j written out; answers their indices, each taking (t).
 */
export function addExpansion(unit: WasmUnit, program: SeriesProgram, layout: TaylorLayout): number[] {
  const indices: number[] = [];
  const orders = layout.order + (program.watches.length > 0 ? 1 : 0);
  const cost = program.segments
    .flatMap(({ steps }) => steps)
    .reduce((sum, step) => sum + (step.kind === "series" && layout.live.has(step) ? sumsOf(step) : 0), 1);
  for (let k = 0; k < orders; ) {
    const f = new FunctionBuilder(["f64"], []);
    const writer = new ExpansionWriter(f, unit, program, layout);
    let items = 0;
    do {
      writer.order(k);
      items += 4 * cost * (k + 1) + 20;
      k++;
    } while (k < orders && items + 4 * cost * (k + 1) < mostItems);
    indices.push(unit.add(f.finish([], unit.constants)));
  }
  return indices;
}

/** How many sums over j a step takes. */
function sumsOf({ rule }: Series): number {
  switch (rule.kind) {
    case "mul":
    case "quotient":
    case "chain":
    case "ratio":
      return 1;
    case "square":
    case "root":
      return 0.5;
    case "power":
      return 2;
    default:
      return 0.1;
  }
}

/** Where the segment that is being written stands: its record, and the places that its table lists. */
interface Frame {
  readonly layout: BlockLayout;
  /** Address of the record, without its fixed part. */
  readonly record: Ref;
  readonly base: number;
  readonly table: Ref | undefined;
}

type Product = readonly [Ref, Ref];

const lowBytes = [0, 1, 2, 3, 4, 5, 6, 7];
const highBytes = lowBytes.map((byte) => byte + 8);

/** A program for arguments of either sort. */
type AnyRule = (lanes: Lanes<Ref, Ref>, ...args: Ref[]) => Ref;

class ExpansionWriter {
  readonly #f: FunctionBuilder;
  readonly #lanes: Lanes<Ref, Ref>;
  readonly #fma: boolean;
  readonly #program: SeriesProgram;
  readonly #layout: TaylorLayout;
  /** Coefficients of the order being written that are at hand. */
  readonly #now = new Map<Series | Mask, Ref>();
  readonly #weighted = new Map<Series, Ref>();
  /** Coefficients of the order before, of the outermost block. */
  #before = new Map<Series, Ref>();
  #beforeWeighted = new Map<Series, Ref>();
  /** Powers with their multiples, of this order and of the one before. */
  #pairNow = new Map<Series, Ref>();
  #pairBefore = new Map<Series, Ref>();
  readonly #pairs = new Map<Ref, readonly Ref[]>();
  readonly #totals = new Map<Series, Ref>();
  /** Entries of the state at hand, and those of the next order. */
  #state = new Map<number, Ref>();
  #next = new Map<number, Ref>();
  /** Products with neighbouring entries of the state, computed side by side: the second of each by the first. */
  readonly #partners: ReadonlyMap<Series, Series>;
  /** Seconds of which the value is at hand. */
  readonly #done = new Map<Series, Ref>();
  /** Entries of the state with their neighbours, by place, of this order and of the one before. */
  #neighbours = new Map<number, Ref>();
  #neighboursBefore = new Map<number, Ref>();
  readonly #scattered: boolean;
  readonly #inlined: ReadonlySet<Op | "sincos">;
  #k = 0;
  #frame: Frame;

  constructor(f: FunctionBuilder, unit: WasmUnit, program: SeriesProgram, layout: TaylorLayout) {
    this.#f = f;
    this.#lanes = wasmLanes(f, unit);
    this.#fma = unit.fma;
    this.#program = program;
    this.#layout = layout;
    const steps = program.segments.flatMap((segment) => segment.steps);
    this.#scattered = steps.some(
      (step) => step.kind === "scatter" || (step.kind === "series" && step.rule.kind === "output"),
    );
    this.#inlined = inlined(steps);
    this.#partners = partners(program, layout);
    this.#frame = this.#top();
  }

  #top(): Frame {
    const layout = this.#layout.blocks[0]!;
    return { layout, record: this.#f.i32(0), base: layout.records, table: undefined };
  }

  // ── an order ────────────────────────────────────────────────────────────────────────────────────────────────────────

  order(k: number): void {
    const { order } = this.#layout;
    this.#k = k;
    const needed = k < order ? undefined : neededForWatches(this.#program);
    this.#now.clear();
    this.#weighted.clear();
    this.#totals.clear();
    if (k < order && this.#scattered) this.#rows(k + 1, () => this.#f.splat(0));
    for (const segment of this.#program.segments) this.#clearTotals(segment, needed);
    for (const segment of this.#program.segments) this.#segment(segment, needed);
    if (k < order && this.#scattered) {
      if (k > 0) this.#rows(k + 1, (value) => this.#op("f64x2.mul", value, this.#f.splat(1 / (k + 1))), true);
    }
    this.#done.clear();
    this.#neighboursBefore = this.#neighbours;
    this.#neighbours = new Map();
    this.#pairBefore = this.#pairNow;
    this.#pairNow = new Map();
    this.#state = this.#next;
    this.#next = new Map();
    this.#before = new Map([...this.#now].filter((each): each is [Series, Ref] => isTop(each[0])));
    this.#beforeWeighted = new Map([...this.#weighted].filter(([series]) => isTop(series)));
  }

  /** Does something to each pair of entries of row k of the state. */
  #rows(k: number, change: (old: Ref) => Ref, reads = false): void {
    const { state, rowBytes } = this.#layout;
    const f = this.#f;
    const row = state + k * rowBytes;
    const one = (address: Ref, at: number): void => {
      const old = reads ? f.read("v128.load", "v128", [address], memoryPlace(3, at)) : -1;
      f.effect("v128.store", [address, change(old)], memoryPlace(3, at));
    };
    if (rowBytes / vector <= mostUnrolled) {
      for (let at = 0; at < rowBytes; at += vector) one(f.i32(0), row + at);
    } else {
      const at = f.variable(f.i32(0));
      f.loop(() => {
        one(at, row);
        f.assign(at, f.pure("i32.add", "i32", [at, f.i32(vector)]));
        return f.pure("i32.lt_s", "i32", [at, f.i32(rowBytes)]);
      });
    }
  }

  #clearTotals({ steps }: Segment, needed: ReadonlySet<Step> | undefined): void {
    for (const step of steps) {
      if (step.kind !== "series" || step.rule.kind !== "total" || (needed && !needed.has(step))) continue;
      const f = this.#f;
      if (isTop(step)) {
        this.#totals.set(step, f.variable(f.splat(0)));
        continue;
      }
      const first = this.#layout.series.get(step)!.total!;
      const bytes = 8 * (this.#layout.blocks[step.block.id]!.iterations + 2);
      const at = f.variable(f.i32(0));
      f.loop(() => {
        f.effect("f64.store", [at, f.pure("f64x2.extract_lane", "f64", [f.splat(0)], [0])], memoryPlace(3, first));
        f.assign(at, f.pure("i32.add", "i32", [at, f.i32(8)]));
        return f.pure("i32.lt_s", "i32", [at, f.i32(bytes)]);
      });
    }
  }

  #segment(segment: Segment, needed: ReadonlySet<Step> | undefined): void {
    const steps = segment.steps.filter((step) => {
      if (needed) return needed.has(step);
      if (step.kind === "series") return this.#k === 0 || this.#layout.live.has(step);
      return step.kind !== "mask" || this.#k === 0;
    });
    if (steps.length === 0) return;
    if (segment.block.id === 0) {
      this.#frame = this.#top();
      for (const step of steps) this.#step(step);
      return;
    }
    this.#loop(segment, steps);
    this.#frame = this.#top();
  }

  /** Runs steps for all pairs of indices of their block. */
  #loop({ block }: Segment, steps: readonly Step[]): void {
    const f = this.#f;
    const layout = this.#layout.blocks[block.id]!;
    if (layout.vectors === 0) return;
    const tableBytes = 8 * layout.entries.length;
    const record = f.variable(f.i32(layout.records));
    const table = f.variable(f.i32(layout.table));
    const end = f.i32(layout.records + layout.vectors * layout.recordBytes);
    const outside = new Map(this.#now);
    f.loop(() => {
      this.#frame = { layout, record, base: 0, table };
      for (const step of steps) this.#step(step);
      f.assign(record, f.pure("i32.add", "i32", [record, f.i32(layout.recordBytes)]));
      f.assign(table, f.pure("i32.add", "i32", [table, f.i32(tableBytes)]));
      return f.pure("i32.lt_s", "i32", [record, end]);
    });
    this.#now.clear();
    for (const [node, ref] of outside) this.#now.set(node, ref);
    for (const series of this.#weighted.keys()) if (!isTop(series)) this.#weighted.delete(series);
  }

  #step(step: Step): void {
    switch (step.kind) {
      case "series":
        this.#define(step);
        break;
      case "mask": {
        const mask = this.#operation(
          step.op,
          step.args.map((arg) => this.#value(arg)!),
        );
        this.#now.set(step, mask);
        const slot = this.#layout.masks.get(step);
        if (slot !== undefined) this.#save(slot, mask);
        break;
      }
      case "store":
      case "scatter":
        this.#put(step.kind, step.at, this.#value(step.value));
        break;
      case "accumulate":
        this.#accumulate(step.total, this.#value(step.value));
        break;
      case "watch":
        this.#watch(step, this.#value(step.value) ?? this.#f.splat(0));
    }
  }

  #watch(watch: Extract<Step, { kind: "watch" }>, value: Ref): void {
    const { watches, watchRowBytes, watchAt } = this.#layout;
    const at = watches + this.#k * watchRowBytes + watchAt.get(watch)!;
    const { layout, record } = this.#frame;
    const f = this.#f;
    if (watch.block.id === 0) f.effect("v128.store64_lane", [f.i32(0), value], [...memoryPlace(3, at), 0]);
    else {
      // records are whole, and so many for each pair of values
      const past = f.pure("i32.sub", "i32", [record, f.i32(layout.records)]);
      const index = f.pure("i32.div_s", "i32", [past, f.i32(layout.recordBytes)]);
      const place = f.pure("i32.mul", "i32", [index, f.i32(vector)]);
      f.effect("v128.store", [place, value], memoryPlace(3, at));
    }
  }

  // ── places ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  #load(slot: number): Ref {
    const { record, base } = this.#frame;
    return this.#f.read("v128.load", "v128", [record], memoryPlace(3, base + slot));
  }

  #save(slot: number, value: Ref): void {
    const { record, base } = this.#frame;
    this.#f.effect("v128.store", [record, value], memoryPlace(3, base + slot));
  }

  /** The addresses that the table lists for both lanes. */
  #listed(key: string): readonly [Ref, Ref] {
    const { layout, table } = this.#frame;
    const at = 8 * layout.entryOf.get(key)!;
    const one = (lane: number): Ref => this.#f.pure("i32.load", "i32", [table!], memoryPlace(2, at + 4 * lane));
    return [one(0), one(1)];
  }

  #gather([first, second]: readonly [Ref, Ref], at: number): Ref {
    const low = this.#f.read("v128.load64_zero", "v128", [first], memoryPlace(3, at));
    return this.#f.read("v128.load64_lane", "v128", [second, low], [...memoryPlace(3, at), 1]);
  }

  /** Both lanes hold the f64 at a fixed address. */
  #splat(at: number): Ref {
    return this.#f.read("v128.load64_splat", "v128", [this.#f.i32(0)], memoryPlace(3, at));
  }

  #entry(at: Integer, row: number): Ref {
    const place = this.#layout.state + row * this.#layout.rowBytes + 8 * at.offset;
    return isMoving(at) ? this.#gather(this.#listed(movingKey(at, false)), place) : this.#splat(place);
  }

  /** Writes or adds to an entry of row k + 1 of the state. */
  #put(kind: "store" | "scatter", at: Integer, value: Ref | undefined): void {
    const k = this.#k;
    const place = this.#layout.state + (k + 1) * this.#layout.rowBytes + 8 * at.offset;
    const f = this.#f;
    if (!isMoving(at)) {
      let out = value ?? f.splat(0);
      if (!this.#scattered) {
        out = k === 0 ? out : this.#op("f64x2.mul", out, f.splat(1 / (k + 1)));
        this.#next.set(at.offset, out);
      }
      if (kind === "scatter") {
        if (value === undefined) return;
        out = this.#op("f64x2.add", this.#splat(place), value);
      }
      f.effect("v128.store64_lane", [f.i32(0), out], [...memoryPlace(3, place), 0]);
      return;
    }
    if (value === undefined) return;
    this.#listed(movingKey(at, true)).forEach((address, lane) => {
      let out = value;
      if (kind === "scatter") {
        const loaded =
          lane === 0
            ? f.read("v128.load64_zero", "v128", [address], memoryPlace(3, place))
            : f.read("v128.load64_splat", "v128", [address], memoryPlace(3, place));
        out = this.#op("f64x2.add", loaded, value);
      }
      f.effect("v128.store64_lane", [address, out], [...memoryPlace(3, place), lane]);
    });
  }

  #accumulate(total: Series, value: Ref | undefined): void {
    if (value === undefined) return;
    const f = this.#f;
    if (isTop(total)) {
      const sum = this.#totals.get(total)!;
      f.assign(sum, this.#op("f64x2.add", sum, this.#withoutEmptyLane(value)));
      return;
    }
    const first = this.#layout.series.get(total)!.total!;
    this.#listed(totalKey(total.block)).forEach((address, lane) => {
      const loaded = f.read("v128.load64_splat", "v128", [address], memoryPlace(3, first));
      f.effect("v128.store64_lane", [address, this.#op("f64x2.add", loaded, value)], [...memoryPlace(3, first), lane]);
    });
  }

  /** A value with 0 in the lane that the last record of an odd block leaves empty. */
  #withoutEmptyLane(value: Ref): Ref {
    const f = this.#f;
    const { layout, record } = this.#frame;
    if (layout.iterations % 2 === 0) return value;
    const last = f.i32(layout.records + (layout.vectors - 1) * layout.recordBytes);
    const isLast = f.pure("i32.eq", "i32", [record, last]);
    const first = this.#op("f64x2.mul", value, f.splat(1));
    const kept = f.pure(
      "i8x16.shuffle",
      "v128",
      [first, f.splat(0)],
      [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23],
    );
    return f.pure("select", "v128", [kept, value, isLast]);
  }

  // ── operands ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The coefficient of the order being written, or undefined where it is 0. */
  #value(node: Operand | Mask): Ref | undefined {
    if (node.kind === "fixed") return this.#k === 0 ? this.#fixed(node) : undefined;
    const known = this.#now.get(node);
    if (known !== undefined) return known;
    if (node.kind === "mask") return this.#stored(node, this.#layout.masks.get(node)!);
    const slots = this.#layout.series.get(node)!;
    const value = this.#stored(node, slots.plain === undefined ? slots.current! : slots.plain + vector * this.#k);
    this.#now.set(node, value);
    return value;
  }

  #fixed(node: Fixed): Ref {
    const literal = literalOf(node);
    return literal === undefined ? this.#stored(node, this.#layout.fixed.get(node)!) : this.#f.splat(literal);
  }

  /** Reads a slot of the node's own block, which may enclose the one being written. */
  #stored({ block }: Operand | Mask, slot: number): Ref {
    if (block === this.#frame.layout.block) return this.#load(slot);
    const { records } = this.#layout.blocks[block.id]!;
    if (block.id === 0) return this.#f.read("v128.load", "v128", [this.#f.i32(0)], memoryPlace(3, records + slot));
    return this.#gather(this.#listed(recordKey(block)), records + slot);
  }

  /** aⱼ of a series that keeps its coefficients. */
  #plain(series: Series, j: number): Ref {
    const known = j === this.#k ? this.#now.get(series) : j === this.#k - 1 ? this.#before.get(series) : undefined;
    if (known !== undefined) return known;
    const slot = this.#layout.series.get(series)!.plain;
    if (slot !== undefined) return this.#stored(series, slot + vector * j);
    return this.#entry((series.rule as { at: Integer }).at, j);
  }

  /** j·aⱼ */
  #times(series: Series, j: number): Ref {
    const known = this.#atHand(series, j);
    if (known !== undefined) return known;
    return this.#stored(series, this.#layout.series.get(series)!.weighted! + vector * j);
  }

  #atHand(series: Series, j: number): Ref | undefined {
    if (j === this.#k) return this.#weighted.get(series);
    return j === this.#k - 1 ? this.#beforeWeighted.get(series) : undefined;
  }

  #op(opcode: Opcode, ...args: Ref[]): Ref {
    return this.#f.read(opcode, "v128", args);
  }

  #madd(a: Ref, b: Ref, c: Ref): Ref {
    if (this.#fma) return this.#op("f64x2.relaxed_madd", a, b, c);
    return this.#op("f64x2.add", c, this.#op("f64x2.mul", a, b));
  }

  /**
   * Σ over j from lo to hi, the newest coefficients (j near 0 or k) last: they are the ones that are waited for. The
   * older ones go into two sums.
   */
  #sum(lo: number, hi: number, product: (j: number) => Product): Ref | undefined {
    const k = this.#k;
    const places = Array.from({ length: Math.max(0, hi - lo + 1) }, (_, i) => lo + i);
    places.sort((a, b) => Math.max(a, k - a) - Math.max(b, k - b));
    const sums: Ref[] = [];
    const late = places.length > 4 ? places.splice(-2) : [];
    places.forEach((j, n) => {
      const [a, b] = product(j);
      const known = sums[n % 2];
      sums[n % 2] = known === undefined ? this.#op("f64x2.mul", a, b) : this.#madd(a, b, known);
    });
    let total = sums.length === 2 ? this.#op("f64x2.add", sums[0]!, sums[1]!) : sums[0];
    for (const j of late) total = this.#madd(...product(j), total!);
    return total;
  }

  // ── rules ───────────────────────────────────────────────────────────────────────────────────────────────────────────

  #define(series: Series): void {
    const k = this.#k;
    const known = this.#done.get(series) ?? (isState(series) && isTop(series) ? this.#now.get(series) : undefined);
    const value = known ?? (k === 0 ? this.#initial(series) : this.#coefficient(series)) ?? this.#f.splat(0);
    this.#now.set(series, value);
    const slots = this.#layout.series.get(series)!;
    if (k === this.#layout.order) return;
    if (slots.plain !== undefined) this.#save(slots.plain + vector * k, value);
    if (slots.current !== undefined && slots.plain === undefined) this.#save(slots.current, value);
    if (slots.pair !== undefined) {
      const pair = this.#op("f64x2.mul", value, this.#firsts(this.#f.splat(1), this.#f.splat(k)));
      this.#pairNow.set(series, pair);
      this.#save(slots.pair + vector * k, pair);
    }
    if (slots.weighted !== undefined && k > 0) {
      const weighted = k === 1 ? value : this.#op("f64x2.mul", value, this.#f.splat(k));
      this.#weighted.set(series, weighted);
      this.#save(slots.weighted + vector * k, weighted);
    }
    if (slots.lead !== undefined && k === 0) this.#save(slots.lead, this.#lead(series));
  }

  /** (a, b) of two values that stand in both lanes. */
  #firsts(a: Ref, b: Ref): Ref {
    return this.#f.read("i8x16.shuffle", "v128", [a, b], [...lowBytes, ...lowBytes.map((byte) => byte + 16)]);
  }

  #swapped(a: Ref): Ref {
    return this.#f.read("i8x16.shuffle", "v128", [a, a], [...highBytes, ...lowBytes]);
  }

  /** A lane of a pair in both lanes. */
  #both(pair: Ref, lane: 0 | 1): Ref {
    const bytes = lane === 0 ? lowBytes : highBytes;
    return this.#f.read("i8x16.shuffle", "v128", [pair, pair], [...bytes, ...bytes]);
  }

  /** What the sums of a rule are divided by, inverted. */
  #lead(series: Series): Ref {
    const { rule } = series;
    const over = (value: Ref): Ref => this.#op("f64x2.div", this.#f.splat(1), value);
    if (rule.kind === "quotient") return over(this.#value(rule.b)!);
    if (rule.kind === "power") return over(this.#value(rule.a)!);
    if (rule.kind === "ratio") return over(this.#value(rule.g)!);
    const root = this.#value(series)!;
    return over(this.#op("f64x2.add", root, root));
  }

  #initial(series: Series): Ref | undefined {
    const { initial, rule } = series;
    if (initial === "zero") return this.#f.splat(0);
    if (initial) {
      return this.#operation(
        initial.op,
        initial.args.map((arg) => this.#value(arg)!),
      );
    }
    switch (rule.kind) {
      case "time":
        return this.#f.pure("f64x2.splat", "v128", [0]);
      case "mul":
        return this.#op("f64x2.mul", this.#value(rule.a)!, this.#value(rule.b)!);
      case "square":
        return this.#op("f64x2.mul", this.#value(rule.a)!, this.#value(rule.a)!);
      case "quotient":
        return this.#op("f64x2.div", this.#value(rule.a)!, this.#value(rule.b)!);
      case "root":
        return this.#op("f64x2.sqrt", this.#value(rule.a)!);
      case "over":
        return this.#op("f64x2.div", this.#value(rule.a)!, this.#fixed(rule.by));
      default:
        return this.#coefficient(series);
    }
  }

  #operation(op: Op, args: readonly Ref[]): Ref {
    if (op === "sin" || op === "cos") {
      const known = this.#pairs.get(args[0]!) ?? this.#sincos(args[0]!);
      this.#pairs.set(args[0]!, known);
      return known[op === "sin" ? 0 : 1]!;
    }
    const routine = routines.get(op);
    if (routine && !this.#inlined.has(op)) return this.#lanes.call(routine, args)[0]!;
    return (elementary[op] as AnyRule)(this.#lanes, ...args);
  }

  #sincos(arg: Ref): readonly Ref[] {
    return this.#inlined.has("sincos") ? sincosRoutine.body(this.#lanes, arg) : this.#lanes.call(sincosRoutine, [arg]);
  }

  /** aₖ for k > 0 (for rules without products, also for k = 0), or undefined where it is 0. */
  #coefficient(series: Series): Ref | undefined {
    const { rule } = series;
    const k = this.#k;
    switch (rule.kind) {
      case "state":
        return (isMoving(rule.at) ? undefined : this.#state.get(rule.at.offset)) ?? this.#entry(rule.at, k);
      case "time":
        return k === 1 ? this.#f.splat(1) : undefined;
      case "output":
        return this.#entry(rule.at, k + 1);
      case "total":
        return this.#total(series);
      case "add":
      case "sub":
        return this.#addition(rule.kind, this.#value(rule.a), this.#value(rule.b));
      case "neg":
        return this.#op("f64x2.neg", this.#value(rule.a)!);
      case "scale":
        return this.#op("f64x2.mul", this.#value(rule.a)!, this.#fixed(rule.by));
      case "over":
        return this.#op("f64x2.mul", this.#value(rule.a)!, this.#fixed(rule.inverse));
      case "choose":
        return this.#choose(rule);
      default:
        return this.#convolution(series, rule);
    }
  }

  #total(series: Series): Ref {
    const f = this.#f;
    if (isTop(series)) {
      const sum = this.#totals.get(series)!;
      return this.#op("f64x2.add", sum, this.#swapped(sum));
    }
    const { layout, record } = this.#frame;
    const past = f.pure("i32.sub", "i32", [record, f.i32(layout.records)]);
    const index = f.pure("i32.div_s", "i32", [past, f.i32(layout.recordBytes)]);
    const place = f.pure("i32.mul", "i32", [index, f.i32(vector)]);
    return f.read("v128.load", "v128", [place], memoryPlace(3, this.#layout.series.get(series)!.total!));
  }

  #addition(kind: "add" | "sub", a: Ref | undefined, b: Ref | undefined): Ref | undefined {
    if (b === undefined) return a;
    if (a === undefined) return kind === "add" ? b : this.#op("f64x2.neg", b);
    return this.#op(kind === "add" ? "f64x2.add" : "f64x2.sub", a, b);
  }

  #choose({ mask, a, b }: Extract<Series["rule"], { kind: "choose" }>): Ref | undefined {
    const [x, y] = [this.#value(a), this.#value(b)];
    if (x === undefined && y === undefined) return undefined;
    const zero = this.#f.splat(0);
    const bits = mask.kind === "fixed" ? this.#truth(mask) : this.#value(mask)!;
    return this.#op("v128.bitselect", x ?? zero, y ?? zero, bits);
  }

  #truth(mask: Fixed): Ref {
    return this.#stored(mask, this.#layout.fixed.get(mask)!);
  }

  #convolution(series: Series, rule: Series["rule"]): Ref | undefined {
    const k = this.#k;
    const mul = (a: Ref, b: Ref): Ref => this.#op("f64x2.mul", a, b);
    const sub = (a: Ref | undefined, b: Ref | undefined): Ref => this.#addition("sub", a, b) ?? this.#f.splat(0);
    const lead = (): Ref => this.#load(this.#layout.series.get(series)!.lead!);
    switch (rule.kind) {
      case "mul":
        if (this.#partners.has(series)) return this.#sideBySide(series);
        return this.#sum(0, k, (j) => [this.#plain(rule.a, j), this.#plain(rule.b, k - j)]);
      case "square":
        if (this.#partners.has(series)) return this.#sideBySide(series);
        return this.#halfSum((j) => this.#plain(rule.a, j), 0);
      case "quotient": {
        const sum = this.#sum(1, k, (j) => [this.#plain(rule.b, j), this.#plain(series, k - j)]);
        return mul(sub(this.#value(rule.a), sum), lead());
      }
      case "root":
        return mul(
          sub(
            this.#value(rule.a),
            this.#halfSum((j) => this.#plain(series, j), 1),
          ),
          lead(),
        );
      case "power": {
        if (isTop(series)) return this.#powerInLanes(series, rule);
        const first = this.#sum(0, k - 1, (j) => [this.#plain(series, j), this.#plain(rule.a, k - j)]);
        const second = this.#sum(1, k - 1, (j) => [this.#times(series, j), this.#plain(rule.a, k - j)]);
        const grown = mul(first!, this.#fixed(rule.exponent));
        if (second === undefined) return mul(grown, lead());
        return mul(sub(grown, mul(second, mul(this.#fixed(rule.next), this.#f.splat(1 / k)))), lead());
      }
      case "chain":
        return this.#chain(rule);
      case "ratio": {
        const sum = this.#sum(1, k - 1, (j) => [this.#times(series, j), this.#plain(rule.g, k - j)]);
        const scaled = sum === undefined || k === 1 ? sum : mul(sum, this.#f.splat(1 / k));
        return mul(sub(this.#value(rule.a), scaled), lead());
      }
      default:
        return undefined;
    }
  }

  /** Both sums of a power in one: Σ (cⱼ, j cⱼ) aₖ₋ⱼ. */
  #powerInLanes(series: Series, rule: Extract<Series["rule"], { kind: "power" }>): Ref {
    const k = this.#k;
    const { pair, lead } = this.#layout.series.get(series)!;
    const at = (j: number): Ref =>
      (j === k - 1 ? this.#pairBefore.get(series) : undefined) ?? this.#load(pair! + vector * j);
    const sums = this.#sum(0, k - 1, (j) => [at(j), this.#plain(rule.a, k - j)])!;
    const next = this.#op("f64x2.mul", this.#fixed(rule.next), this.#f.splat(-1 / k));
    const weights = this.#firsts(this.#fixed(rule.exponent), next);
    const both = this.#op("f64x2.mul", sums, this.#op("f64x2.mul", weights, this.#load(lead!)));
    return this.#op("f64x2.add", both, this.#swapped(both));
  }

  #chain({ a, g, sign }: Extract<Series["rule"], { kind: "chain" }>): Ref | undefined {
    const k = this.#k;
    if (g.kind === "fixed") {
      const moved = this.#op("f64x2.mul", this.#value(a)!, this.#fixed(g));
      return sign === 1 ? moved : this.#op("f64x2.neg", moved);
    }
    const sum = this.#sum(1, k, (j) => [this.#timesNow(a, j), this.#plain(g, k - j)])!;
    return k === 1 && sign === 1 ? sum : this.#op("f64x2.mul", sum, this.#f.splat(sign / k));
  }

  /** j·aⱼ, where a may have come from another segment in this order. */
  #timesNow(series: Series, j: number): Ref {
    if (j < this.#k || this.#weighted.has(series)) return this.#times(series, j);
    const value = this.#value(series)!;
    const weighted = j === 1 ? value : this.#op("f64x2.mul", value, this.#f.splat(j));
    if (series.block === this.#frame.layout.block) this.#weighted.set(series, weighted);
    return weighted;
  }

  /** Σ aⱼ aₖ₋ⱼ for lo ≤ j ≤ k − lo, each product of two different coefficients once. */
  #halfSum(a: (j: number) => Ref, lo: number): Ref | undefined {
    const k = this.#k;
    const half = this.#sum(lo, (k - 1) >> 1, (j) => [a(k - j), a(j)]);
    const twice = half === undefined ? undefined : this.#op("f64x2.add", half, half);
    if (k % 2 === 1 || k / 2 < lo) return twice;
    const middle = a(k / 2);
    return twice === undefined ? this.#op("f64x2.mul", middle, middle) : this.#madd(middle, middle, twice);
  }

  /** A product and its partner in one sum; answers the first and keeps the second. */
  #sideBySide(series: Series): Ref {
    const k = this.#k;
    const other = this.#partners.get(series)!;
    const [{ entry, factor }, second] = [stateFactor(series)!, stateFactor(other)!];
    const pair = (j: number): Ref => this.#neighbour(entry, second.entry, j);
    const sum =
      factor === undefined ? this.#halfSum(pair, 0)! : this.#sum(0, k, (j) => [pair(j), this.#plain(factor, k - j)])!;
    this.#done.set(other, this.#both(sum, 1));
    return this.#both(sum, 0);
  }

  /** Coefficient j of two neighbouring entries of the state side by side. */
  #neighbour(first: Series, second: Series, j: number): Ref {
    const at = stateOffset(first);
    const known = (j === this.#k ? this.#neighbours : this.#neighboursBefore).get(at);
    if (known !== undefined && j >= this.#k - 1) return known;
    if (j < this.#k) {
      const place = this.#layout.state + j * this.#layout.rowBytes + 8 * at;
      return this.#f.read("v128.load", "v128", [this.#f.i32(0)], memoryPlace(3, place));
    }
    const pair = this.#firsts(this.#entryNow(first), this.#entryNow(second));
    this.#neighbours.set(at, pair);
    return pair;
  }

  #entryNow(series: Series): Ref {
    const known = this.#now.get(series) ?? this.#coefficient(series)!;
    this.#now.set(series, known);
    return known;
  }
}

function isState({ rule }: Series): boolean {
  return rule.kind === "state";
}

const stateOffset = ({ rule }: Series): number => (rule as { at: Integer }).at.offset;

/** A square of an entry of the state, or its product with something else. */
function stateFactor({ rule }: Series): { entry: Series; factor: Series | undefined } | undefined {
  if (rule.kind === "square") return isState(rule.a) ? { entry: rule.a, factor: undefined } : undefined;
  if (rule.kind !== "mul") return undefined;
  if (isState(rule.a) && !isState(rule.b)) return { entry: rule.a, factor: rule.b };
  return isState(rule.b) && !isState(rule.a) ? { entry: rule.b, factor: rule.a } : undefined;
}

/** Pairs of products in the outermost block, x·a and y·a or x² and y², x and y being neighbours in the state. */
function partners({ segments }: SeriesProgram, { live }: TaylorLayout): ReadonlyMap<Series, Series> {
  const found = new Map<Series, Series>();
  for (const { block, steps } of segments) {
    if (block.id !== 0) continue;
    const waiting = new Map<string, Series>();
    const taken = new Set<Series>();
    for (const step of steps) {
      if (step.kind !== "series" || !live.has(step)) continue;
      const product = stateFactor(step);
      if (!product) continue;
      const offset = stateOffset(product.entry);
      const id = product.factor?.id ?? "square";
      const first = waiting.get(`${id} ${offset - 1}`);
      if (first && !taken.has(first)) {
        found.set(first, step);
        taken.add(first).add(step);
      } else waiting.set(`${id} ${offset}`, step);
    }
  }
  return found;
}

function isTop(node: Series | Mask): boolean {
  return node.block.id === 0;
}

/** The operations that occur seldom enough to be written in place. */
function inlined(steps: readonly Step[]): ReadonlySet<Op | "sincos"> {
  const counts = new Map<Op | "sincos", number>();
  const args = new Set<Operand>();
  for (const step of steps) {
    if (step.kind !== "series" || !step.initial || step.initial === "zero") continue;
    const { op } = step.initial;
    const isPair = op === "sin" || op === "cos";
    if (isPair && args.has(step.initial.args[0]!)) continue;
    if (isPair) args.add(step.initial.args[0]!);
    const name = isPair ? "sincos" : op;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count <= mostInlined).map(([op]) => op));
}

/** The steps that the coefficients of watches depend on, the masks excepted: those are known. */
function neededForWatches({ segments }: SeriesProgram): ReadonlySet<Step> {
  const needed = new Set<Step>();
  const pending: (Operand | Mask)[] = [];
  const steps = segments.flatMap((segment) => segment.steps);
  for (const step of steps) {
    if (step.kind !== "watch") continue;
    needed.add(step);
    pending.push(step.value);
  }
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.kind !== "series" || needed.has(next)) continue;
    needed.add(next);
    pending.push(...operandsOf(next.rule));
    for (const step of steps) {
      if (step.kind !== "accumulate" || step.total !== next) continue;
      needed.add(step);
      pending.push(...nodesOf(step));
    }
  }
  return needed;
}
