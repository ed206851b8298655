import { describe, expect, test } from "vitest";
import { Tally } from "../../src/check/check.ts";
import { extrapolate } from "../../src/check/extrapolate.ts";
import { evaluateRounded } from "../../src/check/rounding.ts";
import { compile } from "../../src/compile.ts";
import { evaluate } from "../../src/expr/evaluate.ts";
import { parse } from "../../src/parser/parse.ts";
import { systems } from "../../src/systems/systems.ts";
import { valuesAt } from "../support/equations-oracle.ts";

describe("running error analysis", () => {
  test("finds the interpreter's values, bit for bit, for H of every system", () => {
    for (const system of Object.values(systems)) {
      const { model } = compile(system);
      const x = Object.values(system.initialStates)[0]!.x0;
      const values = valuesAt(model, x, 0.3);
      expect(evaluateRounded(model.hamiltonian, values).value).toBe(evaluate(model.hamiltonian, values));
    }
  });

  /** Exact values by hand; the bound holds them and is no more than `most` times the error. */
  const cases = [
    { text: "a + b - a", values: { a: 1e16, b: 1 }, exact: 1 },
    { text: "sqrt(a)^2 - a", values: { a: 2 }, exact: 0 },
    { text: "exp(log(a)) - a", values: { a: 1234.5 }, exact: 0 },
    { text: "sin(asin(a)) - a", values: { a: 0.9999 }, exact: 0 },
    { text: "(a + 1)^2 - a^2 - 2 a - 1", values: { a: 12345.678 }, exact: 0 },
    { text: "tanh(atanh(a)) - a", values: { a: 0.3 }, exact: 0 },
    { text: "cbrt(a)^3 - a", values: { a: 7 }, exact: 0 },
    { text: "atan2(sin(a), cos(a)) - a", values: { a: 1.1 }, exact: 0 },
    { text: "hypot(a sin(b), a cos(b)) - a", values: { a: 3, b: 0.7 }, exact: 0 },
    { text: "log1p(expm1(a)) - a", values: { a: 1e-3 }, exact: 0 },
    { text: "a^0.3 a^0.7 - a", values: { a: 5 }, exact: 0 },
  ] as const;

  test.each(cases)(
    "$text: the bound holds the error, and is not a thousand roundings wide",
    ({ text, values, exact }) => {
      const { value, error } = evaluateRounded(parse(text), values);
      expect(Math.abs(value - exact)).toBeLessThanOrEqual(error);
      const size = Math.max(...Object.values(values).map((x) => Math.max(x, x ** 2)));
      expect(error).toBeLessThan(1000 * 2 ** -53 * size);
    },
  );

  test("calls a branch uncertain where rounding decides", () => {
    const step = parse("if(a*b <= c, 0, 1)");
    expect(evaluateRounded(step, { a: 1 / 49, b: 49, c: (1 / 49) * 49 }).error).toBe(1);
    expect(evaluateRounded(step, { a: 1 / 49, b: 49, c: 1.1 }).error).toBe(0);
  });

  test("carries errors of the values: d(q^2) = 2 q dq", () => {
    expect(evaluateRounded(parse("q^2"), { q: 3 }, { q: 1e-6 }).error).toBeCloseTo(6e-6, 12);
  });
});

describe("extrapolation", () => {
  const central = (f: (x: number) => number, x: number) => (h: number) => (f(x + h) - f(x - h)) / (2 * h);

  test.each([
    ["sin", Math.sin, Math.cos, 1],
    ["exp", Math.exp, Math.exp, 2],
    ["1/x near its pole", (x: number) => 1 / x, (x: number) => -1 / x ** 2, 0.1],
  ] as const)("finds the derivative of %s within the error it tells", (_name, f, derivative, x) => {
    const rounding = (h: number) => (4 * Number.EPSILON * Math.abs(f(x))) / h;
    const { value, error } = extrapolate(central(f, x), rounding, { first: 0.05, levels: 8 });
    expect(Math.abs(value - derivative(x))).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(1e-9 * Math.abs(derivative(x)) + 1e-9);
  });

  test("finds the slope beside a kink, from the steps that do not reach it", () => {
    const { value, error } = extrapolate(central(Math.abs, 1e-6), (h) => 1e-16 / h, { first: 0.05, levels: 20 });
    expect(Math.abs(value - 1)).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(1e-6);
  });
});

describe("a tally", () => {
  const at = { x: Float64Array.of(1, 2), t: 0 };

  test("keeps the worst against its bound", () => {
    const tally = new Tally();
    tally.add(1e-3, 1, at, "a");
    tally.add(-1e-6, 2e-6, at, "b");
    expect(tally.line("claim", "because")).toMatchObject({
      verdict: "pass",
      figure: 1e-6,
      bound: 2e-6,
      worst: { of: "b" },
    });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("fails for a difference of %s", (difference) => {
    const tally = new Tally();
    tally.add(difference, 1, at);
    expect(tally.line("claim", "because").verdict).toBe("fail");
  });

  test("says nothing where the bounds say nothing, but fails where even those are passed", () => {
    const tally = new Tally(1e-3);
    tally.add(0, 1, at);
    expect(tally.line("claim", "because").verdict).toBe("skipped");
    tally.add(2, 1, at);
    expect(tally.line("claim", "because").verdict).toBe("fail");
  });
});
