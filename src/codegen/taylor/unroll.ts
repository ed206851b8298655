import { HnncError } from "../../errors.ts";
import type { Integer, LoopId, Program, Statement, Value, ValueId } from "../program.ts";
import { noSeries } from "./networks.ts";

type Loop = Extract<Statement, { kind: "loop" }>;

/** Loops of at most this many rounds, such as those over the components of a position, are written out. */
const mostRounds = 4;

/** Products are multiplied up one after the other: their loops are written out, whatever their length up to this. */
const mostFactors = 1024;

/** The program's statements with short loops, and those of products, written out. */
export function writtenOut(program: Program): readonly Statement[] {
  return new Unroller(program.values).block(program.body, new Map(), new Map());
}

class Unroller {
  #values: number;

  constructor(values: number) {
    this.#values = values;
  }

  block(
    body: readonly Statement[],
    known: ReadonlyMap<LoopId, number>,
    renamed: ReadonlyMap<ValueId, ValueId>,
  ): Statement[] {
    const names = new Map(renamed);
    const out: Statement[] = [];
    for (const statement of body) {
      if (statement.kind === "loop") out.push(...this.#loop(statement, known, names));
      else out.push(this.#copy(statement, known, names, known.size > 0));
    }
    return out;
  }

  #loop(loop: Loop, known: ReadonlyMap<LoopId, number>, names: ReadonlyMap<ValueId, ValueId>): Statement[] {
    const [lo, hi] = [withKnown(loop.lo, known), withKnown(loop.hi, known)];
    const except = loop.except.map((at) => withKnown(at, known));
    const rounds = fixedRounds(lo, hi, except);
    const product = holdsProduct(loop.body);
    if (product && rounds === undefined) throw tooLong();
    const short =
      !loop.body.some((each) => each.kind === "loop") && rounds !== undefined && rounds.length <= mostRounds;
    if (!short && !product) return [{ ...loop, lo, hi, except, body: this.block(loop.body, known, names) }];
    if (rounds!.length > mostFactors) throw tooLong();
    return rounds!.flatMap((index) => this.block(loop.body, new Map(known).set(loop.loop, index), names));
  }

  /** The statement with its places fixed; values that it defines get a new name where it is one of several copies. */
  #copy(
    statement: Exclude<Statement, Loop>,
    known: ReadonlyMap<LoopId, number>,
    names: Map<ValueId, ValueId>,
    fresh: boolean,
  ): Statement {
    const use = (id: ValueId): ValueId => names.get(id) ?? id;
    const define = (id: ValueId): ValueId => {
      if (fresh) names.set(id, this.#values++);
      return use(id);
    };
    switch (statement.kind) {
      case "let": {
        const value = copyValue(statement.value, known, use);
        return { ...statement, value, id: define(statement.id) };
      }
      case "sincos": {
        const arg = use(statement.arg);
        return { ...statement, arg, sin: define(statement.sin), cos: define(statement.cos) };
      }
      case "accumulator":
        return { ...statement, id: define(statement.id) };
      case "accumulate":
        return { ...statement, id: use(statement.id), value: use(statement.value) };
      case "network":
        throw noSeries(undefined);
      default:
        return { ...statement, at: withKnown(statement.at, known), value: use(statement.value) };
    }
  }
}

/** Whether values are multiplied up in these statements or in loops among them. */
function holdsProduct(body: readonly Statement[]): boolean {
  return body.some(
    (each) => (each.kind === "accumulate" && each.op === "mul") || (each.kind === "loop" && holdsProduct(each.body)),
  );
}

function copyValue(value: Value, known: ReadonlyMap<LoopId, number>, use: (id: ValueId) => ValueId): Value {
  if (value.kind === "op") return { ...value, args: value.args.map(use) };
  if (value.kind === "const" || value.kind === "time") return value;
  return { ...value, at: withKnown(value.at, known) };
}

/** The indices of a loop whose bounds are known. */
function fixedRounds(lo: Integer, hi: Integer, except: readonly Integer[]): number[] | undefined {
  if ([lo, hi, ...except].some(({ terms, edges }) => terms.length + edges.length > 0)) return undefined;
  const skipped = new Set(except.map(({ offset }) => offset));
  const indices: number[] = [];
  for (let index = lo.offset; index <= hi.offset && indices.length <= mostFactors; index++) {
    if (!skipped.has(index)) indices.push(index);
  }
  return indices;
}

/** The integer with the known indices put in; an edge that is known becomes part of the offset. */
function withKnown(at: Integer, known: ReadonlyMap<LoopId, number>): Integer {
  if (known.size === 0) return at;
  let offset = at.offset;
  const terms = at.terms.filter(({ loop, factor }) => {
    const index = known.get(loop);
    if (index !== undefined) offset += factor * index;
    return index === undefined;
  });
  const edges = at.edges.flatMap((edge) => {
    const inner = withKnown(edge.at, known);
    if (inner.terms.length + inner.edges.length > 0) return [{ ...edge, at: inner }];
    offset += edge.stride * edgeIndex(inner.offset, edge.mode, edge.length);
    return [];
  });
  return { offset, terms, edges };
}

/** A 1-based index brought into 0 … length − 1. */
export function edgeIndex(at: number, mode: "ring" | "clamp", length: number): number {
  if (mode === "clamp") return Math.min(Math.max(at - 1, 0), length - 1);
  return (((at - 1) % length) + length) % length;
}

function tooLong(): HnncError {
  return new HnncError({
    kind: "limit",
    code: "long-product",
    message: `the Taylor-series method takes products of at most ${mostFactors} factors, in number known beforehand`,
    hint: "take dop853, or write the product as the exponential of a sum of logarithms",
  });
}
