import { HnncError } from "../errors.ts";
import { extendedStepper } from "./extended.ts";
import { gaussStepper } from "./gauss.ts";
import type { Integrator, Motion, Stepper } from "./integrator.ts";
import { rungeKuttaStepper } from "./runge-kutta.ts";
import { splittingStepper } from "./splitting.ts";

export interface StepperOptions {
  /** The strength of the coupling of an `extended` scheme, instead of its own. */
  readonly omega?: number | undefined;
}

/**
 * Puts a method with a fixed step to work on one trajectory, in plain JavaScript.
 *
 * @param x0 the start, length 2n; it is copied
 * @throws HnncError kind `usage` where the method does not suit the motion, or is adaptive
 */
export function stepperOf(
  integrator: Integrator,
  motion: Motion,
  x0: ArrayLike<number>,
  options: StepperOptions = {},
): Stepper {
  requireSuited(integrator, motion);
  const { scheme, order, name } = integrator;
  switch (scheme.kind) {
    case "splitting":
      return splittingStepper({ scheme, order }, motion, x0);
    case "runge-kutta":
      return rungeKuttaStepper(scheme, motion, x0);
    case "gauss":
      return gaussStepper(scheme, motion, x0);
    case "extended":
      return extendedStepper(scheme, motion, x0, options.omega);
    case "embedded":
      throw new HnncError({
        kind: "usage",
        code: "adaptive-method",
        message: `\`${name}\` chooses its own steps`,
        hint: "give rtol and atol instead of dt",
      });
  }
}

/** @throws HnncError kind `usage`: what the method needs and the motion has not, and which methods do */
export function requireSuited(integrator: Integrator, motion: Motion): void {
  const { name, requires, damping, timeDependent } = integrator;
  const refuse = (code: string, reason: string, hint: string) =>
    new HnncError({ kind: "usage", code, message: `\`${name}\` ${reason}`, hint });
  if (requires === "separable" && !motion.separable) {
    throw refuse(
      "needs-separable",
      "needs H = T(p) + V(q), and this H mixes coordinates and momenta",
      "gauss4, gauss6, implicit-midpoint and tao4 are symplectic for any H; dop853 is adaptive",
    );
  }
  if (!damping && motion.damped) {
    throw refuse(
      "no-damping",
      "keeps energy and areas: it has no place for damping or forces",
      "rk4, gauss4 and gauss6 take a step size; dop853 and dormand-prince5 choose their own",
    );
  }
  if (!timeDependent && motion.timeDependent) {
    throw refuse("no-time", "loses its order where H depends on time", "gauss4 or dop853 keep theirs");
  }
}
