import { createRequire } from "node:module";
import { dirname } from "node:path";
import type * as TensorFlow from "@tensorflow/tfjs";
import { findTfjsNode, loadTfjsNode } from "../../src/engine/tfjs-node.ts";

/** The API that emitted modules import. */
export type Tf = typeof TensorFlow;

export type BackendName = "cpu" | "wasm" | "tensorflow";

const require = createRequire(import.meta.url);
const registered = "hnncTestTf";

/** The backends that work on this machine: `tensorflow` is the native binding of tfjs-node, where it loads. */
export function availableBackends(): BackendName[] {
  return findTfjsNode() && nativeTf() ? ["cpu", "wasm", "tensorflow"] : ["cpu", "wasm"];
}

let native: Tf | undefined;

function nativeTf(): Tf | undefined {
  try {
    native ??= loadTfjsNode() as Tf;
  } catch {
    return undefined;
  }
  return native;
}

/** Makes a backend the current one and answers its TensorFlow.js. */
export async function useBackend(name: BackendName): Promise<Tf> {
  const tf = name === "tensorflow" ? nativeTf()! : quietly(() => require("@tensorflow/tfjs") as Tf);
  // no greeting on the console
  tf.enableProdMode();
  if (name === "wasm") {
    const wasm = require("@tensorflow/tfjs-backend-wasm") as { setWasmPaths(folder: string): void };
    const manifest = require.resolve("@tensorflow/tfjs-backend-wasm/package.json");
    wasm.setWasmPaths(`${dirname(manifest)}/wasm-out/`);
  }
  if (!(await tf.setBackend(name))) throw new Error(`the ${name} backend does not start`);
  await tf.ready();
  return tf;
}

/** The functions of an emitted module. */
export interface TfjsModule {
  readonly meta: { readonly dimension: number };
  hamiltonian(x: TensorFlow.Tensor2D, params?: object, t?: number): TensorFlow.Tensor1D;
  gradient(x: TensorFlow.Tensor2D, params?: object, t?: number): TensorFlow.Tensor2D;
  field(x: TensorFlow.Tensor2D, params?: object, t?: number): TensorFlow.Tensor2D;
}

/** Loads the text of a module that was emitted with `import: tfImport(tf)`. */
export async function loadTfjsModule(text: string, tf: Tf): Promise<TfjsModule> {
  (globalThis as Record<string, unknown>)[registered] = tf;
  return (await import(dataUrl(text))) as TfjsModule;
}

/** What a module under test imports instead of `@tensorflow/tfjs`: the instance that the test has set up. */
export function tfImport(tf: Tf): string {
  const names = Object.keys(tf).filter((name) => /^[a-zA-Z]\w*$/.test(name) && name !== "default");
  return dataUrl(`export const { ${names.join(", ")} } = globalThis.${registered};\n// ${tf.getBackend()}`);
}

function dataUrl(text: string): string {
  return `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`;
}

/** A second TensorFlow.js in one process shares the registry of kernels and says so, a line a kernel. */
function quietly<T>(load: () => T): T {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return load();
  } finally {
    console.warn = warn;
  }
}
