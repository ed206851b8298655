import { HnncError } from "../errors.ts";
import type { Affine, Binder, Index } from "../expr/affine.ts";
import type { Expr } from "../expr/expr.ts";
import type { Place } from "../mechanics/equations.ts";
import type { Integer, LoopId, ValueId } from "./program.ts";

/** A value in its block. `stage` counts the loops of the block that must have run before. */
export interface Entry {
  readonly node: Expr;
  readonly id: ValueId;
  readonly stage: number;
}

export type Effect =
  | { readonly kind: "accumulate"; readonly id: ValueId; readonly op: "add" | "mul"; readonly value: ValueId }
  | { readonly kind: "store" | "scatter"; readonly at: Integer; readonly value: ValueId }
  | { readonly kind: "update"; readonly at: Integer; readonly value: ValueId; readonly other: Integer };

/** The body of a loop, or of the whole program where there is no binder. */
export interface Block {
  readonly parent: Block | undefined;
  readonly binder: Binder | undefined;
  readonly loop: LoopId;
  /** Which loops of the parent run before this one. */
  readonly stage: number;
  readonly entries: Map<Expr, Entry>;
  readonly needs: Map<Expr, number>;
  readonly loops: Map<string, Block>;
  readonly accumulators: { readonly id: ValueId; readonly initial: 0 | 1 }[];
  readonly effects: Effect[];
}

/** The outermost block, from `block` on upwards, that still binds all free indices of a node. */
export function home(node: Expr, block: Block): Block {
  let at = block;
  while (at.binder && at.parent && !node.free.includes(at.binder.index)) at = at.parent;
  return at;
}

/** The value of a node that has been computed for the block. */
export function idIn(block: Block, node: Expr): ValueId {
  return home(node, block).entries.get(node)!.id;
}

/** Whether a sum's free indices are all bound by the block and those around it. */
export function boundIn(node: Expr, block: Block): boolean {
  const bound = new Set<Index>();
  for (let at: Block | undefined = block; at; at = at.parent) if (at.binder) bound.add(at.binder.index);
  return node.free.every((index) => bound.has(index));
}

export function fixed(offset: number): Integer {
  return { offset, terms: [], edges: [] };
}

type AffineLike = Pick<Affine, "offset" | "terms">;

export function integerOf({ offset, terms }: AffineLike, block: Block | undefined): Integer {
  return { offset, terms: terms.map(({ index, factor }) => ({ loop: loopOf(index, block), factor })), edges: [] };
}

function loopOf(index: Index, block: Block | undefined): LoopId {
  for (let at = block; at; at = at.parent) if (at.binder?.index === index) return at.loop;
  throw new HnncError({
    kind: "internal",
    code: "unbound-index",
    message: `the index ${index.name} is not bound here`,
  });
}

/** The flat 0-based place of an array entry. */
export function placeOf({ offset, shape, at, edge }: Place, block: Block): Integer {
  const terms = new Map<LoopId, number>();
  const edges: Integer["edges"][number][] = [];
  let total = offset;
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const place = integerOf(at[axis]!, block);
    if (edge !== "exact" && place.terms.length > 0) {
      edges.push({ at: place, mode: edge, length: shape[axis]!, stride });
    } else {
      total += stride * (wrapped(place.offset, shape[axis]!, edge) - 1);
      for (const { loop, factor } of place.terms) terms.set(loop, (terms.get(loop) ?? 0) + stride * factor);
    }
    stride *= shape[axis]!;
  }
  return { offset: total, terms: [...terms].map(([loop, factor]) => ({ loop, factor })), edges };
}

/** A constant 1-based index brought into the array; others keep their offset. */
function wrapped(at: number, length: number, edge: Place["edge"]): number {
  if (edge === "ring") return ((((at - 1) % length) + length) % length) + 1;
  return edge === "clamp" ? Math.min(Math.max(at, 1), length) : at;
}

export function notAValue(name: string): HnncError {
  return new HnncError({
    kind: "formula",
    code: "unknown-function",
    message: `\`${name}\` has no value that a kernel could compute`,
    hint: `define it, or declare it as a parameter: \`${name} = 1\``,
  });
}
