import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HnncError } from "../../src/errors.ts";
import { parse, parseModel } from "../../src/parser/parse.ts";

const times = (text: string, n: number) => text.repeat(n);

function outcome(run: () => unknown): string {
  try {
    run();
    return "ok";
  } catch (error) {
    if (error instanceof HnncError) return error.kind;
    throw error;
  }
}

/** Ten times what it takes on a quiet machine. */
const patience = 5000;

describe("nesting", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["256 parentheses", `${times("(", 256)}q${times(")", 256)}`, "ok"],
    ["257 parentheses", `${times("(", 257)}q${times(")", 257)}`, "limit"],
    ["256 calls", `${times("sin(", 256)}q${times(")", 256)}`, "ok"],
    ["256 bars", `${times("|", 256)}q${times("|", 256)}`, "ok"],
    ["1e6 parentheses", `${times("(", 1e6)}q${times(")", 1e6)}`, "limit"],
    ["1e6 open parentheses", times("(", 1e6), "formula"],
    ["1e6 bars", `${times("|", 1e6)}q${times("|", 1e6)}`, "limit"],
    ["1e6 open bars", times("|", 1e6), "formula"],
    ["1e5 signs", `${times("-", 1e5)}q`, "limit"],
    ["1e4 powers", `${times("q^", 1e4)}q`, "limit"],
    ["1e4 conditions", times("?", 1e4), "limit"],
    ["1e4 chained conditions", `${times("q>1?1:", 1e4)}2`, "limit"],
    ["1e4 open calls", times("sin(", 1e4), "formula"],
    ["1e4 calls", `${times("sin(", 1e4)}q${times(")", 1e4)}`, "limit"],
    ["1e4 fractions", `${times("\\frac{", 1e4)}q${times("}{2}", 1e4)}`, "limit"],
    ["10 MB", times("q+", 5e6), "limit"],
  ];
  it.each(cases)("%s", (_, text, expected) => {
    const start = performance.now();
    expect(outcome(() => parse(text))).toBe(expected);
    expect(performance.now() - start).toBeLessThan(patience);
  });
});

it("reads a sum of 1e5 terms", () => {
  const start = performance.now();
  expect(parse(`${times("p*q^2+", 1e5)}q`).kind).toBe("apply");
  expect(performance.now() - start).toBeLessThan(2 * patience);
});

it("reads 1e4 definitions that build on each other", () => {
  const chain = Array.from({ length: 1e4 }, (_, k) => `a${k + 1} = a${k} + q`).join("; ");
  expect(outcome(() => parseModel(`${chain}; a0 = 1; p^2 + a10000`))).toBe("ok");
});

it("stops at functions that grow without bound", () => {
  const doubling = Array.from({ length: 40 }, (_, k) => `f${k + 1}(x) = f${k}(x) + f${k}(2 x)`).join("; ");
  expect(outcome(() => parseModel(`${doubling}; f0(x) = x; p^2 + f40(q)`))).toBe("limit");
  expect(outcome(() => parseModel("f(x) = f(x - 1); p^2 + f(q)"))).toBe("limit");
});

describe("fuzz", () => {
  const pieces =
    "p q x1 θ 2 0.5 ½ ² + - * / ^ ** ( ) [ ] { } | , ; : = == <= < != .. ? ' # \n sin( sum( i=1..3 V( V' nn( \\frac \\sum_{i<j} \\theta \\left( \\right) \\sin _ _{ where learn in pairs damping ring and or not e pi t kg [m] # \\ $ ` \u202e q[i] q_i if( D( √ · × 1e5 1..3".split(
      " ",
    );
  it.each([parse, parseModel])("%o answers or refuses, and never crashes", (read) => {
    const text = fc.array(fc.constantFrom(...pieces, " "), { maxLength: 24 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (source) => ["ok", "formula", "limit"].includes(outcome(() => read(source)))),
      { seed: 7, numRuns: 4000 },
    );
  });

  it("takes any characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (source) =>
        ["ok", "formula", "limit"].includes(outcome(() => parseModel(source))),
      ),
      { seed: 11, numRuns: 3000 },
    );
  });
});
