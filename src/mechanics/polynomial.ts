import { rationalOf } from "../expr/coefficient.ts";
import { type Apply, type Expr, postorder } from "../expr/expr.ts";

/** A product of powers of atoms (nodes that are not sums, products or powers themselves) times a number. */
interface Monomial {
  readonly coefficient: number;
  readonly powers: ReadonlyMap<Expr, number>;
}

/** Monomials by the identity of their powers. */
type Polynomial = ReadonlyMap<string, Monomial>;

const none: ReadonlyMap<Expr, number> = new Map();

/**
 * Whether an expression is identically 0, as far as multiplying out shows: products of sums are expanded, everything
 * else (sines, sums under a root or in a denominator, indexed sums) counts as an atom. `false` means that this did not
 * show it, not that it is wrong.
 *
 * @param budget the most monomials that are formed altogether
 */
export function expandsToZero(e: Expr, budget = 20_000): boolean {
  const found = new Map<Expr, Polynomial>();
  let formed = 0;
  for (const node of postorder([e])) {
    const polynomial = expand(node, found, budget - formed);
    formed += polynomial?.size ?? budget;
    if (!polynomial || formed > budget) return false;
    found.set(node, polynomial);
  }
  return found.get(e)!.size === 0;
}

function expand(node: Expr, found: ReadonlyMap<Expr, Polynomial>, budget: number): Polynomial | undefined {
  if (node.kind === "const" && node.value !== Math.PI) return collect([{ coefficient: node.value, powers: none }]);
  if (node.kind !== "apply") return atom(node, 1);
  const [a, b] = node.args.map((arg) => found.get(arg)) as [Polynomial, Polynomial];
  switch (node.op) {
    case "neg":
      return collect(scaled(a, -1));
    case "add":
      return collect([...a.values(), ...b.values()]);
    case "sub":
      return collect([...a.values(), ...scaled(b, -1)]);
    case "mul":
      return multiply(a, b, budget);
    case "div": {
      const inverse = inverted(node.args[1]!, found, budget);
      return inverse && multiply(a, inverse, budget);
    }
    case "sqrt":
      return raised(node.args[0]!, a, 1 / 2);
    case "pow":
      return expandPower(node, a, budget);
    default:
      return atom(node, 1);
  }
}

/** 1/e, factor by factor: s·√s in a denominator is s^(−3/2), whatever s is. */
function inverted(e: Expr, found: ReadonlyMap<Expr, Polynomial>, budget: number): Polynomial | undefined {
  let product: Polynomial | undefined = collect([{ coefficient: 1, powers: none }]);
  for (const [factor, exponent] of factorsOf(e)) {
    const power: Polynomial | undefined = raised(factor, found.get(factor)!, -exponent);
    product = product && power && multiply(product, power, budget);
  }
  return product;
}

/** The factors of a product with their exponents; roots and constant powers are taken apart. */
function factorsOf(e: Expr): [Expr, number][] {
  const factors: [Expr, number][] = [];
  const rest: [Expr, number][] = [[e, 1]];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const [node, exponent] = next;
    if (node.kind !== "apply") factors.push(next);
    else if (node.op === "mul") rest.push([node.args[0]!, exponent], [node.args[1]!, exponent]);
    else if (node.op === "sqrt") rest.push([node.args[0]!, exponent / 2]);
    else if (node.op === "pow" && rationalOf(node.args[1]!) !== undefined) {
      rest.push([node.args[0]!, exponent * rationalOf(node.args[1]!)!]);
    } else factors.push(next);
  }
  return factors;
}

function expandPower(node: Apply, base: Polynomial, budget: number): Polynomial | undefined {
  const exponent = rationalOf(node.args[1]!);
  if (exponent === undefined) return atom(node, 1);
  if (!Number.isInteger(exponent) || exponent < 0 || base.size <= 1) return raised(node.args[0]!, base, exponent);
  let power: Polynomial | undefined = collect([{ coefficient: 1, powers: none }]);
  for (let k = 0; k < exponent && power; k++) power = multiply(power, base, budget);
  return power;
}

/** A power that is not multiplied out: of one monomial factor by factor, of a sum as a whole. */
function raised(base: Expr, polynomial: Polynomial, exponent: number): Polynomial | undefined {
  const [only] = polynomial.values();
  if (polynomial.size !== 1 || !only) return polynomial.size === 0 ? undefined : atom(base, exponent);
  if (!Number.isInteger(exponent) && only.powers.size !== 1) return atom(base, exponent);
  const powers = new Map([...only.powers].map(([part, power]) => [part, power * exponent]));
  return collect([{ coefficient: only.coefficient ** exponent, powers }]);
}

function atom(node: Expr, exponent: number): Polynomial {
  return collect([{ coefficient: 1, powers: new Map([[node, exponent]]) }]);
}

function scaled(a: Polynomial, by: number): Monomial[] {
  return [...a.values()].map(({ coefficient, powers }) => ({ coefficient: by * coefficient, powers }));
}

function multiply(a: Polynomial, b: Polynomial, budget: number): Polynomial | undefined {
  if (a.size * b.size > budget) return undefined;
  const products: Monomial[] = [];
  for (const x of a.values()) {
    for (const y of b.values()) {
      const powers = new Map(x.powers);
      for (const [part, power] of y.powers) {
        const total = (powers.get(part) ?? 0) + power;
        if (total === 0) powers.delete(part);
        else powers.set(part, total);
      }
      products.push({ coefficient: x.coefficient * y.coefficient, powers });
    }
  }
  return collect(products);
}

/** Adds up like monomials; what cancels is dropped. */
function collect(monomials: Iterable<Monomial>): Polynomial {
  const sum = new Map<string, Monomial>();
  for (const { coefficient, powers } of monomials) {
    const key = [...powers]
      .map(([part, power]) => `${part.id}^${power}`)
      .sort()
      .join(" ");
    const total = coefficient + (sum.get(key)?.coefficient ?? 0);
    if (total === 0) sum.delete(key);
    else sum.set(key, { coefficient: total, powers });
  }
  return sum;
}
