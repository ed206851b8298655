import { concat } from "../graph/arrange.ts";
import { add, mul, neg, softplus } from "../graph/build.ts";
import { slopesOf } from "./canonical.ts";
import { type ModelFamily, type ModelInputs, resolveOptions, type TrainableModel } from "./model.ts";
import { type NetworkShape, networkDrafts, networkValue } from "./network.ts";
import { parameterSet } from "./parameters.ts";

/** The friction that training begins with; softplus(raw) = 0.1. */
const firstRaw = Math.log(Math.expm1(0.1));

/**
 * A network for H and a friction k ≥ 0 for each momentum: ẋ = (J − R)∇H = [∂H/∂p, −∂H/∂q − k ∂H/∂p], so that energy
 * never grows. Port-Hamiltonian form: van der Schaft, Jeltsema, doi:10.1561/2600000002.
 */
export const dissipative: ModelFamily = {
  name: "dissipative",
  description: "a network for H and learned friction, (J − R)∇H: energy never grows",
  needsPrior: false,
  create(options): TrainableModel {
    const { dimension, hidden, activation } = resolveOptions(options);
    const shape: NetworkShape = { inputs: dimension, hidden, outputs: 1, activation };
    const n = dimension / 2;
    const friction = {
      name: "friction",
      shape: [n],
      initial: { kind: "values", values: new Array<number>(n).fill(firstRaw) },
      decays: false,
    } as const;
    const parameters = parameterSet([...networkDrafts("energy", shape), friction]);
    const energy = (given: ModelInputs) => networkValue("energy", shape, parameters.parts(given.parameters), given.x);
    return {
      family: dissipative.name,
      dimension,
      timeDependent: false,
      parameters,
      energy,
      field: (given) => {
        const { dHdq, dHdp } = slopesOf(energy(given), given.x);
        const damping = softplus(parameters.parts(given.parameters)("friction"));
        return concat([dHdp, neg(add(dHdq, mul(damping, dHdp)))], 1);
      },
      constants: (vector) => new Map([["friction", softplus(parameters.parts(vector)("friction"))]]),
    };
  },
};
