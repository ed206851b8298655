import type { TaylorLayout } from "./layout.ts";
import { type FixedValues, numberOperation } from "./memory.ts";
import {
  type Block,
  literalOf,
  type Mask,
  type Operand,
  type Rule,
  type Series,
  type SeriesProgram,
  type Step,
} from "./series.ts";

/** What a step of the method needs of whoever computes its coefficients. */
export interface TaylorMachine {
  /** The memory: coefficients of the state and of watches stand where the layout says. */
  readonly numbers: Float64Array;
  /** From coefficient 0 of the state to all others, at time t. */
  expand(t: number): void;
}

/**
 * The recurrences run one by one in plain JavaScript, for machines without WebAssembly and as the second road to its
 * numbers. It shares the list of recurrences and nothing of how they are computed.
 *
 * @param numbers memory of `layout.bytes / 8` entries
 */
export function plainTaylor(
  program: SeriesProgram,
  layout: TaylorLayout,
  fixed: () => FixedValues,
  numbers: Float64Array,
): TaylorMachine {
  const expansion = new PlainExpansion(program, layout, numbers);
  return { numbers, expand: (t) => expansion.run(t, fixed()) };
}

class PlainExpansion {
  readonly #program: SeriesProgram;
  readonly #layout: TaylorLayout;
  readonly #numbers: Float64Array;
  /** Coefficients k of iteration i at i·(P + 1) + k. */
  readonly #series = new Map<Series | Mask, Float64Array>();
  readonly #orders: number;
  #fixed: FixedValues = new Map();
  #t = 0;
  #k = 0;
  #block: Block;
  #iteration = 0;

  constructor(program: SeriesProgram, layout: TaylorLayout, numbers: Float64Array) {
    this.#program = program;
    this.#layout = layout;
    this.#numbers = numbers;
    this.#orders = layout.order + 1;
    this.#block = program.blocks[0]!;
    for (const { block, steps } of program.segments) {
      for (const step of steps) {
        if (step.kind !== "series" && step.kind !== "mask") continue;
        this.#series.set(step, new Float64Array(layout.blocks[block.id]!.iterations * this.#orders));
      }
    }
  }

  run(t: number, fixed: FixedValues): void {
    this.#t = t;
    this.#fixed = fixed;
    for (const [series, values] of this.#series) {
      if (series.kind === "series" && series.rule.kind === "total") values.fill(0);
    }
    const last = this.#program.watches.length > 0 ? this.#layout.order : this.#layout.order - 1;
    for (this.#k = 0; this.#k <= last; this.#k++) this.#order();
  }

  #order(): void {
    const { dimension, order } = this.#layout;
    const next = this.#row(this.#k + 1);
    if (this.#k < order) this.#numbers.fill(0, next, next + dimension);
    for (const { block, steps } of this.#program.segments) {
      this.#block = block;
      const { iterations } = this.#layout.blocks[block.id]!;
      for (this.#iteration = 0; this.#iteration < iterations; this.#iteration++)
        for (const step of steps) this.#step(step);
    }
    if (this.#k < order) for (let i = 0; i < dimension; i++) this.#numbers[next + i]! /= this.#k + 1;
  }

  #row(k: number): number {
    return (this.#layout.state + k * this.#layout.rowBytes) / 8;
  }

  #place(at: Parameters<TaylorLayout["blocks"][number]["integer"]>[0]): number {
    return this.#layout.blocks[this.#block.id]!.integer(at, this.#iteration);
  }

  #step(step: Step): void {
    const k = this.#k;
    switch (step.kind) {
      case "series": {
        if (step.rule.kind === "total") return;
        this.#series.get(step)![this.#iteration * this.#orders + k] = this.#coefficient(step);
        break;
      }
      case "mask":
        if (k === 0) {
          const args = step.args.map((arg) => this.#at(arg, 0));
          this.#series.get(step)![this.#iteration * this.#orders] = numberOperation(step.op, args);
        }
        break;
      case "store":
      case "scatter":
        if (k === this.#layout.order) return;
        this.#numbers[this.#row(k + 1) + this.#place(step.at)]! += this.#at(step.value, k);
        break;
      case "accumulate": {
        const { block } = step.total;
        const at = this.#layout.blocks[this.#block.id]!.iterationOf(block, this.#iteration);
        this.#series.get(step.total)![at * this.#orders + k]! += this.#at(step.value, k);
        break;
      }
      case "watch": {
        const { watches, watchRowBytes, watchAt } = this.#layout;
        const row = (watches + k * watchRowBytes + watchAt.get(step)!) / 8;
        this.#numbers[row + this.#iteration] = this.#at(step.value, k);
      }
    }
  }

  /** Coefficient j of a node, in the iteration at hand or the one around it. */
  #at(node: Operand | Mask, j: number): number {
    if (node.kind === "fixed" && j > 0) return 0;
    const literal = literalOf(node);
    if (literal !== undefined) return literal;
    const own = this.#layout.blocks[this.#block.id]!;
    const at = own.iterationOf(node.block, this.#iteration);
    if (node.kind === "fixed") return this.#fixed.get(node)![at]!;
    return this.#series.get(node)![at * this.#orders + (node.kind === "mask" ? 0 : j)]!;
  }

  #coefficient(series: Series): number {
    const { rule, initial } = series;
    if (this.#k > 0) return this.#rule(series, rule);
    if (initial === "zero") return 0;
    if (!initial) return this.#rule(series, rule);
    return numberOperation(
      initial.op,
      initial.args.map((arg) => this.#at(arg, 0)),
    );
  }

  #sum(lo: number, hi: number, term: (j: number) => number): number {
    let total = 0;
    for (let j = lo; j <= hi; j++) total += term(j);
    return total;
  }

  #rule(series: Series, rule: Rule): number {
    const k = this.#k;
    const at = (node: Operand | Mask, j: number): number => this.#at(node, j);
    switch (rule.kind) {
      case "state":
        return this.#numbers[this.#row(k) + this.#place(rule.at)]!;
      case "output":
        return this.#numbers[this.#row(k + 1) + this.#place(rule.at)]!;
      case "time":
        return k === 0 ? this.#t : k === 1 ? 1 : 0;
      case "total":
        return at(series, k);
      case "add":
        return at(rule.a, k) + at(rule.b, k);
      case "sub":
        return at(rule.a, k) - at(rule.b, k);
      case "neg":
        return -at(rule.a, k);
      case "scale":
        return at(rule.a, k) * at(rule.by, 0);
      case "over":
        return at(rule.a, k) / at(rule.by, 0);
      case "choose":
        return at(rule.mask, 0) !== 0 ? at(rule.a, k) : at(rule.b, k);
      case "mul":
        return this.#sum(0, k, (j) => at(rule.a, j) * at(rule.b, k - j));
      case "square":
        return this.#sum(0, k, (j) => at(rule.a, j) * at(rule.a, k - j));
      case "quotient":
        return (at(rule.a, k) - this.#sum(1, k, (j) => at(rule.b, j) * at(series, k - j))) / at(rule.b, 0);
      case "root":
        if (k === 0) return Math.sqrt(at(rule.a, 0));
        return (at(rule.a, k) - this.#sum(1, k - 1, (j) => at(series, j) * at(series, k - j))) / (2 * at(series, 0));
      case "power": {
        const exponent = at(rule.exponent, 0);
        const sum = this.#sum(0, k - 1, (j) => (exponent * (k - j) - j) * at(rule.a, k - j) * at(series, j));
        return sum / (k * at(rule.a, 0));
      }
      case "chain":
        return (rule.sign * this.#sum(1, k, (j) => j * at(rule.a, j) * at(rule.g, k - j))) / k;
      case "ratio": {
        const sum = this.#sum(1, k - 1, (j) => j * at(series, j) * at(rule.g, k - j));
        return (at(rule.a, k) - sum / k) / at(rule.g, 0);
      }
    }
  }
}
