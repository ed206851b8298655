import { describe, expect, it } from "vitest";
import { sum } from "../../src/graph/arrange.ts";
import { input, mul, square, sub } from "../../src/graph/build.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import { createGraph, type GraphNode } from "../../src/graph/graph.ts";
import { fieldFunction } from "../../src/hnn/field-function.ts";
import type { ModelFamily, ModelOptions, TrainableModel } from "../../src/hnn/model.ts";
import { models } from "../../src/hnn/models.ts";
import { activationNames } from "../../src/network.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { expectGradient, wave } from "./parameter-gradient.ts";

const batch = 3;
const families: readonly ModelFamily[] = Object.values(models);

/** A small model of a family; formulas have two degrees of freedom, a product of q and p and a learned constant. */
function small({ create, needsPrior }: ModelFamily, options: Partial<ModelOptions> = {}): TrainableModel {
  const text = "(x px + y^2 py^2)/m + k x^2; m = 2; k = 0.3 learn";
  const prior = needsPrior ? parseModel(text) : undefined;
  return create({ dimension: 4, hidden: [5, 4], prior, ...options });
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
  const field = model.field({ parameters, x });
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
