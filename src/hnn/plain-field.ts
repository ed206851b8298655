import { type Compiled, compileModel } from "../compile.ts";
import { motionFacts } from "../ensemble/facts.ts";
import { input } from "../graph/build.ts";
import { evaluateGraph } from "../graph/evaluate.ts";
import { createGraph } from "../graph/graph.ts";
import type { Motion } from "../integrate/integrator.ts";
import { denseNetwork } from "./dense-network.ts";
import { optionFault, type TrainableModel } from "./model.ts";

/** A vector field in plain double precision, one state at a time: what integrators and measurements take. */
export interface PlainField {
  /** 2n. */
  readonly dimension: number;
  /**
   * ẋ at a state, written into `out` and returned.
   *
   * @param t default 0
   */
  field(x: Float64Array, out: Float64Array, t?: number): Float64Array;
  /** H, up to a constant where it was learned; absent where a model knows no energy. */
  readonly energy: ((x: Float64Array, t?: number) => number) | undefined;
  /** The formula that it was compiled from; absent for baselines. */
  readonly compiled: Compiled | undefined;
  /** The same for integrators. */
  readonly motion: Motion;
}

/**
 * A trained model as a plain field: the compiled kernel of its formula, or a baseline's network.
 *
 * @param parameters `[count]`
 * @throws HnncError `model-options` (usage) where the model has no field
 * @example
 * const { field, motion } = plainField(model, parameters);
 * integrate(motion, [1, 0], { t: 20, rtol: 1e-12, method: "dop853" });
 */
export function plainField(model: TrainableModel, parameters: Float64Array): PlainField {
  if (model.formula) return compiledField(compileModel(model.formula(parameters)));
  if (model.fieldNetwork) {
    const network = denseNetwork(model.fieldNetwork(parameters));
    return uncompiled(model, (x, out) => {
      network(x, out);
      return out;
    });
  }
  return interpretedField(model, parameters);
}

/** A compiled Hamiltonian with its default parameters as a plain field. */
export function compiledField(compiled: Compiled): PlainField {
  const { field, hamiltonian, source } = compiled;
  return {
    dimension: source.equations.layout.dimension,
    field: (x, out, t) => field(x, out, undefined, t),
    energy: (x, t) => hamiltonian(x, undefined, t),
    compiled,
    motion: { ...motionFacts(source), field: (x, out, t) => void field(x, out, undefined, t) },
  };
}

/** Through the graph's interpreter: slow, for any model with a field. */
export function interpretedField(model: TrainableModel, parameters: Float64Array): PlainField {
  if (!model.field) throw optionFault(`the model \`${model.family}\` has no field`);
  const graph = createGraph();
  const leaves = {
    parameters: input(graph, "parameters", [model.parameters.count]),
    x: input(graph, "x", ["B", model.dimension]),
    t: input(graph, "t", ["B", 1]),
  };
  const [rate, energy] = [model.field(leaves), model.energy?.(leaves)];
  const feeds = (x: Float64Array, t = 0) => ({ parameters, x, t: [t] });
  const field = (x: Float64Array, out: Float64Array, t?: number) => {
    out.set(evaluateGraph([rate], feeds(x, t))[0]!.values);
    return out;
  };
  const plain = uncompiled(model, field);
  return energy ? { ...plain, energy: (x, t) => evaluateGraph([energy], feeds(x, t))[0]!.values[0]! } : plain;
}

function uncompiled({ dimension, timeDependent }: TrainableModel, field: PlainField["field"]): PlainField {
  const facts = { degreesOfFreedom: dimension / 2, separable: false, timeDependent, damped: true };
  return {
    dimension,
    field,
    energy: undefined,
    compiled: undefined,
    motion: { ...facts, field: (x, out, t) => void field(x, out, t) },
  };
}
