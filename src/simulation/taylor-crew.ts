import type { Source } from "../codegen/target.ts";
import { compile } from "../compile.ts";
import { HnncError } from "../errors.ts";
import type { Stretch, TaylorJob } from "./taylor-job.ts";

/** Threads that follow groups of trajectories; an idle one takes the next. */
export interface TaylorCrew {
  readonly threads: number;
  /** @param starts [k, 2n]; its memory is given away */
  follow(starts: Float64Array): Promise<FollowedGroup>;
  /** Whoever waits for a group, now or later, is told this. */
  fail(reason: unknown): void;
  close(): void;
}

/** Whole trajectories that a thread has followed, one after the other in arrays that are sent without a copy. */
export interface FollowedGroup {
  /** [rows]. */
  readonly times: Float64Array;
  /** [rows, 2n]. */
  readonly states: Float64Array;
  readonly trajectories: readonly (Omit<Stretch, "times" | "states"> & { readonly rows: number })[];
  /** Milliseconds. */
  readonly elapsed: number;
}

/** What a thread is told first. */
export interface CrewTask {
  readonly text: string;
  readonly parameters: Readonly<Record<string, number | readonly number[]>>;
  readonly job: TaylorJob;
}

/**
 * Starts threads that compile the model again from its text. Answers undefined where that is not possible: outside
 * Node, or for a model that its text does not tell.
 */
export async function startTaylorCrew(
  source: Source,
  job: TaylorJob,
  threads: number,
): Promise<TaylorCrew | undefined> {
  if (typeof process !== "object" || process.versions?.node === undefined) return undefined;
  const workerData = taskOf(source, job);
  if (!workerData) return undefined;
  const { Worker } = await import("node:worker_threads");
  const idle: InstanceType<typeof Worker>[] = [];
  const waiting: Wish[] = [];
  const busy = new Map<InstanceType<typeof Worker>, Wish>();
  const assign = () => {
    while (idle.length > 0 && waiting.length > 0) {
      const [worker, wish] = [idle.pop()!, waiting.shift()!];
      busy.set(worker, wish);
      worker.postMessage(wish.x0, [wish.x0.buffer as ArrayBuffer]);
    }
  };
  let failure: { readonly reason: unknown } | undefined;
  const fail = (reason: unknown) => {
    failure ??= { reason };
    for (const { reject } of [...busy.values(), ...waiting.splice(0)]) reject(reason);
  };
  const all = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL(file, import.meta.url), { workerData, ...threadOptions });
    worker.on("message", (group: FollowedGroup) => {
      busy.get(worker)?.resolve(group);
      busy.delete(worker);
      idle.push(worker);
      assign();
    });
    worker.on("error", (error) => fail(failed(error)));
    idle.push(worker);
    return worker;
  });
  return {
    threads,
    follow: (x0) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure.reason);
        waiting.push({ x0, resolve, reject });
        assign();
      }),
    fail,
    close: () => {
      for (const worker of all) void worker.terminate();
    },
  };
}

interface Wish {
  readonly x0: Float64Array;
  resolve(group: FollowedGroup): void;
  reject(reason: unknown): void;
}

const file = import.meta.url.endsWith(".ts") ? "./taylor-worker.ts" : "./taylor-worker.js";

/** Without what was said to this process: of `node -e` a thread knows nothing. What a thread leaves behind lives shortly. */
const threadOptions = { execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 8 } };

function failed(error: unknown): HnncError {
  return new HnncError({ kind: "internal", code: "worker-failed", message: `a thread failed: ${error}` });
}

/** A model whose text gives the same equations, to the node. */
function taskOf({ model }: Source, job: TaylorJob): CrewTask | undefined {
  const parameters = Object.fromEntries(
    model.parameters.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
  try {
    const again = compile(model.source, { parameters }).model;
    const same =
      again.hamiltonian === model.hamiltonian &&
      again.damping.length === model.damping.length &&
      again.forces.length === model.forces.length;
    return same ? { text: model.source, parameters, job } : undefined;
  } catch {
    return undefined;
  }
}
