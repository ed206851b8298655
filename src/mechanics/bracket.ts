import { affine, affineIndex, freshIndex, type Index } from "../expr/affine.ts";
import { abs, add, mul, sub, zero } from "../expr/build.ts";
import { collapseAll } from "../expr/collapse.ts";
import type { Expr } from "../expr/expr.ts";
import { type Gradient, reverseGradient } from "../expr/gradient.ts";
import { sum } from "../expr/reduce.ts";
import type { Model, Variable } from "../model.ts";
import { ratesOfState } from "./motion.ts";

/** Conjugate variables, paired by position. */
export interface Pairs {
  readonly coordinates: readonly Variable[];
  readonly momenta: readonly Variable[];
}

/**
 * The Poisson bracket {A, B} = Σ ∂A/∂q ∂B/∂p − ∂A/∂p ∂B/∂q, so that {q, p} = 1 and İ = {I, H} + ∂I/∂t. Over arrays it
 * is an indexed sum.
 *
 * @param pairs the conjugate variables; a model is one such thing
 * @example print(poissonBracket(parse("q"), parse("p^2/2"), parseModel("p^2/2 + q^2/2"))) // "p"
 */
export function poissonBracket(a: Expr, b: Expr, pairs: Pairs): Expr {
  if (a === b) return zero;
  const names = new Set([...pairs.coordinates, ...pairs.momenta].map(({ name }) => name));
  const [ofA, ofB] = [reverseGradient(a, names), reverseGradient(b, names)];
  let bracket: Expr = zero;
  pairs.coordinates.forEach((q, k) => {
    const p = pairs.momenta[k]!;
    const at = q.shape.map((_, axis) => freshIndex(`i_${axis + 1}`));
    const term = sub(
      mul(derivativeAt(ofA, q, at), derivativeAt(ofB, p, at)),
      mul(derivativeAt(ofA, p, at), derivativeAt(ofB, q, at)),
    );
    bracket = add(bracket, sumOver(q, at, term));
  });
  return bracket;
}

/** How fast a quantity changes along the flow. */
export interface RateOfChange {
  /** dI/dt = Σ ∂I/∂x · ẋ + ∂I/∂t; {I, H} + ∂I/∂t where nothing drives or damps the model. */
  readonly rate: Expr;
  /** The sum of the absolute values of the same terms: what round-off in `rate` is relative to. */
  readonly magnitude: Expr;
}

/** dI/dt along the model's equations of motion, forces and damping included. */
export function rateOfChange(model: Model, quantity: Expr): RateOfChange {
  const variables = [...model.coordinates, ...model.momenta];
  const names = new Set(variables.map(({ name }) => name));
  if (model.timeDependent) names.add("t");
  const derivatives = reverseGradient(quantity, names);
  let rate: Expr = (model.timeDependent && derivatives.scalars.get("t")) || zero;
  let magnitude = abs(rate);
  ratesOfState(model).forEach((equation, k) => {
    const variable = variables[k]!;
    const term = mul(derivativeAt(derivatives, variable, equation.at), equation.rate);
    rate = add(rate, sumOver(variable, equation.at, term));
    magnitude = add(magnitude, sumOver(variable, equation.at, abs(term)));
  });
  return { rate, magnitude };
}

/** ∂/∂name[at] with the indices free. */
function derivativeAt({ scalars, scatters }: Gradient, { name, shape }: Variable, at: readonly Index[]): Expr {
  if (shape.length === 0) return scalars.get(name) ?? zero;
  const own = scatters.filter(({ element }) => element.vector.name === name);
  return collapseAll(own, at.map(affineIndex));
}

function sumOver({ shape }: Variable, at: readonly Index[], term: Expr): Expr {
  return at.reduceRight((inner, index, axis) => sum(index, { lo: affine(1), hi: affine(shape[axis]!) }, inner), term);
}
