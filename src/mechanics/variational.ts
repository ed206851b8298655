import { mul, neg, symbol, zero } from "../expr/build.ts";
import { collapseAll } from "../expr/collapse.ts";
import { type Direction, directionalDerivative } from "../expr/directional.ts";
import { type Expr, postorder } from "../expr/expr.ts";
import { type Gradient, reverseGradient } from "../expr/gradient.ts";
import type { Assignment, Model, Variable } from "../model.ts";

/**
 * A model and a displacement from its motion, as one model.
 *
 * Its state, four blocks of n in the order of the original's variables, is
 *
 *     X = [q1 … qn, δq1 … δqn, δp1 … δpn, p1 … pn]
 */
export interface Variational {
  readonly model: Model;
  /** What δq and δp are called in it, in the order of the original's variables. */
  readonly displacements: { readonly coordinates: readonly string[]; readonly momenta: readonly string[] };
}

/**
 * The variational equations of a model as the equations of motion of another one, so that every method, engine and
 * target takes them as they are.
 *
 * For H(q, p, t) let H̃ = δq·∂H/∂q + δp·∂H/∂p, the derivative of H along the displacement. With the pairs (q, δp) and (δq, p)
 * its equations of motion are
 *
 *     q̇ = ∂H̃/∂δp = ∂H/∂p        δq̇ =  ∂H̃/∂p = H_pq δq + H_pp δp
 *     ṗ = −∂H̃/∂δq = −∂H/∂q      δṗ = −∂H̃/∂q = −(H_qq δq + H_qp δp)
 *
 * (the complete lift of a Hamiltonian field to the tangent bundle). Sums stay sums, so the size of the code does not depend
 * on their length; H̃ is separable where H is. Damping and forces become forces on p, and their derivatives along the
 * displacement forces on δp.
 *
 * The displacement is in the units of the state. Being infinitesimal, it has no size of its own: the equations are linear
 * in it.
 *
 * @example
 * const { model } = variationalModel(parseModel("p^2/2 - cos(q)"));
 * print(model.hamiltonian); // delta_q*sin(q) + delta_p*p
 */
export function variationalModel(model: Model): Variational {
  const name = namer(model);
  const displaced = (variable: Variable): Variable => ({ ...variable, name: name(`delta_${variable.name}`) });
  const dq = model.coordinates.map(displaced);
  const dp = model.momenta.map(displaced);
  const directions = new Map<string, Direction>();
  [...model.coordinates, ...model.momenta].forEach((variable, k) => {
    directions.set(variable.name, directionOf([...dq, ...dp][k]!));
  });
  const along = (e: Expr): Expr => directionalDerivative(e, directions);
  const withBoundary = (variable: Variable): Variable =>
    variable.boundary ? { ...variable, boundary: along(variable.boundary) } : variable;
  const partner = new Map(model.momenta.map((p, k) => [p.name, dp[k]!.name]));
  const pushes = forcesOf(model);
  return {
    model: {
      ...model,
      hamiltonian: along(model.hamiltonian),
      coordinates: [...model.coordinates, ...dq.map(withBoundary)],
      momenta: [...dp.map(withBoundary), ...model.momenta],
      damping: [],
      forces: pushes.flatMap((push) => [
        push,
        { ...push, target: partner.get(push.target)!, value: along(push.value) },
      ]),
      readings: [],
    },
    displacements: { coordinates: dq.map((each) => each.name), momenta: dp.map((each) => each.name) },
  };
}

function directionOf({ name, shape }: Variable): Direction {
  return shape.length === 0 ? symbol(name) : { name, shape };
}

/** Names that nothing in the model has. */
function namer({
  coordinates,
  momenta,
  parameters,
  unknownFunctions,
  networks,
  hamiltonian,
}: Model): (wanted: string) => string {
  const taken = new Set(["t", ...[...coordinates, ...momenta, ...parameters, ...unknownFunctions].map((x) => x.name)]);
  for (const name of networks?.keys() ?? []) taken.add(name);
  for (const node of postorder([hamiltonian])) if (node.kind === "symbol") taken.add(node.name);
  return (wanted) => {
    let name = wanted;
    while (taken.has(name)) name += "_";
    taken.add(name);
    return name;
  };
}

/** Damping and forces alike as forces: a damping k of p pushes it by −k ∂H/∂p. */
function forcesOf(model: Model): Assignment[] {
  if (model.damping.length === 0) return [...model.forces];
  const velocities = reverseGradient(model.hamiltonian, new Set(model.momenta.map(({ name }) => name)));
  const frictions = model.damping.map((damping) => ({
    ...damping,
    value: neg(mul(damping.value, velocityAt(velocities, damping))),
  }));
  return [...frictions, ...model.forces];
}

/** ∂H/∂target[at] */
function velocityAt({ scalars, scatters }: Gradient, { target, at }: Assignment): Expr {
  if (at.length === 0) return scalars.get(target) ?? zero;
  return collapseAll(
    scatters.filter(({ element }) => element.vector.name === target),
    at,
  );
}
