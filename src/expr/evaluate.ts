import { HnncError } from "../errors.ts";
import { type Affine, affineValue, type Index } from "./affine.ts";
import { type Element, type Expr, postorder, type Reduce } from "./expr.ts";
import type { PerOp } from "./ops.ts";
import { erf, sigmoid, softplus } from "./special.ts";

/**
 * What the names of an expression stand for: numbers for scalars, flat row-major arrays for vectors, functions for
 * unknown functions (called with the arguments and the orders of the derivative that is meant).
 */
export interface Values {
  readonly [name: string]: number | ArrayLike<number> | UnknownFunctionValue;
}

/** The value of an unknown function or of its partial derivative of the given orders. */
export type UnknownFunctionValue = (args: readonly number[], orders: readonly number[]) => number;

/** The meaning of each operation; truth values are 1 and 0. This table is the reference for every target. */
export const meanings: PerOp<(a: number, b: number, c: number) => number> = {
  neg: (a) => -a,
  abs: Math.abs,
  sign: Math.sign,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  log2: Math.log2,
  log10: Math.log10,
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  erf,
  sigmoid,
  softplus,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (a, b) => a ** b,
  atan2: Math.atan2,
  hypot: (a, b) => Math.hypot(a, b),
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  less: (a, b) => Number(a < b),
  lessEqual: (a, b) => Number(a <= b),
  equal: (a, b) => Number(a === b),
  and: (a, b) => a * b,
  or: (a, b) => Math.max(a, b),
  not: (a) => 1 - a,
  select: (condition, a, b) => (condition === 1 ? a : b),
};

/**
 * The value of an expression, in double precision: the oracle against which targets are checked. A condition's
 * untaken branch does not influence the result.
 *
 * @param values what each name stands for; a missing one is a `formula` error
 * @example evaluate(parse("p^2/2 - cos(q)"), { q: 0, p: 1 }) // −0.5
 */
export function evaluate(e: Expr, values: Values): number {
  return new Evaluation(values).value(e);
}

/** One evaluation; remembers the order of each sub-expression and the values that do not depend on an index. */
class Evaluation {
  readonly #values: ReadonlyMap<string, Values[string]>;
  readonly #indices = new Map<Index, number>();
  readonly #closed = new Map<Expr, number>();
  readonly #bodies = new Map<Expr, readonly Expr[]>();

  constructor(values: Values) {
    this.#values = new Map(Object.entries(values));
  }

  /** The depth of recursion is the nesting depth of sums and products, which a text's bracket limit bounds. */
  value(root: Expr): number {
    let order = this.#bodies.get(root);
    if (!order) {
      order = outsideBinders(root);
      this.#bodies.set(root, order);
    }
    const local = new Map<Expr, number>();
    const known = (node: Expr) => this.#closed.get(node) ?? local.get(node)!;
    for (const node of order) {
      if (this.#closed.has(node)) continue;
      const value = this.#node(node, known);
      (node.free.length === 0 ? this.#closed : local).set(node, value);
    }
    return known(root);
  }

  #node(node: Expr, known: (node: Expr) => number): number {
    switch (node.kind) {
      case "const":
        return node.value;
      case "symbol":
        return this.#scalar(node.name);
      case "element":
        return this.#element(node);
      case "index":
        return this.#indices.get(node.index)!;
      case "apply": {
        const [a, b, c] = node.args;
        return meanings[node.op](known(a!), b ? known(b) : 0, c ? known(c) : 0);
      }
      case "call": {
        const bound = this.#values.get(node.name);
        if (typeof bound !== "function") throw unbound(node.name, "an unknown function");
        return bound(node.args.map(known), node.orders);
      }
      case "reduce":
        return this.#reduce(node);
    }
  }

  #scalar(name: string): number {
    const value = this.#values.get(name);
    if (typeof value !== "number") throw unbound(name, "a number");
    return value;
  }

  #element(node: Element): number {
    const array = this.#values.get(node.vector.name);
    if (typeof array !== "object") throw unbound(node.vector.name, "an array");
    return array[flatIndex(node, this.#indices)]!;
  }

  #reduce(node: Reduce): number {
    const at = (a: Affine) => affineValue(a, this.#indices);
    const skipped = node.except.map(at);
    const [lo, hi] = [at(node.lo), at(node.hi)];
    // A closed inner sum may use the same canonical index as the one around it.
    const outer = this.#indices.get(node.index);
    let total = node.op === "sum" ? 0 : 1;
    for (let value = lo; value <= hi; value++) {
      if (skipped.includes(value)) continue;
      this.#indices.set(node.index, value);
      const term = this.value(node.body);
      total = node.op === "sum" ? total + term : total * term;
    }
    if (outer !== undefined) this.#indices.set(node.index, outer);
    return total;
  }
}

/** The nodes that are computed before `root`, without those inside sums and products. */
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

/** The 0-based row-major place of an element, after wrapping or clamping. */
function flatIndex(node: Element, indices: ReadonlyMap<Index, number>): number {
  let place = 0;
  node.vector.shape.forEach((length, k) => {
    place = place * length + placeIn(affineValue(node.at[k]!, indices), length, node.edge);
  });
  return place;
}

function placeIn(at: number, length: number, edge: Element["edge"]): number {
  if (edge === "ring") return (((at - 1) % length) + length) % length;
  return edge === "clamp" ? Math.min(Math.max(at - 1, 0), length - 1) : at - 1;
}

function unbound(name: string, what: string): HnncError {
  return new HnncError({
    kind: "formula",
    code: "unbound",
    message: `\`${name}\` has no value: ${what} is needed`,
    hint: `give it in the values: evaluate(expr, { ${name}: … })`,
  });
}
