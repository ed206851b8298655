import { adaptiveMoments } from "./adaptive-moments.ts";
import type { StepOptimiser } from "./optimiser.ts";

/** Adam, weight decay being a part of the gradient, as in the paper of 2019. */
export const adam: StepOptimiser = {
  kind: "step",
  name: "adam",
  description: "steps scaled by the moments of the gradient; weight decay within the gradient",
  usualSteps: 2000,
  ...adaptiveMoments("gradient"),
};
