import { compileModel } from "../compile.ts";
import { asTrajectory, type Dataset, stateLength } from "../data/dataset.ts";
import { type LeastSquaresResult, levenbergMarquardt } from "../fit/levenberg-marquardt.ts";
import type { TrainableModel } from "../hnn/model.ts";

/** How a model is identified. */
export interface IdentifyOptions {
  /** What the entries of a state are measured to, [2n]: residuals are divided by it. */
  readonly accuracy: readonly number[];
  /** Every so many rows one is compared; all are passed through. */
  readonly every: number;
  /** Rounds of the fit. Default 100. */
  readonly rounds?: number | undefined;
  /** Parameters to begin with, `[count]`. */
  readonly parameters: Float64Array;
}

/** A model's parameters, and what the fit says of them. */
export interface Identified {
  /** `[count]`. */
  readonly parameters: Float64Array;
  /** [count], NaN where the data do not say. */
  readonly standardErrors: Float64Array;
  /** Root mean square of the residuals in units of the accuracy. */
  readonly misfit: number;
  readonly fit: LeastSquaresResult;
}

/** Relative change of a parameter for a central difference: the cube root of the rounding error, as is best for these. */
const change = 6e-6;

/**
 * Fits a model with a formula to whole measured trajectories by Levenberg and Marquardt's method. Where each begins is
 * fitted too, so that the noise of first rows does not pass for physics; errors of the output alone are assumed (output
 * error method: Ljung, System Identification, 2nd edition, Prentice Hall 1999, isbn 978-0-13-656695-3, 7.3).
 * Trajectories are Runge–Kutta steps from row to row of the compiled formula.
 *
 * @param dataset its runs train, all of them
 */
export async function identify(model: TrainableModel, dataset: Dataset, options: IdentifyOptions): Promise<Identified> {
  const { count } = model.parameters;
  const { every, accuracy } = options;
  const width = stateLength(dataset);
  const { runs, states, times } = asTrajectory(dataset);
  const first = Float64Array.from([
    ...options.parameters,
    ...runs.flatMap(({ start }) => [...states.subarray(start * width, (start + 1) * width)]),
  ]);
  const residuals = (x: Float64Array): Float64Array => {
    const { field } = compileModel(model.formula!(x.slice(0, count)));
    const out: number[] = [];
    for (const [k, { start, end }] of runs.entries()) {
      const begin = count + k * width;
      const path = steps(field, x.subarray(begin, begin + width), times.subarray(start, end));
      for (let row = 0; row < end - start; row += every) {
        for (let c = 0; c < width; c++) {
          out.push((path[row * width + c]! - states[(start + row) * width + c]!) / accuracy[c]!);
        }
      }
    }
    return Float64Array.from(out);
  };
  const fit = await levenbergMarquardt(residuals, (x) => jacobian(residuals, x), first, {
    maxIterations: options.rounds ?? 100,
  });
  return {
    parameters: fit.x.slice(0, count),
    standardErrors: fit.standardErrors.slice(0, count),
    misfit: Math.sqrt(fit.squares / fit.residuals.length),
    fit,
  };
}

/** Columns by central differences: residuals are smooth in everything that is fitted. */
function jacobian(residuals: (x: Float64Array) => Float64Array, x: Float64Array): Float64Array {
  const columns = Array.from(x, (value, j) => {
    const h = change * Math.max(1, Math.abs(value));
    const [above, below] = [residuals(x.with(j, value + h)), residuals(x.with(j, value - h))];
    return above.map((each, i) => (each - below[i]!) / (2 * h));
  });
  const rows = columns[0]!.length;
  const out = new Float64Array(rows * x.length);
  columns.forEach((column, j) => {
    for (let i = 0; i < rows; i++) out[i * x.length + j] = column[i]!;
  });
  return out;
}

type Field = (x: Float64Array, out: Float64Array) => Float64Array;

/** States at times, one classical Runge–Kutta step apart, [k, 2n]. */
function steps(field: Field, start: Float64Array, times: Float64Array): Float64Array {
  const width = start.length;
  const path = new Float64Array(times.length * width);
  path.set(start);
  const [k1, k2, k3, k4, at] = Array.from({ length: 5 }, () => new Float64Array(width)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const moved = (x: Float64Array, h: number, slope: Float64Array) => {
    for (let c = 0; c < width; c++) at[c] = x[c]! + h * slope[c]!;
    return at;
  };
  for (let row = 1; row < times.length; row++) {
    const h = times[row]! - times[row - 1]!;
    const x = path.subarray((row - 1) * width, row * width);
    field(x, k1);
    field(moved(x, h / 2, k1), k2);
    field(moved(x, h / 2, k2), k3);
    field(moved(x, h, k3), k4);
    for (let c = 0; c < width; c++) {
      path[row * width + c] = x[c]! + (h / 6) * (k1[c]! + 2 * k2[c]! + 2 * k3[c]! + k4[c]!);
    }
  }
  return path;
}
