import type { Op } from "../expr/ops.ts";
import { elementary } from "./elementary/elementary.ts";
import { numberLanes } from "./lanes-number.ts";
import type { Integer, Program, Statement, Value, ValueId } from "./program.ts";
import { type Initial, type SeriesWriter, seriesRules, wholePower } from "./taylor-rules.ts";
import {
  type Block,
  type Fixed,
  literalOf,
  type Mask,
  type Operand,
  type Rule,
  type Segment,
  type Series,
  type SeriesProgram,
  type Truth,
  type Watch,
} from "./taylor-series.ts";
import { writtenOut } from "./taylor-unroll.ts";

/**
 * The recurrences of a program that computes ẋ, and after it the values of events.
 *
 * @param dimension 2n; what the program stores from there on are events
 */
export function seriesProgram(program: Program, dimension: number): SeriesProgram {
  const statements = writtenOut(program);
  const builder = new SeriesBuilder(dimension, forwarded(statements));
  builder.statements(statements);
  return builder.finish();
}

type Node = Operand | Mask;
type Leaf = Exclude<Value, { kind: "op" }>;
type Loop = Extract<Statement, { kind: "loop" }>;

/** An accumulator of a block, and what the blocks inside add to it. */
interface Total {
  readonly block: Block;
  /** Its value while all that is added stands in its own block. */
  current: Operand;
  readonly series: Series;
  readonly parts: Operand[];
}

const nowhere: Integer = { offset: 0, terms: [], edges: [] };

/** Largest whole power of a moving base that is written as multiplications. */
const largestWhole = 2 ** 20;

class SeriesBuilder implements SeriesWriter {
  readonly #dimension: number;
  /** Accumulators whose only use is to be added to x′: their parts are added there one by one. */
  readonly #forwarded: ReadonlyMap<ValueId, Integer>;
  readonly #blocks: Block[] = [];
  readonly #segments: Segment[] = [];
  readonly #fixed: Fixed[] = [];
  readonly #watches: Watch[] = [];
  readonly #nodes = new Map<ValueId, { readonly node: Node; readonly leaf: Leaf | undefined }>();
  readonly #totals = new Map<ValueId, Total>();
  /** Equal steps of one segment, and equal leaves of one block. */
  #known = new Map<string, Node>();
  /** Series that are a power of another. */
  readonly #powers = new Map<Series, { readonly base: Series; readonly exponent: number }>();
  #segment: Segment;
  #ids = 0;

  constructor(dimension: number, forwardedTotals: ReadonlyMap<ValueId, Integer>) {
    this.#dimension = dimension;
    this.#forwarded = forwardedTotals;
    const root: Block = { id: 0, parent: undefined, loop: -1, lo: nowhere, hi: nowhere, except: [] };
    this.#blocks.push(root);
    this.#segment = this.#open(root);
  }

  finish(): SeriesProgram {
    const segments = this.#segments.filter(({ steps }) => steps.length > 0);
    const watches = [...this.#watches.filter(({ event }) => event), ...this.#watches.filter(({ event }) => !event)];
    return { blocks: this.#blocks, segments, fixed: this.#fixed, watches };
  }

  #open(block: Block): Segment {
    const segment: Segment = { block, steps: [] };
    this.#segments.push(segment);
    this.#known = new Map();
    this.#segment = segment;
    return segment;
  }

  statements(body: readonly Statement[]): void {
    for (const statement of body) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case "let":
        this.#let(statement.id, statement.value);
        break;
      case "sincos":
        this.#let(statement.sin, { kind: "op", op: "sin", args: [statement.arg] });
        this.#let(statement.cos, { kind: "op", op: "cos", args: [statement.arg] });
        break;
      case "accumulator": {
        const block = this.#segment.block;
        const series = this.#detached({ kind: "total" });
        this.#totals.set(statement.id, { block, current: this.number(statement.initial), series, parts: [] });
        break;
      }
      case "accumulate":
        this.#accumulate(statement);
        break;
      case "loop":
        this.#loop(statement);
        break;
      default:
        this.#effect(statement);
    }
  }

  #effect({ kind, at, value }: Extract<Statement, { kind: "store" | "scatter" }>): void {
    if (this.#forwarded.has(value)) return;
    const operand = this.#operand(value);
    const isEvent = kind === "store" && at.offset >= this.#dimension;
    if (isEvent) this.#watch(operand, true);
    else this.#segment.steps.push({ kind, at, value: operand });
  }

  #watch(value: Operand, event: boolean): void {
    const watch: Watch = { kind: "watch", block: this.#segment.block, value, event };
    this.#watches.push(watch);
    this.#segment.steps.push(watch);
  }

  #loop({ loop, lo, hi, except, body }: Loop): void {
    const parent = this.#segment.block;
    const block: Block = { id: this.#blocks.length, parent, loop, lo, hi, except };
    this.#blocks.push(block);
    this.#open(block);
    this.statements(body);
    const after = this.#open(parent);
    for (const total of this.#totals.values()) {
      if (total.block === parent && total.parts.length > 0 && total.current.kind === "fixed") this.#close(total, after);
    }
  }

  /** Makes the value of a total whose parts are complete. */
  #close(total: Total, after: Segment): void {
    const before = total.current;
    if (total.parts.every((part): part is Fixed => part.kind === "fixed")) {
      for (const { steps } of this.#segments) {
        const kept = steps.filter((step) => step.kind !== "accumulate" || step.total !== total.series);
        steps.splice(0, steps.length, ...kept);
      }
      total.current = this.#newFixed({ kind: "total", parts: total.parts as Fixed[] }, total.block);
    } else {
      (total.series as { segment: Segment }).segment = after;
      after.steps.push(total.series);
      total.current = total.series;
    }
    total.current = this.add(before, total.current);
  }

  #accumulate({ id, op, value }: Extract<Statement, { kind: "accumulate" }>): void {
    const operand = this.#operand(value);
    const place = this.#forwarded.get(id);
    if (place) {
      this.#segment.steps.push({ kind: "scatter", at: place, value: operand });
      return;
    }
    const total = this.#totals.get(id)!;
    if (total.block === this.#segment.block) {
      total.current = op === "add" ? this.add(total.current, operand) : this.mul(total.current, operand);
    } else {
      total.parts.push(operand);
      this.#segment.steps.push({ kind: "accumulate", total: total.series, value: operand });
    }
  }

  #let(id: ValueId, value: Value): void {
    if (value.kind === "op") this.#nodes.set(id, { node: this.#operation(value.op, value.args), leaf: undefined });
    else this.#nodes.set(id, { node: this.#leaf(value), leaf: value });
  }

  /** What `id` is; inputs are read anew in an inner block instead of being passed on. */
  #node(id: ValueId): Node {
    const total = this.#totals.get(id);
    if (total) return total.current;
    const { node, leaf } = this.#nodes.get(id)!;
    return leaf && node.block !== this.#segment.block ? this.#leaf(leaf) : node;
  }

  #operand(id: ValueId): Operand {
    return this.#node(id) as Operand;
  }

  #leaf(value: Leaf): Operand {
    const key = value.kind === "output" ? undefined : JSON.stringify(value);
    const known = key === undefined ? undefined : this.#known.get(key);
    if (known) return known as Operand;
    const moves = value.kind === "state" || value.kind === "time" || value.kind === "output";
    const made = moves ? this.#series(value) : this.#newFixed(value as Fixed["value"], this.#blockOf(value));
    if (key !== undefined) this.#known.set(key, made);
    return made;
  }

  #blockOf(value: Leaf): Block {
    const fixed = value.kind === "const" || ("at" in value && value.at.terms.length + value.at.edges.length === 0);
    return fixed ? this.#blocks[0]! : this.#segment.block;
  }

  #operation(op: Op, ids: readonly ValueId[]): Node {
    const args = ids.map((id) => this.#node(id));
    if (args.every((arg): arg is Fixed => arg.kind === "fixed")) return this.fixed(op, args);
    const initial = { op, args: args as Operand[] };
    return seriesRules[op](this, args, initial);
  }

  #newFixed(value: Fixed["value"], block: Block): Fixed {
    const made: Fixed = { kind: "fixed", id: this.#ids++, block, value };
    this.#fixed.push(made);
    return made;
  }

  #detached(rule: Rule, initial?: Initial): Series {
    return { kind: "series", id: this.#ids++, block: this.#segment.block, segment: this.#segment, rule, initial };
  }

  #series(rule: Rule, initial?: Initial): Series {
    const made = this.#detached(rule, initial);
    this.#segment.steps.push(made);
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

  // ── what the recurrences are written with ───────────────────────────────────────────────────────────────────────────

  number(value: number): Fixed {
    return this.#leaf({ kind: "const", value }) as Fixed;
  }

  fixed(op: Op, args: readonly Fixed[]): Fixed {
    const values = args.map(literalOf);
    if (values.every((value) => value !== undefined)) {
      const value = (elementary[op] as NumberRule)(numberLanes, ...(values as number[]));
      if (typeof value === "number") return this.number(value);
    }
    const block = args.reduce((deepest, arg) => (arg.block.id > deepest.id ? arg.block : deepest), this.#blocks[0]!);
    const key = `fixed ${op} ${args.map(({ id }) => id)}`;
    const known = this.#known.get(key) as Fixed | undefined;
    if (known) return known;
    const made = this.#newFixed({ kind: "op", op, args }, block);
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
    if (op === "less") this.#watch(this.sub(a, b), false);
    else if (op === "lessEqual") this.#watch(this.sub(b, a), false);
    const made = this.#mask(op, [a, b]);
    this.#known.set(key, made);
    return made;
  }

  logic(op: "and" | "or" | "not", args: readonly Truth[]): Truth {
    if (args.every((arg): arg is Fixed => arg.kind === "fixed")) return this.fixed(op, args);
    return this.#mask(op, args);
  }

  #mask(op: Op, args: readonly Node[]): Mask {
    const made: Mask = { kind: "mask", id: this.#ids++, block: this.#segment.block, op, args };
    this.#segment.steps.push(made);
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

/** Accumulators of loops that are read once, to be added to x′, and where. */
function forwarded(body: readonly Statement[]): ReadonlyMap<ValueId, Integer> {
  const uses = new Map<ValueId, number>();
  const found = new Map<ValueId, Integer>();
  const visit = (block: readonly Statement[], depth: number): void => {
    const own = new Set(block.flatMap((each) => (each.kind === "accumulator" && each.initial === 0 ? [each.id] : [])));
    for (const each of block) {
      if (each.kind === "loop") visit(each.body, depth + 1);
      else if (each.kind === "scatter" && depth > 0 && own.has(each.value)) found.set(each.value, each.at);
      // what is added in the block itself is better added up first
      if (each.kind === "accumulate" && own.has(each.id)) uses.set(each.id, 2);
      for (const id of usedBy(each)) uses.set(id, (uses.get(id) ?? 0) + 1);
    }
  };
  visit(body, 0);
  for (const id of found.keys()) if (uses.get(id) !== 1) found.delete(id);
  return found;
}

function usedBy(statement: Statement): readonly ValueId[] {
  if (statement.kind === "let") return statement.value.kind === "op" ? statement.value.args : [];
  if (statement.kind === "sincos") return [statement.arg];
  return "value" in statement ? [statement.value] : [];
}
