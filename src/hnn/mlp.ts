import { type ModelFamily, resolveOptions, type TrainableModel } from "./model.ts";
import { type NetworkShape, networkDrafts, networkValue, trainedNetwork } from "./network.ts";
import { parameterSet } from "./parameters.ts";

/** A network for ẋ itself, which knows nothing of energy: the baseline. */
export const mlp: ModelFamily = {
  name: "mlp",
  description: "a network for the field itself, without energy: the baseline",
  needsPrior: false,
  create(options): TrainableModel {
    const { dimension, hidden, activation, normalisation } = resolveOptions(options);
    const scaling = normalisation && { ...normalisation, output: normalisation.rates };
    const shape: NetworkShape = { inputs: dimension, hidden, outputs: dimension, activation, scaling };
    const parameters = parameterSet(networkDrafts("field", shape));
    return {
      family: mlp.name,
      dimension,
      timeDependent: false,
      parameters,
      field: (given) => networkValue("field", shape, parameters.parts(given.parameters), given.x),
      fieldNetwork: (vector) => trainedNetwork("field", shape, parameters, vector),
    };
  },
};
