import { adaptiveMoments } from "./adaptive-moments.ts";
import type { Optimiser } from "./optimiser.ts";

/** Adam with weight decay of its own: θ shrinks by rate · decay each step, whatever the gradient. */
export const adamw: Optimiser = {
  name: "adamw",
  description: "adam with weight decay beside the gradient",
  ...adaptiveMoments("parameters"),
};
