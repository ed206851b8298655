import { expect, it } from "vitest";
import { alignedRows } from "../../src/reproduce/aligned-rows.ts";
import { figureOf } from "../../src/reproduce/figure.ts";

it("gives mean, standard deviation and number of those that are finite", () => {
  expect(figureOf([1, 2, 3])).toEqual({ mean: 2, std: 1, n: 3, median: 2 });
  expect(figureOf([100, 1, 2, 3]).median).toBe(2.5);
  expect(figureOf([5])).toEqual({ mean: 5, std: 0, n: 1, median: 5 });
  expect(figureOf([1, Number.NaN, 3, Number.POSITIVE_INFINITY])).toEqual({
    mean: 2,
    std: Math.SQRT2,
    n: 2,
    median: 2,
  });
  expect(JSON.parse(JSON.stringify(figureOf([Number.NaN])))).toEqual({ mean: null, std: 0, n: 0, median: null });
});

it("sets the first column left, the others right", () => {
  expect(
    alignedRows([
      ["", "loss", "s"],
      ["hnn", "1", "12"],
    ]),
  ).toEqual(["     loss   s", "hnn     1  12"]);
});
