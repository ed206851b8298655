import { HnncError } from "../../errors.ts";
import type { Integer } from "../program.ts";
import type { Block } from "./series.ts";
import { edgeIndex } from "./unroll.ts";

/** The coefficients of one formula take at most this. */
export const mostBytes = 2 ** 30;

export interface Iterations {
  readonly count: number;
  /** The value of the block's own index. */
  readonly indices: readonly number[];
  /** The iteration of the parent block. */
  readonly parents: readonly number[];
}

const listed = new WeakMap<Block, Iterations>();

/** All values of a block's indices, the innermost changing fastest. */
export function iterations(block: Block, blocks: readonly Block[], recordBytes: number): Iterations {
  if (!block.parent) return { count: 1, indices: [0], parents: [0] };
  const outer = listed.get(block.parent) ?? iterations(block.parent, blocks, 0);
  const indices: number[] = [];
  const parents: number[] = [];
  for (let i = 0; i < outer.count; i++) {
    const value = (at: Integer): number => integerValue(at, (loop) => indexIn(block.parent!, loop, i));
    const [lo, hi] = [value(block.lo), value(block.hi)];
    const skipped = block.except.map(value);
    for (let index = lo; index <= hi; index++) {
      if (skipped.includes(index)) continue;
      indices.push(index);
      parents.push(i);
    }
    if ((indices.length * recordBytes) / 2 > mostBytes) throw tooLarge((indices.length * recordBytes) / 2);
  }
  const made = { count: indices.length, indices, parents };
  listed.set(block, made);
  return made;
}

function indexIn(block: Block, loop: number, iteration: number): number {
  let [at, i] = [block, iteration];
  for (; at.loop !== loop; at = at.parent!) i = listed.get(at)!.parents[i]!;
  return listed.get(at)!.indices[i]!;
}

export function integerValue({ offset, terms, edges }: Integer, indexOf: (loop: number) => number): number {
  let total = offset;
  for (const { loop, factor } of terms) total += factor * indexOf(loop);
  for (const { at, mode, length, stride } of edges) {
    total += stride * edgeIndex(integerValue(at, indexOf), mode, length);
  }
  return total;
}

export function tooLarge(bytes: number): HnncError {
  return new HnncError({
    kind: "limit",
    code: "taylor-memory",
    message: `the coefficients of this formula's sums take more than ${Math.floor(bytes / 2 ** 20)} MB; the limit is ${mostBytes / 2 ** 20} MB`,
    hint: "take dop853 for sums of so many terms",
  });
}
