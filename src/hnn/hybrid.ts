import { isActivation } from "../graph/activation.ts";
import { add } from "../graph/build.ts";
import type { GraphNode } from "../graph/graph.ts";
import { layoutOf } from "../mechanics/layout.ts";
import type { Model } from "../model.ts";
import { type ActivationName, activationNames, type Network } from "../network.ts";
import { boundPrior } from "./bound-prior.ts";
import { canonicalField, slopesOf } from "./canonical.ts";
import { constantValues } from "./constants.ts";
import { functionScaling } from "./function-scaling.ts";
import {
  type ModelFamily,
  type ModelInputs,
  optionFault,
  type ResolvedOptions,
  resolveOptions,
  type TrainableModel,
} from "./model.ts";
import { type NetworkShape, networkDrafts, networkValue, trainedNetwork } from "./network.ts";
import { energyScaling } from "./normalisation.ts";
import { type Part, parameterSet } from "./parameters.ts";
import { lowerPrior } from "./prior.ts";
import { priorConstants } from "./prior-constants.ts";

/**
 * A formula and what it leaves out: its unknown functions are networks, its parameters marked `learn` are moved, and a
 * network of the whole state is added to H where that is wanted. Damping and forces of the formula act on the whole.
 *
 * @example
 * hybrid.create({ dimension: 2, prior: parseModel("p^2/2 + V(q)"), hidden: [32, 32] });
 */
export const hybrid: ModelFamily = {
  name: "hybrid",
  description: "a formula whose unknown functions, parameters or missing terms are learned",
  needsPrior: true,
  create(options): TrainableModel {
    const resolved = resolveOptions(options);
    const { dimension, hidden, activation, normalisation, learn = [] } = resolved;
    const prior = requirePrior(resolved);
    const rest: NetworkShape = {
      inputs: dimension,
      hidden,
      outputs: 1,
      activation,
      scaling: energyScaling(normalisation),
    };
    const shapes = functionShapes(prior, resolved);
    const constants = priorConstants(prior, learn);
    const hasResidual = resolved.residual ?? (shapes.size === 0 && constants.drafts.length === 0);
    const parameters = parameterSet([
      ...constants.drafts,
      ...[...shapes].flatMap(([name, shape]) => networkDrafts(`function.${name}`, shape)),
      ...(hasResidual ? networkDrafts("residual", rest) : []),
    ]);
    if (parameters.count === 0) throw optionFault("there is nothing to learn in this formula");
    const lower = (given: ModelInputs) => {
      const part = parameters.parts(given.parameters);
      const value = (name: string, args: GraphNode) => networkValue(`function.${name}`, shapes.get(name)!, part, args);
      return lowerPrior(prior, constants, given, { part, value });
    };
    const restEnergy = (part: Part, given: ModelInputs) => networkValue("residual", rest, part, given.x);
    const energyOf = (known: GraphNode, given: ModelInputs) =>
      hasResidual ? add(known, restEnergy(parameters.parts(given.parameters), given)) : known;
    const learned = (vector: GraphNode) => constants.learned(parameters.parts(vector));
    return {
      family: hybrid.name,
      dimension,
      timeDependent: prior.timeDependent,
      parameters,
      energy: (given) => energyOf(lower(given).energy, given),
      field: (given) => {
        const { energy, field } = lower(given);
        return field(slopesOf(energyOf(energy, given), given.x));
      },
      residual: hasResidual
        ? (given) => canonicalField(slopesOf(restEnergy(parameters.parts(given.parameters), given), given.x))
        : undefined,
      constants: learned,
      formula: (vector) => {
        const functions = [...shapes].map(([name, shape]): [string, Network] => [
          name,
          trainedNetwork(`function.${name}`, shape, parameters, vector),
        ]);
        const added = hasResidual ? trainedNetwork("residual", rest, parameters, vector) : undefined;
        return boundPrior(prior, new Map(functions), { added, constants: constantValues(learned, vector) });
      },
    };
  },
};

function requirePrior({ prior, dimension }: ResolvedOptions): Model {
  if (!prior) throw optionFault("the model `hybrid` needs a formula");
  const own = layoutOf(prior).dimension;
  if (own !== dimension) throw optionFault(`the formula's state has ${own} entries, the data's ${dimension}`);
  return prior;
}

/** What the networks behind unknown functions look like: as the options say, else as the formula says, else as the rest. */
function functionShapes(
  prior: Model,
  { functions: wanted = {}, hidden, activation, normalisation }: ResolvedOptions,
): Map<string, NetworkShape> {
  const functions = prior.unknownFunctions;
  const names = functions.map(({ name }) => name);
  const stranger = Object.keys(wanted).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    throw optionFault(`the formula has no unknown function \`${stranger}\``, [
      `unknown functions: ${names.join(" ") || "none"}`,
    ]);
  }
  return new Map(
    functions.map(({ name, arity, network }) => {
      const own = Object.hasOwn(wanted, name) ? wanted[name] : undefined;
      const shape: NetworkShape = {
        inputs: arity,
        hidden: own?.hidden ?? network?.sizes ?? hidden,
        outputs: 1,
        activation: own?.activation ?? activationOf(network?.activation) ?? activation,
        scaling: normalisation && functionScaling(prior, name, normalisation),
      };
      return [name, shape];
    }),
  );
}

function activationOf(name: string | undefined): ActivationName | undefined {
  if (name === undefined || isActivation(name)) return name;
  throw optionFault(`there is no activation \`${name}\``, [`activations: ${activationNames.join(" ")}`]);
}
