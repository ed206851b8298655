import type { Expr } from "./expr.ts";
import type { PerOp } from "./ops.ts";
import { type Binding, binding, type Notation, type Piece, type RenderedRange, render } from "./render.ts";

/**
 * The expression in LaTeX, for math mode.
 *
 * @throws HnncError `too-long` (limit) where shared sub-expressions make the text exceed 32 MiB
 * @example toLatex(parse("p_θ^2/(2 m l^2)")) // "\\frac{p_{\\theta}^{2}}{2\\,m\\,l^{2}}"
 */
export function toLatex(e: Expr): string {
  return render(e, () => latexNotation);
}

const atom = (text: string): Piece => ({ text, binds: binding.atom });
const wrap = (piece: Piece, least: Binding): string =>
  piece.binds < least ? `\\left(${piece.text}\\right)` : piece.text;

const infix =
  (sign: string, binds: Binding) =>
  (a: Piece, b: Piece): Piece => ({
    text: `${wrap(a, binds)}${sign}${wrap(b, (binds + 1) as Binding)}`,
    binds,
  });

const comparison =
  (sign: string) =>
  (a: Piece, b: Piece): Piece => ({
    text: `${wrap(a, binding.sum)} ${sign} ${wrap(b, binding.sum)}`,
    binds: binding.compare,
  });

const named =
  (command: string) =>
  (...args: Piece[]): Piece =>
    atom(`${command}\\left(${args.map((arg) => arg.text).join(", ")}\\right)`);

const operator = (name: string) => named(`\\operatorname{${name}}`);

const greek: ReadonlySet<string> = new Set(
  (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega " +
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
  ).split(" "),
);

/** `theta` is \theta, `q1` and `q_1` are q_{1}, `p_theta` is p_{\theta}, other long names are upright. */
export function latexName(name: string): string {
  return latexNameAt(name, []);
}

/** A name with the places of an array element among its subscripts. */
function latexNameAt(name: string, at: readonly string[]): string {
  const [, head = name, digits = ""] = /^(.*?[^\d_])_?(\d*)$/u.exec(name) ?? [];
  const [first = head, ...rest] = head.split("_");
  const subscripts = [...rest.filter((part) => part !== "").map(latexWord), ...(digits === "" ? [] : [digits]), ...at];
  const base = latexWord(first);
  return subscripts.length === 0 ? base : `${base}_{${subscripts.join(",")}}`;
}

function latexWord(word: string): string {
  if (greek.has(word)) return `\\${word}`;
  return [...word].length === 1 ? word : `\\mathrm{${word.replace(/[^\p{L}\p{N}]/gu, "")}}`;
}

const mantissa = /^(-?[\d.]+)e([+-]?\d+)$/;

function latexNumber(value: number): Piece {
  if (value === Math.PI) return atom("\\pi");
  const scientific = mantissa.exec(String(value));
  const text = scientific ? `${scientific[1]} \\cdot 10^{${Number(scientific[2])}}` : String(value);
  return { text, binds: value < 0 ? binding.sum : scientific ? binding.product : binding.atom };
}

/** A digit after a factor needs a visible sign: 2 \cdot 3. */
function product(a: Piece, b: Piece): Piece {
  const right = wrap(b, /^[\d.]+$/.test(a.text) ? binding.product : binding.sign);
  return {
    text: `${wrap(a, binding.product)}${/^[\d.]/.test(right) ? " \\cdot " : "\\,"}${right}`,
    binds: binding.product,
  };
}

const apply: PerOp<(...args: Piece[]) => Piece> = {
  neg: (a) => ({ text: `-${wrap(a!, binding.product)}`, binds: binding.sum }),
  add: (a, b) => infix(" + ", binding.sum)(a!, b!),
  sub: (a, b) => infix(" - ", binding.sum)(a!, b!),
  mul: (a, b) => product(a!, b!),
  div: (a, b) => ({ text: `\\frac{${a!.text}}{${b!.text}}`, binds: binding.sign }),
  pow: (a, b) => ({ text: `${wrap(a!, binding.atom)}^{${b!.text}}`, binds: binding.power }),
  sqrt: (a) => atom(`\\sqrt{${a!.text}}`),
  cbrt: (a) => atom(`\\sqrt[3]{${a!.text}}`),
  exp: (a) => ({ text: `e^{${a!.text}}`, binds: binding.power }),
  abs: (a) => atom(`\\left|${a!.text}\\right|`),
  less: (a, b) => comparison("<")(a!, b!),
  lessEqual: (a, b) => comparison("\\le")(a!, b!),
  equal: (a, b) => comparison("=")(a!, b!),
  and: (a, b) => infix(" \\land ", binding.and)(a!, b!),
  or: (a, b) => infix(" \\lor ", binding.or)(a!, b!),
  not: (a) => ({ text: `\\lnot ${wrap(a!, binding.atom)}`, binds: binding.not }),
  select: (c, a, b) =>
    atom(`\\begin{cases}${a!.text} & \\text{if } ${c!.text} \\\\ ${b!.text} & \\text{otherwise}\\end{cases}`),
  sin: named("\\sin"),
  cos: named("\\cos"),
  tan: named("\\tan"),
  asin: named("\\arcsin"),
  acos: named("\\arccos"),
  atan: named("\\arctan"),
  sinh: named("\\sinh"),
  cosh: named("\\cosh"),
  tanh: named("\\tanh"),
  log: named("\\ln"),
  log2: named("\\log_{2}"),
  log10: named("\\log_{10}"),
  min: named("\\min"),
  max: named("\\max"),
  sign: operator("sgn"),
  expm1: operator("expm1"),
  log1p: operator("log1p"),
  asinh: operator("arsinh"),
  acosh: operator("arcosh"),
  atanh: operator("artanh"),
  erf: operator("erf"),
  sigmoid: operator("sigmoid"),
  softplus: operator("softplus"),
  atan2: operator("atan2"),
  hypot: operator("hypot"),
};

const latexNotation: Notation = {
  apply,
  constant: latexNumber,
  symbol: latexName,
  element: latexNameAt,
  call: (name, orders, args) =>
    atom(`${latexCall(name, orders)}\\left(${args.map((arg) => arg.text).join(", ")}\\right)`),
  reduce: (op, ranges, body) => ({
    text: `${ranges.map((range) => latexRange(op, range)).join(" ")} ${wrap(body, binding.product)}`,
    binds: binding.sum,
  }),
};

function latexCall(name: string, orders: readonly number[]): string {
  if (orders.every((order) => order === 0)) return latexName(name);
  return orders.length === 1
    ? `${latexName(name)}${"'".repeat(orders[0]!)}`
    : `${latexName(name)}^{(${orders.join(",")})}`;
}

function latexRange(op: "sum" | "prod", { index, lo, hi, except }: RenderedRange): string {
  const write = (text: string) => text.replaceAll("*", "\\,");
  const start = [`${index}=${write(lo)}`, ...except.map((value) => `${index} \\ne ${write(value)}`)];
  const below = start.length === 1 ? start[0]! : `\\substack{${start.join(" \\\\ ")}}`;
  return `\\${op}_{${below}}^{${write(hi)}}`;
}
