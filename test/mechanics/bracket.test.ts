import { describe, expect, it } from "vitest";
import { affine, affineIndex, freshIndex } from "../../src/expr/affine.ts";
import {
  add,
  call,
  constant,
  cos,
  div,
  element,
  exp,
  mul,
  neg,
  pow,
  sin,
  sqrt,
  sub,
  symbol,
} from "../../src/expr/build.ts";
import { evaluate } from "../../src/expr/evaluate.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { sum } from "../../src/expr/reduce.ts";
import { poissonBracket } from "../../src/mechanics/bracket.ts";
import { invariantTolerance, verifyInvariant } from "../../src/mechanics/invariant.ts";
import { expandsToZero } from "../../src/mechanics/polynomial.ts";
import type { Model, Parameter, Variable } from "../../src/model.ts";

const variable = (name: string, ...shape: number[]): Variable => ({ name, shape, ring: false });
const parameter = (name: string, value: number | number[] | undefined): Parameter => ({
  name,
  shape: Array.isArray(value) ? [value.length] : [],
  value,
});
const names = (text: string): Expr[] => text.split(" ").map(symbol);
const square = (e: Expr): Expr => pow(e, constant(2));
const half = (e: Expr): Expr => div(e, constant(2));
const total = (...terms: Expr[]): Expr => terms.reduce(add);

function model(hamiltonian: Expr, coordinates: Variable[], momenta: Variable[], parts: Partial<Model> = {}): Model {
  return {
    source: "",
    hamiltonian,
    coordinates,
    momenta,
    parameters: [],
    timeDependent: false,
    unknownFunctions: [],
    damping: [],
    forces: [],
    invariants: [],
    initial: new Map(),
    inUnits: false,
    readings: [],
    warnings: [],
    ...parts,
  };
}

const [q, p, x, y, px, py, m, k, t] = names("q p x y px py m k t") as [
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
];
const plane = { coordinates: [variable("x"), variable("y")], momenta: [variable("px"), variable("py")] };
const angularMomentum = sub(mul(x, py), mul(y, px));
const kineticPlane = div(add(square(px), square(py)), mul(constant(2), m));
const kepler = sub(kineticPlane, div(k, sqrt(add(square(x), square(y)))));
const mass = [parameter("m", 1.3), parameter("k", 0.7)];

describe("poissonBracket", () => {
  const line = { coordinates: [variable("q")], momenta: [variable("p")] };
  it.each<[string, Expr, Expr, Expr]>([
    ["{q, p} = 1", q, p, constant(1)],
    ["{p, q} = -1", p, q, constant(-1)],
    ["{q, q} = 0", q, q, constant(0)],
    ["{q, H} = dH/dp", q, add(div(square(p), m), cos(q)), div(mul(constant(2), p), m)],
    ["{p, H} = -dH/dq", p, add(square(p), cos(q)), sin(q)],
    ["{q^2, p^2} = 4 q p", square(q), square(p), mul(constant(4), mul(q, p))],
  ])("%s", (_, a, b, expected) => {
    expect(expandsToZero(sub(poissonBracket(a, b, line), expected))).toBe(true);
  });

  it("is antisymmetric and obeys Leibniz and Jacobi at a point", () => {
    const [a, b, c] = [mul(square(q), p), exp(mul(q, p)), add(sin(p), mul(q, q))] as [Expr, Expr, Expr];
    const bracket = (f: Expr, g: Expr): Expr => poissonBracket(f, g, line);
    const at = (e: Expr): number => evaluate(e, { q: 0.7, p: -0.4 });
    // Round-off of about 50 operations of size 1.
    expect(at(add(bracket(a, b), bracket(b, a)))).toBeCloseTo(0, 13);
    expect(at(sub(bracket(mul(a, b), c), add(mul(a, bracket(b, c)), mul(bracket(a, c), b))))).toBeCloseTo(0, 13);
    const jacobi = total(bracket(a, bracket(b, c)), bracket(b, bracket(c, a)), bracket(c, bracket(a, b)));
    expect(Math.abs(at(bracket(a, bracket(b, c))))).toBeGreaterThan(0.01);
    expect(at(jacobi)).toBeCloseTo(0, 12);
  });

  it("sums over arrays", () => {
    const i = freshIndex("i");
    const each = { lo: affine(1), hi: affine(4) };
    const [qs, ps] = ["q", "p"].map((name) => element({ name, shape: [4] }, [affineIndex(i)])) as [Expr, Expr];
    const a = sum(i, each, mul(square(qs), ps));
    const b = sum(i, each, square(ps));
    const pairs = { coordinates: [variable("q", 4)], momenta: [variable("p", 4)] };
    const values = { q: [1, 2, 3, 4], p: [0.5, 0.25, -1, 2] };
    // {q^2 p, p^2} = 2 q p · 2 p
    const expected = values.q.reduce((s, qi, n) => s + 4 * qi * values.p[n]! ** 2, 0);
    expect(evaluate(poissonBracket(a, b, pairs), values)).toBeCloseTo(expected, 12);
  });
});

describe("expandsToZero", () => {
  it.each<[string, Expr, boolean]>([
    [
      "(x + y)^2 - x^2 - 2 x y - y^2",
      sub(square(add(x, y)), total(square(x), mul(constant(2), mul(x, y)), square(y))),
      true,
    ],
    ["(x + y)(x - y) - x^2 + y^2", add(sub(mul(add(x, y), sub(x, y)), square(x)), square(y)), true],
    ["x y/m - y x/m", sub(div(mul(x, y), m), div(mul(y, x), m)), true],
    ["x sqrt(y) sqrt(y) - x y", sub(mul(mul(x, sqrt(y)), sqrt(y)), mul(x, y)), true],
    ["the same atom in another product", sub(mul(x, cos(add(x, y))), mul(cos(add(x, y)), x)), true],
    ["x - y", sub(x, y), false],
    ["sin^2 + cos^2 - 1, which is no polynomial", sub(add(square(sin(q)), square(cos(q))), constant(1)), false],
    ["more monomials than the budget", sub(pow(total(...names("a b c d e f g h")), constant(40)), x), false],
  ])("%s", (_, e, expected) => {
    expect(expandsToZero(e)).toBe(expected);
  });
});

describe("verifyInvariant", () => {
  it("shows angular momentum and energy of a central force symbolically", () => {
    const made = model(kepler, plane.coordinates, plane.momenta, { parameters: mass });
    expect(verifyInvariant(made, angularMomentum)).toEqual({ verdict: "symbolic" });
    expect(verifyInvariant(made, kepler)).toEqual({ verdict: "symbolic" });
  });

  it("shows the Laplace-Runge-Lenz vector at least numerically", () => {
    const made = model(kepler, plane.coordinates, plane.momenta, { parameters: mass });
    const r = sqrt(add(square(x), square(y)));
    const component = sub(mul(py, angularMomentum), mul(mul(m, k), div(x, r)));
    const found = verifyInvariant(made, component);
    expect(found).toMatchObject({ verdict: "numeric", points: 8 });
    expect(found.verdict === "numeric" && found.worst).toBeLessThan(invariantTolerance / 100);
  });

  it("names a point where a quantity is not conserved", () => {
    const bent = add(kepler, mul(constant(1e-6), x));
    const made = model(bent, plane.coordinates, plane.momenta, { parameters: mass });
    const found = verifyInvariant(made, angularMomentum);
    if (found.verdict !== "violated") throw new Error(found.verdict);
    // dLz/dt = -y·1e-6·… : the torque of the added force.
    expect(found.rate).toBeCloseTo(1e-6 * (found.point.y as number), 12);
    expect(verifyInvariant(made, angularMomentum)).toEqual(found);
  });

  it("counts damping, forces and explicit time", () => {
    const free = half(square(p));
    const line = [[variable("q")], [variable("p")]] as const;
    const on = (value: Expr) => [{ target: "p", at: [], over: [], value }];
    const verdict = (parts: Partial<Model>, quantity: Expr): string =>
      verifyInvariant(model(free, [...line[0]], [...line[1]], { parameters: mass, ...parts }), quantity).verdict;
    expect(verdict({}, p)).toBe("symbolic");
    expect(verdict({ damping: on(k) }, p)).toBe("violated");
    expect(verdict({ damping: on(k) }, add(p, mul(k, q)))).toBe("symbolic");
    expect(verdict({ damping: on(k), timeDependent: true }, mul(p, exp(mul(k, t))))).toBe("symbolic");
    expect(verdict({ forces: on(k), timeDependent: true }, sub(p, mul(k, t)))).toBe("symbolic");
    expect(verdict({ timeDependent: true }, sub(q, mul(p, t)))).toBe("symbolic");
    expect(verdict({ timeDependent: true }, add(q, mul(p, t)))).toBe("violated");
  });

  it("takes unknown functions and unset parameters as any", () => {
    const r = sqrt(add(square(x), square(y)));
    const parts = { parameters: [parameter("m", undefined)], unknownFunctions: [{ name: "V", arity: 1 }] };
    const central = model(add(kineticPlane, call("V", [r])), plane.coordinates, plane.momenta, parts);
    expect(verifyInvariant(central, angularMomentum).verdict).toBe("symbolic");
    const skew = model(add(kineticPlane, call("V", [x])), plane.coordinates, plane.momenta, parts);
    expect(verifyInvariant(skew, angularMomentum).verdict).toBe("violated");
  });

  it("is undecided where nothing is finite", () => {
    const nowhere = sqrt(neg(add(square(q), constant(1))));
    const made = model(add(square(p), nowhere), [variable("q")], [variable("p")]);
    expect(verifyInvariant(made, p)).toEqual({ verdict: "undecided" });
  });

  describe("over arrays", () => {
    const n = 7;
    const [i, j] = [freshIndex("i"), freshIndex("j")];
    const [at, next] = [affineIndex(i), affine(1, [{ index: i, factor: 1 }])];
    const each = { lo: affine(1), hi: affine(n) };
    const of = (name: string, place = at, edge: "exact" | "ring" = "exact"): Expr =>
      element({ name, shape: [n] }, [place], edge);
    const masses = parameter("m", [1, 2, 0.5, 3, 1.5, 1, 0.7]);
    const kinetic = sum(i, each, div(square(of("p")), mul(constant(2), of("m"))));
    const momentum = sum(i, each, of("p"));
    const chain = add(kinetic, sum(i, each, exp(sub(of("q"), of("q", next, "ring")))));
    const pairForce = sum(
      i,
      each,
      sum(
        j,
        { lo: next, hi: affine(n) },
        div(constant(1), add(constant(1), square(sub(of("q"), of("q", affineIndex(j)))))),
      ),
    );
    const made = (H: Expr): Model =>
      model(H, [variable("q", n)], [variable("p", n)], { parameters: [masses, ...mass.slice(1)] });

    it("conserves the momentum of a ring and of a pair sum", () => {
      expect(verifyInvariant(made(chain), momentum)).toMatchObject({ verdict: "numeric", points: 8 });
      expect(verifyInvariant(made(add(kinetic, pairForce)), momentum)).toMatchObject({ verdict: "numeric", points: 8 });
    });

    it("sees a pinned element", () => {
      const pinned = add(chain, mul(constant(1e-3), square(of("q", affine(3)))));
      expect(verifyInvariant(made(pinned), momentum).verdict).toBe("violated");
      expect(verifyInvariant(made(chain), sum(i, each, mul(of("p"), of("m")))).verdict).toBe("violated");
    });
  });
});
