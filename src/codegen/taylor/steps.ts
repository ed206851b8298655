import type { Op } from "../../expr/ops.ts";
import { elementary } from "../elementary/elementary.ts";
import { numberLanes } from "../elementary/lanes-number.ts";
import type { Integer, Value } from "../program.ts";
import { type Initial, type SeriesWriter, wholePower } from "./rules.ts";
import {
  type Block,
  type Fixed,
  literalOf,
  type Mask,
  type Operand,
  type Rule,
  type Segment,
  type Series,
  type Truth,
  type Watch,
} from "./series.ts";

type Node = Operand | Mask;
export type Leaf = Exclude<Value, { kind: "op" }>;

const nowhere: Integer = { offset: 0, terms: [], edges: [] };

/** Largest whole power of a moving base that is written as multiplications. */
const largestWhole = 2 ** 20;

/** The steps written so far, each computed once in its segment; the vocabulary in which recurrences are written. */
export class SeriesSteps implements SeriesWriter {
  readonly blocks: Block[] = [];
  readonly segments: Segment[] = [];
  readonly fixedNodes: Fixed[] = [];
  readonly watches: Watch[] = [];
  /** The segment that is being written. */
  segment: Segment;
  /** Equal steps and leaves of the segment. */
  #known = new Map<string, Node>();
  /** Series that are a power of another. */
  readonly #powers = new Map<Series, { readonly base: Series; readonly exponent: number }>();
  #ids = 0;

  constructor() {
    const root: Block = { id: 0, parent: undefined, loop: -1, lo: nowhere, hi: nowhere, except: [] };
    this.blocks.push(root);
    this.segment = this.open(root);
  }

  open(block: Block): Segment {
    const segment: Segment = { block, steps: [] };
    this.segments.push(segment);
    this.#known = new Map();
    this.segment = segment;
    return segment;
  }

  watch(value: Operand, event: boolean): void {
    const watch: Watch = { kind: "watch", block: this.segment.block, value, event };
    this.watches.push(watch);
    this.segment.steps.push(watch);
  }

  leaf(value: Leaf): Operand {
    const key = value.kind === "output" ? undefined : JSON.stringify(value);
    const known = key === undefined ? undefined : this.#known.get(key);
    if (known) return known as Operand;
    const moves = value.kind === "state" || value.kind === "time" || value.kind === "output";
    const made = moves ? this.#series(value) : this.newFixed(value as Fixed["value"], this.#blockOf(value));
    if (key !== undefined) this.#known.set(key, made);
    return made;
  }

  #blockOf(value: Leaf): Block {
    const fixed = value.kind === "const" || ("at" in value && value.at.terms.length + value.at.edges.length === 0);
    return fixed ? this.blocks[0]! : this.segment.block;
  }

  newFixed(value: Fixed["value"], block: Block): Fixed {
    const made: Fixed = { kind: "fixed", id: this.#ids++, block, value };
    this.fixedNodes.push(made);
    return made;
  }

  detached(rule: Rule, initial?: Initial): Series {
    return { kind: "series", id: this.#ids++, block: this.segment.block, segment: this.segment, rule, initial };
  }

  #series(rule: Rule, initial?: Initial): Series {
    const made = this.detached(rule, initial);
    this.segment.steps.push(made);
    return made;
  }

  /** The step, or an equal one that the segment has. */
  #shared(rule: Rule, ids: readonly Node[], initial?: Initial): Series {
    const key = `${rule.kind} ${ids.map(({ id }) => id)} ${initialKey(initial)}`;
    const known = this.#known.get(key) as Series | undefined;
    if (known) return known;
    const made = this.#series(rule, initial);
    this.#known.set(key, made);
    return made;
  }

  number(value: number): Fixed {
    return this.leaf({ kind: "const", value }) as Fixed;
  }

  fixed(op: Op, args: readonly Fixed[]): Fixed {
    const values = args.map(literalOf);
    if (values.every((value) => value !== undefined)) {
      const value = (elementary[op] as NumberRule)(numberLanes, ...(values as number[]));
      if (typeof value === "number") return this.number(value);
    }
    const block = args.reduce((deepest, arg) => (arg.block.id > deepest.id ? arg.block : deepest), this.blocks[0]!);
    const key = `fixed ${op} ${args.map(({ id }) => id)}`;
    const known = this.#known.get(key) as Fixed | undefined;
    if (known) return known;
    const made = this.newFixed({ kind: "op", op, args }, block);
    this.#known.set(key, made);
    return made;
  }

  add(a: Operand, b: Operand): Operand {
    if (a.kind === "fixed" && b.kind === "fixed") return this.fixed("add", [a, b]);
    if (literalOf(a) === 0) return b;
    return literalOf(b) === 0 ? a : this.#shared({ kind: "add", a, b }, [a, b]);
  }

  sub(a: Operand, b: Operand): Operand {
    if (a.kind === "fixed" && b.kind === "fixed") return this.fixed("sub", [a, b]);
    if (literalOf(a) === 0) return this.neg(b);
    return literalOf(b) === 0 ? a : this.#shared({ kind: "sub", a, b }, [a, b]);
  }

  neg(a: Operand): Operand {
    return a.kind === "fixed" ? this.fixed("neg", [a]) : this.#shared({ kind: "neg", a }, [a]);
  }

  mul(a: Operand, b: Operand): Operand {
    if (a.kind === "fixed" && b.kind === "fixed") return this.fixed("mul", [a, b]);
    if (a.kind === "fixed") return this.#scale(b as Series, a);
    if (b.kind === "fixed") return this.#scale(a, b);
    if (a === b) return this.square(a);
    const power = this.#product(a, b);
    if (power && !Number.isInteger(power.exponent)) {
      const { base, exponent } = power;
      return this.#powerOf(base, this.number(exponent), exponent, { op: "mul", args: [a, b] });
    }
    const made = this.#shared({ kind: "mul", a, b }, [a, b]);
    if (power) this.#powers.set(made, power);
    return made;
  }

  #scale(a: Series, by: Fixed): Operand {
    return literalOf(by) === 1 ? a : this.#shared({ kind: "scale", a, by }, [a, by]);
  }

  /** a·b as a power of one series, where it is one. */
  #product(a: Series, b: Series): { base: Series; exponent: number } | undefined {
    const [x, y] = [this.#asPower(a), this.#asPower(b)];
    return x.base === y.base ? { base: x.base, exponent: x.exponent + y.exponent } : undefined;
  }

  #asPower(a: Series): { base: Series; exponent: number } {
    return this.#powers.get(a) ?? { base: a, exponent: 1 };
  }

  #powerOf(base: Series, exponent: Fixed, value: number | undefined, initial: Initial): Series {
    const next = this.fixed("add", [exponent, this.number(1)]);
    const made = this.#shared({ kind: "power", a: base, exponent, next }, [base, exponent], initial);
    if (value !== undefined) this.#powers.set(made, { base, exponent: value });
    return made;
  }

  square(a: Operand): Operand {
    if (a.kind === "fixed") return this.fixed("mul", [a, a]);
    const { base, exponent } = this.#asPower(a);
    const made = this.#shared({ kind: "square", a }, [a]);
    if (!this.#powers.has(made)) this.#powers.set(made, { base, exponent: 2 * exponent });
    return made;
  }

  div(a: Operand, b: Operand): Operand {
    if (a.kind === "fixed" && b.kind === "fixed") return this.fixed("div", [a, b]);
    if (b.kind === "fixed") {
      const inverse = this.fixed("div", [this.number(1), b]);
      return this.#shared({ kind: "over", a: a as Series, by: b, inverse }, [a, b]);
    }
    const power = this.#powers.get(b);
    if (a.kind === "fixed" && power && power.exponent > 1 && !Number.isInteger(power.exponent)) {
      const exponent = -power.exponent;
      // a multiple of a power has the recurrence of the power; it is none of the base itself
      return this.#powerOf(power.base, this.number(exponent), undefined, { op: "div", args: [a, b] });
    }
    return this.#shared({ kind: "quotient", a, b }, [a, b]);
  }

  root(a: Operand, initial?: Initial): Operand {
    if (a.kind === "fixed") return this.fixed("sqrt", [a]);
    const made = this.#shared({ kind: "root", a }, [a], initial);
    const { base, exponent } = this.#asPower(a);
    if (initial === undefined && !this.#powers.has(made)) this.#powers.set(made, { base, exponent: exponent / 2 });
    return made;
  }

  power(a: Operand, exponent: Fixed, initial: Initial): Operand {
    if (a.kind === "fixed") return this.fixed("pow", [a, exponent]);
    const value = literalOf(exponent);
    if (value !== undefined && Number.isInteger(value) && Math.abs(value) <= largestWhole && value !== 0) {
      const whole = wholePower(this, a, Math.abs(value));
      return value > 0 ? whole : this.div(this.number(1), whole);
    }
    return this.#powerOf(a, exponent, value, initial);
  }

  choose(mask: Truth, a: Operand, b: Operand): Operand {
    if (a === b) return a;
    return this.#shared({ kind: "choose", mask, a, b }, [mask, a, b]);
  }

  compare(op: "less" | "lessEqual" | "equal", a: Operand, b: Operand): Truth {
    if (a.kind === "fixed" && b.kind === "fixed") return this.fixed(op, [a, b]);
    const key = `${op} ${a.id} ${b.id}`;
    const known = this.#known.get(key) as Mask | undefined;
    if (known) return known;
    // that the difference is 0 decides nothing over a whole step
    if (op === "less") this.watch(this.sub(a, b), false);
    else if (op === "lessEqual") this.watch(this.sub(b, a), false);
    const made = this.#mask(op, [a, b]);
    this.#known.set(key, made);
    return made;
  }

  logic(op: "and" | "or" | "not", args: readonly Truth[]): Truth {
    if (args.every((arg): arg is Fixed => arg.kind === "fixed")) return this.fixed(op, args);
    return this.#mask(op, args);
  }

  #mask(op: Op, args: readonly Node[]): Mask {
    const made: Mask = { kind: "mask", id: this.#ids++, block: this.segment.block, op, args };
    this.segment.steps.push(made);
    return made;
  }

  chain(a: Series, initial: Initial, g: (c: Series) => Operand, sign: 1 | -1 = 1): Series {
    const key = `chain ${a.id} ${initialKey(initial)} ${initial === "zero" ? this.#ids : ""}`;
    const known = this.#known.get(key) as Series | undefined;
    if (known) return known;
    const made = this.#series({ kind: "time" }, initial);
    made.rule = { kind: "chain", a, g: g(made), sign };
    this.#known.set(key, made);
    return made;
  }

  couple(a: Series, first: Initial, second: Initial, sign: 1 | -1): readonly [Series, Series] {
    const key = `couple ${a.id} ${initialKey(first)}`;
    const known = this.#known.get(key) as Series | undefined;
    if (known) return [known, (known.rule as Extract<Rule, { kind: "chain" }>).g as Series];
    const s = this.#series({ kind: "time" }, first);
    const c = this.#series({ kind: "chain", a, g: s, sign }, second);
    s.rule = { kind: "chain", a, g: c, sign: 1 };
    this.#known.set(key, s);
    return [s, c];
  }

  ratio(a: Operand, g: Operand, initial: Initial): Operand {
    if (a.kind === "fixed") return this.number(0);
    if (g.kind === "fixed") return this.div(a, g);
    return this.#shared({ kind: "ratio", a, g }, [a, g], initial);
  }
}

type NumberRule = (lanes: typeof numberLanes, ...args: number[]) => number | boolean;

function initialKey(initial: Initial): string {
  if (initial === undefined || initial === "zero") return String(initial);
  return `${initial.op}(${initial.args.map(({ id }) => id)})`;
}
