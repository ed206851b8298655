import { describe, expect, it } from "vitest";
import { symbol } from "../../src/expr/build.ts";
import { entryNames, layoutOf, parameterDefaults, requireBound } from "../../src/mechanics/layout.ts";
import type { Model } from "../../src/model.ts";
import { modelOf } from "../support/recipe-model.ts";

const variable = (name: string, ...shape: number[]) => ({ name, shape, ring: false });

const model: Model = modelOf(symbol("z"), {
  coordinates: [variable("z"), variable("q", 2, 3), variable("s", 2)],
  momenta: [variable("pz"), variable("p", 2, 3), variable("ps", 2)],
  parameters: [
    { name: "m", shape: [2], value: [1, 2] },
    { name: "k", shape: [], value: 5 },
    { name: "c", shape: [2], value: undefined },
    { name: "w", shape: [2], value: 7 },
  ],
});

describe("layoutOf", () => {
  const layout = layoutOf(model);
  it("puts coordinates first, then momenta in the same order, arrays flat", () => {
    expect([...layout.state.values()].map(({ name, offset, size }) => [name, offset, size])).toEqual([
      ["z", 0, 1],
      ["q", 1, 6],
      ["s", 7, 2],
      ["pz", 9, 1],
      ["p", 10, 6],
      ["ps", 16, 2],
    ]);
    expect([layout.dimension, layout.degreesOfFreedom]).toEqual([18, 9]);
  });
  it("puts a momentum n places behind its coordinate", () => {
    const offsets = (each: Model["coordinates"]) => each.map(({ name }) => layout.state.get(name)!.offset);
    expect(offsets(model.momenta)).toEqual(offsets(model.coordinates).map((at) => at + layout.degreesOfFreedom));
  });
  it("lays out parameters and their defaults", () => {
    expect([...layout.parameters.values()].map(({ offset }) => offset)).toEqual([0, 2, 3, 5]);
    expect(layout.parameterCount).toBe(7);
    expect(parameterDefaults(model)).toEqual(Float64Array.of(1, 2, 5, Number.NaN, Number.NaN, 7, 7));
  });
  it("names entries row-major, from 1", () => {
    expect(entryNames(layout.state.get("z")!)).toEqual(["z"]);
    expect(entryNames(layout.state.get("q")!)).toEqual(["q[1,1]", "q[1,2]", "q[1,3]", "q[2,1]", "q[2,2]", "q[2,3]"]);
  });
  it("an empty model has an empty state", () => {
    expect(layoutOf(modelOf(symbol("a")))).toMatchObject({ dimension: 0, parameterCount: 0 });
  });
});

describe("requireBound", () => {
  it("passes a model without unknown functions", () => expect(requireBound(model)).toBeUndefined());
  it.each([
    [
      1,
      "`V` is an unknown function of 1 argument: there is nothing to evaluate yet",
      "give it a body, such as `V(u) = …`, or `V = 1` if a product was meant",
    ],
    [
      2,
      "`V` is an unknown function of 2 arguments: there is nothing to evaluate yet",
      "give it a body, such as `V(u1, u2) = …`, or `V = 1` if a product was meant",
    ],
  ])("refuses one of %i arguments", (arity, message, hint) => {
    const open = modelOf(symbol("z"), { unknownFunctions: [{ name: "V", arity }] });
    expect(() => requireBound(open)).toThrow(
      expect.objectContaining({ message, hint, kind: "formula", code: "unknown-function" }),
    );
  });
});
