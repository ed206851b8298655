import { HnncError } from "../errors.ts";

/** One dimension: a length, or `"B"`, the number of samples in the batch, which is known only when the graph runs. */
export type Dim = number | "B";

/** Row-major dimensions. `"B"` may stand in the first place only. */
export type Shape = readonly Dim[];

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, k) => dim === b[k]);
}

export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** The number of entries a sample, i.e. with the batch axis left out. */
export function sizeOf(shape: Shape): number {
  return shape.reduce<number>((product, dim) => (dim === "B" ? product : product * dim), 1);
}

/** The shape of an element-wise result: dimensions agree from the right, or are 1, or are missing. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, k) => {
    const x = a[a.length - rank + k] ?? 1;
    const y = b[b.length - rank + k] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw shapeError(`${showShape(a)} and ${showShape(b)} do not broadcast`);
    return x === 1 ? y : x;
  });
}

/** The axes of `shape` along which a value of shape `from` repeats when it is broadcast to it. */
export function repeatedAxes(from: Shape, shape: Shape): number[] {
  const lead = shape.length - from.length;
  return shape.flatMap((dim, k) => ((from[k - lead] ?? 1) === 1 && dim !== 1 ? [k] : []));
}

export function shapeWith(shape: Shape, axis: number, dim: Dim): Shape {
  return shape.map((old, k) => (k === axis ? dim : old));
}

/** The length along an axis that must not be the batch. */
export function lengthAlong(shape: Shape, axis: number): number {
  const dim = shape[axis];
  if (typeof dim === "number") return dim;
  throw shapeError(`axis ${axis} of ${showShape(shape)} has no fixed length`);
}

/** A graph was built wrongly: a fault of the code that builds it, never of a formula. */
export function shapeError(message: string): HnncError {
  return new HnncError({ kind: "internal", code: "graph-shape", message });
}
