import { adaptiveMoments } from "./adaptive-moments.ts";
import type { StepOptimiser } from "./optimiser.ts";

/** Adam with weight decay of its own: θ shrinks by rate · decay each step, whatever the gradient. */
export const adamw: StepOptimiser = {
  kind: "step",
  name: "adamw",
  description: "adam with weight decay beside the gradient",
  usualSteps: 2000,
  ...adaptiveMoments("parameters"),
};
