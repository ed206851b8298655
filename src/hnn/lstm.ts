import { matmul, slice } from "../graph/arrange.ts";
import { add, constant, data, div, mul, sigmoid, sub, tanh } from "../graph/build.ts";
import type { Graph, GraphNode } from "../graph/graph.ts";
import { scan } from "../graph/scan.ts";
import { lengthAlong } from "../graph/shape.ts";
import { beginLstm, forgetBias, type LstmShape } from "./lstm-step.ts";
import { type ModelFamily, resolveOptions, type SequenceInputs, type TrainableModel } from "./model.ts";
import { type ParameterDraft, type Part, parameterSet } from "./parameters.ts";

/**
 * Cells with a memory that see one state after another and say where the next is: the baseline that knows neither a
 * field nor energy. The gates are those of Gers, Schmidhuber, Cummins, doi:10.1162/089976600300015015:
 *
 *     i, f, o = σ(x·W + h·U + b),  f with a bias of 1 more;   g = tanh(x·W + h·U + b)
 *     c ← f·c + i·g,   h ← o·tanh(c),   (x[k+1] − x[k])/dt = h·V + d
 *
 * The step dt is the data's: it is learned with the rest.
 */
export const lstm: ModelFamily = {
  name: "lstm",
  description: "cells with a memory that go from state to state: a baseline without a field",
  needsPrior: false,
  create(options): TrainableModel {
    const { dimension, hidden } = resolveOptions({ ...options, hidden: options.hidden ?? [64] });
    const { normalisation } = options;
    const parameters = parameterSet(drafts(dimension, hidden));
    const shape = { dimension, hidden, normalisation };
    return {
      family: lstm.name,
      dimension,
      timeDependent: false,
      parameters,
      sequence: {
        rates: (given) => rates(shape, parameters.parts(given.parameters), given),
        begin: (vector) => beginLstm(shape, (name) => parameters.values(vector, name)),
      },
    };
  },
};

/** Weights uniform within 1/√units, as is usual for these cells. */
function drafts(dimension: number, hidden: readonly number[]): ParameterDraft[] {
  const cells = hidden.flatMap((units, k): ParameterDraft[] => {
    const initial = { kind: "uniform", bound: 1 / Math.sqrt(units) } as const;
    return [
      { name: `cell${k + 1}.input`, shape: [hidden[k - 1] ?? dimension, 4 * units], initial },
      { name: `cell${k + 1}.memory`, shape: [units, 4 * units], initial },
      { name: `cell${k + 1}.bias`, shape: [4 * units], initial },
    ];
  });
  const last = hidden.at(-1) ?? dimension;
  const initial = { kind: "uniform", bound: 1 / Math.sqrt(last) } as const;
  return [
    ...cells,
    { name: "output.weight", shape: [last, dimension], initial },
    { name: "output.bias", shape: [dimension], initial },
  ];
}

function rates({ hidden, normalisation }: LstmShape, part: Part, { states }: SequenceInputs): GraphNode {
  const { graph } = states;
  let value = states;
  if (normalisation) {
    value = div(sub(value, row(graph, normalisation.shift)), row(graph, normalisation.scale));
  }
  hidden.forEach((units, k) => {
    value = cell(value, units, (name) => part(`cell${k + 1}.${name}`));
  });
  const out = add(matmul(value, part("output.weight")), part("output.bias"));
  return normalisation ? mul(out, row(graph, normalisation.rates)) : out;
}

/** What a cell gives along a sequence, `[B, length, units]`: what it makes of its input is one product for all steps. */
function cell(entries: GraphNode, units: number, part: Part): GraphNode {
  const { graph } = entries;
  const length = lengthAlong(entries.shape, 1);
  const driven = add(matmul(entries, part("input")), part("bias"));
  const empty = constant(graph, 0, ["B", units]);
  const inputs = { length, carries: [empty, empty], sequences: [driven], constants: [part("memory")] };
  const { collected } = scan(graph, inputs, ({ carries, sequences, constants }) => {
    const [h, c] = carries as [GraphNode, GraphNode];
    const gates = add(sequences[0]!, matmul(h, constants[0]!));
    const gate = (k: number) => slice(gates, 1, k * units, (k + 1) * units);
    const kept = mul(sigmoid(add(gate(1), forgetBias)), c);
    const memory = add(kept, mul(sigmoid(gate(0)), tanh(gate(2))));
    const output = mul(sigmoid(gate(3)), tanh(memory));
    return { carries: [output, memory], collected: [output] };
  });
  return collected[0]!;
}

function row(graph: Graph, values: readonly number[]): GraphNode {
  return data(graph, { kind: "values", values }, [values.length], "real");
}
