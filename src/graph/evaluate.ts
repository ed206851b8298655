import { meanings } from "../expr/evaluate.ts";
import { materialise } from "./domain.ts";
import { type GraphNode, type NodeOf, reach } from "./graph.ts";
import type { BinaryGraphOp, ComparisonOp, GraphOp, LogicOp, UnaryGraphOp } from "./ops.ts";
import { binaryOps, comparisonOps, logicOps, unaryOps } from "./ops.ts";
import { stackAxis } from "./scan.ts";
import { type Shape, shapeError } from "./shape.ts";

/** A dense array in double precision, row-major; truth values are 1 and 0. */
export interface DenseArray {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** What the inputs of a graph are fed with. */
export interface Feeds {
  readonly [name: string]: ArrayLike<number>;
}

interface Run {
  readonly feeds: Feeds;
  readonly batch: number;
  /** The arrays of each scan. */
  readonly scans: Map<GraphNode, readonly DenseArray[]>;
  readonly shapeOf: (shape: Shape) => number[];
}

type Kernel<K extends GraphOp> = (node: NodeOf<K>, out: DenseArray, inputs: readonly DenseArray[], run: Run) => void;

/**
 * Runs a graph in plain f64 JavaScript: the reference for every engine, written for clarity, not speed.
 *
 * @param batch the length of the axis `B`
 * @example evaluateGraph([energy], { x: [0, 1] }, 1)[0].values
 */
export function evaluateGraph(outputs: readonly GraphNode[], feeds: Feeds, batch = 1): DenseArray[] {
  const run: Run = {
    feeds,
    batch,
    scans: new Map(),
    shapeOf: (shape) => shape.map((dim) => (dim === "B" ? batch : dim)),
  };
  const known = new Map<GraphNode, DenseArray>();
  for (const node of reach(outputs)) {
    const shape = run.shapeOf(node.shape);
    const out = { shape, values: new Float64Array(countOf(shape)) };
    const inputs = node.inputs.map((x) => known.get(x)!);
    (kernels[node.op] as Kernel<"sum">)(node as NodeOf<"sum">, out, inputs, run);
    known.set(node, out);
  }
  return outputs.map((output) => known.get(output)!);
}

const mapped =
  <K extends UnaryGraphOp | BinaryGraphOp | ComparisonOp | LogicOp>(op: K): Kernel<K> =>
  (_node, out, inputs) => {
    const places = inputs.map((x) => broadcastPlaces(x.shape, out.shape));
    const [a, b] = inputs;
    for (let i = 0; i < out.values.length; i++) {
      out.values[i] = meanings[op](a!.values[places[0]!(i)]!, b ? b.values[places[1]!(i)]! : 0, 0);
    }
  };

function table<K extends UnaryGraphOp | BinaryGraphOp | ComparisonOp | LogicOp>(
  ops: readonly K[],
): { [P in K]: Kernel<P> } {
  return Object.fromEntries(ops.map((op) => [op, mapped(op)])) as unknown as { [P in K]: Kernel<P> };
}

const kernels: { readonly [K in GraphOp]: Kernel<K> } = {
  input: ({ attributes: { name } }, out, _inputs, { feeds }) => {
    const fed = Object.hasOwn(feeds, name) ? feeds[name] : undefined;
    if (fed?.length !== out.values.length) {
      throw shapeError(`input \`${name}\` needs ${out.values.length} numbers, got ${fed?.length ?? "none"}`);
    }
    out.values.set(fed);
  },
  const: ({ attributes }, out) => void out.values.fill(attributes.value),
  data: ({ attributes }, out) => void out.values.set(materialise(attributes.source)),
  ...table(unaryOps),
  ...table(binaryOps),
  ...table(comparisonOps),
  ...table(logicOps),
  finite: (_node, out, [a]) => void out.values.set(a!.values.map((x) => Number(Number.isFinite(x)))),
  where: (_node, out, inputs) => {
    const [c, a, b] = inputs.map((x) => {
      const at = broadcastPlaces(x.shape, out.shape);
      return (i: number) => x.values[at(i)]!;
    });
    for (let i = 0; i < out.values.length; i++) out.values[i] = c!(i) === 1 ? a!(i) : b!(i);
  },
  matmul: ({ attributes: { transposeA, transposeB } }, out, [a, b]) => {
    const [m, n] = out.shape.slice(-2) as [number, number];
    const k = a!.shape.at(transposeA ? -2 : -1)!;
    const lead = out.shape.slice(0, -2);
    const [atA, atB] = [a!, b!].map((x) => broadcastPlaces(x.shape.slice(0, -2), lead)) as [Place, Place];
    for (let l = 0; l < countOf(lead); l++) {
      const [fromA, fromB] = [atA(l) * m * k, atB(l) * k * n];
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let total = 0;
          for (let h = 0; h < k; h++) {
            const x = a!.values[fromA + (transposeA ? h * m + i : i * k + h)]!;
            total += x * b!.values[fromB + (transposeB ? j * k + h : h * n + j)]!;
          }
          out.values[(l * m + i) * n + j] = total;
        }
      }
    }
  },
  sum: ({ attributes: { axes } }, out, [a]) => {
    const kept = a!.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
    const at = broadcastPlaces(kept, a!.shape);
    a!.values.forEach((value, i) => {
      out.values[at(i)]! += value;
    });
  },
  broadcast: (_node, out, [a]) => {
    const at = broadcastPlaces(a!.shape, out.shape);
    for (let i = 0; i < out.values.length; i++) out.values[i] = a!.values[at(i)]!;
  },
  reshape: (_node, out, [a]) => void out.values.set(a!.values),
  transpose: ({ attributes: { order } }, out, [a]) => {
    const from = strides(a!.shape);
    const to = strides(out.shape);
    for (let i = 0; i < out.values.length; i++) {
      const place = order.reduce((sum, axis, k) => sum + (Math.floor(i / to[k]!) % out.shape[k]!) * from[axis]!, 0);
      out.values[i] = a!.values[place]!;
    }
  },
  slice: ({ attributes: { axis, start } }, out, [a]) => copyAlong(axis, a!, out, (k) => start + k, "read"),
  pad: ({ attributes: { axis, before } }, out, [a]) => copyAlong(axis, a!, out, (k) => before + k, "add"),
  concat: ({ attributes: { axis } }, out, parts) => {
    let before = 0;
    for (const part of parts) {
      const start = before;
      copyAlong(axis, part, out, (k) => start + k, "add");
      before += part.shape[axis]!;
    }
  },
  gather: ({ attributes: { axis } }, out, [a, index]) => copyAlong(axis, a!, out, (k) => index!.values[k]!, "read"),
  scatterAdd: ({ attributes: { axis } }, out, [a, index]) => copyAlong(axis, a!, out, (k) => index!.values[k]!, "add"),
  scan: (node, _out, inputs, { batch, scans }) => void scans.set(node as GraphNode, runScan(node, inputs, batch)),
  item: ({ inputs: [of], attributes: { index } }, out, _inputs, { scans }) =>
    void out.values.set(scans.get(of!)![index]!.values),
};

function runScan({ attributes }: NodeOf<"scan">, inputs: readonly DenseArray[], batch: number): DenseArray[] {
  const { body, length, reverse } = attributes;
  const { carries, sequences, constants, next, collected } = body;
  const axes = [...carries, ...collected].map(({ shape }) => stackAxis(shape));
  const stacked: DenseArray[][] = axes.map(() => new Array<DenseArray>(length));
  const entries = inputs.slice(carries.length, carries.length + sequences.length);
  const fixed = inputs.slice(carries.length + sequences.length);
  const leaves = [...carries, ...sequences, ...constants];
  let carried = inputs.slice(0, carries.length);
  for (let count = 0; count < length; count++) {
    const step = reverse ? length - 1 - count : count;
    const own = entries.map((array, k) => entryOf(array, stackAxis(sequences[k]!.shape), step));
    const values = [...carried, ...own, ...fixed].map(({ values }) => values);
    const feeds = Object.fromEntries(leaves.map(({ attributes: { name } }, k) => [name, values[k]!]));
    const results = evaluateGraph([...next, ...collected], feeds, batch);
    [...carried, ...results.slice(next.length)].forEach((array, k) => {
      stacked[k]![step] = array;
    });
    carried = results.slice(0, next.length);
  }
  return [...carried, ...stacked.map((arrays, k) => stackOf(arrays, axes[k]!))];
}

function entryOf({ shape, values }: DenseArray, axis: number, step: number): DenseArray {
  const out = { shape: shape.filter((_, k) => k !== axis), values: new Float64Array(values.length / shape[axis]!) };
  const outer = countOf(shape.slice(0, axis));
  const inner = countOf(shape.slice(axis + 1));
  for (let o = 0; o < outer; o++) {
    const from = (o * shape[axis]! + step) * inner;
    out.values.set(values.subarray(from, from + inner), o * inner);
  }
  return out;
}

function stackOf(arrays: readonly DenseArray[], axis: number): DenseArray {
  const [{ shape }] = arrays as [DenseArray];
  const out = {
    shape: [...shape.slice(0, axis), arrays.length, ...shape.slice(axis)],
    values: new Float64Array(countOf(shape) * arrays.length),
  };
  const outer = countOf(shape.slice(0, axis));
  const inner = countOf(shape.slice(axis));
  for (const [step, { values }] of arrays.entries()) {
    for (let o = 0; o < outer; o++) {
      out.values.set(values.subarray(o * inner, (o + 1) * inner), (o * arrays.length + step) * inner);
    }
  }
  return out;
}

/**
 * Copies along an axis. "read": entry k of `out` is entry map(k) of `a`; "add": entry k of `a` is added to entry
 * map(k) of `out`.
 */
function copyAlong(
  axis: number,
  a: DenseArray,
  out: DenseArray,
  map: (k: number) => number,
  mode: "read" | "add",
): void {
  const inner = countOf(out.shape.slice(axis + 1));
  const outer = countOf(out.shape.slice(0, axis));
  const [from, to] = [a.shape[axis]!, out.shape[axis]!];
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < (mode === "read" ? to : from); k++) {
      const [source, target] = mode === "read" ? [map(k), k] : [k, map(k)];
      if (source >= from || target >= to) throw shapeError(`index ${map(k)} is outside axis ${axis}`);
      for (let i = 0; i < inner; i++) {
        out.values[(o * to + target) * inner + i]! += a.values[(o * from + source) * inner + i]!;
      }
    }
  }
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

function strides(shape: readonly number[]): number[] {
  return shape.map((_, k) => countOf(shape.slice(k + 1)));
}

type Place = (i: number) => number;

/** Where entry i of a result of shape `out` reads from an input of shape `from` that broadcasts to it. */
function broadcastPlaces(from: readonly number[], out: readonly number[]): Place {
  if (countOf(from) === 1) return () => 0;
  if (countOf(from) === countOf(out)) return (i) => i;
  const lead = out.length - from.length;
  const steps = strides(from);
  const turns = strides(out);
  const axes = from.flatMap((dim, k) => (dim === 1 ? [] : [k]));
  return (i) => {
    let place = 0;
    for (const k of axes) place += (Math.floor(i / turns[lead + k]!) % out[lead + k]!) * steps[k]!;
    return place;
  };
}
