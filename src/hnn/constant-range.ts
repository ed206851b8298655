import { add, mul, sigmoid, softplus } from "../graph/build.ts";
import type { GraphNode } from "../graph/graph.ts";

/**
 * How a physical constant with bounds is written as a number without: what training moves is of order one, whatever
 * the unit, and no step leaves the bounds.
 */
export interface ConstantRange {
  /** The numbers that training begins with, as many as the constant has entries. */
  readonly raw: readonly number[];
  /** The constant, of the shape of the raw numbers. */
  value(raw: GraphNode): GraphNode;
}

/** Where a constant begins on a bound, it is put this fraction of the range inside: on it, nothing could move it. */
const inside = 0.01;

/**
 * @param values what the constant is at first
 * @param bounds infinite where there is none
 * @example
 * constantRange([1e-3], { min: 0, max: Infinity }).raw; // [0.54]: 1e-3 = 1e-3·softplus(0.54)
 */
export function constantRange(
  values: readonly number[],
  { min, max }: { readonly min: number; readonly max: number },
): ConstantRange {
  if (Number.isFinite(min) && Number.isFinite(max)) return betweenBounds(values, min, max);
  if (Number.isFinite(min)) return besideBound(values, min, 1);
  if (Number.isFinite(max)) return besideBound(values, max, -1);
  const scale = scaleOf(values);
  return { raw: values.map((value) => value / scale), value: (raw) => mul(scale, raw) };
}

/** min + (max − min)·σ(raw) */
function betweenBounds(values: readonly number[], min: number, max: number): ConstantRange {
  const width = max - min;
  const raw = values.map((value) => {
    const share = Math.min(Math.max((value - min) / width, inside), 1 - inside);
    return Math.log(share / (1 - share));
  });
  return { raw, value: (node) => add(min, mul(width, sigmoid(node))) };
}

/** bound ± scale·softplus(raw) */
function besideBound(values: readonly number[], bound: number, side: 1 | -1): ConstantRange {
  const distances = values.map((value) => side * (value - bound));
  const scale = scaleOf(distances);
  const raw = distances.map((distance) => Math.log(Math.expm1(Math.max(distance / scale, inside))));
  return { raw, value: (node) => add(bound, mul(side * scale, softplus(node))) };
}

/** The size of the largest entry, or 1. */
function scaleOf(values: readonly number[]): number {
  return Math.max(...values.map(Math.abs)) || 1;
}
