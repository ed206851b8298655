import { add, mul, sigmoid, softplus } from "../graph/build.ts";
import type { GraphNode } from "../graph/graph.ts";

/**
 * How a physical constant with bounds is written as a number without: what training moves is of order one, whatever
 * the unit, and no step leaves the bounds.
 */
export interface ConstantRange {
  /** The numbers that training begins with, as many as the constant has entries. */
  readonly raw: readonly number[];
  /** Infinite where there is none. */
  readonly min: number;
  readonly max: number;
  /** The constant, of the shape of the raw numbers. */
  value(raw: GraphNode): GraphNode;
  /** The same of one number. */
  valueOf(raw: number): number;
  /** The raw number of a value; of one on a bound or outside, that of a value beside the bound. */
  rawOf(value: number): number;
  /** d value / d raw. */
  slope(raw: number): number;
}

/** Where a constant begins on a bound, it is put this fraction of the range inside: on it, nothing could move it. */
const inside = 0.01;
/** Values closer to a bound than this fraction of the range have the raw number of one at this distance. */
const closest = 1e-12;

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
  return {
    raw: values.map((value) => value / scale),
    min,
    max,
    value: (raw) => mul(scale, raw),
    valueOf: (raw) => scale * raw,
    rawOf: (value) => value / scale,
    slope: () => scale,
  };
}

/** min + (max − min)·σ(raw) */
function betweenBounds(values: readonly number[], min: number, max: number): ConstantRange {
  const width = max - min;
  const rawAt = (value: number, margin: number) => {
    const share = Math.min(Math.max((value - min) / width, margin), 1 - margin);
    return Math.log(share / (1 - share));
  };
  return {
    raw: values.map((value) => rawAt(value, inside)),
    min,
    max,
    value: (node) => add(min, mul(width, sigmoid(node))),
    valueOf: (raw) => min + width * logistic(raw),
    rawOf: (value) => rawAt(value, closest),
    slope: (raw) => width * logistic(raw) * logistic(-raw),
  };
}

/** bound ± scale·softplus(raw) */
function besideBound(values: readonly number[], bound: number, side: 1 | -1): ConstantRange {
  const scale = scaleOf(values.map((value) => side * (value - bound)));
  const rawAt = (value: number, margin: number) => {
    const distance = Math.max((side * (value - bound)) / scale, margin);
    return distance > 30 ? distance : Math.log(Math.expm1(distance));
  };
  return {
    raw: values.map((value) => rawAt(value, inside)),
    min: side === 1 ? bound : Number.NEGATIVE_INFINITY,
    max: side === 1 ? Number.POSITIVE_INFINITY : bound,
    value: (node) => add(bound, mul(side * scale, softplus(node))),
    valueOf: (raw) => bound + side * scale * (raw > 0 ? raw + Math.log1p(Math.exp(-raw)) : Math.log1p(Math.exp(raw))),
    rawOf: (value) => rawAt(value, closest),
    slope: (raw) => side * scale * logistic(raw),
  };
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** The size of the largest entry, or 1. */
function scaleOf(values: readonly number[]): number {
  return Math.max(...values.map(Math.abs)) || 1;
}
