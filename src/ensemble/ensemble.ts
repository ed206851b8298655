import type { Source } from "../codegen/target.ts";
import { HnncError } from "../errors.ts";
import { checkedOptions, type Method } from "./checked.ts";
import { motionFacts, type Parameters, parameterVector } from "./facts.ts";
import type { Crew, KernelExports } from "./job.ts";
import { type CompiledKernel, kernelOf } from "./kernels.ts";
import { arrange, RunMemory } from "./memory.ts";
import type { Block, EnsembleOptions, EnsembleResult, EnsembleSummary, RunOptions } from "./options.ts";
import { Passage } from "./passage.ts";
import { availableThreads, canShare, type Pool, startPool } from "./pool.ts";
import { planRun, type RunPlan, timesOf } from "./schedule.ts";
import { singleCrew } from "./single.ts";

/** A compiled method and model that advance many trajectories. */
export interface Ensemble {
  readonly method: string;
  readonly reason: string;
  /** @param states [B, 2n] row-major: the starts */
  run(states: ArrayLike<number>, parameters?: Parameters, options?: RunOptions): Promise<EnsembleResult>;
  /**
   * The same without holding all samples: `block` is told them piece by piece, in the order of time; the next piece is
   * computed when its promise is kept.
   */
  stream(
    states: ArrayLike<number>,
    block: (block: Block) => void | Promise<void>,
    parameters?: Parameters,
    options?: RunOptions,
  ): Promise<EnsembleSummary>;
  /** Ends the threads; idle ones do not keep a process alive. */
  close(): void;
}

/**
 * Compiles a method and a model into one WebAssembly function and runs ensembles with it. What becomes of a trajectory
 * does not depend on the others, on its place or on the number of threads: the bits are the same.
 *
 * @throws HnncError kind `usage` where options contradict each other or the method does not suit the model
 * @example
 * const { states } = await ensemble(source, { method: "leapfrog", dt: 0.05, t: 500, samples: 101 }).run([1, 0, 2, 0]);
 */
export function ensemble(source: Source, options: EnsembleOptions): Ensemble {
  const method = checkedOptions(motionFacts(source), options);
  const runner = new Runner(source, options, method);
  return {
    method: method.integrator.name,
    reason: method.reason,
    run: (states, parameters, run) => runner.collect(states, parameters, run),
    stream: (states, block, parameters, run) => runner.stream(states, block, parameters, run),
    close: () => runner.close(),
  };
}

/** Estimated nanoseconds of an operation on one lane. */
const operationTime = 0.08;
/** Nanoseconds of work below which threads are not worth their start. */
const leastForThreads = 1e8;
/** Nanoseconds of one call of the kernel. */
const callTime = 1e7;
const usualBlock = 2 ** 26;
const mostPages = 65536;

/** A module and its memory in all threads of a pool. */
interface Shared {
  readonly pool: Pool;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly exports: KernelExports;
}

class Runner {
  readonly #source: Source;
  readonly #options: EnsembleOptions;
  readonly #method: Method;
  /** Those of the calling thread keep their memory from run to run. */
  readonly #instances = new Map<WebAssembly.Module, KernelExports>();
  #pool: Promise<Pool> | undefined;
  #last: Shared | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(source: Source, options: EnsembleOptions, method: Method) {
    this.#source = source;
    this.#options = options;
    this.#method = method;
  }

  async collect(states: ArrayLike<number>, parameters?: Parameters, run: RunOptions = {}): Promise<EnsembleResult> {
    const plan = this.#plan();
    const count = this.#count(states);
    const dimension = this.#source.equations.layout.dimension;
    const all = new Float64Array(plan.samples * count * dimension);
    const energy = this.#options.energy ? new Float64Array(plan.samples * count) : undefined;
    const keep = (block: Block) => {
      all.set(block.states, block.first * count * dimension);
      if (block.energy) energy?.set(block.energy, block.first * count);
    };
    const summary = await this.stream(states, keep, parameters, run);
    return { ...summary, times: timesOf(plan, 0, plan.samples), states: all, energy };
  }

  /** One run after the other: they share the threads. */
  stream(
    states: ArrayLike<number>,
    block: (block: Block) => void | Promise<void>,
    parameters?: Parameters,
    run: RunOptions = {},
  ): Promise<EnsembleSummary> {
    const result = this.#turn.then(() => this.#stream(states, block, parameters, run));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #stream(
    states: ArrayLike<number>,
    block: (block: Block) => void | Promise<void>,
    parameters: Parameters | undefined,
    run: RunOptions,
  ): Promise<EnsembleSummary> {
    run.signal?.throwIfAborted();
    const count = this.#count(states);
    const values = parameterVector(this.#source, parameters);
    const { integrator } = this.#method;
    const plan = this.#plan();
    const threads = await this.#threads(count, plan.steps);
    const width = Math.max(1, Math.ceil(Math.ceil(count / 2) / threads));
    const { kernel, module } = this.#kernel(width, threads > 1);
    const sampleBytes = 8 * (2 * kernel.degreesOfFreedom + 1) * 2 * kernel.width * Math.ceil(count / 2 / kernel.width);
    const wished = Math.floor((this.#options.blockBytes ?? usualBlock) / sampleBytes);
    const samples = Math.max(2, Math.min(plan.samples, wished));
    const rows = integrator.adaptive ? samples : Math.max(1, mostRows(plan, samples));
    const energy = this.#options.energy === true;
    const at = arrange(kernel, { trajectories: count, threads, samples, rows, energy });
    const { crew, exports, memory } = await this.#crew(threads, module, at.pages);
    const passage = new Passage({
      source: this.#source,
      method: this.#method,
      options: this.#options,
      kernel,
      plan,
      values,
      count,
      memory: new RunMemory(kernel, at, memory),
      exports,
      crew,
      budget: Math.max(64, Math.min(1e8, Math.floor(callTime / (operationTime * kernel.operations * at.tileLanes)))),
    });
    return passage.travel(states, block, run).catch((error: unknown) => {
      // a thread may still be at work in this memory
      this.#last = undefined;
      throw error;
    });
  }

  #plan(): RunPlan {
    const { integrator, start, end } = this.#method;
    const { dt, samples, omega } = this.#options;
    return planRun(integrator, { start, end, dt, samples, omega });
  }

  #count(states: ArrayLike<number>): number {
    const { dimension } = this.#source.equations.layout;
    const count = states.length / dimension;
    if (Number.isInteger(count) && count > 0) return count;
    throw new HnncError({
      kind: "usage",
      code: "bad-start",
      message: `the starts have ${states.length} entries: a state has ${dimension}, and there is at least one`,
    });
  }

  async #threads(count: number, steps: number): Promise<number> {
    const { workers } = this.#options;
    if (!canShare() || workers === 1) return 1;
    const pairs = Math.ceil(count / 2);
    if (workers !== undefined) return Math.min(workers, pairs);
    const { operations } = this.#kernel(pairs, false).kernel;
    const work = count * (steps || 1000) * operations * operationTime;
    return work < leastForThreads ? 1 : Math.min(await availableThreads(), pairs);
  }

  #kernel(wish: number, shared: boolean): CompiledKernel {
    const { fma = false, compensated = true, energy = false } = this.#options;
    const { integrator } = this.#method;
    const sharedPages = shared ? mostPages : undefined;
    return kernelOf(this.#source, { integrator, fma, compensated, energy, mostWidth: Math.min(wish, 8), sharedPages });
  }

  async #crew(threads: number, module: WebAssembly.Module, pages: number) {
    if (threads === 1) {
      const known = this.#instances.get(module);
      const kernel = known ?? ((await WebAssembly.instantiate(module)).exports as unknown as KernelExports);
      this.#instances.set(module, kernel);
      const memory = kernel.memory!;
      const missing = pages - memory.buffer.byteLength / 65536;
      if (missing > 0) memory.grow(missing);
      return { crew: singleCrew(kernel, memory) as Crew, exports: kernel, memory };
    }
    this.#pool ??= startPool(threads);
    let pool = await this.#pool;
    if (pool.threads < threads) {
      pool.close();
      this.#pool = startPool(threads);
      pool = await this.#pool;
    }
    const shared = await this.#shared(pool, module, Math.max(pages, 4));
    return { crew: { ...pool, threads }, ...shared };
  }

  /** Memory that all threads have, that of the run before where it is large enough. */
  async #shared(pool: Pool, module: WebAssembly.Module, pages: number): Promise<Shared> {
    const known = this.#last;
    const fits = known && known.memory.buffer.byteLength >= 65536 * pages;
    if (fits && known.pool === pool && known.module === module) return known;
    this.#last = undefined;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
    await pool.load(module, memory);
    this.#last = { pool, module, memory, exports: exports as unknown as KernelExports };
    return this.#last;
  }

  close(): void {
    void this.#pool?.then((pool) => pool.close());
    this.#pool = undefined;
    this.#last = undefined;
  }
}

/** How many rows of the plan blocks of this many samples have at most. */
function mostRows({ samples: all, rowsBefore }: RunPlan, samples: number): number {
  let most = 0;
  for (let first = 0; first < all; first += samples) {
    most = Math.max(most, rowsBefore(Math.min(first + samples, all)) - rowsBefore(first));
  }
  return most;
}
