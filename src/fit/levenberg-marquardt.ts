import type { Bounds } from "./bounds.ts";
import { boundsOf, clamped, freeParameters } from "./bounds.ts";
import type { DampedSteps } from "./damped-steps.ts";
import { dampedSteps, scaledPart } from "./damped-steps.ts";
import type { Matrix } from "./matrix.ts";
import { checkLength, matrix, multiply, multiplyTransposed } from "./matrix.ts";
import { pivotedQr } from "./qr.ts";
import type { Uncertainty } from "./uncertainty.ts";
import { uncertainty } from "./uncertainty.ts";
import { allFinite, dot, norm } from "./vector.ts";

/** Options of `levenbergMarquardt`. */
export interface LevenbergMarquardtOptions {
  /** [n] No parameter goes below; −Infinity where there is no bound. */
  readonly lower?: ArrayLike<number>;
  /** [n] No parameter goes above. */
  readonly upper?: ArrayLike<number>;
  /** Default 500. */
  readonly maxIterations?: number;
  /** Done where the residuals are this close to a right angle to every column of J (the cosine). Default 1e-10. */
  readonly gradientTolerance?: number;
  /** Done where a step changes the parameters, each measured by its column of J, by less than this share. Default 1e-12. */
  readonly stepTolerance?: number;
  /** Done where an iteration lowers the sum by at most this share of it. Default 0: never. */
  readonly valueTolerance?: number;
  /** The first damping, as a share of JᵀJ scaled to a diagonal of ones. Default 1e-3. */
  readonly damping?: number;
  /** The residuals are in units of their known standard deviation: error bars are not widened by the scatter found. Default false. */
  readonly knownErrors?: boolean;
  /** Columns of J that differ from combinations of others by less than this share count as dependent. Default max(m, n) · 2⁻⁵²;
   * 1e-5 suits a Jacobian in single precision. */
  readonly rankTolerance?: number;
  /** Called after every iteration that lowered the sum; `true` ends the search. `x` may be kept. */
  readonly onIteration?: (state: LeastSquaresState) => boolean | undefined | Promise<boolean | undefined>;
}

/** Where a fit stands. */
export interface LeastSquaresState {
  readonly iteration: number;
  readonly evaluations: number;
  /** Σ residuals². */
  readonly squares: number;
  /** [n] */
  readonly x: Float64Array;
}

/** Why a fit ended. */
export type LeastSquaresEnd =
  | "gradient" // the residuals are at right angles to every column of J
  | "step" // the parameters no longer change
  | "value" // the sum no longer falls by its tolerance
  | "no-descent" // no step however small lowers the sum: J is not the derivative of the residuals, or too coarse
  | "iterations" // the budget is used up
  | "not-finite" // residuals or derivatives at the start are not finite
  | "stopped"; // by onIteration

/** A nonlinear least-squares fit. Error bars and correlations hold for J at `x`, and leave out the parameters in `atBound`. */
export interface LeastSquaresResult extends LeastSquaresState, Uncertainty {
  /** [m] */
  readonly residuals: Float64Array;
  readonly end: LeastSquaresEnd;
  readonly converged: boolean;
  /** Parameters that the fit would move on if their bound let it: their error bars are NaN. */
  readonly atBound: readonly number[];
  /** Residuals less the rank. */
  readonly degreesOfFreedom: number;
  /** squares / degreesOfFreedom; NaN where none are left. */
  readonly reducedChiSquare: number;
}

/** [m] residuals at [n] parameters. */
export type Residuals = (x: Float64Array) => Float64Array | Promise<Float64Array>;
/** [m × n], row-major: ∂ residual i / ∂ parameter j. */
export type Jacobian = (x: Float64Array) => Float64Array | Promise<Float64Array>;

interface Place {
  readonly x: Float64Array;
  readonly residuals: Float64Array;
  readonly squares: number;
}

/** J at a place, and the steps that it gives. */
interface Model {
  readonly jacobian: Matrix;
  /** Parameters that no bound holds. */
  readonly free: readonly number[];
  /** The largest cosine between the residuals and a free column. */
  readonly cosine: number;
  readonly steps: DampedSteps;
}

/** A fit under way. */
interface Search {
  readonly residuals: Residuals;
  readonly jacobian: Jacobian;
  readonly bounds: Bounds;
  readonly knownErrors: boolean;
  readonly rankTolerance: number | undefined;
  /** [n] The largest length that each column of J has had, 1 where it has always been zero. */
  readonly scale: Float64Array;
  /** [n] The same, 0 where it has always been zero. */
  readonly longest: Float64Array;
  iteration: number;
  evaluations: number;
}

/** A step of 0.1 v finds the curvature along v; a correction longer than 3/8 of v is not trusted. Both as Transtrum and Sethna advise. */
const probe = 0.1;
const mostBend = 0.75;
/** Damping below this changes nothing in double precision. */
const leastDamping = 1e-16;

/**
 * Minimises Σ residuals² by Levenberg and Marquardt's method: damping after Nielsen, columns scaled by the largest length
 * they have had (Moré), a second-order correction along each step (geodesic acceleration), bounds by projection with the
 * parameters that press against them held.
 * Sources: Nielsen, Damping parameter in Marquardt's method, IMM-REP-1999-05, DTU (1999); Moré, Lecture Notes in Math. 630
 * (1978) 105, doi:10.1007/BFb0067700; Transtrum, Sethna, arXiv:1201.5885; Kanzow, Yamashita, Fukushima, J. Comput. Appl.
 * Math. 172 (2004) 375, doi:10.1016/j.cam.2004.02.013.
 *
 * @param residuals measured minus model, or the reverse, at once or as a promise; not finite where the model has no value
 * @param x0 [n] where to begin, moved inside the bounds; it is not changed
 * @throws HnncError `bad-bounds` (usage), `matrix-size` (internal)
 * @example
 * const fit = await levenbergMarquardt(
 *   ([a = 0, k = 0]) => times.map((t, i) => a * Math.exp(-k * t) - seen[i]!),
 *   ([a = 0, k = 0]) => Float64Array.from([...times].flatMap((t) => [Math.exp(-k * t), -a * t * Math.exp(-k * t)])),
 *   Float64Array.of(1, 1),
 * );
 * fit.x; fit.standardErrors; fit.indistinguishable;
 */
export async function levenbergMarquardt(
  residuals: Residuals,
  jacobian: Jacobian,
  x0: Float64Array,
  options: LevenbergMarquardtOptions = {},
): Promise<LeastSquaresResult> {
  const { maxIterations = 500, gradientTolerance = 1e-10, stepTolerance = 1e-12 } = options;
  const { valueTolerance = 0, knownErrors = false } = options;
  const bounds = boundsOf(x0.length, options.lower, options.upper);
  const functions = { residuals, jacobian, bounds, knownErrors, rankTolerance: options.rankTolerance };
  const lengths = { scale: new Float64Array(x0.length), longest: new Float64Array(x0.length) };
  const search: Search = { ...functions, ...lengths, iteration: 0, evaluations: 0 };
  let place = await placeAt(search, clamped(x0, bounds));
  let model = Number.isFinite(place.squares) ? await modelAt(search, place) : undefined;
  if (!model) return resultOf(search, place, undefined, "not-finite");
  let damping = options.damping ?? 1e-3;
  let growth = 2;
  while (place.squares > 0 && model.cosine > gradientTolerance) {
    if (search.iteration >= maxIterations) return resultOf(search, place, model, "iterations");
    search.iteration++;
    const trial: Trial = await tryStep(search, place, model, damping);
    const next: Model | undefined = trial.gain > 0 ? await modelAt(search, trial.place) : undefined;
    if (next && !(trial.level && next.cosine >= model.cosine)) {
      const fall = place.squares - trial.place.squares;
      [place, model] = [trial.place, next];
      damping *= Math.max(1 / 3, 1 - (2 * Math.min(trial.gain, 1) - 1) ** 3);
      growth = 2;
      if ((await options.onIteration?.(stateOf(search, place))) === true) {
        return resultOf(search, place, model, "stopped");
      }
      if (fall <= valueTolerance * place.squares && valueTolerance > 0) return resultOf(search, place, model, "value");
    } else {
      damping = Math.max(damping, leastDamping) * growth;
      growth *= 2;
    }
    if (trial.size <= stepTolerance) return resultOf(search, place, model, endOfSteps(search, place, model));
  }
  return resultOf(search, place, model, "gradient");
}

/** Small steps are the end where the residuals are nearly at right angles to J, or nothing beside what J makes of the parameters. */
function endOfSteps({ scale }: Search, { x, squares }: Place, { cosine }: Model): LeastSquaresEnd {
  const size = norm(x.map((value, j) => value * scale[j]!));
  return cosine <= 1e-4 || Math.sqrt(squares) <= 1e-9 * size ? "step" : "no-descent";
}

async function placeAt(search: Search, x: Float64Array): Promise<Place> {
  const residuals = (await search.residuals(x.slice())).slice();
  search.evaluations++;
  return { x, residuals, squares: dot(residuals, 0, residuals, 0, residuals.length) };
}

/** Undefined where J is not finite. */
async function modelAt(search: Search, { x, residuals }: Place): Promise<Model | undefined> {
  const { scale, longest } = search;
  const entries = await search.jacobian(x.slice());
  checkLength(entries, residuals.length * x.length, "the Jacobian");
  if (!allFinite(entries)) return undefined;
  const jacobian = matrix(residuals.length, x.length, entries.slice());
  const lengths = columnLengths(jacobian);
  for (const [j, length] of lengths.entries()) {
    longest[j] = Math.max(longest[j]!, length);
    scale[j] = longest[j] || 1;
  }
  const gradient = multiplyTransposed(jacobian, residuals);
  const free = freeParameters(x, gradient, search.bounds);
  const size = norm(residuals);
  const cosines = free.map((j) => (lengths[j]! > 0 ? Math.abs(gradient[j]!) / (lengths[j]! * size) : 0));
  return { jacobian, free, cosine: Math.max(0, ...cosines), steps: dampedSteps(jacobian, residuals, free, scale) };
}

function columnLengths({ rows, columns, data }: Matrix): Float64Array {
  const squares = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) squares[j]! += data[i * columns + j]! ** 2;
  }
  return squares.map(Math.sqrt);
}

interface Trial {
  readonly place: Place;
  /** The fall of the sum over what J promised; 0 where it does not fall, or where the step is not trusted. */
  readonly gain: number;
  /** The sum has changed by rounding only: the angle between residuals and columns has to tell. */
  readonly level: boolean;
  /** The length of the step over that of the parameters, both scaled. */
  readonly size: number;
}

/** A damped step with its second-order correction, cut off at the bounds. */
async function tryStep(search: Search, from: Place, model: Model, damping: number): Promise<Trial> {
  const length = (vector: Float64Array) => norm(vector.map((value, j) => value * search.scale[j]!));
  const refused = (size: number): Trial => ({ place: from, gain: 0, level: false, size });
  const first = model.steps.step(damping);
  if (!first) return refused(Number.POSITIVE_INFINITY);
  const whole = length(first) / (length(from.x) || 1);
  const correction = await bend(search, from, model, first, damping);
  if (2 * length(correction) > mostBend * length(first)) return refused(whole);

  const place = await placeAt(search, moved(search, from.x, first, correction));
  const straight = moved(search, from.x, first).map((value, j) => value - from.x[j]!);
  const linear = multiply(model.jacobian, straight);
  const promised = -2 * dot(linear, 0, from.residuals, 0, linear.length) - dot(linear, 0, linear, 0, linear.length);
  const fall = from.squares - place.squares;
  const rounding = 8 * Number.EPSILON * from.squares;
  if (!(fall >= -rounding)) return refused(whole);
  const level = fall <= rounding;
  const gain = promised > 0 ? fall / promised : 1 / 4;
  return { place, gain: level ? 1 : gain, level, size: whole };
}

function moved(search: Search, x: Float64Array, ...steps: readonly Float64Array[]): Float64Array {
  const sum = x.map((value, j) => steps.reduce((total, step) => total + step[j]!, value));
  return clamped(sum, search.bounds);
}

/** Half the acceleration of the path that begins with a velocity: [n], zeros where there is no telling. */
async function bend(
  search: Search,
  from: Place,
  model: Model,
  velocity: Float64Array,
  damping: number,
): Promise<Float64Array> {
  const none = new Float64Array(velocity.length);
  const x = from.x.map((value, j) => value + probe * velocity[j]!);
  const inside = clamped(x, search.bounds).every((value, j) => value === x[j]);
  const ahead = inside ? await placeAt(search, x) : undefined;
  if (!ahead || !Number.isFinite(ahead.squares)) return none;
  const slope = multiply(model.jacobian, velocity);
  const second = ahead.residuals.map((value, i) => (2 / probe) * ((value - from.residuals[i]!) / probe - slope[i]!));
  return model.steps.towards(second, damping)?.map((value) => value / 2) ?? none;
}

function stateOf(search: Search, { x, squares }: Place): LeastSquaresState {
  return { iteration: search.iteration, evaluations: search.evaluations, squares, x };
}

function resultOf(search: Search, place: Place, model: Model | undefined, end: LeastSquaresEnd): LeastSquaresResult {
  const n = place.x.length;
  const free = model?.free ?? [];
  const ones = new Float64Array(n).fill(1);
  const jacobian = scaledPart(model?.jacobian ?? matrix(place.residuals.length, n), free, ones);
  const qr = pivotedQr(jacobian, search.rankTolerance === undefined ? {} : { tolerance: search.rankTolerance });
  const degreesOfFreedom = place.residuals.length - qr.rank;
  const reducedChiSquare = degreesOfFreedom > 0 ? place.squares / degreesOfFreedom : Number.NaN;
  return {
    ...stateOf(search, place),
    ...amongAll(uncertainty(qr, search.knownErrors ? 1 : reducedChiSquare), free, n),
    residuals: place.residuals,
    end,
    converged: end === "gradient" || end === "step" || end === "value",
    atBound: model ? Array.from(place.x.keys()).filter((j) => !free.includes(j)) : [],
    degreesOfFreedom,
    reducedChiSquare,
  };
}

/** What is known of the free parameters, in its place among all: NaN for the others. */
function amongAll(found: Uncertainty, free: readonly number[], n: number): Uncertainty {
  if (free.length === n) return found;
  const square = ({ data }: Matrix) => {
    const out = matrix(n, n, new Float64Array(n * n).fill(Number.NaN));
    for (const [k, i] of free.entries()) {
      for (const [l, j] of free.entries()) out.data[i * n + j] = data[k * free.length + l]!;
    }
    return out;
  };
  const standardErrors = new Float64Array(n).fill(Number.NaN);
  for (const [k, j] of free.entries()) standardErrors[j] = found.standardErrors[k]!;
  return {
    covariance: square(found.covariance),
    correlation: square(found.correlation),
    standardErrors,
    rank: found.rank,
    indistinguishable: found.indistinguishable.map(({ parameters, direction }) => ({
      parameters: parameters.map((k) => free[k]!),
      direction,
    })),
  };
}
