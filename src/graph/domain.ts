import type { Edge } from "../expr/expr.ts";

/**
 * Index data that is described instead of listed, so that what is emitted does not grow with N: a domain is a nest of
 * loops, and the arrays made from it are filled when a module is loaded.
 */

/** An integer `offset + Σ factors[l] · (value of loop l)`, loops counted from the outermost. */
export interface Position {
  readonly offset: number;
  readonly factors: readonly number[];
}

/** One loop: lo … hi inclusive, without the values in `except`; each may depend on the loops outside. */
export interface Loop {
  readonly lo: Position;
  readonly hi: Position;
  readonly except: readonly Position[];
}

/** Nested loops, outermost first. Its entries are the value tuples in lexicographic order; `[]` has one entry. */
export type Domain = readonly Loop[];

/** A 1-based position brought into 0 … length−1 (`exact` ones are there already), times a stride. */
export interface EdgeTerm {
  readonly at: Position;
  readonly edge: Edge;
  readonly length: number;
  readonly stride: number;
}

/** A constant array. */
export type DataSource =
  /** The numbers themselves, row-major; long arrays are the same source where they are the same object. */
  | { readonly kind: "values"; readonly values: ArrayLike<number> }
  /** A number for each entry: a position plus edge terms. */
  | { readonly kind: "entries"; readonly domain: Domain; readonly at: Position; readonly edges: readonly EdgeTerm[] }
  /** For each entry, the rank of the tuple of its `levels` outermost loops among such tuples. */
  | { readonly kind: "prefix"; readonly domain: Domain; readonly levels: number }
  /** For each tuple of the `levels` outermost loops, `width` ranks of the entries inside it, filled up with the count. */
  | { readonly kind: "rows"; readonly domain: Domain; readonly levels: number; readonly width: number };

export function positionAt({ offset, factors }: Position, values: ArrayLike<number>): number {
  return factors.reduce((total, factor, l) => (factor === 0 ? total : total + factor * values[l]!), offset);
}

/** 0 … length−1 for a 1-based index under an edge rule. */
export function place(at: number, edge: Edge, length: number): number {
  if (edge === "ring") return (((at - 1) % length) + length) % length;
  return edge === "clamp" ? Math.min(Math.max(at - 1, 0), length - 1) : at - 1;
}

/** Calls `visit` with the loop values of every entry, in order; the array is reused. `false` from `visit` stops. */
export function forEachEntry(domain: Domain, visit: (values: readonly number[]) => unknown): void {
  const values: number[] = new Array(domain.length).fill(0);
  const run = (level: number): boolean => {
    const loop = domain[level];
    if (!loop) return visit(values) !== false;
    const hi = positionAt(loop.hi, values);
    const skipped = loop.except.map((at) => positionAt(at, values));
    for (let value = positionAt(loop.lo, values); value <= hi; value++) {
      values[level] = value;
      if (!skipped.includes(value) && !run(level + 1)) return false;
    }
    return true;
  };
  run(0);
}

/** How many values the loop takes, the outer ones being given. */
function countLoop(loop: Loop, values: ArrayLike<number>): number {
  const lo = positionAt(loop.lo, values);
  const hi = positionAt(loop.hi, values);
  const skipped = new Set(loop.except.map((at) => positionAt(at, values)).filter((at) => at >= lo && at <= hi));
  return Math.max(0, hi - lo + 1 - skipped.size);
}

function isFixed({ lo, hi, except }: Loop): boolean {
  return [lo, hi, ...except].every(({ factors }) => factors.every((factor) => factor === 0));
}

/**
 * The number of entries; infinite as soon as it passes `limit`. The innermost loops are counted, not walked, so this
 * costs O(N) for pairs and O(1) for independent loops.
 */
export function countEntries(domain: Domain, limit = Number.POSITIVE_INFINITY): number {
  let fixed = 1;
  let depth = domain.length;
  while (depth > 0 && isFixed(domain[depth - 1]!)) fixed *= countLoop(domain[--depth]!, []);
  if (depth === 0) return fixed > limit ? Number.POSITIVE_INFINITY : fixed;
  let total = 0;
  let walked = 0;
  forEachEntry(domain.slice(0, depth - 1), (values) => {
    total += countLoop(domain[depth - 1]!, values) * fixed;
    walked += 1;
    return total <= limit && walked <= limit;
  });
  return total > limit || walked > limit ? Number.POSITIVE_INFINITY : total;
}

/** The number of entries inside each tuple of the `levels` outermost loops: the largest and the smallest. */
export function rowLengths(domain: Domain, levels: number): { readonly longest: number; readonly shortest: number } {
  const inner = domain.slice(levels);
  if (inner.every(isFixed)) {
    const length = countEntries(inner);
    return { longest: length, shortest: length };
  }
  let longest = 0;
  let shortest = Number.POSITIVE_INFINITY;
  forEachEntry(domain.slice(0, levels), (values) => {
    const length = countEntries(inner.map((loop) => fixOuter(loop, values)));
    longest = Math.max(longest, length);
    shortest = Math.min(shortest, length);
  });
  return { longest, shortest: Math.min(shortest, longest) };
}

/** The loop with the values of the outermost loops put in, so that it may stand without them. */
function fixOuter({ lo, hi, except }: Loop, values: readonly number[]): Loop {
  const fix = (at: Position): Position => ({
    offset: positionAt({ offset: at.offset, factors: at.factors.slice(0, values.length) }, values),
    factors: at.factors.slice(values.length),
  });
  return { lo: fix(lo), hi: fix(hi), except: except.map(fix) };
}

/** The numbers of a data source, row-major. */
export function materialise(source: DataSource): ArrayLike<number> {
  switch (source.kind) {
    case "values":
      return source.values;
    case "entries":
      return entries(source);
    case "prefix":
      return prefixRanks(source.domain, source.levels);
    case "rows":
      return paddedRows(source.domain, source.levels, source.width);
  }
}

function entries({ domain, at, edges }: Extract<DataSource, { kind: "entries" }>): number[] {
  const out: number[] = [];
  forEachEntry(domain, (values) => {
    let total = positionAt(at, values);
    for (const term of edges) total += term.stride * place(positionAt(term.at, values), term.edge, term.length);
    out.push(total);
  });
  return out;
}

function prefixRanks(domain: Domain, levels: number): number[] {
  const out: number[] = [];
  let rank = 0;
  forEachEntry(domain.slice(0, levels), (outer) => {
    const count = countEntries(domain.slice(levels).map((loop) => fixOuter(loop, outer)));
    for (let k = 0; k < count; k++) out.push(rank);
    rank += 1;
  });
  return out;
}

function paddedRows(domain: Domain, levels: number, width: number): number[] {
  const ranks = prefixRanks(domain, levels);
  const out: number[] = new Array(countEntries(domain.slice(0, levels)) * width).fill(ranks.length);
  let row = -1;
  let column = 0;
  ranks.forEach((rank, entry) => {
    column = rank === row ? column + 1 : 0;
    row = rank;
    out[row * width + column] = entry;
  });
  return out;
}
