import { adam } from "./adam.ts";
import { adamw } from "./adamw.ts";
import type { Optimiser } from "./optimiser.ts";

/** All optimisers that are part of a training graph, by name; a new one is one file and one line here. */
export const optimisers = { adam, adamw } satisfies Record<string, Optimiser>;

export type OptimiserName = keyof typeof optimisers;

export function isOptimiserName(name: string): name is OptimiserName {
  return Object.hasOwn(optimisers, name);
}
