import type { Source } from "../codegen/target.ts";
import type { Taylor } from "../codegen/taylor/taylor.ts";
import type { Diverged } from "../ensemble/options.ts";
import { availableThreads } from "../ensemble/pool.ts";
import type { EventRecord } from "./options.ts";
import type { RowMaker } from "./rows.ts";
import type { FollowedGroup, TaylorCrew } from "./taylor-crew.ts";
import { type Stretch, stretchesOf, type TaylorJob } from "./taylor-job.ts";

/** What a run by Taylor series found. */
export interface TaylorSummary {
  readonly steps: number;
  readonly events: readonly EventRecord[];
  readonly diverged: readonly Diverged[];
}

export interface TaylorRunParts {
  readonly source: Source;
  readonly job: TaylorJob;
  readonly integrator: Taylor;
  /** [B, 2n]. */
  readonly starts: Float64Array;
  readonly workers: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly progress: ((fraction: number) => void) | undefined;
}

/** Milliseconds without a look at signals. */
const pace = 25;
/** Milliseconds of work that pay for the start of threads. */
const leastForThreads = 600;
/** Milliseconds after which it is known how long a trajectory takes: the first ones wait for the machine's compilers. */
const leastToJudge = 100;
/** Numbers of one trajectory that a thread may hold; longer ones are followed where they are written. */
const mostNumbers = 2 ** 22;
/** Milliseconds of work that pay for a message to a thread, and numbers that its answer may hold. */
const groupTime = 20;
const mostGroupNumbers = 2 ** 18;

/** Follows all trajectories, in this thread or in several, and hands on rows in the order of trajectories. */
export async function followAll(parts: TaylorRunParts, rows: RowMaker): Promise<TaylorSummary> {
  const { starts, source, job, integrator } = parts;
  const { dimension } = source.equations.layout;
  const count = starts.length / dimension;
  const track = new Track(parts, rows, count);
  const samples = typeof job.samples === "number" ? job.samples : job.samples.length;
  const threaded = parts.workers !== 1 && count > 1 && samples * dimension <= mostNumbers;
  const begun = performance.now();
  for (let run = 0; run < count; run++) {
    if (threaded && run > 0) {
      const elapsed = performance.now() - begun;
      const expected = (elapsed / run) * (count - run);
      const wanted = parts.workers !== undefined ? run === 1 : elapsed > leastToJudge && expected > leastForThreads;
      const crew = wanted ? await crewFor(parts, count - run) : undefined;
      if (crew) return followWith(crew, parts, track, run);
    }
    const x0 = starts.subarray(run * dimension, (run + 1) * dimension);
    for (const stretch of stretchesOf(integrator, job, x0, pace)) await track.add(run, stretch);
  }
  return track.summary();
}

async function crewFor({ source, job, workers }: TaylorRunParts, left: number): Promise<TaylorCrew | undefined> {
  const threads = Math.min(workers ?? (await availableThreads()), left);
  if (threads < 2) return undefined;
  const { startTaylorCrew } = await import("./taylor-crew.ts");
  return startTaylorCrew(source, job, threads);
}

/** Groups of trajectories are computed ahead, in any order, and taken in theirs. */
async function followWith(
  crew: TaylorCrew,
  parts: TaylorRunParts,
  track: Track,
  first: number,
): Promise<TaylorSummary> {
  const { starts, source, job, signal } = parts;
  const { dimension } = source.equations.layout;
  const count = starts.length / dimension;
  const samples = typeof job.samples === "number" ? job.samples : job.samples.length;
  const most = Math.max(1, Math.floor(mostGroupNumbers / (samples * dimension)));
  const asked: { from: number; size: number; answer: Promise<FollowedGroup> }[] = [];
  let next = first;
  let group = 1;
  const ask = () => {
    const size = Math.min(group, count - next);
    const answer = crew.follow(starts.slice(next * dimension, (next + size) * dimension));
    answer.catch(() => {});
    asked.push({ from: next, size, answer });
    next += size;
  };
  // A thread that works cannot be asked to look. Promises that last as long as the run would keep what they raced with.
  const abort = () => crew.fail(signal!.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  try {
    while (next < count || asked.length > 0) {
      while (next < count && asked.length < 2 * crew.threads) ask();
      const { from, size, answer } = asked.shift()!;
      const found = await answer;
      group = Math.max(1, Math.min(most, Math.round((size * groupTime) / Math.max(found.elapsed, 0.1))));
      let row = 0;
      for (const [k, { rows, ...rest }] of found.trajectories.entries()) {
        const times = found.times.subarray(row, row + rows);
        const states = found.states.subarray(row * dimension, (row + rows) * dimension);
        await track.add(from + k, { ...rest, times, states });
        row += rows;
      }
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    crew.close();
  }
  return track.summary();
}

/** Gathers what is found, tells the progress, and lets signals in. */
class Track {
  readonly #parts: TaylorRunParts;
  readonly #rows: RowMaker;
  readonly #count: number;
  readonly #events: EventRecord[] = [];
  readonly #diverged: Diverged[] = [];
  #steps = 0;
  #told = performance.now();

  constructor(parts: TaylorRunParts, rows: RowMaker, count: number) {
    this.#parts = parts;
    this.#rows = rows;
    this.#count = count;
  }

  async add(run: number, stretch: Stretch): Promise<void> {
    const { times, states, failure } = stretch;
    const { signal, progress, job, source } = this.#parts;
    this.#steps += stretch.steps;
    for (const event of stretch.events) this.#events.push({ run, ...event });
    const time = times[times.length - 1];
    if (failure !== undefined) {
      const state = states.slice(-source.equations.layout.dimension);
      this.#diverged.push({ trajectory: run, time: time ?? job.t[0], state, reason: failure });
    }
    await this.#rows.add(run, times, states);
    const now = performance.now();
    if (now - this.#told < pace) return;
    this.#told = now;
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    const [start, end] = job.t;
    const part = time === undefined || end === start ? 0 : (time - start) / (end - start);
    progress?.((run + part) / this.#count);
  }

  summary(): TaylorSummary {
    this.#parts.signal?.throwIfAborted();
    this.#parts.progress?.(1);
    return { steps: this.#steps, events: this.#events, diverged: this.#diverged };
  }
}
