import type { Affine } from "../expr/affine.ts";
import { and, constant, element, indexValue, lessEqual, one, select, truth } from "../expr/build.ts";
import type { Edge, Expr, VectorSymbol } from "../expr/expr.ts";
import type { IndexRanges } from "./scope.ts";
import { OutOfRange, type Value } from "./value.ts";

/** An array of coordinates, momenta or parameters, and what lies past its ends. */
export interface ArraySymbol {
  readonly symbol: VectorSymbol;
  readonly ring: boolean;
  /** The value past either end. */
  readonly boundary: () => Expr | undefined;
}

/** The array as a value; its elements check that their indices stay inside. */
export function arrayValue(array: ArraySymbol, ranges: IndexRanges, before: readonly Affine[] = []): Value {
  const { shape } = array.symbol;
  const at = (index: Affine): Value => {
    const place = [...before, index];
    checkInside(array, index, before.length, ranges);
    return place.length < shape.length ? arrayValue(array, ranges, place) : elementOf(array, place, ranges);
  };
  return { kind: "vector", length: shape[before.length]!, at, checks: true };
}

/** Refuses an index that may leave the array where nothing lies past its ends. */
function checkInside({ symbol, ring, boundary }: ArraySymbol, index: Affine, k: number, ranges: IndexRanges): void {
  if (ring || !ranges.has(index)) return;
  const length = symbol.shape[k]!;
  const [least, most] = [ranges.extreme(index, false), ranges.extreme(index, true)];
  if (least > most || (least >= 1 && most <= length) || boundary() !== undefined) return;
  throw new OutOfRange(symbol.name, most > length ? most : least, length);
}

/** `q[at]`: exact where the index provably stays inside, wrapped on a ring, the boundary value past the ends. */
function elementOf(array: ArraySymbol, at: readonly Affine[], ranges: IndexRanges): Expr {
  const { symbol, ring } = array;
  let inside = truth;
  let leaves = false;
  at.forEach((index, k) => {
    if (!ranges.has(index)) return;
    const length = symbol.shape[k]!;
    const [least, most] = [ranges.extreme(index, false), ranges.extreme(index, true)];
    if (least > most || (least >= 1 && most <= length)) return;
    leaves = true;
    if (least < 1) inside = and(inside, lessEqual(one, indexValue(index)));
    if (most > length) inside = and(inside, lessEqual(indexValue(index), constant(length)));
  });
  const edge: Edge = !leaves ? "exact" : ring ? "ring" : "clamp";
  const read = element(symbol, at, edge);
  return edge === "clamp" ? select(inside, read, array.boundary()!) : read;
}
