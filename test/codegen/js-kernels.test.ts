import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadKernels } from "../../src/codegen/load.ts";
import { sourceOf } from "../../src/codegen/source.ts";
import { apply, symbol, two } from "../../src/expr/build.ts";
import { gradient } from "../../src/expr/differentiate.ts";
import { evaluate, type Values } from "../../src/expr/evaluate.ts";
import { postorder } from "../../src/expr/expr.ts";
import { type Op, opNames, ops } from "../../src/expr/ops.ts";
import { print } from "../../src/expr/print.ts";
import { entryNames, layoutOf } from "../../src/mechanics/layout.ts";
import { arbitraryRecipe, arbitraryValues, exactOperations } from "../support/arbitrary.ts";
import { numericalDerivative, ulpsBetween } from "../support/numeric.ts";
import { randomNumbers } from "../support/random-numbers.ts";
import { build, valueAndSpread } from "../support/recipe.ts";
import { recipeModel, recipeState, recipeValues } from "../support/recipe-model.ts";

const seed = 20190606;
const scalars = ["x", "y", "a", "t"];
const values = arbitraryValues(scalars);
const parametersOf = (at: Values) => ({ a: at.a as number, k: at.k as number[] });

describe("JavaScript kernels of random expressions", () => {
  it("give the interpreter's bits on + − × ÷ √ min max", () => {
    let compared = 0;
    fc.assert(
      fc.property(arbitraryRecipe({ scalars, operations: exactOperations }), values, (recipe, at) => {
        const e = build(recipe);
        // A power is a chain of products in a kernel and one rounded call in the interpreter; a square is the same.
        const powers = postorder([e]).some(
          (node) => node.kind === "apply" && node.op === "pow" && node.args[1] !== two,
        );
        if (powers) return;
        const expected = evaluate(e, at);
        const got = loadKernels(sourceOf(recipeModel(e))).hamiltonian(
          recipeState(at),
          parametersOf(at),
          at.t as number,
        );
        if (ulpsBetween(got, expected) !== 0) expect.fail(`${print(e)}: ${got}, not ${expected}`);
        compared += 1;
      }),
      { seed, numRuns: 1000 },
    );
    expect(compared).toBeGreaterThan(650);
  });

  it("give the interpreter's value with 4 ulp an operation, chains of up to 64 factors 32", () => {
    const random = randomNumbers(seed);
    let compared = 0;
    fc.assert(
      fc.property(arbitraryRecipe({ scalars }), values, (recipe, at) => {
        const allowed = valueAndSpread(recipe, at, random, 32);
        if (!allowed) return;
        const e = build(recipe);
        const got = loadKernels(sourceOf(recipeModel(e))).hamiltonian(
          recipeState(at),
          parametersOf(at),
          at.t as number,
        );
        const expected = evaluate(e, at);
        const off = Math.abs(got - expected);
        if (!(off <= allowed.spread + 1e-300)) expect.fail(`${print(e)}: ${got}, not ${expected}`);
        if (allowed.spread < 1e-9 * (1 + Math.abs(expected))) compared += 1;
      }),
      { seed, numRuns: 1000 },
    );
    expect(compared).toBeGreaterThan(500);
  });

  it("gradient and field are the symbolic derivatives (1e-10), the differences of H, and [∂H/∂p, −∂H/∂q]", () => {
    const layout = layoutOf(recipeModel(symbol("x")));
    const names = [...layout.state.values()].flatMap(entryNames);
    let compared = 0;
    fc.assert(
      fc.property(arbitraryRecipe({ scalars, depth: 4 }), values, (recipe, at) => {
        const e = build(recipe);
        const kernels = loadKernels(sourceOf(recipeModel(e)));
        const state = recipeState(at);
        const time = at.t as number;
        if (!Number.isFinite(kernels.hamiltonian(state, parametersOf(at), time))) return;
        const got = kernels.gradient(state, undefined, parametersOf(at), time);
        const field = kernels.field(state, undefined, parametersOf(at), time);
        const n = names.length / 2;
        const here = recipeValues(state, at.a as number, at.k as number[], time);
        gradient(e, names).forEach((derivative, k) => {
          expect(field[k < n ? k + n : k - n]! + 0).toBe((k < n ? -got[k]! : got[k]!) + 0);
          const expected = evaluate(derivative, here);
          if (Number.isNaN(expected) || Math.abs(expected) > 1e30) return;
          const { value, error } = numericalDerivative((to) => {
            const there = state.slice();
            there[k] = to;
            return kernels.hamiltonian(there, parametersOf(at), time);
          }, state[k]!);
          const settled = error < 1e-6 * (1 + Math.abs(value));
          if (!settled) return;
          const close = Math.abs(got[k]! - expected) <= 1e-10 * (1 + Math.abs(expected));
          const right = Math.abs(got[k]! - value) <= 1e-8 * (1 + Math.abs(value)) + 100 * error;
          if (!close || !right) expect.fail(`∂/∂${names[k]} of ${print(e)}: ${got[k]}, not ${expected} or ${value}`);
          if (expected !== 0) compared += 1;
        });
      }),
      { seed, numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(350);
  });
});

describe("each operation in a JavaScript kernel", () => {
  const real = opNames.filter((op) => ops[op].result === "real" && ops[op].args[0] === "real");
  const points = [-30.5, -3.2, -1.7, -0.9, -1e-9, 1e-300, 0.3, 0.99, 1, 1.6, 2.3, 2.6, 5.5, 40.25];
  it.each(real)("%s is within 4 ulp of the interpreter", (op: Op) => {
    const e = apply(op, [symbol("x"), symbol("y")].slice(0, ops[op].args.length));
    const kernels = loadKernels(sourceOf(recipeModel(e)));
    for (const x of points) {
      for (const y of ops[op].args.length === 1 ? [0] : points) {
        const at = { x, y, a: 0, k: [0, 0, 0], t: 0 };
        const got = kernels.hamiltonian(recipeState(at));
        expect(ulpsBetween(got, evaluate(e, at)), `${op}(${x}, ${y})`).toBeLessThanOrEqual(4);
      }
    }
  });
});
