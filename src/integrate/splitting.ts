import { addCompensated } from "./compensated.ts";
import type { Integrator, Motion, SplittingScheme, Stepper, Work } from "./integrator.ts";
import { gaussLegendre } from "./quadrature.ts";

/** What the members of this family have in common: they need T(p) + V(q), and are symplectic whatever the fractions. */
const family = {
  symplectic: true,
  adaptive: false,
  explicit: true,
  requires: "separable",
  timeDependent: true,
  damping: false,
} as const;

type Particulars = Omit<Integrator, keyof typeof family | "scheme"> & Omit<SplittingScheme, "kind">;

/** A splitting method from its drifts and kicks. */
export function splitting({ drift, kick, ...facts }: Particulars): Integrator {
  return { ...facts, ...family, scheme: { kind: "splitting", drift, kick } };
}

/**
 * The drifts and kicks of a leapfrog (drift ½, kick 1, drift ½) repeated with steps of these fractions of h.
 * Neighbouring drifts are one.
 */
export function composition(fractions: readonly number[]): Omit<SplittingScheme, "kind"> {
  const ends = [0, ...fractions, 0];
  return { drift: ends.slice(1).map((fraction, k) => (ends[k]! + fraction) / 2), kick: fractions };
}

/**
 * Steps by drifts and kicks. Where T depends on t, a drift integrates ∂T/∂p over its time by a Gauss rule of the
 * method's order: p rests meanwhile, so that the drift stays symplectic.
 *
 * @param x0 the start, length 2n; it is copied
 */
export function splittingStepper(
  { scheme, order }: { readonly scheme: SplittingScheme; readonly order: number },
  motion: Motion,
  x0: ArrayLike<number>,
): Stepper {
  const n = motion.degreesOfFreedom;
  const velocity = motion.velocity ?? motion.field;
  const force = motion.force ?? motion.field;
  const rule = gaussLegendre(motion.kineticDependsOnTime ? order : 1);
  const state = Float64Array.from(x0);
  const [carry, rate, move] = [new Float64Array(2 * n), new Float64Array(2 * n), new Float64Array(2 * n)];
  const work: Work = { evaluations: 0, iterations: 0 };
  const { drift, kick } = scheme;

  const driftBy = (t: number, h: number) => {
    for (const [k, node] of rule.nodes.entries()) {
      velocity(state, rate, t + node * h);
      const weight = h * rule.weights[k]!;
      for (let i = 0; i < n; i++) move[i] = (k === 0 ? 0 : move[i]!) + weight * rate[i]!;
    }
    work.evaluations += rule.nodes.length;
    addCompensated(state, carry, move, 0, n);
  };
  const kickBy = (t: number, h: number) => {
    force(state, rate, t);
    work.evaluations++;
    for (let i = n; i < 2 * n; i++) move[i] = h * rate[i]!;
    addCompensated(state, carry, move, n, 2 * n);
  };
  const step = (t: number, h: number) => {
    let elapsed = 0;
    for (let k = 0; k < drift.length; k++) {
      const [fraction, push] = [drift[k]!, kick[k] ?? 0];
      if (fraction !== 0) driftBy(t + elapsed * h, fraction * h);
      elapsed += fraction;
      if (push !== 0) kickBy(t + elapsed * h, push * h);
    }
  };
  return { state, phase: state, work, step };
}
