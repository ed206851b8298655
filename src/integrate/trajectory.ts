import { HnncError } from "../errors.ts";
import { chooseIntegrator } from "./choose.ts";
import { describeState } from "./describe-state.ts";
import { Divergence } from "./divergence.ts";
import { type AdaptiveStepper, embeddedStepper } from "./embedded.ts";
import type { EmbeddedScheme, Integrator, Motion } from "./integrator.ts";
import { findIntegrator, type IntegratorName } from "./integrators.ts";
import { checkRun, requireControl } from "./run-check.ts";
import { sampleTimes, stretches } from "./sample-plan.ts";
import { SampleBuffer, type Samples } from "./samples.ts";
import { requireSuited, stepperOf } from "./stepper.ts";

export interface IntegrateOptions {
  /** The end of a run that starts at 0, or `[start, end]`. An end before the start runs backwards. */
  readonly t: number | readonly [start: number, end: number];
  /** The size of a fixed step, positive; it is reduced to fit the samples evenly. */
  readonly dt?: number | undefined;
  /** For adaptive methods: error of a step relative to the state. Default 1e-10. */
  readonly rtol?: number | undefined;
  /** For adaptive methods: absolute error of a step. Default rtol / 1000. */
  readonly atol?: number | undefined;
  /** Default `auto`: see `chooseIntegrator`. */
  readonly method?: Integrator | IntegratorName | "auto" | undefined;
  /**
   * How many equally spaced samples, both ends counted; or their times, in the order of the run. Default: each step,
   * where the step is fixed thinned to a thousand. A fixed step keeps its size from sample to sample only where they
   * are equally spaced.
   */
  readonly samples?: number | ArrayLike<number> | undefined;
  /** For adaptive methods: the first step to try, and the largest. */
  readonly firstStep?: number | undefined;
  readonly maxStep?: number | undefined;
  /** The strength of the coupling of Tao's methods. */
  readonly omega?: number | undefined;
}

/**
 * Integrates one trajectory in plain JavaScript.
 *
 * @param x0 `[q1 … qn, p1 … pn]`
 * @returns times [k] and states [k, 2n], the start included
 * @throws HnncError kind `usage`; kind `diverged`, then a `Divergence` that holds the samples until the last good state
 * @example
 * const pendulum: Motion = {
 *   degreesOfFreedom: 1, separable: true, timeDependent: false, damped: false,
 *   field(x, out) { out[0] = x[1]!; out[1] = -Math.sin(x[0]!); },
 * };
 * integrate(pendulum, [1, 0], { t: 100, rtol: 1e-12 }).states;
 */
export function integrate(motion: Motion, x0: ArrayLike<number>, options: IntegrateOptions): Samples {
  const run = checkedRun(motion, x0, options);
  const buffer = new SampleBuffer(x0.length, typeof options.samples === "number" ? options.samples : 1024);
  buffer.push(run.start, Float64Array.from(x0));
  const rate = new Float64Array(x0.length);
  motion.field(Float64Array.from(x0), rate, run.start);
  const all = (cost: Partial<Cost>): Samples => ({
    method: run.integrator.name,
    degreesOfFreedom: motion.degreesOfFreedom,
    times: buffer.times(),
    states: buffer.states(),
    ...noCost,
    ...cost,
  });
  if (!rate.every(Number.isFinite)) {
    throw new Divergence(`the field is not finite at the start, t = ${run.start}: ${describeState(rate)}`, all({}));
  }
  if (run.start === run.end) return all({});
  const { scheme } = run.integrator;
  return scheme.kind === "embedded"
    ? runAdaptive({ ...run, scheme }, motion, x0, buffer, all)
    : runFixed(run, motion, x0, buffer, all);
}

interface Run {
  readonly integrator: Integrator;
  readonly start: number;
  readonly end: number;
  readonly options: IntegrateOptions;
}

type Cost = Pick<Samples, "steps" | "rejected" | "evaluations" | "iterations" | "dt">;

const noCost: Cost = { steps: 0, rejected: 0, evaluations: 0, iterations: 0, dt: undefined };

function runFixed(
  { integrator, start, end, options }: Run,
  motion: Motion,
  x0: ArrayLike<number>,
  buffer: SampleBuffer,
  all: (cost: Partial<Cost>) => Samples,
): Samples {
  const stepper = stepperOf(integrator, motion, x0, options);
  const plan = stretches(start, end, options.dt!, options.samples);
  const good = Float64Array.from(x0);
  let steps = 0;
  const cost = () => ({ ...stepper.work, steps });
  const failed = (t: number, reason: string, cause?: HnncError) => {
    if (t !== buffer.lastTime()) buffer.push(t, good);
    return new Divergence(reason, all(cost()), cause);
  };
  for (let stretch = 0; stretch < plan.length; stretch++) {
    const { from, to, steps: count, h } = plan.at(stretch);
    for (let k = 0; k < count; k++) {
      const t = from + k * h;
      good.set(stepper.state);
      attempt(
        () => stepper.step(t, h),
        (cause) => failed(t, cause.message, cause),
      );
      steps++;
      if (!finite(stepper.state)) {
        throw failed(t, `the motion diverged in the step from t = ${t} by ${h}: ${describeState(stepper.state)}`);
      }
    }
    buffer.push(to, stepper.state);
  }
  return all({ ...cost(), dt: plan.h === undefined ? undefined : Math.abs(plan.h) });
}

function runAdaptive(
  { scheme, start, end, options }: Run & { readonly scheme: EmbeddedScheme },
  motion: Motion,
  x0: ArrayLike<number>,
  buffer: SampleBuffer,
  all: (cost: Partial<Cost>) => Samples,
): Samples {
  const rtol = options.rtol ?? 1e-10;
  const tolerance = { rtol, atol: options.atol ?? rtol / 1000 };
  const { firstStep, maxStep } = options;
  const stepper = embeddedStepper(scheme, motion, x0, { t: start, end, ...tolerance, firstStep, maxStep });
  const times = sampleTimes(start, end, options.samples);
  const sign = end > start ? 1 : -1;
  const at = new Float64Array(x0.length);
  let next = 0;
  while (times === undefined ? stepper.time() !== end : next < times.length) {
    attempt(stepper.advance, (cause) => {
      if (stepper.time() !== buffer.lastTime()) buffer.push(stepper.time(), stepper.state);
      return new Divergence(cause.message, all(stepper.work), cause);
    });
    if (times === undefined) buffer.push(stepper.time(), stepper.state);
    else {
      for (; next < times.length && sign * (stepper.time() - times.at(next)) >= 0; next++) {
        buffer.push(times.at(next), sampleAt(stepper, times.at(next), at));
      }
    }
  }
  return all(stepper.work);
}

/** The state at a time within the last step. */
function sampleAt(stepper: AdaptiveStepper, t: number, out: Float64Array): Float64Array {
  if (t === stepper.time()) return stepper.state;
  stepper.interpolate(t, out);
  return out;
}

/** Runs a step; an HnncError in it becomes what `wrap` makes of it. */
function attempt(step: () => void, wrap: (cause: HnncError) => HnncError): void {
  try {
    step();
  } catch (error) {
    throw error instanceof HnncError ? wrap(error) : error;
  }
}

function finite(x: Float64Array): boolean {
  for (let i = 0; i < x.length; i++) if (!Number.isFinite(x[i]!)) return false;
  return true;
}

function checkedRun(motion: Motion, x0: ArrayLike<number>, options: IntegrateOptions): Run {
  const { start, end } = checkRun(options);
  const length = 2 * motion.degreesOfFreedom;
  if (x0.length !== length) throw badStart(`the start has ${x0.length} entries, a state has ${length}`);
  if (!Array.from(x0).every(Number.isFinite)) {
    throw badStart(`the start at t = ${start} is not finite: ${describeState(x0)}`);
  }
  const integrator = integratorOf(motion, options, Math.abs(end - start));
  return { integrator, start, end, options };
}

function integratorOf(motion: Motion, options: IntegrateOptions, horizon: number): Integrator {
  const { method = "auto", dt, rtol } = options;
  const integrator = method === "auto" ? chooseIntegrator(motion, { horizon, dt, rtol }).integrator : named(method);
  requireSuited(integrator, motion);
  requireControl(integrator, options);
  return integrator;
}

function named(method: Integrator | string): Integrator {
  return typeof method === "string" ? findIntegrator(method) : method;
}

function badStart(message: string): HnncError {
  return new HnncError({ kind: "usage", code: "bad-start", message });
}
