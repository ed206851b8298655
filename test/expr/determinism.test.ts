import fc from "fast-check";
import { afterAll, beforeEach, expect, it, vi } from "vitest";
import { arbitraryRecipe } from "../support/arbitrary.ts";
import type { Recipe } from "../support/recipe.ts";

/** Texts from a copy of the project that has just been loaded: its intern tables are empty. */
async function freshly() {
  vi.resetModules();
  const { build } = await import("../support/recipe.ts");
  const { recipeModel } = await import("../support/recipe-model.ts");
  const { print } = await import("../../src/expr/print.ts");
  const { toLatex } = await import("../../src/expr/latex.ts");
  const { gradient } = await import("../../src/expr/differentiate.ts");
  const { sourceOf } = await import("../../src/codegen/source.ts");
  const { emitJs } = await import("../../src/codegen/js.ts");
  return (recipe: Recipe): string => {
    const e = build(recipe);
    const derivatives = gradient(e, ["x", "y", "u[2]"]).map((each) => print(each));
    return [print(e), toLatex(e), ...derivatives, emitJs(sourceOf(recipeModel(e)))].join("\n");
  };
}

beforeEach(() => vi.resetModules());
afterAll(() => vi.resetModules());

it("texts do not depend on what was built before", async () => {
  const recipes = fc.sample(arbitraryRecipe({ scalars: ["x", "y", "a", "t"], depth: 4 }), {
    seed: 20190609,
    numRuns: 150,
  });
  const forwards = await freshly();
  const first = recipes.map((recipe) => forwards(recipe));
  const backwards = await freshly();
  const second = [...recipes]
    .reverse()
    .map((recipe) => backwards(recipe))
    .reverse();
  expect(second).toEqual(first);
  // The same again in a process that has seen everything.
  expect(recipes.map((recipe) => backwards(recipe))).toEqual(first);
});

it("the order of factors and terms is the text's, whichever was seen first", async () => {
  for (const history of [[], ["b*a", "b + a", "a*b*c"], ["c*(b*a)", "sin(b)*a"]]) {
    vi.resetModules();
    const { parse } = await import("../../src/parser/parse.ts");
    const { print } = await import("../../src/expr/print.ts");
    const { differentiate } = await import("../../src/expr/differentiate.ts");
    for (const text of history) print(differentiate(parse(text), "a"));
    expect(print(differentiate(parse("a*b*sin(a*c) + b*a"), "a"))).toBe("b*sin(a*c) + a*b*(c*cos(a*c)) + b");
  }
});
