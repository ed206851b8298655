import { describe, expect, it } from "vitest";
import { add, constant, exp, mul, pow, sin, sub, symbol } from "../../src/expr/build.ts";
import { evaluate } from "../../src/expr/evaluate.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { print } from "../../src/expr/print.ts";
import { reroll } from "../../src/graph/reroll.ts";
import { vector } from "../support/formulas.ts";

const q = vector("q", 5);
const r = vector("r", 3, 3);
const squared = (e: Expr) => pow(e, constant(2));
const total = (...terms: Expr[]) => terms.reduce(add);

describe("reroll", () => {
  const cases: readonly (readonly [string, Expr, string])[] = [
    ["a norm", total(squared(q([1])), squared(q([2])), squared(q([3]))), "sum(q[i]^2, i = 1..3)"],
    ["a chain", total(exp(sub(q([1]), q([2]))), exp(sub(q([2]), q([3])))), "sum(exp(q[i] - q[i+1]), i = 1..2)"],
    [
      "a run among others",
      total(symbol("a"), squared(q([2])), squared(q([3])), q([5])),
      "a + sum(q[i+1]^2, i = 1..2) + q[5]",
    ],
    ["both axes", total(r([1, 1]), r([2, 2]), r([3, 3])), "sum(r[i, i], i = 1..3)"],
    ["nothing in common", total(squared(q([1])), sin(q([2]))), "q[1]^2 + sin(q[2])"],
    ["a step of two", total(q([1]), q([3]), q([5])), "q[1] + q[3] + q[5]"],
    ["different factors", total(mul(constant(3), q([1])), mul(constant(5), q([2]))), "3*q[1] + 5*q[2]"],
  ];
  it.each(cases)("%s", (_name, e, wanted) => {
    const again = reroll(e);
    expect(print(again)).toBe(wanted);
    const values = { a: 0.5, q: [0.1, -0.7, 1.3, 2.2, 0.4], r: [1, 2, 3, 4, 5, 6, 7, 8, 9] };
    expect(evaluate(again, values)).toBeCloseTo(evaluate(e, values), 13);
  });

  it("of rows of a matrix is a double sum", () => {
    const row = (i: number) => squared(total(r([i, 1]), r([i, 2]), r([i, 3])));
    expect(print(reroll(total(row(1), row(2), row(3))))).toBe("sum(sum(r[i, j], j = 1..3)^2, i = 1..3)");
  });

  it("looks at a long sum once: 20 000 terms in under a second", () => {
    const terms = Array.from({ length: 20_000 }, (_, k) => sin(mul(constant(k + 2), symbol("a"))));
    const started = performance.now();
    reroll(total(...terms));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
