import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { affine, affineIndex, freshIndex } from "../../src/expr/affine.ts";
import {
  add,
  apply,
  call,
  constant,
  cos,
  div,
  element,
  exp,
  less,
  mul,
  neg,
  pi,
  pow,
  select,
  sign,
  sqrt,
  sub,
  symbol,
  two,
  zero,
} from "../../src/expr/build.ts";
import { differentiate, gradient } from "../../src/expr/differentiate.ts";
import { type Expr, postorder } from "../../src/expr/expr.ts";
import { toLatex } from "../../src/expr/latex.ts";
import { print } from "../../src/expr/print.ts";
import { prod, sum } from "../../src/expr/reduce.ts";
import { parse } from "../../src/parser/parse.ts";
import { arbitraryRecipe } from "../support/arbitrary.ts";
import { build, vectors } from "../support/recipe.ts";

const seed = 20190607;
const symbols = { x: {}, y: {}, a: {}, u: { shape: [3] }, w: { shape: [3, 2] }, k: { shape: [3] } };
const [x, y, a, q, p] = ["x", "y", "a", "q", "p"].map(symbol) as [Expr, Expr, Expr, Expr, Expr];

/** Factors are not taken through a division by the number 0, which has no value to keep. */
const dividesByZero = (e: Expr): boolean =>
  postorder([e]).some((node) => node.kind === "apply" && node.op === "div" && node.args[1] === zero);

function expectRoundTrip(e: Expr): void {
  if (dividesByZero(e)) return;
  const text = print(e);
  let again: Expr;
  try {
    again = parse(text, { symbols });
  } catch (error) {
    expect.fail(`${text} is refused: ${error}`);
  }
  if (again !== e) expect.fail(`${text} is read as ${print(again)}${print(again) === text ? ", another node" : ""}`);
}

describe("what is printed is read as the same node", () => {
  it("on random expressions, unknown functions' derivatives among them", () => {
    fc.assert(
      fc.property(arbitraryRecipe({ unknown: true, edges: false }), (recipe) => expectRoundTrip(build(recipe))),
      { seed, numRuns: 1500 },
    );
  });

  it("on their derivatives", () => {
    const recipes = arbitraryRecipe({ unknown: true, edges: false, depth: 4 });
    fc.assert(
      fc.property(recipes, (recipe) => {
        const e = build(recipe);
        for (const derivative of [differentiate(e, "x"), ...gradient(e, ["x", "u[2]"])]) {
          // Texts repeat what expressions share.
          if (print(derivative).length < 5000) expectRoundTrip(derivative);
        }
      }),
      { seed, numRuns: 600 },
    );
  });

  it.each([
    [
      "numbers",
      [
        constant(1e-7),
        constant(1e21),
        constant(0.1),
        constant(-3),
        constant(5e-324),
        constant(-Math.PI),
        mul(constant(-2), constant(Math.PI / 2)),
      ],
    ],
    [
      "signs",
      [neg(x), neg(mul(x, y)), neg(pow(x, two)), pow(neg(x), constant(3)), pow(x, neg(y)), sub(neg(x), y), exp(neg(x))],
    ],
    [
      "quotients",
      [
        div(x, mul(y, a)),
        mul(div(x, y), a),
        div(div(x, y), a),
        div(x, div(y, a)),
        mul(x, div(y, a)),
        div(constant(1), mul(two, x)),
      ],
    ],
    [
      "powers",
      [
        pow(pow(x, y), a),
        pow(x, pow(y, a)),
        pow(add(x, y), two),
        pow(constant(1.5), two),
        pow(two, x),
        pow(x, div(constant(2), constant(3))),
        pow(x, constant(0.3)),
      ],
    ],
    [
      "conditions",
      [select(less(x, y), x, y), mul(two, select(apply("or", [less(x, y), apply("not", [less(y, a)])]), x, y))],
    ],
    ["pi", [mul(two, pi), div(pi, two), pow(pi, two), cos(mul(pi, x))]],
  ] as const)("%s", (_, all) => {
    for (const e of all) expectRoundTrip(e);
  });

  it("names that shadow a function or a constant", () => {
    const shadowing = { sign: {}, pi: {}, sqrt: {}, x: {} };
    for (const e of [mul(symbol("sign"), sign(x)), add(symbol("pi"), pi), mul(symbol("sqrt"), sqrt(x))]) {
      expect(parse(print(e), { symbols: shadowing }), print(e)).toBe(e);
    }
    expect(print(mul(symbol("sign"), sign(x)))).toBe("sign*\\sign(x)");
  });
});

describe("sums that differ in the names of their indices only", () => {
  const all = { lo: affine(1), hi: affine(3) };
  const square = (name: string) => {
    const i = freshIndex(name);
    return sum(i, all, pow(element(vectors.u, [affineIndex(i)]), two));
  };
  it("are one node, wherever they stand", () => {
    expect(square("i")).toBe(square("j"));
    const nested = (first: string, second: string) => {
      const [i, j] = [freshIndex(first), freshIndex(second)];
      const difference = sub(element(vectors.u, [affineIndex(i)]), element(vectors.u, [affineIndex(j)]));
      return sum(i, all, sum(j, { lo: affine(1, [{ index: i, factor: 1 }]), hi: affine(3) }, cos(difference)));
    };
    expect(nested("i", "j")).toBe(nested("m", "n"));
    expect(parse("sum(sum(u[j], j = 1..3)*u[i], i = 1..3)", { symbols })).toBe(
      parse("sum(sum(u[i], i = 1..3)*u[k_1], k_1 = 1..3)", { symbols: { u: { shape: [3] } } }),
    );
  });
  it("remain one after a derivative", () => {
    const e = parse("sum(u[i]*x + y*sum(u[j]*w[i, 1], j = 1..3), i = 1..3)", { symbols });
    expect(differentiate(e, "x")).toBe(parse("sum(u[i], i = 1..3)", { symbols }));
    expect(gradient(e, ["x"])[0]).toBe(parse("sum(u[i], i = 1..3)", { symbols }));
  });
});

describe("LaTeX", () => {
  const i = freshIndex("i");
  const j = freshIndex("j");
  const at = (name: string, index: ReturnType<typeof freshIndex>) =>
    element({ name, shape: [3] }, [affineIndex(index)]);
  const all = { lo: affine(1), hi: affine(3) };
  it.each<[string, Expr]>([
    ["\\frac{p^{2}}{2} - \\cos\\left(q\\right)", sub(div(pow(p, two), two), cos(q))],
    [
      "\\frac{p_{\\theta}^{2}}{2\\,m\\,l^{2}}",
      div(pow(symbol("p_theta"), two), mul(two, mul(symbol("m"), pow(symbol("l"), two)))),
    ],
    ["\\sqrt{x + y}\\,e^{-x}", mul(sqrt(add(x, y)), exp(neg(x)))],
    ["\\left(\\frac{x}{y}\\right)^{2}", pow(div(x, y), two)],
    ["-\\left(x + y\\right)\\,a", neg(mul(add(x, y), a))],
    ["2 \\cdot 10^{-7}\\,x", mul(constant(2e-7), x)],
    ["\\left|x\\right|^{3}", pow(apply("abs", [x]), constant(3))],
    ["\\begin{cases}x & \\text{if } x < y \\\\ y & \\text{otherwise}\\end{cases}", select(less(x, y), x, y)],
    ["V''\\left(q\\right)", call("V", [q], [2])],
    ["W^{(1,2)}\\left(q, p\\right)", call("W", [q, p], [1, 2])],
    ["q_{1} + \\omega_{12} + \\mathrm{drag}", add(add(symbol("q1"), symbol("omega12")), symbol("drag"))],
    ["\\sum_{i=1}^{3} \\mathrm{mass}_{i}", sum(i, all, at("mass", i))],
    ["q_{x,2}", element({ name: "q_x", shape: [3] }, [affine(2)])],
    [
      "\\sum_{i=1}^{3} \\sum_{j=i+1}^{3} q_{i}\\,q_{j}",
      sum(i, all, sum(j, { lo: affine(1, [{ index: i, factor: 1 }]), hi: affine(3) }, mul(at("q", i), at("q", j)))),
    ],
    [
      "\\prod_{\\substack{i=1 \\\\ i \\ne 2}}^{3} \\left(q_{i} + 1\\right)",
      prod(i, { ...all, except: [affine(2)] }, add(at("q", i), constant(1))),
    ],
  ])("%s", (text, e) => expect(toLatex(e)).toBe(text));
});
