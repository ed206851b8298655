import type { Op, PerOp } from "../../expr/ops.ts";
import { routines } from "../elementary/elementary.ts";

/** How tightly a JavaScript expression binds, loosest first. */
export const jsBinding = { conditional: 0, or: 1, and: 2, compare: 3, sum: 4, product: 5, prefix: 6, atom: 7 } as const;
export type JsBinding = (typeof jsBinding)[keyof typeof jsBinding];

/** A JavaScript expression. */
export interface JsText {
  readonly text: string;
  readonly binds: JsBinding;
}

const wrap = (part: JsText, least: JsBinding): string => (part.binds < least ? `(${part.text})` : part.text);
const infix =
  (sign: string, binds: JsBinding) =>
  (a: JsText, b: JsText): JsText => ({
    text: `${wrap(a, binds)} ${sign} ${wrap(b, (binds + 1) as JsBinding)}`,
    binds,
  });
/** A call of a `Math` function or of a helper that is written above the module. */
const called =
  (name: string) =>
  (...args: JsText[]): JsText => ({
    text: args.length === 1 ? `${name}(${args[0]!.text})` : `${name}(${args.map((arg) => arg.text).join(", ")})`,
    binds: jsBinding.atom,
  });

const [plus, minus] = [infix("+", jsBinding.sum), infix("-", jsBinding.sum)];
const [times, over] = [infix("*", jsBinding.product), infix("/", jsBinding.product)];

export type JsExpressions = PerOp<(...args: JsText[]) => JsText>;

/** Each operation as a JavaScript expression of its arguments, with the meaning that `evaluate` gives it. */
export const jsExpressions: JsExpressions = {
  neg: (a) => ({ text: `-${wrap(a!, jsBinding.atom)}`, binds: jsBinding.prefix }),
  add: (a, b) => plus(a!, b!),
  sub: (a, b) => minus(a!, b!),
  mul: (a, b) => times(a!, b!),
  div: (a, b) => over(a!, b!),
  less: (a, b) => infix("<", jsBinding.compare)(a!, b!),
  lessEqual: (a, b) => infix("<=", jsBinding.compare)(a!, b!),
  equal: (a, b) => infix("===", jsBinding.compare)(a!, b!),
  and: (a, b) => infix("&&", jsBinding.and)(a!, b!),
  or: (a, b) => infix("||", jsBinding.or)(a!, b!),
  not: (a) => ({ text: `!${wrap(a!, jsBinding.atom)}`, binds: jsBinding.prefix }),
  select: (c, a, b) => ({
    text: `${wrap(c!, jsBinding.or)} ? ${wrap(a!, jsBinding.or)} : ${wrap(b!, jsBinding.or)}`,
    binds: jsBinding.conditional,
  }),
  abs: called("Math.abs"),
  sign: called("Math.sign"),
  exp: called("Math.exp"),
  expm1: called("Math.expm1"),
  log: called("Math.log"),
  log1p: called("Math.log1p"),
  log2: called("Math.log2"),
  log10: called("Math.log10"),
  sqrt: called("Math.sqrt"),
  cbrt: called("Math.cbrt"),
  sin: called("Math.sin"),
  cos: called("Math.cos"),
  tan: called("Math.tan"),
  asin: called("Math.asin"),
  acos: called("Math.acos"),
  atan: called("Math.atan"),
  sinh: called("Math.sinh"),
  cosh: called("Math.cosh"),
  tanh: called("Math.tanh"),
  asinh: called("Math.asinh"),
  acosh: called("Math.acosh"),
  atanh: called("Math.atanh"),
  erf: called("erf"),
  sigmoid: called("sigmoid"),
  softplus: called("softplus"),
  pow: called("Math.pow"),
  atan2: called("Math.atan2"),
  hypot: called("Math.hypot"),
  min: called("Math.min"),
  max: called("Math.max"),
};

/** Functions that `Math` lacks and that are short, as text; they say what `expr/special.ts` computes. */
export const jsHelpers: Partial<Record<Op, string>> = {
  sigmoid: `const sigmoid = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));`,
  softplus: `const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));`,
};

/** The same, with the functions that a machine's `Math` may round in its own way written as calls of our routines. */
export const portableExpressions: JsExpressions = {
  ...jsExpressions,
  ...Object.fromEntries([...routines.keys()].map((op) => [op, called(op)])),
};
