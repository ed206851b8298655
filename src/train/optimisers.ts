import { adam } from "./adam.ts";
import { adamw } from "./adamw.ts";
import { lbfgs } from "./lbfgs.ts";
import { levenbergMarquardt } from "./levenberg-marquardt.ts";
import { linear } from "./linear.ts";
import type { Optimiser } from "./optimiser.ts";

/** All optimisers by name; a new one is one file and one line here. */
export const optimisers = { adam, adamw, lbfgs, "levenberg-marquardt": levenbergMarquardt, linear } satisfies Record<
  string,
  Optimiser
>;

export type OptimiserName = keyof typeof optimisers;

export function isOptimiserName(name: string): name is OptimiserName {
  return Object.hasOwn(optimisers, name);
}
