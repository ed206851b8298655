import { portableKernel } from "../codegen/load.ts";
import type { Source } from "../codegen/target.ts";
import { HnncError } from "../errors.ts";
import { children, type Expr } from "../expr/expr.ts";
import type { Motion, Rate } from "../integrate/integrator.ts";
import { parameterDefaults } from "../mechanics/layout.ts";
import { withParameters } from "../mechanics/parameters.ts";

/** Values of parameters by name, in base units where the model has units; those left out keep their defaults. */
export type Parameters = Readonly<Record<string, number | readonly number[]>>;

type Facts = Omit<Motion, "field" | "velocity" | "force" | "jacobian">;

/** What integrators need to know of a model. */
export function motionFacts({ model, separation, equations, meta }: Source): Facts {
  const momenta = new Set(model.momenta.map(({ name }) => name));
  const pushed = model.forces.some(({ value }) => mentions(value, momenta));
  return {
    degreesOfFreedom: equations.layout.degreesOfFreedom,
    separable: meta.separable,
    timeDependent: meta.timeDependent,
    kineticDependsOnTime: separation.separable && separation.kineticDependsOnTime,
    damped: model.damping.length > 0 || pushed,
  };
}

function mentions(root: Expr, names: ReadonlySet<string>): boolean {
  const seen = new Set<Expr>([root]);
  for (const node of seen) {
    if (node.kind === "symbol" && names.has(node.name)) return true;
    if (node.kind === "element" && names.has(node.vector.name)) return true;
    for (const child of children(node)) seen.add(child);
  }
  return false;
}

/** The flat parameter vector. */
export function parameterVector({ model }: Source, values: Parameters = {}): Float64Array {
  const bound = withParameters(model, values);
  const missing = bound.parameters.filter(({ value }) => value === undefined).map(({ name }) => name);
  if (missing.length === 0) return parameterDefaults(bound);
  throw new HnncError({
    kind: "usage",
    code: "missing-parameter",
    message: `these parameters have no default and must be given: ${missing.join(", ")}`,
  });
}

/**
 * The motion with the bits of strict WebAssembly, one trajectory at a time: the second road to an ensemble's numbers,
 * and the way of trajectories that need Newton's method.
 */
export function portableMotion(source: Source, parameters: Float64Array): Motion {
  const field = portableKernel(source, "field");
  const hasParameters = source.equations.layout.parameterCount > 0;
  const rate: Rate = hasParameters
    ? (x, out, t) => void field(x, out, parameters, t)
    : (x, out, t) => void field(x, out, {}, t);
  return { ...motionFacts(source), field: rate };
}
