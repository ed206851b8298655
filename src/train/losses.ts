import { derivatives } from "./derivatives.ts";
import { leapfrog } from "./leapfrog.ts";
import type { Loss } from "./loss.ts";
import { midpoint } from "./midpoint.ts";
import { oneStep } from "./one-step.ts";
import { rollOut } from "./roll-out.ts";
import { sequence } from "./sequence.ts";

/** All losses by name; a new one is one file and one line here. */
export const losses = {
  derivatives,
  midpoint,
  "one-step": oneStep,
  leapfrog,
  "roll-out": rollOut,
  sequence,
} satisfies Record<string, Loss>;

export type LossName = keyof typeof losses;

export function isLossName(name: string): name is LossName {
  return Object.hasOwn(losses, name);
}
