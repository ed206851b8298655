import { add, div, mul, sub } from "../graph/build.ts";
import type { Loss } from "./loss.ts";
import { pairSamples } from "./pairs.ts";

/**
 * The field halfway between two rows against their difference quotient. Of second order: what it fits differs from the
 * true field by dt²/24 · (third derivative) − dt²/8 · f′(second derivative), where forward differences are off by dt/2
 * and turn into friction that is not there. As the implicit midpoint rule is symplectic, so is what is fitted.
 */
export const midpoint: Loss = {
  name: "midpoint",
  description: "the field halfway between rows against their difference quotient, off by O(dt²)",
  samples: pairSamples,
  error: ({ field, sample }) => {
    const [x, next, dt] = [sample("x"), sample("next"), sample("dt")];
    const middle = field(mul(0.5, add(x, next)), add(sample("t"), mul(0.5, dt)));
    return sub(middle, div(sub(next, x), dt));
  },
};
