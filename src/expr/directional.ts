import { HnncError } from "../errors.ts";
import { add, element, mul, zero } from "./build.ts";
import { derivativeRules } from "./derivative-rules.ts";
import { type Expr, nodesCreated, postorder, type VectorSymbol } from "./expr.ts";
import { partialCall, productOfOthers, throughMask } from "./gradient.ts";
import { canonical, reduce, sum } from "./reduce.ts";

/** More new nodes than any derivative of a readable formula needs; beyond it something grows without bound. */
const nodeBudget = 4_000_000;

/** The direction in which a name moves: a scalar's rate, or the array that holds those of an array's elements. */
export type Direction = Expr | VectorSymbol;

/**
 * The derivative of `e` along a direction, Σ ∂e/∂name · direction(name), by one forward sweep. `q[i + 1]` moves at the
 * rate `u[i + 1]`, on rings and behind boundaries too, so that an indexed sum stays a sum of the same length.
 *
 * @param directions by name; what is not named does not move
 * @throws HnncError `too-large` (limit) where the derivative would need more than 4·10⁶ nodes
 * @example
 * const u = { name: "u", shape: [8] };
 * directionalDerivative(energy, new Map([["q", u]])); // sum(q[i]^2, i = 1..8) gives sum(2*q[i]*u[i], i = 1..8)
 */
export function directionalDerivative(e: Expr, directions: ReadonlyMap<string, Direction>): Expr {
  const rates = pushForward([e], (leaf) => {
    if (leaf.kind === "symbol") return asExpr(directions.get(leaf.name));
    if (leaf.kind !== "element") return undefined;
    const rate = directions.get(leaf.vector.name);
    return rate && "shape" in rate ? element(rate, leaf.at, leaf.edge) : undefined;
  });
  return canonical(rates.get(e) ?? zero);
}

function asExpr(direction: Direction | undefined): Expr | undefined {
  return direction && "kind" in direction ? direction : undefined;
}

/**
 * The rates of all nodes below `roots` by forward sweep, absent where they are 0.
 *
 * @param rateOf the rate of a symbol or of an array's element
 */
export function pushForward(roots: readonly Expr[], rateOf: (leaf: Expr) => Expr | undefined): ReadonlyMap<Expr, Expr> {
  const rates = new Map<Expr, Expr>();
  const start = nodesCreated();
  for (const node of postorder(roots)) {
    const isLeaf = node.kind === "symbol" || node.kind === "element";
    const rate = isLeaf ? (rateOf(node) ?? zero) : rateOfNode(node, rates);
    if (rate !== zero) rates.set(node, rate);
    if (nodesCreated() - start > nodeBudget) throw tooLarge();
  }
  return rates;
}

function rateOfNode(node: Expr, rates: ReadonlyMap<Expr, Expr>): Expr {
  let total = zero;
  if (node.kind === "apply") {
    const [a, b = zero, c = zero] = node.args as [Expr, Expr?, Expr?];
    derivativeRules[node.op].forEach((rule, k) => {
      const g = rates.get(node.args[k]!);
      if (g)
        total = add(
          total,
          throughMask(g, (inner) => rule(inner, a, b, c, node)),
        );
    });
  } else if (node.kind === "call") {
    node.args.forEach((arg, k) => {
      const g = rates.get(arg);
      if (g)
        total = add(
          total,
          throughMask(g, (inner) => mul(inner, partialCall(node, k))),
        );
    });
  } else if (node.kind === "reduce") {
    const g = rates.get(node.body);
    const { op, index, ...range } = node;
    if (g) total = op === "sum" ? reduce(op, index, range, g) : sum(index, range, mul(g, productOfOthers(node)));
  }
  return total;
}

function tooLarge(): HnncError {
  return new HnncError({
    kind: "limit",
    code: "too-large",
    message: `the derivative needs more than ${nodeBudget.toLocaleString("en")} nodes`,
    hint: "differentiate a smaller expression, or fewer times",
  });
}
