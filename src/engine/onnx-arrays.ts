import type { DenseArray } from "../graph/evaluate.ts";
import type { GraphNode, Precision } from "../graph/graph.ts";
import type { OnnxArray } from "./onnx-worker.ts";

/** Numbers as an array of the type that an input has. */
export function onnxArray(
  { dtype }: GraphNode,
  values: ArrayLike<number>,
  dims: readonly number[],
  precision: Precision,
): OnnxArray {
  if (dtype === "int32") return { type: "int32", dims, data: Int32Array.from(values) };
  if (dtype === "bool") return { type: "bool", dims, data: Uint8Array.from(values) };
  if (precision === "f64") return { type: "float64", dims, data: Float64Array.from(values) };
  return { type: "float32", dims, data: Float32Array.from(values) };
}

/** A whole number, as counts are. */
export function onnxCount(value: number): OnnxArray {
  return { type: "int64", dims: [], data: BigInt64Array.of(BigInt(value)) };
}

/** An answered array in double precision. */
export function denseArray({ dims, data }: OnnxArray): DenseArray {
  if (data instanceof Float64Array) return { shape: dims, values: data };
  return { shape: dims, values: data instanceof Float32Array ? new Float64Array(data) : numbersOf(data) };
}

function numbersOf(data: OnnxArray["data"]): Float64Array {
  return Float64Array.from(data as ArrayLike<number>, Number);
}
