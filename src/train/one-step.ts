import { add, div, mul, sub } from "../graph/build.ts";
import type { GraphNode } from "../graph/graph.ts";
import type { FieldFunction } from "../hnn/field-function.ts";
import type { Loss } from "./loss.ts";
import { pairSamples } from "./pairs.ts";

/**
 * A Runge–Kutta step of fourth order from each row against the next row. The difference is divided by the step, so that
 * the loss is measured in derivatives, like the others.
 */
export const oneStep: Loss = {
  name: "one-step",
  description: "a Runge–Kutta step from each row against the next row, off by O(dt⁴)",
  samples: pairSamples,
  error: ({ field, sample }) => {
    const [x, next, t, dt] = [sample("x"), sample("next"), sample("t"), sample("dt")];
    return div(sub(rungeKutta4(field, x, t, dt), next), dt);
  },
};

/**
 * The classical Runge–Kutta step.
 *
 * @param x `[B, 2n]`
 * @param t `[B, 1]`
 * @param dt `[B, 1]`
 */
export function rungeKutta4(field: FieldFunction, x: GraphNode, t: GraphNode, dt: GraphNode): GraphNode {
  const half = mul(0.5, dt);
  const middle = add(t, half);
  const k1 = field(x, t);
  const k2 = field(add(x, mul(half, k1)), middle);
  const k3 = field(add(x, mul(half, k2)), middle);
  const k4 = field(add(x, mul(dt, k3)), add(t, dt));
  return add(x, mul(mul(1 / 6, dt), add(add(k1, k4), mul(2, add(k2, k3)))));
}
