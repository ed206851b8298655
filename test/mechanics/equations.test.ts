import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadKernels } from "../../src/codegen/load.ts";
import { sourceOf } from "../../src/codegen/source.ts";
import { affine, type Index } from "../../src/expr/affine.ts";
import { evaluate, type Values } from "../../src/expr/evaluate.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { print } from "../../src/expr/print.ts";
import { bindIndex } from "../../src/expr/reduce.ts";
import { hamiltonEquations } from "../../src/mechanics/equations.ts";
import { layoutOf } from "../../src/mechanics/layout.ts";
import { equationsOfMotion } from "../../src/mechanics/motion.ts";
import type { Model } from "../../src/model.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { arbitraryRecipe, arbitraryValues } from "../support/arbitrary.ts";
import { numericalDerivative } from "../support/numeric.ts";
import { randomNumbers } from "../support/random-numbers.ts";
import { build } from "../support/recipe.ts";
import { recipeModel, recipeState, recipeValues } from "../support/recipe-model.ts";

const random = randomNumbers(31);

/** Expects the field at a random state to be [∂H/∂p, −∂H/∂q] plus `extra`, by differences of H (1e-8 relative). */
function expectField(
  text: string,
  extra: (x: Float64Array, velocity: number[], t: number) => number[] = () => [],
): void {
  const model = parseModel(text);
  const { dimension, degreesOfFreedom: n } = layoutOf(model);
  const { hamiltonian, field, gradient } = loadKernels(sourceOf(model));
  const x = Float64Array.from({ length: dimension }, () => 0.3 + random());
  const t = 0.7;
  const slope = Array.from({ length: dimension }, (_, k) => {
    const at = (to: number) => {
      const moved = x.slice();
      moved[k] = to;
      return hamiltonian(moved, undefined, t);
    };
    return numericalDerivative(at, x[k]!, 0.02).value;
  });
  const velocity = slope.slice(n);
  const expected = [...velocity, ...slope.slice(0, n).map((each) => -each)];
  extra(x, velocity, t).forEach((each, k) => {
    expected[n + k] = expected[n + k]! + each;
  });
  const close = (got: Float64Array, wanted: number[]) =>
    wanted.forEach((each, k) => {
      expect(Math.abs(got[k]! - each), `entry ${k} of ${text}: ${got[k]}, not ${each}`).toBeLessThan(
        1e-8 * (1 + Math.abs(each)),
      );
    });
  close(gradient(x, undefined, undefined, t), slope);
  close(field(x, undefined, undefined, t), expected);
  expectEquations(model, x, field(x, undefined, undefined, t), t);
}

/** The 1-based indices of an entry. */
function placeOf(flat: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  for (let axis = shape.length - 1, rest = flat; axis >= 0; axis--) {
    place.unshift((rest % shape[axis]!) + 1);
    rest = Math.floor(rest / shape[axis]!);
  }
  return place;
}

/** A rate with numbers for its indices. */
function ratePlaced(rate: Expr, at: readonly (Index | number)[], place: readonly number[]): Expr {
  return at.reduce<Expr>(
    (e, index, axis) => (typeof index === "number" ? e : bindIndex(e, index, affine(place[axis]!))),
    rate,
  );
}

/** Expects the equations as formulas to have the field's values, entry by entry. */
function expectEquations(model: Model, x: Float64Array, field: Float64Array, t: number): void {
  const { state } = layoutOf(model);
  const values: Record<string, number | number[]> = { t };
  for (const { name, offset, shape, size } of state.values()) {
    values[name] = shape.length === 0 ? x[offset]! : Array.from(x.slice(offset, offset + size));
  }
  for (const { name, value } of model.parameters) if (value !== undefined) values[name] = value as number | number[];
  for (const { name, at, rate } of equationsOfMotion(model)) {
    const { offset, shape, size } = state.get(name)!;
    for (let flat = 0; flat < size; flat++) {
      const place = placeOf(flat, shape);
      if (at.some((each, axis) => typeof each === "number" && each !== place[axis])) continue;
      const here = ratePlaced(rate, at, place);
      const got = evaluate(here, values as Values);
      const wanted = field[offset + flat]!;
      expect(Math.abs(got - wanted), `${name} at ${flat}: ${print(rate)}`).toBeLessThan(1e-10 * (1 + Math.abs(wanted)));
    }
  }
}

describe("the field is [∂H/∂p, −∂H/∂q] in the state's order", () => {
  it("for q̇ = p/m and ṗ = −k q, sign and mass as they should be", () => {
    const { field } = loadKernels(sourceOf(parseModel("p^2/(2 m) + k q^2/2; m = 4; k = 3")));
    expect([...field([2, 8])]).toEqual([2, -6]);
  });

  it.each([
    ["masses that differ", "p1^2/(2 m1) + p2^2/(2 m2) + k (q1 - q2)^4; m1 = 0.3; m2 = 7; k = 1.3"],
    ["H = p²/20", "p^2/20 - cos(q)"],
    ["coupled momenta", "(p1^2 + p1 p2 + 2 p2^2)/(1 + q1^2) + sin(q1 q2)"],
    ["a non-separable H", "p^2 (1 + q^2)/3 + exp(p q) - q^3"],
    ["a time-dependent H", "p^2/(2 m) - cos(q) (1 + a cos(3 t)) + t q; m = 2.5; a = 0.4"],
    ["parameters in arrays", "q: [3]; p: [3]; m = [1, 2, 3]; H = sum(p[i]^2/(2 m[i]) + q[i]^4, i = 1..3)"],
    ["pairs", "q: [4]; p: [4]; m = 1.7; H = sum(p[i]^2/(2 m), i = 1..4) - sum(1/sqrt((q[i] - q[j])^2 + 0.1), i < j)"],
    ["ordered pairs", "q: [4]; p: [4]; H = sum(p[i]^2/2, i = 1..4) + sum(p[i] q[j] sin(q[i]), i != j)"],
    ["a ring", "q: [5]; p: [5]; ring q; H = sum(p[i]^2/3 + cos(q[i+1] - q[i]) + q[i]^2 q[i-1], i = 1..5)"],
    ["a ring that names its index", "q: [4]; p: [4]; ring q; H = sum(p[i]^2/2 + i*(q[i+1] - q[i])^4, i = 1..4)"],
    ["a boundary", "q: [5]; p: [5]; boundary q = 0.5; H = sum(p[i]^2/2, i = 1..5) + sum((q[i+1] - q[i])^4, i = 0..5)"],
    ["points in the plane", "q: [3, 2]; p: [3, 2]; H = sum(p[i]^2/3, i = 1..3) - sum(1/norm(q[i] - q[j]), i < j)"],
    ["a sum in a function", "q: [3]; p: [3]; H = sqrt(1 + sum(p[i]^2, i = 1..3)) + exp(-sum(q[i] q[i+1], i = 1..2))"],
    ["a product", "q: [3]; p: [3]; H = sum(p[i]^2/2, i = 1..3) + prod(1 + q[i]^2, i = 1..3)"],
    [
      "scalars and arrays",
      "q: [2]; p: [2]; pairs (z, pz), (q, p); H = pz^2/2 + z sum(p[i]^2, i = 1..2) + z^2 q[1] q[2]",
    ],
  ])("%s", (_, text) => expectField(text));

  it("damping takes k ∂H/∂p, a force adds to ṗ", () => {
    expectField("p^2/(2 m) - cos(q); m = 2; k = 0.3; damping p = k", (_, [v]) => [-0.3 * v!]);
    expectField("p^2/(2 m) - cos(q); m = 2; damping p = 0.2 + q^2; force p = 1.5 cos(2 t) - q", ([q], [v], t) => [
      -(0.2 + q! ** 2) * v! + 1.5 * Math.cos(2 * t) - q!,
    ]);
  });

  it("damping and forces of arrays, entry by entry", () => {
    const chain = "q: [3]; p: [3]; m = [1, 2, 4]; H = sum(p[i]^2/(2 m[i]) + q[i]^4/4, i = 1..3)";
    expectField(`${chain}; damping p[i] = 0.1 i`, (_, v) => v.map((each, k) => -0.1 * (k + 1) * each));
    expectField(`${chain}; force p[1] = sin(t); damping p[3] = 2`, (_, v, t) => [Math.sin(t), 0, -2 * v[2]!]);
    expectField(`${chain}; force p[i] = q[i] sum(q[j], j = 1..3)`, (x) => {
      const total = x[0]! + x[1]! + x[2]!;
      return [...x.slice(0, 3)].map((each) => each * total);
    });
    expectField(`${chain}; damping p[i] = 0.1 + sum(q[j]^2, j = 1..3); force p[i] = i t`, (x, v, t) => {
      const k = 0.1 + x[0]! ** 2 + x[1]! ** 2 + x[2]! ** 2;
      return v.map((each, at) => -k * each + (at + 1) * t);
    });
  });

  it("is written completely: every entry, once, for an H that leaves variables out", () => {
    const model = parseModel("q1, q2, p1, p2; pairs (q1, p1), (q2, p2); H = p1^2/2");
    const { field } = loadKernels(sourceOf(model));
    expect([...field([1, 2, 3, 4], new Float64Array(4).fill(9))].map((each) => each + 0)).toEqual([3, 0, 0, 0]);
    const slots = hamiltonEquations(model).field.map((write) => (write.kind === "store" ? write.slot : -1));
    expect(slots).toEqual([0, 1, 2, 3]);
  });

  it("an H that does not depend on the state has the field 0", () => {
    const { field, hamiltonian } = loadKernels(sourceOf(parseModel("k = [3, 4]; pairs (q, p); H = k[2]")));
    expect(hamiltonian([1, 2])).toBe(4);
    expect([...field([1, 2])].map((each) => each + 0)).toEqual([0, 0]);
  });
});

describe("the equations of motion as formulas", () => {
  it.each([
    ["p^2/(2 m) - cos(q); m = 2", ["q = p/m", "p = -sin(q)"]],
    ["p^2/2 + q^2/2; k = 1; damping p = k; force p = cos(t)", ["q = p", "p = cos(t) - (q + k*p)"]],
    ["q: [4]; p: [4]; H = sum(p[i]^2/2, i = 1..4)", ["q = p[i]", "p = 0"]],
    [
      "q: [4]; p: [4]; ring q; H = sum(p[i]^2/2 + (q[i+1] - q[i])^2/2, i = 1..4)",
      ["q = p[i]", "p = -(q[i] - q[i-1] + (q[i] - q[i+1]))"],
    ],
  ])("%s", (text, lines) => {
    expect(equationsOfMotion(parseModel(text)).map(({ name, rate }) => `${name} = ${print(rate)}`)).toEqual(lines);
  });

  it("agree with the field on random expressions (1e-9)", () => {
    const scalars = ["x", "y", "a", "t"];
    let compared = 0;
    fc.assert(
      fc.property(arbitraryRecipe({ scalars, depth: 4 }), arbitraryValues(scalars), (recipe, at) => {
        const model = recipeModel(build(recipe));
        const state = recipeState(at);
        const [a, k, t] = [at.a as number, at.k as number[], at.t as number];
        const field = loadKernels(sourceOf(model)).field(state, undefined, { a, k }, t);
        const values = recipeValues(state, a, k, t);
        const { state: slots } = layoutOf(model);
        for (const { name, at: indices, rate } of equationsOfMotion(model)) {
          const { offset, shape } = slots.get(name)!;
          const place = indices.map((index, axis) => (typeof index === "number" ? index : axis === 0 ? 2 : 1));
          const here = ratePlaced(rate, indices, place);
          const flat = shape.reduce((total, length, axis) => total * length + place[axis]! - 1, 0);
          const [got, wanted] = [evaluate(here, values), field[offset + flat]!];
          if (!(Math.abs(wanted) < 1e30) || Number.isNaN(got)) continue;
          const off = Math.abs(got - wanted);
          if (off > 1e-9 * (1 + Math.abs(wanted)))
            expect.fail(`${name} of ${print(model.hamiltonian)}: ${print(rate)}: ${got}, not ${wanted}`);
          if (wanted !== 0) compared += 1;
        }
      }),
      { seed: 20190608, numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(300);
  });
});
