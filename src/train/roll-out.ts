import { stateLength } from "../data/dataset.ts";
import { HnncError } from "../errors.ts";
import { reshape } from "../graph/arrange.ts";
import { add, sub } from "../graph/build.ts";
import type { GraphNode } from "../graph/graph.ts";
import { scan } from "../graph/scan.ts";
import { lengthAlong } from "../graph/shape.ts";
import type { Loss } from "./loss.ts";
import { rungeKutta4 } from "./one-step.ts";
import { gatherRows, requireTimes, samplePlaces, stepLengths } from "./samples.ts";

/** Steps of a roll-out where nothing else is said. */
const defaultLength = 8;

/**
 * Trajectories of Runge–Kutta steps from each row against the rows that follow, so that what counts is where the model
 * goes, not how it points (Chen et al., arXiv:1806.07366). Its gradient runs back through all steps, which are computed
 * again on the way: the graph does not grow with their number. Windows stay within runs; steps may differ in length.
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
  error({ parameters, fieldOf, sample }) {
    const [x, next, dt] = [sample("x"), sample("next"), sample("dt")];
    const length = lengthAlong(dt.shape, 1);
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

function badLength(length: number): HnncError {
  const message = `a roll-out has a whole number of steps, at least 1, not ${length}`;
  return new HnncError({ kind: "usage", code: "training-options", message });
}
