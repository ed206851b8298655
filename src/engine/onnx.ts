import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { writeModel } from "../codegen/onnx/program.ts";
import { HnncError } from "../errors.ts";
import { inputsOf, type Precision } from "../graph/graph.ts";
import type { Engine, Executable, LoadedEngine } from "./engine.ts";
import { batchOf, dimsOf, valueFor } from "./feeds.ts";
import { denseArray, onnxArray } from "./onnx-arrays.ts";
import { repeatOnnx } from "./onnx-repeat.ts";
import { OnnxWorker, sessionOptions } from "./onnx-worker.ts";

const precisions = ["f32", "f64"] as const satisfies readonly Precision[];

/** ONNX Runtime for Node, an optional dependency (290 MB). It cannot differentiate, and need not: graphs are explicit. */
export const onnx: Engine = {
  name: "onnx",
  description: "ONNX Runtime on the CPU, in a thread of its own: f32 and f64, many steps a call",
  precisions,
  load: async () => {
    const { file, runtime } = findOnnxRuntime();
    return loaded(await OnnxWorker.start(file), runtime);
  },
};

/** Where onnxruntime-node is; nothing of it is loaded. */
export function findOnnxRuntime(): { readonly file: string; readonly runtime: string } {
  const require = createRequire(import.meta.url);
  try {
    const { version } = require("onnxruntime-node/package.json") as { version: string };
    return { file: require.resolve("onnxruntime-node"), runtime: `onnxruntime-node ${version}` };
  } catch (cause) {
    throw new HnncError({
      kind: "engine",
      code: "onnx-missing",
      message: "`onnxruntime-node` is not installed",
      hint: "`npm install onnxruntime-node` (without network access beyond npm: add `--ignore-scripts`), or use the engine `tfjs`",
      cause,
    });
  }
}

function loaded(worker: OnnxWorker, runtime: string): LoadedEngine {
  return {
    name: "onnx",
    runtime,
    precisions,
    compile: (outputs, { precision }) => compile(worker, outputs, precision),
    repeat: (step, options) => repeatOnnx({ worker, runtime }, step, options),
    close: () => worker.close(),
  };
}

async function compile(
  worker: OnnxWorker,
  outputs: Parameters<LoadedEngine["compile"]>[0],
  precision: Precision,
): Promise<Executable> {
  const { bytes } = writeModel(outputs, { precision });
  const leaves = inputsOf(Object.values(outputs));
  const options = sessionOptions(precision, Math.min(2, availableParallelism()));
  const session = await worker.ask("create", { bytes, options });
  return {
    run: async (feeds) => {
      const batch = batchOf(leaves, feeds);
      const given = leaves.map((leaf) => [
        leaf.attributes.name,
        onnxArray(leaf, valueFor(leaf, feeds, batch), dimsOf(leaf.shape, batch), precision),
      ]);
      const answer = await worker.ask("run", { session, feeds: Object.fromEntries(given), keep: {} });
      return Object.fromEntries(Object.keys(outputs).map((name) => [name, denseArray(answer.outputs[name]!)]));
    },
    close: () => worker.ask("release", { session }),
  };
}
