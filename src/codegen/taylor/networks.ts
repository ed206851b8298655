import { HnncError } from "../../errors.ts";
import type { Model } from "../../model.ts";

/** What needs Taylor series, and what to do without them. */
const uses = {
  taylor: {
    says: "`taylor` cannot follow it",
    hint: "leave the method out, or take dop853; with dt, leapfrog and gauss6 are symplectic",
  },
  events: { says: "events are found on them", hint: "leave the events out, and look through the samples" },
  section: { says: "sections are found on them", hint: "simulate with many samples instead, and look through them" },
  lyapunov: { says: "exponents are found on them", hint: "compare two trajectories that start close together" },
} as const;

/**
 * Refuses a model with networks: the Taylor coefficients of each unit would cost as much as some hundred evaluations.
 *
 * @throws HnncError `network-series` (usage)
 */
export function requireSeries({ networks }: Pick<Model, "networks">, use: keyof typeof uses = "taylor"): void {
  const [name] = networks?.keys() ?? [];
  if (name !== undefined) throw noSeries(name, use);
}

/** @param name of a network */
export function noSeries(name: string | undefined, use: keyof typeof uses = "taylor"): HnncError {
  const { says, hint } = uses[use];
  const which = name === undefined ? "a network has" : `\`${name}\` is a network, which has`;
  return new HnncError({
    kind: "usage",
    code: "network-series",
    message: `${which} no Taylor series here: ${says}`,
    hint,
  });
}
