import { all, create } from "mathjs";
import { describe, expect, it } from "vitest";
import { differentiate } from "../../src/expr/differentiate.ts";
import { evaluate } from "../../src/expr/evaluate.ts";
import { parse } from "../../src/parser/parse.ts";
import { randomNumbers } from "../support/random-numbers.ts";
import { feynman, feynmanBonus } from "./feynman.ts";
import { derivativeAt } from "./finite-difference.ts";
import type { PublishedFormula } from "./formula.ts";
import { strogatz } from "./strogatz.ts";

type Point = Record<string, number>;

const corpus = [...feynman, ...feynmanBonus, ...strogatz];
const pointsEach = 3;
const math = create(all!, {});

/** The formula as mathjs reads it: another parser and another evaluator, told only how it writes powers and logarithms. */
function independent({ text }: PublishedFormula): (point: Point) => number {
  const code = math.compile(text.replaceAll("**", "^"));
  const names = { ln: Math.log, arcsin: Math.asin, arccos: Math.acos };
  return (point) => code.evaluate({ ...names, ...point });
}

function points({ ranges }: PublishedFormula): Point[] {
  const uniform = randomNumbers(20200415);
  return Array.from({ length: pointsEach }, () =>
    Object.fromEntries(Object.entries(ranges).map(([name, [low, high]]) => [name, low + (high - low) * uniform()])),
  );
}

describe("published formulas, verbatim", () => {
  it("are more than 120 with more than 400 derivatives", () => {
    expect(corpus.length).toBeGreaterThan(120);
    expect(corpus.flatMap(({ ranges }) => Object.keys(ranges)).length).toBeGreaterThan(400);
    expect(new Set(corpus.map(({ id }) => id)).size).toBe(corpus.length);
  });

  describe.each(corpus)("$id: $text", (formula) => {
    const symbols = Object.keys(formula.ranges);
    const reference = independent(formula);

    it("has the value mathjs gives (1e-13 relative: rounding of a different order of operations)", () => {
      const expr = parse(formula.text, { symbols });
      for (const point of points(formula)) {
        const expected = reference(point);
        expect(Number.isFinite(expected)).toBe(true);
        expect(Math.abs(evaluate(expr, point) - expected)).toBeLessThanOrEqual(1e-13 * Math.abs(expected) + 1e-15);
      }
    });

    it.each(symbols)("differs by %s as extrapolated central differences of mathjs do (1e-7 relative)", (name) => {
      const derivative = differentiate(parse(formula.text, { symbols }), name);
      for (const point of points(formula)) {
        const expected = derivativeAt((x) => reference({ ...point, [name]: x }), point[name]!);
        expect(Math.abs(evaluate(derivative, point) - expected)).toBeLessThanOrEqual(1e-7 * Math.abs(expected));
      }
    });
  });
});
