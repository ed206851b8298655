import { stateLength } from "../data/dataset.ts";
import { HnncError } from "../errors.ts";
import { concat, reshape, slice } from "../graph/arrange.ts";
import { add, sub } from "../graph/build.ts";
import type { GraphNode } from "../graph/graph.ts";
import { scan } from "../graph/scan.ts";
import { lengthAlong } from "../graph/shape.ts";
import type { FieldFunction } from "../hnn/field-function.ts";
import type { Loss } from "./loss.ts";
import { rungeKutta4 } from "./one-step.ts";
import { gatherRows, requireTimes, samplePlaces, stepLengths } from "./samples.ts";

/** Steps of a roll-out where nothing else is said. */
const defaultLength = 8;

/**
 * Up to here steps are written out one after the other, which is faster by a tenth to a third; longer roll-outs are
 * loops, as fast, and loaded at once.
 */
const longestUnrolled = 4;

/**
 * Trajectories of Runge–Kutta steps from each row against the rows that follow, so that what counts is where the model
 * goes, not how it points (Chen et al., arXiv:1806.07366). Its gradient runs back through all steps, which are computed
 * again on the way in long ones: the graph does not grow with their number. Windows stay within runs; steps may differ in length.
 */
export const rollOut: Loss = {
  name: "roll-out",
  description: "Runge–Kutta trajectories from each row against the rows that follow",
  samples(dataset, part, { length = defaultLength } = {}) {
    if (!Number.isInteger(length) || length < 1) throw badLength(length);
    const width = stateLength(dataset);
    const times = requireTimes(dataset);
    const places = samplePlaces(dataset, part, length + 1);
    const arrays = {
      x: gatherRows(dataset.states, width, places),
      next: gatherRows(dataset.states, width, places, { shift: 1, length }),
      t: gatherRows(times, 1, places),
      dt: stepLengths(times, places, length),
    };
    return { count: places.length, arrays };
  },
  error({ parameters, field, fieldOf, sample }) {
    const [x, next, dt] = [sample("x"), sample("next"), sample("dt")];
    const length = lengthAlong(dt.shape, 1);
    if (length <= longestUnrolled) return sub(unrolled(field, { x, t: sample("t"), dt }), next);
    const steps = reshape(dt, ["B", length, 1]);
    const inputs = { length, carries: [x, sample("t")], sequences: [steps], constants: [parameters] };
    const { collected } = scan(x.graph, inputs, (given) => {
      const [state, t] = given.carries as [GraphNode, GraphNode];
      const [step] = given.sequences as [GraphNode];
      const after = rungeKutta4(fieldOf(given.constants[0]!), state, t, step);
      return { carries: [after, add(t, step)], collected: [after] };
    });
    return sub(reshape(collected[0]!, next.shape), next);
  },
};

/** The states after each step beside each other, `[B, length · 2n]`. */
function unrolled(field: FieldFunction, { x, t, dt }: Readonly<Record<"x" | "t" | "dt", GraphNode>>): GraphNode {
  const states: GraphNode[] = [];
  let [state, time] = [x, t];
  for (let k = 0; k < lengthAlong(dt.shape, 1); k++) {
    const step = slice(dt, 1, k, k + 1);
    state = rungeKutta4(field, state, time, step);
    time = add(time, step);
    states.push(state);
  }
  return concat(states, 1);
}

function badLength(length: number): HnncError {
  const message = `a roll-out has a whole number of steps, at least 1, not ${length}`;
  return new HnncError({ kind: "usage", code: "training-options", message });
}
