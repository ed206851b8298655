import type { LoadedEngine } from "../engine/engine.ts";
import type { Precision } from "../graph/graph.ts";
import { stepParts } from "../graph/step.ts";
import { type LoopResult, trainingLoop } from "./loop.ts";
import { parametersName, rowsName, sampleFeeds } from "./loss-graph.ts";
import { minibatches } from "./minibatches.ts";
import type { StepOptimiser } from "./optimiser.ts";
import { batchOf } from "./options.ts";
import { firstParameters, type TrainingParts } from "./training-parts.ts";
import { trainingStep } from "./training-step.ts";

/** What an optimiser within the graph came to, and the milliseconds it took to make the engine ready. */
export interface SteppedRun {
  readonly result: LoopResult;
  readonly ready: number;
  readonly batch: number;
}

/** Trains by steps that the engine repeats, minibatches gathered in the graph. */
export async function trainBySteps(
  engine: LoadedEngine,
  parts: TrainingParts,
  { optimiser, precision }: { readonly optimiser: StepOptimiser; readonly precision: Precision },
): Promise<SteppedRun> {
  const { samples, options } = parts;
  const { seed = 0, steps = optimiser.usualSteps, resume, residualPenalty } = options;
  const batch = batchOf(options.batch, samples.count);
  const step = trainingStep({ ...parts, batch, optimiser, residualPenalty });
  const { fixed } = stepParts(step);
  const started = performance.now();
  const run = await engine.repeat(step, {
    precision,
    batch,
    state: { ...firstState(parts, optimiser), ...resume?.state },
    fixed: sampleFeeds(samples, fixed),
    choice: resume?.choice,
  });
  const ready = performance.now() - started;
  const deals = minibatches(samples.count, batch, seed);
  const needed = step.perStep.map(({ attributes }) => attributes.name);
  const numbers = (from: number, count: number) => {
    const each = Array.from({ length: count }, (_, k) => optimiser.numbers(from + k, steps, options));
    const given = needed.map((name) => [
      name,
      name === rowsName ? deals.rows(from, count) : Float64Array.from(each, (one) => one[name]!),
    ]);
    return Object.fromEntries(given);
  };
  const { onReady, onProgress, onCheckpoint, signal } = options;
  try {
    const { step: from = 0, seen } = resume ?? {};
    const calls = { onReady, onProgress, onCheckpoint, signal };
    const result = await trainingLoop({ run, from, steps, seen, numbers, ...calls });
    return { result, ready, batch };
  } finally {
    await run.close();
  }
}

function firstState(parts: TrainingParts, optimiser: StepOptimiser): Record<string, Float64Array> {
  const { count } = parts.model.parameters;
  const memory = optimiser.memory.map((name): [string, Float64Array] => [name, new Float64Array(count)]);
  return { [parametersName]: firstParameters(parts), ...Object.fromEntries(memory) };
}
