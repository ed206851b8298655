import type { Worker } from "node:worker_threads";
import { HnncError } from "../errors.ts";
import type { Precision } from "../graph/graph.ts";

/** An array on its way to or from the worker. */
export interface OnnxArray {
  readonly type: "float32" | "float64" | "int32" | "int64" | "bool";
  readonly dims: readonly number[];
  readonly data: ArrayLike<number> | BigInt64Array;
}

/** What the worker does. Arrays may be kept there, under names. */
interface Actions {
  /** Makes a session of a model; answers its number. */
  create: { readonly request: { readonly bytes: Uint8Array; readonly options: object }; readonly answer: number };
  release: { readonly request: { readonly session: number }; readonly answer: undefined };
  /** Keeps an array under a name. */
  put: { readonly request: { readonly name: string; readonly array: OnnxArray }; readonly answer: undefined };
  get: { readonly request: { readonly name: string }; readonly answer: OnnxArray };
  /** Forgets what is kept under names that begin so. */
  drop: { readonly request: { readonly prefix: string }; readonly answer: undefined };
  run: { readonly request: OnnxRun; readonly answer: OnnxAnswer };
}

/** A call of a session. */
export interface OnnxRun {
  readonly session: number;
  /** An array, or the name of one that is kept, for each input. */
  readonly feeds: Readonly<Record<string, OnnxArray | string>>;
  /** The outputs that are kept instead of being answered, and under which names. */
  readonly keep: Readonly<Record<string, string>>;
}

export interface OnnxAnswer {
  readonly outputs: Readonly<Record<string, OnnxArray>>;
  /** Milliseconds. */
  readonly time: number;
}

/**
 * The worker's script. ONNX Runtime computes on the thread that asks for it, so it is asked from a thread of its own.
 * `workerData` is the file of onnxruntime-node.
 */
const script = `"use strict";
const { parentPort, workerData } = require("node:worker_threads");
const { InferenceSession, Tensor } = require(workerData);
const sessions = new Map();
const kept = new Map();
let count = 0;
const plain = ({ type, dims, data }) => ({ type, dims, data });
const tensor = (given) => (typeof given === "string" ? kept.get(given) : new Tensor(given.type, given.data, given.dims));
const actions = {
  async create({ bytes, options }) {
    sessions.set(++count, await InferenceSession.create(bytes, options));
    return count;
  },
  async release({ session }) {
    await sessions.get(session)?.release();
    sessions.delete(session);
  },
  put: ({ name, array }) => void kept.set(name, tensor(array)),
  get: ({ name }) => plain(kept.get(name)),
  drop({ prefix }) {
    for (const name of [...kept.keys()]) if (name.startsWith(prefix)) kept.delete(name);
  },
  async run({ session, feeds, keep }) {
    const given = Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, tensor(value)]));
    const start = performance.now();
    const results = await sessions.get(session).run(given);
    const time = performance.now() - start;
    const outputs = {};
    for (const [name, result] of Object.entries(results)) {
      if (keep[name] === undefined) outputs[name] = plain(result);
      else kept.set(keep[name], result);
    }
    return { outputs, time };
  },
};
let last = Promise.resolve();
parentPort.on("message", ({ id, action, request }) => {
  last = last.then(async () => {
    try {
      parentPort.postMessage({ id, answer: await actions[action](request) });
    } catch (error) {
      parentPort.postMessage({ id, error: String(error?.message ?? error) });
    }
  });
});
`;

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** A thread with ONNX Runtime. It does not keep the process alive unless something is asked of it. */
export class OnnxWorker {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #count = 0;
  #broken: HnncError | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.unref();
    worker.on("message", ({ id, answer, error }: { id: number; answer: never; error?: string }) => {
      const pending = this.#pending.get(id);
      this.#pending.delete(id);
      if (this.#pending.size === 0) worker.unref();
      if (error === undefined) pending?.resolve(answer);
      else pending?.reject(failure(error));
    });
    worker.on("error", (error) => this.#fail(String(error)));
    worker.on("exit", () => this.#fail("it has ended"));
  }

  /** @param file of onnxruntime-node */
  static async start(file: string): Promise<OnnxWorker> {
    const { Worker } = await import("node:worker_threads");
    return new OnnxWorker(new Worker(script, { eval: true, execArgv: [], workerData: file }));
  }

  ask<K extends keyof Actions>(action: K, request: Actions[K]["request"]): Promise<Actions[K]["answer"]> {
    if (this.#broken) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      this.#count += 1;
      this.#pending.set(this.#count, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ id: this.#count, action, request });
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(reason: string): void {
    this.#broken ??= failure(`the thread of ONNX Runtime failed: ${reason}`);
    for (const { reject } of this.#pending.values()) reject(this.#broken);
    this.#pending.clear();
  }
}

function failure(message: string): HnncError {
  return new HnncError({ kind: "engine", code: "onnx-failed", message: message.split("\n", 1)[0]! });
}

/**
 * How sessions are made.
 *
 * @param spin whether threads that wait for the next operation spin meanwhile. That is faster by a quarter where the
 *   processors are free, and slower by half beside other work.
 */
export function sessionOptions(precision: Precision, threads: number, spin = false): object {
  return {
    executionMode: "sequential",
    // in f64, further rewriting puts factors into attributes, which are f32
    graphOptimizationLevel: precision === "f64" ? "basic" : "all",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // never between calls
    extra: { session: { intra_op: { allow_spinning: spin ? "1" : "0" }, force_spinning_stop: "1" } },
  };
}
