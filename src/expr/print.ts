import type { Expr } from "./expr.ts";
import type { PerOp } from "./ops.ts";
import { type Binding, binding, type Notation, type Piece, render, type UsedNames } from "./render.ts";

/**
 * The canonical text of an expression: `parse(print(e))` is `e` again where the same symbols are declared.
 *
 * @throws HnncError `too-long` (limit) where shared sub-expressions make the text exceed 32 MiB
 * @example print(parse("p**2/(2m) + V(q)")) // "p^2/(2*m) + V(q)"
 */
export function print(e: Expr): string {
  return render(e, (used) => textNotation(used, wrapWhereNeeded));
}

/**
 * The text with every operation in parentheses, so that no rule of precedence is needed to read it.
 *
 * @example printParenthesised(parse("p^2/2m - cos(q)")) // "((p^2)/(2*m)) - cos(q)"
 */
export function printParenthesised(e: Expr): string {
  return render(e, (used) => textNotation(used, wrapAlways));
}

/** Writes an operand, in parentheses where it would otherwise be read differently. */
type Wrap = (piece: Piece, least: Binding) => string;

const wrapWhereNeeded: Wrap = (piece, least) => (piece.binds < least ? `(${piece.text})` : piece.text);
const wrapAlways: Wrap = (piece) => (piece.binds < binding.atom ? `(${piece.text})` : piece.text);

const atom = (text: string): Piece => ({ text, binds: binding.atom });

/** What a name of the language looks like where the expression uses the same name for something else: `\sign(q)`. */
const builtIn = (name: string, used: UsedNames): string =>
  used.symbols.has(name) || used.functions.has(name) ? `\\${name}` : name;

function textNotation(used: UsedNames, wrap: Wrap): Notation {
  const named =
    (name: string) =>
    (...args: Piece[]): Piece =>
      atom(`${builtIn(name, used)}(${args.map((arg) => arg.text).join(", ")})`);
  return {
    apply: operators(named, wrap),
    constant: (value) => {
      if (value === Math.PI && !used.symbols.has("pi") && !used.functions.has("pi")) return atom("pi");
      return { text: String(value), binds: value < 0 ? binding.sum : binding.atom };
    },
    symbol: (name) => name,
    element: (name, at) => `${name}[${at.join(", ")}]`,
    call: (name, orders, args) => atom(`${name}${primes(orders)}(${args.map((arg) => arg.text).join(", ")})`),
    reduce: (op, ranges, body) => {
      const over = ranges.flatMap(({ index, lo, hi, except }) => [
        `${index} = ${lo}..${hi}`,
        ...except.map((value) => `${index} != ${value}`),
      ]);
      return named(op)(body, ...over.map(atom));
    },
  };
}

const isNumeral = ({ text }: Piece): boolean => /^\d[\d.]*(e[+-]?\d+)?$/.test(text);

function leadingNumber(number: Piece, rest: Piece, wrap: Wrap): Piece {
  return { text: `${number.text}*${wrap(rest, binding.product)}`, binds: binding.product };
}

type Writer = (...args: Piece[]) => Piece;

function operators(named: (name: string) => Writer, wrap: Wrap): PerOp<Writer> {
  /** The right operand must bind more tightly, as operators associate to the left. */
  const infix =
    (sign: string, binds: Binding) =>
    (a: Piece, b: Piece): Piece => ({ text: `${wrap(a, binds)}${sign}${wrap(b, (binds + 1) as Binding)}`, binds });
  const comparison =
    (sign: string) =>
    (a: Piece, b: Piece): Piece => ({
      text: `${wrap(a, binding.sum)} ${sign} ${wrap(b, binding.sum)}`,
      binds: binding.compare,
    });
  return {
    neg: (a) => ({ text: `-${wrap(a!, binding.product)}`, binds: binding.sum }),
    add: (a, b) => infix(" + ", binding.sum)(a!, b!),
    sub: (a, b) => infix(" - ", binding.sum)(a!, b!),
    // The constructors take a numeric factor to the front, so 2*(m*l) and (2*m)*l are one expression.
    mul: (a, b) => (isNumeral(a!) ? leadingNumber(a!, b!, wrap) : infix("*", binding.product)(a!, b!)),
    div: (a, b) => infix("/", binding.product)(a!, b!),
    pow: (a, b) => ({ text: `${wrap(a!, binding.atom)}^${wrap(b!, binding.atom)}`, binds: binding.power }),
    less: (a, b) => comparison("<")(a!, b!),
    lessEqual: (a, b) => comparison("<=")(a!, b!),
    equal: (a, b) => comparison("==")(a!, b!),
    and: (a, b) => infix(" and ", binding.and)(a!, b!),
    or: (a, b) => infix(" or ", binding.or)(a!, b!),
    not: (a) => ({ text: `not ${wrap(a!, binding.atom)}`, binds: binding.not }),
    select: named("if"),
    abs: named("abs"),
    sign: named("sign"),
    exp: named("exp"),
    expm1: named("expm1"),
    log: named("log"),
    log1p: named("log1p"),
    log2: named("log2"),
    log10: named("log10"),
    sqrt: named("sqrt"),
    cbrt: named("cbrt"),
    sin: named("sin"),
    cos: named("cos"),
    tan: named("tan"),
    asin: named("asin"),
    acos: named("acos"),
    atan: named("atan"),
    sinh: named("sinh"),
    cosh: named("cosh"),
    tanh: named("tanh"),
    asinh: named("asinh"),
    acosh: named("acosh"),
    atanh: named("atanh"),
    erf: named("erf"),
    sigmoid: named("sigmoid"),
    softplus: named("softplus"),
    atan2: named("atan2"),
    hypot: named("hypot"),
    min: named("min"),
    max: named("max"),
  };
}

/** `V''(u)` for a function of one argument, `V'[1,2](u, v)` with the order of each argument otherwise. */
function primes(orders: readonly number[]): string {
  if (orders.every((order) => order === 0)) return "";
  return orders.length === 1 ? "'".repeat(orders[0]!) : `'[${orders.join(",")}]`;
}
