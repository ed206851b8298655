import { expect, it } from "vitest";
import { HnncError } from "../../src/errors.ts";
import { parse, parseModel } from "../../src/parser/parse.ts";

function formatted(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof HnncError) return error.format();
    throw error;
  }
  return "accepted";
}

const models: readonly (readonly [string, readonly string[]])[] = [
  [
    "p^2/2 - cos(q) + r",
    [
      "error[unknown-symbol]: `r` is not a coordinate, a momentum or a parameter",
      "  p^2/2 - cos(q) + r",
      "                   ^",
      "  coordinates: q   momenta: p   parameters: none",
      "  hint: add `r = 1` to make it a parameter",
    ],
  ],
  [
    "p^2/2m + a q + b; a = 1",
    [
      "error[unknown-symbol]: `m`, `b` are not coordinates, momenta or parameters",
      "  p^2/2m + a q + b; a = 1",
      "       ^",
      "  coordinates: q   momenta: p   parameters: a",
      "  hint: add `m = 1; b = 1` to make them parameters",
    ],
  ],
  [
    "p^2/2 + omga q; omega = 1",
    [
      "error[unknown-symbol]: `omga` is not a coordinate, a momentum or a parameter",
      "  p^2/2 + omga q; omega = 1",
      "          ^^^^",
      "  coordinates: q   momenta: p   parameters: omega",
      "  hint: did you mean `omega`?; or add `omga = 1` to make it a parameter",
    ],
  ],
  [
    "p^2/2 + ml q; m = 1; l = 1",
    [
      "error[unknown-symbol]: `ml` is not a coordinate, a momentum or a parameter",
      "  p^2/2 + ml q; m = 1; l = 1",
      "          ^^",
      "  coordinates: q   momenta: p   parameters: m, l",
      "  hint: write `m*l` or `m l` for the product; or add `ml = 1` to make it a parameter",
    ],
  ],
  [
    "p_r^2/2 + p_phi^2/(2 r^2)",
    [
      "error[unpaired]: `p_phi` has no coordinate",
      "  p_r^2/2 + p_phi^2/(2 r^2)",
      "            ^^^^^",
      "  hint: write `pairs (phi, p_phi)`",
    ],
  ],
  [
    "p1^2/2 + q1^2 + q2^2",
    [
      "error[unpaired]: `q2` has no momentum",
      "  p1^2/2 + q1^2 + q2^2",
      "                  ^^",
      "  hint: write `pairs (q2, p2)`, or add `q2 = 1` to make it a parameter",
    ],
  ],
  [
    "p^2/2 + q; m = 1; m = 2",
    [
      "error[duplicate]: `m` is declared twice",
      "  p^2/2 + q; m = 1; m = 2",
      "                    ^",
      "  hint: delete one of the declarations, or rename it",
    ],
  ],
  [
    "p^2/2 + __proto__",
    [
      "error[reserved-name]: `__proto__`: names with a double underscore are reserved",
      "  p^2/2 + __proto__",
      "          ^^^^^^^^^",
      "  hint: write `proto`",
    ],
  ],
  [
    "p^2/2 + q; p^2",
    [
      "error[two-hamiltonians]: this is a second Hamiltonian",
      "  p^2/2 + q; p^2",
      "             ^^^",
      "  hint: keep one; give parts of it names: `V = k x^2/2`, `H = p^2/2 + V`",
    ],
  ],
  [
    "lagrangian L = qdot^2/2",
    [
      "error[not-yet]: `lagrangian` is reserved for statements that this version does not know: not yet",
      "  lagrangian L = qdot^2/2",
      "  ^^^^^^^^^^",
      "  hint: leave the statement out",
    ],
  ],
  [
    'p^2/2 + V(q); V = table("f.csv")',
    [
      "error[not-yet]: `table` is reserved for statements that this version does not know: not yet",
      '  p^2/2 + V(q); V = table("f.csv")',
      "                    ^^^^^",
      "  hint: an unknown function can be a network: `V = nn(32, 32, tanh)`",
    ],
  ],
  [
    "V + V(q) + p^2",
    [
      "error[bare-and-called]: `V` stands bare here and before a parenthesis elsewhere",
      "  V + V(q) + p^2",
      "  ^",
      "  hint: add `V = 1` if it is a parameter, or give the function its argument everywhere: `V(q)`",
    ],
  ],
  [
    "x(t)^2 + p^2/2 + x",
    [
      "error[of-time]: `x` is a coordinate or a momentum, and depends on time anyway",
      "  x(t)^2 + p^2/2 + x",
      "  ^^^^^^",
      "  hint: write `x`",
    ],
  ],
  [
    "q [N, 3]; p^2 + q^2",
    [
      "error[unit]: `N, 3` is not a unit",
      "  q [N, 3]; p^2 + q^2",
      "    ^^^^^^",
      "  hint: a length is written `q: [N, 3]`, a unit `q [m]`",
    ],
  ],
  [
    "N = 4; sum(p[i]^2, i=1..N) + sum(q[i+1] - q[i], i=1..N)",
    [
      "error[out-of-range]: the index of `q` reaches 5, but there are 4 elements",
      "  N = 4; sum(p[i]^2, i=1..N) + sum(q[i+1] - q[i], i=1..N)",
      "                                   ^^^^^^",
      "  hint: shorten the range, or say what lies past the ends: `boundary q = 0` or `ring q`",
    ],
  ],
  [
    "p^2/2 + (q",
    [
      "error[unbalanced]: `(` is not closed",
      "  p^2/2 + (q",
      "          ^",
      "  hint: add the closing `)`, or delete this one",
    ],
  ],
  [
    "p^2/2 +",
    [
      "error[syntax]: the formula ends where an operand is due, after `+`",
      "  p^2/2 +",
      "         ^",
      "  hint: add a number, a name or a bracket here, or delete the operator",
    ],
  ],
  [
    "a = b; b = a + 1; p^2 + q^2 + a",
    [
      "error[circular]: the definition of `a` leads back to itself",
      "  a = b; b = a + 1; p^2 + q^2 + a",
      "      ^",
      "  hint: break the circle: make one of the definitions a parameter",
    ],
  ],
  ["", ["error[empty]: there is no formula", "  ", "  ^", "  hint: write a Hamiltonian, such as `p^2/2 - cos(q)`"]],
];

it.each(models)("a model: %j", (text, lines) => {
  expect(formatted(() => parseModel(text)).split("\n")).toEqual(lines);
});

const expressions: readonly (readonly [string, string, string])[] = [
  ["1/2m", "error[ambiguous-division]: `1/2m` can be read in two ways", "write `1/(2*m)` or `1/2*m`"],
  ["1/3q^3", "error[ambiguous-division]: `1/3q^3` can be read in two ways", "write `1/(3*q^3)` or `1/3*q^3`"],
  [
    "g/l cos(q)",
    "error[ambiguous-division]: `g/l cos(q)` can be read in two ways",
    "write `g/(l*cos(q))` or `g/l*cos(q)`",
  ],
  ["p^2/2 m", "error[ambiguous-division]: `p^2/2 m` can be read in two ways", "write `p^2/(2*m)` or `p^2/2*m`"],
  ["p^2/2m x", "error[ambiguous-division]: `p^2/2m x` can be read in two ways", "write `p^2/(2*m*x)` or `p^2/(2*m)*x`"],
  ["e^2q", "error[ambiguous-exponent]: `e^2q` can be read in two ways", "write `exp(2*q)` or `exp(2)*q`"],
  ["x^1/2", "error[ambiguous-exponent]: `x^1/2` can be read in two ways", "write `x^(1/2)` or `(x^1)/2`"],
  ["sin x", "error[bare-function]: `sin` is a function and needs parentheses", "write `sin(x)`"],
  ["sin^2 x", "error[bare-function]: `sin` is a function and needs parentheses", "write `sin^2(x)`"],
  [
    "sin^-1(x)",
    "error[ambiguous-exponent]: `sin^-1` may be the inverse function or the reciprocal",
    "write `asin(x)` or `1/sin(x)`",
  ],
  [
    "q 2",
    "error[syntax]: the number `2` stands to the right of `q` without an operator",
    "write `2*q` or `q*2` for the product, `q^2` for the power",
  ],
  ["0x10", "error[bad-number]: `0x10` is not a decimal number", "write `16`"],
  ["1n", "error[bad-number]: `1n` is not a number", "write `1`, or `1*n` for the product with a declared `n`"],
  ["08", "error[bad-number]: `08` begins with a zero", "write `8`"],
  ["1e999", "error[bad-number]: `1e999` is larger than any double (1.8e308)", "choose other units"],
  [
    "q\u0000",
    "error[bad-character]: the invisible character U+0000 does not belong in a formula",
    "delete it; retype this part if it was pasted",
  ],
  [
    "q\u200f",
    "error[bad-character]: the invisible character U+200F does not belong in a formula",
    "delete it; retype this part if it was pasted",
  ],
  [
    "q\u2028p",
    "error[bad-character]: the invisible character U+2028 does not belong in a formula",
    "delete it; retype this part if it was pasted",
  ],
  [
    "`q`",
    "error[bad-character]: `` ` `` means nothing in a formula".replace("`` ` ``", "```"),
    "leave the quotation marks out",
  ],
  [
    "\u0430 + 1",
    "error[bad-character]: `\u0430` (U+0430) is neither a Latin nor a Greek letter",
    "it may look like one: retype it",
  ],
  [
    "q[i]",
    "error[not-an-array]: `q` in `q[i]` is not an array",
    "declare its length, `q: [N]`, or use it under a sum: `sum(q[i], i = 1..N)`",
  ],
  [
    "V'(x, y)",
    "error[derivative]: a derivative of `V` with 2 arguments needs the order for each of them",
    "write `V'[1,0](…)` for the derivative by the first",
  ],
  [
    "0.5 [m] q",
    "error[unit]: `0.5 [m]`: units belong to models, and this is a bare expression",
    "parse it as a model, or leave the unit out",
  ],
];

it.each(expressions)("an expression: %j", (text, headline, hint) => {
  const lines = formatted(() => parse(text)).split("\n");
  expect(lines[0]).toBe(headline);
  expect(lines.at(-1)).toBe(`  hint: ${hint}`);
});

it("names the symbols that are known", () => {
  expect(formatted(() => parse("thta + q", { symbols: ["theta", "q"] })).split("\n")).toEqual([
    "error[unknown-symbol]: `thta` is not one of the symbols",
    "  thta + q",
    "  ^^^^",
    "  symbols: theta, q",
    "  hint: did you mean `theta`?",
  ]);
});
