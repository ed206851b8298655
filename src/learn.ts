/**
 * hnnc/learn: the neural half. Networks that complete formulas, trained on engines that are there.
 *
 * @module
 */

export type { Engine, EngineChoice, LoadedEngine } from "./engine/engine.ts";
export { type EngineName, type EngineWish, engines, openEngine } from "./engine/engines.ts";
export { type HamiltonianLayerOptions, hamiltonianLayer, type LayerOutput } from "./engine/hamiltonian-layer.ts";
export { type ModelDescription, modelOf, type PriorDescription } from "./hnn/description.ts";
export { type LoadedModel, loadModel } from "./hnn/load.ts";
export type { ModelFamily, ModelOptions, NetworkOptions, StateNames, TrainableModel } from "./hnn/model.ts";
export type { ModelProvenance } from "./hnn/model-file.ts";
export { type ModelName, models } from "./hnn/models.ts";
export { type Normalisation, normalisationOf } from "./hnn/normalisation.ts";
export { type PlainField, plainField } from "./hnn/plain-field.ts";
export { type Region, trainingRegion } from "./hnn/region.ts";
export { type SavedModel, saveModel } from "./hnn/save.ts";
export type { ConstantErrors, OpenCombination } from "./train/constant-errors.ts";
export {
  type Evaluated,
  type EvaluateOptions,
  evaluateModel,
  type TrainedModel,
} from "./train/evaluate/evaluate-model.ts";
export type { Evaluation } from "./train/evaluate/evaluation.ts";
export { outsideOf } from "./train/evaluate/region.ts";
export type { Loss } from "./train/loss.ts";
export { type LossName, losses } from "./train/losses.ts";
export { type OptimiserName, optimisers } from "./train/optimisers.ts";
export type { Checkpoint, TrainingProgress, TrainOptions } from "./train/options.ts";
export type { RunPicturesInput } from "./train/report/picture-draft.ts";
export { type ReportInput, reportHtml } from "./train/report/report.ts";
export { type RunPicture, runPictures } from "./train/report/run-pictures.ts";
export { type RunConfig, readRunConfig } from "./train/run/run-config.ts";
export { type TrainedRun, type TrainRunParts, trainRun } from "./train/run/train-run.ts";
export { type Trained, train } from "./train/train.ts";
