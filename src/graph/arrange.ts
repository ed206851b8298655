import { broadcast, constant, div, factorOf, mul, neg, numberOf } from "./build.ts";
import type { GraphNode } from "./graph.ts";
import {
  broadcastShapes,
  type Dim,
  lengthAlong,
  repeatedAxes,
  type Shape,
  sameShape,
  shapeError,
  shapeWith,
  showShape,
  sizeOf,
} from "./shape.ts";

/** Constructors of the operations that move, repeat or add up entries. They fold as those of `build.ts` do. */

/** The sum over axes, which are dropped, or kept with length 1. */
export function sum(x: GraphNode, axes: readonly number[], keep = false): GraphNode {
  if (axes.length === 0) return x;
  const shape = x.shape.flatMap((dim, k): Dim[] => (axes.includes(k) ? (keep ? [1] : []) : [dim]));
  if (axes.every((axis) => x.shape[axis] === 1)) return reshape(x, shape);
  const fixed = axes.every((axis) => x.shape[axis] !== "B");
  const repeats = axes.reduce((total, axis) => total * sizeOf([x.shape[axis]!]), 1);
  if (x.op === "const" && fixed) return constant(x.graph, x.attributes.value * repeats, shape);
  const folded = x.op === "broadcast" ? sumOfBroadcast(x, axes, keep) : undefined;
  if (folded) return broadcast(folded, shape);
  return (
    pullFactor(x, (y) => sum(y, axes, keep)) ??
    x.graph.node({ op: "sum", inputs: [x], attributes: { axes, keep }, shape })
  );
}

/** The mean over axes, which are dropped; samples are counted when the graph runs. */
export function mean(x: GraphNode, axes: readonly number[]): GraphNode {
  const count = axes.reduce((product, axis) => product * sizeOf([x.shape[axis]!]), 1);
  const total = mul(1 / count, sum(x, axes));
  if (!axes.some((axis) => x.shape[axis] === "B")) return total;
  return div(total, sum(constant(x.graph, 1, ["B"]), [0]));
}

/** What repeats along an axis is counted instead of summed. The result still has to be broadcast. */
function sumOfBroadcast(x: GraphNode, axes: readonly number[], keep: boolean): GraphNode | undefined {
  const from = x.inputs[0]!;
  const repeated = repeatedAxes(from.shape, x.shape).filter((axis) => axes.includes(axis));
  if (repeated.some((axis) => x.shape[axis] === "B")) return undefined;
  const count = repeated.reduce((product, axis) => product * lengthAlong(x.shape, axis), 1);
  const lead = x.shape.length - from.shape.length;
  const own = axes.filter((axis) => axis >= lead).map((axis) => axis - lead);
  return mul(count, sum(from, own, keep));
}

/** f(c·y) = c·f(y) and f(−y) = −f(y) for a linear f that makes its argument no larger. */
function pullFactor(x: GraphNode, f: (y: GraphNode) => GraphNode): GraphNode | undefined {
  if (x.op === "neg") return neg(f(x.inputs[0]!));
  const factor = factorOf(x);
  return factor && sameShape(factor.of.shape, x.shape) ? mul(factor.times, f(factor.of)) : undefined;
}

/** Sums a value of a broadcast result back to `shape`: the transpose of broadcasting. */
export function unbroadcast(x: GraphNode, shape: Shape): GraphNode {
  return reshape(sum(x, repeatedAxes(shape, x.shape)), shape);
}

/** The same entries in another shape; a batch axis stays the first. */
export function reshape(x: GraphNode, shape: Shape): GraphNode {
  if (sameShape(x.shape, shape)) return x;
  if (sizeOf(x.shape) !== sizeOf(shape) || (x.shape[0] === "B") !== (shape[0] === "B")) {
    throw shapeError(`${showShape(x.shape)} cannot be reshaped to ${showShape(shape)}`);
  }
  if (x.op === "const") return constant(x.graph, x.attributes.value, shape);
  if (x.op === "reshape") return reshape(x.inputs[0]!, shape);
  const folded = x.op === "broadcast" ? reshapeOfBroadcast(x, shape) : pullFactor(x, (y) => reshape(y, shape));
  if (folded) return folded;
  return x.graph.node({ op: "reshape", inputs: [x], attributes: { shape }, shape, dtype: x.dtype });
}

/** The broadcast moves outwards where what is repeated is one number, or where only the batch repeats it. */
function reshapeOfBroadcast(x: GraphNode, shape: Shape): GraphNode | undefined {
  const from = x.inputs[0]!;
  if (from.shape[0] !== "B" && sizeOf(from.shape) === 1) return broadcast(reshape(from, []), shape);
  const onlyBatch = x.shape[0] === "B" && sameShape(from.shape, x.shape.slice(1));
  return onlyBatch ? broadcast(reshape(from, shape.slice(1)), shape) : undefined;
}

/** Axis k of the result is axis `order[k]` of `x`; a batch axis stays the first. */
export function transpose(x: GraphNode, order: readonly number[]): GraphNode {
  if (order.every((axis, k) => axis === k)) return x;
  const shape = order.map((axis) => x.shape[axis]!);
  if (x.op === "const") return constant(x.graph, x.attributes.value, shape);
  if (x.op === "transpose") {
    const { order: before } = x.attributes;
    return transpose(
      x.inputs[0]!,
      order.map((axis) => before[axis]!),
    );
  }
  return x.graph.node({ op: "transpose", inputs: [x], attributes: { order }, shape, dtype: x.dtype });
}

/** Entries `start … end−1` along an axis. */
export function slice(x: GraphNode, axis: number, start: number, end: number): GraphNode {
  const length = lengthAlong(x.shape, axis);
  if (start < 0 || end > length || end < start) throw shapeError(`slice ${start}…${end} of length ${length}`);
  if (start === 0 && end === length) return x;
  const shape = shapeWith(x.shape, axis, end - start);
  if (x.op === "const") return constant(x.graph, x.attributes.value, shape);
  if (x.op === "slice" && x.attributes.axis === axis) {
    return slice(x.inputs[0]!, axis, x.attributes.start + start, x.attributes.start + end);
  }
  if (x.op === "concat" && x.attributes.axis === axis) {
    let before = 0;
    for (const part of x.inputs) {
      const after = before + lengthAlong(part.shape, axis);
      if (start >= before && end <= after) return slice(part, axis, start - before, end - before);
      before = after;
    }
  }
  return x.graph.node({ op: "slice", inputs: [x], attributes: { axis, start, end }, shape, dtype: x.dtype });
}

/** Zeros put before and after along an axis. */
export function pad(x: GraphNode, axis: number, before: number, after: number): GraphNode {
  if (before === 0 && after === 0) return x;
  const shape = shapeWith(x.shape, axis, lengthAlong(x.shape, axis) + before + after);
  if (numberOf(x) === 0) return constant(x.graph, 0, shape);
  return (
    pullFactor(x, (y) => pad(y, axis, before, after)) ??
    x.graph.node({ op: "pad", inputs: [x], attributes: { axis, before, after }, shape })
  );
}

/** The parts one after the other along an axis; they agree in the others. */
export function concat(parts: readonly GraphNode[], axis: number): GraphNode {
  const [first, ...others] = parts;
  if (!first) throw shapeError("concat of nothing");
  if (others.length === 0) return first;
  const length = parts.reduce((total, part) => total + lengthAlong(part.shape, axis), 0);
  const shape = shapeWith(first.shape, axis, length);
  for (const part of others) {
    if (!sameShape(shapeWith(part.shape, axis, length), shape)) {
      throw shapeError(`concat of ${showShape(first.shape)} and ${showShape(part.shape)} along ${axis}`);
    }
  }
  // c·a and c·b beside each other are c·(a beside b)
  const factors = parts.map(factorOf);
  const times = factors[0]?.times;
  if (times !== undefined && factors.every((factor, k) => factor?.times === times && isWhole(factor.of, parts[k]!))) {
    const bare = factors.map((factor) => factor!.of);
    return mul(times, concat(bare, axis));
  }
  return first.graph.node({ op: "concat", inputs: parts, attributes: { axis }, shape });
}

function isWhole(inner: GraphNode, outer: GraphNode): boolean {
  return sameShape(inner.shape, outer.shape);
}

/** x[…, index[m], …] for each m; `index` is a vector of int32. */
export function gather(x: GraphNode, index: GraphNode, axis: number): GraphNode {
  const count = expectIndex(index);
  const shape = axis === 0 && count === "B" ? ["B" as const, ...x.shape.slice(1)] : shapeWith(x.shape, axis, count);
  if (x.op === "const") return constant(x.graph, x.attributes.value, shape);
  return x.graph.node({ op: "gather", inputs: [x, index], attributes: { axis }, shape, dtype: x.dtype });
}

/** A result of `length` along the axis, in which entry n is the sum of the x[…, m, …] with index[m] = n. */
export function scatterAdd(x: GraphNode, index: GraphNode, axis: number, length: number): GraphNode {
  if (x.shape[axis] !== expectIndex(index)) throw shapeError(`scatterAdd along ${axis} of ${showShape(x.shape)}`);
  const shape = shapeWith(x.shape, axis, length);
  if (numberOf(x) === 0) return constant(x.graph, 0, shape);
  return (
    pullFactor(x, (y) => scatterAdd(y, index, axis, length)) ??
    x.graph.node({ op: "scatterAdd", inputs: [x, index], attributes: { axis, length }, shape })
  );
}

/** How `matmul` reads its arguments. */
export interface MatmulOptions {
  /** Default false. */
  readonly transposeA?: boolean;
  /** Default false. */
  readonly transposeB?: boolean;
}

/** The product over the last two axes, `[…, m, k] · […, k, n] = […, m, n]`; axes before them broadcast. */
export function matmul(a: GraphNode, b: GraphNode, options: MatmulOptions = {}): GraphNode {
  const { transposeA = false, transposeB = false } = options;
  const [m, k] = lastTwo(a.shape, transposeA);
  const [l, n] = lastTwo(b.shape, transposeB);
  if (k !== l) throw shapeError(`matmul of ${showShape(a.shape)} and ${showShape(b.shape)}`);
  const shape = [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n];
  const folded = matmulOfConstant(a, b, options, shape) ?? pullFactors(a, b, options, shape);
  if (folded) return folded;
  return a.graph.node({ op: "matmul", inputs: [a, b], attributes: { transposeA, transposeB }, shape });
}

/** Where one of them is a number everywhere, the other is summed over what they share. */
function matmulOfConstant(
  a: GraphNode,
  b: GraphNode,
  { transposeA = false, transposeB = false }: MatmulOptions,
  shape: Shape,
): GraphNode | undefined {
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left === 0 || right === 0) return constant(a.graph, 0, shape);
  if (left !== undefined) {
    const summed = sum(b, [b.shape.length - (transposeB ? 1 : 2)], true);
    return broadcast(mul(left, transposeB ? swapLast(summed) : summed), shape);
  }
  if (right === undefined) return undefined;
  const summed = sum(a, [a.shape.length - (transposeA ? 2 : 1)], true);
  return broadcast(mul(right, transposeA ? swapLast(summed) : summed), shape);
}

/** [1, n] and [n, 1] hold the same entries in the same order. */
function swapLast(x: GraphNode): GraphNode {
  const [m, n] = x.shape.slice(-2) as [Dim, Dim];
  return reshape(x, [...x.shape.slice(0, -2), n, m]);
}

/** (c·a)·b = c·(a·b), where that is no larger than a; a sum over samples is taken to be smaller than they are. */
function pullFactors(a: GraphNode, b: GraphNode, options: MatmulOptions, shape: Shape): GraphNode | undefined {
  const [left, right] = [a, b].map((x) => {
    const factor = x.op === "neg" ? { times: -1, of: x.inputs[0]! } : factorOf(x);
    const [after, before] = [shape, x.shape].map((each) => Number(each[0] === "B")) as [number, number];
    const shrinks = after < before || (after === before && sizeOf(shape) <= sizeOf(x.shape));
    return factor && sameShape(factor.of.shape, x.shape) && shrinks ? factor : undefined;
  });
  if (!left && !right) return undefined;
  return mul((left?.times ?? 1) * (right?.times ?? 1), matmul(left?.of ?? a, right?.of ?? b, options));
}

function lastTwo(shape: Shape, transposed: boolean): readonly [Dim, Dim] {
  const [rows, columns] = shape.slice(-2);
  if (rows === undefined || columns === undefined) throw shapeError(`matmul needs two axes, got ${showShape(shape)}`);
  return transposed ? [columns, rows] : [rows, columns];
}

function expectIndex(index: GraphNode): Dim {
  if (index.dtype !== "int32" || index.shape.length !== 1) throw shapeError("an index must be a vector of int32");
  return index.shape[0]!;
}
