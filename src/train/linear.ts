import { levenbergMarquardt } from "../fit/levenberg-marquardt.ts";
import { linearLeastSquares } from "../fit/linear-least-squares.ts";
import { type Matrix, matrix, multiply } from "../fit/matrix.ts";
import { pivotedQr } from "../fit/qr.ts";
import { ridge } from "../fit/ridge.ts";
import { uncertainty } from "../fit/uncertainty.ts";
import { allFinite } from "../fit/vector.ts";
import { isAffine, type LinearForm, linearForm, notLinear } from "./affine.ts";
import type { FitProblem } from "./fit-problem.ts";
import type { NaturalUncertainty } from "./natural-coordinates.ts";
import type { SearchOptimiser } from "./optimiser.ts";
import { decaying, withPenalty } from "./squares.ts";

/**
 * The least squares of errors that are linear in the parameters, at once: physical constants as they are, weights of
 * networks held down by a ridge penalty, which is weight decay where that is given and else found by generalised
 * cross-validation. Constants are solved for without their bounds first; where one comes out outside, all are solved for
 * again within the bounds, and those on a bound have no error bar.
 */
export const linear: SearchOptimiser = {
  kind: "search",
  name: "linear",
  description: "one least-squares solve, where errors are linear in what is learned; with error bars",
  usualSteps: 1,
  checkpointEvery: 1,
  async search(problem, { seed, onIteration }) {
    const form = await linearForm(problem);
    if (!allFinite(form.errors) || !allFinite(form.matrix.data)) {
      return { parameters: problem.first, iterations: 0, end: "not-finite" };
    }
    if (!(await isAffine(problem, form, seed))) throw await notLinear(problem, form, seed);
    const free = freeSolution(problem, form);
    const isInside = form.natural.lower.every((low, k) => low <= free.z[k]! && free.z[k]! <= form.natural.upper[k]!);
    const { z, uncertainty: found } = isInside ? free : await boundedSolution(form, free.penalised);
    const parameters = form.natural.toRaw(z);
    const errors = await problem.residuals(parameters);
    const loss = errors.reduce((total, each) => total + each * each, 0) / problem.rows;
    await onIteration({ iteration: 1, loss, parameters });
    return { parameters, iterations: 1, end: isInside ? "solved" : "solved within bounds", uncertainty: found };
  },
};

interface Solution {
  /** [n] */
  readonly z: Float64Array;
  readonly uncertainty: NaturalUncertainty | undefined;
}

/** A with the rows of the penalty. */
type Penalised = Matrix;

/** Without bounds. */
function freeSolution(problem: FitProblem, form: LinearForm): Solution & { readonly penalised: Penalised } {
  const { first, errors, matrix: a } = form;
  const held = decaying(problem);
  if (held.length === 0) {
    // for the change of the constants, so that those that others can stand for stay as they are
    const fit = linearLeastSquares(
      a,
      errors.map((value) => -value),
    );
    return {
      z: fit.coefficients.map((change, k) => first[k]! + change),
      uncertainty: { ...fit, atBound: [] },
      penalised: a,
    };
  }
  const order = [...first.keys()].filter((k) => !held.includes(k));
  const constants = order.length;
  order.push(...held);
  const start = first.map((value, k) => (held.includes(k) ? value : 0));
  const target = multiply(a, start).map((value, i) => value - errors[i]!);
  const given = problem.weightDecay > 0 ? { penalty: (problem.rows * problem.weightDecay) / 2 } : {};
  const fit = ridge(reordered(a, order), target, { free: constants, ...given });
  const z = first.slice();
  for (const [at, k] of order.entries()) z[k] = fit.coefficients[at]! + (at < constants ? first[k]! : 0);
  const penalised = withPenalty(a, held, fit.penalty);
  if (constants === 0) return { z, uncertainty: undefined, penalised };
  const variance = fit.squares / (a.rows - fit.effectiveParameters);
  return { z, uncertainty: { ...uncertainty(pivotedQr(penalised), variance), atBound: [] }, penalised };
}

function reordered(a: Matrix, order: readonly number[]): Matrix {
  const out = matrix(a.rows, order.length);
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < order.length; k++) out.data[i * order.length + k] = a.data[i * a.columns + order[k]!]!;
  }
  return out;
}

/** Within bounds: a convex problem, which steps with held parameters solve. */
async function boundedSolution({ natural, first, errors }: LinearForm, penalised: Penalised): Promise<Solution> {
  const target = multiply(penalised, first);
  for (let i = 0; i < errors.length; i++) target[i]! -= errors[i]!;
  target.fill(0, errors.length);
  const residuals = (z: Float64Array) => multiply(penalised, z).map((value, i) => value - target[i]!);
  const bounds = { lower: natural.lower, upper: natural.upper };
  const { x, ...found } = await levenbergMarquardt(residuals, () => penalised.data, first, bounds);
  return { z: x, uncertainty: found };
}
