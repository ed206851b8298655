import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply, call } from "../../src/expr/build.ts";
import { evaluate } from "../../src/expr/evaluate.ts";
import { type Expr, postorder } from "../../src/expr/expr.ts";
import { reduce } from "../../src/expr/reduce.ts";
import { arbitraryRecipe, arbitraryValues } from "../support/arbitrary.ts";
import { ulpsBetween } from "../support/numeric.ts";
import { randomNumbers } from "../support/random-numbers.ts";
import { build, folding, plain, recipeValue, valueAndSpread } from "../support/recipe.ts";

const seed = 20190604;

/** The node built anew from its own parts. */
function rebuiltOnce(node: Expr): Expr {
  switch (node.kind) {
    case "apply":
      return apply(node.op, node.args);
    case "call":
      return call(node.name, node.args, node.orders);
    case "reduce":
      return reduce(node.op, node.index, node, node.body);
    default:
      return node;
  }
}

describe("constructors on random expressions", () => {
  it("answer the same node when given its own parts", () => {
    const recipes = arbitraryRecipe({ unknown: true });
    fc.assert(
      fc.property(recipes, (recipe) => {
        for (const node of postorder([build(recipe)])) if (rebuiltOnce(node) !== node) return false;
        return true;
      }),
      { seed, numRuns: 3000 },
    );
  });

  it("keep the value to 16 ulp of every operation (folding reassociates constants and cancels factors)", () => {
    const random = randomNumbers(seed);
    let compared = 0;
    const runs = 4000;
    fc.assert(
      fc.property(arbitraryRecipe({ unknown: true }), arbitraryValues(), (recipe, values) => {
        const expected = valueAndSpread(recipe, values, random, 16);
        if (!expected) return;
        const got = evaluate(build(recipe, folding), values);
        expect(Math.abs(got - expected.value)).toBeLessThanOrEqual(expected.spread + 1e-300);
        if (expected.spread < 1e-9 * (1 + Math.abs(expected.value))) compared += 1;
      }),
      { seed, numRuns: runs },
    );
    expect(compared, "well-conditioned cases").toBeGreaterThan(runs / 2);
  });

  it("the interpreter on unfolded nodes computes what the formula says, bit for bit", () => {
    fc.assert(
      fc.property(arbitraryRecipe({ unknown: true, sums: false }), arbitraryValues(), (recipe, values) => {
        let expected: number;
        try {
          expected = recipeValue(recipe, values);
        } catch {
          return;
        }
        expect(ulpsBetween(evaluate(build(recipe, plain), values), expected)).toBe(0);
      }),
      { seed, numRuns: 2000 },
    );
  });
});
