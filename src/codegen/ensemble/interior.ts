import type { Op } from "../../expr/ops.ts";
import type { EdgePlace, Integer, LoopId, Statement, Value, ValueId } from "../program.ts";
import { type Loop, mostRounds } from "./unrolling.ts";

/** Fewer rounds than this are not worth a loop of their own. */
const leastRounds = 8;
/** Longer bodies are not written three times. */
const mostStatements = 200;

/**
 * The same program with the rounds at the edges of lattices apart: where a loop's index stays inside, brought-in indices are
 * plain ones, comparisons of indices are known, and what was chosen by them needs no choice. Operations and their order
 * remain, hence the bits.
 */
export function withInterior(body: readonly Statement[]): readonly Statement[] {
  return new Splitter(body).block(body);
}

/** offset + factor·(the index of the loop in question). */
interface Line {
  readonly offset: number;
  readonly factor: number;
}

/** What is known of values within some rounds of a loop. */
interface Known {
  readonly loop: LoopId;
  readonly first: number;
  readonly last: number;
  readonly lines: Map<ValueId, Line>;
  readonly truths: Map<ValueId, boolean>;
  /** The values that others are, after all. */
  readonly same: Map<ValueId, ValueId>;
}

class Splitter {
  /** Constants of the program, which are visible everywhere. */
  readonly #constants = new Map<ValueId, Line>();

  constructor(body: readonly Statement[]) {
    for (const each of body) {
      if (each.kind !== "let" || each.value.kind !== "const") continue;
      this.#constants.set(each.id, { offset: each.value.value, factor: 0 });
    }
  }

  block(body: readonly Statement[]): readonly Statement[] {
    return body.flatMap((each) => (each.kind === "loop" ? this.#loop(each) : [each]));
  }

  #loop(statement: Loop): Statement[] {
    const inside = interiorOf(statement);
    if (!inside) return [{ ...statement, body: this.block(statement.body) }];
    const { loop, lo, hi } = statement;
    const known: Known = {
      ...inside,
      loop,
      lines: new Map(this.#constants),
      truths: new Map(),
      same: new Map(),
    };
    const rounds = (first: number, last: number, body: readonly Statement[]): Statement[] =>
      first > last ? [] : [{ ...statement, lo: whole(first), hi: whole(last), body }];
    return [
      ...rounds(lo.offset, inside.first - 1, statement.body),
      ...rounds(inside.first, inside.last, this.block(specialised(statement.body, known))),
      ...rounds(inside.last + 1, hi.offset, statement.body),
    ];
  }
}

const whole = (offset: number): Integer => ({ offset, terms: [], edges: [] });

const isNumber = ({ terms, edges }: Integer): boolean => terms.length + edges.length === 0;

/** Whether an edge is that of an array with the loop's index, moved by a constant. */
function isEdgeOf({ at: { terms, edges } }: EdgePlace, loop: LoopId): boolean {
  return edges.length === 0 && terms.length === 1 && terms[0]!.loop === loop && terms[0]!.factor === 1;
}

/** The rounds in which all indices are inside, where these are nearly all. */
function interiorOf({ loop, lo, hi, body }: Loop): { first: number; last: number } | undefined {
  if (!isNumber(lo) || !isNumber(hi)) return undefined;
  let [first, last] = [lo.offset, hi.offset];
  let found = false;
  let size = 0;
  const visit = (each: Statement): Statement => {
    size++;
    return mapped(each, visit, (at) => {
      for (const edge of at.edges) {
        if (!isEdgeOf(edge, loop)) continue;
        found = true;
        first = Math.max(first, 1 - edge.at.offset);
        last = Math.min(last, edge.length - edge.at.offset);
      }
      return at;
    });
  };
  body.forEach(visit);
  const few = first - lo.offset <= mostRounds && hi.offset - last <= mostRounds;
  return found && few && last - first >= leastRounds && size <= mostStatements ? { first, last } : undefined;
}

/** A statement with its integers, the values it reads, and the statements of its body replaced. */
function mapped(
  statement: Statement,
  inner: (each: Statement) => Statement | undefined,
  place: (at: Integer) => Integer,
  id: (id: ValueId) => ValueId = (same) => same,
): Statement {
  switch (statement.kind) {
    case "let":
      return { ...statement, value: mappedValue(statement.value, place, id) };
    case "sincos":
      return { ...statement, arg: id(statement.arg) };
    case "network":
      return { ...statement, args: statement.args.map(id) };
    case "accumulator":
      return statement;
    case "accumulate":
      return { ...statement, value: id(statement.value) };
    case "store":
    case "scatter":
      return { ...statement, at: place(statement.at), value: id(statement.value) };
    case "loop": {
      const { lo, hi, except, body } = statement;
      const inside = body.flatMap((each) => inner(each) ?? []);
      return { ...statement, lo: place(lo), hi: place(hi), except: except.map(place), body: inside };
    }
  }
}

function mappedValue(value: Value, place: (at: Integer) => Integer, id: (id: ValueId) => ValueId): Value {
  switch (value.kind) {
    case "const":
    case "time":
      return value;
    case "op":
      return { ...value, args: value.args.map(id) };
    default:
      return { ...value, at: place(value.at) };
  }
}

/** The body of a loop for the rounds in question. */
function specialised(body: readonly Statement[], known: Known): readonly Statement[] {
  const id = (value: ValueId): ValueId => known.same.get(value) ?? value;
  const place = (at: Integer): Integer => settled(at, known.loop);
  const visit = (each: Statement): Statement | undefined => {
    const now = mapped(each, visit, place, id);
    return now.kind === "let" && isChosen(now, known) ? undefined : now;
  };
  return body.flatMap((each) => visit(each) ?? []);
}

/** The integer without those edges that the loop's index does not reach. */
function settled(at: Integer, loop: LoopId): Integer {
  const inside = at.edges.filter((edge) => isEdgeOf(edge, loop));
  if (inside.length === 0) return at;
  const own = at.terms.filter((term) => term.loop === loop);
  const others = at.terms.filter((term) => term.loop !== loop);
  const factor = [...own, ...inside.map(({ stride }) => ({ factor: stride }))].reduce(
    (sum, each) => sum + each.factor,
    0,
  );
  return {
    offset: inside.reduce((sum, edge) => sum + edge.stride * (edge.at.offset - 1), at.offset),
    terms: factor === 0 ? others : [...others, { loop, factor }],
    edges: at.edges.filter((edge) => !inside.includes(edge)),
  };
}

/** Notes what is known of a value; answers whether it is a choice that is settled, and stands for another value. */
function isChosen({ id, value }: Extract<Statement, { kind: "let" }>, known: Known): boolean {
  const { lines, truths, same, loop } = known;
  if (value.kind === "const") lines.set(id, { offset: value.value, factor: 0 });
  if (value.kind === "integer" && value.at.edges.length === 0) {
    const [term, ...others] = value.at.terms;
    const factor = term?.factor ?? 0;
    if (others.length === 0 && (!term || term.loop === loop)) lines.set(id, { offset: value.at.offset, factor });
  }
  if (value.kind !== "op") return false;
  const { op, args } = value;
  const line = lineOf(
    op,
    args.map((arg) => lines.get(arg)),
  );
  if (line) lines.set(id, line);
  const truth =
    comparison(
      op,
      args.map((arg) => lines.get(arg)),
      known,
    ) ??
    logic(
      op,
      args.map((arg) => truths.get(arg)),
    );
  if (truth !== undefined) truths.set(id, truth);
  const choice = op === "select" ? truths.get(args[0]!) : undefined;
  if (choice === undefined) return false;
  same.set(id, choice ? args[1]! : args[2]!);
  return true;
}

function lineOf(op: Op, [a, b]: readonly (Line | undefined)[]): Line | undefined {
  if (op === "neg" && a) return { offset: -a.offset, factor: -a.factor };
  if (!a || !b) return undefined;
  if (op === "add") return { offset: a.offset + b.offset, factor: a.factor + b.factor };
  return op === "sub" ? { offset: a.offset - b.offset, factor: a.factor - b.factor } : undefined;
}

/** A comparison of two lines, where it comes out the same at both ends. */
function comparison(op: Op, [a, b]: readonly (Line | undefined)[], { first, last }: Known): boolean | undefined {
  if (!a || !b) return undefined;
  const ends = [first, last].map((index) => b.offset - a.offset + (b.factor - a.factor) * index) as [number, number];
  const agreed = (holds: (difference: number) => boolean) =>
    holds(ends[0]) === holds(ends[1]) ? holds(ends[0]) : undefined;
  switch (op) {
    case "less":
      return agreed((difference) => difference > 0);
    case "lessEqual":
      return agreed((difference) => difference >= 0);
    case "equal":
      if (Math.sign(ends[0]) !== Math.sign(ends[1])) return undefined;
      return ends[0] !== 0 ? false : ends[1] === 0;
    default:
      return undefined;
  }
}

function logic(op: Op, [a, b]: readonly (boolean | undefined)[]): boolean | undefined {
  if (op === "not") return a === undefined ? undefined : !a;
  if (op === "and") return a === false || b === false ? false : a && b;
  return op === "or" ? a === true || b === true || (a === false ? b : undefined) : undefined;
}
