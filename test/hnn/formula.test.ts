import { describe, expect, it } from "vitest";
import { loadWasm } from "../../src/codegen/wasm/loader.ts";
import { compileModel } from "../../src/compile.ts";
import { input } from "../../src/graph/build.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import { createGraph } from "../../src/graph/graph.ts";
import { dissipative } from "../../src/hnn/dissipative.ts";
import { hnn } from "../../src/hnn/hnn.ts";
import { hybrid } from "../../src/hnn/hybrid.ts";
import type { TrainableModel } from "../../src/hnn/model.ts";
import type { Normalisation } from "../../src/hnn/normalisation.ts";
import { separable } from "../../src/hnn/separable.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { boundModel, randomNetwork } from "../support/networks.ts";
import { wave } from "./parameter-gradient.ts";

const batch = 5;

/** ẋ of a model that is trained, by the graph that training uses. */
function fieldOf(model: TrainableModel, parameters: Float64Array, states: Float64Array): Float64Array {
  const graph = createGraph();
  const vector = input(graph, "parameters", [model.parameters.count]);
  const x = input(graph, "x", ["B", model.dimension]);
  const [field] = evaluateGraph([model.field!({ parameters: vector, x })], { parameters, x: states }, batch);
  return field!.values;
}

const normalisation: Normalisation = {
  shift: [0.3, -0.2, 0.1, 0.4],
  scale: [1.4, 0.7, 2.1, 0.9],
  rates: [0.6, 1.7, 1.1, 0.8],
  energy: 2.3,
};
const shared = { dimension: 4, hidden: [8, 6], normalisation };
const two = "p1^2/(2 m) + p2^2/6 + p1 p2/9 + ; pairs (q1, p1), (q2, p2); m = 1.7 learn";
const withTerms = (terms: string) => two.replace("+ ;", `+ ${terms};`);

const trained: Readonly<Record<string, TrainableModel>> = {
  hnn: hnn.create({ ...shared, activation: "softplus" }),
  separable: separable.create(shared),
  dissipative: dissipative.create({ ...shared, activation: "swish" }),
  "hybrid, unknown function": hybrid.create({
    ...shared,
    prior: parseModel(withTerms("V(q1 - q2)")),
  }),
  "hybrid, residual": hybrid.create({ ...shared, prior: parseModel(withTerms("q1^2 q2^2")), residual: true }),
  "hybrid, prior with a network of its own": hybrid.create({
    ...shared,
    prior: boundModel(withTerms("U(q1 q2)"), { U: randomNetwork([1, 7, 1], "tanh", 5) }),
    residual: true,
  }),
};

describe.each(Object.entries(trained))("%s: what was trained is what is compiled", (_name, model) => {
  const parameters = model.parameters.initial(3).map((value, k) => value + 0.05 * Math.sin(k));
  const states = wave(batch * 4, 2);
  const compiled = compileModel(model.formula!(parameters));
  const wanted = fieldOf(model, parameters, states);
  const largest = Math.max(...wanted.map(Math.abs));

  it.each(["js", "wasm"])("%s (1e-12 of the largest entry: sums in another order)", async (target) => {
    const { field } = target === "js" ? compiled : await loadWasm(compiled.emit("wasm"));
    for (let b = 0; b < batch; b++) {
      const found = field(states.subarray(4 * b, 4 * b + 4));
      found.forEach((value, k) => {
        expect(Math.abs(value - wanted[4 * b + k]!)).toBeLessThan(1e-12 * largest);
      });
    }
  });
});
