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
  less,
  mul,
  neg,
  pow,
  select,
  sqrt,
  sub,
  symbol,
} from "../../src/expr/build.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { print } from "../../src/expr/print.ts";
import { sum } from "../../src/expr/reduce.ts";
import { type Separation, separate } from "../../src/mechanics/separate.ts";

const [q, p, x, y, px, py, m, k, t, B] = ["q", "p", "x", "y", "px", "py", "m", "k", "t", "B"].map(symbol) as [
  Expr,
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
const number = constant;
const square = (e: Expr): Expr => pow(e, number(2));
const half = (e: Expr): Expr => div(e, number(2));
const names = { coordinates: ["q", "x", "y"], momenta: ["p", "px", "py"], time: "t" };

/** Kinetic and potential energy and the kind of mass matrix in one line. */
function summary(found: Separation): string {
  if (!found.separable) return found.reason;
  const mass = found.mass.kind === "constant" ? (found.mass.coupled ? "coupled" : "diagonal") : found.mass.reason;
  const time = `${found.kineticDependsOnTime ? " T(t)" : ""}${found.potentialDependsOnTime ? " V(t)" : ""}`;
  return `${print(found.kinetic)} | ${print(found.potential)} | ${mass}${time}`;
}

describe("separate", () => {
  it.each<[string, Expr, string]>([
    ["a pendulum", sub(half(square(p)), cos(q)), "p^2/2 | -cos(q) | diagonal"],
    ["a common factor", mul(k, half(add(square(p), square(q)))), "k*p^2/2 | k*q^2/2 | diagonal"],
    ["a common denominator", div(sub(square(p), square(q)), m), "p^2/m | -q^2/m | diagonal"],
    ["a sign before the sum", neg(add(square(p), add(q, number(3)))), "-p^2 | -(q + 3) | diagonal"],
    [
      "a condition on a parameter",
      select(less(k, m), add(square(p), q), square(p)),
      "p^2 | if(k < m, q, 0) | diagonal",
    ],
    ["time in V", add(half(square(p)), mul(q, cos(t))), "p^2/2 | q*cos(t) | diagonal V(t)"],
    ["time in T", add(half(mul(square(p), exp(t))), q), "p^2*exp(t)/2 | q | `p^2*exp(t)/2` depends on time T(t)"],
    ["coupled momenta", add(add(mul(px, py), square(px)), mul(x, y)), "px*py + px^2 | x*y | coupled"],
    ["a square of a sum", add(square(add(px, py)), x), "(px + py)^2 | x | coupled"],
    [
      "relativity",
      add(sqrt(add(square(p), square(m))), q),
      "sqrt(p^2 + m^2) | q | `sqrt(p^2 + m^2)` is not quadratic in the momenta",
    ],
    ["a linear term", add(add(square(p), mul(k, p)), q), "p^2 + k*p | q | `k*p` is not quadratic in the momenta"],
    [
      "Lotka-Volterra",
      add(sub(exp(q), q), sub(exp(p), p)),
      "exp(p) - p | exp(q) - q | `exp(p)` is not quadratic in the momenta",
    ],
    ["no momenta", q, "0 | q | `0` does not depend on momenta"],
    ["an unknown potential", add(half(square(p)), call("V", [q])), "p^2/2 | V(q) | diagonal"],
    [
      "a magnetic field",
      add(div(square(add(px, mul(B, y))), mul(number(2), m)), x),
      "`(px + B*y)^2/(2*m)` depends on coordinates and on momenta",
    ],
    ["a product", add(square(p), mul(k, mul(q, p))), "`k*(q*p)` depends on coordinates and on momenta"],
    [
      "a condition on the state",
      select(less(q, k), square(p), q),
      "`if(q < k, p^2, q)` depends on coordinates and on momenta",
    ],
    ["an unknown function of both", call("V", [q, p]), "`V(q, p)` depends on coordinates and on momenta"],
  ])("%s", (_, hamiltonian, expected) => {
    expect(summary(separate(hamiltonian, names))).toBe(expected);
  });

  const vector = (name: string) => ({ name, shape: [5] });
  const i = freshIndex("i");
  const j = freshIndex("j");
  const [at, next] = [affineIndex(i), affine(1, [{ index: i, factor: 1 }])];
  const each = { lo: affine(1), hi: affine(5) };
  const pi = element(vector("p"), [at]);
  const spring = square(sub(element(vector("q"), [next], "ring"), element(vector("q"), [at])));

  it("splits an indexed sum", () => {
    const found = separate(
      sum(i, each, add(div(square(pi), mul(number(2), element(vector("m"), [at]))), spring)),
      names,
    );
    expect(summary(found)).toBe("sum(p[i]^2/(2*m[i]), i = 1..5) | sum((q[i+1] - q[i])^2, i = 1..5) | diagonal");
  });

  it("sees coupling through sums", () => {
    const T = [
      square(sum(i, each, pi)),
      sum(i, each, mul(pi, element(vector("p"), [next], "ring"))),
      sum(i, each, sum(j, each, mul(pi, element(vector("p"), [affineIndex(j)])))),
      mul(symbol("p"), sum(i, each, pi)),
    ];
    expect(T.map((e) => summary(separate(e, names)).split(" | ")[2])).toEqual(T.map(() => "coupled"));
    const pairs = sum(
      i,
      each,
      sum(j, { lo: next, hi: affine(5) }, add(square(pi), square(element(vector("p"), [affineIndex(j)])))),
    );
    expect(summary(separate(pairs, names))).toMatch(/diagonal$/);
  });

  it("is linear: 1e5 terms and deep sharing in under 10 s, on a busy machine too", () => {
    let long: Expr = number(0);
    for (let n = 1; n <= 5e4; n++) long = add(add(long, pow(symbol("p"), number(n))), mul(k, pow(q, number(n))));
    let deep: Expr = add(square(p), q);
    for (let n = 0; n < 1000; n++) deep = add(mul(k, deep), deep);
    const start = performance.now();
    expect(separate(long, names).separable).toBe(true);
    expect(separate(deep, names).separable).toBe(true);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
