import type { PlainField } from "../../hnn/plain-field.ts";
import { Divergence } from "../../integrate/divergence.ts";
import type { IntegratorName } from "../../integrate/integrators.ts";
import { integrate } from "../../integrate/trajectory.ts";
import { powerTrend } from "../../picture/trend.ts";
import { simulate } from "../../simulate.ts";
import { type EnergyFunction, energiesOf } from "./energy-error.ts";
import type { Ended, Predictor, RollOut } from "./roll-out.ts";
import { type Figure, figure } from "./statistics.ts";

/** What becomes of an energy along a trajectory of very many cycles. */
export interface Drift {
  /** The energy that is followed. */
  readonly energy: string;
  readonly method: string;
  /** Null where a model has a step of its own kind. */
  readonly dt: Figure;
  /** How long it was followed, in units of t, and the length of a cycle. */
  readonly t: number;
  readonly cycle: Figure;
  /** Of E − E(0), up to divergence: in units of E. */
  readonly mean: Figure;
  /** The greatest |E − E(0)|. */
  readonly bound: Figure;
  /** The slope of a straight line through E − E(0), in units of E a unit of t. */
  readonly slope: Figure;
  /** |E − E(0)| ≈ factor · t^exponent; null where there is no such trend. */
  readonly trend: { readonly factor: number; readonly exponent: number } | null;
  /** What E varies by among the true trajectories; divergence is an error of half of it. */
  readonly scale: number;
  /** Where the error first is more than half of the scale, or the state is lost; null where neither happens. */
  readonly divergence: { readonly t: number; readonly cycles: Figure; readonly reason: string } | null;
}

/** A drift, and the trajectory that it was measured on. */
export interface DriftRun {
  readonly drift: Drift;
  readonly run: RollOut;
  /** E − E(0), [k]. */
  readonly errors: Float64Array;
}

/** What a long run is made of. */
export interface DriftOptions {
  /** The length of a cycle, in units of t. */
  readonly cycle: Figure;
  /** How long, in units of t. */
  readonly t: number;
  /** The step. Default: a part of the cycle that suits the method, else t/20 000. */
  readonly dt?: number | undefined;
  /** What E varies by, in its units. */
  readonly scale: number;
}

/** Samples of a long run. */
const samplesPerCycle = 10;
const mostSamples = 10_001;

/**
 * Follows a model from a start for very long with a method of fixed steps that keeps what the model keeps: for a
 * compiled Hamiltonian a symplectic one in its kernel, for a baseline Runge–Kutta of order 4.
 */
export async function longRun(field: PlainField, start: Float64Array, options: DriftOptions): Promise<LongRun> {
  const { method, perCycle } = methodFor(field);
  const dt = options.dt ?? (options.cycle === null ? options.t / 20_000 : options.cycle / perCycle);
  const settings = { t: options.t, dt, method, samples: sampleCount(options) };
  const label = { method, dt };
  try {
    const { times, states } = field.compiled
      ? await simulate(field.compiled, { ...settings, x0: start })
      : integrate(field.motion, start, settings);
    return { ...label, run: { times, states, ended: undefined } };
  } catch (error) {
    if (!(error instanceof Divergence)) throw error;
    const { times, states } = error.samples;
    return { ...label, run: { times, states, ended: { t: times.at(-1)!, reason: error.message } } };
  }
}

/** A long trajectory and how it was computed. */
export interface LongRun {
  readonly run: RollOut;
  readonly method: string;
  readonly dt: number | undefined;
}

/** The same for anything that predicts. */
export function longPrediction(predictor: Predictor, start: Float64Array, options: DriftOptions): LongRun {
  const count = sampleCount(options);
  const times = Float64Array.from({ length: count }, (_, k) => (options.t * k) / (count - 1));
  return { run: predictor.rollOut(start, times), method: predictor.method, dt: undefined };
}

function sampleCount({ t, cycle }: DriftOptions): number {
  if (cycle === null) return 2001;
  return Math.min(mostSamples, Math.max(Math.ceil((samplesPerCycle * t) / cycle), 20) + 1);
}

/** A method and how many of its steps make a cycle: then its own error is far below that of a model. */
function methodFor({ motion, compiled }: PlainField): { method: IntegratorName; perCycle: number } {
  if (!compiled) return { method: "rk4", perCycle: 50 };
  const isSplit = motion.separable && !motion.damped;
  return isSplit ? { method: "yoshida4", perCycle: 50 } : { method: "gauss4", perCycle: 25 };
}

/** Part of the scale of E that an error may be before a trajectory counts as lost. */
const lost = 0.5;

/** Judges a long trajectory by an energy. */
export function driftOf({ run, method, dt }: LongRun, energy: EnergyFunction, options: DriftOptions): DriftRun {
  const energies = energiesOf(energy, run);
  const errors = energies.map((value) => value - energies[0]!);
  const { scale, cycle, t } = options;
  const bad = errors.findIndex((error) => !(Math.abs(error) <= lost * scale));
  const good = bad < 0 ? errors.length : bad;
  const [times, followed] = [run.times.subarray(0, good), errors.subarray(0, good)];
  const trend = powerTrend(
    times,
    followed.map(Math.abs).map((value) => (value > 0 ? value : Number.NaN)),
  );
  const end: Ended | undefined =
    bad < 0 ? run.ended : { t: run.times[bad]!, reason: "the energy is off by half of what it varies by" };
  const drift: Drift = {
    energy: energy.name,
    method,
    dt: figure(dt),
    t,
    cycle,
    mean: figure(followed.reduce((sum, value) => sum + value, 0) / good),
    bound: figure(followed.reduce((most, value) => Math.max(most, Math.abs(value)), 0)),
    slope: figure(slopeOf(times, followed)),
    trend: trend && !trend.flat ? { factor: trend.factor, exponent: trend.exponent } : null,
    scale,
    divergence: end ? { t: end.t, cycles: cycle === null ? null : end.t / cycle, reason: end.reason } : null,
  };
  return { drift, run, errors };
}

/** Least squares. */
function slopeOf(times: Float64Array, values: Float64Array): number {
  const average = (of: Float64Array) => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [t, v] = [average(times), average(values)];
  let [across, along] = [0, 0];
  times.forEach((time, k) => {
    across += (time - t) * (values[k]! - v);
    along += (time - t) ** 2;
  });
  return across / along;
}

/**
 * What an energy varies by among trajectories: that of dH = q̇ dp − ṗ dq over one standard deviation of each entry, rates
 * being difference quotients.
 *
 * @param scale the standard deviations, [2n]
 */
export function energyScale(runs: readonly Pick<RollOut, "times" | "states">[], scale: Float64Array): number {
  const width = scale.length;
  const n = width / 2;
  const squares = new Float64Array(width);
  let count = 0;
  for (const { times, states } of runs) {
    for (let row = 1; row < times.length; row++, count++) {
      const dt = times[row]! - times[row - 1]!;
      for (let k = 0; k < width; k++) {
        squares[k]! += ((states[row * width + k]! - states[(row - 1) * width + k]!) / dt) ** 2;
      }
    }
  }
  const total = scale.reduce((sum, size, k) => sum + size ** 2 * (squares[k < n ? k + n : k - n]! / count), 0);
  return Math.sqrt(total / width) || 1;
}
