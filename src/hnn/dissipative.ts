import { affine } from "../expr/affine.ts";
import { call, symbol } from "../expr/build.ts";
import { concat } from "../graph/arrange.ts";
import { add, mul, neg, softplus } from "../graph/build.ts";
import type { GraphNode } from "../graph/graph.ts";
import type { Model } from "../model.ts";
import { slopesOf } from "./canonical.ts";
import { constantValues } from "./constants.ts";
import { type ModelFamily, type ModelInputs, resolveOptions, type StateNames, type TrainableModel } from "./model.ts";
import { type NetworkShape, networkDrafts, networkValue, trainedNetwork } from "./network.ts";
import { energyScaling } from "./normalisation.ts";
import { parameterSet } from "./parameters.ts";
import { freeName, stateModel } from "./state-model.ts";

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
    const { dimension, hidden, activation, names, normalisation } = resolveOptions(options);
    const scaling = energyScaling(normalisation);
    const shape: NetworkShape = { inputs: dimension, hidden, outputs: 1, activation, scaling };
    const n = dimension / 2;
    const friction = {
      name: "friction",
      shape: [n],
      initial: { kind: "values", values: new Array<number>(n).fill(firstRaw) },
      decays: false,
    } as const;
    const parameters = parameterSet([...networkDrafts("energy", shape), friction]);
    const energy = (given: ModelInputs) => networkValue("energy", shape, parameters.parts(given.parameters), given.x);
    const constants = (vector: GraphNode) => new Map([["friction", softplus(parameters.parts(vector)("friction"))]]);
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
      constants,
      formula: (vector) => {
        const networks = new Map([["N", trainedNetwork("energy", shape, parameters, vector)]]);
        return dampedModel(names, networks, constantValues(constants, vector).friction!);
      },
    };
  },
};

/** H = N(q, p) with `damping p = k`, one k a momentum. */
function dampedModel(names: StateNames, networks: NonNullable<Model["networks"]>, friction: Float64Array): Model {
  const taken = new Set(["t", "N", ...[...names.coordinates, ...names.momenta].map((name) => name.split("[", 1)[0]!)]);
  const base = freeName("k", taken);
  const parameters = Array.from(friction, (value, k) => {
    const name = friction.length === 1 ? base : freeName(`${base}_${k + 1}`, taken);
    return { name, shape: [], value };
  });
  return stateModel(names, ({ coordinates, momenta, momentumPlaces }) => ({
    hamiltonian: call("N", [...coordinates, ...momenta]),
    networks,
    parameters,
    damping: momentumPlaces.map(({ target, at }, k) => ({
      target,
      at: at.map((each) => affine(each)),
      over: [],
      value: symbol(parameters[k]!.name),
    })),
  }));
}
