import { describe, expect, it } from "vitest";
import { data } from "../../src/graph/build.ts";
import { lowerEquations, overStateVector } from "../../src/graph/equations.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import { createGraph } from "../../src/graph/graph.ts";
import { randomStates, reference } from "../support/equations-oracle.ts";
import { boundModel, networkModels, randomNetwork } from "../support/networks.ts";

describe("a formula with networks, lowered = interpreter and central differences", () => {
  it.each(Object.entries(networkModels))(
    "%s (1e-12 for H; 1e-8 for derivatives, which are differences)",
    (_name, make) => {
      const model = make();
      const states = randomStates(model, 3);
      const { hamiltonian, gradient, field } = overStateVector(lowerEquations(model));
      const feeds: Record<string, ArrayLike<number>> = { x: states.flat(), t: [0.7] };
      for (const { name, value } of model.parameters) feeds[`p:${name}`] = [value as number];
      const [energy, slopes, rates] = evaluateGraph([hamiltonian, gradient, field], feeds, states.length);
      states.forEach((x, b) => {
        const wanted = reference(model, x, 0.7);
        const row = (values: Float64Array) => [...values.subarray(b * x.length, (b + 1) * x.length)];
        const off = (found: readonly number[], expected: readonly number[]) =>
          Math.max(...found.map((value, k) => Math.abs(value - expected[k]!) / (1 + Math.abs(expected[k]!))));
        expect(Math.abs(energy!.values[b]! - wanted.hamiltonian)).toBeLessThan(
          1e-12 * (1 + Math.abs(wanted.hamiltonian)),
        );
        expect(off(row(slopes!.values), wanted.gradient)).toBeLessThan(1e-8);
        expect(off(row(rates!.values), wanted.field)).toBeLessThan(1e-8);
      });
    },
  );

  it("takes derivatives of networks that stand in the formula", () => {
    const model = boundModel("p^2/2 + V'(q)^2", { V: randomNetwork([1, 9, 1], "tanh", 3) });
    const { hamiltonian, field } = overStateVector(lowerEquations(model));
    const at = (q: number) =>
      evaluateGraph([hamiltonian, field], { x: [q, 0.4], t: [0] }, 1).map(({ values }) => values);
    const [up, down] = [at(0.3 + 1e-5)[0]![0]!, at(0.3 - 1e-5)[0]![0]!];
    // the error of the difference: 1e-10 by its step, 1e-11 by rounding
    expect(at(0.3)[1]![1]).toBeCloseTo(-(up - down) / 2e-5, 8);
  });
});

describe("data of a graph", () => {
  it("is one node for one long array, however often it is asked for, and for short arrays of equal numbers", () => {
    const graph = createGraph();
    const values = (array: ArrayLike<number>) => data(graph, { kind: "values", values: array }, [array.length], "real");
    const long = new Float64Array(40_000);
    expect(values(long)).toBe(values(long));
    expect(values(long)).not.toBe(values(new Float64Array(40_000)));
    expect(values([1, 2])).toBe(values(Float64Array.of(1, 2)));
    expect(values([0])).not.toBe(values([-0]));
  });
});
