import { expect, it } from "vitest";
import { withParameters } from "../../src/mechanics/parameters.ts";
import type { Parameter } from "../../src/model.ts";
import { parseModel } from "../../src/parser/parse.ts";

const model = parseModel("H = sum(p[i]^2/(2 m[i]), i = 1..3) + k sum(q[i]^2, i = 1..3); m = [1, 2, 3]; k = 1");
const values = (given: object): Parameter["value"][] =>
  withParameters(model, given as Record<string, number>).parameters.map(({ value }) => value);

it("replaces defaults; one number stands for all entries of an array", () => {
  expect(values({})).toEqual([[1, 2, 3], 1]);
  expect(values({ m: [4, 5, 6] })).toEqual([[4, 5, 6], 1]);
  expect(values({ m: 2, k: 7 })).toEqual([[2, 2, 2], 7]);
});

it("keeps its own copy, of typed arrays too", () => {
  const given = Float64Array.of(4, 5, 6);
  const [kept] = values({ m: given });
  given[0] = 9;
  expect(kept).toEqual([4, 5, 6]);
});

it("keeps the default of one that is undefined", () => {
  expect(values({ m: undefined })).toEqual([[1, 2, 3], 1]);
});

it.each([{ m: [1, 2] }, { m: [1, 2, Number.NaN] }, { m: [1, "2", 3] }, { m: "123" }, { m: null }])(
  "refuses %j with what is needed",
  (given) => {
    const message = "the parameter `m` needs 3 finite numbers";
    expect(() => values(given)).toThrow(expect.objectContaining({ kind: "usage", code: "parameter-shape", message }));
  },
);

it.each([{ k: [1] }, { k: Number.POSITIVE_INFINITY }, { k: true }])("refuses %j for a scalar", (given) => {
  expect(() => values(given)).toThrow("the parameter `k` needs one finite number");
});

it("names what it does not know", () => {
  expect(() => values({ z: 1 })).toThrow(
    expect.objectContaining({ code: "unknown-parameter", notes: ["parameters: m k"] }),
  );
});
