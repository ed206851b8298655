import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile.ts";
import { sum } from "../../src/graph/arrange.ts";
import { input, square } from "../../src/graph/build.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import { createGraph, type GraphNode } from "../../src/graph/graph.ts";
import { hybrid } from "../../src/hnn/hybrid.ts";
import type { ModelOptions, TrainableModel } from "../../src/hnn/model.ts";
import { layoutOf } from "../../src/mechanics/layout.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { expectGradient, wave } from "./parameter-gradient.ts";

const batch = 4;

function hybridOf(text: string, options: Partial<ModelOptions> = {}): TrainableModel {
  const prior = parseModel(text);
  return hybrid.create({ dimension: layoutOf(prior).dimension, hidden: [4], prior, ...options });
}

interface Outputs {
  readonly field: GraphNode;
  readonly parameters: ReturnType<typeof input>;
  readonly feeds: Record<string, Float64Array>;
}

function build(model: TrainableModel): Outputs {
  const graph = createGraph();
  const parameters = input(graph, "parameters", [model.parameters.count]);
  const x = input(graph, "x", ["B", model.dimension]);
  const t = model.timeDependent ? input(graph, "t", ["B", 1]) : undefined;
  const feeds = {
    parameters: model.parameters.initial(1),
    x: wave(batch * model.dimension, 2),
    t: wave(batch, 5),
  };
  return { field: model.field!({ parameters, x, t }), parameters, feeds };
}

/** Largest difference from the compiled formula, relative to 1 + its size. */
function distanceFrom(text: string, { field, feeds }: Outputs): number {
  const compiled = compile(text);
  const [found] = evaluateGraph([field], feeds, batch);
  const width = compiled.source.equations.layout.dimension;
  let worst = 0;
  for (let b = 0; b < batch; b++) {
    const state = feeds.x!.slice(b * width, (b + 1) * width);
    const truth = compiled.field(state, undefined, undefined, feeds.t![b]!);
    truth.forEach((value, k) => {
      worst = Math.max(worst, Math.abs(value - found!.values[b * width + k]!) / (1 + Math.abs(value)));
    });
  }
  return worst;
}

describe("without a network, a hybrid is its formula: to 1e-14 that of the compiled kernel", () => {
  it.each([
    ["masses, a coupled kinetic term", "px^2/(2 m) + px py/3 + py^2/2 - cos(x - y); m = 1.7 learn"],
    [
      "damping and a force that depends on time",
      "p^2/(2 m) - cos(q); m = 2 learn; c = 0.3; damping p = c (1 + q^2); force p = 0.4 cos(3 t)",
    ],
  ])("%s", (_, text) => {
    expect(distanceFrom(text!, build(hybridOf(text!, { residual: false })))).toBeLessThan(1e-14);
  });

  it("indexed sums and arrays of parameters", () => {
    const text = "H = sum(p[i]^2/(2 m[i]), i=1..3) + k sum((q[i] - q[i+1])^4, i=1..2); m = [1, 2, 3]; k = 0.7 learn";
    const prior = parseModel(text);
    const model = hybrid.create({ dimension: 6, hidden: [4], prior, residual: false, learn: ["m"] });
    expect(model.parameters.slices.map(({ name, shape }) => [name, shape])).toEqual([
      ["constant.m", [3]],
      ["constant.k", []],
    ]);
    const built = build(model);
    expect(distanceFrom(text, built)).toBeLessThan(1e-14);
    expectGradient(sum(square(built.field), [0, 1]), built.parameters, built.feeds, batch);
  });
});

describe("every parameter's gradient is the central difference", () => {
  it.each([
    ["an unknown potential", "p^2/2 + V(q)"],
    ["its force in the formula", "p^2/2 - cos(q) + q V'(q)/5"],
    ["a function of two variables, called twice", "px^2/2 + py^2/2 + V(x, y) V(y, x)"],
    ["a second mixed derivative", "p^2/2 + V'[1,1](q, p)"],
    ["a function of a function", "p^2/2 + V(W(q) + q)"],
    ["a pair potential in a sum", "H = sum(p[i]^2/2, i=1..3) + sum(m[i] V(q[i] - q[j]), i<j); m = [1, 2, 3] learn"],
    ["derivatives in a sum", "H = sum(p[i]^2/2 + V'(q[i])^2, i=1..3)"],
    [
      "friction of an array",
      "H = sum(p[i]^2/2, i=1..3) + V(q[1], q[2], q[3]); c = 0.3 learn; damping p[i] = c R(q[i])",
    ],
    ["unknown friction", "p^2/2 - cos(q); damping p = R(q)^2"],
    [
      "constants in formula, damping and force",
      "p^2/(2 I) + k cos(q); I = 0.5 learn; k = 0.1 learn; damping p = c; c = 0 learn; force p = F cos(t); F = 2 learn",
    ],
    ["constants with bounds", "p^2/(2 m) + k q^2; m = 2 learn in [1, 5]; k = 0.1 learn in [0, 3]"],
  ])("%s: %s", (_, text) => {
    const { field, parameters, feeds } = build(hybridOf(text, { residual: true }));
    expectGradient(sum(square(field), [0, 1]), parameters, feeds, batch);
  });
});

describe("derivatives of unknown functions are those of their networks", () => {
  /** The energy of a formula at q = 0.4, p = 0, with the weights of seed 1, which belong to names. */
  const energyAt = (text: string, q: number): number => {
    const model = hybridOf(text);
    const graph = createGraph();
    const parameters = input(graph, "parameters", [model.parameters.count]);
    const x = input(graph, "x", ["B", 2]);
    const feeds = { parameters: model.parameters.initial(1), x: [q, 0] };
    return evaluateGraph([model.energy!({ parameters, x })], feeds, 1)[0]!.values[0]!;
  };
  const step = 1e-4;

  it.each([
    ["V'(q)", "V(q)"],
    ["V''(q)", "V'(q)"],
    ["W'[0,2](q, 2 q)", "W'[0,1](q, u)"],
  ])("%s by differences of %s, to 1e-7 (step²)", (derivative, of) => {
    const q = 0.4;
    const at = (moved: number) =>
      energyAt(`p^2/2 + ${of.replace("u", String(2 * q + moved))}`, of.includes("u") ? q : q + moved);
    const difference = (at(step) - at(-step)) / (2 * step);
    expect(Math.abs(energyAt(`p^2/2 + ${derivative}`, q) - difference)).toBeLessThan(1e-7);
    expect(Math.abs(difference)).toBeGreaterThan(1e-3);
  });
});

it("a sum of calls is the sum of the calls written out", () => {
  const texts = [
    "sum(V(q[i] - q[j], p[i]), i<j)",
    "V(q[1] - q[2], p[1]) + V(q[1] - q[3], p[1]) + V(q[2] - q[3], p[2])",
  ];
  const [summed, written] = texts.map((text) => {
    const { field, feeds } = build(hybridOf(`H = sum(p[i]^2/2, i=1..3) + ${text}`));
    return evaluateGraph([field], feeds, batch)[0]!.values;
  });
  summed!.forEach((value, k) => {
    expect(Math.abs(value - written![k]!)).toBeLessThan(1e-14);
  });
});

describe("networks", () => {
  it("stand where unknown functions are called, each call with the same weights", () => {
    const model = hybridOf("p^2/2 + V(q) + V(2 q)", { functions: { V: { hidden: [3, 2], activation: "sin" } } });
    expect(model.parameters.slices.map(({ name, shape }) => `${name} ${shape.join("×")}`)).toEqual([
      "function.V.weight1 1×3",
      "function.V.bias1 3",
      "function.V.weight2 3×2",
      "function.V.bias2 2",
      "function.V.weight3 2×1",
    ]);
  });

  it("are added to a formula that has no unknown function", () => {
    expect(hybridOf("p^2 + q^2").parameters.slices[0]!.name).toBe("residual.weight1");
    expect(hybridOf("p^2 + q^2").residual).toBeDefined();
    expect(hybridOf("p^2/2 + V(q)").residual).toBeUndefined();
  });
});

it("weight decay leaves physical constants alone", () => {
  const { slices } = hybridOf("p^2/(2 m) + V(q); m = 2 learn; c = 0.1 learn in [0, 1]; damping p = c").parameters;
  const undecayed = slices.filter(({ decays }) => !decays).map(({ name }) => name);
  expect(undecayed).toEqual(["constant.m", "constant.c"]);
});

describe("refusals", () => {
  it.each([
    ["p^2 + q^2", { residual: false }, "there is nothing to learn in this formula"],
    ["p^2 + q^2", { dimension: 4 }, "the formula's state has 2 entries, the data's 4"],
    ["p^2 + q^2", { prior: undefined }, "the model `hybrid` needs a formula"],
    ["p^2 + V(q)", { functions: { W: {} } }, "the formula has no unknown function `W`"],
    ["p^2/m + q^2; m = 1", { learn: ["M"] }, "the formula has no parameter `M` to learn"],
    ["p^2/m + q^2; m = ?", {}, "the parameter `m` of the formula has no value"],
  ] as const)("%s %o", (text, options, message) => {
    expect(() => build(hybridOf(text, options as Partial<ModelOptions>))).toThrow(message);
  });
});
