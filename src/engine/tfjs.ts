import type { Tensor } from "@tensorflow/tfjs";
import { HnncError } from "../errors.ts";
import type { DenseArray, Feeds } from "../graph/evaluate.ts";
import { type GraphNode, inputsOf } from "../graph/graph.ts";
import type { CompileOptions, Engine, Executable, LoadedEngine } from "./engine.ts";
import { batchOf, splitInputs, valueFor } from "./feeds.ts";
import { selfTest } from "./self-test.ts";
import { onBackend, startBackends, type TfjsBackend } from "./tfjs-backends.ts";
import { repeatTfjs } from "./tfjs-repeat.ts";
import { TfjsProgram } from "./tfjs-run.ts";
import { denseArray, tensorOf } from "./tfjs-tensors.ts";

/** TensorFlow.js, with the backend that is fastest for the step at hand. Its own gradients are not used. */
export const tfjs: Engine = {
  name: "tfjs",
  description: "TensorFlow.js, native where tfjs-node is built, else WebAssembly or plain JavaScript: f32",
  precisions: ["f32"],
  load: async () => {
    const working: TfjsBackend[] = [];
    let refusal: unknown;
    for (const backend of await startBackends()) {
      try {
        await selfTest(loaded([backend]), "f32");
        working.push(backend);
      } catch (error) {
        refusal = error;
      }
    }
    if (working.length > 0) return loaded(working);
    throw new HnncError({
      kind: "engine",
      code: "tfjs-missing",
      message: "no backend of TensorFlow.js works here",
      hint: "reinstall hnnc's dependencies: `npm ci`",
      cause: refusal,
    });
  },
};

/** @param backends in the order of preference where nothing is measured */
function loaded(backends: readonly TfjsBackend[]): LoadedEngine {
  const [first] = backends as [TfjsBackend];
  return {
    name: "tfjs",
    runtime: first.runtime,
    threads: first.threads,
    precisions: ["f32"],
    compile: (outputs, options) => compile(first, outputs, options),
    repeat: (step, options) => repeatTfjs(backends, step, options),
    close: async () => undefined,
  };
}

async function compile(
  backend: TfjsBackend,
  outputs: Readonly<Record<string, GraphNode>>,
  { fixed = {} }: CompileOptions,
): Promise<Executable> {
  const { tf } = backend;
  const nodes = Object.values(outputs);
  const leaves = inputsOf(nodes);
  const { staying, changing } = splitInputs(leaves, fixed);
  const program = new TfjsProgram(tf, nodes);
  const tensor = (leaf: (typeof leaves)[number], feeds: Feeds, batch: number): [GraphNode, Tensor] => [
    leaf,
    tensorOf(tf, leaf, valueFor(leaf, feeds, batch), batch),
  ];
  const kept = await onBackend(backend, () => staying.map((leaf) => tensor(leaf, fixed, batchOf(staying, fixed))));
  const run = (feeds: Feeds): Record<string, DenseArray> => {
    const batch = batchOf(leaves, { ...feeds, ...fixed });
    for (const leaf of changing) valueFor(leaf, feeds, batch);
    const results = tf.tidy(() => {
      const given = changing.map((leaf) => tensor(leaf, feeds, batch));
      return program.run(new Map([...kept, ...given]), batch).map((each) => tf.clone(each));
    });
    const arrays = results.map(denseArray);
    for (const tensor of results) tensor.dispose();
    return Object.fromEntries(Object.keys(outputs).map((name, k) => [name, arrays[k]!]));
  };
  return {
    run: (feeds) => onBackend(backend, () => run(feeds)),
    close: async () => {
      for (const [, each] of kept) each.dispose();
      program.dispose();
    },
  };
}
