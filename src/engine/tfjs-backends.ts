import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { findTfjsNode, loadTfjsNode } from "./tfjs-node.ts";
import type { Tf } from "./tfjs-operations.ts";

/** A backend of TensorFlow.js that has been started. */
export interface TfjsBackend {
  readonly tf: Tf;
  readonly name: "tensorflow" | "wasm" | "cpu";
  /** With its version. */
  readonly runtime: string;
  readonly threads: number;
}

/** Starts the backends that are installed and work here: the native binding, WebAssembly, plain JavaScript. */
export async function startBackends(): Promise<TfjsBackend[]> {
  const started: TfjsBackend[] = [];
  for (const start of [startNative, startWasm, startCpu]) {
    const backend = await start().catch(() => undefined);
    if (backend) started.push(backend);
  }
  return started;
}

async function startNative(): Promise<TfjsBackend | undefined> {
  const found = findTfjsNode();
  if (!found?.native) return undefined;
  const tf = quietly(() => loadTfjsNode() as Tf);
  return started(tf, "tensorflow", `tfjs-node ${found.version}`, availableParallelism());
}

async function startWasm(): Promise<TfjsBackend | undefined> {
  const require = createRequire(import.meta.url);
  const tf = loadTfjs();
  const wasm = quietly(() => require("@tensorflow/tfjs-backend-wasm") as { setWasmPaths(folder: string): void });
  wasm.setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"))}/wasm-out/`);
  return started(tf, "wasm", `tfjs ${tf.version_core} wasm`, 1);
}

async function startCpu(): Promise<TfjsBackend | undefined> {
  const tf = loadTfjs();
  return started(tf, "cpu", `tfjs ${tf.version_core} cpu`, 1);
}

async function started(
  tf: Tf,
  name: TfjsBackend["name"],
  runtime: string,
  threads: number,
): Promise<TfjsBackend | undefined> {
  const backend = { tf, name, runtime, threads };
  return onBackend(backend, () => (tf.getBackend() === name ? backend : undefined));
}

function loadTfjs(): Tf {
  const tf = quietly(() => createRequire(import.meta.url)("@tensorflow/tfjs") as Tf);
  // no greeting on the console
  tf.enableProdMode();
  return tf;
}

/** Does something on a backend, and leaves TensorFlow.js on the one that it found. */
export async function onBackend<T>({ tf, name }: TfjsBackend, work: () => T | Promise<T>): Promise<T> {
  const before = tf.getBackend();
  if (before !== name) await tf.setBackend(name);
  try {
    return await work();
  } finally {
    if (before !== name && before) await tf.setBackend(before);
  }
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
