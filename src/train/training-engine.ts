import type { LoadedEngine } from "../engine/engine.ts";
import { engines, isEngineName, openEngine } from "../engine/engines.ts";
import type { Precision } from "../graph/graph.ts";
import type { TrainableModel } from "../hnn/model.ts";
import { isAffine, linearForm } from "./affine.ts";
import { trainBySteps } from "./by-steps.ts";
import { type FitGraph, type FitProblem, fitGraph, openFit } from "./fit-problem.ts";
import { lbfgs } from "./lbfgs.ts";
import { levenbergMarquardt } from "./levenberg-marquardt.ts";
import { linear } from "./linear.ts";
import type { LoopResult } from "./loop.ts";
import { parametersName } from "./loss-graph.ts";
import type { Optimiser, SearchOptimiser } from "./optimiser.ts";
import { type OptimiserName, optimisers } from "./optimisers.ts";
import type { TrainOptions } from "./options.ts";
import { runSearch, type SearchOutcome } from "./search.ts";
import { firstParameters, type TrainingParts } from "./training-parts.ts";

/** A run that can begin, and the engine that it takes. */
export interface Training {
  readonly engine: LoadedEngine;
  readonly precision: Precision;
  run(): Promise<TrainingOutcome>;
  /** Ends the engine, unless it was the caller's. */
  close(): Promise<void>;
}

/** What training came to. */
export interface TrainingOutcome {
  readonly result: LoopResult & Partial<Pick<SearchOutcome, "end" | "errors">>;
  readonly optimiser: OptimiserName;
  readonly batch: number;
  /** Milliseconds that making the engine ready took. */
  readonly ready: number;
}

/** What training will do, as far as model and options tell. */
export interface TrainingPlan {
  /**
   * Undefined for physical constants and weights that enter linearly, where the errors decide between `linear` and
   * `levenberg-marquardt`.
   */
  readonly optimiser: Optimiser | undefined;
  /** Of searches f64, where the engine has it. */
  readonly precision: Precision;
  readonly steps: number;
}

export async function planTraining(model: TrainableModel, options: TrainOptions): Promise<TrainingPlan> {
  const { optimiser: wanted = "auto" } = options;
  const name = wanted === "auto" ? usualOptimiser(model) : wanted;
  const optimiser = name && optimisers[name];
  const usual = optimiser?.kind === "step" ? "f32" : await finest(options.engine);
  const likely: Optimiser = optimiser ?? levenbergMarquardt;
  const { precision = usual, steps = likely.usualSteps } = options;
  return { optimiser, precision, steps };
}

function usualOptimiser({ parameters, isLinear }: TrainableModel): OptimiserName | undefined {
  return isLinear || parameters.slices.every(({ decays }) => !decays) ? undefined : "adam";
}

/** Chooses optimiser, precision and engine. */
export async function openTraining(parts: TrainingParts): Promise<Training> {
  const { model, options } = parts;
  const { optimiser, precision } = await planTraining(model, options);
  if (optimiser?.kind === "step") {
    const { engine, close } = await engineFor(parts, precision);
    const run = async () => {
      const found = await trainBySteps(engine, parts, { optimiser, precision });
      return { ...found, optimiser: optimiser.name as OptimiserName };
    };
    return { engine, precision, run, close };
  }
  const graph = fitGraph({ ...parts, residualPenalty: options.residualPenalty });
  const { engine, close } = await engineFor(parts, precision, expectedWork(graph, optimiser));
  return { engine, precision, run: () => trainBySearch(engine, precision, parts, graph, optimiser), close };
}

async function trainBySearch(
  engine: LoadedEngine,
  precision: Precision,
  parts: TrainingParts,
  graph: FitGraph,
  wanted: SearchOptimiser | undefined,
): Promise<TrainingOutcome> {
  const { model, options, samples } = parts;
  const { seed = 0, resume, signal, weightDecay, onReady, onProgress, onCheckpoint } = options;
  const started = performance.now();
  const first = resume?.state[parametersName] ?? firstParameters(parts);
  const problem = openFit(engine, graph, { precision, first, weightDecay, signal });
  const ready = performance.now() - started;
  try {
    const optimiser = wanted ?? (await searchFor(problem, seed, signal));
    const { name, runtime, threads } = engine;
    const { steps = optimiser.usualSteps } = options;
    const run = { model, problem, choice: { engine: name, runtime, threads }, from: resume?.step ?? 0, steps, seed };
    const result = await runSearch(optimiser, { ...run, onReady, onProgress, onCheckpoint, signal });
    return { result, optimiser: optimiser.name as OptimiserName, batch: samples.count, ready };
  } finally {
    await problem.close();
  }
}

/** Whichever suits the errors; of a run that is interrupted meanwhile it does not matter. */
async function searchFor(problem: FitProblem, seed: number, signal: AbortSignal | undefined): Promise<SearchOptimiser> {
  try {
    return (await isAffine(problem, await linearForm(problem), seed)) ? linear : levenbergMarquardt;
  } catch (error) {
    if (signal?.aborted) return levenbergMarquardt;
    throw error;
  }
}

async function finest(engine: TrainingParts["options"]["engine"]): Promise<Precision> {
  if (engine === undefined) return "f64";
  const known = typeof engine === "string" ? isEngineName(engine) && (await engines[engine]()) : engine;
  return !known || known.precisions.includes("f64") ? "f64" : "f32";
}

/** About how many numbers a search computes: values and gradients many times, or Jacobians a few times. */
function expectedWork({ work, parts }: FitGraph, optimiser: SearchOptimiser | undefined): number {
  if (optimiser === lbfgs) return 600 * work;
  return 10 * work * (2 + parts.model.parameters.count / 10);
}

/** So few numbers are computed by the interpreter before another engine has begun. */
const littleWork = 4e6;

async function engineFor(
  { options }: TrainingParts,
  precision: Precision,
  work = Number.POSITIVE_INFINITY,
): Promise<{ readonly engine: LoadedEngine; close(): Promise<void> }> {
  const { engine } = options;
  if (typeof engine === "object") return { engine, close: async () => undefined };
  const isLittle = engine === undefined && work <= littleWork && precision === "f64";
  const opened = await openEngine({ engine: isLittle ? "reference" : engine, precision });
  return { engine: opened, close: () => opened.close() };
}
