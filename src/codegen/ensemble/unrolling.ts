import type { Op } from "../../expr/ops.ts";
import { routines } from "../elementary/elementary.ts";
import {
  type EdgePlace,
  type Integer,
  type LoopId,
  networkCalls,
  networkOperations,
  type Program,
  type Statement,
} from "../program.ts";

/** How often each operation stands in a program. */
export type Uses = ReadonlyMap<Op | "sincos", number>;

export function countUses(body: readonly Statement[], uses = new Map<Op | "sincos", number>()): Uses {
  const count = (op: Op | "sincos"): unknown => uses.set(op, (uses.get(op) ?? 0) + 1);
  for (const statement of body) {
    if (statement.kind === "loop") countUses(statement.body, uses);
    else if (statement.kind === "sincos") count("sincos");
    else if (statement.kind === "let" && statement.value.kind === "op") count(statement.value.op);
  }
  return uses;
}

export type Loop = Extract<Statement, { kind: "loop" }>;

/** Loops of at most this many rounds are written out: such as those over the components of a position. */
export const mostRounds = 4;

/** The indices of a loop that is short and whose bounds are known. */
export function fewIndices(
  { lo, hi, except, body }: Loop,
  known: ReadonlyMap<LoopId, number>,
  most: number,
): number[] | undefined {
  if (most <= mostRounds && body.some(({ kind }) => kind === "loop")) return undefined;
  const fixed = [lo, hi, ...except].map((place) => withKnown(place, known));
  if (fixed.some(({ terms, edges }) => terms.length + edges.length > 0)) return undefined;
  const [first, last, ...skipped] = fixed.map(({ offset }) => offset) as [number, number, ...number[]];
  if (last - first >= most) return undefined;
  const indices = Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => first + k);
  return indices.filter((index) => !skipped.includes(index));
}

/** Whether a program has operations that are routines. */
export function callsRoutines({ body }: Pick<Program, "body">): boolean {
  return [...countUses(body).keys()].some((op) => op === "sincos" || routines.has(op));
}

/** What a routine such as `sin` counts in operations. */
const routineOperations = 40;

/** What the call of a network counts in operations of the code around it. */
const callOperations = 10;

/** How many operations networks are in one run of a program, roughly where bounds of loops vary. */
export function networkWork(body: readonly Statement[], known: ReadonlyMap<LoopId, number> = new Map()): number {
  return body.reduce((sum, each) => {
    if (each.kind === "network") return sum + networkOperations(each);
    if (each.kind !== "loop" || networkCalls(each.body).length === 0) return sum;
    const indices = fewIndices(each, known, mostCounted) ?? [0];
    return indices.reduce((all, index) => all + networkWork(each.body, new Map(known).set(each.loop, index)), sum);
  }, 0);
}

const mostCounted = 1000;

/**
 * How many operations a program is with its loops written out; counting stops above `most`.
 */
export function writtenOutSize(
  body: readonly Statement[],
  most: number,
  known: ReadonlyMap<LoopId, number> = new Map(),
): number {
  let size = 0;
  for (const statement of body) {
    if (size > most) return size;
    if (statement.kind === "loop") {
      const indices = fewIndices(statement, known, Number.POSITIVE_INFINITY);
      if (!indices) return Number.POSITIVE_INFINITY;
      for (const index of indices) {
        size += writtenOutSize(statement.body, most - size, new Map(known).set(statement.loop, index));
        if (size > most) return size;
      }
    } else if (statement.kind === "sincos") size += routineOperations;
    else if (statement.kind === "network") size += callOperations + 2 * statement.args.length;
    else if (statement.kind !== "let") size += 1;
    else if (statement.value.kind === "op") size += routines.has(statement.value.op) ? routineOperations : 1;
  }
  return size;
}

/** The integer with the known indices put in; edges that are settled by them become part of the offset. */
export function withKnown(at: Integer, known: ReadonlyMap<LoopId, number>): Integer {
  if (known.size === 0) return at;
  let offset = at.offset;
  const terms = at.terms.filter(({ loop, factor }) => {
    const index = known.get(loop);
    if (index !== undefined) offset += factor * index;
    return index === undefined;
  });
  const edges = at.edges.flatMap((edge) => {
    const inside = { ...edge, at: withKnown(edge.at, known) };
    if (inside.at.terms.length + inside.at.edges.length > 0) return [inside];
    offset += edge.stride * settled(inside.at.offset - 1, edge);
    return [];
  });
  return { offset, terms, edges };
}

/** A 0-based index brought into 0 … length − 1. */
function settled(place: number, { mode, length }: EdgePlace): number {
  if (mode === "clamp") return Math.min(Math.max(place, 0), length - 1);
  return ((place % length) + length) % length;
}
