import { differentiate, gradient } from "../expr/differentiate.ts";
import type { Expr } from "../expr/expr.ts";
import { print } from "../expr/print.ts";
import { bluntBound } from "./check.ts";
import type { Point } from "./points.ts";
import { evaluateRounded, type Rounded, visitsOf } from "./rounding.ts";
import type { Subject } from "./subject.ts";

/** A derivative of H at a state, by the interpreter on the symbolic derivative. */
export interface Slope extends Rounded {
  readonly point: Point;
  /** Which entry of the state it is taken with respect to. */
  readonly entry: number;
}

/** Node visits that all slopes together may cost: some tenths of a second. */
const budget = 1_000_000;

const found = new WeakMap<Subject, readonly Slope[]>();

/**
 * ∂H/∂x at the points: every entry at every point, or, where that would take long, a few entries a point in turn. Each
 * entry comes with its conjugate.
 */
export function slopes(subject: Subject): readonly Slope[] {
  let all = found.get(subject);
  if (!all) {
    all = computed(subject);
    found.set(subject, all);
  }
  return all;
}

function computed(subject: Subject): Slope[] {
  const { points, values, layout } = subject;
  const n = layout.degreesOfFreedom;
  const derivatives = derivativesOf(subject);
  const cost =
    visitsOf(derivatives[0]!.forward, values(points[0]!)) + visitsOf(derivatives[n]!.forward, values(points[0]!));
  const pairs = Math.max(1, Math.min(n, Math.floor(budget / (2 * cost * points.length))));
  const some = points.slice(0, Math.max(3, Math.floor(budget / (2 * cost * pairs))));
  return some.flatMap((point, at) => {
    const named = values(point);
    return Array.from({ length: pairs }, (_, k) => (at * pairs + k) % n).flatMap((q) =>
      [q, n + q].map((entry) => {
        const { forward, reverse } = derivatives[entry]!;
        const { value, error } = evaluateRounded(forward, named);
        const other = reverse ? evaluateRounded(reverse, named).error : error;
        return { point, entry, value, error: error + other };
      }),
    );
  });
}

/** From this bound on agreement of derivatives says nothing: a share of the largest. */
export function bluntSlope(subject: Subject): number {
  return bluntBound * slopes(subject).reduce((most, { value }) => Math.max(most, Math.abs(value)), 0);
}

interface Derivative {
  /** By one forward sweep, for scalars. */
  readonly forward: Expr;
  /** What the kernel computes, for its rounding. */
  readonly reverse: Expr | undefined;
}

/** A formula longer than this is differentiated once for all variables. */
const longFormula = 2_000;

function derivativesOf({ compiled, names, layout }: Subject): Derivative[] {
  const { hamiltonian } = compiled.model;
  const stores = new Map<number, Expr>();
  for (const write of compiled.source.equations.gradient)
    if (write.kind === "store") stores.set(write.slot, write.value);
  const isLong = stores.size > 0 && stores.size * print(hamiltonian).length > longFormula * layout.dimension;
  const together = isLong || stores.size < names.length ? gradient(hamiltonian, names) : [];
  return names.map((name, k) => {
    const reverse = stores.get(k);
    const forward = reverse && !isLong ? differentiate(hamiltonian, name) : together[k]!;
    return { forward, reverse };
  });
}
