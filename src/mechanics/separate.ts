import { add, div, mul, neg, select, sub, zero } from "../expr/build.ts";
import { rationalOf } from "../expr/coefficient.ts";
import { type Apply, children, type Expr, type Reduce } from "../expr/expr.ts";
import { reduce } from "../expr/reduce.ts";
import type { Model } from "../model.ts";
import { abbreviate } from "./abbreviate.ts";

/** Whether T = ½ pᵀ M⁻¹ p with M independent of the state and of time, as splitting methods of Nyström type need. */
export type MassMatrix =
  | {
      readonly kind: "constant";
      /** Whether different momenta are multiplied with each other, so that M is not diagonal. */
      readonly coupled: boolean;
    }
  | { readonly kind: "none"; readonly term: Expr; readonly reason: string };

/** H = T(p) + V(q), each possibly depending on time and on parameters. */
export interface Separable {
  readonly separable: true;
  readonly kinetic: Expr;
  /** Holds the terms without coordinates and momenta too. */
  readonly potential: Expr;
  readonly mass: MassMatrix;
  readonly kineticDependsOnTime: boolean;
  readonly potentialDependsOnTime: boolean;
}

/** H has a term that depends on coordinates and on momenta. */
export interface Inseparable {
  readonly separable: false;
  /** The first such term, as it stands in H. */
  readonly term: Expr;
  /** One sentence for a person. */
  readonly reason: string;
}

export type Separation = Separable | Inseparable;

/** What the names mean. */
export interface SeparationNames {
  readonly coordinates: readonly string[];
  readonly momenta: readonly string[];
  /** The name of the time where H depends on it. */
  readonly time?: string | undefined;
}

/**
 * Splits H into T(p) + V(q) by its sums: through additions, factors free of the state, indexed sums and conditions free
 * of the state. Products are not multiplied out: (p + q)·(p − q) counts as one mixed term.
 *
 * @example separate(parse("p^2/2 - cos(q)"), { coordinates: ["q"], momenta: ["p"] }) // T = p^2/2, V = -cos(q)
 */
export function separate(hamiltonian: Expr, names: SeparationNames): Separation {
  const bits = dependence(names);
  const parts = new Map<Expr, Parts>();
  if ((bits(hamiltonian) & mixed) === mixed) {
    fillBottomUp(
      hamiltonian,
      parts,
      (node) => (bits(node) & mixed) === mixed,
      (node) => partsOf(node, parts, bits),
    );
  }
  const whole = parts.get(hamiltonian) ?? pure(hamiltonian, bits);
  if ("term" in whole) {
    const reason = `\`${abbreviate(whole.term)}\` depends on coordinates and on momenta`;
    return { separable: false, term: whole.term, reason };
  }
  const { kinetic, potential } = whole;
  return {
    separable: true,
    kinetic,
    potential,
    mass: massMatrix(kinetic, bits),
    kineticDependsOnTime: (bits(kinetic) & onTime) !== 0,
    potentialDependsOnTime: (bits(potential) & onTime) !== 0,
  };
}

/** The separation of a model's Hamiltonian. */
export function separationOf({ hamiltonian, coordinates, momenta, timeDependent }: Model): Separation {
  return separate(hamiltonian, {
    coordinates: coordinates.map(({ name }) => name),
    momenta: momenta.map(({ name }) => name),
    time: timeDependent ? "t" : undefined,
  });
}

const onCoordinates = 1;
const onMomenta = 2;
const onTime = 4;
const mixed = onCoordinates | onMomenta;

/** Which of coordinates, momenta and time an expression depends on, as bits. */
type Dependence = (e: Expr) => number;

function dependence(names: SeparationNames): Dependence {
  const kinds = new Map<string, number>();
  for (const name of names.coordinates) kinds.set(name, onCoordinates);
  for (const name of names.momenta) kinds.set(name, onMomenta);
  if (names.time !== undefined) kinds.set(names.time, onTime);
  const found = new Map<Expr, number>();
  const bitsOf = (node: Expr): number => {
    if (node.kind === "symbol") return kinds.get(node.name) ?? 0;
    if (node.kind === "element") return kinds.get(node.vector.name) ?? 0;
    let bits = 0;
    for (const child of children(node)) bits |= found.get(child)!;
    return bits;
  };
  return (e) => {
    if (!found.has(e)) fillBottomUp(e, found, () => true, bitsOf);
    return found.get(e)!;
  };
}

/** Works out `make` for `root` and what is below it, children first; leaves alone what is known or not `wanted`. */
function fillBottomUp<T>(
  root: Expr,
  found: Map<Expr, T>,
  wanted: (node: Expr) => boolean,
  make: (node: Expr) => T,
): void {
  const stack = [root];
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    const before = stack.length;
    if (!found.has(node)) {
      for (const child of children(node)) if (!found.has(child) && wanted(child)) stack.push(child);
      if (stack.length > before) continue;
      found.set(node, make(node));
    }
    stack.pop();
  }
}

/** A node split in two, or the term in it that cannot be. */
type Parts = { readonly kinetic: Expr; readonly potential: Expr } | { readonly term: Expr };

function pure(e: Expr, bits: Dependence): Parts {
  return bits(e) & onMomenta ? { kinetic: e, potential: zero } : { kinetic: zero, potential: e };
}

function partsOf(node: Expr, parts: ReadonlyMap<Expr, Parts>, bits: Dependence): Parts {
  const stateBits = (e: Expr): number => bits(e) & mixed;
  const of = (e: Expr): Parts => parts.get(e) ?? pure(e, bits);
  const each = (build: (...parts: Expr[]) => Expr, ...terms: readonly Expr[]): Parts => {
    const split = joined(build, terms.map(of));
    // A term is named with its factors, a sum by the term in it.
    return "term" in split && terms.length === 1 && split.term === terms[0] ? { term: node } : split;
  };
  if (node.kind === "reduce" && node.op === "sum") return each((body) => sumAgain(node, body), node.body);
  if (node.kind !== "apply") return { term: node };
  const [a, b, c] = node.args as [Expr, Expr, Expr];
  switch (node.op) {
    case "neg":
      return each(neg, a);
    case "add":
      return each(add, a, b);
    case "sub":
      return each(sub, a, b);
    case "mul":
      if (stateBits(a) === 0) return each((x) => mul(a, x), b);
      return stateBits(b) === 0 ? each((x) => mul(x, b), a) : { term: node };
    case "div":
      return stateBits(b) === 0 ? each((x) => div(x, b), a) : { term: node };
    case "select":
      return stateBits(a) === 0 ? each((x, y) => select(a, x, y), b, c) : { term: node };
    default:
      return { term: node };
  }
}

function joined(build: (...parts: Expr[]) => Expr, all: readonly Parts[]): Parts {
  const kinetic: Expr[] = [];
  const potential: Expr[] = [];
  for (const part of all) {
    if ("term" in part) return part;
    kinetic.push(part.kinetic);
    potential.push(part.potential);
  }
  return { kinetic: build(...kinetic), potential: build(...potential) };
}

function sumAgain(node: Reduce, body: Expr): Expr {
  return reduce("sum", node.index, { lo: node.lo, hi: node.hi, except: node.except }, body);
}

/** What T is as a polynomial in the momenta. */
interface Polynomial {
  readonly least: number;
  readonly greatest: number;
  /** The one momentum that occurs, or `many`. */
  readonly momentum: Expr | "many" | undefined;
  /** Whether a product joins different momenta. */
  readonly coupled: boolean;
}

const free: Polynomial = { least: 0, greatest: 0, momentum: undefined, coupled: false };

function massMatrix(kinetic: Expr, bits: Dependence): MassMatrix {
  const none = (term: Expr, fault: string): MassMatrix => ({
    kind: "none",
    term,
    reason: `\`${abbreviate(term)}\` ${fault}`,
  });
  const ofMomenta = (node: Expr): boolean => (bits(node) & onMomenta) !== 0;
  const found = new Map<Expr, Polynomial | undefined>();
  const polynomial = (e: Expr): Polynomial | undefined => (ofMomenta(e) ? found.get(e) : free);
  fillBottomUp(kinetic, found, ofMomenta, (node) => polynomialOf(node, polynomial));
  for (const term of termsOf(kinetic)) {
    const degree = polynomial(term);
    if (bits(term) & onTime) return none(term, "depends on time");
    if (degree?.least !== 2 || degree.greatest !== 2) return none(term, "is not quadratic in the momenta");
  }
  if (kinetic === zero) return none(kinetic, "does not depend on momenta");
  return { kind: "constant", coupled: polynomial(kinetic)!.coupled };
}

/** The terms of a sum, from left to right; indexed sums are entered no further. */
function termsOf(e: Expr): Expr[] {
  const terms: Expr[] = [];
  const stack = [e];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (node.kind === "apply" && (node.op === "add" || node.op === "sub")) stack.push(node.args[1]!, node.args[0]!);
    else if (node !== zero) terms.push(node);
  }
  return terms;
}

type PolynomialOf = (e: Expr) => Polynomial | undefined;

/** Of a node that depends on momenta, from what is below it. */
function polynomialOf(node: Expr, of: PolynomialOf): Polynomial | undefined {
  if (node.kind === "symbol" || node.kind === "element") {
    return { least: 1, greatest: 1, momentum: node, coupled: false };
  }
  if (node.kind === "reduce") return node.op === "sum" ? summed(node, of(node.body)) : undefined;
  return node.kind === "apply" ? polynomialOfApply(node, of) : undefined;
}

function summed(node: Reduce, body: Polynomial | undefined): Polynomial | undefined {
  const varies = node.body.free.includes(node.index);
  return body && varies ? { ...body, momentum: "many" } : body;
}

function polynomialOfApply(node: Apply, of: PolynomialOf): Polynomial | undefined {
  const [a, b, c] = node.args.map(of) as [Polynomial, Polynomial?, Polynomial?];
  switch (node.op) {
    case "neg":
      return a;
    case "add":
    case "sub":
      return a && b && either(a, b);
    case "mul":
      return a && b && multiplied(a, b);
    case "div":
      return b?.greatest === 0 ? a : undefined;
    case "select":
      return a?.greatest === 0 && b && c ? either(b, c) : undefined;
    case "pow": {
      const exponent = rationalOf(node.args[1]!);
      return a && exponent !== undefined && Number.isInteger(exponent) && exponent >= 1
        ? power(a, exponent)
        : undefined;
    }
    default:
      return undefined;
  }
}

function either(a: Polynomial, b: Polynomial): Polynomial {
  return {
    least: Math.min(a.least, b.least),
    greatest: Math.max(a.greatest, b.greatest),
    momentum: oneOf(a, b),
    coupled: a.coupled || b.coupled,
  };
}

function multiplied(a: Polynomial, b: Polynomial): Polynomial {
  const joins = a.greatest > 0 && b.greatest > 0 && oneOf(a, b) === "many";
  return {
    least: a.least + b.least,
    greatest: a.greatest + b.greatest,
    momentum: oneOf(a, b),
    coupled: a.coupled || b.coupled || joins,
  };
}

function power(a: Polynomial, exponent: number): Polynomial {
  const coupled = a.coupled || (exponent > 1 && a.momentum === "many");
  return { ...a, least: a.least * exponent, greatest: a.greatest * exponent, coupled };
}

function oneOf(a: Polynomial, b: Polynomial): Expr | "many" | undefined {
  if (a.momentum === undefined || a.momentum === b.momentum) return b.momentum;
  return b.momentum === undefined ? a.momentum : "many";
}
