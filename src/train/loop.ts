import type { Repetition } from "../engine/engine.ts";
import type { Feeds } from "../graph/evaluate.ts";
import { parametersName } from "./loss-graph.ts";
import type { Checkpoint, TrainingProgress } from "./options.ts";
import { type Seen, stretchFrom } from "./stretch.ts";

/** Steps between checkpoints: what is kept depends on the numbers of steps, never on how fast they were. */
export const checkpointEvery = 100;

/**
 * Parameters beyond this have left: with tanh between, the loss stays finite and nothing moves any more. Adam moves one
 * by little more than the step size a step.
 */
const mostParameter = 1e5;

/** Milliseconds that a call of the engine is to take, so that signals are heard. */
const callTime = 100;

/** Why a run ended before its last step. */
export interface EarlyEnd {
  /** Steps that were done. */
  readonly step: number;
  readonly reason: "not finite" | "too large" | "interrupted";
}

/** What came of a loop. */
export interface LoopResult {
  /** The objective before each step, on its minibatch; the failed step's last. Of a search: after each iteration. */
  readonly losses: Float64Array;
  /** The state after the last step. */
  readonly checkpoint: Checkpoint;
  /** After the last step; where the run diverged, the best seen at a checkpoint. */
  readonly parameters: Float64Array;
  readonly stopped: EarlyEnd | undefined;
}

/** What a loop is given. */
export interface LoopInputs {
  readonly run: Repetition;
  /** The first step, and the one after the last. */
  readonly from: number;
  readonly steps: number;
  /** What was seen before the first step, if the run goes on. */
  readonly seen?: Seen | undefined;
  /** The values of the per-step inputs. */
  readonly numbers: (step: number, count: number) => Feeds;
  readonly onReady?: ((checkpoint: Checkpoint) => void | Promise<void>) | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void | Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Steps until all are done, one is not finite, or the signal says so. */
export async function trainingLoop(inputs: LoopInputs): Promise<LoopResult> {
  const { run, from, steps, numbers, signal } = inputs;
  const first = await run.state();
  const stretch = stretchFrom(first[parametersName]!, inputs.seen);
  let step = from;
  let last: Checkpoint = { step, state: first, choice: run.choice, seen: stretch.seen() };
  await inputs.onReady?.(last);
  const keep = async (state: Checkpoint["state"], loss: number) => {
    last = { step, state, choice: run.choice, seen: stretch.seen(), loss };
    await inputs.onCheckpoint?.(last);
  };
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
      const loss = stretch.end(state[parametersName]!);
      if (isTooLarge(state)) stopped = { step, reason: "too large" };
      else await keep(state, loss);
    }
  }
  const state = await run.state();
  const losses = stretch.losses();
  if (stopped?.reason !== "not finite" && isTooLarge(state)) stopped = { step, reason: "too large" };
  if (stopped && stopped.reason !== "interrupted") {
    return { losses, checkpoint: { step, state, choice: run.choice }, parameters: stretch.seen().best, stopped };
  }
  if (step > last.step) await keep(state, stretch.mean());
  return { losses, checkpoint: last, parameters: state[parametersName]!, stopped };
}

function isTooLarge(state: Checkpoint["state"]): boolean {
  return state[parametersName]!.some((value) => Math.abs(value) > mostParameter);
}

/** How many steps to do in one call: up to the next checkpoint or the end, and no longer than `callTime`. */
function callLength(stepTime: number, step: number, steps: number): number {
  const fitting = stepTime > 0 ? Math.max(1, Math.floor(callTime / stepTime)) : checkpointEvery;
  return Math.min(fitting, checkpointEvery - (step % checkpointEvery), steps - step);
}
