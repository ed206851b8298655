import { call } from "../expr/build.ts";
import { add, data, mul } from "../graph/build.ts";
import type { GraphNode } from "../graph/graph.ts";
import { type LayerNodes, layersValue } from "../graph/network.ts";
import { layoutOf } from "../mechanics/layout.ts";
import type { Model } from "../model.ts";
import type { DenseLayer, Network } from "../network.ts";
import { boundPrior } from "./bound-prior.ts";
import { canonicalField, slopesOf } from "./canonical.ts";
import { constantValues } from "./constants.ts";
import {
  type ModelFamily,
  type ModelInputs,
  optionFault,
  type ResolvedOptions,
  resolveOptions,
  type TrainableModel,
} from "./model.ts";
import { type ParameterSet, parameterSet } from "./parameters.ts";
import { lowerPrior } from "./prior.ts";
import { priorConstants } from "./prior-constants.ts";
import { randomLayer } from "./random-layer.ts";
import { stateModel } from "./state-model.ts";

/**
 * H = Σ cₖ σ(wₖ·x + bₖ) with w and b that are drawn once and stay, beside a formula where one is given: ẋ is linear in
 * c, which one ridge solve finds, and the formula's constants with them.
 * Sources: Rahimi, Recht, NIPS 2007; Bertalan, Dietrich, Mezić, Kevrekidis, doi:10.1063/1.5128231.
 *
 * @example
 * const model = models["random-features"].create({ dimension: 2, normalisation: normalisationOf(data) });
 * await train(model, data); // milliseconds
 */
export const randomFeatures: ModelFamily = {
  name: "random-features",
  description: "a fixed random layer under one that is solved for at once; beside a formula where one is given",
  needsPrior: false,
  create(options): TrainableModel {
    const resolved = resolveOptions(options);
    return resolved.prior ? besideFormula(resolved, resolved.prior) : alone(resolved);
  },
};

function alone(options: ResolvedOptions): TrainableModel {
  const features = featuresOf(options);
  const parameters = parameterSet([features.draft]);
  const energy = (given: ModelInputs) => features.energy(parameters, given);
  return {
    family: randomFeatures.name,
    dimension: options.dimension,
    timeDependent: false,
    isLinear: true,
    parameters,
    energy,
    field: (given) => canonicalField(slopesOf(energy(given), given.x)),
    formula: (vector) =>
      stateModel(options.names, ({ coordinates, momenta }) => ({
        hamiltonian: call("N", [...coordinates, ...momenta]),
        networks: new Map([["N", features.network(parameters, vector)]]),
      })),
  };
}

function besideFormula(options: ResolvedOptions, prior: Model): TrainableModel {
  requireFit(options, prior);
  const features = featuresOf(options);
  const constants = priorConstants(prior, options.learn ?? []);
  const parameters = parameterSet([...constants.drafts, features.draft]);
  const lower = (given: ModelInputs) =>
    lowerPrior(prior, constants, given, { part: parameters.parts(given.parameters), value: noNetwork });
  const energyOf = (known: GraphNode, given: ModelInputs) => add(known, features.energy(parameters, given));
  const learned = (vector: GraphNode) => constants.learned(parameters.parts(vector));
  return {
    family: randomFeatures.name,
    dimension: options.dimension,
    timeDependent: prior.timeDependent,
    isLinear: true,
    parameters,
    energy: (given) => energyOf(lower(given).energy, given),
    field: (given) => {
      const { energy, field } = lower(given);
      return field(slopesOf(energyOf(energy, given), given.x));
    },
    residual: (given) => canonicalField(slopesOf(features.energy(parameters, given), given.x)),
    constants: learned,
    formula: (vector) => {
      const added = features.network(parameters, vector);
      return boundPrior(prior, new Map(), { added, constants: constantValues(learned, vector) });
    },
  };
}

const coefficients = "features.coefficients";

/** The features as part of a model: H is of the data's size where coefficients are of order one. */
function featuresOf(options: ResolvedOptions) {
  const layer = randomLayer(options);
  const size = options.normalisation?.energy ?? 1;
  const values = new Array<number>(layer.outputs).fill(0);
  return {
    draft: { name: coefficients, shape: [layer.outputs, 1], initial: { kind: "values", values } },
    energy(set: ParameterSet, { parameters, x }: ModelInputs): GraphNode {
      const weight = mul(size, set.parts(parameters)(coefficients));
      return layersValue([fixedLayer(x, layer), { weight, bias: undefined, activation: undefined }], x);
    },
    network(set: ParameterSet, vector: Float64Array): Network {
      const weights = set.values(vector, coefficients).map((value) => size * value);
      const last = { inputs: layer.outputs, outputs: 1, weights, biases: undefined, activation: undefined };
      return { layers: [layer, last] };
    },
  } as const;
}

function fixedLayer({ graph }: GraphNode, { weights, biases, inputs, outputs, activation }: DenseLayer): LayerNodes {
  const numbers = (values: Float64Array, shape: readonly number[]) =>
    data(graph, { kind: "values", values: Array.from(values) }, shape, "real");
  return { weight: numbers(weights, [inputs, outputs]), bias: numbers(biases!, [outputs]), activation };
}

function requireFit({ dimension }: ResolvedOptions, prior: Model): void {
  const own = layoutOf(prior).dimension;
  if (own !== dimension) throw optionFault(`the formula's state has ${own} entries, the data's ${dimension}`);
  const [open] = prior.unknownFunctions;
  if (open) {
    throw optionFault(`random features are added to H, and cannot stand for \`${open.name}\``, [
      "the model `hybrid` puts networks behind unknown functions",
    ]);
  }
}

function noNetwork(name: string): never {
  throw optionFault(`nothing stands for \`${name}\``);
}
