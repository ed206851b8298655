import { expect, it } from "vitest";
import { HnncError } from "../../src/errors.ts";
import { print } from "../../src/expr/print.ts";
import { parse, parseModel } from "../../src/parser/parse.ts";

const raw = String.raw;

it.each([
  [raw`\frac{p^2}{2m}`, "p^2/(2*m)"],
  [raw`\frac12 m v^2`, "m*v^2/2"],
  [raw`\tfrac{1}{2}kx^{2}`, "k*x^2/2"],
  [raw`\frac{1}{\frac{a}{b}+c}`, "1/(a/b + c)"],
  [raw`\sqrt{x^2+y^2}`, "sqrt(x^2 + y^2)"],
  [raw`\sqrt[3]{x}`, "cbrt(x)"],
  [raw`mgl\cdot\left(1-\cos\theta\right)`, "m*g*l*(1 - cos(theta))"],
  [raw`\sin\theta\cos\varphi`, "sin(theta)*cos(phi)"],
  [raw`\sin^2\theta`, "sin(theta)^2"],
  [raw`\sin^{2}(x)`, "sin(x)^2"],
  [raw`\sin 2\theta`, "sin(2*theta)"],
  [raw`\cos\frac{x}{2}`, "cos(x/2)"],
  [raw`\ln\left(1+x\right)`, "log(1 + x)"],
  [raw`\operatorname{sech}(x)`, "1/cosh(x)"],
  [raw`\left|x\right| + \lvert y\rvert`, "abs(x) + abs(y)"],
  [raw`\omega_0^2 x`, "omega_0^2*x"],
  [raw`p_1p_2`.concat(raw`\cdot 1`), "p_1*p_2"],
  [raw`\mathbf{p}_x^2 + \vec{y}^2`, "p_x^2 + y^2"],
  [raw`x_{\mathrm{cm}}\,y`, "x_cm*y"],
  [raw`E_{\text{kin}} \bar{x}`, "E_kin*x_bar"],
  [raw`e^{-x^2}\alpha`, "exp(-x^2)*alpha"],
  [raw`\alpha\times\beta \div 2`, "alpha*beta/2"],
  [raw`$\hbar\omega$`, "hbar*omega"],
  [raw`\sum_{i=1}^{3} i x`, "sum(i*x, i = 1..3)"],
])("reads %s", (text, printed) => {
  // The printed form is read back, so that a table entry may be any spelling of the same expression.
  expect(print(parse(text))).toBe(print(parse(printed)));
});

it("multiplies by a parenthesis behind a declared letter", () => {
  const symbols = ["m", "g", "l", "theta"];
  expect(print(parse(raw`mgl(1-\cos\theta)`, { symbols }))).toBe("m*g*l*(1 - cos(theta))");
});

it("reads sums over arrays", () => {
  const text = raw`\sum_{i=1}^{N}\frac{p_i^2}{2m} + \frac{k}{2}\sum_{i=1}^{N-1}\left(q_{i+1}-q_i\right)^2; N = 5; m = 1; k = 1`;
  expect(print(parseModel(text).hamiltonian)).toBe(
    "sum(p[i]^2/(2*m), i = 1..5) + k*sum((q[i+1] - q[i])^2, i = 1..4)/2",
  );
});

it("reads double sums", () => {
  const text = raw`\sum_i \frac{p_i^2}{2} + \sum_{i<j}\frac{1}{|q_i-q_j|}; q: [3]; p: [3]`;
  expect(print(parseModel(text).hamiltonian)).toBe(
    "sum(p[i]^2/2, i = 1..3) + sum(1/abs(q[i] - q[j]), i = 1..3, j = i+1..3)",
  );
});

it("splits no declared name, and nothing in statements without LaTeX", () => {
  const model = parseModel(raw`mass = 2; gg = 9; \frac{p^2}{2 mass} + mass gg q`);
  expect(print(model.hamiltonian)).toBe("p^2/(2*mass) + mass*gg*q");
});

it("keeps the place of what it refuses", () => {
  const text = raw`\frac{p^2}{2m} + \foo q`;
  try {
    parse(text);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(HnncError);
    expect((error as HnncError).format().split("\n").slice(0, 3)).toEqual([
      raw`error[latex]: the command ${"`"}\foo${"`"} is not understood`,
      raw`  \frac{p^2}{2m} + \foo q`,
      "                   ^^^^",
    ]);
  }
});

it.each([
  [raw`\sin xy`, "bare-function"],
  [raw`\sin x^2`, "bare-function"],
  [raw`\dot{q}^2`, "latex"],
  [raw`\frac{a}`, "latex"],
  [raw`\sum x`, "latex"],
  [raw`\frac{\partial H}{\partial q}`, "latex"],
  [raw`\alpha x^12`, "ambiguous-exponent"],
  [raw`\left( x`, "unbalanced"],
  [raw`\frac{x}{2`, "unbalanced"],
])("refuses %s with a fix", (text, code) => {
  try {
    parse(text);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(HnncError);
    expect((error as HnncError).code).toBe(code);
    expect((error as HnncError).hint).toBeTruthy();
  }
});
