import type { LinePoint } from "./line-search.ts";
import { lineSearch } from "./line-search.ts";
import { addScaled, allFinite, dot, largestMagnitude } from "./vector.ts";

/** A function and its gradient at one place. The gradient is read before the function is called again. */
export interface Evaluation {
  readonly value: number;
  /** [n] */
  readonly gradient: Float64Array;
}

/** What is minimised. `x` is the caller's only until the next call. */
export type Objective = (x: Float64Array) => Evaluation | Promise<Evaluation>;

/** Options of `lbfgs`. */
export interface LbfgsOptions {
  /** Pairs of steps and gradient changes that are kept. Default 20. */
  readonly history?: number;
  /** Default 1000. */
  readonly maxIterations?: number;
  /** Default: 5 times maxIterations, at least 20. */
  readonly maxEvaluations?: number;
  /** Done where no entry of the gradient is larger. Default 1e-8. */
  readonly gradientTolerance?: number;
  /** Done where an iteration lowers the value by at most this share of it. Default 0: never. */
  readonly valueTolerance?: number;
  /** Called after every iteration; `true` ends the search. `x` may be kept. */
  readonly onIteration?: (state: LbfgsState) => boolean | undefined | Promise<boolean | undefined>;
}

/** Where a search stands. */
export interface LbfgsState {
  readonly iteration: number;
  readonly evaluations: number;
  readonly value: number;
  /** The largest entry of the gradient. */
  readonly gradientSize: number;
  /** [n] */
  readonly x: Float64Array;
}

/** Why a search ended. */
export type LbfgsEnd =
  | "gradient" // the gradient is within its tolerance
  | "value" // the value no longer falls by its tolerance
  | "precision" // steps go on, and the value has come to its last digit
  | "no-descent" // nothing lower was found along the gradient: the last digit is reached, or the gradient is not right
  | "iterations" // or evaluations: the budget is used up
  | "not-finite" // the start has no finite value
  | "stopped"; // by onIteration

/** The lowest place that was found. */
export interface LbfgsResult extends LbfgsState {
  readonly gradient: Float64Array;
  readonly end: LbfgsEnd;
  /** Whether `end` is a minimum as far as was asked for, or as far as doubles can tell. */
  readonly converged: boolean;
}

interface Place {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

/** The last steps s and gradient changes y, oldest first. */
type Memory = { readonly s: Float64Array; readonly y: Float64Array; readonly curvature: number }[];

/**
 * Minimises a smooth function by limited-memory BFGS with a strong Wolfe line search. The value never rises, but for
 * rounding, from one iteration to the next; places where it is not finite are stepped back from.
 * Source: Liu, Nocedal, Math. Programming 45 (1989) 503, doi:10.1007/BF01589116.
 *
 * @param objective value and gradient, at once or as a promise
 * @param x0 [n] where to begin; it is not changed
 * @example
 * const fit = await lbfgs((x) => ({ value: (x[0]! - 1) ** 2, gradient: Float64Array.of(2 * (x[0]! - 1)) }), Float64Array.of(0));
 * fit.x; // [1]
 */
export async function lbfgs(objective: Objective, x0: Float64Array, options: LbfgsOptions = {}): Promise<LbfgsResult> {
  const { history = 20, maxIterations = 1000, gradientTolerance = 1e-8, valueTolerance = 0 } = options;
  const most = options.maxEvaluations ?? Math.max(20, 5 * maxIterations);
  const memory: Memory = [];
  let place = await placeAt(objective, x0.slice());
  let evaluations = 1;
  let iteration = 0;
  let stalled = 0;
  const state = (): LbfgsState => ({
    iteration,
    evaluations,
    value: place.value,
    gradientSize: largestMagnitude(place.gradient),
    x: place.x,
  });
  const result = (end: LbfgsEnd): LbfgsResult => ({
    ...state(),
    gradient: place.gradient,
    end,
    converged: end === "gradient" || end === "value" || end === "precision",
  });

  if (!usable(place)) return result("not-finite");
  while (largestMagnitude(place.gradient) > gradientTolerance) {
    if (iteration >= maxIterations || evaluations >= most) return result("iterations");
    const next = await improve(objective, place, memory, most - evaluations);
    evaluations += next.evaluations;
    if (!next.place) {
      if (evaluations >= most) return result("iterations");
      if (memory.length === 0) return result("no-descent");
      memory.length = 0;
      continue;
    }
    const fall = place.value - next.place.value;
    remember(memory, place, next.place, history);
    place = next.place;
    iteration++;
    stalled = fall > 0 ? 0 : stalled + 1;
    if ((await options.onIteration?.(state())) === true) return result("stopped");
    if (valueTolerance > 0 && fall <= valueTolerance * Math.abs(place.value)) return result("value");
    if (stalled >= stallsAllowed) return result("precision");
  }
  return result("gradient");
}

async function placeAt(objective: Objective, x: Float64Array): Promise<Place> {
  const { value, gradient } = await objective(x.slice());
  return { x, value, gradient: gradient.slice() };
}

function usable({ value, gradient }: Place): boolean {
  return Number.isFinite(value) && allFinite(gradient);
}

const evaluationsALine = 40;
/** Steps in a row that lower the gradient but not the value, which has come to its last digit. */
const stallsAllowed = 10;

/** One line search. No place where none is lower than this one. */
async function improve(
  objective: Objective,
  from: Place,
  memory: Memory,
  budget: number,
): Promise<{ readonly place: Place | undefined; readonly evaluations: number }> {
  const n = from.x.length;
  let direction = quasiNewton(memory, from.gradient);
  let slope = dot(direction, 0, from.gradient, 0, n);
  if (!(slope < 0)) {
    memory.length = 0;
    direction = from.gradient.map((value) => -value);
    slope = -dot(from.gradient, 0, from.gradient, 0, n);
  }
  let evaluations = 0;
  let last: Place | undefined;
  let lowest: Place | undefined;
  const evaluate = async (step: number): Promise<LinePoint> => {
    const x = from.x.slice();
    addScaled(step, direction, 0, x, 0, n);
    last = await placeAt(objective, x);
    evaluations++;
    if (!usable(last)) return { step, value: Number.NaN, slope: Number.NaN };
    if (!lowest || last.value < lowest.value) lowest = last;
    return { step, value: last.value, slope: dot(last.gradient, 0, direction, 0, n) };
  };
  const first = memory.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(-slope));
  const start = { step: 0, value: from.value, slope };
  const { found } = await lineSearch(evaluate, start, {
    first,
    decrease: 1e-4,
    curvature: 0.9,
    evaluations: Math.min(budget, evaluationsALine),
  });
  if (found) return { place: last, evaluations };
  return { place: lowest && lowest.value < from.value ? lowest : undefined, evaluations };
}

/** −(inverse Hessian) · gradient by the two-loop recursion. Source: Nocedal, Math. Comp. 35 (1980) 773, doi:10.1090/S0025-5718-1980-0572855-7. */
function quasiNewton(memory: Memory, gradient: Float64Array): Float64Array {
  const n = gradient.length;
  const direction = gradient.map((value) => -value);
  const shares = new Float64Array(memory.length);
  for (let k = memory.length - 1; k >= 0; k--) {
    const { s, y, curvature } = memory[k]!;
    shares[k] = dot(s, 0, direction, 0, n) / curvature;
    addScaled(-shares[k]!, y, 0, direction, 0, n);
  }
  const newest = memory.at(-1);
  if (newest) {
    const scale = newest.curvature / dot(newest.y, 0, newest.y, 0, n);
    for (let i = 0; i < n; i++) direction[i]! *= scale;
  }
  for (const [k, { s, y, curvature }] of memory.entries()) {
    addScaled(shares[k]! - dot(y, 0, direction, 0, n) / curvature, s, 0, direction, 0, n);
  }
  return direction;
}

/** Keeps a pair that has curvature; one without would make the next direction climb. */
function remember(memory: Memory, before: Place, after: Place, history: number): void {
  const s = after.x.map((value, i) => value - before.x[i]!);
  const y = after.gradient.map((value, i) => value - before.gradient[i]!);
  const curvature = dot(s, 0, y, 0, s.length);
  if (!(curvature > Number.EPSILON * dot(y, 0, y, 0, y.length))) return;
  memory.push({ s, y, curvature });
  if (memory.length > history) memory.shift();
}
