import { HnncError } from "../errors.ts";
import { isActivation } from "../graph/activation.ts";
import type { GraphNode, NodeOf } from "../graph/graph.ts";
import type { Model } from "../model.ts";
import { type ActivationName, activationNames, type Network } from "../network.ts";
import type { Normalisation } from "./normalisation.ts";
import type { ParameterSet } from "./parameters.ts";

/** What a model is computed from, all nodes of one graph. */
export interface ModelInputs {
  /** The flat vector, `[count]`. */
  readonly parameters: GraphNode;
  /**
   * States `[q1 … qn, p1 … pn]`, `[B, 2n]`: an input of the graph, since a model differentiates with respect to it.
   * Whoever wants the field elsewhere substitutes afterwards (`fieldFunction`).
   */
  readonly x: NodeOf<"input">;
  /** The time, `[]` or `[B, 1]`, where the model depends on it. */
  readonly t?: GraphNode | undefined;
}

/** What a model of sequences is computed from. */
export interface SequenceInputs {
  /** The flat vector, `[count]`. */
  readonly parameters: GraphNode;
  /** States that follow one another in equal steps of time, `[B, length, 2n]`. */
  readonly states: GraphNode;
}

/** A model that goes from state to state, with a memory of those before, instead of having a field. */
export interface SequenceModel {
  /** (x[k+1] − x[k])/dt for each state of a window that the memory is empty before, `[B, length, 2n]`. */
  rates(inputs: SequenceInputs): GraphNode;
  /**
   * The same in plain numbers, one state after the other: a function that is given x[k] and writes the rate into `out`,
   * its memory empty before the first call.
   *
   * @param parameters `[count]`
   */
  begin(parameters: Float64Array): (x: Float64Array, out: Float64Array) => void;
}

/** A parametrised motion of states: what training moves the parameters of. */
export interface TrainableModel {
  /** The name of its family. */
  readonly family: string;
  /** 2n, the length of a state. */
  readonly dimension: number;
  readonly timeDependent: boolean;
  readonly parameters: ParameterSet;
  /** Whether ẋ is linear in the weights of networks, so that one solve may find them. */
  readonly isLinear?: boolean | undefined;
  /** ẋ, `[B, 2n]`; absent where a model goes from state to state, which `sequence` then does. */
  readonly field?: ((inputs: ModelInputs) => GraphNode) | undefined;
  /** Present where there is no field. */
  readonly sequence?: SequenceModel | undefined;
  /** H, `[B, 1]`, up to a constant; absent where a model knows no energy. */
  readonly energy?: ((inputs: ModelInputs) => GraphNode) | undefined;
  /** What a network adds to a formula's ẋ, `[B, 2n]`; absent where there is no formula or nothing is added. */
  readonly residual?: ((inputs: ModelInputs) => GraphNode) | undefined;
  /**
   * Physical constants that training moves, by name, row-major, in the formula's units: one node each, of the
   * parameter's shape.
   */
  readonly constants?: ((parameters: GraphNode) => ReadonlyMap<string, GraphNode>) | undefined;
  /**
   * What was learned as a formula again, its networks bound and learned constants as defaults: it compiles to every
   * target. Absent where there is no energy.
   *
   * @param parameters `[count]`
   */
  readonly formula?: ((parameters: Float64Array) => Model) | undefined;
  /** ẋ as one network of the state, of baselines. */
  readonly fieldNetwork?: ((parameters: Float64Array) => Network) | undefined;
}

/** The names of a state's entries: `q`, or `q[1]`, `q[2]`, … for arrays. */
export interface StateNames {
  /** n names. */
  readonly coordinates: readonly string[];
  /** Paired with the coordinates by position. */
  readonly momenta: readonly string[];
}

/** What a network looks like. */
export interface NetworkOptions {
  /** Units of the hidden layers. Default [200, 200]. */
  readonly hidden?: readonly number[] | undefined;
  /** Default tanh. */
  readonly activation?: ActivationName | undefined;
}

/** What a model is to look like; families take what they know. */
export interface ModelOptions extends NetworkOptions {
  /** 2n, the length of a state: even, at least 2. */
  readonly dimension: number;
  /** Default: `q` and `p`, or `q[1]` … `q[n]` and `p[1]` … `p[n]`; a formula has its own. */
  readonly names?: StateNames | undefined;
  /** Where the data lie, so that networks see and give numbers of order one. Default: they see what there is. */
  readonly normalisation?: Normalisation | undefined;
  /** A formula that the network completes (`hybrid`, `random-features`), in base units. */
  readonly prior?: Model | undefined;
  /** The networks behind the formula's unknown functions; those not named look like the model's. */
  readonly functions?: Readonly<Record<string, NetworkOptions>> | undefined;
  /** Parameters of the formula that are learned besides those the formula marks with `learn`. */
  readonly learn?: readonly string[] | undefined;
  /** Whether a network of the whole state is added to H. Default: where nothing else of the formula is learned. */
  readonly residual?: boolean | undefined;
  /** How many random features. Default 200. */
  readonly features?: number | undefined;
  /** What they are drawn from: they are part of the model, whatever the seed of training. Default 0. */
  readonly featureSeed?: number | undefined;
}

/** A way to build a vector field that can be trained: one object, one file, one line in the registry. */
export interface ModelFamily {
  readonly name: string;
  /** One line for lists. */
  readonly description: string;
  /** Whether it needs `options.prior`. */
  readonly needsPrior: boolean;
  /**
   * A model of these sizes.
   *
   * @throws HnncError `model-options` (usage), and for formulas what their lowering throws
   */
  create(options: ModelOptions): TrainableModel;
}

/** Options with their defaults put in. */
export type ResolvedOptions = ModelOptions & {
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly names: StateNames;
};

/** @throws HnncError `model-options` (usage), saying what was found */
export function resolveOptions(options: ModelOptions): ResolvedOptions {
  const { dimension, hidden = [200, 200], activation = "tanh" } = options;
  if (!Number.isInteger(dimension) || dimension < 2 || dimension % 2 !== 0) {
    throw optionFault(`a state has an even number of entries, not ${dimension}`);
  }
  for (const units of hidden) {
    if (!Number.isInteger(units) || units < 1) throw optionFault(`a layer cannot have ${units} units`);
  }
  if (!isActivation(activation)) {
    throw optionFault(`there is no activation \`${String(activation)}\``, [
      `activations: ${activationNames.join(" ")}`,
    ]);
  }
  const { normalisation, names = usualNames(dimension / 2) } = options;
  for (const each of [[...names.coordinates, ...names.momenta], normalisation?.shift, normalisation?.scale]) {
    if (each && each.length !== dimension)
      throw optionFault(`${each.length} entries do not fit a state of ${dimension}`);
  }
  return { ...options, dimension, hidden, activation, names };
}

function usualNames(n: number): StateNames {
  const named = (base: string) => (n === 1 ? [base] : Array.from({ length: n }, (_, k) => `${base}[${k + 1}]`));
  return { coordinates: named("q"), momenta: named("p") };
}

export function optionFault(message: string, notes: readonly string[] = []): HnncError {
  return new HnncError({ kind: "usage", code: "model-options", message, notes });
}
