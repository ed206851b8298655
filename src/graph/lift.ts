import { gather, reshape } from "./arrange.ts";
import { data } from "./build.ts";
import type { Position } from "./domain.ts";
import { type Block, type Bound, type Extent, isSimple, loopsOf } from "./extent.ts";
import type { GraphNode } from "./graph.ts";
import type { Dim, Shape } from "./shape.ts";

/**
 * How values over an extent are laid out: `[B, …blocks]`, or `[B, 1]` where there is no block; without the batch
 * axis where the value is the same for all samples (`[]` for a number). A value of shape `[]` serves for any extent.
 */
export function layoutShape(isBatched: boolean, lengths: readonly number[]): Shape {
  if (!isBatched) return lengths;
  return ["B", ...(lengths.length === 0 ? [1] : lengths)];
}

export function isBatched(value: GraphNode): boolean {
  return value.shape[0] === "B";
}

/** A value that is known over a smaller extent, arranged so that it broadcasts over a larger one. */
export function lift(value: GraphNode, from: Extent, to: Extent): GraphNode {
  if (from === to || value.shape.length === 0) return value;
  const parts = to.blocks.map((block) => from.blocks.filter(({ bounds }) => block.bounds.includes(bounds[0]!)));
  const lengths = parts.map((blocks) => blocks.reduce((product, { size }) => product * size, 1));
  const batched = isBatched(value);
  let lifted = reshape(value, layoutShape(batched, lengths));
  to.blocks.forEach((block, k) => {
    const inside = parts[k]!;
    if (inside.length === 0 || (inside.length === 1 && inside[0]!.key === block.key)) return;
    const bounds = inside.flatMap((part) => part.bounds);
    lifted = gather(lifted, rankIndex(value, block, bounds), k + (batched ? 1 : 0));
  });
  return lifted;
}

/** For each entry of a block the rank of the values of some of its indices: the first ones, or a simple one. */
function rankIndex({ graph }: GraphNode, block: Block, bounds: readonly Bound[]): GraphNode {
  const domain = loopsOf(block.bounds);
  const isPrefix = bounds.every((bound, k) => bound === block.bounds[k]);
  if (isPrefix) return data(graph, { kind: "prefix", domain, levels: bounds.length }, [block.size], "int32");
  const [bound] = bounds as [Bound];
  if (bounds.length > 1 || !isSimple(bound)) throw new RangeError("an index of a block cannot be ranked on its own");
  const factors = block.bounds.map((each) => (each === bound ? 1 : 0));
  const at: Position = { offset: -bound.binder.lo.offset, factors };
  return data(graph, { kind: "entries", domain, at, edges: [] }, [block.size], "int32");
}

/** The lengths of the blocks' axes of a value over an extent (1 where it only broadcasts). */
export function blockLengths(value: GraphNode, { blocks }: Extent): number[] {
  const lead = value.shape.length - blocks.length;
  return blocks.map((_, k): number => {
    const dim: Dim = value.shape[lead + k] ?? 1;
    return dim === "B" ? 1 : dim;
  });
}
