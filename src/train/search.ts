import type { EngineChoice } from "../engine/engine.ts";
import type { TrainableModel } from "../hnn/model.ts";
import { type ConstantErrors, constantErrors } from "./constant-errors.ts";
import type { FitProblem } from "./fit-problem.ts";
import type { EarlyEnd, LoopResult } from "./loop.ts";
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
  const { model, problem, from, steps, seed, signal } = inputs;
  const log = new SearchLog(optimiser, inputs);
  try {
    await inputs.onReady?.(log.checkpoint());
    signal?.throwIfAborted();
    const found = await optimiser.search(problem, {
      steps: Math.max(steps - from, 0),
      seed,
      onIteration: async (state) => {
        await log.add(state);
        signal?.throwIfAborted();
      },
    });
    const { end, parameters, iterations, uncertainty } = found;
    if (end === "not-finite") return log.ended(end, "not finite");
    await log.finish(parameters, iterations);
    return { ...log.ended(end), errors: uncertainty && constantErrors(model, parameters, uncertainty) };
  } catch (error) {
    if (!signal?.aborted) throw error;
    await log.keep();
    return log.ended("interrupted", "interrupted");
  }
}

/** Where a search stands, and what has been told and kept of it. */
class SearchLog {
  readonly #every: number;
  readonly #inputs: SearchInputs;
  readonly #losses: number[] = [];
  #parameters: Float64Array;
  #step: number;
  #kept: number;
  #time = performance.now();

  constructor({ checkpointEvery }: SearchOptimiser, inputs: SearchInputs) {
    this.#every = checkpointEvery;
    this.#inputs = inputs;
    this.#parameters = inputs.problem.first;
    this.#step = inputs.from;
    this.#kept = inputs.from;
  }

  async add({ iteration, loss, parameters }: SearchState): Promise<void> {
    const { from, steps, onProgress } = this.#inputs;
    const before = this.#step;
    this.#step = from + iteration;
    this.#parameters = parameters;
    this.#losses.push(loss);
    const stepTime = (performance.now() - this.#time) / (this.#step - before);
    onProgress?.({ step: this.#step, steps, loss, stepTime });
    const periods = (step: number) => Math.floor((step - from) / this.#every);
    if (periods(this.#step) > periods(before)) await this.keep();
    this.#time = performance.now();
  }

  checkpoint(): Checkpoint {
    const loss = this.#losses.at(-1);
    const state = { [parametersName]: this.#parameters };
    return { step: this.#step, state, choice: this.#inputs.choice, ...(loss !== undefined && { loss }) };
  }

  /** Tells of a checkpoint, unless it has been told. */
  async keep(): Promise<void> {
    if (this.#kept === this.#step) return;
    this.#kept = this.#step;
    await this.#inputs.onCheckpoint?.(this.checkpoint());
  }

  async finish(parameters: Float64Array, iterations: number): Promise<void> {
    this.#parameters = parameters;
    this.#step = this.#inputs.from + iterations;
    await this.keep();
  }

  ended(end: string, reason?: EarlyEnd["reason"]): SearchOutcome {
    return {
      losses: Float64Array.from(this.#losses),
      checkpoint: this.checkpoint(),
      parameters: this.#parameters,
      stopped: reason && { step: this.#step, reason },
      errors: undefined,
      end,
    };
  }
}
