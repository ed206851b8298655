import { blanesMoan4 } from "./blanes-moan4.ts";
import { dop853 } from "./dop853.ts";
import { dormandPrince5 } from "./dormand-prince5.ts";
import { gauss4 } from "./gauss4.ts";
import { gauss6 } from "./gauss6.ts";
import type { Integrator, Motion } from "./integrator.ts";
import { kahanLi8 } from "./kahan-li8.ts";
import { rk4 } from "./rk4.ts";

/** What a run asks for. */
export interface Wish {
  /** The length of time of the run. */
  readonly horizon: number;
  /** A fixed step, or */
  readonly dt?: number | undefined;
  /** a tolerance; with neither, a method that chooses its own steps is taken. */
  readonly rtol?: number | undefined;
}

export interface Choice {
  readonly integrator: Integrator;
  /** One sentence for a person. */
  readonly reason: string;
}

/** From this relative tolerance on the pair of order 5 needs fewer evaluations than that of order 8. */
const looseTolerance = 1e-4;
/** Up to this many steps the dearer methods of high order cost no time that anybody notices. */
const fewSteps = 20_000;

/**
 * Chooses a method: adaptive where a tolerance is wanted; with a fixed step a symplectic one, explicit where
 * H = T(p) + V(q) allows it, of higher order where the run is short; Runge–Kutta where damping leaves nothing to keep.
 *
 * @example chooseIntegrator(pendulum, { horizon: 1e6, dt: 0.1 }).integrator.name // "blanes-moan4"
 */
export function chooseIntegrator(
  { separable, damped }: Pick<Motion, "separable" | "damped">,
  { horizon, dt, rtol }: Wish,
): Choice {
  if (dt === undefined) return adaptiveChoice(rtol);
  const steps = Math.ceil(horizon / dt);
  if (damped) {
    return { integrator: rk4, reason: "with damping or forces there is no area and no energy to keep: Runge–Kutta" };
  }
  if (separable) {
    return steps <= fewSteps
      ? { integrator: kahanLi8, reason: `H = T(p) + V(q) and ${steps} steps: explicit, symplectic, of order 8` }
      : {
          integrator: blanesMoan4,
          reason: `H = T(p) + V(q) and ${steps} steps: explicit, symplectic, of order 4 with a small error`,
        };
  }
  const reason = `H mixes coordinates and momenta, ${steps} steps: implicit, symplectic, of order`;
  return steps <= fewSteps
    ? { integrator: gauss6, reason: `${reason} 6` }
    : { integrator: gauss4, reason: `${reason} 4` };
}

function adaptiveChoice(rtol: number | undefined): Choice {
  if (rtol === undefined) return { integrator: dop853, reason: "no step was given: adaptive, of order 8" };
  return rtol >= looseTolerance
    ? { integrator: dormandPrince5, reason: `a relative tolerance of ${rtol}: adaptive, of order 5` }
    : { integrator: dop853, reason: `a relative tolerance of ${rtol}: adaptive, of order 8` };
}
