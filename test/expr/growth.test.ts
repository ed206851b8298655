import { describe, expect, it } from "vitest";
import { add, constant, cos, div, mul, one, pow, sin, sub, symbol } from "../../src/expr/build.ts";
import { differentiate, gradient, hessian } from "../../src/expr/differentiate.ts";
import { evaluate } from "../../src/expr/evaluate.ts";
import { type Expr, nodesCreated } from "../../src/expr/expr.ts";
import { toLatex } from "../../src/expr/latex.ts";
import { print } from "../../src/expr/print.ts";
import { countNodes } from "../../src/expr/reduce.ts";
import { substitute } from "../../src/expr/substitute.ts";
import { separate } from "../../src/mechanics/separate.ts";
import { parse } from "../../src/parser/parse.ts";

const [q, x, y] = ["q", "x", "y"].map(symbol) as [Expr, Expr, Expr];
const nested = (depth: number): Expr => Array.from({ length: depth }).reduce<Expr>((e) => sin(e), q);
const tower = (height: number): Expr => Array.from({ length: height - 1 }).reduce<Expr>((e) => pow(q, e), q);
const product = (factors: number): Expr =>
  Array.from({ length: factors }, (_, i) => sin(add(q, constant(i)))).reduce(mul);
const times = (count: number, name: string, e: Expr): Expr =>
  Array.from({ length: count }).reduce<Expr>((each) => differentiate(each, name), e);

describe("derivatives that grow without sharing: at most 50 nodes a source node, 1 s", () => {
  it.each<[string, Expr, (e: Expr) => Expr]>([
    ["q^q^… of 14", tower(14), (e) => times(1, "q", e)],
    ["the second derivative of Π sin(q + i), 64 factors", product(64), (e) => times(2, "q", e)],
    ["the fourth derivative of sin∘…∘sin, 20 times", nested(20), (e) => times(4, "q", e)],
    [
      "(1/(x (y − 1)))^(1/(y − 1))",
      pow(div(one, mul(x, sub(y, one))), div(one, sub(y, one))),
      (e) => times(1, "y", times(1, "x", e)),
    ],
    ["the gradient of the product, in reverse", product(64), (e) => gradient(e, ["q"])[0]!],
  ])("%s", (_, e, derive) => {
    const [before, started] = [nodesCreated(), performance.now()];
    const derived = derive(e);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(countNodes(derived) / countNodes(e)).toBeLessThanOrEqual(50);
    expect((nodesCreated() - before) / countNodes(e)).toBeLessThan(500);
    expect(evaluate(derived, { q: 0.7, x: 1.5, y: 2.5 })).not.toBeNaN();
  });

  it("a gradient costs at most 5 times the operations of H, however many names", () => {
    const names = Array.from({ length: 100 }, (_, k) => `x_a${k}`);
    const h = names.reduce<Expr>((e, name, k) => add(e, cos(mul(symbol(name), symbol(names[(k + 1) % 100]!)))), one);
    expect(countNodes(...gradient(h, names)) / countNodes(h)).toBeLessThan(5);
  });
});

describe("size is no depth of recursion", () => {
  const many = 100_000;
  const flat = Array.from({ length: many }, (_, k) => div(x, add(y, constant(k + 1)))).reduce(add);
  const deep = Array.from({ length: many }).reduce<Expr>((e, _, k) => (k % 2 === 0 ? sin(e) : add(e, x)), q);

  it.each([
    ["a sum of 1e5 terms", flat],
    ["1e5 nested functions", deep],
  ] as const)("%s", (_, e) => {
    expect(evaluate(e, { x: 0.5, y: 1.5, q: 1 })).toBeGreaterThan(0);
    expect(print(e).length).toBeGreaterThan(many);
    expect(toLatex(e).length).toBeGreaterThan(many);
    const [slope] = gradient(e, ["x", "y"]);
    expect(evaluate(slope!, { x: 0.5, y: 1.5, q: 1 })).not.toBeNaN();
    expect(differentiate(e, "x").kind).toBe("apply");
    expect(substitute(e, new Map([["x", y]]))).not.toBe(e);
    expect(separate(e, { coordinates: ["x", "q"], momenta: ["y"] }).separable).toBe(e === deep);
  });

  it("a Hessian of a chain of 50 is found in a second", () => {
    const names = Array.from({ length: 50 }, (_, k) => `z_a${k}`);
    const chain = names.slice(1).reduce<Expr>((e, name, k) => add(e, cos(sub(symbol(name), symbol(names[k]!)))), one);
    const started = performance.now();
    expect(hessian(chain, names)).toHaveLength(50);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it("printing stops where sharing would make the text endless", () => {
    const doubled = Array.from({ length: 60 }).reduce<Expr>((e) => mul(sin(e), cos(e)), q);
    expect(() => print(doubled)).toThrow(expect.objectContaining({ code: "too-long", kind: "limit" }));
    expect(() => toLatex(doubled)).toThrow(expect.objectContaining({ code: "too-long", kind: "limit" }));
    expect(evaluate(doubled, { q: 1 })).not.toBeNaN();
  });

  it("a text of 2e4 terms is read, differentiated and printed in 3 s", () => {
    const text = Array.from({ length: 20_000 }, (_, k) => `sin(q + ${k})*p^2/3`).join(" + ");
    const started = performance.now();
    expect(print(differentiate(parse(text), "q")).length).toBeGreaterThan(20_000);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
