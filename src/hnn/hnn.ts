import { canonicalField, slopesOf } from "./canonical.ts";
import { type ModelFamily, type ModelInputs, resolveOptions, type TrainableModel } from "./model.ts";
import { type NetworkShape, networkDrafts, networkValue } from "./network.ts";
import { parameterSet } from "./parameters.ts";

/**
 * A network for H; the field is J∇H, so that what is learned is conserved.
 * Source: Greydanus, Dzamba, Yosinski, NeurIPS 2019, arXiv:1906.01563.
 */
export const hnn: ModelFamily = {
  name: "hnn",
  description: "a network for H(q, p), the field is its symplectic gradient",
  needsPrior: false,
  create(options): TrainableModel {
    const { dimension, hidden, activation } = resolveOptions(options);
    const shape: NetworkShape = { inputs: dimension, hidden, outputs: 1, activation };
    const parameters = parameterSet(networkDrafts("energy", shape));
    const energy = (given: ModelInputs) => networkValue("energy", shape, parameters.parts(given.parameters), given.x);
    return {
      family: hnn.name,
      dimension,
      timeDependent: false,
      parameters,
      energy,
      field: (given) => canonicalField(slopesOf(energy(given), given.x)),
    };
  },
};
