import type { Tensor } from "@tensorflow/tfjs";
import { materialise } from "../graph/domain.ts";
import { type GraphNode, type NodeOf, reach } from "../graph/graph.ts";
import type { ArrayOp } from "../graph/ops.ts";
import { stackAxis } from "../graph/scan.ts";
import { sizeOf } from "../graph/shape.ts";
import { dimsOf } from "./feeds.ts";
import { type Tf, type TfjsRun, tfjsOperations } from "./tfjs-operations.ts";

/**
 * Runs nodes by calls of TensorFlow.js. Constants are made once; every other tensor is the caller's to dispose of, by
 * calling `run` inside `tf.tidy`.
 */
export class TfjsProgram {
  readonly #tf: Tf;
  readonly #outputs: readonly GraphNode[];
  readonly #order: readonly GraphNode[];
  readonly #constants = new Map<GraphNode, Tensor>();
  /** The bodies of scans, by node. */
  readonly #bodies = new Map<GraphNode, TfjsProgram>();

  constructor(tf: Tf, outputs: readonly GraphNode[]) {
    this.#tf = tf;
    this.#outputs = outputs;
    this.#order = reach(outputs);
    for (const node of this.#order) {
      if (node.op !== "scan") continue;
      const { next, collected } = node.attributes.body;
      this.#bodies.set(node, new TfjsProgram(tf, [...next, ...collected]));
    }
  }

  run(inputs: ReadonlyMap<GraphNode, Tensor>, batch: number): Tensor[] {
    const known = new Map<GraphNode, Tensor>(inputs);
    const tuples = new Map<GraphNode, readonly Tensor[]>();
    const run: TfjsRun = { tf: this.#tf, batch, leaf: (node) => this.#constant(node as GraphNode, batch) };
    for (const node of this.#order) {
      if (known.has(node)) continue;
      const values = node.inputs.map((input) => known.get(input)!);
      if (node.op === "scan") tuples.set(node, this.#scan(node, values, batch));
      else if (node.op === "item") known.set(node, tuples.get(node.inputs[0]!)![node.attributes.index]!);
      else {
        const rule = tfjsOperations[node.op] as (node: NodeOf<ArrayOp>, values: Tensor[], run: TfjsRun) => Tensor;
        known.set(node, rule(node, values, run));
      }
    }
    return this.#outputs.map((output) => known.get(output)!);
  }

  dispose(): void {
    for (const tensor of this.#constants.values()) tensor.dispose();
    for (const body of this.#bodies.values()) body.dispose();
    this.#constants.clear();
  }

  /** A constant, kept unless its size depends on the number of samples. */
  #constant(node: GraphNode, batch: number): Tensor {
    const known = this.#constants.get(node);
    if (known) return known;
    const tf = this.#tf;
    const dims = dimsOf(node.shape, batch);
    if (node.op === "const" && node.shape[0] === "B") return tf.fill(dims, node.attributes.value);
    const values =
      node.op === "data"
        ? materialise(node.attributes.source)
        : new Array<number>(sizeOf(node.shape)).fill((node as NodeOf<"const">).attributes.value);
    const tensor =
      node.dtype === "int32"
        ? tf.tensor(Int32Array.from(values), dims, "int32")
        : tf.tensor(Float32Array.from(values), dims, "float32");
    tf.keep(tensor);
    this.#constants.set(node, tensor);
    return tensor;
  }

  #scan(node: NodeOf<"scan">, inputs: readonly Tensor[], batch: number): Tensor[] {
    const tf = this.#tf;
    const { body, length, reverse } = node.attributes;
    const { carries, sequences, constants } = body;
    const program = this.#bodies.get(node as GraphNode)!;
    const split = carries.length + sequences.length;
    const entries = sequences.map(({ shape }, k) => tf.unstack(inputs[carries.length + k]!, stackAxis(shape)));
    const stacks = [...carries, ...body.collected].map(() => new Array<Tensor>(length));
    let carried = inputs.slice(0, carries.length);
    for (let count = 0; count < length; count++) {
      const step = reverse ? length - 1 - count : count;
      const given = [...carried, ...entries.map((each) => each[step]!), ...inputs.slice(split)];
      const leaves = [...carries, ...sequences, ...constants];
      const results = program.run(new Map(leaves.map((leaf, k) => [leaf as GraphNode, given[k]!])), batch);
      [...carried, ...results.slice(carries.length)].forEach((tensor, k) => {
        stacks[k]![step] = tensor;
      });
      carried = results.slice(0, carries.length);
    }
    const shapes = [...carries, ...body.collected].map(({ shape }) => shape);
    return [...carried, ...stacks.map((tensors, k) => tf.stack(tensors, stackAxis(shapes[k]!)))];
  }
}
