import { HnncError } from "../errors.ts";
import type { Crew, Job } from "./job.ts";
import { workerText } from "./worker-text.ts";

/** A thread that answers one message after the other. */
interface Thread {
  ask(message: unknown): Promise<unknown>;
  /** Whether it keeps the process alive: only while it works. */
  hold(held: boolean): void;
  end(): void;
}

/** Threads that share one memory; idle ones do not keep a process alive. */
export interface Pool extends Crew {
  load(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<void>;
  close(): void;
}

/** Whether memory can be shared: in browsers only on pages that are isolated (COOP, COEP). */
export function canShare(): boolean {
  if (typeof SharedArrayBuffer !== "function") return false;
  return typeof crossOriginIsolated !== "boolean" || crossOriginIsolated || isNode();
}

const isNode = (): boolean => typeof process === "object" && process.versions?.node !== undefined;

/** How many threads the machine has for us. */
export async function availableThreads(): Promise<number> {
  if (!isNode()) return navigator.hardwareConcurrency || 1;
  const { availableParallelism } = await import("node:os");
  return availableParallelism();
}

export async function startPool(threads: number): Promise<Pool> {
  const start = isNode() ? await nodeThreads() : webThread;
  const all = Array.from({ length: threads }, start);
  const everyone = async (messages: readonly unknown[]) => {
    for (const thread of all) thread.hold(true);
    try {
      await Promise.all(messages.map((message, k) => all[k]!.ask(message)));
    } finally {
      for (const thread of all) thread.hold(false);
    }
  };
  return {
    threads,
    load: (module, memory) => everyone(all.map(() => ({ module, memory }))),
    work: (jobs: readonly Job[]) => everyone(jobs.map((job) => ({ job }))),
    close: () => {
      for (const thread of all) thread.end();
    },
  };
}

function failed(reason: string): HnncError {
  return new HnncError({ kind: "internal", code: "worker-failed", message: `a worker thread failed: ${reason}` });
}

/** Asks one thing at a time; `reply` is to be called with every answer, `broken` when the thread is lost. */
function conversation(send: (message: unknown) => void) {
  let pending: { resolve: (value: unknown) => void; reject: (error: Error) => void } | undefined;
  return {
    ask: (message: unknown) =>
      new Promise<unknown>((resolve, reject) => {
        pending = { resolve, reject };
        send(message);
      }),
    reply(answer: unknown) {
      const error =
        typeof answer === "object" && answer !== null && "error" in answer ? String(answer.error) : undefined;
      if (error === undefined) pending?.resolve(answer);
      else pending?.reject(failed(error));
      pending = undefined;
    },
    broken(reason: string) {
      pending?.reject(failed(reason));
      pending = undefined;
    },
  };
}

async function nodeThreads(): Promise<() => Thread> {
  const { Worker } = await import("node:worker_threads");
  return () => {
    const worker = new Worker(workerText, { eval: true, execArgv: [] });
    const talk = conversation((message) => worker.postMessage(message));
    worker.on("message", talk.reply);
    worker.on("error", (error) => talk.broken(String(error)));
    worker.on("exit", () => talk.broken("it ended"));
    worker.unref();
    return {
      ask: talk.ask,
      hold: (held) => void (held ? worker.ref() : worker.unref()),
      end: () => void worker.terminate(),
    };
  };
}

function webThread(): Thread {
  const address = URL.createObjectURL(new Blob([workerText], { type: "text/javascript" }));
  const worker = new Worker(address);
  const talk = conversation((message) => worker.postMessage(message));
  worker.onmessage = ({ data }) => talk.reply(data);
  worker.onerror = ({ message }) => talk.broken(message);
  return {
    ask: talk.ask,
    hold: () => undefined,
    end: () => {
      worker.terminate();
      URL.revokeObjectURL(address);
    },
  };
}
