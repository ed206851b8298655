import type { Affine } from "../expr/affine.ts";
import {
  abs,
  add,
  and,
  constant,
  div,
  equal,
  exp,
  indexValue,
  less,
  lessEqual,
  mul,
  neg,
  not,
  or,
  pi,
  pow,
  select,
  sqrt,
  sub,
} from "../expr/build.ts";
import { type Expr, isBool } from "../expr/expr.ts";
import { Calls } from "./calls.ts";
import { vulgarFractions } from "./characters.ts";
import type { Context, Environment } from "./context.ts";
import { scalarFunctions } from "./functions.ts";
import { indexExpression } from "./index-expression.ts";
import { fail, type Message, messages } from "./messages.ts";
import { checkPower, isEuler, judgeProduct } from "./product.ts";
import type { Scanned } from "./scan.ts";
import { IndexRanges, type Meaning, type Scope } from "./scope.ts";
import { nearest } from "./spelling.ts";
import { readSubscript } from "./subscript.ts";
import { type CompareSign, compareSigns, Kind } from "./tokens.ts";
import { Node, type Tree } from "./tree.ts";
import {
  cross,
  divideVector,
  dot,
  isVector,
  listVector,
  negateValue,
  norm,
  OutOfRange,
  scaleVector,
  shapeOf,
  type Value,
  type Vector,
  zipVectors,
} from "./value.ts";

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
        return this.#name(node, scope);
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
        return this.#index(node, scope);
      case Node.Raise:
        return this.#power(this.lower(child(0), scope), constant(this.scanned.numbers[tree.value(node)]!), node);
      case Node.Power:
        checkPower(this, node, Kind.End, -1, scope);
        return this.#powers(node, scope);
      case Node.Negate:
        return negateValue(this.#numbers(child(0), scope));
      case Node.Product:
        return this.#product(node, scope);
      case Node.Sum:
        return this.#sum(node, scope);
      case Node.Compare:
        return this.#compare(node, scope);
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

  /** A number or a vector, not a truth value. */
  #numbers(node: number, scope: Scope): Value {
    const value = this.lower(node, scope);
    if (!isVector(value) && isBool(value)) this.fail(messages.notNumber("a condition", this.text(node)), node);
    return value;
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
    const values = tree.children(node).map((part) => this.#numbers(part, scope));
    const shapes = new Set(values.map((value) => shapeOf(value).join()));
    if (shapes.size > 1) this.fail(messages.raggedList(), node);
    return listVector(values);
  }

  #bars(node: number, scope: Scope): Value {
    const { tree } = this;
    if (tree.count(node) !== 1) return this.fail(messages.strayComma(this.text(node)), node);
    const value = this.#numbers(tree.child(node, 0), scope);
    return isVector(value) ? norm(value) : abs(value);
  }

  #root(node: number, scope: Scope): Value {
    let value = this.real(this.tree.child(node, 0), scope);
    for (let k = this.tree.value(node); k > 0; k--) value = sqrt(value);
    return value;
  }

  // ── names and elements ──────────────────────────────────────────────────────────────────────────────────────────

  #name(node: number, scope: Scope): Value {
    const name = this.tree.value(node);
    const meaning = this.meaning(name, scope);
    if (meaning) return meaning.kind === "value" ? meaning.value : indexValue(meaning.at);
    const subscripted = readSubscript(this, name, scope);
    const array = subscripted ? this.environment.value(subscripted.array) : undefined;
    if (subscripted && array) return this.#elements(array, subscripted.at, node);
    const spelling = this.spelling(name);
    if (spelling === "pi") return pi;
    if (this.environment.userFunction(name)) return this.fail(messages.bareUserFunction(spelling), node);
    if (scalarFunctions.has(spelling)) return this.fail(messages.bareFunction(spelling, "", undefined), node);
    return this.environment.unknown(name, this.tree.start(node), this.tree.end(node));
  }

  #index(node: number, scope: Scope): Value {
    const { tree } = this;
    const base = tree.child(node, 0);
    const at = tree.children(node).slice(1);
    if (at.length === 0) return this.fail(messages.emptyBracket(), node);
    if (tree.kind(base) === Node.Name && this.meaning(tree.value(base), scope) === undefined) {
      return this.#numberedName(node, base, at, scope);
    }
    const places = at.map((index) => indexExpression(this, index, scope));
    return this.#elements(this.#numbers(base, scope), places, node);
  }

  /** `q[1]` where there is no array q is the name `q1`. */
  #numberedName(node: number, base: number, at: readonly number[], scope: Scope): Value {
    const { tree } = this;
    const number = at.length === 1 && tree.kind(at[0]!) === Node.Number ? this.scanned.numbers[tree.value(at[0]!)] : -1;
    const spelling = this.spelling(tree.value(base));
    const called =
      nearest(spelling, [...scalarFunctions.keys()]) ?? (scalarFunctions.has(spelling) ? spelling : undefined);
    if (called !== undefined && number === -1) {
      return this.fail(messages.bareFunction(called, "", at.map((index) => this.text(index)).join(", ")), node);
    }
    if (number === undefined || !Number.isInteger(number) || number < 0) {
      return this.fail(messages.notArray(spelling, this.text(node)), base);
    }
    const name = this.scanned.names.intern(`${spelling}${number}`);
    const meaning = this.meaning(name, scope);
    if (meaning?.kind === "value") return meaning.value;
    return this.environment.unknown(name, tree.start(node), tree.end(node));
  }

  #elements(array: Value, at: readonly Affine[], node: number): Value {
    let value = array;
    for (const index of at) {
      if (!isVector(value)) return this.fail(messages.indexedNumber(this.text(node)), node);
      value = this.#elementAt(value, index, node);
    }
    return value;
  }

  #elementAt(list: Vector, index: Affine, node: number): Value {
    if (!list.checks && this.ranges.has(index)) {
      const [least, most] = [this.ranges.extreme(index, false), this.ranges.extreme(index, true)];
      if (least < 1 || most > list.length) {
        this.fail(messages.outOfRange(this.text(node), most > list.length ? most : least, list.length), node);
      }
    }
    try {
      return list.at(index);
    } catch (error) {
      if (!(error instanceof OutOfRange)) throw error;
      return this.fail(messages.outOfRange(error.array, error.reached, error.length), node);
    }
  }

  // ── operators ───────────────────────────────────────────────────────────────────────────────────────────────────

  #power(base: Value, exponent: Expr, node: number): Value {
    if (!isVector(base)) {
      if (isBool(base)) this.fail(messages.notNumber("a condition", this.text(node)), node);
      return pow(base, exponent);
    }
    const whole = exponent.kind === "const" && exponent.value % 2 === 0 && exponent.value > 0;
    if (!whole) return this.fail(messages.vectorPower(), node);
    return pow(dot(base, base), constant(exponent.value / 2));
  }

  /** Right-associative; `e` to what is not a number is the exponential. */
  #powers(node: number, scope: Scope): Value {
    const { tree } = this;
    const count = tree.count(node);
    const base = tree.child(node, 0);
    const euler = isEuler(this, base, scope);
    let exponent: Expr | undefined;
    for (let k = count - 1; k >= 2; k -= 2) {
      const operand = this.lower(tree.child(node, k), scope);
      const raised = exponent === undefined ? operand : this.#power(operand, exponent, node);
      if (isVector(raised) || isBool(raised)) return this.fail(messages.notNumber("a vector", this.text(node)), node);
      exponent = tree.child(node, k - 1) % 2 === 1 ? neg(raised) : raised;
    }
    if (euler) return this.#exponential(node, exponent!);
    return this.#power(this.#numbers(base, scope), exponent!, node);
  }

  #exponential(node: number, exponent: Expr): Value {
    const isNumber = exponent.kind === "const";
    if (!isNumber) return exp(exponent);
    const base = this.tree.child(node, 0);
    const value = this.environment.unknown(this.tree.value(base), this.tree.start(base), this.tree.end(base));
    return this.#power(value, exponent, node);
  }

  /** A sign in front belongs to the whole product, which is how it is printed. */
  #product(node: number, scope: Scope): Value {
    const { tree } = this;
    const first = tree.child(node, 0);
    const negated = tree.kind(first) === Node.Negate;
    let result: Value | undefined;
    for (const { operator, nodes } of judgeProduct(this, node, scope)) {
      let value = this.#numbers(nodes[0] === first && negated ? tree.child(first, 0) : nodes[0]!, scope);
      for (const more of nodes.slice(1)) value = mul(value as Expr, this.real(more, scope));
      result = result === undefined ? value : this.#combine(result, operator, value, nodes[0]!);
    }
    return negated ? negateValue(result!) : result!;
  }

  #combine(a: Value, operator: Kind, b: Value, node: number): Value {
    if (!isVector(a) && !isVector(b)) return operator === Kind.Divide ? div(a, b) : mul(a, b);
    if (operator === Kind.Divide) {
      if (isVector(b)) return this.fail(messages.divisionByVector(), node);
      return divideVector(a, b);
    }
    if (!isVector(a)) return scaleVector(b, a);
    if (!isVector(b)) return scaleVector(a, b);
    const [m, n] = [shapeOf(a), shapeOf(b)];
    if (operator === Kind.Dot || operator === Kind.Cross) {
      if (operator === Kind.Cross && (m.join() !== "3" || n.join() !== "3"))
        this.fail(messages.crossLength(m, n), node);
      if (m.join() !== n.join()) this.fail(messages.lengths(m, n), node);
      return operator === Kind.Dot ? dot(a, b) : cross(a, b);
    }
    return this.fail(messages.vectorTimesVector(this.text(node)), node);
  }

  #sum(node: number, scope: Scope): Value {
    const { tree } = this;
    let total = this.#numbers(tree.child(node, 0), scope);
    for (let k = 1; k < tree.count(node); k += 2) {
      const term = tree.child(node, k + 1);
      const value = this.#numbers(term, scope);
      const join = tree.child(node, k) === Kind.Minus ? sub : add;
      if (isVector(total) || isVector(value)) {
        const [m, n] = [shapeOf(total), shapeOf(value)];
        if (m.join() !== n.join()) this.fail(messages.mixedSum(m, n), term);
        total = zipVectors(total, value, join);
      } else total = join(total, value);
    }
    return total;
  }

  #compare(node: number, scope: Scope): Value {
    const { tree } = this;
    let all: Expr | undefined;
    let left = this.#comparand(tree.child(node, 0), scope);
    for (let k = 1; k < tree.count(node); k += 2) {
      const sign = compareSigns[tree.child(node, k)];
      if (sign === undefined) return this.fail(messages.strayRange(this.text(node)), node);
      const right = this.#comparand(tree.child(node, k + 1), scope);
      const holds = comparisons[sign](left, right);
      all = all === undefined ? holds : and(all, holds);
      left = right;
    }
    return all!;
  }

  #comparand(node: number, scope: Scope): Expr {
    return this.real(node, scope);
  }
}

const comparisons: Record<CompareSign, (a: Expr, b: Expr) => Expr> = {
  "<": less,
  "<=": lessEqual,
  ">": (a, b) => less(b, a),
  ">=": (a, b) => lessEqual(b, a),
  "==": equal,
  "!=": (a, b) => not(equal(a, b)),
};
