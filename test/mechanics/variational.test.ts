import { describe, expect, test } from "vitest";
import { loadKernel } from "../../src/codegen/load.ts";
import { sourceOf } from "../../src/codegen/source.ts";
import { taylor } from "../../src/codegen/taylor/taylor.ts";
import { hessian } from "../../src/expr/differentiate.ts";
import { evaluate } from "../../src/expr/evaluate.ts";
import { print } from "../../src/expr/print.ts";
import { entryNames, layoutOf } from "../../src/mechanics/layout.ts";
import { variationalModel } from "../../src/mechanics/variational.ts";
import type { Model } from "../../src/model.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { systems } from "../../src/systems/systems.ts";
import { valuesAt } from "../support/equations-oracle.ts";

/** [q, δq, δp, p] */
function lifted(x: ArrayLike<number>, d: ArrayLike<number>): Float64Array {
  const n = x.length / 2;
  const [state, displacement] = [Array.from(x), Array.from(d)];
  return Float64Array.from([...state.slice(0, n), ...displacement, ...state.slice(n)]);
}

function parts(lift: ArrayLike<number>): { readonly x: number[]; readonly d: number[] } {
  const all = Array.from(lift);
  const n = all.length / 4;
  return { x: [...all.slice(0, n), ...all.slice(3 * n)], d: all.slice(n, 3 * n) };
}

/** The derivative of the field along d by central differences, extrapolated twice: error h⁶. */
function fieldAlong(model: Model, x: readonly number[], d: readonly number[], time: number): number[] {
  const field = loadKernel(sourceOf(model), "field");
  const at = (by: number) =>
    field(
      x.map((value, k) => value + by * d[k]!),
      undefined,
      undefined,
      time,
    );
  const slope = (h: number) => {
    const [above, below] = [at(h), at(-h)];
    return Array.from(above, (value, k) => (value - below[k]!) / (2 * h));
  };
  const [a, b, c] = [1e-3, 5e-4, 2.5e-4].map(slope) as [number[], number[], number[]];
  return a.map((first, k) => (16 * (4 * c[k]! - b[k]!) - (4 * b[k]! - first)) / 45);
}

function expectTangentField(model: Model, start: readonly number[], tolerance: number, time = 0.3): void {
  const x = start.map((value, k) => value + 0.01 * Math.sin(3 * k + 1));
  const d = x.map((_, k) => Math.cos(2 * k + 1));
  const lift = loadKernel(sourceOf(variationalModel(model).model), "field");
  const got = parts(lift(lifted(x, d), undefined, undefined, time));
  const rates = loadKernel(sourceOf(model), "field")(x, undefined, undefined, time);
  const expected = fieldAlong(model, x, d, time);
  const size = Math.max(...Array.from(rates, Math.abs), ...expected.map(Math.abs));
  got.x.forEach((rate, k) => {
    expect(Math.abs(rate - rates[k]!), `ẋ ${k}`).toBeLessThan(1e-13 * size);
  });
  got.d.forEach((rate, k) => {
    expect(Math.abs(rate - expected[k]!), `δẋ ${k}`).toBeLessThan(tolerance * size);
  });
}

describe("the tangent field against differences of the field, relative 1e-11 (their rounding over the step)", () => {
  for (const [name, system] of Object.entries(systems)) {
    // the start lies 0.01 from the smaller body: differences of 1/r² over 1e-3 are off by 1e-9
    const tolerance = name === "restricted-three-body" ? 1e-7 : 1e-11;
    test(name, () => {
      const [{ x0 }] = Object.values(system.initialStates) as [{ readonly x0: readonly number[] }];
      expectTangentField(parseModel(system.model), x0, tolerance);
    });
  }

  test.each([
    ["damping that depends on the state, masses ≠ 1", "p^2/2m + q^4/4; m = 3; damping p = 0.1 + q^2", [0.7, 0.4]],
    ["a force of q, p and t", "p^2/2m + q^2/2; m = 3; force p = sin(q*p) + cos(t)*q^2", [0.7, 0.4]],
    [
      "damping and forces of arrays, a coupled kinetic term",
      "q: [3]; p: [3]\nm = [1, 2, 3]\nH = sum(p[i]^2/(2 m[i]), i=1..3) + p[1]*p[2]*q[3]^2 + sum((q[i+1]-q[i])^4, i=1..2)\ndamping p[i] = 0.1*i*q[i]^2\nforce p[2] = q[1]^3",
      [0.1, 0.5, -0.3, 0.2, -0.7, 0.4],
    ],
    [
      "a boundary that moves with time",
      "q: [3]; p: [3]\nboundary q = sin(t)\nH = sum(p[i]^2/2, i=1..3) + sum((q[i+1]-q[i])^4, i=0..3)",
      [0.1, 0.5, -0.3, 0.2, -0.7, 0.4],
    ],
    [
      "a ring, a product over elements",
      "q: [4]; p: [4]\nring q\nH = sum(p[i]^2/2 + cos(q[i+1]-q[i]), i=1..4) + prod(1 + q[i]^2, i=1..4)",
      [0.1, 0.5, -0.3, 0.2, -0.7, 0.4, 0.3, 0.9],
    ],
  ] as const)("%s", (_, text, x) => {
    expectTangentField(parseModel(text), x, 1e-11);
  });
});

describe("the tangent field against the Hessian, J·∇²H·δ to 1e-14", () => {
  test.each(["double-pendulum", "henon-heiles", "heavy-top", "kapitza-pendulum"] as const)("%s", (name) => {
    const model = parseModel(systems[name].model);
    const [{ x0 }] = Object.values(systems[name].initialStates) as [{ readonly x0: readonly number[] }];
    const x = x0.map((value, k) => value + 0.1 * Math.sin(3 * k + 1));
    const d = x.map((_, k) => Math.cos(2 * k + 1));
    const n = x.length / 2;
    const second = hessian(model.hamiltonian, [...layoutOf(model).state.values()].flatMap(entryNames));
    const values = valuesAt(model, x, 0.3);
    const product = second.map((row) => row.reduce((sum, entry, k) => sum + evaluate(entry, values) * d[k]!, 0));
    const expected = [...product.slice(n), ...product.slice(0, n).map((value) => -value)];
    const lift = loadKernel(sourceOf(variationalModel(model).model), "field");
    const got = parts(lift(lifted(x, d), undefined, undefined, 0.3)).d;
    const size = Math.max(...expected.map(Math.abs));
    got.forEach((rate, k) => {
      expect(Math.abs(rate - expected[k]!)).toBeLessThan(1e-14 * size);
    });
  });
});

describe("the model of the variational equations", () => {
  test("is a readable Hamiltonian", () => {
    expect(print(variationalModel(parseModel("p^2/2 - cos(q)")).model.hamiltonian)).toBe("delta_p*p + delta_q*sin(q)");
  });

  test("takes names that are free", () => {
    const { model, displacements } = variationalModel(
      parseModel("p^2/2 + delta_q q^2/2 + delta_p_ q; delta_q = 2; delta_p_ = 1"),
    );
    expect(displacements).toEqual({ coordinates: ["delta_q_"], momenta: ["delta_p"] });
    const names = [...model.coordinates, ...model.momenta, ...model.parameters].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test("is separable where H is", () => {
    for (const name of ["henon-heiles", "toda", "double-pendulum"] as const) {
      const model = parseModel(systems[name].model);
      const lift = sourceOf(variationalModel(model).model);
      expect([name, lift.separation.separable]).toEqual([name, sourceOf(model).separation.separable]);
    }
  });

  test("is a program whose size does not depend on N", () => {
    const statements = [16, 4096].map((n) => {
      const text = `q: [${n}]; p: [${n}]\nboundary q = 0\nH = sum(p[i]^2/2, i=1..${n}) + sum((q[i+1]-q[i])^2/2 + (q[i+1]-q[i])^4/4, i=0..${n})`;
      return JSON.stringify(sourceOf(variationalModel(parseModel(text)).model).program("field")).length;
    });
    // the numbers themselves have more digits
    expect(statements[1]! / statements[0]!).toBeLessThan(1.05);
  });
});

describe("the tangent map of the flow", () => {
  test.each([
    ["henon-heiles", [0, -0.25, 0.42, 0], 20],
    ["double-pendulum", [1.2, 0.5, 0.3, -0.2], 5],
    ["kapitza-pendulum", [0.5, 0.2], 2],
    ["fput-beta", undefined, 10],
  ] as const)("%s: MᵀJM = J to 1e-13 of |M|² (round-off)", (name, start, t) => {
    const model = parseModel(systems[name].model);
    const [{ x0 }] = Object.values(systems[name].initialStates) as [{ readonly x0: readonly number[] }];
    const x = start ?? x0;
    const n = x.length / 2;
    const lift = taylor(sourceOf(variationalModel(model).model));
    const columns = x.map((_, k) => {
      const unit = x.map((__, j) => Number(j === k));
      return parts(lift.run(lifted(x, unit), { t, samples: [t] }).states.slice(-4 * n)).d;
    });
    const form = (a: readonly number[], b: readonly number[]) =>
      a.slice(0, n).reduce((sum, value, k) => sum + value * b[n + k]! - a[n + k]! * b[k]!, 0);
    const size = Math.max(1, ...columns.flat().map(Math.abs)) ** 2;
    columns.forEach((a, j) => {
      columns.forEach((b, k) => {
        const expected = k === j + n ? 1 : j === k + n ? -1 : 0;
        expect(Math.abs(form(a, b) - expected), `${j}, ${k}`).toBeLessThan(1e-13 * size);
      });
    });
    const mixed = columns.flatMap((column, k) => column.filter((_, j) => j !== k));
    expect(Math.max(...mixed.map(Math.abs)), "is not the identity").toBeGreaterThan(0.1);
  });
});
