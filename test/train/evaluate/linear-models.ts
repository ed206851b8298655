import { models } from "../../../src/hnn/models.ts";
import { parseModel } from "../../../src/parser/parse.ts";
import type { TrainedModel } from "../../../src/train/evaluate/evaluate-model.ts";

/** H = p² + k q² with k as its parameter's first value: q(t) = A cos ωt, p(t) = −A√k sin ωt, ω = 2√k, from (A, 0). */
export function springWith(k: number): TrainedModel {
  const prior = parseModel(`p^2 + k q^2; k = ${k} learn`);
  const model = models.hybrid.create({ dimension: 2, prior, residual: false });
  return { model, parameters: model.parameters.initial(0) };
}

/** ẋ = x·W, a baseline without hidden layers. */
export function linearField(weights: readonly number[]): TrainedModel {
  const model = models.mlp.create({ dimension: 2, hidden: [] });
  return { model, parameters: Float64Array.from(weights) };
}

/** q̇ = 2p, ṗ = −2q − friction · 2p. */
export function dampedSpring(friction: number): TrainedModel {
  return linearField([0, -2, 2, -2 * friction]);
}
