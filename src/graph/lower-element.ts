import type { Affine } from "../expr/affine.ts";
import type { Element } from "../expr/expr.ts";
import { concat, gather, reshape, slice, transpose } from "./arrange.ts";
import { data } from "./build.ts";
import { type EdgeTerm, type Position, place } from "./domain.ts";
import { type Block, type Bound, type Extent, isSimple, loopsOf, positionOf } from "./extent.ts";
import type { GraphNode } from "./graph.ts";
import { isBatched, layoutShape } from "./lift.ts";

/**
 * The elements of an array over an extent. Each axis of the array is taken on its own where no two of them follow the
 * same block (rows of bodies, then components); otherwise by the flat place.
 *
 * @param array `[B, size]` or `[size]`, row-major
 */
export function lowerElement(array: GraphNode, node: Element, extent: Extent): GraphNode {
  const used = node.at.map((at) => extent.blocks.filter((block) => followsBlock(at, block)));
  const followed = used.flat();
  const apart = used.every((blocks) => blocks.length <= 1) && new Set(followed).size === followed.length;
  return apart ? byAxis(array, node, extent, used) : byPlace(array, node, extent);
}

function followsBlock(at: Affine, { bounds }: Block): boolean {
  return at.terms.some(({ index }) => bounds.some(({ binder }) => binder.index === index));
}

function byAxis(array: GraphNode, node: Element, extent: Extent, used: readonly (readonly Block[])[]): GraphNode {
  const lead = isBatched(array) ? 1 : 0;
  const withBatch = (shape: readonly number[]) => (lead === 1 ? (["B", ...shape] as const) : shape);
  const { shape } = node.vector;
  let taken = reshape(array, withBatch(shape));
  // fixed places come first and lose their axis, so that the elements of all indices share them
  used.forEach(([block], k) => {
    if (!block) taken = takeAlong(taken, lead + k, node, k, block);
  });
  taken = reshape(taken, withBatch(shape.filter((_, k) => used[k]!.length > 0)));
  const order: number[] = [];
  used.forEach(([block], k) => {
    if (!block) return;
    taken = takeAlong(taken, lead + order.length, node, k, block);
    order.push(extent.blocks.indexOf(block));
  });
  const axes = order.map((_, block) => lead + order.indexOf(block));
  const turned = transpose(taken, [...(lead === 1 ? [0] : []), ...axes]);
  const lengths = extent.blocks.map(({ size }) => size);
  return reshape(turned, layoutShape(lead === 1, lengths));
}

/** Takes the entries that axis `k` of the element asks for: slices where they lie in a row, else a gather. */
function takeAlong(x: GraphNode, axis: number, node: Element, k: number, block: Block | undefined): GraphNode {
  const [at, length] = [node.at[k]!, node.vector.shape[k]!];
  const runs = block ? runsOf(at, node, length, block.bounds) : [runAt(place(at.offset, node.edge, length))];
  if (runs) {
    return concat(
      runs.map(({ start, end }) => slice(x, axis, start, end)),
      axis,
    );
  }
  const { bounds, size } = block!;
  const term = { at: positionOf(at, bounds), edge: node.edge, length, stride: 1 };
  return gather(x, placeIndex(x, bounds, size, [term]), axis);
}

interface Run {
  readonly start: number;
  readonly end: number;
}

const runAt = (start: number): Run => ({ start, end: start + 1 });
const mostRuns = 4;

/** The places that an axis takes, as a few ranges; undefined where they are not that regular. */
function runsOf(at: Affine, { edge }: Element, length: number, bounds: readonly Bound[]): readonly Run[] | undefined {
  const [bound] = bounds as [Bound];
  if (bounds.length > 1 || !isSimple(bound) || at.terms[0]!.factor !== 1) return undefined;
  const last = bound.binder.hi.offset + at.offset;
  const runs: Run[] = [];
  for (let next = bound.binder.lo.offset + at.offset; next <= last; ) {
    if (runs.length === mostRuns) return undefined;
    const start = place(next, edge, length);
    const isOutside = edge === "clamp" && (next < 1 || next > length);
    const end = isOutside ? start + 1 : Math.min(length, start + last - next + 1);
    runs.push({ start, end });
    next += end - start;
  }
  return runs;
}

function byPlace(array: GraphNode, node: Element, extent: Extent): GraphNode {
  const axis = isBatched(array) ? 1 : 0;
  const terms = edgeTerms(node, extent.bounds);
  const lengths = extent.blocks.map(({ size }) => size);
  const size = lengths.reduce((product, length) => product * length, 1);
  const taken = gather(array, placeIndex(array, extent.bounds, size, terms), axis);
  return reshape(taken, layoutShape(axis === 1, lengths));
}

/** The flat row-major place of an element, a term an axis. */
export function edgeTerms(
  { at, vector, edge }: Pick<Element, "at" | "vector" | "edge">,
  bounds: readonly Bound[],
): EdgeTerm[] {
  let stride = 1;
  return at
    .map((each, k) => ({ each, k }))
    .reverse()
    .map(({ each, k }) => {
      const length = vector.shape[k]!;
      const term = { at: positionOf(each, bounds), edge, length, stride };
      stride *= length;
      return term;
    })
    .reverse();
}

/** Index data: for each entry of the bounds the sum of the terms' places. */
export function placeIndex(
  { graph }: GraphNode,
  bounds: readonly Bound[],
  size: number,
  terms: readonly EdgeTerm[],
): GraphNode {
  const { at, edges } = splitExact(terms, bounds.length);
  return data(graph, { kind: "entries", domain: loopsOf(bounds), at, edges }, [size], "int32");
}

/** Terms without an edge rule are plain positions: they go into one. */
function splitExact(terms: readonly EdgeTerm[], loops: number): { at: Position; edges: EdgeTerm[] } {
  let offset = 0;
  const factors: number[] = new Array(loops).fill(0);
  for (const { at, edge, stride } of terms) {
    if (edge !== "exact") continue;
    offset += (at.offset - 1) * stride;
    at.factors.forEach((factor, l) => {
      factors[l]! += factor * stride;
    });
  }
  return { at: { offset, factors }, edges: terms.filter(({ edge }) => edge !== "exact") };
}
