import { add } from "../graph/build.ts";
import { canonicalField, halves, slopesOf } from "./canonical.ts";
import { type ModelFamily, type ModelInputs, resolveOptions, type TrainableModel } from "./model.ts";
import { type NetworkShape, networkDrafts, networkValue } from "./network.ts";
import { parameterSet } from "./parameters.ts";

/** One network for T(p) and one for V(q): what is learned can be integrated by explicit symplectic methods. */
export const separable: ModelFamily = {
  name: "separable",
  description: "two networks, H = T(p) + V(q): for explicit symplectic methods",
  needsPrior: false,
  create(options): TrainableModel {
    const { dimension, hidden, activation } = resolveOptions(options);
    const shape: NetworkShape = { inputs: dimension / 2, hidden, outputs: 1, activation };
    const parameters = parameterSet([...networkDrafts("kinetic", shape), ...networkDrafts("potential", shape)]);
    const energy = (given: ModelInputs) => {
      const part = parameters.parts(given.parameters);
      const { coordinates, momenta } = halves(given.x);
      return add(networkValue("kinetic", shape, part, momenta), networkValue("potential", shape, part, coordinates));
    };
    return {
      family: separable.name,
      dimension,
      timeDependent: false,
      parameters,
      energy,
      field: (given) => canonicalField(slopesOf(energy(given), given.x)),
    };
  },
};
