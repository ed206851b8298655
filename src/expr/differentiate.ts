import { one, zero } from "./build.ts";
import { collapseAll } from "./collapse.ts";
import { directionalDerivative } from "./directional.ts";
import { type Expr, fixedAt, postorder } from "./expr.ts";
import { reverseGradient } from "./gradient.ts";
import { canonical } from "./reduce.ts";

/**
 * ∂e/∂name by one forward sweep. An unknown function V(u) gives its formal derivative V'(u).
 *
 * @param name a scalar, or an array element such as `q[3]` or `q[2,1]` (1-based)
 * @throws HnncError `too-large` (limit) where the derivative would need more than 4·10⁶ nodes
 * @example print(differentiate(parse("p^2/2 - cos(q)"), "q")) // "sin(q)"
 */
export function differentiate(e: Expr, name: string): Expr {
  const target = elementName(name, namesIn(e));
  return target ? canonical(elementDerivative(e, target)) : directionalDerivative(e, new Map([[name, one]]));
}

/**
 * The derivatives with respect to several names, by one reverse sweep. Order as in `names`, which are as in
 * `differentiate`; a name that does not occur gives 0.
 *
 * @example gradient(parse("p^2/2 - cos(q)"), ["q", "p"]).map(print) // ["sin(q)", "p"]
 */
export function gradient(e: Expr, names: readonly string[]): Expr[] {
  const used = namesIn(e);
  const targets = names.map((name) => elementName(name, used));
  const wanted = new Set(names.map((name, k) => targets[k]?.array ?? name));
  const { scalars, scatters } = reverseGradient(e, wanted);
  return names.map((name, k) => {
    const target = targets[k];
    if (!target) return canonical(scalars.get(name) ?? zero);
    const own = scatters.filter((scatter) => scatter.element.vector.name === target.array);
    return canonical(collapseAll(own, fixedAt(...target.at)));
  });
}

/**
 * Second derivatives: row k is the gradient of ∂e/∂names[k]. The values are symmetric, the texts need not be.
 *
 * @example hessian(parse("q^2*p"), ["q", "p"]).map((row) => row.map(print)) // [["2*p", "2*q"], ["2*q", "0"]]
 */
export function hessian(e: Expr, names: readonly string[]): Expr[][] {
  return gradient(e, names).map((first) => gradient(first, names));
}

interface ElementName {
  readonly array: string;
  readonly at: readonly number[];
}

/** The names of scalars and of arrays in an expression. */
interface Names {
  readonly scalars: ReadonlySet<string>;
  readonly arrays: ReadonlySet<string>;
}

function namesIn(e: Expr): Names {
  const scalars = new Set<string>();
  const arrays = new Set<string>();
  for (const node of postorder([e])) {
    if (node.kind === "symbol") scalars.add(node.name);
    else if (node.kind === "element") arrays.add(node.vector.name);
  }
  return { scalars, arrays };
}

/** `q[3]`, or `q3`/`q_3` where the expression has elements of an array `q` and no such scalar. */
function elementName(name: string, { scalars, arrays }: Names): ElementName | undefined {
  const written = /^(.+?)\[(\d+(?:\s*,\s*\d+)*)\]$/.exec(name);
  if (written) return { array: written[1]!, at: written[2]!.split(",").map(Number) };
  const short = /^(.+?)_?(\d+)$/.exec(name);
  if (!short || !arrays.has(short[1]!) || scalars.has(name)) return undefined;
  return { array: short[1]!, at: [Number(short[2])] };
}

function elementDerivative(e: Expr, { array, at }: ElementName): Expr {
  const { scatters } = reverseGradient(e, new Set([array]));
  return collapseAll(scatters, fixedAt(...at));
}
