import { HnncError } from "../errors.ts";
import { addCompensated } from "./compensated.ts";
import { describeState } from "./describe-state.ts";
import type { EmbeddedScheme, Integrator, Motion, Work } from "./integrator.ts";
import { combine } from "./runge-kutta.ts";

/** Adaptive explicit methods take any field, and keep neither areas nor energy beyond their tolerance. */
const family = {
  symplectic: false,
  reversible: false,
  adaptive: true,
  explicit: true,
  requires: "any",
  timeDependent: true,
  damping: true,
} as const;

type Particulars = Omit<Integrator, keyof typeof family | "scheme"> & Omit<EmbeddedScheme, "kind">;

/** An adaptive method from its tableau. */
export function embedded(particulars: Particulars): Integrator {
  const { a, b, c, estimates, errorOrder, beta, dense, ...facts } = particulars;
  return { ...facts, ...family, scheme: { kind: "embedded", a, b, c, estimates, errorOrder, beta, dense } };
}

/** The error of each step is kept below atol + rtol |x|, in root mean square over the entries. */
export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

export interface AdaptiveOptions extends Tolerance {
  /** Where the run begins. */
  readonly t: number;
  /** Where it ends at the latest; its side of `t` is the direction. */
  readonly end: number;
  /** The first step to try; guessed from the field where it is missing. */
  readonly firstStep?: number | undefined;
  readonly maxStep?: number | undefined;
}

export interface AdaptiveWork extends Work {
  /** Accepted steps. */
  steps: number;
  /** Attempts whose error was too large. */
  rejected: number;
}

/** An adaptive method at work on one trajectory. */
export interface AdaptiveStepper {
  /** `[q1 … qn, p1 … pn]` now. */
  readonly state: Float64Array;
  readonly time: () => number;
  readonly work: AdaptiveWork;
  /**
   * Takes one step, never past `end`.
   *
   * @throws HnncError kind `diverged` where no step is small enough
   */
  advance(): void;
  /** The state at a time within the last step, written into `out`. */
  interpolate(t: number, out: Float64Array): void;
}

/** Bounds and safety of the step's change (Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I, II.4). */
const [safety, mostShrinking, mostGrowth] = [0.9, 0.2, 10];

/**
 * Error control by a PI controller, first step and dense output as in Hairer, Nørsett, Wanner, II.4 to II.6.
 *
 * @param x0 the start, length 2n; it is copied
 */
export function embeddedStepper(
  scheme: EmbeddedScheme,
  motion: Motion,
  x0: ArrayLike<number>,
  options: AdaptiveOptions,
): AdaptiveStepper {
  const { t: start, end, maxStep = Number.POSITIVE_INFINITY } = options;
  const sign = end >= start ? 1 : -1;
  const work: AdaptiveWork = { evaluations: 0, iterations: 0, steps: 0, rejected: 0 };
  const run = explicitStages(scheme, motion, x0, work);
  const error = errorNorm(scheme, run, options);
  const control = controller(scheme);
  run.begin(start);
  let width = options.firstStep ?? firstStep(scheme, motion, run, options);
  let time = start;
  let carry = 0;

  const advance = () => {
    for (;;) {
      const room = Math.abs(end - time);
      const limited = Math.min(width, maxStep, room);
      const reaches = limited >= room * (1 - 1e-14);
      if (!reaches && !(limited > 4 * spacing(time))) throw noStep(time, run.state);
      const h = reaches ? end - time : sign * limited;
      run.attempt(time, h);
      const size = error(h);
      if (size <= 1) {
        width = limited * control.accepted(size);
        work.steps++;
        const whole = h + carry;
        const sum = reaches ? end : time + whole;
        carry = time - sum + whole;
        run.accept(sum);
        time = sum;
        return;
      }
      work.rejected++;
      width = limited * control.rejected(size);
    }
  };
  return { state: run.state, time: () => time, work, advance, interpolate: interpolant(scheme, motion, run) };
}

/** The distance from |t| to the next number. */
function spacing(t: number): number {
  return Math.max(Math.abs(t) * Number.EPSILON, Number.MIN_VALUE);
}

function noStep(t: number, state: Float64Array): HnncError {
  return new HnncError({
    kind: "diverged",
    code: "step-too-small",
    message: `no step from t = ${t} is small enough for the tolerance: the motion is singular there, or not finite`,
    notes: [`state at t = ${t}: ${describeState(state)}`],
  });
}

/** The stages of explicit steps; f at the end of a step is the first stage of the next. */
interface Stages {
  readonly state: Float64Array;
  /** The state before the last accepted step. */
  readonly old: Float64Array;
  /** The state after the attempted step. */
  readonly next: Float64Array;
  /** The stages, f at `next`, the extra stages of dense output. */
  readonly rates: readonly Float64Array[];
  readonly work: Work;
  /** The last accepted step: where it began, and its width. */
  readonly last: { t: number; h: number };
  begin(t: number): void;
  attempt(t: number, h: number): void;
  accept(end: number): void;
}

function explicitStages(
  { a, b, c, estimates, dense }: EmbeddedScheme,
  motion: Motion,
  x0: ArrayLike<number>,
  work: Work,
): Stages {
  const state = Float64Array.from(x0);
  const vector = () => new Float64Array(state.length);
  const [old, next, carry, move, at] = [vector(), vector(), vector(), vector(), vector()];
  const rates = Array.from({ length: b.length + 1 + dense.c.length }, vector);
  const end = b.length;
  const errorNeedsEnd = estimates.some((weights) => (weights[end] ?? 0) !== 0);
  const last = { t: 0, h: 0 };
  let accepted = false;
  const evaluate = (x: Float64Array, k: number, t: number) => {
    motion.field(x, rates[k]!, t);
    work.evaluations++;
  };
  return {
    state,
    old,
    next,
    rates,
    work,
    last,
    begin: (t) => evaluate(state, 0, t),
    attempt(t, h) {
      if (accepted) rates[0]!.set(rates[end]!);
      accepted = false;
      [last.t, last.h] = [t, h];
      for (let k = 1; k < b.length; k++) {
        combine(move, rates, a[k]!, h);
        for (let i = 0; i < at.length; i++) at[i] = state[i]! + (move[i]! + carry[i]!);
        evaluate(at, k, t + c[k]! * h);
      }
      combine(move, rates, b, h);
      for (let i = 0; i < next.length; i++) next[i] = state[i]! + (move[i]! + carry[i]!);
      if (errorNeedsEnd) evaluate(next, end, t + h);
    },
    accept(t) {
      if (!errorNeedsEnd) evaluate(next, end, t);
      old.set(state);
      addCompensated(state, carry, move, 0, state.length);
      accepted = true;
    },
  };
}

/** The estimated error of the attempted step in units of the tolerance: at most 1 where the step is good. */
function errorNorm({ estimates }: EmbeddedScheme, { state, next, rates }: Stages, { rtol, atol }: Tolerance) {
  const errors = estimates.map(() => new Float64Array(state.length));
  return (h: number): number => {
    const squares = estimates.map((weights, row) => {
      const error = errors[row]!;
      combine(error, rates, weights, h);
      let sum = 0;
      for (let i = 0; i < error.length; i++) {
        sum += (error[i]! / (atol + rtol * Math.max(Math.abs(state[i]!), Math.abs(next[i]!)))) ** 2;
      }
      return sum / error.length;
    });
    const [main, other] = [squares[0]!, squares[1]];
    if (other === undefined || main === 0) return Math.sqrt(main);
    return main / Math.sqrt(main + 0.01 * other);
  };
}

/** Factors for the next step's width, from errors in units of the tolerance. */
function controller({ errorOrder, beta }: EmbeddedScheme) {
  const exponent = 1 / (errorOrder + 1);
  let previous = 1e-4;
  let afterRejection = false;
  return {
    accepted(error: number): number {
      const factor = safety * error ** (0.75 * beta - exponent) * previous ** beta;
      const most = afterRejection ? 1 : mostGrowth;
      previous = Math.max(error, 1e-4);
      afterRejection = false;
      return Math.min(most, Math.max(mostShrinking, factor));
    },
    /** `error` may be NaN, where the step left the domain of the field. */
    rejected(error: number): number {
      afterRejection = true;
      const factor = safety * error ** -exponent;
      return factor > mostShrinking ? factor : mostShrinking;
    },
  };
}

/** A first step by the sizes of the state, of the field and of its change over a tiny Euler step. */
function firstStep(
  { errorOrder }: EmbeddedScheme,
  { field }: Motion,
  { state, rates, work }: Stages,
  { t, end, rtol, atol, maxStep = Number.POSITIVE_INFINITY }: AdaptiveOptions,
): number {
  const f0 = rates[0]!;
  const scaled = (x: Float64Array) =>
    Math.sqrt(x.reduce((sum, value, i) => sum + (value / (atol + rtol * Math.abs(state[i]!))) ** 2, 0) / x.length);
  const most = Math.min(Math.abs(end - t), maxStep);
  const [d0, d1] = [scaled(state), scaled(f0)];
  const tiny = Math.min(d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : (0.01 * d0) / d1, most);
  if (!(tiny > 0)) return tiny;
  const h = end >= t ? tiny : -tiny;
  const f1 = new Float64Array(f0.length);
  field(
    state.map((x, i) => x + h * f0[i]!),
    f1,
    t + h,
  );
  work.evaluations++;
  const d2 = scaled(f1.map((value, i) => value - f0[i]!)) / tiny;
  const largest = Math.max(d1, d2);
  const guess = largest <= 1e-15 ? Math.max(1e-6, tiny * 1e-3) : (0.01 / largest) ** (1 / (errorOrder + 1));
  return Math.min(100 * tiny, guess, most);
}

/** Evaluates the dense output of the last accepted step; its coefficients are made when they are first asked for. */
function interpolant({ b, dense }: EmbeddedScheme, motion: Motion, run: Stages) {
  const { state, old, rates, last, work } = run;
  const length = state.length;
  const rows = Array.from({ length: 3 + dense.d.length }, () => new Float64Array(length));
  const [at, move] = [new Float64Array(length), new Float64Array(length)];
  const made = { t: Number.NaN, h: Number.NaN };
  const make = () => {
    for (const [k, weights] of dense.a.entries()) {
      combine(move, rates, weights, last.h);
      for (let i = 0; i < length; i++) at[i] = old[i]! + move[i]!;
      motion.field(at, rates[b.length + 1 + k]!, last.t + dense.c[k]! * last.h);
      work.evaluations++;
    }
    for (let i = 0; i < length; i++) {
      const [change, f0, f1] = [state[i]! - old[i]!, last.h * rates[0]![i]!, last.h * rates[b.length]![i]!];
      rows[0]![i] = change;
      rows[1]![i] = f0 - change;
      rows[2]![i] = 2 * change - (f0 + f1);
    }
    for (const [k, weights] of dense.d.entries()) combine(rows[3 + k]!, rates, weights, last.h);
  };
  return (t: number, out: Float64Array): void => {
    if (made.t !== last.t || made.h !== last.h) make();
    [made.t, made.h] = [last.t, last.h];
    const theta = (t - last.t) / last.h;
    out.fill(0);
    for (let k = rows.length - 1; k >= 0; k--) {
      const row = rows[k]!;
      const factor = k % 2 === 0 ? theta : 1 - theta;
      for (let i = 0; i < length; i++) out[i] = (out[i]! + row[i]!) * factor;
    }
    for (let i = 0; i < length; i++) out[i] = out[i]! + old[i]!;
  };
}
