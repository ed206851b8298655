import { type Apply, type Expr, makeApply, makeConst } from "./expr.ts";
import type { Op } from "./ops.ts";

/** An expression seen as `times / over · rest`, where `rest` has no numeric factor of its own. */
export interface Term {
  readonly times: number;
  readonly over: number;
  readonly rest: Expr;
}

const one = makeConst(1);
const zero = makeConst(0);

/** The value of a constant that takes part in folding. π does not: it stays visible as `pi`. */
export function numberOf(e: Expr): number | undefined {
  return e.kind === "const" && e.value !== Math.PI ? e.value : undefined;
}

/** The value of a number or of a quotient of numbers, such as the exponent 1/2. */
export function rationalOf(e: Expr): number | undefined {
  const { times, over, rest } = split(e);
  return rest === one ? times / over : undefined;
}

export function isOp<K extends Op>(e: Expr, op: K): e is Apply & { readonly op: K } {
  return e.kind === "apply" && e.op === op;
}

/** Takes the numeric factor off an expression that the constructors have made. */
export function split(e: Expr): Term {
  const value = numberOf(e);
  if (value !== undefined) return { times: value, over: 1, rest: one };
  if (isOp(e, "neg")) {
    const inner = split(e.args[0]!);
    return { times: -inner.times, over: inner.over, rest: inner.rest };
  }
  if (isOp(e, "mul")) {
    const { times, rest } = splitProduct(e);
    return { times, over: 1, rest };
  }
  return isOp(e, "div") ? splitQuotient(e) : { times: 1, over: 1, rest: e };
}

function splitProduct(e: Expr): { times: number; rest: Expr } {
  const value = numberOf(e);
  if (value !== undefined) return { times: value, rest: one };
  const factor = isOp(e, "mul") ? numberOf(e.args[0]!) : undefined;
  return factor === undefined ? { times: 1, rest: e } : { times: factor, rest: (e as Apply).args[1]! };
}

function splitQuotient(e: Apply): Term {
  const above = splitProduct(e.args[0]!);
  const below = splitProduct(e.args[1]!);
  if (below.times === 0) return { times: 1, over: 1, rest: e };
  if (below.rest === one) return { times: above.times, over: below.times, rest: above.rest };
  if (above.times === 1 && below.times === 1) return { times: 1, over: 1, rest: e };
  return { times: above.times, over: below.times, rest: makeApply("div", [above.rest, below.rest]) };
}

/** The expression `times / over · rest`; `rest` must have no numeric factor. */
export function scale(times: number, over: number, rest: Expr): Expr {
  if (times === 0) return zero;
  const [t, o] = reduceFraction(over < 0 ? -times : times, Math.abs(over));
  const isNumber = o === 1 && rest === one && t !== -Math.PI;
  if (t < 0) return isNumber ? makeConst(t) : makeApply("neg", [scaled(-t, o, rest)]);
  return scaled(t, o, rest);
}

function scaled(times: number, over: number, rest: Expr): Expr {
  if (isSimpleQuotient(rest)) {
    const [above, below] = rest.args as [Expr, Expr];
    return makeApply("div", [withFactor(times, above), withFactor(over, below)]);
  }
  const product = withFactor(times, rest);
  return over === 1 ? product : makeApply("div", [product, makeConst(over)]);
}

/** A quotient whose parts are not quotients: the number goes inside, `2·(a/b)` is `2 a/b`. */
function isSimpleQuotient(e: Expr): e is Apply {
  return isOp(e, "div") && e.args[1] !== zero && !isOp(e.args[0]!, "div") && !isOp(e.args[1]!, "div");
}

function withFactor(times: number, rest: Expr): Expr {
  if (times === 1) return rest;
  return rest === one ? makeConst(times) : makeApply("mul", [makeConst(times), rest]);
}

/** Lowest terms where both are integers; a whole quotient otherwise where it is exact. */
function reduceFraction(times: number, over: number): [number, number] {
  if (over === 1) return [times, 1];
  if (Number.isSafeInteger(times) && Number.isSafeInteger(over)) {
    const divisor = gcd(Math.abs(times), over);
    return [times / divisor, over / divisor];
  }
  return times === over ? [1, 1] : times === -over ? [-1, 1] : [times, over];
}

function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

/** The product of two fractions, crosswise in lowest terms, or undefined where it leaves the numbers. */
export function multiplyFractions(x: Term, y: Term): readonly [number, number] | undefined {
  const [a, d] = reduceFraction(x.times, y.over);
  const [c, b] = reduceFraction(y.times, x.over);
  const times = a * c;
  const over = b * d;
  const inside = Number.isFinite(times) && Number.isFinite(over) && over !== 0;
  return inside && (times !== 0 || x.times === 0 || y.times === 0) ? [times, over] : undefined;
}
