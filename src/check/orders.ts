import { motionFacts } from "../ensemble/facts.ts";
import { HnncError } from "../errors.ts";
import { blanesMoan4 } from "../integrate/blanes-moan4.ts";
import { gauss4 } from "../integrate/gauss4.ts";
import { implicitMidpoint } from "../integrate/implicit-midpoint.ts";
import type { Integrator, Motion } from "../integrate/integrator.ts";
import { leapfrog } from "../integrate/leapfrog.ts";
import { rk4 } from "../integrate/rk4.ts";
import { stepperOf } from "../integrate/stepper.ts";
import { along, hasKinks } from "./along.ts";
import { type Check, type CheckLine, skipped } from "./check.ts";
import type { Flow } from "./flow.ts";
import type { Subject } from "./subject.ts";
import { motionOf } from "./trajectories.ts";

/** How fast the error of methods falls with the step. */
export const orders: Check = {
  name: "orders",
  title: "Orders of methods",
  run: (subject) => {
    const methods = subject.options.methods ?? usualMethods(subject);
    return methods.flatMap((method) => {
      const claim = `error of ${method.name} ∝ dt^${method.order}`;
      return along(subject, [claim], (flow) => [orderLine(subject, flow, method, claim)]);
    });
  },
};

function usualMethods({ compiled }: Subject): readonly Integrator[] {
  const { separable, damped } = motionFacts(compiled.source);
  if (separable && !damped) return [leapfrog, blanesMoan4];
  return damped ? [rk4, gauss4] : [implicitMidpoint, gauss4];
}

/** Halvings at most; the shortest time takes this many steps first. */
const [halvings, firstSteps] = [12, 2];
/** Errors relative to the variable's size that are used: below are rounding, above steps too long for their order. */
const [plateau, coarse] = [1e-11, 3e-4];
/** Or this many times what rounding does to the Taylor series. */
const plateauRoundings = 3;
/** Slopes of errors on their way to the order they come to. */
const allowance = 0.3;
/** Steps times state entries of the finest run. */
const mostWork = 250_000;

/** Parts of the way: the shortest shows errors of steps and not of chaos; it is lengthened where they are too small. */
const shares = [1 / 16, 1 / 4, 1] as const;

function orderLine(subject: Subject, flow: Flow, method: Integrator, claim: string): CheckLine {
  const least = method.order - allowance;
  let low: CheckLine | undefined;
  for (const share of shares) {
    const { errors, end } = errorsOf(subject, flow, method, { share, least });
    if (errors.length < leastPoints) continue;
    const found = slope(errors);
    const finest = Number((end / errors[errors.length - 1]!.steps).toPrecision(2));
    const line: Omit<CheckLine, "verdict"> = {
      ...{ claim, figure: found, bound: least, sense: "at least" as const, unit: "order" },
      because: `${errors.length} halvings of the step to ${finest}, against Taylor series`,
      worst: { state: [...flow.states[0]!], t: 0 },
    };
    if (found >= least) return { ...line, verdict: "pass" };
    low ??= { ...line, verdict: "fail" };
  }
  if (low && hasKinks(subject)) return skipped(claim, "H has kinks, and methods keep their order only between them");
  return low ?? skipped(claim, "the errors that were met are round-off, or steps too long for their order");
}

interface StepError {
  readonly steps: number;
  readonly error: number;
}

/** Errors of ever shorter steps, the last few: until they fall as fast as they should, or are round-off. */
function errorsOf(
  { compiled }: Subject,
  flow: Flow,
  method: Integrator,
  { share, least }: { readonly share: number; readonly least: number },
): { readonly errors: readonly StepError[]; readonly end: number } {
  const sample = Math.max(1, Math.round((flow.states.length - 1) * share));
  const [exact, end] = [flow.states[sample]!, flow.times[sample]!];
  const motion = motionOf(compiled);
  const roundOff = Math.max(plateau, plateauRoundings * flow.rounding * flow.growths[sample]!);
  const errors: StepError[] = [];
  for (let level = 0; level < halvings; level++) {
    const steps = firstSteps * 2 ** level;
    if (steps * exact.length > mostWork) break;
    const reached = endOf(method, motion, flow.states[0]!, { steps, h: end / steps });
    if (!reached) continue;
    const error = exact.reduce((most, x, k) => Math.max(most, Math.abs(reached[k]! - x) / flow.sizes[k]!), 0);
    if (error < roundOff) break;
    if (error < coarse) errors.push({ steps, error });
    if (errors.length >= points && slope(errors.slice(-points)) >= least) break;
  }
  return { errors: errors.slice(-points), end };
}

/** The state after some steps; nothing where they are too long for an implicit method. */
function endOf(
  method: Integrator,
  motion: Motion,
  start: Float64Array,
  { steps, h }: { readonly steps: number; readonly h: number },
): Float64Array | undefined {
  const stepper = stepperOf(method, motion, start);
  try {
    for (let k = 0; k < steps; k++) stepper.step(k * h, h);
    return stepper.state;
  } catch (error) {
    if (error instanceof HnncError && error.kind === "diverged") return undefined;
    throw error;
  }
}

/** Halvings whose slope is taken. */
const [points, leastPoints] = [4, 3];

/** −d log(error) / d log(steps) by least squares. */
function slope(data: readonly { steps: number; error: number }[]): number {
  const [x, y] = [data.map(({ steps }) => Math.log(steps)), data.map(({ error }) => Math.log(error))];
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, value, k) => sum + (value - mx) * (y[k]! - my), 0);
  return -covariance / x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
}
