import { call } from "../expr/build.ts";
import { canonicalField, slopesOf } from "./canonical.ts";
import { type ModelFamily, type ModelInputs, resolveOptions, type TrainableModel } from "./model.ts";
import { type NetworkShape, networkDrafts, networkValue, trainedNetwork } from "./network.ts";
import { energyScaling } from "./normalisation.ts";
import { parameterSet } from "./parameters.ts";
import { stateModel } from "./state-model.ts";

/**
 * A network for H; the field is J∇H, so that what is learned is conserved.
 * Source: Greydanus, Dzamba, Yosinski, NeurIPS 2019, arXiv:1906.01563.
 */
export const hnn: ModelFamily = {
  name: "hnn",
  description: "a network for H(q, p), the field is its symplectic gradient",
  needsPrior: false,
  create(options): TrainableModel {
    const { dimension, hidden, activation, names, normalisation } = resolveOptions(options);
    const scaling = energyScaling(normalisation);
    const shape: NetworkShape = { inputs: dimension, hidden, outputs: 1, activation, scaling };
    const parameters = parameterSet(networkDrafts("energy", shape));
    const energy = (given: ModelInputs) => networkValue("energy", shape, parameters.parts(given.parameters), given.x);
    return {
      family: hnn.name,
      dimension,
      timeDependent: false,
      parameters,
      energy,
      field: (given) => canonicalField(slopesOf(energy(given), given.x)),
      formula: (vector) =>
        stateModel(names, ({ coordinates, momenta }) => ({
          hamiltonian: call("N", [...coordinates, ...momenta]),
          networks: new Map([["N", trainedNetwork("energy", shape, parameters, vector)]]),
        })),
    };
  },
};
