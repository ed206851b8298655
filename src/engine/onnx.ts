import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { writeModel } from "../codegen/onnx/program.ts";
import { HnncError } from "../errors.ts";
import type { Feeds } from "../graph/evaluate.ts";
import { inputsOf, type Precision } from "../graph/graph.ts";
import type { CompileOptions, Engine, Executable, LoadedEngine } from "./engine.ts";
import { batchOf, dimsOf, splitInputs, valueFor } from "./feeds.ts";
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
    threads,
    precisions,
    compile: (outputs, options) => compile(worker, outputs, options),
    repeat: (step, options) => repeatOnnx({ worker, runtime }, step, options),
    close: () => worker.close(),
  };
}

const threads = Math.min(2, availableParallelism());

let executables = 0;

async function compile(
  worker: OnnxWorker,
  outputs: Parameters<LoadedEngine["compile"]>[0],
  { precision, fixed = {} }: CompileOptions,
): Promise<Executable> {
  const { bytes } = writeModel(outputs, { precision });
  const leaves = inputsOf(Object.values(outputs));
  const { staying, changing } = splitInputs(leaves, fixed);
  const session = await worker.ask("create", {
    bytes,
    options: sessionOptions(precision, threads),
  });
  executables += 1;
  const prefix = `executable ${executables}/`;
  const array = (leaf: (typeof leaves)[number], feeds: Feeds, batch: number) =>
    onnxArray(leaf, valueFor(leaf, feeds, batch), dimsOf(leaf.shape, batch), precision);
  for (const leaf of staying) {
    const name = prefix + leaf.attributes.name;
    await worker.ask("put", { name, array: array(leaf, fixed, batchOf(staying, fixed)) });
  }
  const kept = staying.map(({ attributes: { name } }) => [name, prefix + name]);
  return {
    run: async (feeds) => {
      const batch = batchOf(leaves, { ...feeds, ...fixed });
      const given = changing.map((leaf) => [leaf.attributes.name, array(leaf, feeds, batch)]);
      const answer = await worker.ask("run", { session, feeds: Object.fromEntries([...kept, ...given]), keep: {} });
      return Object.fromEntries(Object.keys(outputs).map((name) => [name, denseArray(answer.outputs[name]!)]));
    },
    close: async () => {
      await worker.ask("drop", { prefix });
      await worker.ask("release", { session });
    },
  };
}
