import { HnncError } from "../errors.ts";
import { affineConstant } from "../expr/affine.ts";
import { rationalOf } from "../expr/coefficient.ts";
import { type Apply, type Call, type Expr, postorder, type Reduce } from "../expr/expr.ts";
import type { Op, PerOp } from "../expr/ops.ts";
import { abbreviate } from "./abbreviate.ts";
import {
  type Dimension,
  dimensionless,
  formatDimension,
  raise,
  timesPower,
  type Unifier,
  unknownDimension,
} from "./dimension.ts";

/** How an operation's dimension follows from those of its arguments. */
type Rule =
  /** All arguments are of one dimension, which is the result's too, or the result is a number. */
  | { readonly kind: "alike"; readonly result: "argument" | "number"; readonly verb: string }
  /** Arguments and result are dimensionless. */
  | { readonly kind: "numbers" }
  /** The product of the arguments' dimensions raised to these powers. */
  | { readonly kind: "product"; readonly powers: readonly number[] }
  /** `pow`: the exponent is a number; if it is not a constant, the base is a number too. */
  | { readonly kind: "power" }
  /** `select`: both branches are of the result's dimension. */
  | { readonly kind: "branches" };

const numbers: Rule = { kind: "numbers" };
const product = (...powers: readonly number[]): Rule => ({ kind: "product", powers });
const alike = (verb: string): Rule => ({ kind: "alike", result: "argument", verb });
const compared: Rule = { kind: "alike", result: "number", verb: "compared" };

const rules: PerOp<Rule> = {
  neg: product(1),
  abs: product(1),
  sign: product(0),
  sqrt: product(1 / 2),
  cbrt: product(1 / 3),
  mul: product(1, 1),
  div: product(1, -1),
  add: alike("added"),
  sub: alike("subtracted"),
  min: alike("compared"),
  max: alike("compared"),
  hypot: alike("sides of one triangle"),
  atan2: { kind: "alike", result: "number", verb: "sides of one triangle" },
  less: compared,
  lessEqual: compared,
  equal: compared,
  and: product(0, 0),
  or: product(0, 0),
  not: product(0),
  pow: { kind: "power" },
  select: { kind: "branches" },
  exp: numbers,
  expm1: numbers,
  log: numbers,
  log1p: numbers,
  log2: numbers,
  log10: numbers,
  sin: numbers,
  cos: numbers,
  tan: numbers,
  asin: numbers,
  acos: numbers,
  atan: numbers,
  sinh: numbers,
  cosh: numbers,
  tanh: numbers,
  asinh: numbers,
  acosh: numbers,
  atanh: numbers,
  erf: numbers,
  sigmoid: numbers,
  softplus: numbers,
};

/** The dimension of 0, which is 0 in every unit. */
const anyDimension: Dimension = { ...dimensionless };

/** What is known while the dimensions of expressions are worked out. */
export interface DimensionScope {
  /** By name of symbol or vector. Names that are missing are unknown and get a dimension when they are met. */
  readonly quantities: Map<string, Dimension>;
  readonly unifier: Unifier;
  readonly report: (error: HnncError) => void;
}

/**
 * The dimension of each root, checking every sum, comparison and function argument below it. Unknown dimensions are
 * solved for as far as the expressions determine them; contradictions are reported, each naming the two terms.
 */
export function dimensionsOf(roots: readonly Expr[], scope: DimensionScope): Dimension[] {
  const found = new Map<Expr, Dimension>();
  for (const node of postorder(roots)) found.set(node, dimensionOfNode(node, found, scope));
  return roots.map((root) => found.get(root)!);
}

/** Reports unless `a` and `b`, the dimensions of two expressions that must be alike, can be equal. */
export function requireAlike(a: Dimension, b: Dimension, scope: DimensionScope, complaint: () => HnncError): void {
  if (a === anyDimension || b === anyDimension) return;
  if (!scope.unifier.equate(a, b)) scope.report(complaint());
}

function dimensionOfNode(node: Expr, found: Map<Expr, Dimension>, scope: DimensionScope): Dimension {
  switch (node.kind) {
    case "const":
      return node.value === 0 ? anyDimension : dimensionless;
    case "index":
      return dimensionless;
    case "symbol":
      return quantity(node.name, scope);
    case "element":
      return quantity(node.vector.name, scope);
    case "call":
      return dimensionOfCall(node, found, scope);
    case "reduce":
      return dimensionOfReduce(node, found.get(node.body)!, scope);
    case "apply":
      return dimensionOfApply(node, found, scope);
  }
}

function quantity(name: string, scope: DimensionScope): Dimension {
  let dimension = scope.quantities.get(name);
  if (!dimension) {
    dimension = unknownDimension(name);
    scope.quantities.set(name, dimension);
  }
  return dimension;
}

/** Every call of an unknown function agrees in its arguments and result; ∂V/∂u is [V]/[u]. */
function dimensionOfCall(node: Call, found: Map<Expr, Dimension>, scope: DimensionScope): Dimension {
  let result = quantity(`${node.name}()`, scope);
  node.args.forEach((arg, at) => {
    const expected = quantity(`${node.name}()#${at + 1}`, scope);
    const actual = found.get(arg)!;
    requireAlike(actual, expected, scope, () =>
      unitError(
        `\`${abbreviate(arg)}\` is ${words(actual, scope)}, but elsewhere argument ${at + 1} of \`${node.name}\` is ${words(expected, scope)}`,
        `give each call of \`${node.name}\` arguments of the same unit`,
      ),
    );
    result = timesPower(result, expected, -node.orders[at]!);
  });
  return result;
}

function dimensionOfReduce(node: Reduce, body: Dimension, scope: DimensionScope): Dimension {
  if (node.op === "sum" || body === anyDimension) return body;
  const lo = affineConstant(node.lo);
  const hi = affineConstant(node.hi);
  if (lo !== undefined && hi !== undefined && node.except.length === 0) return raise(body, Math.max(0, hi - lo + 1));
  requireAlike(body, dimensionless, scope, () =>
    unitError(
      `\`${abbreviate(node.body)}\` is ${words(body, scope)}: a product with a varying number of factors must be dimensionless`,
      "divide each factor by a constant of the same unit",
    ),
  );
  return dimensionless;
}

function dimensionOfApply(node: Apply, found: Map<Expr, Dimension>, scope: DimensionScope): Dimension {
  const rule = rules[node.op];
  const args = node.args.map((arg) => found.get(arg)!);
  switch (rule.kind) {
    case "product":
      return dimensionOfProduct(args, rule.powers);
    case "alike": {
      requirePair(node.args[0]!, node.args[1]!, rule.verb, found, scope);
      return rule.result === "number" ? dimensionless : firstKnown(args[0]!, args[1]!);
    }
    case "branches":
      requirePair(node.args[1]!, node.args[2]!, "branches of one `if`", found, scope);
      return firstKnown(args[1]!, args[2]!);
    case "power":
      return dimensionOfPower(node, args[0]!, args[1]!, scope);
    case "numbers":
      requireNumber(node.args[0]!, args[0]!, `the argument of \`${node.op}\``, scope);
      return dimensionless;
  }
}

function dimensionOfProduct(args: readonly Dimension[], powers: readonly number[]): Dimension {
  let result = dimensionless;
  for (let at = 0; at < args.length; at++) {
    if (powers[at] === 0) continue;
    if (args[at] === anyDimension) return anyDimension;
    // The first factor stands as it is, without a copy.
    result = at === 0 && powers[at] === 1 ? args[at]! : timesPower(result, args[at]!, powers[at]!);
  }
  return result;
}

function dimensionOfPower(node: Apply, base: Dimension, exponent: Dimension, scope: DimensionScope): Dimension {
  const [x, y] = node.args as [Expr, Expr];
  const power = y.kind === "const" ? y.value : rationalOf(y);
  if (power !== undefined) return base === anyDimension ? base : raise(base, power);
  requireNumber(y, exponent, "an exponent", scope);
  requireNumber(x, base, "the base of a power with a variable exponent", scope);
  return dimensionless;
}

function requireNumber(e: Expr, dimension: Dimension, role: string, scope: DimensionScope): void {
  requireAlike(dimension, dimensionless, scope, () =>
    unitError(
      `\`${abbreviate(e)}\` is ${words(dimension, scope)}: ${role} must be dimensionless`,
      "divide it by a constant of the same unit",
    ),
  );
}

function requirePair(a: Expr, b: Expr, verb: string, found: Map<Expr, Dimension>, scope: DimensionScope): void {
  const [x, y] = [found.get(a)!, found.get(b)!];
  requireAlike(x, y, scope, () => {
    const [first, second] = [abbreviate(term(a)), abbreviate(term(b))];
    return unitError(
      `\`${first}\` is ${words(x, scope)} and \`${second}\` is ${words(y, scope)}: they cannot be ${verb}`,
      `their quotient is ${words(timesPower(x, y, -1), scope)}: a factor or a unit is missing`,
    );
  });
}

/** One term that stands for a sum: its first. */
function term(e: Expr): Expr {
  const sums: readonly Op[] = ["add", "sub"];
  while (e.kind === "apply" && sums.includes(e.op)) e = e.args[0]!;
  return e;
}

function firstKnown(a: Dimension, b: Dimension): Dimension {
  return a === anyDimension ? b : a;
}

function words(dimension: Dimension, scope: DimensionScope): string {
  return formatDimension(scope.unifier.resolve(dimension));
}

export function unitError(message: string, hint: string): HnncError {
  return new HnncError({ kind: "formula", code: "unit", message, hint });
}
