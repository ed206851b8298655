import type { Integer } from "../program.ts";
import { FunctionBuilder } from "../wasm/function.ts";
import type { Ref } from "../wasm/instructions.ts";
import { memoryPlace, wasmLanes } from "../wasm/lanes.ts";
import { Run } from "../wasm/run.ts";
import type { WasmUnit } from "../wasm/unit.ts";
import { inlined, neededForWatches, partners, productGroups, sumsOf } from "./analysis.ts";
import { Coefficients, isTop } from "./coefficients.ts";
import { type TaylorLayout, vector } from "./layout.ts";
import { type Known, RuleWriter } from "./rule-writer.ts";
import type { Segment, Series, SeriesProgram, Step } from "./series.ts";
import { isMoving, movingKey, totalKey } from "./tables.ts";

/** About this many instructions make a function that an optimising compiler takes quickly. */
const mostItems = 5000;
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
  const known = {
    partners: partners(program, layout),
    inlined: inlined(program.segments.flatMap(({ steps }) => steps)),
    groups: productGroups(program, layout),
  };
  for (let k = 0; k < orders; ) {
    const f = new FunctionBuilder(["f64"], []);
    const writer = new ExpansionWriter(f, unit, program, layout, known);
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

class ExpansionWriter {
  readonly #at: Coefficients;
  readonly #rules: RuleWriter;
  readonly #program: SeriesProgram;
  readonly #scattered: boolean;

  constructor(f: FunctionBuilder, unit: WasmUnit, program: SeriesProgram, layout: TaylorLayout, known: Known) {
    const steps = program.segments.flatMap((segment) => segment.steps);
    this.#program = program;
    this.#at = new Coefficients(f, layout, unit.fma);
    this.#rules = new RuleWriter(this.#at, wasmLanes(f, unit), known);
    this.#scattered = steps.some(
      (step) => step.kind === "scatter" || (step.kind === "series" && step.rule.kind === "output"),
    );
  }

  order(k: number): void {
    const { order } = this.#at.layout;
    const needed = k < order ? undefined : neededForWatches(this.#program);
    this.#at.begin(k);
    if (k < order && this.#scattered) this.#clearRows(k);
    for (const segment of this.#program.segments) this.#clearTotals(segment, needed);
    for (const segment of this.#program.segments) this.#segment(segment, needed);
    if (k < order && k > 0 && this.#scattered) this.#scaleRow(k + 1, 1 / (k + 1));
    this.#rules.end();
    this.#at.end();
  }

  /** Sets the rows of the state that are to be added to to 0: all at once, or a long one when it is its turn. */
  #clearRows(k: number): void {
    const { state, rowBytes, order } = this.#at.layout;
    const f = this.#at.f;
    const long = rowBytes / vector > mostUnrolled;
    if (k > 0 && !long) return;
    const bytes = long ? rowBytes : order * rowBytes;
    f.effect("memory.fill", [f.i32(state + (k + 1) * rowBytes), f.i32(0), f.i32(bytes)], [0]);
  }

  /** Multiplies row k of the state by a number. */
  #scaleRow(k: number, by: number): void {
    const { state, rowBytes } = this.#at.layout;
    const f = this.#at.f;
    const row = state + k * rowBytes;
    const factor = f.splat(by);
    const scale = (run: Run, address: Ref, at: number): void => {
      run.push(address);
      run.push(address);
      run.access("v128.load", at);
      run.push(factor);
      run.op("f64x2.mul");
      run.access("v128.store", at);
    };
    const run = new Run();
    if (rowBytes / vector <= mostUnrolled) {
      for (let at = 0; at < rowBytes; at += vector) scale(run, f.i32(0), row + at);
      f.effects(run);
    } else {
      const at = f.variable(f.i32(0));
      f.loop(() => {
        scale(run, at, row);
        f.effects(run);
        f.assign(at, f.pure("i32.add", "i32", [at, f.i32(vector)]));
        return f.pure("i32.lt_s", "i32", [at, f.i32(rowBytes)]);
      });
    }
  }

  #clearTotals({ steps }: Segment, needed: ReadonlySet<Step> | undefined): void {
    for (const step of steps) {
      if (step.kind !== "series" || step.rule.kind !== "total" || (needed && !needed.has(step))) continue;
      const f = this.#at.f;
      if (isTop(step)) {
        this.#at.totals.set(step, f.variable(f.splat(0)));
        continue;
      }
      const first = this.#at.layout.series.get(step)!.total!;
      const bytes = 8 * (this.#at.layout.blocks[step.block.id]!.iterations + 2);
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
      if (step.kind === "series") return this.#at.k === 0 || this.#at.layout.live.has(step);
      return step.kind !== "mask" || this.#at.k === 0;
    });
    if (steps.length === 0) return;
    if (segment.block.id === 0) {
      this.#at.frame = this.#at.top();
      for (const step of steps) this.#step(step);
      return;
    }
    this.#loop(segment, steps);
    this.#at.frame = this.#at.top();
  }

  /** Runs steps for all pairs of indices of their block. */
  #loop({ block }: Segment, steps: readonly Step[]): void {
    const f = this.#at.f;
    const layout = this.#at.layout.blocks[block.id]!;
    if (layout.vectors === 0) return;
    const tableBytes = 8 * layout.entries.length;
    const record = f.variable(f.i32(layout.records));
    const table = f.variable(f.i32(layout.table));
    const end = f.i32(layout.records + layout.vectors * layout.recordBytes);
    const outside = new Map(this.#at.now);
    f.loop(() => {
      this.#at.frame = { layout, record, base: 0, table, listed: new Map() };
      for (const step of steps) this.#step(step);
      f.assign(record, f.pure("i32.add", "i32", [record, f.i32(layout.recordBytes)]));
      f.assign(table, f.pure("i32.add", "i32", [table, f.i32(tableBytes)]));
      return f.pure("i32.lt_s", "i32", [record, end]);
    });
    this.#at.now.clear();
    for (const [node, ref] of outside) this.#at.now.set(node, ref);
    for (const series of this.#at.weighted.keys()) if (!isTop(series)) this.#at.weighted.delete(series);
  }

  #step(step: Step): void {
    switch (step.kind) {
      case "series":
        this.#rules.define(step);
        break;
      case "mask": {
        const mask = this.#rules.operation(
          step.op,
          step.args.map((arg) => this.#at.value(arg)!),
        );
        this.#at.now.set(step, mask);
        const slot = this.#at.layout.masks.get(step);
        if (slot !== undefined) this.#at.save(slot, mask);
        break;
      }
      case "store":
      case "scatter":
        this.#put(step.kind, step.at, this.#at.value(step.value));
        break;
      case "accumulate":
        this.#accumulate(step.total, this.#at.value(step.value));
        break;
      case "watch":
        this.#watch(step, this.#at.value(step.value) ?? this.#at.f.splat(0));
    }
  }

  #watch(watch: Extract<Step, { kind: "watch" }>, value: Ref): void {
    const { watches, watchRowBytes, watchAt } = this.#at.layout;
    const at = watches + this.#at.k * watchRowBytes + watchAt.get(watch)!;
    const { layout, record } = this.#at.frame;
    const f = this.#at.f;
    if (watch.block.id === 0) f.effect("v128.store64_lane", [f.i32(0), value], [...memoryPlace(3, at), 0]);
    else {
      // records are whole, and so many for each pair of values
      const past = f.pure("i32.sub", "i32", [record, f.i32(layout.records)]);
      const index = f.pure("i32.div_s", "i32", [past, f.i32(layout.recordBytes)]);
      const place = f.pure("i32.mul", "i32", [index, f.i32(vector)]);
      f.effect("v128.store", [place, value], memoryPlace(3, at));
    }
  }

  /** Writes or adds to an entry of row k + 1 of the state. */
  #put(kind: "store" | "scatter", at: Integer, value: Ref | undefined): void {
    const k = this.#at.k;
    const place = this.#at.layout.state + (k + 1) * this.#at.layout.rowBytes + 8 * at.offset;
    const f = this.#at.f;
    if (!isMoving(at)) {
      let out = value ?? f.splat(0);
      if (!this.#scattered) {
        out = k === 0 ? out : this.#at.op("f64x2.mul", out, f.splat(1 / (k + 1)));
        this.#at.next.set(at.offset, out);
      }
      if (kind === "scatter") {
        if (value === undefined) return;
        out = this.#at.op("f64x2.add", this.#at.splat(place), value);
      }
      f.effect("v128.store64_lane", [f.i32(0), out], [...memoryPlace(3, place), 0]);
      return;
    }
    if (value === undefined) return;
    const run = new Run();
    this.#at.listed(movingKey(at, true)).forEach((address, lane) => {
      run.push(address);
      if (kind === "scatter") {
        run.push(address);
        run.access(lane === 0 ? "v128.load64_zero" : "v128.load64_splat", place);
        run.push(value);
        run.op("f64x2.add");
      } else run.push(value);
      run.accessLane("v128.store64_lane", place, lane);
    });
    f.effects(run);
  }

  #accumulate(total: Series, value: Ref | undefined): void {
    if (value === undefined) return;
    const f = this.#at.f;
    if (isTop(total)) {
      const sum = this.#at.totals.get(total)!;
      f.assign(sum, this.#at.op("f64x2.add", sum, this.#withoutEmptyLane(value)));
      return;
    }
    const first = this.#at.layout.series.get(total)!.total!;
    this.#at.listed(totalKey(total.block)).forEach((address, lane) => {
      const loaded = f.read("v128.load64_splat", "v128", [address], memoryPlace(3, first));
      f.effect(
        "v128.store64_lane",
        [address, this.#at.op("f64x2.add", loaded, value)],
        [...memoryPlace(3, first), lane],
      );
    });
  }

  /** A value with 0 in the lane that the last record of an odd block leaves empty. */
  #withoutEmptyLane(value: Ref): Ref {
    const f = this.#at.f;
    const { layout, record } = this.#at.frame;
    if (layout.iterations % 2 === 0) return value;
    const last = f.i32(layout.records + (layout.vectors - 1) * layout.recordBytes);
    const isLast = f.pure("i32.eq", "i32", [record, last]);
    const first = this.#at.op("f64x2.mul", value, f.splat(1));
    const kept = f.pure(
      "i8x16.shuffle",
      "v128",
      [first, f.splat(0)],
      [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23],
    );
    return f.pure("select", "v128", [kept, value, isLast]);
  }
}
