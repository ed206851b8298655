import { expect, it } from "vitest";
import { print } from "../../src/expr/print.ts";
import { asciiName, nameKey } from "../../src/parser/names.ts";
import { parse } from "../../src/parser/parse.ts";

it.each([
  ["θ", "theta"],
  ["pθ", "p_theta"],
  ["p_θ", "p_theta"],
  ["ωx", "omega_x"],
  ["ωₓ", "omega_x"],
  ["q₁", "q1"],
  ["q₁₂", "q12"],
  ["θ₁", "theta1"],
  ["qᵢ", "q_i"],
  ["ħ", "hbar"],
  ["𝜃", "theta"],
  ["ϕ", "phi"],
  ["µ", "mu"],
  ["k_B", "k_B"],
])("%s is spelled %s", (raw, ascii) => expect(asciiName(raw)).toBe(ascii));

it("identifies q1, q_1 and q₁", () => {
  expect(new Set(["q1", "q_1", asciiName("q₁")].map(nameKey)).size).toBe(1);
  expect(print(parse("q_1 + q₁ + q1 + q[1]"))).toBe("4*q_1");
});

it("identifies Greek letters with their names", () => {
  expect(parse("θ^2 + theta^2")).toBe(parse("2 theta^2"));
  expect(print(parse("φ", { symbols: ["phi"] }))).toBe("phi");
});

it("keeps the spelling of the caller's symbols", () => {
  expect(print(parse("m_0 + m0", { symbols: ["m_0"] }))).toBe("2*m_0");
  expect(print(parse("m_0 + m0", { symbols: ["m0"] }))).toBe("2*m0");
});

it("shadows every built-in by a declared name", () => {
  expect(print(parse("sign*\\sign(q)", { symbols: ["sign", "q"] }))).toBe("sign*\\sign(q)");
  expect(print(parse("sin(q + 1)", { symbols: ["sin", "q"] }))).toBe("sin*(q + 1)");
  expect(print(parse("E + I + N + S + gamma + beta"))).toBe("E + I + N + S + gamma + beta");
});

it("leaves the names of objects harmless", () => {
  const names = "constructor + toString + prototype + hasOwnProperty + valueOf + process + require + arguments + eval";
  expect(print(parse(names))).toBe(names);
  expect(print(parse("constructor(x)"))).toBe("constructor(x)");
  expect(({} as Record<string, unknown>).x).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
});

it.each([
  ["2q", "2*q"],
  ["(a)(b)", "a*b"],
  ["m g l", "m*g*l"],
  ["2|x|y", "2*abs(x)*y"],
  ["|x||y|", "abs(x)*abs(y)"],
  ["||x|-1|", "abs(abs(x) - 1)"],
  ["x²y", "x^2*y"],
  ["√x y", "sqrt(x)*y"],
  ["√√x", "sqrt(sqrt(x))"],
  ["½ m v²", "m*v^2/2"],
  ["2e3x", "2000*x"],
  ["x**2", "x^2"],
  ["-x^2", "-x^2"],
  ["2^3^2", "512"],
  ["x^-2", "1/x^2"],
  ["a·b×c", "a*b*c"],
  ["a − b", "a - b"],
  ["e^(-q)", "exp(-q)"],
  ["e^-q^2/2", "exp(-q^2)/2"],
  ["ln(x) + log(x)", "2*log(x)"],
  ["sin^2(x)", "sin(x)^2"],
  ["sin²(x)", "sin(x)^2"],
  ["0 < x <= 1 ? x : 0", "if(0 < x and x <= 1, x, 0)"],
  ["x != 1 and not (y > 2) or z == 3 ? 1 : 2", "if(not (x == 1) and not (2 < y) or z == 3, 1, 2)"],
  ["a>0 ? 1 : b>0 ? 2 : 3", "if(0 < a, 1, if(0 < b, 2, 3))"],
  ["D(x^3, x)", "3*x^2"],
  ["D(V(x), x)", "V'(x)"],
  ["V''(x) + W'[1,2](x, y)", "V''(x) + W'[1,2](x, y)"],
  ["p^2/2m", "p^2/(2*m)"],
  ["1/2 m v^2", "m*v^2/2"],
  ["1/2(a + b)", "(a + b)/2"],
  ["1/(2m)(p^2)", "p^2/(2*m)"],
  ["x^2y", "x^2*y"],
  ["cross([1,0,0], [0,1,0])·[a,b,c]", "c"],
  ["norm([3, 4]) x", "5*x"],
])("reads %s", (text, printed) => expect(print(parse(text))).toBe(printed));
