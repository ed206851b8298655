import { availableParallelism } from "node:os";
import { stepNames, writeSteps } from "../codegen/onnx/program.ts";
import type { Feeds } from "../graph/evaluate.ts";
import type { NodeOf } from "../graph/graph.ts";
import { type Step, type StepParts, stepParts } from "../graph/step.ts";
import type { EngineChoice, RepeatOptions, RepeatResult, Repetition } from "./engine.ts";
import { dimsOf, valueFor } from "./feeds.ts";
import { denseArray, onnxArray, onnxCount } from "./onnx-arrays.ts";
import { type OnnxAnswer, type OnnxArray, type OnnxWorker, sessionOptions } from "./onnx-worker.ts";

/** Where steps are repeated. */
export interface OnnxHost {
  readonly worker: OnnxWorker;
  readonly runtime: string;
}

let repetitions = 0;

/** Makes a step ready: its model, its data in the worker, and the number of threads that is fastest for it. */
export async function repeatOnnx(
  { worker, runtime }: OnnxHost,
  step: Step,
  options: RepeatOptions,
): Promise<Repetition> {
  const parts = stepParts(step);
  const { precision, batch = 1 } = options;
  const { bytes } = writeSteps(parts, { precision, batch });
  repetitions += 1;
  const run = new OnnxRepetition(worker, parts, options, `${repetitions}/`);
  await run.putFixed(options.fixed ?? {});
  await run.setState(options.state);
  const counts = options.choice ? [options.choice.threads] : threadCounts();
  const ways = await wayToRun(run, counts, (threads, spin) =>
    worker.ask("create", { bytes, options: sessionOptions(precision, threads, spin) }),
  );
  const choice: EngineChoice = { engine: "onnx", runtime, threads: ways.threads };
  return {
    choice,
    stepTime: ways.stepTime,
    run: (count, perStep = {}) => ways.run(count, perStep),
    state: () => run.state(),
    setState: (state) => run.setState(state),
    close: () => run.close(ways.sessions),
  };
}

const mostThreads = 8;

/** 1, 2, 4, … as far as there are processors. */
function threadCounts(): number[] {
  const most = Math.min(availableParallelism(), mostThreads);
  return [1, 2, 4, 8].filter((count) => count <= most);
}

interface Way {
  readonly session: number;
  readonly threads: number;
  time: number;
}

/** Another way has to be faster by this much: more threads, and spinning ones, take from others. */
const worthwhile = 0.93;
/** Milliseconds that a timed call lasts at least: long enough to meet the other work of the machine. */
const timedCall = 10;
const mostTimedSteps = 64;
/** One call in this many goes the other way, to see whether that has become faster. */
const exploring = 32;
/** What the last call counts in the time of a way. */
const recent = 0.5;

/**
 * Times a few steps in each way, in turns, and keeps the sessions of the number of threads that was fastest. Among
 * those, spinning or not is decided anew after each call, as other work comes and goes: the bits are the same.
 */
async function wayToRun(
  run: OnnxRepetition,
  counts: readonly number[],
  create: (threads: number, spin: boolean) => Promise<number>,
) {
  const all: Way[] = [];
  for (const threads of counts) {
    for (const spin of threads > 1 ? [false, true] : [false]) {
      all.push({ session: await create(threads, spin), threads, time: 0 });
    }
  }
  const best = await fastest(run, all);
  const kept = all.filter(({ threads }) => threads === best.threads);
  for (const { session, threads } of all) if (threads !== best.threads) await run.release(session);
  let current = best;
  let calls = 0;
  return {
    threads: best.threads,
    stepTime: best.time,
    sessions: kept.map(({ session }) => session),
    run: async (count: number, perStep: Feeds): Promise<RepeatResult> => {
      calls += 1;
      const other = kept.find((way) => way !== current) ?? current;
      const way = calls % exploring === 0 ? other : current;
      const { stepTime, ...result } = await run.run(way.session, count, perStep);
      if (count > 0) way.time += recent * (stepTime - way.time);
      if (other.time < worthwhile * current.time) current = other;
      return result;
    },
  };
}

/** The median of three, since the best of them is what a way does when nobody else works. */
async function fastest(run: OnnxRepetition, ways: readonly Way[]): Promise<Way> {
  const counts: number[] = [];
  for (const { session } of ways) {
    await run.time(session, 1);
    const count = Math.ceil(timedCall / (await run.time(session, 2)));
    counts.push(Math.min(Math.max(count, 2), mostTimedSteps));
  }
  const times: number[][] = ways.map(() => []);
  for (let round = 0; round < 3; round++) {
    for (const [k, { session }] of ways.entries()) times[k]!.push(await run.time(session, counts[k]!));
  }
  for (const [k, way] of ways.entries()) way.time = times[k]!.sort((a, b) => a - b)[1]!;
  return ways.reduce((best, way) => (way.time < worthwhile * best.time ? way : best));
}

/** The arrays of one repetition in the worker, where their names begin with `prefix`. */
class OnnxRepetition {
  readonly #worker: OnnxWorker;
  readonly #parts: StepParts;
  readonly #options: RepeatOptions;
  readonly #prefix: string;
  /** The state is kept twice, before and after a call. */
  #side: "a" | "b" = "a";

  constructor(worker: OnnxWorker, parts: StepParts, options: RepeatOptions, prefix: string) {
    this.#worker = worker;
    this.#parts = parts;
    this.#options = options;
    this.#prefix = prefix;
  }

  async putFixed(fixed: Feeds): Promise<void> {
    for (const leaf of this.#parts.fixed) {
      const array = this.#array(leaf, fixed);
      await this.#worker.ask("put", { name: `${this.#prefix}${leaf.attributes.name}`, array });
    }
  }

  async setState(state: Feeds): Promise<void> {
    const arrays = this.#leaves().map((leaf) => this.#array(leaf, state));
    for (const [k, leaf] of this.#leaves().entries()) {
      await this.#worker.ask("put", { name: this.#slot(leaf, this.#side), array: arrays[k]! });
    }
  }

  async state(): Promise<Record<string, Float64Array>> {
    const found: Record<string, Float64Array> = {};
    for (const leaf of this.#leaves()) {
      const array = await this.#worker.ask("get", { name: this.#slot(leaf, this.#side) });
      found[leaf.attributes.name] = denseArray(array).values;
    }
    return found;
  }

  async run(session: number, count: number, perStep: Feeds): Promise<RepeatResult & { readonly stepTime: number }> {
    if (count === 0) return { losses: new Float64Array(0), failed: undefined, stepTime: 0 };
    const rows = Object.fromEntries(
      this.#parts.perStep.map((leaf) => [leaf.attributes.name, this.#array(leaf, perStep, count)]),
    );
    const { outputs, time } = await this.#call(session, count, rows);
    const losses = denseArray(outputs[stepNames.losses]!).values;
    const failed = denseArray(outputs[stepNames.healthy]!).values.indexOf(0);
    // the same steps again, but for the last one, lead to the state before it
    if (failed > 0) await this.#call(session, failed, rows);
    if (failed !== 0) this.#side = this.#other();
    return { losses, failed: failed < 0 ? undefined : failed, stepTime: time / losses.length };
  }

  /** Milliseconds a step; per-step inputs are zeros, and the state stays as it is. */
  async time(session: number, count: number): Promise<number> {
    const { batch = 1, precision } = this.#options;
    const rows = this.#parts.perStep.map((leaf): [string, OnnxArray] => {
      const dims = [count, ...dimsOf(leaf.shape, batch)];
      const size = dims.reduce((product, dim) => product * dim, 1);
      return [leaf.attributes.name, onnxArray(leaf, new Float64Array(size), dims, precision)];
    });
    const { outputs, time } = await this.#call(session, count, Object.fromEntries(rows));
    return time / Math.max(1, outputs[stepNames.losses]!.dims[0]!);
  }

  async release(session: number): Promise<void> {
    await this.#worker.ask("release", { session });
  }

  async close(sessions: readonly number[]): Promise<void> {
    await this.#worker.ask("drop", { prefix: this.#prefix });
    for (const session of sessions) await this.release(session);
  }

  /** Steps from the state as it is; the state afterwards is put on the other side. */
  #call(session: number, count: number, rows: Record<string, OnnxArray>): Promise<OnnxAnswer> {
    const entries = <T>(leaves: readonly NodeOf<"input">[], value: (leaf: NodeOf<"input">) => T) =>
      Object.fromEntries(leaves.map((leaf) => [leaf.attributes.name, value(leaf)]));
    const feeds = {
      [stepNames.count]: onnxCount(count),
      ...rows,
      ...entries(this.#parts.fixed, ({ attributes }) => `${this.#prefix}${attributes.name}`),
      ...entries(this.#leaves(), (leaf) => this.#slot(leaf, this.#side)),
    };
    const keep = this.#leaves().map((leaf) => [stepNames.after(leaf.attributes.name), this.#slot(leaf, this.#other())]);
    return this.#worker.ask("run", { session, feeds, keep: Object.fromEntries(keep) });
  }

  #array(leaf: NodeOf<"input">, feeds: Feeds, times?: number): OnnxArray {
    const { batch = 1, precision } = this.#options;
    const dims = [...(times === undefined ? [] : [times]), ...dimsOf(leaf.shape, batch)];
    return onnxArray(leaf, valueFor(leaf, feeds, batch, times), dims, precision);
  }

  #leaves(): NodeOf<"input">[] {
    return this.#parts.state.map(({ leaf }) => leaf);
  }

  #other(): "a" | "b" {
    return this.#side === "a" ? "b" : "a";
  }

  #slot({ attributes: { name } }: NodeOf<"input">, side: "a" | "b"): string {
    return `${this.#prefix}${side}/${name}`;
  }
}
