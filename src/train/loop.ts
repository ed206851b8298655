import type { Repetition } from "../engine/engine.ts";
import type { Feeds } from "../graph/evaluate.ts";
import { type Best, bestOf } from "./best.ts";
import type { Checkpoint, TrainingProgress } from "./options.ts";
import { parametersName } from "./training-step.ts";

/** Steps between checkpoints: what is kept depends on the numbers of steps, never on how fast they were. */
export const checkpointEvery = 100;

/** Milliseconds that a call of the engine is to take, so that signals are heard. */
const callTime = 100;

/** Why a run ended before its last step. */
export interface EarlyEnd {
  /** Steps that were done. */
  readonly step: number;
  readonly reason: "not finite" | "interrupted";
}

/** What came of a loop. */
export interface LoopResult {
  /** The objective before each step, on its minibatch; the failed step's last. */
  readonly losses: Float64Array;
  /** The state after the last step. */
  readonly checkpoint: Checkpoint;
  /** After the last step; where a step failed, the best seen at a checkpoint. */
  readonly parameters: Float64Array;
  readonly stopped: EarlyEnd | undefined;
}

/** What a loop is given. */
export interface LoopInputs {
  readonly run: Repetition;
  /** The first step, and the one after the last. */
  readonly from: number;
  readonly steps: number;
  /** The values of the per-step inputs. */
  readonly numbers: (step: number, count: number) => Feeds;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void | Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Steps until all are done, one is not finite, or the signal says so. */
export async function trainingLoop(inputs: LoopInputs): Promise<LoopResult> {
  const { run, from, steps, numbers, signal } = inputs;
  const stretch = new Stretch((await run.state())[parametersName]!);
  let step = from;
  let stopped: EarlyEnd | undefined;
  while (step < steps && !stopped) {
    if (signal?.aborted) {
      stopped = { step, reason: "interrupted" };
      break;
    }
    const count = callLength(run.stepTime, step, steps);
    const started = performance.now();
    const { losses, failed } = await run.run(count, numbers(step, count));
    const done = failed ?? count;
    step += done;
    stretch.add(losses);
    if (done > 0) {
      const stepTime = (performance.now() - started) / done;
      inputs.onProgress?.({ step, steps, loss: losses[done - 1]!, stepTime });
    }
    if (failed !== undefined) stopped = { step, reason: "not finite" };
    else if (step % checkpointEvery === 0) {
      const state = await run.state();
      stretch.end(state[parametersName]!);
      await inputs.onCheckpoint?.({ step, state, choice: run.choice });
    }
  }
  const state = await run.state();
  const parameters = stopped?.reason === "not finite" ? stretch.best.parameters : state[parametersName]!;
  return { losses: stretch.losses(), checkpoint: { step, state, choice: run.choice }, parameters, stopped };
}

/** How many steps to do in one call: up to the next checkpoint or the end, and no longer than `callTime`. */
function callLength(stepTime: number, step: number, steps: number): number {
  const fitting = stepTime > 0 ? Math.max(1, Math.floor(callTime / stepTime)) : checkpointEvery;
  return Math.min(fitting, checkpointEvery - (step % checkpointEvery), steps - step);
}

/** The losses, all and since the last checkpoint. */
class Stretch {
  readonly best: Best;
  readonly #all: Float64Array[] = [];
  #since: Float64Array[] = [];
  #start: Float64Array;

  constructor(first: Float64Array) {
    this.best = bestOf(first);
    this.#start = first;
  }

  add(losses: Float64Array): void {
    this.#all.push(losses);
    this.#since.push(losses);
  }

  /** The parameters that the steps since the last checkpoint began with are judged by these steps' losses. */
  end(next: Float64Array): void {
    this.best.offer(this.#start, joined(this.#since));
    this.#start = next;
    this.#since = [];
  }

  losses(): Float64Array {
    return joined(this.#all);
  }
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
