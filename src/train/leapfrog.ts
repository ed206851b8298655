import { concat } from "../graph/arrange.ts";
import { add, div, mul, sub } from "../graph/build.ts";
import type { GraphNode } from "../graph/graph.ts";
import { halves } from "../hnn/canonical.ts";
import type { FieldFunction } from "../hnn/field-function.ts";
import type { Loss } from "./loss.ts";
import { pairSamples } from "./pairs.ts";

/**
 * A leapfrog step from each row against the next row. Where H = T(p) + V(q) the step is symplectic, and what is learned
 * is the energy whose leapfrog orbits the data are: rolled out with the same step, it returns them. The difference is
 * divided by the step, so that the loss is measured in derivatives. Source: Chen et al., arXiv:1909.13334.
 */
export const leapfrog: Loss = {
  name: "leapfrog",
  description: "a leapfrog step from each row against the next row, for T(p) + V(q)",
  samples: pairSamples,
  error: ({ field, sample }) => {
    const [x, next, t, dt] = [sample("x"), sample("next"), sample("t"), sample("dt")];
    return div(sub(leapfrogStep(field, x, t, dt), next), dt);
  },
};

/**
 * Kick, drift, kick.
 *
 * @param x `[B, 2n]`
 * @param t `[B, 1]`
 * @param dt `[B, 1]`
 */
export function leapfrogStep(field: FieldFunction, x: GraphNode, t: GraphNode, dt: GraphNode): GraphNode {
  const half = mul(0.5, dt);
  const { coordinates: q, momenta: p } = halves(x);
  const middle = add(p, mul(half, halves(field(x, t)).momenta));
  const after = add(q, mul(dt, halves(field(concat([q, middle], 1), add(t, half))).coordinates));
  const kicked = halves(field(concat([after, middle], 1), add(t, dt))).momenta;
  return concat([after, add(middle, mul(half, kicked))], 1);
}
