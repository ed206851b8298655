import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { affine, affineIndex, freshIndex } from "../../src/expr/affine.ts";
import {
  add,
  and,
  apply,
  call,
  cos,
  div,
  element,
  indexValue,
  less,
  log,
  mul,
  one,
  pow,
  select,
  sin,
  sqrt,
  sub,
  symbol,
  two,
  zero,
} from "../../src/expr/build.ts";
import { differentiate, gradient, hessian } from "../../src/expr/differentiate.ts";
import { evaluate, type Values } from "../../src/expr/evaluate.ts";
import type { Edge, Expr } from "../../src/expr/expr.ts";
import { type Op, opNames, ops } from "../../src/expr/ops.ts";
import { print } from "../../src/expr/print.ts";
import { prod, sum } from "../../src/expr/reduce.ts";
import { arbitraryRecipe, arbitraryValues } from "../support/arbitrary.ts";
import { numericalDerivative } from "../support/numeric.ts";
import { build, vectors } from "../support/recipe.ts";

const seed = 20190605;
const [x, y, a] = ["x", "y", "a"].map(symbol) as [Expr, Expr, Expr];

/** `values` with one scalar or one array entry (1-based, flat) replaced. */
function moved(values: Values, name: string, at: number | undefined, to: number): Values {
  if (at === undefined) return { ...values, [name]: to };
  const array = Array.from(values[name] as ArrayLike<number>);
  array[at - 1] = to;
  return { ...values, [name]: array };
}

function numerically(e: Expr, values: Values, name: string, at?: number, step = 0.05) {
  const here = at === undefined ? (values[name] as number) : (values[name] as ArrayLike<number>)[at - 1]!;
  return numericalDerivative((to) => evaluate(e, moved(values, name, at, to)), here, step);
}

/** Expects ∂e/∂name = what differences of e say, to 1e-8 of its size (extrapolated differences reach 1e-10). */
function expectDerivative(e: Expr, values: Values, name: string, ...at: number[]): void {
  const shape = name in vectors ? vectors[name as keyof typeof vectors].shape : [];
  const flat = at.length === 0 ? undefined : at.reduce((place, k, axis) => place * (shape[axis] ?? 0) + k - 1, 0) + 1;
  const written = at.length === 0 ? name : `${name}[${at.join(",")}]`;
  const { value } = numerically(e, values, name, flat, 1e-2);
  const got = evaluate(differentiate(e, written), values);
  expect(Math.abs(got - value), `∂/∂${written} of ${print(e)}`).toBeLessThan(1e-8 * (1 + Math.abs(value)));
  expect(evaluate(gradient(e, [written])[0]!, values)).toBeCloseTo(got, 9);
}

describe("each derivative rule", () => {
  /** Points inside the domain, away from kinks. */
  const inside: Partial<Record<Op, readonly (readonly number[])[]>> = {
    acosh: [[1.2], [3.5]],
    asin: [[-0.7], [0.3]],
    acos: [[-0.7], [0.3]],
    atanh: [[-0.7], [0.3]],
    log: [[0.3], [4]],
    log2: [[0.3], [4]],
    log10: [[0.3], [4]],
    log1p: [[-0.4], [4]],
    sqrt: [[0.3], [4]],
    pow: [
      [0.4, 1.3],
      [2.1, -0.7],
      [1.5, 3.2],
    ],
  };
  const points = (op: Op) =>
    inside[op] ??
    (ops[op].args.length === 1
      ? [[-1.3], [0.4], [2.2]]
      : [
          [0.7, -1.2],
          [-1.1, 0.6],
          [2.3, 1.4],
        ]);
  const real = opNames.filter((op) => ops[op].result === "real" && ops[op].args[0] === "real");

  it.each(real)("%s: forward and reverse agree with extrapolated differences to 1e-9", (op) => {
    const e = apply(op, [x, y].slice(0, ops[op].args.length));
    expect(e.kind, "the operation itself is differentiated").toBe("apply");
    for (const [first, second = 0] of points(op)) {
      const values = { x: first!, y: second };
      for (const name of ["x", "y"].slice(0, ops[op].args.length)) {
        const { value } = numerically(e, values, name, undefined, 0.02);
        const tolerance = 1e-9 * (1 + Math.abs(value));
        expect(Math.abs(evaluate(differentiate(e, name), values) - value)).toBeLessThan(tolerance);
        expect(Math.abs(evaluate(gradient(e, [name])[0]!, values) - value)).toBeLessThan(tolerance);
      }
    }
  });

  it("takes the branch that is taken: kinks, ties, conditions", () => {
    const at = (e: Expr, values: Values) => evaluate(differentiate(e, "x"), values);
    expect(at(apply("abs", [x]), { x: -2 })).toBe(-1);
    expect(at(apply("sign", [x]), { x: -2 })).toBe(0);
    const tied = (op: Op) => [differentiate(apply(op, [x, y]), "x"), differentiate(apply(op, [x, y]), "y")] as const;
    for (const op of ["min", "max"] as const) {
      const total = tied(op).reduce((sum, each) => sum + evaluate(each, { x: 1, y: 1 }), 0);
      expect(total, "at a tie the slopes add up to one").toBe(1);
    }
    expect(at(select(less(x, y), sin(x), mul(x, x)), { x: 1, y: 2 })).toBe(Math.cos(1));
    expect(at(select(less(x, y), sin(x), mul(x, x)), { x: 3, y: 2 })).toBe(6);
  });

  it("raises the order of an unknown function, one argument at a time", () => {
    const e = call("W", [mul(x, y), y]);
    expect(print(differentiate(e, "y"))).toBe("x*W'[1,0](x*y, y) + W'[0,1](x*y, y)");
    expect(print(differentiate(differentiate(call("V", [x]), "x"), "x"))).toBe("V''(x)");
  });
});

describe("derivatives of random expressions", () => {
  const names = ["x", "y", "u[1]", "u[3]", "w[2,1]", "k[2]"] as const;
  const flatPlace: Record<(typeof names)[number], readonly [string, number | undefined]> = {
    x: ["x", undefined],
    y: ["y", undefined],
    "u[1]": ["u", 1],
    "u[3]": ["u", 3],
    "w[2,1]": ["w", 3],
    "k[2]": ["k", 2],
  };

  it("forward, reverse and extrapolated differences agree (1e-8 relative plus the differences' own error)", () => {
    let compared = 0;
    // 0·∞ remains where a constant stands at the end of a domain, such as ∂(0^b), and in Σ if(cᵢ, √x, 0) where x < 0
    // and no cᵢ holds: the condition of an adjoint cannot leave a sum over what it depends on.
    let undefinedCount = 0;
    fc.assert(
      fc.property(arbitraryRecipe({ unknown: true, depth: 4 }), arbitraryValues(), (recipe, values) => {
        const e = build(recipe);
        const reverse = gradient(e, names);
        names.forEach((name, k) => {
          const { value, error } = numerically(e, values, ...flatPlace[name]);
          if (!(error < 1e-6 * (1 + Math.abs(value)))) return;
          const tolerance = 1e-8 * (1 + Math.abs(value)) + 100 * error;
          for (const derivative of [reverse[k]!, differentiate(e, name)]) {
            const got = evaluate(derivative, values);
            if (Number.isNaN(got)) undefinedCount += 1;
            if (Number.isNaN(got)) continue;
            if (Math.abs(got - value) < tolerance) continue;
            expect.fail(`∂/∂${name} of ${print(e)} is ${print(derivative)}: ${got}, not ${value} (±${tolerance})`);
          }
          if (reverse[k] !== zero && value !== 0) compared += 1;
        });
      }),
      { seed, numRuns: 1200 },
    );
    expect(compared, "derivatives compared that are not 0").toBeGreaterThan(900);
    expect(undefinedCount).toBeLessThan(0.02 * compared);
  });

  it("the Hessian is symmetric and agrees with differences of the gradient", () => {
    let compared = 0;
    const smooth = { conditions: false, depth: 3 } as const;
    fc.assert(
      fc.property(arbitraryRecipe(smooth), arbitraryValues(), (recipe, values) => {
        const e = build(recipe);
        if (!Number.isFinite(evaluate(e, values))) return;
        const place = ["x", "y", "u[1]", "u[3]"] as const;
        const first = gradient(e, place);
        const second = hessian(e, place);
        place.forEach((_, row) => {
          place.forEach((name, column) => {
            const here = evaluate(second[row]![column]!, values);
            const { value, error } = numerically(first[row]!, values, ...flatPlace[name]);
            if (!(error < 1e-6 * (1 + Math.abs(value)))) return;
            const tolerance = 1e-7 * (1 + Math.abs(value)) + 100 * error;
            const mirrored = evaluate(second[column]![row]!, values);
            if (Number.isNaN(here) && Number.isNaN(mirrored)) return;
            const agrees = Math.abs(here - value) < tolerance && Math.abs(here - mirrored) < tolerance;
            if (!agrees) expect.fail(`row ${row}, ${name} of ${print(e)}: ${here} and ${mirrored}, not ${value}`);
            if (value !== 0) compared += 1;
          });
        });
      }),
      { seed, numRuns: 600 },
    );
    expect(compared).toBeGreaterThan(300);
  });
});

describe("what a condition leaves out does not reach the derivative", () => {
  const positive = less(zero, x);
  const cases: readonly (readonly [string, Expr])[] = [
    ["if(x > 0, sqrt(x), 0)", select(positive, sqrt(x), zero)],
    ["if(x > 0, y sqrt(x), 0)", select(positive, mul(y, sqrt(x)), zero)],
    [
      "two conditions over one root",
      add(select(positive, sqrt(x), zero), select(and(positive, less(y, one)), mul(y, sqrt(x)), zero)),
    ],
    ["if(x > 0, a, log(-x)), the other way round", select(positive, a, mul(y, log(sub(zero, x))))],
    ["sqrt(max(x, 0))", mul(y, sqrt(apply("max", [x, zero])))],
    ["a condition in a condition", select(less(y, two), select(positive, mul(log(x), sqrt(x)), y), zero)],
  ];
  const sumOver = (body: (at: Expr) => Expr) => {
    const i = freshIndex("i");
    return sum(i, { lo: affine(1), hi: affine(3) }, body(element(vectors.u, [affineIndex(i)])));
  };
  const prodOver = (body: (at: Expr) => Expr) => {
    const i = freshIndex("i");
    return prod(i, { lo: affine(1), hi: affine(3) }, body(element(vectors.u, [affineIndex(i)])));
  };
  const outside = select(
    positive,
    sumOver((u) => mul(u, sqrt(x))),
    zero,
  );
  const product = select(
    positive,
    prodOver((u) => add(u, sqrt(x))),
    zero,
  );
  const inside = sumOver((u) => select(less(zero, sub(u, x)), sqrt(sub(u, x)), zero));

  it.each([...cases, ["a sum under a condition", outside], ["a product under a condition", product]] as const)(
    "%s",
    (_, e) => {
      for (const at of [-1.5, 0.8]) {
        const values: Values = { x: at, y: 0.5, a: 2, u: [0.3, 1.1, 2] };
        if (Number.isNaN(evaluate(e, values))) continue;
        expectDerivative(e, values, "x");
        expectDerivative(e, values, "y");
      }
    },
  );

  it("conditions inside a sum, per element", () => {
    const values: Values = { x: 0.8, u: [0.3, 1.1, 2] };
    expectDerivative(inside, values, "x");
    for (const k of [1, 2, 3]) expectDerivative(inside, values, "u", k);
  });
});

describe("sums and products", () => {
  const u = (...at: Parameters<typeof affine>[]) =>
    element(
      vectors.u,
      at.map((each) => affine(...each)),
    );
  const values: Values = {
    x: 0.7,
    y: 1.3,
    a: 0.4,
    u: [0.3, 1.1, -0.6],
    k: [1.5, 0.8, 2.2],
    w: [0.1, 0.5, -0.9, 1.2, 0.7, 2],
  };
  const all = { lo: affine(1), hi: affine(3) };
  const everyElement = (e: Expr, at: Values = values) => {
    expectDerivative(e, at, "x");
    for (const k of [1, 2, 3]) {
      expectDerivative(e, at, "u", k);
      expectDerivative(e, at, "k", k);
      for (const c of [1, 2]) expectDerivative(e, at, "w", k, c);
    }
  };
  const indices = () => [freshIndex("i"), freshIndex("j")] as const;
  const entry = (name: keyof typeof vectors, edge: Edge, ...at: (ReturnType<typeof affine> | number)[]) =>
    element(
      vectors[name],
      at.map((each) => (typeof each === "number" ? affine(each) : each)),
      edge,
    );

  it("a product with factors that are 0", () => {
    const i = freshIndex("i");
    const e = prod(i, all, mul(x, sub(u([0, [{ index: i, factor: 1 }]]), one)));
    everyElement(e, { ...values, u: [1, 0.4, 3] });
    everyElement(e, { ...values, u: [1, 1, 3] });
  });

  it("pairs i < j of a nonlinear function", () => {
    const [i, j] = indices();
    const distance = sub(entry("u", "exact", affineIndex(i)), entry("u", "exact", affineIndex(j)));
    const after = { lo: affine(1, [{ index: i, factor: 1 }]), hi: affine(3) };
    everyElement(
      sum(i, all, sum(j, after, div(entry("k", "exact", affineIndex(i)), sqrt(add(mul(distance, distance), x))))),
    );
  });

  it("ranges that end at an outer index", () => {
    const [i, j] = indices();
    const upTo = { lo: affine(1), hi: affineIndex(i) };
    const body = mul(entry("k", "exact", affineIndex(i)), sin(mul(entry("u", "exact", affineIndex(j)), x)));
    everyElement(sum(i, all, sum(j, upTo, body)));
    everyElement(sum(i, all, cos(sum(j, upTo, body))));
  });

  it("a sum inside a function inside a sum", () => {
    const [i, j] = indices();
    const inner = sum(
      j,
      { ...all, except: [affineIndex(i)] },
      mul(
        entry("k", "exact", affineIndex(j)),
        sin(mul(entry("u", "exact", affineIndex(i)), entry("u", "exact", affineIndex(j)))),
      ),
    );
    everyElement(sum(i, all, mul(cos(mul(x, inner)), entry("w", "exact", affineIndex(i), 2))));
  });

  it("rows of an array of vectors", () => {
    const [i, c] = indices();
    const square = sum(
      c,
      { lo: affine(1), hi: affine(2) },
      pow(entry("w", "exact", affineIndex(i), affineIndex(c)), two),
    );
    everyElement(sum(i, all, div(entry("k", "exact", affineIndex(i)), sqrt(add(square, x)))));
  });

  it("reversed and strided places", () => {
    const i = freshIndex("i");
    const reversed = affine(4, [{ index: i, factor: -1 }]);
    everyElement(sum(i, all, mul(entry("u", "exact", affineIndex(i)), sin(entry("u", "exact", reversed)))));
    const strided = affine(-1, [{ index: i, factor: 2 }]);
    everyElement(
      sum(i, { lo: affine(1), hi: affine(2) }, mul(indexValue(affineIndex(i)), sin(entry("u", "exact", strided)))),
    );
  });

  describe.each(["ring", "clamp"] as const)("an array whose index leaves it (%s)", (edge) => {
    const next = (i: ReturnType<typeof freshIndex>, by: number) => affine(by, [{ index: i, factor: 1 }]);
    /** What a boundary makes of q[i + 1]: the value past the end is `a`. */
    const shifted = (name: "u" | "w", i: ReturnType<typeof freshIndex>, by: number, ...more: number[]) => {
      const read = entry(name, edge, next(i, by), ...more);
      if (edge === "ring") return read;
      const within =
        by > 0
          ? less(indexValue(affineIndex(i)), apply("sub", [symbol("four"), one]))
          : less(one, indexValue(affineIndex(i)));
      return select(within, read, a);
    };
    const at: Values = { ...values, four: 4 };

    it("a chain", () => {
      const i = freshIndex("i");
      everyElement(sum(i, all, cos(sub(shifted("u", i, 1), entry("u", "exact", affineIndex(i))))), at);
    });
    it("with the value of the index", () => {
      const i = freshIndex("i");
      everyElement(
        sum(i, all, mul(indexValue(affineIndex(i)), cos(sub(shifted("u", i, 1), entry("u", "exact", affineIndex(i)))))),
        at,
      );
    });
    it("with arrays of another length", () => {
      const i = freshIndex("i");
      const long = { name: "long", shape: [4] } as const;
      const weight = element(long, [affineIndex(i)]);
      const body = mul(weight, cos(sub(shifted("u", i, -1), entry("u", "exact", affineIndex(i)))));
      everyElement(sum(i, all, body), { ...at, long: [1.1, 0.3, 2.4, 50] });
    });
    it("with rows of vectors", () => {
      const i = freshIndex("i");
      everyElement(
        sum(
          i,
          all,
          mul(entry("w", "exact", affineIndex(i), 1), sin(mul(shifted("w", i, 1, 2), shifted("w", i, -1, 1)))),
        ),
        at,
      );
    });
    it("with a sum inside that starts at the index", () => {
      const [i, j] = indices();
      const inner = sum(j, { lo: affineIndex(i), hi: affine(3) }, sin(entry("k", "exact", affineIndex(j))));
      everyElement(sum(i, all, mul(inner, sin(shifted("u", i, 1)))), at);
    });
    it("over a part of the array", () => {
      const i = freshIndex("i");
      everyElement(
        sum(i, { lo: affine(2), hi: affine(3) }, mul(entry("k", "exact", affineIndex(i)), sin(shifted("u", i, 1)))),
        at,
      );
    });
    it("without one of its values", () => {
      const i = freshIndex("i");
      everyElement(
        sum(i, { ...all, except: [affine(2)] }, mul(entry("k", "exact", affineIndex(i)), sin(shifted("u", i, 1)))),
        at,
      );
    });
  });

  it("does not confuse an array with another of which it is independent", () => {
    const e = entry("k", "exact", 1);
    expect(differentiate(e, "u[1]")).toBe(zero);
    expect(gradient(e, ["u[1]", "x"])).toEqual([zero, zero]);
  });
});
