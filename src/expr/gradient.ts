import { affineIndex, type Binder, freshIndex } from "./affine.ts";
import { add, and, call, mul, not, one, or, select, truth, zero } from "./build.ts";
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
    if (this.#needed.has(root)) this.#contribute(root, undefined, one);
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
        if (!this.#needed.has(arg)) return;
        this.#contribute(
          arg,
          scope,
          throughMask(g, (inner) => mul(inner, partialCall(node, k))),
        );
      });
    } else if (node.kind === "reduce") {
      const inside = this.#inside(scope, node);
      if (node.op === "sum") this.#contribute(node.body, inside, g);
      else
        this.#contribute(
          node.body,
          inside,
          throughMask(g, (inner) => mul(inner, productOfOthers(node))),
        );
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
      value = sumMasked(scope.binder, value);
      scope = scope.parent;
    }
    let byScope = this.#adjoints.get(node);
    if (!byScope) {
      byScope = new Map();
      this.#adjoints.set(node, byScope);
    }
    const known = byScope.get(scope?.key ?? "");
    if (known) known.value = addMasked(known.value, value, node.kind === "symbol" || node.kind === "element");
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

/** An adjoint that is 0 unless the condition holds, and `value` where it does. */
interface Masked {
  readonly condition: Expr;
  readonly value: Expr;
}

function masked(e: Expr): Masked | undefined {
  if (!isOp(e, "select")) return undefined;
  const [condition, a, b] = e.args as [Expr, Expr, Expr];
  if (b === zero) return { condition, value: a };
  return a === zero ? { condition: not(condition), value: b } : undefined;
}

/**
 * Applies a rule below the condition of an adjoint or of a tangent: 0·∂f would be NaN where the branch not taken is undefined, as in
 * `if(x > 0, sqrt(x), 0)`. Conditions in conditions become one, so that their depth costs nothing.
 */
export function throughMask(g: Expr, rule: (g: Expr) => Expr): Expr {
  const outer = masked(g);
  if (!outer) return rule(g);
  const value = rule(outer.value);
  const inner = masked(value);
  return inner
    ? select(and(outer.condition, inner.condition), inner.value, zero)
    : select(outer.condition, value, zero);
}

/**
 * The sum of two adjoints of a node. It stays under a condition where both are: the node may be undefined where neither
 * holds.
 */
function addMasked(x: Expr, y: Expr, isLeaf: boolean): Expr {
  const [a, b] = [masked(x), masked(y)];
  if (!a || !b) return add(x, y);
  if (a.condition === b.condition) return select(a.condition, add(a.value, b.value), zero);
  if (a.condition === not(b.condition)) return select(a.condition, a.value, b.value);
  return isLeaf ? add(x, y) : select(or(a.condition, b.condition), add(x, y), zero);
}

/** Σ of an adjoint over an index; conditions that do not depend on the index stay outside. */
function sumMasked({ index, ...range }: Binder, g: Expr): Expr {
  const mask = masked(g);
  if (!mask) return sum(index, range, g);
  const parts = conjuncts(mask.condition);
  const inside = parts.filter((part) => part.free.includes(index)).reduce(and, truth);
  const outside = parts.filter((part) => !part.free.includes(index)).reduce(and, truth);
  return select(outside, sum(index, range, select(inside, mask.value, zero)), zero);
}

function conjuncts(condition: Expr): Expr[] {
  const parts: Expr[] = [];
  const stack = [condition];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (isOp(next, "and")) stack.push(next.args[1]!, next.args[0]!);
    else parts.push(next);
  }
  return parts;
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
