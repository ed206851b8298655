import { describe, expect, it } from "vitest";
import { call, symbol } from "../../src/expr/build.ts";
import { lowerEquations, overStateVector } from "../../src/graph/equations.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import { reach } from "../../src/graph/graph.ts";
import type { Model } from "../../src/model.ts";
import { randomStates, reference } from "../support/equations-oracle.ts";
import { exampleModels, pairSum } from "../support/example-models.ts";
import { modelOf } from "../support/formulas.ts";

function evaluated(model: Model, states: readonly (readonly number[])[], time: number) {
  const { hamiltonian, gradient, field } = overStateVector(lowerEquations(model));
  const feeds: Record<string, ArrayLike<number>> = { x: states.flat(), t: [time] };
  for (const { name, value } of model.parameters) feeds[`p:${name}`] = typeof value === "number" ? [value] : value!;
  return evaluateGraph([hamiltonian, gradient, field], feeds, states.length);
}

describe("a lowered model = interpreter and central differences (1e-9 for H, 1e-8 for derivatives)", () => {
  it.each(Object.entries(exampleModels))("%s", (_name, make) => {
    const model = make();
    const states = randomStates(model, 3);
    const [energy, slopes, rates] = evaluated(model, states, 0.7);
    states.forEach((x, b) => {
      const expected = reference(model, x, 0.7);
      const row = (values: Float64Array) => values.subarray(b * x.length, (b + 1) * x.length);
      expect(Math.abs(energy!.values[b]! - expected.hamiltonian)).toBeLessThan(1e-9);
      expected.gradient.forEach((wanted, k) => {
        expect(Math.abs(row(slopes!.values)[k]! - wanted) / (1 + Math.abs(wanted)), `∂H/∂x[${k}]`).toBeLessThan(1e-8);
      });
      expected.field.forEach((wanted, k) => {
        expect(Math.abs(row(rates!.values)[k]! - wanted) / (1 + Math.abs(wanted)), `ẋ[${k}]`).toBeLessThan(1e-8);
      });
    });
  });

  it("a product with a zero factor has the right gradient", () => {
    const model = exampleModels.product!();
    const x = [0.5, 0, 2, 3, 0.25, 0, 0, 0, 0, 0];
    const [, slopes] = evaluated(model, [x], 0);
    expect([...slopes!.values.subarray(0, 5)]).toEqual([0, 0.75, 0, 0, 0]);
  });
});

describe("the number of operations", () => {
  const operations = (model: Model) => {
    const { field } = overStateVector(lowerEquations(model));
    return reach([field]).filter(({ op }) => !["input", "const", "data"].includes(op)).length;
  };

  it("does not depend on N", () => {
    expect(operations(pairSum(1000))).toBe(operations(pairSum(10)));
    expect(operations(pairSum(1000))).toBeLessThan(40);
  });

  it("of the pendulum's field is five: two slices, sine, minus, concat", () => {
    expect(operations(exampleModels.pendulum!())).toBe(5);
  });
});

describe("refusals", () => {
  it("an unknown function", () => {
    const model = modelOf(call("V", [symbol("q")]), { q: ["p", []] });
    expect(() => lowerEquations(model)).toThrow("`V` is an unknown function");
  });

  it("more terms than a tensor can hold, in under a second", () => {
    const started = performance.now();
    expect(() => lowerEquations(pairSum(10_000))).toThrow("more than 16777216 terms");
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
