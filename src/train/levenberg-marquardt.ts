import { levenbergMarquardt as minimise } from "../fit/levenberg-marquardt.ts";
import type { SearchOptimiser } from "./optimiser.ts";
import { squaresOf } from "./squares.ts";

/**
 * Levenberg and Marquardt's method on the errors of all samples, with error bars of physical constants. Bounds are kept
 * by projection.
 */
export const levenbergMarquardt: SearchOptimiser = {
  kind: "search",
  name: "levenberg-marquardt",
  description: "damped Gauss–Newton steps on all errors, with error bars; for constants and up to some 350 weights",
  usualSteps: 100,
  checkpointEvery: 1,
  async search(problem, { steps, onIteration }) {
    const squares = squaresOf(problem);
    const { natural } = squares;
    const { x, end, iteration, ...uncertainty } = await minimise(squares.residuals, squares.jacobian, squares.first, {
      lower: natural.lower,
      upper: natural.upper,
      maxIterations: steps,
      ...squares.tolerances,
      onIteration: async (state) => {
        const loss = state.squares / problem.rows;
        await onIteration({ iteration: state.iteration, loss, parameters: natural.toRaw(state.x) });
        return undefined;
      },
    });
    return { parameters: natural.toRaw(x), iterations: iteration, end, uncertainty };
  },
};
