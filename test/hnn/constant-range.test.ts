import { describe, expect, it } from "vitest";
import { input } from "../../src/graph/build.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import { createGraph } from "../../src/graph/graph.ts";
import { constantRange } from "../../src/hnn/constant-range.ts";

const none = Number.POSITIVE_INFINITY;

function constantAt(values: readonly number[], min: number, max: number, raw?: readonly number[]): Float64Array {
  const range = constantRange(values, { min, max });
  const node = input(createGraph(), "raw", [values.length]);
  return evaluateGraph([range.value(node)], { raw: raw ?? range.raw })[0]!.values;
}

describe("a constant begins where the formula says, to 1e-12 of its size", () => {
  it.each([
    [[1e-3], -none, none],
    [[0], -none, none],
    [[1e-3, -20], -none, none],
    [[1e-3], 0, none],
    [[-4, -1e-1], -none, 0],
    [[2], 1, 5],
    [[3e8, 1e8], 0, 1e9],
  ])("%o in [%d, %d]", (values, min, max) => {
    const found = constantAt(values, min, max);
    const size = Math.max(...values.map(Math.abs));
    values.forEach((value, k) => {
      expect(Math.abs(found[k]! - value)).toBeLessThanOrEqual(1e-12 * size);
    });
  });

  it("or a little inside, where it would begin on a bound", () => {
    expect(constantAt([1], 1, 5)[0]).toBeCloseTo(1.04, 12);
    expect(constantAt([5], 1, 5)[0]).toBeCloseTo(4.96, 12);
    expect(constantAt([0], 0, none)[0]).toBeCloseTo(0.01, 12);
  });
});

it("no step leaves the bounds", () => {
  for (const raw of [-1e6, -30, -1, 0, 1, 30, 1e6]) {
    const [between] = constantAt([2], 1, 5, [raw]);
    expect(between).toBeGreaterThanOrEqual(1);
    expect(between).toBeLessThanOrEqual(5);
    expect(constantAt([2], 1, none, [raw])[0]).toBeGreaterThanOrEqual(1);
    expect(constantAt([-2], -none, -1, [raw])[0]).toBeLessThanOrEqual(-1);
  }
});

it("what training moves is of order one, whatever the unit", () => {
  expect(constantRange([6e-34], { min: -none, max: none }).raw).toEqual([1]);
  expect(constantRange([6e24], { min: 0, max: none }).raw[0]).toBeCloseTo(Math.log(Math.expm1(1)), 12);
});
