import { describe, expect, it } from "vitest";
import { print } from "../../src/expr/print.ts";
import { sum } from "../../src/graph/arrange.ts";
import { input, mul, square, sub } from "../../src/graph/build.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import { createGraph, type GraphNode } from "../../src/graph/graph.ts";
import { fieldFunction } from "../../src/hnn/field-function.ts";
import type { ModelFamily, ModelOptions, TrainableModel } from "../../src/hnn/model.ts";
import { models } from "../../src/hnn/models.ts";
import { type ActivationName, activationNames, type Network } from "../../src/network.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { expectGradient, wave } from "./parameter-gradient.ts";

const batch = 3;
/** Those with a field. */
const families: readonly ModelFamily[] = Object.values(models).filter((family) => small(family).field);

/** A small model of a family; formulas have two degrees of freedom, a product of q and p and a learned constant. */
function small({ create, needsPrior }: ModelFamily, options: Partial<ModelOptions> = {}): TrainableModel {
  const text = "(x px + y^2 py^2)/m + k x^2; m = 2; k = 0.3 learn";
  const prior = needsPrior ? parseModel(text) : undefined;
  return create({ dimension: 4, hidden: [5, 4], prior, residual: true, ...options });
}

interface Built {
  readonly model: TrainableModel;
  readonly field: GraphNode;
  readonly energy: GraphNode | undefined;
  readonly loss: GraphNode;
  readonly parameters: ReturnType<typeof input>;
  readonly feeds: Record<string, Float64Array>;
}

function build(model: TrainableModel): Built {
  const graph = createGraph();
  const { dimension } = model;
  const parameters = input(graph, "parameters", [model.parameters.count]);
  const x = input(graph, "x", ["B", dimension]);
  const wanted = input(graph, "wanted", ["B", dimension]);
  const field = model.field!({ parameters, x });
  const loss = mul(1 / (batch * dimension), sum(square(sub(field, wanted)), [0, 1]));
  const feeds = {
    parameters: model.parameters.initial(1),
    x: wave(batch * dimension, 2),
    wanted: wave(batch * dimension, 3),
  };
  return { model, field, energy: model.energy?.({ parameters, x }), loss, parameters, feeds };
}

describe.each(families)("$name", (family) => {
  it("gives ẋ for each state, and H where it has one", () => {
    const { field, energy, feeds } = build(small(family));
    expect(field.shape).toEqual(["B", 4]);
    if (energy) expect(energy.shape).toEqual(["B", 1]);
    const [values] = evaluateGraph([field], feeds, batch);
    expect(values!.values.every(Number.isFinite)).toBe(true);
  });

  it.each(activationNames)(
    "%s: the parameter gradient of a loss is the central difference in every entry",
    (activation) => {
      const { loss, parameters, feeds } = build(small(family, { activation }));
      expectGradient(loss, parameters, feeds, batch);
    },
  );

  it("has slices that cover the vector, and first parameters of its length", () => {
    const { parameters } = small(family);
    const ends = parameters.slices.map(({ offset, size }) => offset + size);
    expect(parameters.slices.map(({ offset }) => offset)).toEqual([0, ...ends.slice(0, -1)]);
    expect(ends.at(-1)).toBe(parameters.count);
    expect(parameters.initial(0).length).toBe(parameters.count);
  });

  it("has a field that can be put at other states", () => {
    const model = small(family);
    const graph = createGraph();
    const parameters = input(graph, "parameters", [model.parameters.count]);
    const x = input(graph, "x", ["B", 4]);
    const moved = fieldFunction(model, parameters)(mul(2, x));
    const vector = model.parameters.initial(1);
    const states = wave(batch * 4, 2);
    const [found] = evaluateGraph([moved], { parameters: vector, x: states }, batch);
    const direct = build(model);
    const feeds = { ...direct.feeds, x: states.map((value) => 2 * value) };
    expect(found!.values).toEqual(evaluateGraph([direct.field], feeds, batch)[0]!.values);
  });

  it("refuses states of odd length and empty layers", () => {
    const prior = family.needsPrior ? parseModel("p^2/2 + V(q)") : undefined;
    expect(() => family.create({ dimension: 3, prior })).toThrow("a state has an even number of entries, not 3");
    expect(() => family.create({ dimension: 2, hidden: [4, 0], prior })).toThrow("a layer cannot have 0 units");
  });
});

/** ∂H/∂x by central differences, [batch, 4]. */
function slopesByDifferences({ energy, feeds }: Built): Float64Array {
  const step = 1e-5;
  const x = feeds.x!;
  return x.map((value, entry) => {
    const at = (moved: number) =>
      evaluateGraph([energy!], { ...feeds, x: x.with(entry, moved) }, batch)[0]!.values[Math.floor(entry / 4)]!;
    return (at(value + step) - at(value - step)) / (2 * step);
  });
}

describe("Hamilton's equations, ẋ = [∂H/∂p, −∂H/∂q], within 1e-8 of differences of H", () => {
  it.each([models.hnn, models.separable, models.hybrid] as ModelFamily[])("$name", (family) => {
    const built = build(small(family));
    const [field] = evaluateGraph([built.field], built.feeds, batch);
    const slopes = slopesByDifferences(built);
    for (let b = 0; b < batch; b++) {
      for (let k = 0; k < 2; k++) {
        expect(Math.abs(field!.values[4 * b + k]! - slopes[4 * b + 2 + k]!)).toBeLessThan(1e-8);
        expect(Math.abs(field!.values[4 * b + 2 + k]! + slopes[4 * b + k]!)).toBeLessThan(1e-8);
      }
    }
  });

  it("dissipative: friction 0.1 at first, so that ṗ has −0.1 ∂H/∂p", () => {
    const built = build(small(models.dissipative));
    const [field] = evaluateGraph([built.field], built.feeds, batch);
    const slopes = slopesByDifferences(built);
    for (let b = 0; b < batch; b++) {
      for (let k = 0; k < 2; k++) {
        const push = -slopes[4 * b + k]! - 0.1 * slopes[4 * b + 2 + k]!;
        expect(Math.abs(field!.values[4 * b + 2 + k]! - push)).toBeLessThan(1e-8);
      }
    }
  });
});

it("separable: ∂H/∂p does not depend on q, nor ∂H/∂q on p", () => {
  const { field, feeds } = build(small(models.separable));
  const at = (shift: readonly number[]) => {
    const x = feeds.x!.map((value, k) => value + shift[k % 4]!);
    return evaluateGraph([field], { ...feeds, x }, batch)[0]!.values;
  };
  const part = (values: Float64Array, from: number) => values.filter((_, k) => (k % 4 < 2 ? 0 : 2) === from);
  expect(part(at([1, 2, 0, 0]), 0)).toEqual(part(at([0, 0, 0, 0]), 0));
  expect(part(at([0, 0, 1, 2]), 2)).toEqual(part(at([0, 0, 0, 0]), 2));
  expect(part(at([1, 2, 0, 0]), 2)).not.toEqual(part(at([0, 0, 0, 0]), 2));
});

const normalisation = { shift: [0.6, -0.4, 0.1, 0.3], scale: [0.5, 0.8, 0.4, 0.7], rates: [4, 0.2, 3, 2], energy: 2 };

describe("a model with data away from the origin and of other sizes", () => {
  it.each(families)("$name: the parameter gradient is the central difference in every entry", (family) => {
    const { loss, parameters, feeds } = build(small(family, { normalisation }));
    const x = feeds.x!.map((value, at) => normalisation.shift[at % 4]! + normalisation.scale[at % 4]! * value);
    expectGradient(loss, parameters, { ...feeds, x }, batch);
  });

  it("gives numbers of the data's size where its parameters are of order one", () => {
    const far = { shift: [3, -20, 0.1, 50], scale: [0.5, 7, 0.01, 90], rates: [4, 0.2, 3, 300], energy: 12 };
    const model = small(models.mlp, { normalisation: far });
    const graph = createGraph();
    const parameters = input(graph, "parameters", [model.parameters.count]);
    const field = model.field!({ parameters, x: input(graph, "x", ["B", 4]) });
    const x = Float64Array.from(far.shift, (value, k) => value + far.scale[k]!);
    const [rates] = evaluateGraph([field], { parameters: model.parameters.initial(1), x }, 1);
    for (const [k, rate] of rates!.values.entries()) expect(Math.abs(rate)).toBeLessThan(5 * far.rates[k]!);
  });
});

describe("a trained network is the graph's, its scaling inside its weights, within 1e-12", () => {
  it.each(activationNames)("mlp with %s", (activation) => {
    const model = small(models.mlp, { activation, normalisation });
    const { field, feeds } = build(model);
    const [wanted] = evaluateGraph([field], feeds, batch);
    const network = model.fieldNetwork!(feeds.parameters!);
    for (let b = 0; b < batch; b++) {
      const found = networkAt(network, feeds.x!.subarray(4 * b, 4 * b + 4));
      found.forEach((value, k) => {
        expect(Math.abs(value - wanted!.values[4 * b + k]!)).toBeLessThan(1e-12 * (1 + Math.abs(value)));
      });
    }
  });

  it.each([
    [models.hnn, "N(q[1], q[2], p[1], p[2])", ["N"]],
    [models.separable, "T(p[1], p[2]) + V(q[1], q[2])", ["T", "V"]],
    [models.hybrid, "(x*px + y^2*py^2)/m + k*x^2 + N(x, y, px, py)", ["N"]],
  ] as const)("%o is a formula again: %s", (family, text, names) => {
    const model = small(family, { normalisation });
    const formula = model.formula!(model.parameters.initial(1));
    expect(print(formula.hamiltonian)).toBe(text);
    expect([...formula.networks!.keys()]).toEqual(names);
    expect(formula.unknownFunctions).toEqual([]);
  });
});

/** A network in plain numbers, [outputs]. */
function networkAt({ layers }: Network, x: Float64Array): Float64Array {
  return layers.reduce((from, { outputs, weights, biases, activation }) => {
    const out = biases?.slice() ?? new Float64Array(outputs);
    weights.forEach((weight, at) => {
      out[at % outputs]! += from[Math.floor(at / outputs)]! * weight;
    });
    return activation ? out.map(functions[activation]) : out;
  }, x);
}

const functions: Readonly<Record<ActivationName, (a: number) => number>> = {
  tanh: Math.tanh,
  softplus: (a) => Math.log1p(Math.exp(a)),
  swish: (a) => a / (1 + Math.exp(-a)),
  sin: Math.sin,
  relu: (a) => Math.max(a, 0),
};
