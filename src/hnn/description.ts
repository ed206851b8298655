import { readModel } from "../compile.ts";
import { HnncError } from "../errors.ts";
import type { ModelOptions, NetworkOptions, StateNames, TrainableModel } from "./model.ts";
import { isModelName, type ModelName, models } from "./models.ts";
import type { Normalisation } from "./normalisation.ts";

/** A formula, and which values its parameters have instead of their defaults, in base units. */
export interface PriorDescription {
  readonly text: string;
  readonly parameters?: Readonly<Record<string, number | readonly number[]>> | undefined;
}

/**
 * All that it takes to build a trainable model again, as JSON: with the parameters it is the whole model. What is left
 * out has its default.
 */
export interface ModelDescription extends NetworkOptions, StateNames {
  readonly family: ModelName;
  readonly normalisation?: Normalisation | undefined;
  readonly prior?: PriorDescription | undefined;
  readonly functions?: ModelOptions["functions"];
  readonly learn?: readonly string[] | undefined;
  readonly residual?: boolean | undefined;
  readonly features?: number | undefined;
  readonly featureSeed?: number | undefined;
}

/**
 * Builds what is described.
 *
 * @throws HnncError `unknown-model` (usage), and what the family's `create` and the formula's reading throw
 * @example
 * const model = modelOf({ family: "hnn", coordinates: ["q"], momenta: ["p"], hidden: [64, 64] });
 */
export function modelOf(description: ModelDescription): TrainableModel {
  const { family, coordinates, momenta, prior, ...options } = description;
  if (!isModelName(family)) {
    throw new HnncError({
      kind: "usage",
      code: "unknown-model",
      message: `there is no model \`${String(family)}\``,
      notes: [`models: ${Object.keys(models).join(" ")}`],
    });
  }
  return models[family].create({
    ...options,
    dimension: coordinates.length + momenta.length,
    names: { coordinates, momenta },
    prior: prior && readModel(prior.text, { parameters: prior.parameters }),
  });
}
