import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { affine, affineIndex, freshIndex } from "../../src/expr/affine.ts";
import { add, element, less, pow, select, symbol, two, zero } from "../../src/expr/build.ts";
import { differentiate, gradient } from "../../src/expr/differentiate.ts";
import { type Direction, directionalDerivative } from "../../src/expr/directional.ts";
import { evaluate } from "../../src/expr/evaluate.ts";
import { postorder } from "../../src/expr/expr.ts";
import { print } from "../../src/expr/print.ts";
import { sum } from "../../src/expr/reduce.ts";
import { parse } from "../../src/parser/parse.ts";
import { arbitraryRecipe, arbitraryValues } from "../support/arbitrary.ts";
import { build, vectors } from "../support/recipe.ts";

describe("the derivative along a direction", () => {
  test("is the sum of partial derivatives times rates", () => {
    const e = parse("x^2*y + sin(x*z)");
    const along = directionalDerivative(
      e,
      new Map([
        ["x", symbol("a")],
        ["y", two],
      ]),
    );
    const at = { x: 0.3, y: -1.1, z: 0.7, a: 1.9 };
    const byParts = 1.9 * evaluate(differentiate(e, "x"), at) + 2 * evaluate(differentiate(e, "y"), at);
    expect(evaluate(along, at)).toBeCloseTo(byParts, 14);
  });

  test("keeps sums: q[i + 1] moves at u[i + 1], whatever the length", () => {
    const nodes = [8, 8000].map((length) => {
      const q = { name: "q", shape: [length] };
      const i = freshIndex("i");
      const difference = add(element(q, [affineIndex(i)]), element(q, [affine(1, [{ index: i, factor: 1 }])]));
      const energy = sum(i, { lo: affine(1), hi: affine(length - 1) }, pow(difference, two));
      const along = directionalDerivative(energy, new Map([["q", { name: "u", shape: [length] }]]));
      if (length === 8) expect(print(along)).toBe("sum(2*(u[i] + u[i+1])*(q[i] + q[i+1]), i = 1..7)");
      return postorder([along]).length;
    });
    expect(nodes[0]).toBe(nodes[1]);
  });

  test("does not look at a branch that is not taken", () => {
    const e = parse("if(x > 0, sqrt(x), 0)");
    expect(evaluate(directionalDerivative(e, new Map([["x", symbol("u")]])), { x: -1, u: 3 })).toBe(0);
    expect(directionalDerivative(select(less(zero, symbol("x")), symbol("y"), zero), new Map([["x", two]]))).toBe(zero);
  });

  test("on random expressions is the gradient times the rates, to 1e-9 (the two sweeps cancel differently)", () => {
    const scalars = ["x", "y", "a"];
    const arrays = Object.entries(vectors).filter(([, { shape }]) => shape.length === 1);
    const directions = new Map<string, Direction>([
      ...scalars.map((name) => [name, symbol(`rate_${name}`)] as const),
      ...arrays.map(([name, { shape }]) => [name, { name: `rates_${name}`, shape }] as const),
    ]);
    const entries = arrays.flatMap(([name, { shape }]) =>
      Array.from({ length: shape[0]! }, (_, k) => ({ array: `rates_${name}`, at: k, name: `${name}[${k + 1}]` })),
    );
    const rates: Record<string, number | number[]> = {};
    scalars.forEach((name, k) => {
      rates[`rate_${name}`] = Math.cos(3 * k + 1);
    });
    for (const [name, { shape }] of arrays) {
      rates[`rates_${name}`] = Array.from({ length: shape[0]! }, (_, k) => Math.sin(2 * k + 1));
    }
    const perEntry = [
      ...scalars.map((name) => rates[`rate_${name}`] as number),
      ...entries.map(({ array, at }) => (rates[array] as number[])[at]!),
    ];
    const names = [...scalars, ...entries.map(({ name }) => name)];
    let compared = 0;
    fc.assert(
      fc.property(arbitraryRecipe({ depth: 3 }), arbitraryValues(), (recipe, values) => {
        const e = build(recipe);
        const terms = gradient(e, names).map((part, k) => evaluate(part, values) * perEntry[k]!);
        const expected = terms.reduce((total, term) => total + term, 0);
        const got = evaluate(directionalDerivative(e, directions), { ...values, ...rates });
        if (!Number.isFinite(expected) || !Number.isFinite(got)) return;
        if (got !== 0) compared += 1;
        const size = terms.reduce((total, term) => total + Math.abs(term), 1);
        expect(Math.abs(got - expected) / size, print(e)).toBeLessThan(1e-9);
      }),
      { seed: 4, numRuns: 400, endOnFailure: true },
    );
    expect(compared).toBeGreaterThan(150);
  });
});
