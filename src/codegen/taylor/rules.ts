import type { Op, PerOp } from "../../expr/ops.ts";
import type { Fixed, Operand, Series, Truth } from "./series.ts";

/** What a recurrence is written with: each method adds a step and answers its value; fixed operands fold. */
export interface SeriesWriter {
  number(value: number): Fixed;
  fixed(op: Op, args: readonly Fixed[]): Fixed;
  add(a: Operand, b: Operand): Operand;
  sub(a: Operand, b: Operand): Operand;
  neg(a: Operand): Operand;
  mul(a: Operand, b: Operand): Operand;
  div(a: Operand, b: Operand): Operand;
  square(a: Operand): Operand;
  root(a: Operand, initial?: Initial): Operand;
  power(a: Operand, exponent: Fixed, initial: Initial): Operand;
  choose(mask: Truth, a: Operand, b: Operand): Operand;
  /** A truth value; where its operands move, the sign of `a − b` is watched. */
  compare(op: "less" | "lessEqual" | "equal", a: Operand, b: Operand): Truth;
  logic(op: "and" | "or" | "not", args: readonly Truth[]): Truth;
  /** c′ = ±a′g; `g` is made from c, and may need c itself. */
  chain(a: Series, initial: Initial, g: (c: Series) => Operand, sign?: 1 | -1): Series;
  /** c′ = a′/g */
  ratio(a: Operand, g: Operand, initial: Initial): Operand;
  /** Two series that are each other's derivative factor: s′ = a′c, c′ = ±a′s. */
  couple(a: Series, first: Initial, second: Initial, sign: 1 | -1): readonly [Series, Series];
}

export type Initial = Series["initial"];

type Node = Operand | Truth;

/** Writes the series of an operation on `args`, of which one moves at least. `self` computes the value itself. */
export type SeriesRule = (w: SeriesWriter, args: readonly Node[], self: NonNullable<Initial>) => Node;

type Unary = (w: SeriesWriter, a: Series, self: NonNullable<Initial>) => Operand;
type Binary = (w: SeriesWriter, a: Operand, b: Operand, self: NonNullable<Initial>) => Node;

const unary =
  (rule: Unary): SeriesRule =>
  (w, [a], self) =>
    rule(w, a as Series, self);

const binary =
  (rule: Binary): SeriesRule =>
  (w, [a, b], self) =>
    rule(w, a as Operand, b as Operand, self);

const logic =
  (op: "and" | "or" | "not"): SeriesRule =>
  (w, args) =>
    w.logic(op, args as readonly Truth[]);

const one = (w: SeriesWriter): Fixed => w.number(1);
const onePlusSquare = (w: SeriesWriter, a: Operand): Operand => w.add(one(w), w.square(a));
const oneMinusSquare = (w: SeriesWriter, a: Operand): Operand => w.sub(one(w), w.square(a));
const exponential = (w: SeriesWriter, a: Series): Series => w.chain(a, { op: "exp", args: [a] }, (c) => c);

/** f′ = g(f) a′ */
const autonomous = (g: (w: SeriesWriter, c: Operand) => Operand): SeriesRule =>
  unary((w, a, self) => w.chain(a, self, (c) => g(w, c)));

/** f′ = a′/g(a) */
const inverse = (g: (w: SeriesWriter, a: Operand) => Operand): SeriesRule =>
  unary((w, a, self) => w.ratio(a, g(w, a), self));

/** One of two functions that come as a couple, s′ = a′c and c′ = ±a′s. */
const coupled = (first: Op, second: Op, sign: 1 | -1, which: 0 | 1): SeriesRule =>
  unary((w, a) => w.couple(a, { op: first, args: [a] }, { op: second, args: [a] }, sign)[which]);

/**
 * The recurrence of every operation with a real result, and the truth value of the others. Operations with a kink
 * follow the branch of the expansion point, and what decides it is watched: a step ends where it changes sign.
 */
export const seriesRules: PerOp<SeriesRule> = {
  neg: unary((w, a) => w.neg(a)),
  abs: unary((w, a) => w.choose(w.compare("less", a, w.number(0)), w.neg(a), a)),
  sign: unary((w, a) => {
    const positive = w.choose(w.compare("less", w.number(0), a), w.number(1), w.number(0));
    return w.choose(w.compare("less", a, w.number(0)), w.number(-1), positive);
  }),
  exp: autonomous((_w, c) => c),
  // (eᵃ − 1)′ = a′ eᵃ
  expm1: unary((w, a, self) => {
    const exp = exponential(w, a);
    return w.chain(a, self, () => exp);
  }),
  log: inverse((_w, a) => a),
  log1p: inverse((w, a) => w.add(one(w), a)),
  log2: inverse((w, a) => w.mul(w.number(Math.LN2), a)),
  log10: inverse((w, a) => w.mul(w.number(Math.LN10), a)),
  sqrt: unary((w, a) => w.root(a)),
  cbrt: unary((w, a, self) => w.power(a, w.number(1 / 3), self)),
  sin: coupled("sin", "cos", -1, 0),
  cos: coupled("sin", "cos", -1, 1),
  tan: autonomous(onePlusSquare),
  asin: inverse((w, a) => w.root(oneMinusSquare(w, a))),
  acos: unary((w, a, self) => w.ratio(w.neg(a), w.root(oneMinusSquare(w, a)), self)),
  atan: inverse(onePlusSquare),
  sinh: coupled("sinh", "cosh", 1, 0),
  cosh: coupled("sinh", "cosh", 1, 1),
  tanh: autonomous(oneMinusSquare),
  asinh: inverse((w, a) => w.root(onePlusSquare(w, a))),
  // in factors, so that nothing cancels near 1
  acosh: inverse((w, a) => w.root(w.mul(w.sub(a, one(w)), w.add(a, one(w))))),
  atanh: inverse(oneMinusSquare),
  // erf′ a = 2/√π e^(−a²) a′
  erf: unary((w, a, self) => {
    const bell = exponential(w, w.neg(w.square(a)) as Series);
    const density = w.mul(w.number(2 / Math.sqrt(Math.PI)), bell);
    return w.chain(a, self, () => density);
  }),
  sigmoid: autonomous((w, c) => w.sub(c, w.square(c))),
  softplus: unary((w, a, self) => {
    const slope = w.chain(a, { op: "sigmoid", args: [a] }, (c) => w.sub(c, w.square(c)));
    return w.chain(a, self, () => slope);
  }),
  add: binary((w, a, b) => w.add(a, b)),
  sub: binary((w, a, b) => w.sub(a, b)),
  mul: binary((w, a, b) => w.mul(a, b)),
  div: binary((w, a, b) => w.div(a, b)),
  // aᵇ = e^(b log a) where the exponent moves
  pow: binary((w, a, b, self) => {
    if (b.kind === "fixed") return w.power(a, b, self);
    const log = a.kind === "fixed" ? w.fixed("log", [a]) : w.ratio(a, a, { op: "log", args: [a] });
    return w.chain(w.mul(b, log) as Series, self, (c) => c);
  }),
  // (b a′ − a b′)/(a² + b²)
  atan2: binary((w, a, b, self) => {
    const turned = (x: Operand, y: Operand) => (x.kind === "series" ? w.chain(x, "zero", () => y) : w.number(0));
    return w.ratio(w.sub(turned(a, b), turned(b, a)), w.add(w.square(a), w.square(b)), self);
  }),
  hypot: binary((w, a, b, self) => w.root(w.add(w.square(a), w.square(b)), self)),
  min: binary((w, a, b) => w.choose(w.compare("less", b, a), b, a)),
  max: binary((w, a, b) => w.choose(w.compare("less", a, b), b, a)),
  less: binary((w, a, b) => w.compare("less", a, b)),
  lessEqual: binary((w, a, b) => w.compare("lessEqual", a, b)),
  equal: binary((w, a, b) => w.compare("equal", a, b)),
  and: logic("and"),
  or: logic("or"),
  not: logic("not"),
  select: (w, [mask, a, b]) => w.choose(mask as Truth, a as Operand, b as Operand),
};

/** A whole power by squaring: it has no singularity at 0. */
export function wholePower(w: SeriesWriter, a: Operand, n: number): Operand {
  if (n === 1) return a;
  const half = wholePower(w, a, Math.floor(n / 2));
  const square = w.square(half);
  return n % 2 === 0 ? square : w.mul(square, a);
}
