import { type Affine, affineValue, type Index } from "../expr/affine.ts";
import { meanings, type UnknownFunctionValue, type Values } from "../expr/evaluate.ts";
import { type Call, type Element, type Expr, postorder, type Reduce } from "../expr/expr.ts";
import { roundingRules, roundOff } from "./rounding-rules.ts";

/** A value, and how far rounding may have taken it from the exact one. */
export interface Rounded {
  readonly value: number;
  /** Absolute, to first order; for any order in which sums may be taken. NaN or infinite where it cannot be told. */
  readonly error: number;
}

/** A function for the interpreter that knows how far rounding takes it. */
export interface RoundedFunction extends UnknownFunctionValue {
  readonly rounded: (args: readonly Rounded[], orders: readonly number[]) => Rounded;
  /** As how many nodes a call counts. */
  readonly visits: number;
}

/** What has been found of a sub-expression. */
interface Found extends Rounded {
  /** The sum of the absolute values of its terms: what the rounding of a sum is relative to. */
  readonly size: number;
}

/** How far the values of names are off, absolute; the same for all entries of an array. */
export type Errors = Readonly<Record<string, number>>;

/**
 * The interpreter with running error analysis: carries a bound of the rounding error along with every value (N. J. Higham,
 * Accuracy and Stability of Numerical Algorithms, SIAM 2002, section 3.3, doi:10.1137/1.9780898718027). Bounds follow
 * the conditioning: where terms cancel they are wide, elsewhere a few ulp.
 *
 * @param errors of the values themselves; none by default
 * @example evaluateRounded(parse("q - p"), { q: 1, p: 1 - 1e-9 }) // { value: 1e-9, error: 2e-16 }
 */
export function evaluateRounded(e: Expr, values: Values, errors: Errors = {}): Rounded {
  const { value, error } = new Run(values, errors).of(e);
  return { value, error };
}

/** How many nodes one evaluation visits: what it costs. */
export function visitsOf(e: Expr, values: Values): number {
  const run = new Run(values);
  run.of(e);
  return run.visits;
}

/** The orders in which expressions are evaluated, kept from state to state. */
const orders = new WeakMap<Expr, readonly Expr[]>();

class Run {
  visits = 0;
  readonly #values: ReadonlyMap<string, Values[string]>;
  readonly #indices = new Map<Index, number>();
  readonly #closed = new Map<Expr, Found>();

  readonly #errors: ReadonlyMap<string, number>;

  constructor(values: Values, errors: Errors = {}) {
    this.#errors = new Map(Object.entries(errors));
    this.#values = new Map(Object.entries(values));
  }

  /** The depth of recursion is the nesting depth of sums and products. */
  of(root: Expr): Found {
    let order = orders.get(root);
    if (!order) {
      order = outsideBinders(root);
      orders.set(root, order);
    }
    this.visits += order.length;
    const local = new Map<Expr, Found>();
    const known = (node: Expr): Found => this.#closed.get(node) ?? local.get(node)!;
    for (const node of order) {
      if (this.#closed.has(node)) continue;
      (node.free.length === 0 ? this.#closed : local).set(node, this.#node(node, known));
    }
    return known(root);
  }

  #node(node: Expr, known: (node: Expr) => Found): Found {
    switch (node.kind) {
      case "const":
        return exactly(node.value);
      case "symbol":
        return this.#given(node.name, this.#values.get(node.name) as number);
      case "element":
        return this.#given(
          node.vector.name,
          (this.#values.get(node.vector.name) as ArrayLike<number>)[this.#place(node)]!,
        );
      case "index":
        return exactly(this.#indices.get(node.index)!);
      case "apply":
        return applied(node.op, node.args.map(known));
      case "call":
        return this.#call(node, known);
      case "reduce":
        return this.#reduce(node);
    }
  }

  #call({ name, args, orders }: Call, known: (node: Expr) => Found): Found {
    const called = this.#values.get(name) as RoundedFunction | undefined;
    if (!called?.rounded) return { value: Number.NaN, error: Number.NaN, size: Number.NaN };
    this.visits += called.visits;
    const { value, error } = called.rounded(args.map(known), orders);
    return { value, error, size: Math.abs(value) };
  }

  #given(name: string, value: number): Found {
    return { value, error: this.#errors.get(name) ?? 0, size: Math.abs(value) };
  }

  #place(node: Element): number {
    return node.vector.shape.reduce(
      (place, length, k) => place * length + placeIn(affineValue(node.at[k]!, this.#indices), length, node.edge),
      0,
    );
  }

  #reduce(node: Reduce): Found {
    const at = (a: Affine): number => affineValue(a, this.#indices);
    const skipped = node.except.map(at);
    const [lo, hi] = [at(node.lo), at(node.hi)];
    const outer = this.#indices.get(node.index);
    let total = exactly(node.op === "sum" ? 0 : 1);
    for (let index = lo; index <= hi; index++) {
      if (skipped.includes(index)) continue;
      this.#indices.set(node.index, index);
      total = applied(node.op === "sum" ? "add" : "mul", [total, this.of(node.body)]);
    }
    if (outer !== undefined) this.#indices.set(node.index, outer);
    return total;
  }
}

const exactly = (value: number): Found => ({ value, error: 0, size: Math.abs(value) });
const nothing = exactly(0);

function applied(op: keyof typeof meanings, args: readonly Found[]): Found {
  const [a = nothing, b = nothing, c = nothing] = args;
  const value = meanings[op](a.value, b.value, c.value);
  const error = roundingRules[op](value, a.value, a.error, b.value, b.error, c.value, c.error);
  if (op === "neg") return { value, error, size: a.size };
  if (op !== "add" && op !== "sub") return { value, error, size: Math.abs(value) };
  const size = a.size + b.size;
  // Nothing is lost by adding 0, nor by adding whole numbers, as indices are.
  const whole = Number.isInteger(a.value) && Number.isInteger(b.value) && size < 2 ** 53;
  const isExact = a.value === 0 || b.value === 0 || (error === 0 && whole);
  return { value, error: isExact ? error : error + roundOff * size, size };
}

function outsideBinders(root: Expr): readonly Expr[] {
  const needed = new Set<Expr>([root]);
  const order = postorder([root]);
  for (let k = order.length - 1; k >= 0; k--) {
    const node = order[k]!;
    if (!needed.has(node)) continue;
    if (node.kind === "apply" || node.kind === "call") for (const arg of node.args) needed.add(arg);
  }
  return order.filter((node) => needed.has(node));
}

function placeIn(at: number, length: number, edge: Element["edge"]): number {
  if (edge === "ring") return (((at - 1) % length) + length) % length;
  return edge === "clamp" ? Math.min(Math.max(at - 1, 0), length - 1) : at - 1;
}
