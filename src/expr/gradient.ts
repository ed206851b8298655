import { affineIndex, type Binder, freshIndex } from "./affine.ts";
import { add, call, mul, one, select, zero } from "./build.ts";
import { isOp } from "./coefficient.ts";
import { derivativeRules } from "./derivative-rules.ts";
import { type Call, type Element, type Expr, postorder, type Reduce } from "./expr.ts";
import { bindIndex, prod, sum } from "./reduce.ts";

/** `vector[at] += value` for all values of the binders, which stand from the outside in. */
export interface Scatter {
  readonly element: Element;
  readonly over: readonly Binder[];
  readonly value: Expr;
}

/** All first derivatives of one expression. */
export interface Gradient {
  /** ∂e/∂name for scalar names; absent where the expression does not depend on it. */
  readonly scalars: ReadonlyMap<string, Expr>;
  /** The derivatives with respect to array elements, as loops that add up. */
  readonly scatters: readonly Scatter[];
}

/**
 * ∂e/∂name for all `names` by one reverse sweep: at most a few times the operations of `e`, however many names there
 * are. An indexed sum stays one: its derivative is a loop over the same indices that adds into the elements, so the
 * cost of differentiating does not depend on N.
 */
export function reverseGradient(e: Expr, names: ReadonlySet<string>): Gradient {
  return new ReverseSweep(names).run(e);
}

/** The binders around a place, innermost first. */
interface Scope {
  readonly key: string;
  readonly binder: Binder;
  readonly parent: Scope | undefined;
}

interface Adjoint {
  readonly scope: Scope | undefined;
  value: Expr;
}

class ReverseSweep {
  readonly #names: ReadonlySet<string>;
  readonly #adjoints = new Map<Expr, Map<string, Adjoint>>();
  readonly #needed = new Set<Expr>();
  readonly #scopes = new Map<string, Scope>();

  constructor(names: ReadonlySet<string>) {
    this.#names = names;
  }

  run(root: Expr): Gradient {
    const order = postorder([root]);
    for (const node of order) if (this.#dependsDirectly(node)) this.#needed.add(node);
    const scalars = new Map<string, Expr>();
    const scatters: Scatter[] = [];
    this.#contribute(root, undefined, one);
    for (let k = order.length - 1; k >= 0; k--) {
      const node = order[k]!;
      for (const { scope, value } of this.#adjoints.get(node)?.values() ?? []) {
        if (node.kind === "symbol") scalars.set(node.name, value);
        else if (node.kind === "element") scatters.push({ element: node, over: bindersOf(scope), value });
        else this.#propagate(node, scope, value);
      }
      this.#adjoints.delete(node);
    }
    return { scalars, scatters: scatters.reverse() };
  }

  #dependsDirectly(node: Expr): boolean {
    switch (node.kind) {
      case "symbol":
        return this.#names.has(node.name);
      case "element":
        return this.#names.has(node.vector.name);
      case "reduce":
        return this.#needed.has(node.body);
      case "apply":
      case "call":
        return node.args.some((arg) => this.#needed.has(arg));
      default:
        return false;
    }
  }

  #propagate(node: Expr, scope: Scope | undefined, g: Expr): void {
    if (node.kind === "apply") {
      const [a, b = zero, c = zero] = node.args as [Expr, Expr?, Expr?];
      derivativeRules[node.op].forEach((rule, k) => {
        const arg = node.args[k]!;
        if (this.#needed.has(arg))
          this.#contribute(
            arg,
            scope,
            throughMask(g, (inner) => rule(inner, a, b, c, node)),
          );
      });
    } else if (node.kind === "call") {
      node.args.forEach((arg, k) => {
        if (this.#needed.has(arg)) this.#contribute(arg, scope, mul(g, partialCall(node, k)));
      });
    } else if (node.kind === "reduce") {
      const factor = node.op === "sum" ? one : productOfOthers(node);
      this.#contribute(node.body, this.#inside(scope, node), mul(g, factor));
    }
  }

  /**
   * Adds to the adjoint of a node, which stands in the smallest scope that binds its free indices: what varies with
   * further inner indices is summed over them here. Array elements keep the full scope, so that one loop over pairs
   * adds into both partners.
   */
  #contribute(node: Expr, scope: Scope | undefined, value: Expr): void {
    if (value === zero) return;
    const keepScope = node.kind === "element" && node.free.length > 0;
    while (scope && !keepScope && !node.free.includes(scope.binder.index)) {
      const { index, ...range } = scope.binder;
      value = sum(index, range, value);
      scope = scope.parent;
    }
    let byScope = this.#adjoints.get(node);
    if (!byScope) {
      byScope = new Map();
      this.#adjoints.set(node, byScope);
    }
    const known = byScope.get(scope?.key ?? "");
    if (known) known.value = addMasked(known.value, value);
    else byScope.set(scope?.key ?? "", { scope, value });
  }

  #inside(parent: Scope | undefined, node: Reduce): Scope {
    const { index, lo, hi, except } = node;
    const key = `${parent?.key ?? ""}/${index.level}:${[lo, hi, ...except].map((at) => at.key).join(";")}`;
    let scope = this.#scopes.get(key);
    if (!scope) {
      scope = { key, binder: { index, lo, hi, except }, parent };
      this.#scopes.set(key, scope);
    }
    return scope;
  }
}

function bindersOf(scope: Scope | undefined): Binder[] {
  const binders: Binder[] = [];
  for (let at = scope; at; at = at.parent) binders.unshift(at.binder);
  return binders;
}

/**
 * Applies a rule below the conditions of an adjoint: 0·∂f would be NaN where the branch not taken is undefined, as
 * in `if(x > 0, sqrt(x), 0)`.
 */
function throughMask(g: Expr, rule: (g: Expr) => Expr): Expr {
  const conditions: { readonly condition: Expr; readonly holds: boolean }[] = [];
  let inner = g;
  while (isOp(inner, "select")) {
    const [condition, a, b] = inner.args as [Expr, Expr, Expr];
    if (b !== zero && a !== zero) break;
    conditions.push({ condition, holds: b === zero });
    inner = b === zero ? a : b;
  }
  let value = rule(inner);
  for (const { condition, holds } of conditions.reverse()) {
    value = holds ? select(condition, value, zero) : select(condition, zero, value);
  }
  return value;
}

/** The sum of two adjoints; those under the same condition stay under one. */
function addMasked(x: Expr, y: Expr): Expr {
  if (isOp(x, "select") && isOp(y, "select") && x.args[0] === y.args[0]) {
    const [condition, a, b] = x.args as [Expr, Expr, Expr];
    const [, c, d] = y.args as [Expr, Expr, Expr];
    if ((b === zero && d === zero) || (a === zero && c === zero)) return select(condition, add(a, c), add(b, d));
  }
  return add(x, y);
}

/** ∂V/∂(argument k): the same unknown function with one order more. */
export function partialCall(node: Call, k: number): Expr {
  return call(
    node.name,
    node.args,
    node.orders.map((order, j) => (j === k ? order + 1 : order)),
  );
}

/** Π over all other values of the index: ∂(Π fᵢ)/∂fᵢ, right where a factor is 0 too. */
export function productOfOthers(node: Reduce): Expr {
  const other = freshIndex(node.index.name);
  const { lo, hi, except } = node;
  return prod(
    other,
    { lo, hi, except: [...except, affineIndex(node.index)] },
    bindIndex(node.body, node.index, affineIndex(other)),
  );
}
