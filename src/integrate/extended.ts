import { addCompensated } from "./compensated.ts";
import type { ExtendedScheme, Integrator, Motion, Stepper, Work } from "./integrator.ts";

/** Explicit and symplectic for any H, in the phase space of two copies; no claim where energy is not kept. */
const family = {
  symplectic: true,
  reversible: true,
  adaptive: false,
  explicit: true,
  requires: "any",
  timeDependent: true,
  damping: false,
} as const;

type Particulars = Omit<Integrator, keyof typeof family | "scheme"> & Omit<ExtendedScheme, "kind">;

/** Tao's method from the fractions of its steps of order 2. */
export function extended({ weights, omega, ...facts }: Particulars): Integrator {
  return { ...facts, ...family, scheme: { kind: "extended", weights, omega } };
}

/**
 * Steps of H(q, y) + H(x, p) + ω (|q−x|² + |p−y|²)/2. The first part moves x and p by the field at (q, y), the second
 * q and y by the field at (x, p), the third turns q − x and p − y about each other. Time is doubled like a coordinate
 * (each part reads one time and moves the other), and is left out of the coupling.
 *
 * @param omega the strength of the coupling; the scheme's own by default
 * @param x0 the start, length 2n, for both copies
 */
export function extendedStepper(
  scheme: ExtendedScheme,
  motion: Motion,
  x0: ArrayLike<number>,
  omega = scheme.omega,
): Stepper {
  const n = motion.degreesOfFreedom;
  const phase = new Float64Array(4 * n);
  const [carry, move] = [new Float64Array(4 * n), new Float64Array(4 * n)];
  const [at, rate] = [new Float64Array(2 * n), new Float64Array(2 * n)];
  const work: Work = { evaluations: 0, iterations: 0 };
  phase.set(x0);
  phase.set(x0, 2 * n);

  /** By the field at the coordinates of one copy and the momenta of the other; it moves the other two. */
  const shear = (coordinates: number, momenta: number, t: number, h: number) => {
    at.set(phase.subarray(coordinates, coordinates + n));
    at.set(phase.subarray(momenta + n, momenta + 2 * n), n);
    motion.field(at, rate, t);
    work.evaluations++;
    for (let i = 0; i < n; i++) {
      move[momenta + i] = h * rate[i]!;
      move[coordinates + n + i] = h * rate[n + i]!;
    }
    addCompensated(phase, carry, move, momenta, momenta + n);
    addCompensated(phase, carry, move, coordinates + n, coordinates + 2 * n);
  };
  const turn = (h: number) => {
    couple(phase, move, 2 * omega * h);
    addCompensated(phase, carry, move, 0, 4 * n);
  };
  const step = (t: number, h: number) => {
    let start = t;
    for (const weight of scheme.weights) {
      const width = weight * h;
      shear(0, 2 * n, start, width / 2);
      shear(2 * n, 0, start + width / 2, width / 2);
      turn(width);
      shear(2 * n, 0, start + width / 2, width / 2);
      start += width;
      shear(0, 2 * n, start, width / 2);
    }
  };
  return { state: phase.subarray(0, 2 * n), phase, work, step };
}

/**
 * Turns u = q − x and v = p − y by an angle, the sums q + x and p + y at rest: writes what is to be added. The
 * differences are small, so are their changes, and the rounding is that of the addition alone.
 */
function couple(phase: Float64Array, move: Float64Array, angle: number): void {
  const n = phase.length / 4;
  const [sine, versine] = [Math.sin(angle), 2 * Math.sin(angle / 2) ** 2];
  for (let i = 0; i < n; i++) {
    const u = phase[i]! - phase[2 * n + i]!;
    const v = phase[n + i]! - phase[3 * n + i]!;
    const du = (sine * v - versine * u) / 2;
    const dv = (-sine * u - versine * v) / 2;
    move[i] = du;
    move[n + i] = dv;
    move[2 * n + i] = -du;
    move[3 * n + i] = -dv;
  }
}
