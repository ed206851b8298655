import type { Affine } from "./affine.ts";
import { isOp, multiplyFractions, numberOf, rationalOf, scale, split } from "./coefficient.ts";
import {
  type Apply,
  type Edge,
  type Expr,
  makeApply,
  makeCall,
  makeConst,
  makeElement,
  makeIndex,
  makeSymbol,
  type VectorSymbol,
} from "./expr.ts";
import type { Op, PerOp } from "./ops.ts";

/**
 * Constructors. Each folds what can be seen from its arguments alone (x + 0, 2·(x/2), x·x → x²): that keeps gradients
 * short without a simplifier, whose cost and results nobody can foresee. Folding never depends on the order in which
 * nodes were made, so the same text gives the same expression in every process.
 */

export const zero: Expr = makeConst(0);
export const one: Expr = makeConst(1);
export const two: Expr = makeConst(2);
export const pi: Expr = makeConst(Math.PI);
/** The truth values, in the form in which they are printed. */
export const truth: Expr = makeApply("equal", [zero, zero]);
const falsehood: Expr = makeApply("less", [zero, zero]);

/** A named scalar. */
export function symbol(name: string): Expr {
  return makeSymbol(name);
}

/** A constant; it must be finite. */
export function constant(value: number): Expr {
  if (!Number.isFinite(value)) throw new RangeError(`a constant must be finite, got ${value}`);
  return value < 0 ? neg(makeConst(-value)) : makeConst(value);
}

/** `vector[at]`; indices are 1-based, one a dimension. */
export function element(vector: VectorSymbol, at: readonly Affine[], edge: Edge = "exact"): Expr {
  return makeElement(vector, at, edge);
}

/** An index expression as a real number: a sum of index nodes, so that `i+1` has one form however it came about. */
export function indexValue(at: Affine): Expr {
  let total: Expr | undefined;
  for (const { index, factor } of at.terms) {
    const term = mul(makeConst(factor), makeIndex(index));
    total = total ? add(total, term) : term;
  }
  return total ? add(total, makeConst(at.offset)) : makeConst(at.offset);
}

/** A call of an unknown function, or of its partial derivative of the given orders. */
export function call(name: string, args: readonly Expr[], orders: readonly number[] = args.map(() => 0)): Expr {
  return makeCall(name, args, orders);
}

/** `op(args)`, folded. */
export function apply(op: Op, args: readonly Expr[]): Expr {
  return constructors[op](args[0]!, args[1]!, args[2]!);
}

// ── sums ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export function neg(a: Expr): Expr {
  const { times, over, rest } = split(a);
  return multiple(-times, over, rest);
}

/** `times / over · rest`; −(a − b) is b − a. */
function multiple(times: number, over: number, rest: Expr): Expr {
  return isOp(rest, "sub") && -times === over ? sub(rest.args[1]!, rest.args[0]!) : scale(times, over, rest);
}

export function add(a: Expr, b: Expr): Expr {
  if (a === zero) return b;
  if (b === zero) return a;
  if (isOp(b, "neg")) return sub(a, b.args[0]!);
  if (isOp(a, "neg")) return sub(b, a.args[0]!);
  const value = numberOf(b);
  if (value !== undefined && value < 0) return sub(a, makeConst(-value));
  return likeTerms(a, b, 1) ?? nestedConstant(a, b, 1) ?? makeApply("add", [a, b]);
}

export function sub(a: Expr, b: Expr): Expr {
  if (b === zero) return a;
  if (a === zero) return neg(b);
  if (a === b) return zero;
  if (isOp(b, "neg")) return add(a, b.args[0]!);
  if (isOp(a, "neg")) return neg(add(a.args[0]!, b));
  const value = numberOf(b);
  if (value !== undefined && value < 0) return add(a, makeConst(-value));
  return likeTerms(a, b, -1) ?? nestedConstant(a, b, -1) ?? makeApply("sub", [a, b]);
}

/** `a ± b` where both are multiples of the same expression. */
function likeTerms(a: Expr, b: Expr, sign: 1 | -1): Expr | undefined {
  const x = split(a);
  const y = split(b);
  if (x.rest !== y.rest) return undefined;
  if (x.over === y.over) return finiteScale(x.times + sign * y.times, x.over, x.rest);
  const times = x.times * y.over + sign * y.times * x.over;
  const over = x.over * y.over;
  const exact = [x.times, x.over, y.times, y.over, times, over].every(Number.isSafeInteger);
  return exact ? finiteScale(times, over, x.rest) : undefined;
}

function finiteScale(times: number, over: number, rest: Expr): Expr | undefined {
  return Number.isFinite(times) ? multiple(times, over, rest) : undefined;
}

/** `(x ± c) ± d` and `(c ± x) ± d` for numbers c and d. */
function nestedConstant(a: Expr, b: Expr, sign: 1 | -1): Expr | undefined {
  const d = numberOf(b);
  if (d === undefined || !(isOp(a, "add") || isOp(a, "sub"))) return undefined;
  const [x, y] = a.args as [Expr, Expr];
  const build = a.op === "add" ? add : sub;
  const first = numberOf(x);
  if (first !== undefined) return withFinite(first + sign * d, (total) => build(total, y));
  const second = numberOf(y);
  if (second === undefined) return undefined;
  return withFinite((a.op === "add" ? second : -second) + sign * d, (total) => add(x, total));
}

function withFinite(value: number, build: (folded: Expr) => Expr): Expr | undefined {
  return Number.isFinite(value) ? build(makeConst(value)) : undefined;
}

// ── products ────────────────────────────────────────────────────────────────────────────────────────────────────────

export function mul(a: Expr, b: Expr): Expr {
  if (a === one) return b;
  if (b === one) return a;
  if (a === zero || b === zero) return zero;
  const x = split(a);
  const y = split(b);
  const product = split(productOf(x.rest, y.rest));
  const factor = multiplyFractions(x, y);
  const whole = factor && multiplyFractions({ times: factor[0], over: factor[1], rest: one }, product);
  return whole ? multiple(whole[0], whole[1], product.rest) : makeApply("mul", [a, b]);
}

/** A product of two expressions without numeric factors. */
function productOf(x: Expr, y: Expr): Expr {
  if (x === one) return y;
  if (y === one) return x;
  const [base, m] = powerOf(x);
  const [other, n] = powerOf(y);
  if (base === other) return pow(base, makeConst(m + n));
  if (isOp(x, "div") && x.args[1] === y) return x.args[0]!;
  if (isOp(y, "div") && y.args[1] === x) return y.args[0]!;
  if (isOp(x, "div") && isOp(y, "div")) return div(mul(x.args[0]!, y.args[0]!), mul(x.args[1]!, y.args[1]!));
  if (isPlainReciprocal(x)) return quotientOf(y, x.args[1]!);
  if (isPlainReciprocal(y)) return quotientOf(x, y.args[1]!);
  return makeApply("mul", [x, y]);
}

/**
 * 1/m, 1/(m l²): a reciprocal of names. `1/m·p` is written `p/m`; that of a longer expression, such as 1/r³, is left
 * to be shared by the products it stands in.
 */
function isPlainReciprocal(e: Expr): e is Apply & { readonly op: "div" } {
  return isOp(e, "div") && e.args[0] === one && isPlain(e.args[1]!, 3);
}

function isPlain(e: Expr, depth: number): boolean {
  if (e.kind !== "apply") return e.kind === "symbol" || e.kind === "element" || e.kind === "const";
  return depth > 0 && (e.op === "mul" || e.op === "pow") && e.args.every((arg) => isPlain(arg, depth - 1));
}

/** `base` and whole exponent of a power; exponent 1 for everything else. */
function powerOf(e: Expr): [Expr, number] {
  if (!isOp(e, "pow")) return [e, 1];
  const exponent = numberOf(e.args[1]!);
  return exponent !== undefined && Number.isSafeInteger(exponent) ? [e.args[0]!, exponent] : [e, 1];
}

export function div(a: Expr, b: Expr): Expr {
  if (b === one) return a;
  if (b === zero) return makeApply("div", [a, b]);
  if (a === zero) return zero;
  const x = split(a);
  const y = split(b);
  const quotient = split(quotientOf(x.rest, y.rest));
  const factor = multiplyFractions(x, { times: y.over, over: y.times, rest: one });
  const whole = factor && multiplyFractions({ times: factor[0], over: factor[1], rest: one }, quotient);
  return whole ? multiple(whole[0], whole[1], quotient.rest) : makeApply("div", [a, b]);
}

/** A quotient of two expressions without numeric factors. */
function quotientOf(x: Expr, y: Expr): Expr {
  if (y === one) return x;
  if (x === y) return one;
  const [base, m] = powerOf(x);
  const [other, n] = powerOf(y);
  if (base === other) return m > n ? pow(base, makeConst(m - n)) : makeApply("div", [one, pow(base, makeConst(n - m))]);
  if (isOp(x, "mul") && x.args[1] === y) return x.args[0]!;
  if (isOp(x, "mul") && x.args[0] === y) return x.args[1]!;
  // One division instead of several: (a/b)/c = a/(b c), a/(b/c) = a c/b.
  if (isOp(x, "div") && isOp(y, "div")) return div(mul(x.args[0]!, y.args[1]!), mul(x.args[1]!, y.args[0]!));
  if (isOp(x, "div")) return div(x.args[0]!, mul(x.args[1]!, y));
  if (isOp(y, "div")) return div(mul(x, y.args[1]!), y.args[0]!);
  return makeApply("div", [x, y]);
}

/** The largest whole power of a number that is folded: beyond it a product is not exact. */
const largestExact = 2 ** 53;

export function pow(a: Expr, b: Expr): Expr {
  const exponent = rationalOf(b);
  if (exponent === undefined) return a === one ? one : makeApply("pow", [a, b]);
  if (exponent === 0 || a === one) return one;
  if (exponent === 1) return a;
  if (exponent === 0.5) return sqrt(a);
  if (exponent < 0 && (Number.isInteger(exponent) || exponent === -0.5)) return div(one, pow(a, makeConst(-exponent)));
  if (!Number.isInteger(exponent)) return makeApply("pow", [a, b]);
  return wholePower(a, exponent) ?? makeApply("pow", [a, makeConst(exponent)]);
}

/** `a^n` for n ≥ 2 where the base is of a form that absorbs the exponent. */
function wholePower(a: Expr, n: number): Expr | undefined {
  const value = numberOf(a);
  if (value !== undefined && Number.isInteger(value)) {
    const power = value ** n;
    return Math.abs(power) <= largestExact ? makeConst(power) : undefined;
  }
  const even = n % 2 === 0;
  if (isOp(a, "neg")) return even ? pow(a.args[0]!, makeConst(n)) : neg(pow(a.args[0]!, makeConst(n)));
  if (isOp(a, "sqrt") && even) return pow(a.args[0]!, makeConst(n / 2));
  if (isOp(a, "abs") && even) return pow(a.args[0]!, makeConst(n));
  if (isOp(a, "div") && a.args[0] === one) return div(one, pow(a.args[1]!, makeConst(n)));
  const [base, m] = powerOf(a);
  return m > 1 && Number.isSafeInteger(m * n) ? pow(base, makeConst(m * n)) : undefined;
}

// ── functions of one argument ───────────────────────────────────────────────────────────────────────────────────────

export function sqrt(a: Expr): Expr {
  const value = numberOf(a);
  if (value !== undefined && value >= 0 && Number.isInteger(Math.sqrt(value))) return makeConst(Math.sqrt(value));
  const [base, n] = powerOf(a);
  return n === 2 ? abs(base) : makeApply("sqrt", [a]);
}

export function abs(a: Expr): Expr {
  const value = a.kind === "const" ? a.value : undefined;
  if (value !== undefined) return makeConst(Math.abs(value));
  if (isOp(a, "neg")) return abs(a.args[0]!);
  return isNonNegative(a) ? a : makeApply("abs", [a]);
}

function isNonNegative(e: Expr): boolean {
  if (e.kind !== "apply") return e.kind === "const" && e.value >= 0;
  if (e.op === "pow") return powerOf(e)[1] % 2 === 0;
  return e.op === "abs" || e.op === "sqrt" || e.op === "exp" || e.op === "hypot" || e.op === "cosh";
}

export function sign(a: Expr): Expr {
  if (a.kind === "const") return makeConst(Math.sign(a.value));
  return isOp(a, "neg") ? neg(sign(a.args[0]!)) : makeApply("sign", [a]);
}

/** A function f with f(−x) = −f(x) and f(0) = 0. */
const odd =
  (op: Op) =>
  (a: Expr): Expr => {
    if (a === zero) return zero;
    const value = numberOf(a);
    if (value !== undefined && value < 0) return neg(makeApply(op, [makeConst(-value)]));
    return isOp(a, "neg") ? neg(makeApply(op, [a.args[0]!])) : makeApply(op, [a]);
  };

/** A function f with f(−x) = f(x) and f(0) = 1. */
const even =
  (op: Op) =>
  (a: Expr): Expr => {
    if (a === zero) return one;
    const value = numberOf(a);
    if (value !== undefined && value < 0) return makeApply(op, [makeConst(-value)]);
    return makeApply(op, [isOp(a, "neg") ? a.args[0]! : a]);
  };

/** A function with the given exact value at one constant. */
const knownAt =
  (op: Op, place: Expr, value: Expr) =>
  (a: Expr): Expr =>
    a === place ? value : makeApply(op, [a]);

export const sin = odd("sin");
export const cos = even("cos");
export const tan = odd("tan");
export const asin = odd("asin");
export const acos = knownAt("acos", one, zero);
export const atan = odd("atan");
export const sinh = odd("sinh");
export const cosh = even("cosh");
export const tanh = odd("tanh");
export const asinh = odd("asinh");
export const acosh = knownAt("acosh", one, zero);
export const atanh = odd("atanh");
export const erf = odd("erf");
export const cbrt = odd("cbrt");
export const expm1 = knownAt("expm1", zero, zero);
export const log1p = knownAt("log1p", zero, zero);
export const log2 = knownAt("log2", one, zero);
export const log10 = knownAt("log10", one, zero);
export const sigmoid = (a: Expr): Expr => makeApply("sigmoid", [a]);
export const softplus = (a: Expr): Expr => makeApply("softplus", [a]);

export function exp(a: Expr): Expr {
  if (a === zero) return one;
  return isOp(a, "log") ? a.args[0]! : makeApply("exp", [a]);
}

export function log(a: Expr): Expr {
  if (a === one) return zero;
  return isOp(a, "exp") ? a.args[0]! : makeApply("log", [a]);
}

// ── functions of two arguments ──────────────────────────────────────────────────────────────────────────────────────

export const atan2 = (a: Expr, b: Expr): Expr => makeApply("atan2", [a, b]);
export const hypot = (a: Expr, b: Expr): Expr => makeApply("hypot", [a, b]);

const extremum =
  (op: "min" | "max") =>
  (a: Expr, b: Expr): Expr => {
    if (a === b) return a;
    if (a.kind === "const" && b.kind === "const") return makeConst(Math[op](a.value, b.value));
    return makeApply(op, [a, b]);
  };

export const min = extremum("min");
export const max = extremum("max");

// ── conditions ──────────────────────────────────────────────────────────────────────────────────────────────────────

const comparison =
  (op: "less" | "lessEqual" | "equal", holds: (a: number, b: number) => boolean) =>
  (a: Expr, b: Expr): Expr => {
    if (a === b) return op === "less" ? falsehood : truth;
    if (a.kind === "const" && b.kind === "const") return holds(a.value, b.value) ? truth : falsehood;
    return makeApply(op, [a, b]);
  };

export const less = comparison("less", (a, b) => a < b);
export const lessEqual = comparison("lessEqual", (a, b) => a <= b);
export const equal = comparison("equal", (a, b) => a === b);

export function and(a: Expr, b: Expr): Expr {
  if (a === truth || a === b) return b;
  if (b === truth) return a;
  return a === falsehood || b === falsehood ? falsehood : makeApply("and", [a, b]);
}

export function or(a: Expr, b: Expr): Expr {
  if (a === falsehood || a === b) return b;
  if (b === falsehood) return a;
  return a === truth || b === truth ? truth : makeApply("or", [a, b]);
}

export function not(a: Expr): Expr {
  if (a === truth) return falsehood;
  if (a === falsehood) return truth;
  return isOp(a, "not") ? a.args[0]! : makeApply("not", [a]);
}

/** `a` where the condition holds, `b` where it does not. */
export function select(condition: Expr, a: Expr, b: Expr): Expr {
  if (condition === truth || a === b) return a;
  if (condition === falsehood) return b;
  if (isOp(condition, "not")) return select(condition.args[0]!, b, a);
  if (isOp(a, "select") && a.args[0] === condition) return select(condition, a.args[1]!, b);
  if (isOp(b, "select") && b.args[0] === condition) return select(condition, a, b.args[2]!);
  return makeApply("select", [condition, a, b]);
}

const constructors: PerOp<(a: Expr, b: Expr, c: Expr) => Expr> = {
  neg,
  abs,
  sign,
  exp,
  expm1,
  log,
  log1p,
  log2,
  log10,
  sqrt,
  cbrt,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  asinh,
  acosh,
  atanh,
  erf,
  sigmoid,
  softplus,
  add,
  sub,
  mul,
  div,
  pow,
  atan2,
  hypot,
  min,
  max,
  less,
  lessEqual,
  equal,
  and,
  or,
  not,
  select,
};
