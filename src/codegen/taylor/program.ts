import type { Op } from "../../expr/ops.ts";
import { type Integer, type Program, type Statement, usedBy, type Value, type ValueId } from "../program.ts";
import { noSeries } from "./networks.ts";
import { seriesRules } from "./rules.ts";
import type { Block, Fixed, Mask, Operand, Segment, Series, SeriesProgram } from "./series.ts";
import { type Leaf, SeriesSteps } from "./steps.ts";
import { writtenOut } from "./unroll.ts";

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
type Loop = Extract<Statement, { kind: "loop" }>;

/** An accumulator of a block, and what the blocks inside add to it. */
interface Total {
  readonly block: Block;
  /** Its value while all that is added stands in its own block. */
  current: Operand;
  readonly series: Series;
  readonly parts: Operand[];
}

/** Turns the statements of a program into steps, segment by segment. */
class SeriesBuilder {
  readonly #dimension: number;
  /** Accumulators whose only use is to be added to x′: their parts are added there one by one. */
  readonly #forwarded: ReadonlyMap<ValueId, Integer>;
  readonly #w = new SeriesSteps();
  readonly #nodes = new Map<ValueId, { readonly node: Node; readonly leaf: Leaf | undefined }>();
  readonly #totals = new Map<ValueId, Total>();

  constructor(dimension: number, forwardedTotals: ReadonlyMap<ValueId, Integer>) {
    this.#dimension = dimension;
    this.#forwarded = forwardedTotals;
  }

  finish(): SeriesProgram {
    const segments = this.#w.segments.filter(({ steps }) => steps.length > 0);
    const watches = [...this.#w.watches.filter(({ event }) => event), ...this.#w.watches.filter(({ event }) => !event)];
    return { blocks: this.#w.blocks, segments, fixed: this.#w.fixedNodes, watches };
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
        const block = this.#w.segment.block;
        const series = this.#w.detached({ kind: "total" });
        this.#totals.set(statement.id, { block, current: this.#w.number(statement.initial), series, parts: [] });
        break;
      }
      case "accumulate":
        this.#accumulate(statement);
        break;
      case "loop":
        this.#loop(statement);
        break;
      case "network":
        throw noSeries(undefined);
      default:
        this.#effect(statement);
    }
  }

  #effect({ kind, at, value }: Extract<Statement, { kind: "store" | "scatter" }>): void {
    if (this.#forwarded.has(value)) return;
    const operand = this.#operand(value);
    const isEvent = kind === "store" && at.offset >= this.#dimension;
    if (isEvent) this.#w.watch(operand, true);
    else this.#w.segment.steps.push({ kind, at, value: operand });
  }

  #loop({ loop, lo, hi, except, body }: Loop): void {
    const parent = this.#w.segment.block;
    const block: Block = { id: this.#w.blocks.length, parent, loop, lo, hi, except };
    this.#w.blocks.push(block);
    this.#w.open(block);
    this.statements(body);
    const after = this.#w.open(parent);
    for (const total of this.#totals.values()) {
      if (total.block === parent && total.parts.length > 0 && total.current.kind === "fixed") this.#close(total, after);
    }
  }

  /** Makes the value of a total whose parts are complete. */
  #close(total: Total, after: Segment): void {
    const before = total.current;
    if (total.parts.every((part): part is Fixed => part.kind === "fixed")) {
      for (const { steps } of this.#w.segments) {
        const kept = steps.filter((step) => step.kind !== "accumulate" || step.total !== total.series);
        steps.splice(0, steps.length, ...kept);
      }
      total.current = this.#w.newFixed({ kind: "total", parts: total.parts as Fixed[] }, total.block);
    } else {
      (total.series as { segment: Segment }).segment = after;
      after.steps.push(total.series);
      total.current = total.series;
    }
    total.current = this.#w.add(before, total.current);
  }

  #accumulate({ id, op, value }: Extract<Statement, { kind: "accumulate" }>): void {
    const operand = this.#operand(value);
    const place = this.#forwarded.get(id);
    if (place) {
      this.#w.segment.steps.push({ kind: "scatter", at: place, value: operand });
      return;
    }
    const total = this.#totals.get(id)!;
    if (total.block === this.#w.segment.block) {
      total.current = op === "add" ? this.#w.add(total.current, operand) : this.#w.mul(total.current, operand);
    } else {
      total.parts.push(operand);
      this.#w.segment.steps.push({ kind: "accumulate", total: total.series, value: operand });
    }
  }

  #let(id: ValueId, value: Value): void {
    if (value.kind === "op") this.#nodes.set(id, { node: this.#operation(value.op, value.args), leaf: undefined });
    else this.#nodes.set(id, { node: this.#w.leaf(value), leaf: value });
  }

  /** What `id` is; inputs are read anew in an inner block instead of being passed on. */
  #node(id: ValueId): Node {
    const total = this.#totals.get(id);
    if (total) return total.current;
    const { node, leaf } = this.#nodes.get(id)!;
    return leaf && node.block !== this.#w.segment.block ? this.#w.leaf(leaf) : node;
  }

  #operand(id: ValueId): Operand {
    return this.#node(id) as Operand;
  }

  #operation(op: Op, ids: readonly ValueId[]): Node {
    const args = ids.map((id) => this.#node(id));
    if (args.every((arg): arg is Fixed => arg.kind === "fixed")) return this.#w.fixed(op, args);
    const initial = { op, args: args as Operand[] };
    return seriesRules[op](this.#w, args, initial);
  }
}

/** Accumulators of loops that are read once, to be added to x′, and where. */
function forwarded(body: readonly Statement[]): ReadonlyMap<ValueId, Integer> {
  const uses = new Map<ValueId, number>();
  const found = new Map<ValueId, Integer>();
  const visit = (block: readonly Statement[], depth: number): void => {
    const own = new Set(block.flatMap((each) => (each.kind === "accumulator" && each.initial === 0 ? [each.id] : [])));
    for (const each of block) {
      if (each.kind === "loop") {
        visit(each.body, depth + 1);
        continue;
      }
      if (each.kind === "scatter" && depth > 0 && own.has(each.value)) found.set(each.value, each.at);
      // what is added in the block itself is better added up first
      if (each.kind === "accumulate" && own.has(each.id)) uses.set(each.id, 2);
      for (const id of usedBy(each)) uses.set(id, (uses.get(id) ?? 0) + 1);
    }
  };
  visit(body, 0);
  for (const id of found.keys()) if (uses.get(id) !== 1) found.delete(id);
  return found;
}
