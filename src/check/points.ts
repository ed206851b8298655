import { randomStream } from "../data/random.ts";
import type { StateSampler } from "../data/sampling.ts";
import { HnncError } from "../errors.ts";
import { describeState } from "../integrate/describe-state.ts";
import type { Layout } from "../mechanics/layout.ts";
import type { Model } from "../model.ts";
import type { Uniform } from "../systems/system.ts";
import type { CheckOptions } from "./options.ts";

/** A state at a time. */
export interface Point {
  /** `[q1 … qn, p1 … pn]` */
  readonly x: Float64Array;
  readonly t: number;
}

/** Random states at which H is finite, and how many were passed over because it is not. */
export interface Points {
  readonly points: readonly Point[];
  readonly passedOver: number;
}

/** Tries for each state that is wanted. */
const tries = 20;

/**
 * Draws seeded random states.
 *
 * @throws HnncError `no-finite-energy` (diverged) where H is finite at none of them
 */
export function drawPoints(
  model: Model,
  layout: Layout,
  energy: (point: Point) => number,
  options: CheckOptions,
): Points {
  const wanted = options.points ?? 100;
  const stream = randomStream(options.seed ?? 0, "check");
  const draw = options.region ?? aroundStart(model, layout, options.start);
  const points: Point[] = [];
  let passedOver = 0;
  let last: Point | undefined;
  for (let k = 0; points.length < wanted && k < tries * wanted; k++) {
    const { uniform } = stream.at(k);
    last = { x: Float64Array.from(draw(uniform)), t: model.timeDependent ? 2 * uniform() : 0 };
    if (Number.isFinite(energy(last))) points.push(last);
    else passedOver++;
  }
  if (points.length > 0) return { points, passedOver };
  throw new HnncError({
    kind: "diverged",
    code: "no-finite-energy",
    message: `H is finite at none of ${passedOver} random states: there is nothing to compare`,
    notes: last && [`the last of them: ${describeState(last.x)}${model.timeDependent ? `, t = ${last.t}` : ""}`],
    hint: "give a start where H is finite, such as `q(0) = 1` in the model; states are drawn around it",
  });
}

/** The start of the model text, where it is complete. */
export function ownStart(model: Model, { state, dimension }: Layout): Float64Array | undefined {
  const start = new Float64Array(dimension);
  for (const { name, offset, size } of state.values()) {
    const value = model.initial.get(name);
    if (value === undefined) return undefined;
    if (typeof value === "number") start.fill(value, offset, offset + size);
    else start.set(value, offset);
  }
  return start;
}

/**
 * Around a start each entry moves by up to half the largest of its variable; without one, every second state is positive
 * (for roots and logarithms) and the others have both signs.
 */
function aroundStart(model: Model, layout: Layout, given: ArrayLike<number> | undefined): StateSampler {
  const start = given ?? ownStart(model, layout);
  let count = 0;
  if (start === undefined) {
    return (uniform: Uniform) => {
      const positive = count++ % 2 === 1;
      return Float64Array.from({ length: layout.dimension }, () =>
        positive ? 0.1 + 1.9 * uniform() : 3 * uniform() - 1.5,
      );
    };
  }
  const sizes = sizesOf(layout, [Float64Array.from(start)]);
  return (uniform) => Float64Array.from(start, (x, k) => x + 0.5 * sizes[k]! * (2 * uniform() - 1));
}

/** The largest absolute value of each variable over some states, the same for all entries of an array; 1 where it is 0. */
export function sizesOf({ state, dimension }: Layout, states: readonly Float64Array[]): Float64Array {
  const sizes = new Float64Array(dimension);
  for (const { offset, size } of state.values()) {
    let largest = 0;
    for (const x of states) for (let k = offset; k < offset + size; k++) largest = Math.max(largest, Math.abs(x[k]!));
    sizes.fill(largest > 0 ? largest : 1, offset, offset + size);
  }
  return sizes;
}
