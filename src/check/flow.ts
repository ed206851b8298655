import { type Taylor, taylor } from "../codegen/taylor/taylor.ts";
import type { Compiled } from "../compile.ts";
import { randomStream } from "../data/random.ts";
import { Divergence } from "../integrate/divergence.ts";
import type { Samples } from "../integrate/samples.ts";
import type { Layout } from "../mechanics/layout.ts";
import type { CheckOptions } from "./options.ts";
import { sizesOf } from "./points.ts";

/** A trajectory by Taylor series at round-off, and how errors grow along it. */
export interface Flow {
  /** The time at its end; it begins at 0. */
  readonly end: number;
  /** Why it ends there: a clause for a person. */
  readonly why: string;
  /** [k], equally spaced. */
  readonly times: Float64Array;
  /** The state at each time. */
  readonly states: readonly Float64Array[];
  readonly steps: number;
  /** The size of each state entry along the way, `[2n]`; errors are measured relative to it. */
  readonly sizes: Float64Array;
  /** How often the error of a start is multiplied along the way, at most; 1 or more. Measured by moving the start. */
  readonly growth: number;
  /** The same at each time. */
  readonly growths: readonly number[];
  /** What the steps' own errors add up to where nothing multiplies them, relative to `sizes`. */
  readonly rounding: number;
  /** How far rounding may take its states, relative to `sizes`. */
  readonly error: number;
  /** Directions of the state space, relative to `sizes`: the unit vectors, or random ones where there are many. */
  readonly directions: readonly Float64Array[];
  /** The states at the sample times from another start; `back` runs from the end to 0. */
  readonly run: (x0: Float64Array, back?: boolean) => readonly Float64Array[];
  /** The state at a time from another start. */
  readonly stateAt: (t: number, x0: Float64Array) => Float64Array;
  /** The states at given times, in order. */
  readonly at: (times: readonly number[]) => readonly Float64Array[];
}

/** Equally spaced samples, the start not counted. */
const intervals = 32;
/** Steps of order 20 are about an eighth of the distance to the nearest singularity: these are too many and too few. */
const [mostSteps, fewestSteps] = [400, 20];
/** Where errors have grown by this much a run is cut: comparisons at 1e-9 are still sharp. */
const mostGrowth = 1e3;
/** Each leaves a thirty-second part at the least. */
const mostCuts = 6;
/** The size of the moves that measure growth: far above round-off, far below the curvature of the flow. */
const move = 1e-7;
/** Each step's round-off, in units of it: the tolerance of the step, its coefficients, the compensated sum. */
const roundingsPerStep = 4;

/**
 * Follows the motion from a start.
 *
 * @throws Divergence where it cannot be followed at all
 */
export function follow({ source }: Compiled, layout: Layout, start: Float64Array, options: CheckOptions): Flow {
  const integrator = taylor(source);
  const { end, why } = horizonOf(integrator, layout, start, options);
  const first = measured(integrator, layout, start, end);
  if (options.t !== undefined || first.growth <= mostGrowth) return { ...first, why };
  let flow = first;
  for (let tries = 0; tries < mostCuts && flow.growth > mostGrowth; tries++) {
    const tooFar = flow.growths.findIndex((growth) => growth > mostGrowth);
    flow = measured(integrator, layout, start, flow.times[Math.max(1, tooFar - 1)]!);
  }
  return { ...flow, why: `beyond, errors have grown ${mostGrowth.toExponential(0)}-fold` };
}

function horizonOf(
  integrator: Taylor,
  layout: Layout,
  start: Float64Array,
  { t }: CheckOptions,
): Pick<Flow, "end" | "why"> {
  if (t !== undefined) return { end: t, why: "as asked for" };
  let end = 10 * characteristicTime(integrator, layout, start);
  let why = "ten times |x|/|ẋ|";
  for (let tries = 0; tries < 4; tries++) {
    const { samples, cause } = attempt(integrator, start, end);
    const { times } = samples;
    const last = times[times.length - 1]!;
    if (cause && times.length < 3) throw cause;
    if (cause?.code !== "too-many-steps" && cause) return { end: 0.5 * last, why: "beyond, the motion is singular" };
    if (samples.steps >= mostSteps) return { end: last, why: `${mostSteps} steps of the Taylor method` };
    if (samples.steps >= fewestSteps) break;
    end *= 4;
    why = `${fewestSteps} or more steps of the Taylor method`;
  }
  return { end, why };
}

const firstSteps = 8;

interface Attempt {
  readonly samples: Samples;
  readonly cause?: Divergence;
}

function attempt(integrator: Taylor, x0: Float64Array, end: number, maxSteps = mostSteps): Attempt {
  try {
    return { samples: integrator.run(x0, { t: end, maxSteps }) };
  } catch (cause) {
    if (!(cause instanceof Divergence)) throw cause;
    return { samples: cause.samples, cause };
  }
}

/** |x|/|ẋ|, the least over the variables, of the first steps, which set resting ones in motion; 1 if nothing moves. */
function characteristicTime(integrator: Taylor, layout: Layout, start: Float64Array): number {
  const { samples } = attempt(integrator, start, 1, firstSteps);
  const { times, states } = samples;
  const last = times.length - 1;
  const rows = Array.from(times, (_, k) => states.subarray(k * layout.dimension, (k + 1) * layout.dimension));
  const sizes = sizesOf(layout, rows);
  let fastest = 0;
  rows[0]!.forEach((x, k) => {
    fastest = Math.max(fastest, Math.abs(rows[last]![k]! - x) / sizes[k]!);
  });
  return fastest > 0 && times[last]! > 0 ? times[last]! / fastest : 1;
}

function measured(integrator: Taylor, layout: Layout, start: Float64Array, end: number): Omit<Flow, "why"> {
  const { dimension } = layout;
  const run = (x0: Float64Array, back = false): Samples =>
    integrator.run(x0, { t: back ? [end, 0] : end, samples: intervals + 1 });
  const rowsOf = ({ states, times }: Samples) =>
    Array.from(times, (_, k) => states.subarray(k * dimension, (k + 1) * dimension));
  const own = run(start);
  const states = rowsOf(own);
  const sizes = ownSizes(layout, states);
  const directions = directionsOf(dimension);
  const growths = growthsOf(states, sizes, directions, (x0) => rowsOf(run(x0)), start);
  const growth = Math.max(1, ...growths);
  const { steps, times } = own;
  const rounding = (steps + 16) * roundingsPerStep * Number.EPSILON;
  const flow = {
    ...{ end, times, states, steps, sizes, growth, growths, rounding, directions },
    error: rounding * growth,
    run: (x0: Float64Array, back?: boolean) => rowsOf(run(x0, back)),
    stateAt: (t: number, x0: Float64Array) => integrator.run(x0, { t, samples: [t] }).states.slice(-dimension),
    at: (samples: readonly number[]) => rowsOf(integrator.run(start, { t: end, samples })).slice(1),
  };
  return flow;
}

/** An array's entries have sizes of their own, light bodies beside heavy ones, but none as small as rounding of others. */
const smallestShare = 1e-4;

function ownSizes(layout: Layout, states: readonly Float64Array[]): Float64Array {
  return sizesOf(layout, states).map((size, k) =>
    states.reduce((most, x) => Math.max(most, Math.abs(x[k]!)), smallestShare * size),
  );
}

/** The norm of the tangent map at each time, relative to `sizes`, by differences. */
function growthsOf(
  states: readonly Float64Array[],
  sizes: Float64Array,
  directions: readonly Float64Array[],
  run: (x0: Float64Array) => readonly Float64Array[],
  start: Float64Array,
): number[] {
  const squares = new Float64Array(states.length);
  for (const direction of directions) {
    const moved = run(start.map((x, k) => x + move * direction[k]! * sizes[k]!));
    moved.forEach((row, at) => {
      let square = 0;
      row.forEach((x, k) => {
        square += ((x - states[at]![k]!) / (move * sizes[k]!)) ** 2;
      });
      squares[at]! += square;
    });
  }
  // The norm of Frobenius, which holds the largest growth of any direction. Of large systems a few random directions tell
  // the mean over all: errors of rounding have random directions too.
  const share = Math.min(sizes.length, smallSystem) / directions.length;
  return Array.from(squares, (square) => Math.sqrt(share * square));
}

/** Up to so many state entries runs cost next to nothing. */
export const smallSystem = 12;
/** Directions of small systems at most, of others, and of those where a run takes a while. */
const [mostDirections, fewDirections, fewestDirections] = [8, 4, 2];
const largeSystem = 100;

function directionsOf(dimension: number): Float64Array[] {
  const many = dimension <= largeSystem ? fewDirections : fewestDirections;
  const count = dimension <= smallSystem ? Math.min(dimension, mostDirections) : many;
  if (count === dimension) {
    return Array.from({ length: count }, (_, k) =>
      Float64Array.from({ length: dimension }, (__, i) => Number(i === k)),
    );
  }
  const stream = randomStream(0, "check directions");
  return Array.from({ length: count }, (_, k) => {
    const { normal } = stream.at(k);
    const direction = Float64Array.from({ length: dimension }, () => normal());
    const length = Math.hypot(...direction);
    return direction.map((x) => x / length);
  });
}
