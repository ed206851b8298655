import { lbfgs as minimise } from "../fit/lbfgs.ts";
import type { SearchOptimiser } from "./optimiser.ts";

/** Limited-memory BFGS on all samples at once: the fastest way for networks of some thousand parameters in f64. */
export const lbfgs: SearchOptimiser = {
  kind: "search",
  name: "lbfgs",
  description: "quasi-Newton steps with a line search on all samples; for networks up to some thousand parameters",
  usualSteps: 500,
  checkpointEvery: 10,
  async search(problem, { steps, onIteration }) {
    const { x, end, iteration } = await minimise((at) => problem.objective(at), problem.first, {
      maxIterations: steps,
      onIteration: async (state) => {
        await onIteration({ iteration: state.iteration, loss: state.value, parameters: state.x });
        return undefined;
      },
    });
    return { parameters: x, iterations: iteration, end };
  },
};
