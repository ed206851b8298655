import { concat, gather, reshape, scatterAdd, slice, sum } from "./arrange.ts";
import { broadcast, constant, data, mul, pow } from "./build.ts";
import { rowLengths } from "./domain.ts";
import { type Block, type Extent, loopsOf } from "./extent.ts";
import type { GraphNode } from "./graph.ts";
import { blockLengths, isBatched, layoutShape } from "./lift.ts";
import { lengthAlong, shapeWith } from "./shape.ts";

/**
 * Sums or multiplies a value over the indices by which `inner` exceeds `outer`.
 *
 * @param value over `inner`, whose first bounds are those of `outer`
 * @returns the value over `outer`
 */
export function lowerReduce(op: "sum" | "prod", value: GraphNode, inner: Extent, outer: Extent): GraphNode {
  if (inner.blocks.some(({ size }) => size === 0)) return constant(value.graph, op === "sum" ? 0 : 1);
  const lengths = blockLengths(value, inner);
  const lead = isBatched(value) ? 1 : 0;
  let left = reshape(value, layoutShape(lead === 1, lengths));
  let repeats = 1;
  const gone: number[] = [];
  inner.blocks.forEach((block, k) => {
    const levels = block.bounds.filter((bound) => outer.bounds.includes(bound)).length;
    const axis = lead + k;
    if (levels === block.bounds.length) {
      left = spread(left, axis, block.size);
      return;
    }
    if (levels > 0) {
      left = byRow(op, spread(left, axis, block.size), axis, block, levels);
    } else if (lengths[k] === 1) {
      repeats *= block.size;
      gone.push(axis);
    } else {
      left = op === "sum" ? left : product(left, axis);
      gone.push(axis);
    }
  });
  // what does not depend on an index is counted as often as the index has values
  const keep = outer.blocks.length === 0;
  const whole = op === "sum" ? mul(repeats, sum(left, gone, keep)) : pow(dropAxes(left, gone), repeats);
  const kept = outer.blocks.map(({ size }) => size);
  return reshape(whole, layoutShape(lead === 1, kept));
}

function spread(value: GraphNode, axis: number, length: number): GraphNode {
  return broadcast(value, shapeWith(value.shape, axis, length));
}

function dropAxes(value: GraphNode, axes: readonly number[]): GraphNode {
  return reshape(
    value,
    value.shape.filter((_, k) => !axes.includes(k)),
  );
}

/** Reduces an axis of entries to one entry for each tuple of the block's `levels` outermost indices. */
function byRow(op: "sum" | "prod", value: GraphNode, axis: number, block: Block, levels: number): GraphNode {
  const domain = loopsOf(block.bounds);
  const { longest, shortest } = rowLengths(domain, levels);
  const { graph } = value;
  if (longest === shortest) {
    const rows = reshape(value, split(value, axis, block.size / longest, longest));
    return op === "sum" ? sum(rows, [axis + 1]) : dropAxes(product(rows, axis + 1), [axis + 1]);
  }
  const rank = { kind: "prefix", domain, levels } as const;
  const count = countRows(block, levels);
  if (op === "sum") return scatterAdd(value, data(graph, rank, [block.size], "int32"), axis, count);
  // rows of different lengths are filled up with ones
  const withOne = concat([value, constant(graph, 1, shapeWith(value.shape, axis, 1))], axis);
  const rows = data(graph, { kind: "rows", domain, levels, width: longest }, [count * longest], "int32");
  const even = reshape(gather(withOne, rows, axis), split(value, axis, count, longest));
  return dropAxes(product(even, axis + 1), [axis + 1]);
}

function split({ shape }: GraphNode, axis: number, rows: number, length: number): (number | "B")[] {
  return [...shape.slice(0, axis), rows, length, ...shape.slice(axis + 1)];
}

function countRows({ bounds }: Block, levels: number): number {
  const domain = loopsOf(bounds.slice(0, levels));
  return rowLengths(domain, 0).longest;
}

/**
 * The product along an axis, which is left with length 1, by multiplying halves: log₂ N operations whose gradient is
 * right where factors are zero, unlike the exponential of a sum of logarithms.
 */
function product(value: GraphNode, axis: number): GraphNode {
  let left = value;
  let odd: GraphNode | undefined;
  for (let length = lengthAlong(left.shape, axis); length > 1; length = lengthAlong(left.shape, axis)) {
    const half = Math.floor(length / 2);
    if (length % 2 === 1) {
      const last = slice(left, axis, length - 1, length);
      odd = odd ? mul(odd, last) : last;
    }
    left = mul(slice(left, axis, 0, half), slice(left, axis, half, 2 * half));
  }
  return odd ? mul(left, odd) : left;
}
