import { addCompensated } from "./compensated.ts";
import type { Integrator, Motion, RungeKuttaScheme, Stepper, Work } from "./integrator.ts";

/** Explicit Runge–Kutta methods take any field, and keep neither areas nor energy. */
const family = {
  symplectic: false,
  reversible: false,
  adaptive: false,
  explicit: true,
  requires: "any",
  timeDependent: true,
  damping: true,
} as const;

type Particulars = Omit<Integrator, keyof typeof family | "scheme"> & Omit<RungeKuttaScheme, "kind">;

/** An explicit Runge–Kutta method from its tableau. */
export function rungeKutta({ a, b, c, ...facts }: Particulars): Integrator {
  return { ...facts, ...family, scheme: { kind: "runge-kutta", a, b, c } };
}

/** @param x0 the start, length 2n; it is copied */
export function rungeKuttaStepper({ a, b, c }: RungeKuttaScheme, motion: Motion, x0: ArrayLike<number>): Stepper {
  const length = 2 * motion.degreesOfFreedom;
  const state = Float64Array.from(x0);
  const [carry, move, at] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
  const rates = b.map(() => new Float64Array(length));
  const work: Work = { evaluations: 0, iterations: 0 };
  const step = (t: number, h: number) => {
    for (let stage = 0; stage < b.length; stage++) {
      combine(move, rates, a[stage]!, h);
      for (let i = 0; i < length; i++) at[i] = state[i]! + move[i]!;
      motion.field(at, rates[stage]!, t + c[stage]! * h);
    }
    work.evaluations += b.length;
    combine(move, rates, b, h);
    addCompensated(state, carry, move, 0, length);
  };
  return { state, phase: state, work, step };
}

/** out ← h Σ weights[k] · rates[k]. */
export function combine(
  out: Float64Array,
  rates: readonly Float64Array[],
  weights: readonly number[],
  h: number,
): void {
  out.fill(0);
  for (let k = 0; k < weights.length; k++) {
    const weight = weights[k]!;
    if (weight === 0) continue;
    const rate = rates[k]!;
    for (let i = 0; i < out.length; i++) out[i] = out[i]! + weight * rate[i]!;
  }
  for (let i = 0; i < out.length; i++) out[i] = out[i]! * h;
}
