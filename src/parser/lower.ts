import { abs, and, constant, div, not, or, select, sqrt } from "../expr/build.ts";
import { type Expr, isBool } from "../expr/expr.ts";
import { lowerProduct, lowerSum } from "./arithmetic.ts";
import { Calls } from "./calls.ts";
import { vulgarFractions } from "./characters.ts";
import { lowerComparison } from "./comparison.ts";
import type { Context, Environment } from "./context.ts";
import { lowerIndex, lowerName } from "./elements.ts";
import { fail, type Message, messages } from "./messages.ts";
import { lowerPowers, raise } from "./powers.ts";
import { checkPower } from "./product.ts";
import type { Scanned } from "./scan.ts";
import { IndexRanges, type Meaning, type Scope } from "./scope.ts";
import { Kind } from "./tokens.ts";
import { Node, type Tree } from "./tree.ts";
import { isVector, listVector, negateValue, norm, shapeOf, type Value } from "./value.ts";

/** A deeper recursion than 256 brackets and the functions of the text can need. */
const deepestLowering = 4000;

/**
 * Turns syntax into expressions. It recurses along the syntax tree, whose depth the limit on brackets bounds; sums and
 * products of any length are loops.
 */
export class Lowering implements Context {
  readonly tree: Tree;
  readonly scanned: Scanned;
  readonly environment: Environment;
  readonly ranges = new IndexRanges();
  readonly readings = new Set<string>();
  readonly warnings = new Set<string>();
  readonly #units: readonly string[];
  readonly #calls: Calls;
  #depth = 0;

  constructor(scanned: Scanned, tree: Tree, units: readonly string[], environment: Environment) {
    this.scanned = scanned;
    this.tree = tree;
    this.environment = environment;
    this.#units = units;
    this.#calls = new Calls(this);
  }

  // ── context ─────────────────────────────────────────────────────────────────────────────────────────────────────

  fail(message: Message, node: number): never {
    return this.failAt(message, this.tree.start(node), this.tree.end(node));
  }

  failAt(message: Message, start: number, end: number): never {
    throw fail(this.scanned.source, message, start, end);
  }

  text(node: number): string {
    return this.scanned.source.slice(this.tree.start(node), this.tree.end(node));
  }

  spelling(name: number): string {
    return this.scanned.names.spelling(name);
  }

  reading(text: string): void {
    this.readings.add(text);
  }

  warning(text: string): void {
    this.warnings.add(text);
  }

  meaning(name: number, scope: Scope): Meaning | undefined {
    const local = scope.find(name);
    if (local) return local;
    const value = this.environment.value(name);
    return value === undefined ? undefined : { kind: "value", value };
  }

  real(node: number, scope: Scope): Expr {
    const value = this.lower(node, scope);
    if (isVector(value)) return this.fail(messages.notNumber("a vector", this.text(node)), node);
    if (isBool(value)) return this.fail(messages.notNumber("a condition", this.text(node)), node);
    return value;
  }

  numbers(node: number, scope: Scope): Value {
    const value = this.lower(node, scope);
    if (!isVector(value) && isBool(value)) this.fail(messages.notNumber("a condition", this.text(node)), node);
    return value;
  }

  // ── nodes ───────────────────────────────────────────────────────────────────────────────────────────────────────

  lower(node: number, scope: Scope): Value {
    this.#depth += 1;
    if (this.#depth > deepestLowering) this.fail(messages.tooDeep(256), node);
    const value = this.#node(node, scope);
    this.#depth -= 1;
    return value;
  }

  #node(node: number, scope: Scope): Value {
    const { tree } = this;
    const child = (k: number) => tree.child(node, k);
    switch (tree.kind(node)) {
      case Node.Number:
        return this.#number(node);
      case Node.Quantity:
        return this.#quantity(node, scope);
      case Node.Name:
        return lowerName(this, node, scope);
      case Node.Call:
        return this.#calls.lower(node, scope);
      case Node.Root:
        return this.#root(node, scope);
      case Node.Group:
        return this.#group(node, scope);
      case Node.List:
        return this.#list(node, scope);
      case Node.Bars:
        return this.#bars(node, scope);
      case Node.Index:
        return lowerIndex(this, node, scope);
      case Node.Raise:
        return raise(this, this.lower(child(0), scope), constant(this.scanned.numbers[tree.value(node)]!), node);
      case Node.Power:
        checkPower(this, node, Kind.End, -1, scope);
        return lowerPowers(this, node, scope);
      case Node.Negate:
        return negateValue(this.numbers(child(0), scope));
      case Node.Product:
        return lowerProduct(this, node, scope);
      case Node.Sum:
        return lowerSum(this, node, scope);
      case Node.Compare:
        return lowerComparison(this, node, scope);
      case Node.Not:
        return not(this.#condition(child(0), scope));
      case Node.And:
      case Node.Or:
        return tree
          .children(node)
          .map((part) => this.#condition(part, scope))
          .reduce(tree.kind(node) === Node.And ? and : or);
      case Node.Choose:
        return select(this.#condition(child(0), scope), this.real(child(1), scope), this.real(child(2), scope));
      case Node.Equation:
        return this.fail(messages.strayEquals(this.text(node)), node);
    }
  }

  #condition(node: number, scope: Scope): Expr {
    const value = this.lower(node, scope);
    if (!isVector(value) && isBool(value)) return value;
    return this.fail(messages.notCondition(this.text(node)), node);
  }

  /** `½` is the quotient 1/2, as if it had been written so. */
  #number(node: number): Expr {
    const value = this.scanned.numbers[this.tree.value(node)]!;
    const fraction = Number.isInteger(value) ? undefined : vulgarFractions.get(this.text(node));
    return fraction ? div(constant(fraction[0]), constant(fraction[1])) : constant(value);
  }

  #quantity(node: number, scope: Scope): Value {
    const { tree } = this;
    const value = this.lower(tree.child(node, 0), scope);
    if (value.kind !== "const") return this.fail(messages.unitOfVector(), node);
    const unit = this.#units[tree.value(node)] ?? "";
    return this.environment.quantity(value.value, unit, tree.start(node), tree.end(node));
  }

  #group(node: number, scope: Scope): Value {
    const { tree } = this;
    if (tree.count(node) === 1) return this.lower(tree.child(node, 0), scope);
    return this.fail(tree.count(node) === 0 ? messages.emptyBracket() : messages.strayComma(this.text(node)), node);
  }

  #list(node: number, scope: Scope): Value {
    const { tree } = this;
    if (tree.count(node) === 0) return this.fail(messages.emptyBracket(), node);
    const values = tree.children(node).map((part) => this.numbers(part, scope));
    const shapes = new Set(values.map((value) => shapeOf(value).join()));
    if (shapes.size > 1) this.fail(messages.raggedList(), node);
    return listVector(values);
  }

  #bars(node: number, scope: Scope): Value {
    const { tree } = this;
    if (tree.count(node) !== 1) return this.fail(messages.strayComma(this.text(node)), node);
    const value = this.numbers(tree.child(node, 0), scope);
    return isVector(value) ? norm(value) : abs(value);
  }

  #root(node: number, scope: Scope): Value {
    let value = this.real(this.tree.child(node, 0), scope);
    for (let k = this.tree.value(node); k > 0; k--) value = sqrt(value);
    return value;
  }
}
