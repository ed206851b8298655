import type { Integrator, Motion } from "../../src/integrate/integrator.ts";
import { stepperOf } from "../../src/integrate/stepper.ts";
import { type Problem, tangentMotion } from "./problems.ts";

export interface ErrorPoint {
  readonly steps: number;
  readonly error: number;
}

/** Below this the error at the end is round-off, above the other the step is too large for the asymptotic order. */
const [plateau, coarse] = [1e-13, 1e-2];
/** Points of the regression: the finest above the plateau. */
const points = 6;
const mostSteps = 20_000;

/** Largest error of any entry at the end of a problem. */
export function endError(integrator: Integrator, motion: Motion, { t, x0, end }: Problem, steps: number): number {
  const stepper = stepperOf(integrator, motion, x0);
  const h = (t[1] - t[0]) / steps;
  for (let k = 0; k < steps; k++) stepper.step(t[0] + k * h, h);
  return Math.max(...end.map((value, i) => Math.abs(stepper.state[i]! - value)));
}

/** Errors for steps ∜2 smaller each time, down to the plateau of round-off. */
export function convergence(integrator: Integrator, motion: Motion, problem: Problem): ErrorPoint[] {
  const found: ErrorPoint[] = [];
  for (let k = 8; ; k++) {
    const steps = Math.round(2 ** (k / 4));
    if (steps > mostSteps) break;
    const error = endError(integrator, motion, problem, steps);
    if (error < plateau) break;
    if (error < coarse) found.push({ steps, error });
  }
  return found.slice(-points);
}

/** −d log(error) / d log(steps), by least squares. */
export function slope(data: readonly ErrorPoint[]): number {
  const [x, y] = [data.map(({ steps }) => Math.log(steps)), data.map(({ error }) => Math.log(error))];
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0);
  return -covariance / x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
}

/**
 * The largest entry of MᵀJM − J after some steps, M the derivative of the map of the method's whole phase space (of
 * both copies of an `extended` scheme), carried by tangent vectors.
 */
export function symplecticDefect(integrator: Integrator, problem: Problem, steps: number, h: number): number {
  const n = problem.x0.length / 2;
  const copies = integrator.scheme.kind === "extended" ? 2 : 1;
  const size = 2 * n * copies;
  const motion = tangentMotion(problem.text, size);
  const width = n * (1 + size);
  const start = new Float64Array(2 * width);
  for (let i = 0; i < n; i++) [start[i], start[width + i]] = [problem.x0[i]!, problem.x0[n + i]!];
  const stepper = stepperOf(integrator, motion, start);
  const at = (row: number, vector: number) => {
    const [copy, entry] = [Math.floor(row / (2 * n)), row % (2 * n)];
    const half = entry < n ? 0 : width;
    return copy * 2 * width + half + (1 + vector) * n + (entry % n);
  };
  for (let k = 0; k < size; k++) stepper.phase[at(k, k)] = 1;
  for (let k = 0; k < steps; k++) stepper.step(problem.t[0] + k * h, h);
  let worst = 0;
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      let form = 0;
      for (let base = 0; base < size; base += 2 * n) {
        for (let i = base; i < base + n; i++) {
          form += stepper.phase[at(i, a)]! * stepper.phase[at(i + n, b)]!;
          form -= stepper.phase[at(i + n, a)]! * stepper.phase[at(i, b)]!;
        }
      }
      const exact = b === a + n && a % (2 * n) < n ? 1 : a === b + n && b % (2 * n) < n ? -1 : 0;
      worst = Math.max(worst, Math.abs(form - exact));
    }
  }
  return worst;
}

/** How far a run of so many steps, and back, ends from its start. */
export function returnError(
  integrator: Integrator,
  motion: Motion,
  { t, x0 }: Problem,
  steps: number,
  h: number,
): number {
  const stepper = stepperOf(integrator, motion, x0);
  for (let k = 0; k < steps; k++) stepper.step(t[0] + k * h, h);
  for (let k = steps; k > 0; k--) stepper.step(t[0] + k * h, -h);
  return Math.max(...x0.map((value, i) => Math.abs(stepper.state[i]! - value)));
}

/** The energy error of a long run. */
export interface EnergyError {
  /** Its largest size. */
  readonly amplitude: number;
  /** Its mean over the last tenth less that over the first, both smoothly weighted, so that oscillations cancel. */
  readonly trend: number;
  /** Its mean. */
  readonly mean: number;
}

export function energyError(
  integrator: Integrator,
  motion: Motion,
  x0: readonly number[],
  { steps, h, energy }: { steps: number; h: number; energy: (x: Float64Array) => number },
): EnergyError {
  const stepper = stepperOf(integrator, motion, x0);
  const start = energy(stepper.state);
  const window = steps / 10;
  const weights = bump(window);
  let [amplitude, first, last, sum] = [0, 0, 0, 0];
  for (let k = 0; k < steps; k++) {
    stepper.step(k * h, h);
    const error = energy(stepper.state) - start;
    amplitude = Math.max(amplitude, Math.abs(error));
    sum += error;
    if (k < window) first += weights[k]! * error;
    else if (k >= steps - window) last += weights[k - (steps - window)]! * error;
  }
  return { amplitude, trend: last - first, mean: sum / steps };
}

/** exp(−1/(s(1−s))) over the window, summing to 1: averages of quasi-periodic motions converge faster than any power. */
function bump(length: number): Float64Array {
  const weights = Float64Array.from({ length }, (_, k) => {
    const s = (k + 0.5) / length;
    return Math.exp(-1 / (s * (1 - s)));
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
