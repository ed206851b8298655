import { HnncError } from "../errors.ts";
import { blanesMoan4 } from "./blanes-moan4.ts";
import { dop853 } from "./dop853.ts";
import { dormandPrince5 } from "./dormand-prince5.ts";
import { gauss4 } from "./gauss4.ts";
import { gauss6 } from "./gauss6.ts";
import { implicitMidpoint } from "./implicit-midpoint.ts";
import type { Integrator } from "./integrator.ts";
import { kahanLi8 } from "./kahan-li8.ts";
import { leapfrog } from "./leapfrog.ts";
import { rk4 } from "./rk4.ts";
import { symplecticEuler } from "./symplectic-euler.ts";
import { tao2 } from "./tao2.ts";
import { tao4 } from "./tao4.ts";
import { yoshida4 } from "./yoshida4.ts";
import { yoshida6 } from "./yoshida6.ts";
import { yoshida8 } from "./yoshida8.ts";

/** All integrators by name; a new one is one file and one line here. */
export const integrators = {
  "symplectic-euler": symplecticEuler,
  leapfrog,
  "blanes-moan4": blanesMoan4,
  yoshida4,
  yoshida6,
  yoshida8,
  "kahan-li8": kahanLi8,
  "implicit-midpoint": implicitMidpoint,
  gauss4,
  gauss6,
  tao2,
  tao4,
  rk4,
  "dormand-prince5": dormandPrince5,
  dop853,
} satisfies Record<string, Integrator>;

export type IntegratorName = keyof typeof integrators;

export const integratorNames = Object.keys(integrators) as readonly IntegratorName[];

export function isIntegratorName(name: string): name is IntegratorName {
  return Object.hasOwn(integrators, name);
}

/**
 * The integrator called `name`.
 *
 * @throws HnncError `unknown-method` (usage) with the names there are
 */
export function findIntegrator(name: string): Integrator {
  if (isIntegratorName(name)) return integrators[name];
  throw new HnncError({
    kind: "usage",
    code: "unknown-method",
    message: `there is no method \`${name}\``,
    notes: [`methods: auto ${integratorNames.join(" ")}`],
  });
}
