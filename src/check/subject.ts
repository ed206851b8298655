import type { Compiled } from "../compile.ts";
import { HnncError } from "../errors.ts";
import type { Values } from "../expr/evaluate.ts";
import type { Expr } from "../expr/expr.ts";
import { entryNames, type Layout, layoutOf, parameterDefaults, requireBound } from "../mechanics/layout.ts";
import { type Flow, follow } from "./flow.ts";
import type { CheckOptions } from "./options.ts";
import { drawPoints, ownStart, type Point, sizesOf } from "./points.ts";
import { evaluateRounded, type Rounded, type RoundedFunction, visitsOf } from "./rounding.ts";
import { roundedNetwork } from "./rounding-network.ts";

/** What is checked, and what several checks need of it. */
export interface Subject {
  readonly compiled: Compiled;
  readonly layout: Layout;
  readonly options: CheckOptions;
  readonly points: readonly Point[];
  /** How many random states were drawn; fewer are compared where the interpreter takes long. */
  readonly drawn: number;
  /** Random states passed over because H is not finite there. */
  readonly passedOver: number;
  /** The size of each state entry over the points, `[2n]`. */
  readonly sizes: Float64Array;
  /** The state's entries by name: `q`, `p[3]`. */
  readonly names: readonly string[];
  readonly start: Float64Array;
  /** What the model's names stand for at a state. */
  readonly values: (point: Point) => Values;
  /** H by the interpreter, with its rounding. */
  readonly energy: (point: Point) => Rounded;
  /** How many evaluations of an expression by the interpreter, of those wanted, take no longer than some tenths of a second. */
  readonly affordable: (e: Expr, wanted: number) => number;
  /** The trajectory from the start, followed when first asked for; an error tells why it cannot be. */
  readonly flow: () => Flow;
}

/** Node visits of the interpreter, about a third of a microsecond each, and evaluations that are always made. */
const [budget, fewest] = [2_000_000, 4];

/**
 * Prepares a model for its checks.
 *
 * @throws HnncError `missing-parameter` (usage) where a parameter has no value; `unknown-function` (formula)
 */
export function subjectOf(compiled: Compiled, options: CheckOptions): Subject {
  const { model } = compiled;
  requireParameters(compiled);
  requireBound(model);
  const layout = layoutOf(model);
  const values = valuesOf(compiled, layout);
  const energy = (point: Point): Rounded => evaluateRounded(model.hamiltonian, values(point));
  const kernel = ({ x, t }: Point): number => compiled.hamiltonian(x, undefined, t);
  const { points: drawn, passedOver } = drawPoints(model, layout, kernel, options);
  const affordable = (e: Expr, wanted: number): number =>
    Math.max(fewest, Math.min(wanted, Math.floor(budget / visitsOf(e, values(drawn[0]!)))));
  const points = drawn.slice(0, affordable(model.hamiltonian, drawn.length));
  const start = Float64Array.from(options.start ?? ownStart(model, layout) ?? points[0]!.x);
  let flow: Flow | undefined;
  return {
    compiled,
    layout,
    options,
    points,
    drawn: drawn.length,
    passedOver,
    sizes: sizesOf(
      layout,
      points.map(({ x }) => x),
    ),
    names: [...layout.state.values()].flatMap(entryNames),
    start,
    values,
    energy,
    affordable,
    flow: () => {
      flow ??= follow(compiled, layout, start, options);
      return flow;
    },
  };
}

function requireParameters({ model }: Compiled): void {
  const missing = model.parameters.filter(({ value }) => value === undefined).map(({ name }) => name);
  if (missing.length === 0) return;
  throw new HnncError({
    kind: "usage",
    code: "missing-parameter",
    message: `these parameters have no default and must be given: ${missing.join(", ")}`,
    hint: missing.map((name) => `--param ${name}=1`).join(" "),
  });
}

function valuesOf({ model }: Compiled, { parameters, state }: Layout): Subject["values"] {
  const constants = parameterDefaults(model);
  const fixed: Record<string, number | Float64Array | RoundedFunction> = {};
  for (const [name, network] of model.networks ?? []) fixed[name] = roundedNetwork(network);
  for (const { name, offset, size, shape } of parameters.values()) {
    fixed[name] = shape.length === 0 ? constants[offset]! : constants.subarray(offset, offset + size);
  }
  return ({ x, t }) => {
    const all: Record<string, number | Float64Array | RoundedFunction> = { t, ...fixed };
    for (const { name, offset, size, shape } of state.values()) {
      all[name] = shape.length === 0 ? x[offset]! : x.subarray(offset, offset + size);
    }
    return all;
  };
}
