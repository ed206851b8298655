import type { EngineChoice } from "../engine/engine.ts";
import type { TrainableModel } from "../hnn/model.ts";
import { type ConstantErrors, constantErrors } from "./constant-errors.ts";
import type { FitProblem } from "./fit-problem.ts";
import type { LoopResult } from "./loop.ts";
import { parametersName } from "./loss-graph.ts";
import type { SearchOptimiser, SearchState } from "./optimiser.ts";
import type { Checkpoint, TrainingProgress } from "./options.ts";

/** What a search is given. */
export interface SearchInputs {
  readonly model: TrainableModel;
  readonly problem: FitProblem;
  readonly choice: EngineChoice;
  /** Iterations that are done, and how many there may be at most. */
  readonly from: number;
  readonly steps: number;
  readonly seed: number;
  readonly onReady?: ((checkpoint: Checkpoint) => void | Promise<void>) | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void | Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What came of a search. */
export interface SearchOutcome extends LoopResult {
  /** Why it ended. */
  readonly end: string;
  readonly errors: ConstantErrors | undefined;
}

/**
 * Runs a search: what happens after each iteration is told, kept for resuming, and is what is left where it is
 * interrupted. Places without a value are stepped back from; a start without one ends the run.
 */
export async function runSearch(optimiser: SearchOptimiser, inputs: SearchInputs): Promise<SearchOutcome> {
  const { model, problem, choice, from, steps, seed, signal } = inputs;
  const losses: number[] = [];
  let step = from;
  let parameters = problem.first;
  let time = performance.now();
  const checkpoint = (): Checkpoint => {
    const last = losses.at(-1);
    return { step, state: { [parametersName]: parameters }, choice, ...(last !== undefined && { loss: last }) };
  };
  let kept = from;
  const keep = async () => {
    kept = step;
    await inputs.onCheckpoint?.(checkpoint());
  };
  const ended = (end: string, more: Partial<SearchOutcome> = {}): SearchOutcome => ({
    losses: Float64Array.from(losses),
    checkpoint: checkpoint(),
    parameters,
    stopped: undefined,
    errors: undefined,
    end,
    ...more,
  });
  const every = optimiser.checkpointEvery;
  let told = 0;
  const onIteration = async (state: SearchState) => {
    const done = state.iteration - told;
    told = state.iteration;
    step = from + told;
    losses.push(state.loss);
    parameters = state.parameters;
    const now = performance.now();
    inputs.onProgress?.({ step, steps, loss: state.loss, stepTime: (now - time) / done });
    if (Math.floor(told / every) > Math.floor((told - done) / every)) await keep();
    signal?.throwIfAborted();
    time = performance.now();
  };
  try {
    await inputs.onReady?.(checkpoint());
    signal?.throwIfAborted();
    const found = await optimiser.search(problem, { steps: Math.max(steps - from, 0), seed, onIteration });
    if (found.end === "not-finite") return ended(found.end, { stopped: { step, reason: "not finite" } });
    parameters = found.parameters;
    step = from + found.iterations;
    if (step > kept) await keep();
    return ended(found.end, { errors: found.uncertainty && constantErrors(model, parameters, found.uncertainty) });
  } catch (error) {
    if (!signal?.aborted) throw error;
    if (step > kept) await keep();
    return ended("interrupted", { stopped: { step, reason: "interrupted" } });
  }
}
