import { gradient } from "../graph/gradient.ts";
import type { GraphNode } from "../graph/graph.ts";
import type { Step } from "../graph/step.ts";
import { type LossParts, lossGraph } from "./loss-graph.ts";
import type { OptimiserOptions, StepOptimiser } from "./optimiser.ts";

/** What a step of training is made of. */
export interface TrainingStepParts extends LossParts {
  readonly optimiser: StepOptimiser;
  readonly options: OptimiserOptions;
}

/** Field, loss, backward pass and update as one step. Per-step inputs: `rows` (minibatches) and the optimiser's. */
export function trainingStep(parts: TrainingStepParts): Step {
  const { model, optimiser, options } = parts;
  const { graph, parameters, objective, rows } = lossGraph(parts);
  const [slopes] = gradient(objective, [parameters]) as [GraphNode];
  const { state, perStep } = optimiser.build(graph, { parameters, gradient: slopes, set: model.parameters }, options);
  return { state, loss: objective, perStep: rows ? [rows, ...perStep] : perStep };
}
