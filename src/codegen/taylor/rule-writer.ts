import type { Op } from "../../expr/ops.ts";
import { elementary, routines, sincosRoutine } from "../elementary/elementary.ts";
import type { Lanes } from "../elementary/lanes.ts";
import type { Ref } from "../wasm/instructions.ts";
import { memoryPlace } from "../wasm/lanes.ts";
import { isState, type ProductGroup, stateFactor, stateOffset } from "./analysis.ts";
import { type Coefficients, isTop, type Source } from "./coefficients.ts";
import { vector } from "./layout.ts";
import type { Fixed, Series } from "./series.ts";
import { isMoving } from "./tables.ts";

/** A program for arguments of either sort. */
type AnyRule = (lanes: Lanes<Ref, Ref>, ...args: Ref[]) => Ref;

/** What is known of a program before it is written. */
export interface Known {
  /** Products with neighbouring entries of the state, computed side by side: the second of each by the first. */
  readonly partners: ReadonlyMap<Series, Series>;
  /** Operations that occur seldom enough to be written in place. */
  readonly inlined: ReadonlySet<Op | "sincos">;
  /** Products of inner blocks with a factor in common, by the first of them. */
  readonly groups: ReadonlyMap<Series, ProductGroup>;
}

/** Writes the recurrences of series, one coefficient after the other. */
export class RuleWriter {
  readonly #at: Coefficients;
  readonly #lanes: Lanes<Ref, Ref>;
  readonly #partners: ReadonlyMap<Series, Series>;
  readonly #inlined: ReadonlySet<Op | "sincos">;
  readonly #groups: ReadonlyMap<Series, ProductGroup>;
  readonly #pairs = new Map<Ref, readonly Ref[]>();
  /** Powers with their multiples, of this order and of the one before. */
  #pairNow = new Map<Series, Ref>();
  #pairBefore = new Map<Series, Ref>();
  /** Seconds of which the value is at hand. */
  readonly #done = new Map<Series, Ref>();
  /** Entries of the state with their neighbours, by place, of this order and of the one before. */
  #neighbours = new Map<number, Ref>();
  #neighboursBefore = new Map<number, Ref>();

  constructor(at: Coefficients, lanes: Lanes<Ref, Ref>, { partners, inlined, groups }: Known) {
    this.#groups = groups;
    this.#at = at;
    this.#lanes = lanes;
    this.#partners = partners;
    this.#inlined = inlined;
  }

  /** Keeps what the next order may read. */
  end(): void {
    this.#done.clear();
    this.#neighboursBefore = this.#neighbours;
    this.#neighbours = new Map();
    this.#pairBefore = this.#pairNow;
    this.#pairNow = new Map();
  }

  define(series: Series): void {
    const k = this.#at.k;
    const known = this.#done.get(series) ?? (isState(series) && isTop(series) ? this.#at.now.get(series) : undefined);
    const value = known ?? (k === 0 ? this.#initial(series) : this.#coefficient(series)) ?? this.#at.f.splat(0);
    this.#at.now.set(series, value);
    const slots = this.#at.layout.series.get(series)!;
    if (k === this.#at.layout.order) return;
    if (slots.plain !== undefined) this.#at.save(slots.plain + vector * k, value);
    if (slots.current !== undefined && slots.plain === undefined) this.#at.save(slots.current, value);
    if (slots.pair !== undefined) {
      const pair = this.#at.op("f64x2.mul", value, this.#at.firsts(this.#at.f.splat(1), this.#at.f.splat(k)));
      this.#pairNow.set(series, pair);
      this.#at.save(slots.pair + vector * k, pair);
    }
    if (slots.weighted !== undefined && k > 0) {
      const weighted = k === 1 ? value : this.#at.op("f64x2.mul", value, this.#at.f.splat(k));
      this.#at.weighted.set(series, weighted);
      this.#at.save(slots.weighted + vector * k, weighted);
    }
    if (slots.lead !== undefined && k === 0) this.#at.save(slots.lead, this.#lead(series));
  }

  /** What the sums of a rule are divided by, inverted. */
  #lead(series: Series): Ref {
    const { rule } = series;
    const over = (value: Ref): Ref => this.#at.op("f64x2.div", this.#at.f.splat(1), value);
    if (rule.kind === "quotient") return over(this.#at.value(rule.b)!);
    if (rule.kind === "power") return over(this.#at.value(rule.a)!);
    if (rule.kind === "ratio") return over(this.#at.value(rule.g)!);
    const root = this.#at.value(series)!;
    return over(this.#at.op("f64x2.add", root, root));
  }

  #initial(series: Series): Ref | undefined {
    const { initial, rule } = series;
    if (initial === "zero") return this.#at.f.splat(0);
    if (initial) {
      return this.operation(
        initial.op,
        initial.args.map((arg) => this.#at.value(arg)!),
      );
    }
    switch (rule.kind) {
      case "time":
        return this.#at.f.pure("f64x2.splat", "v128", [0]);
      case "mul":
        return this.#at.op("f64x2.mul", this.#at.value(rule.a)!, this.#at.value(rule.b)!);
      case "square":
        return this.#at.op("f64x2.mul", this.#at.value(rule.a)!, this.#at.value(rule.a)!);
      case "quotient":
        return this.#at.op("f64x2.div", this.#at.value(rule.a)!, this.#at.value(rule.b)!);
      case "root":
        return this.#at.op("f64x2.sqrt", this.#at.value(rule.a)!);
      case "over":
        return this.#at.op("f64x2.div", this.#at.value(rule.a)!, this.#at.fixed(rule.by));
      default:
        return this.#coefficient(series);
    }
  }

  operation(op: Op, args: readonly Ref[]): Ref {
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
    const k = this.#at.k;
    switch (rule.kind) {
      case "state":
        return (isMoving(rule.at) ? undefined : this.#at.state.get(rule.at.offset)) ?? this.#at.entry(rule.at, k);
      case "time":
        return k === 1 ? this.#at.f.splat(1) : undefined;
      case "output":
        return this.#at.entry(rule.at, k + 1);
      case "total":
        return this.#total(series);
      case "add":
      case "sub":
        return this.#addition(rule.kind, this.#at.value(rule.a), this.#at.value(rule.b));
      case "neg":
        return this.#at.op("f64x2.neg", this.#at.value(rule.a)!);
      case "scale":
        return this.#at.op("f64x2.mul", this.#at.value(rule.a)!, this.#at.fixed(rule.by));
      case "over":
        return this.#at.op("f64x2.mul", this.#at.value(rule.a)!, this.#at.fixed(rule.inverse));
      case "choose":
        return this.#choose(rule);
      default:
        return this.#convolution(series, rule);
    }
  }

  #total(series: Series): Ref {
    const f = this.#at.f;
    if (isTop(series)) {
      const sum = this.#at.totals.get(series)!;
      return this.#at.op("f64x2.add", sum, this.#at.swapped(sum));
    }
    const { layout, record } = this.#at.frame;
    const past = f.pure("i32.sub", "i32", [record, f.i32(layout.records)]);
    const index = f.pure("i32.div_s", "i32", [past, f.i32(layout.recordBytes)]);
    const place = f.pure("i32.mul", "i32", [index, f.i32(vector)]);
    return f.read("v128.load", "v128", [place], memoryPlace(3, this.#at.layout.series.get(series)!.total!));
  }

  #addition(kind: "add" | "sub", a: Ref | undefined, b: Ref | undefined): Ref | undefined {
    if (b === undefined) return a;
    if (a === undefined) return kind === "add" ? b : this.#at.op("f64x2.neg", b);
    return this.#at.op(kind === "add" ? "f64x2.add" : "f64x2.sub", a, b);
  }

  #choose({ mask, a, b }: Extract<Series["rule"], { kind: "choose" }>): Ref | undefined {
    const [x, y] = [this.#at.value(a), this.#at.value(b)];
    if (x === undefined && y === undefined) return undefined;
    const zero = this.#at.f.splat(0);
    const bits = mask.kind === "fixed" ? this.#truth(mask) : this.#at.value(mask)!;
    return this.#at.op("v128.bitselect", x ?? zero, y ?? zero, bits);
  }

  #truth(mask: Fixed): Ref {
    return this.#at.stored(mask, this.#at.layout.fixed.get(mask)!);
  }

  #convolution(series: Series, rule: Series["rule"]): Ref | undefined {
    const k = this.#at.k;
    const mul = (a: Ref, b: Ref): Ref => this.#at.op("f64x2.mul", a, b);
    const sub = (a: Ref | undefined, b: Ref | undefined): Ref => this.#addition("sub", a, b) ?? this.#at.f.splat(0);
    const lead = (): Ref => this.#at.load(this.#at.layout.series.get(series)!.lead!);
    switch (rule.kind) {
      case "mul":
        if (this.#partners.has(series)) return this.#sideBySide(series);
        if (this.#groups.has(series)) return this.#together(this.#groups.get(series)!);
        return this.#at.sum(0, k, (j) => [this.#at.plain(rule.a, j), this.#at.plain(rule.b, k - j)]);
      case "square":
        if (this.#partners.has(series)) return this.#sideBySide(series);
        return this.#halfSum((j) => this.#at.plain(rule.a, j), 0);
      case "quotient": {
        const sum = this.#at.sum(1, k, (j) => [this.#at.plain(rule.b, j), this.#at.plain(series, k - j)]);
        return mul(sub(this.#at.value(rule.a), sum), lead());
      }
      case "root":
        return mul(
          sub(
            this.#at.value(rule.a),
            this.#halfSum((j) => this.#at.plain(series, j), 1),
          ),
          lead(),
        );
      case "power": {
        if (isTop(series)) return this.#powerInLanes(series, rule);
        const [first, second] = this.#powerSums(series, rule.a);
        const grown = mul(first!, this.#at.fixed(rule.exponent));
        if (second === undefined) return mul(grown, lead());
        return mul(sub(grown, mul(second, mul(this.#at.fixed(rule.next), this.#at.f.splat(1 / k)))), lead());
      }
      case "chain":
        return this.#chain(rule);
      case "ratio": {
        const sum = this.#at.sum(1, k - 1, (j) => [this.#at.times(series, j), this.#at.plain(rule.g, k - j)]);
        const scaled = sum === undefined || k === 1 ? sum : mul(sum, this.#at.f.splat(1 / k));
        return mul(sub(this.#at.value(rule.a), scaled), lead());
      }
      default:
        return undefined;
    }
  }

  /** Σ aₖ₋ⱼ cⱼ and Σ aₖ₋ⱼ j cⱼ. */
  #powerSums(series: Series, a: Series): readonly [Ref, Ref | undefined] {
    const at = this.#at;
    const { k } = at;
    const oldest = at.sum(0, 0, () => [at.plain(series, 0), at.plain(a, k)])!;
    if (k === 1) return [oldest, undefined];
    const [first, second] = at.sums(1, k - 1, (j) => ({
      common: at.plain(a, k - j),
      others: [at.plain(series, j), at.times(series, j)],
    })) as [Ref, Ref];
    return [at.op("f64x2.add", first, oldest), second];
  }

  /** Products with one factor in common; answers the first and keeps the others. */
  #together({ factor, products }: ProductGroup): Ref {
    const at = this.#at;
    const [first, ...rest] = at.sums(0, at.k, (j) => ({
      common: at.plain(factor, j),
      others: products.map(({ other }) => at.plain(other, at.k - j)),
    })) as [Ref, ...Ref[]];
    rest.forEach((value, n) => {
      this.#done.set(products[n + 1]!.product, value);
    });
    return first;
  }

  /** Both sums of a power in one: Σ (cⱼ, j cⱼ) aₖ₋ⱼ. */
  #powerInLanes(series: Series, rule: Extract<Series["rule"], { kind: "power" }>): Ref {
    const k = this.#at.k;
    const { pair, lead } = this.#at.layout.series.get(series)!;
    const at = (j: number): Source =>
      (j === k - 1 ? this.#pairBefore.get(series) : undefined) ?? this.#at.place(series, pair! + vector * j);
    const sums = this.#at.sum(0, k - 1, (j) => [at(j), this.#at.plain(rule.a, k - j)])!;
    const next = this.#at.op("f64x2.mul", this.#at.fixed(rule.next), this.#at.f.splat(-1 / k));
    const weights = this.#at.firsts(this.#at.fixed(rule.exponent), next);
    const both = this.#at.op("f64x2.mul", sums, this.#at.op("f64x2.mul", weights, this.#at.load(lead!)));
    return this.#at.op("f64x2.add", both, this.#at.swapped(both));
  }

  #chain({ a, g, sign }: Extract<Series["rule"], { kind: "chain" }>): Ref | undefined {
    const k = this.#at.k;
    if (g.kind === "fixed") {
      const moved = this.#at.op("f64x2.mul", this.#at.value(a)!, this.#at.fixed(g));
      return sign === 1 ? moved : this.#at.op("f64x2.neg", moved);
    }
    const sum = this.#at.sum(1, k, (j) => [this.#timesNow(a, j), this.#at.plain(g, k - j)])!;
    return k === 1 && sign === 1 ? sum : this.#at.op("f64x2.mul", sum, this.#at.f.splat(sign / k));
  }

  /** j·aⱼ, where a may have come from another segment in this order. */
  #timesNow(series: Series, j: number): Source {
    if (j < this.#at.k || this.#at.weighted.has(series)) return this.#at.times(series, j);
    const value = this.#at.value(series)!;
    const weighted = j === 1 ? value : this.#at.op("f64x2.mul", value, this.#at.f.splat(j));
    if (series.block === this.#at.frame.layout.block) this.#at.weighted.set(series, weighted);
    return weighted;
  }

  /** Σ aⱼ aₖ₋ⱼ for lo ≤ j ≤ k − lo, each product of two different coefficients once. */
  #halfSum(a: (j: number) => Source, lo: number): Ref | undefined {
    const k = this.#at.k;
    const half = this.#at.sum(lo, (k - 1) >> 1, (j) => [a(k - j), a(j)]);
    const twice = half === undefined ? undefined : this.#at.op("f64x2.add", half, half);
    if (k % 2 === 1 || k / 2 < lo) return twice;
    const middle = this.#at.ref(a(k / 2));
    return twice === undefined ? this.#at.op("f64x2.mul", middle, middle) : this.#at.madd(middle, middle, twice);
  }

  /** A product and its partner in one sum; answers the first and keeps the second. */
  #sideBySide(series: Series): Ref {
    const k = this.#at.k;
    const other = this.#partners.get(series)!;
    const [{ entry, factor }, second] = [stateFactor(series)!, stateFactor(other)!];
    const pair = (j: number): Source => this.#neighbour(entry, second.entry, j);
    const sum =
      factor === undefined
        ? this.#halfSum(pair, 0)!
        : this.#at.sum(0, k, (j) => [pair(j), this.#at.plain(factor, k - j)])!;
    this.#done.set(other, this.#at.both(sum, 1));
    return this.#at.both(sum, 0);
  }

  /** Coefficient j of two neighbouring entries of the state side by side. */
  #neighbour(first: Series, second: Series, j: number): Source {
    const at = stateOffset(first);
    const known = (j === this.#at.k ? this.#neighbours : this.#neighboursBefore).get(at);
    if (known !== undefined && j >= this.#at.k - 1) return known;
    if (j < this.#at.k) {
      const place = this.#at.layout.state + j * this.#at.layout.rowBytes + 8 * at;
      return { address: this.#at.f.i32(0), opcode: "v128.load", at: place };
    }
    const pair = this.#at.firsts(this.#entryNow(first), this.#entryNow(second));
    this.#neighbours.set(at, pair);
    return pair;
  }

  #entryNow(series: Series): Ref {
    const known = this.#at.now.get(series) ?? this.#coefficient(series)!;
    this.#at.now.set(series, known);
    return known;
  }
}
