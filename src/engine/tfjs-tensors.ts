import type { Tensor } from "@tensorflow/tfjs";
import type { DenseArray } from "../graph/evaluate.ts";
import type { NodeOf } from "../graph/graph.ts";
import { dimsOf } from "./feeds.ts";
import type { Tf } from "./tfjs-operations.ts";

/** Numbers as a tensor of the type that an input has. */
export function tensorOf(tf: Tf, leaf: NodeOf<"input">, values: ArrayLike<number>, batch: number): Tensor {
  const dims = dimsOf(leaf.shape, batch);
  if (leaf.dtype === "int32") return tf.tensor(Int32Array.from(values), dims, "int32");
  return tf.tensor(Float32Array.from(values), dims, "float32");
}

/** Its numbers in double precision. */
export function denseArray(tensor: Tensor): DenseArray {
  return { shape: tensor.shape, values: Float64Array.from(tensor.dataSync()) };
}
