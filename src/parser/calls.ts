import type { Binder } from "../expr/affine.ts";
import { type Affine, affine, affineConstant } from "../expr/affine.ts";
import { abs, call, constant, pow, select } from "../expr/build.ts";
import { differentiate } from "../expr/differentiate.ts";
import { type Expr, isBool } from "../expr/expr.ts";
import { reduce } from "../expr/reduce.ts";
import type { Context, UserFunction } from "./context.ts";
import { networkKinds } from "./declarations.ts";
import { isBuiltIn, isSpecialForm, type SpecialForm, scalarFunctions, unsupportedFunctions } from "./functions.ts";
import { messages } from "./messages.ts";
import { bindRanges } from "./ranges.ts";
import { emptyScope, type Meaning, Scope } from "./scope.ts";
import { lengthUnder } from "./subscript.ts";
import { Node } from "./tree.ts";
import { cross, dot, isVector, norm, shapeOf, sumOver, type Value, vector } from "./value.ts";

/** More calls of user functions than any readable text makes: f(x) = g(x) + g(2x), g(x) = … grows without bound. */
const mostExpansions = 100_000;
const deepestExpansion = 64;

/** Lowers calls: functions of the language, of the text, and unknown ones. */
export class Calls {
  readonly #context: Context;
  #expansions = 0;
  #depth = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /** A node of kind `Call`. */
  lower(node: number, scope: Scope): Value {
    const { tree, scanned, environment } = this.#context;
    const value = tree.value(node);
    const [group, primes, orders, power] = tree.children(node) as [number, number, number, number];
    const args = tree.children(group);
    const builtIn = value < 0 ? scanned.commands[-1 - value]! : this.#context.spelling(value);
    const user = value < 0 ? undefined : environment.userFunction(value);
    let result: Value;
    if (user) {
      if (primes > 0) this.#context.fail(messages.primedUser(builtIn), node);
      result = this.#expand(builtIn, user, args, node, scope);
    } else if (primes === 0 && isBuiltIn(builtIn) && (value < 0 || isUndeclared(this.#context, value))) {
      result = this.#builtIn(builtIn, args, node, scope);
    } else result = this.#unknown(value, args, primes, orders, node, scope);
    if (power < 0) return result;
    return pow(this.#number(result, node), constant(scanned.numbers[power]!));
  }

  #number(value: Value, node: number): Expr {
    if (isVector(value)) return this.#context.fail(messages.notNumber("a vector", this.#context.text(node)), node);
    if (isBool(value)) return this.#context.fail(messages.notNumber("a condition", this.#context.text(node)), node);
    return value;
  }

  // ── the language's functions ────────────────────────────────────────────────────────────────────────────────────

  #builtIn(name: string, args: readonly number[], node: number, scope: Scope): Value {
    if (isSpecialForm(name)) return this.#special(name, args, node, scope);
    const known = scalarFunctions.get(name)!;
    if (args.length < known.least || args.length > known.most) {
      this.#context.fail(messages.argumentCount(name, known.least, known.most, args.length), node);
    }
    if (name === "abs" || name === "hypot") {
      const value = this.#context.lower(args[0]!, scope);
      if (isVector(value) && args.length === 1) return norm(value);
    }
    return known.build(args.map((arg) => this.#context.real(arg, scope)));
  }

  #special(name: SpecialForm, args: readonly number[], node: number, scope: Scope): Value {
    switch (name) {
      case "sum":
      case "prod":
        return this.#sum(name, args, node, scope);
      case "D":
        return this.#derivative(args, node, scope);
      case "if":
        this.#expect(name, 3, args, node);
        return this.#choose(args, scope);
      case "piecewise":
        return this.#piecewise(args, node, scope);
      case "norm": {
        this.#expect(name, 1, args, node);
        const value = this.#context.lower(args[0]!, scope);
        return isVector(value) ? norm(value) : abs(this.#number(value, args[0]!));
      }
      default:
        this.#expect(name, 2, args, node);
        return this.vectorProduct(name, args[0]!, args[1]!, scope);
    }
  }

  #expect(name: string, count: number, args: readonly number[], node: number): void {
    if (args.length !== count) this.#context.fail(messages.argumentCount(name, count, count, args.length), node);
  }

  vectorProduct(name: "dot" | "cross", left: number, right: number, scope: Scope): Value {
    const [a, b] = [this.#context.lower(left, scope), this.#context.lower(right, scope)];
    if (!isVector(a)) return this.#context.fail(messages.notVector(this.#context.text(left)), left);
    if (!isVector(b)) return this.#context.fail(messages.notVector(this.#context.text(right)), right);
    const [m, n] = [shapeOf(a), shapeOf(b)];
    if (name === "cross" && !(m.length === 1 && n.length === 1 && m[0] === 3 && n[0] === 3)) {
      this.#context.fail(messages.crossLength(m, n), right);
    }
    if (m.join() !== n.join()) this.#context.fail(messages.lengths(m, n), right);
    return name === "dot" ? dot(a, b) : cross(a, b);
  }

  #condition(node: number, scope: Scope): Expr {
    const value = this.#context.lower(node, scope);
    if (!isVector(value) && isBool(value)) return value;
    return this.#context.fail(messages.notCondition(this.#context.text(node)), node);
  }

  #choose(args: readonly number[], scope: Scope): Expr {
    const condition = this.#condition(args[0]!, scope);
    return select(condition, this.#context.real(args[1]!, scope), this.#context.real(args[2]!, scope));
  }

  #piecewise(args: readonly number[], node: number, scope: Scope): Expr {
    if (args.length < 3 || args.length % 2 === 0) this.#context.fail(messages.piecewiseCount(args.length), node);
    let result = this.#context.real(args[args.length - 1]!, scope);
    for (let k = args.length - 3; k >= 0; k -= 2) {
      result = select(this.#condition(args[k]!, scope), this.#context.real(args[k + 1]!, scope), result);
    }
    return result;
  }

  #derivative(args: readonly number[], node: number, scope: Scope): Expr {
    this.#expect("D", 2, args, node);
    const { tree } = this.#context;
    const target = args[1]!;
    const value = this.#context.lower(target, scope);
    const isName = tree.kind(target) === Node.Name || tree.kind(target) === Node.Index;
    const body = this.#context.real(args[0]!, scope);
    if (isName && value.kind === "symbol") return differentiate(body, value.name);
    if (isName && value.kind === "element" && value.at.every((at) => affineConstant(at) !== undefined)) {
      return differentiate(body, `${value.vector.name}[${value.at.map(affineConstant).join(",")}]`);
    }
    return this.#context.fail(messages.derivativeTarget(this.#context.text(target)), target);
  }

  // ── sums ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #sum(op: "sum" | "prod", args: readonly number[], node: number, scope: Scope): Value {
    const context = this.#context;
    const [body, ...ranges] = args;
    if (body === undefined) return context.fail(messages.argumentCount(op, 2, Number.POSITIVE_INFINITY, 0), node);
    if (ranges.length === 0) return this.#sumOfVector(op, body, node, scope);
    if (context.tree.kind(body) === Node.Equation) context.fail(messages.rangeFirst(op), body);
    const bound = bindRanges(context, ranges, scope, (name) => lengthUnder(context, body, name, scope));
    if (bound.binders.length < ranges.length && bound.binders.length === 0) {
      context.fail(messages.openRange(context.text(ranges[0]!)), ranges[0]!);
    }
    const open = ranges.find((arg) => !hasExtent(context, arg, bound.binders, scope));
    if (open !== undefined) context.fail(messages.openRange(context.text(open)), open);
    return this.#reduce(op, context.lower(body, bound.scope), bound.binders, body);
  }

  #sumOfVector(op: "sum" | "prod", body: number, node: number, scope: Scope): Expr {
    const value = this.#context.lower(body, scope);
    if (op === "sum" && isVector(value) && shapeOf(value).length === 1) {
      return sumOver(value.length, (k) => value.at(k) as Expr);
    }
    return this.#context.fail(messages.argumentCount(op, 2, Number.POSITIVE_INFINITY, 1), node);
  }

  #reduce(op: "sum" | "prod", body: Value, binders: readonly Binder[], node: number): Value {
    if (isVector(body)) {
      if (op === "prod") this.#context.fail(messages.notNumber("a vector", this.#context.text(node)), node);
      return vector(body.length, (k: Affine) => this.#reduce(op, body.at(k), binders, node));
    }
    let result = this.#number(body, node);
    for (let k = binders.length - 1; k >= 0; k--) {
      const { index, lo, hi, except } = binders[k]!;
      result = reduce(op, index, { lo, hi, except }, result);
    }
    return result;
  }

  // ── functions of the text, and unknown ones ─────────────────────────────────────────────────────────────────────

  #expand(name: string, user: UserFunction, args: readonly number[], node: number, scope: Scope): Value {
    const count = user.params.length;
    if (args.length !== count) this.#context.fail(messages.argumentCount(name, count, count, args.length), node);
    this.#expansions += 1;
    if (this.#expansions > mostExpansions || this.#depth >= deepestExpansion) {
      this.#context.fail(messages.expansion(name), node);
    }
    const names = new Map<number, Meaning>();
    user.params.forEach((param, k) => {
      names.set(param, { kind: "value", value: this.#context.lower(args[k]!, scope) });
    });
    this.#depth += 1;
    try {
      return this.#context.lower(user.body, new Scope(emptyScope, names));
    } finally {
      this.#depth -= 1;
    }
  }

  #unknown(value: number, args: readonly number[], primes: number, orders: number, node: number, scope: Scope): Expr {
    const context = this.#context;
    const name = context.spelling(value);
    const { tree } = context;
    if (unsupportedFunctions.has(name)) context.fail(messages.unsupportedFunction(name), node);
    if (args.length === 0) context.fail(messages.noArguments(name), node);
    if (networkKinds.has(name)) context.fail(messages.networkInFormula(context.text(node)), node);
    const values = args.flatMap((arg) => this.#flatten(context.lower(arg, scope), arg));
    context.environment.unknownCall(value, values.length, tree.start(node), tree.end(tree.child(node, 0)));
    if (primes === 0) return call(name, values);
    if (orders < 0 && values.length > 1) context.fail(messages.primeOrders(name, values.length), node);
    if (orders < 0) return call(name, values, [primes]);
    const given = tree.children(orders).map((order) => context.scanned.numbers[tree.value(order)] ?? -1);
    const isOrder =
      tree.children(orders).every((order) => tree.kind(order) === Node.Number) && given.every(Number.isInteger);
    if (!isOrder || given.length !== values.length) context.fail(messages.primeOrders(name, values.length), node);
    return call(name, values, given);
  }

  /** The numbers that an unknown function takes: a vector argument counts by its elements. */
  #flatten(value: Value, node: number): Expr[] {
    if (!isVector(value)) return [this.#number(value, node)];
    if (value.length > 64) return this.#context.fail(messages.longArgument(value.length), node);
    return Array.from({ length: value.length }, (_, k) => this.#flatten(value.at(affine(k + 1)), node)).flat();
  }
}

function isUndeclared(context: Context, name: number): boolean {
  return context.environment.value(name) === undefined;
}

/** Whether the ranges that an argument speaks of have got bounds. */
function hasExtent(context: Context, arg: number, binders: readonly Binder[], scope: Scope): boolean {
  const { tree } = context;
  if (tree.kind(arg) !== Node.Name && tree.kind(arg) !== Node.Compare) return true;
  const bound = new Set(binders.map(({ index }) => index.name));
  const names = tree.kind(arg) === Node.Name ? [arg] : tree.children(arg).filter((_, k) => k % 2 === 0);
  return names.every((node) => {
    if (tree.kind(node) !== Node.Name) return true;
    const spelling = context.spelling(tree.value(node));
    return (
      bound.has(spelling) ||
      scope.find(tree.value(node)) !== undefined ||
      context.environment.integer(tree.value(node)) !== undefined
    );
  });
}
