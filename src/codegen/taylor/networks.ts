import { HnncError } from "../../errors.ts";
import type { Model } from "../../model.ts";

/**
 * Refuses a model with networks: the Taylor coefficients of each unit would cost as much as some hundred evaluations.
 *
 * @throws HnncError `network-series` (usage)
 */
export function requireSeries({ networks }: Pick<Model, "networks">): void {
  const [name] = networks?.keys() ?? [];
  if (name !== undefined) throw noSeries(name);
}

/** @param name of a network */
export function noSeries(name?: string): HnncError {
  const which = name === undefined ? "a network" : `\`${name}\` is a network: it`;
  return new HnncError({
    kind: "usage",
    code: "network-series",
    message: `${which} has no Taylor series here`,
    notes: ["events, sections and Lyapunov exponents are found on Taylor series"],
    hint: "dop853 chooses its own steps; with dt, leapfrog and gauss6 are symplectic",
  });
}
