import { call, add as plus } from "../expr/build.ts";
import { add } from "../graph/build.ts";
import { canonicalField, halves, slopesOf } from "./canonical.ts";
import { type ModelFamily, type ModelInputs, resolveOptions, type TrainableModel } from "./model.ts";
import { type NetworkShape, networkDrafts, networkValue, trainedNetwork } from "./network.ts";
import { energyScaling } from "./normalisation.ts";
import { parameterSet } from "./parameters.ts";
import { stateModel } from "./state-model.ts";

/** One network for T(p) and one for V(q): what is learned can be integrated by explicit symplectic methods. */
export const separable: ModelFamily = {
  name: "separable",
  description: "two networks, H = T(p) + V(q): for explicit symplectic methods",
  needsPrior: false,
  create(options): TrainableModel {
    const { dimension, hidden, activation, names, normalisation } = resolveOptions(options);
    const n = dimension / 2;
    const part = { inputs: n, hidden, outputs: 1, activation };
    const kinetic: NetworkShape = { ...part, scaling: energyScaling(normalisation, n, dimension) };
    const potential: NetworkShape = { ...part, scaling: energyScaling(normalisation, 0, n) };
    const parameters = parameterSet([...networkDrafts("kinetic", kinetic), ...networkDrafts("potential", potential)]);
    const energy = (given: ModelInputs) => {
      const part = parameters.parts(given.parameters);
      const { coordinates, momenta } = halves(given.x);
      return add(
        networkValue("kinetic", kinetic, part, momenta),
        networkValue("potential", potential, part, coordinates),
      );
    };
    return {
      family: separable.name,
      dimension,
      timeDependent: false,
      parameters,
      energy,
      field: (given) => canonicalField(slopesOf(energy(given), given.x)),
      formula: (vector) =>
        stateModel(names, ({ coordinates, momenta }) => ({
          hamiltonian: plus(call("T", momenta), call("V", coordinates)),
          networks: new Map([
            ["T", trainedNetwork("kinetic", kinetic, parameters, vector)],
            ["V", trainedNetwork("potential", potential, parameters, vector)],
          ]),
        })),
    };
  },
};
