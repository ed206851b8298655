import type { GaussScheme } from "../../integrate/integrator.ts";
import { extrapolationWeights } from "../../integrate/quadrature.ts";
import type { Ref } from "../wasm/instructions.ts";
import type { Cursor, Vector, Vectors } from "../wasm/vectors.ts";
import { addWhole, type StepContext } from "./explicit.ts";
import type { Wide } from "./wide.ts";

/** Rounds after which an iteration has failed, and when its increments are round-off: as in `integrate/gauss.ts`. */
const mostRounds = 60;
/** With few unknowns the plain stepper looks here, too, whether increments are round-off that does not settle. */
const patience = 16;
const fewUnknowns = 60;
const roundOff = 1e-9;
const atRoundOff = 64 * Number.EPSILON;

/** What an implicit step needs besides. */
export interface ImplicitContext extends StepContext {
  /** h bⱼ f at each stage of the last step, [stages, 2n]; kept from call to call. */
  readonly stages: Vector;
  /** The lanes that are to move. */
  readonly active: Wide;
  /** An i32: whether `stages` belongs to a step of the same size. */
  readonly extrapolate: Ref;
  /** Rounds of each lane so far. */
  readonly rounds: Wide;
}

/** h bⱼ, rounded so that they add up to h: the middle one is what the others leave. */
export function stageWidths({ b }: GaussScheme, h: number): number[] {
  const widths = b.map((weight) => h * weight);
  if (b.length % 2 === 0) return widths;
  const middle = (b.length - 1) / 2;
  const others = widths.reduce((sum, width, j) => (j === middle ? sum : sum + width), 0);
  return widths.with(middle, h - others);
}

/**
 * One step by fixed-point iteration. A lane that has converged rests until the others have, so that its result does
 * not depend on them.
 *
 * @returns the lanes that have moved; the others of `active` have not converged, and their state is as before
 */
export function gaussStep(context: ImplicitContext, scheme: GaussScheme, t: Wide): Wide {
  const { vectors, phase, carry } = context;
  const { machine } = vectors;
  const { lanes } = machine;
  const count = scheme.b.length;
  const length = phase.length;
  const z = vectors.scratch(count * length, true);
  predict(context, scheme, z);
  const moved = iterate(context, scheme, z, t);
  vectors.each(0, length, (at) => {
    const parts = scheme.b.map((_, j) => vectors.get(context.stages, at, j * length));
    const total = parts.reduce((sum, part) => lanes.add(sum, part));
    const before = { x: copy(context, phase, at), e: carry && copy(context, carry, at) };
    addWhole(vectors, context, at, total);
    vectors.set(phase, at, lanes.select(moved, vectors.get(phase, at), before.x));
    if (carry) vectors.set(carry, at, lanes.select(moved, vectors.get(carry, at), before.e!));
  });
  return moved;
}

/** An entry as it is now. */
function copy({ vectors }: StepContext, vector: Vector, at: Cursor): Wide {
  const value = vectors.get(vector, at);
  return at.moved === undefined ? vectors.machine.variable(value) : value;
}

/** The first Z: extrapolated from the last step, or zero. */
function predict({ vectors, phase, stages, extrapolate }: ImplicitContext, { b, c }: GaussScheme, z: Vector): void {
  const { f, lanes } = vectors.machine;
  const weights = extrapolationWeights(c).map((row) => row.map((weight, j) => weight / b[j]!));
  vectors.each(0, phase.length, (at) => {
    for (let i = 0; i < b.length; i++) vectors.set(z, at, lanes.constant(0), i * phase.length);
  });
  f.when(extrapolate, () => {
    vectors.each(0, phase.length, (at) => {
      const l = b.map((_, j) => vectors.get(stages, at, j * phase.length));
      weights.forEach((row, i) => {
        vectors.set(z, at, weightedSum(vectors, row, l), i * phase.length);
      });
    });
  });
}

function weightedSum({ machine: { lanes } }: Vectors, weights: readonly number[], values: readonly Wide[]): Wide {
  return values
    .map((value, j) => [lanes.constant(weights[j]!), value] as const)
    .reduce<Wide | undefined>(
      (sum, [weight, value]) => (sum ? lanes.madd(weight, value, sum) : lanes.mul(weight, value)),
      undefined,
    )!;
}

/** Z ← map(Z) until the largest increments of coordinates and of momenta reach no new low; answers who converged. */
function iterate(context: ImplicitContext, scheme: GaussScheme, z: Vector, t: Wide): Wide {
  const { vectors, active, rounds } = context;
  const { machine } = vectors;
  const { f, lanes } = machine;
  const [count, length] = [scheme.b.length, context.phase.length];
  const [infinity, zero] = [lanes.constant(Number.POSITIVE_INFINITY), lanes.constant(0)];
  const moved = machine.variable(zero);
  const working = machine.variable(active);
  const least = [machine.variable(infinity), machine.variable(infinity)] as const;
  const round = f.variable(f.i32(0));
  f.loop(() => {
    f.assign(round, f.pure("i32.add", "i32", [round, f.i32(1)]));
    evaluateStages(context, scheme, z, working, t);
    const one = lanes.select(working, lanes.constant(1), zero);
    machine.assign(rounds, lanes.add(rounds, one));
    const extents = [0, context.degreesOfFreedom].map((first) => correct(context, scheme, z, working, first));
    let [increment, falling] = [zero, lanes.less(zero, zero)];
    extents.forEach(({ size, scale }, k) => {
      const positive = lanes.less(zero, size);
      falling = lanes.or(falling, lanes.and(positive, lanes.less(size, least[k]!)));
      machine.assign(least[k]!, lanes.min(least[k]!, size));
      increment = lanes.max(increment, lanes.select(positive, lanes.div(size, scale), size));
    });
    const look = count * length <= fewUnknowns ? [patience, mostRounds] : [mostRounds];
    const last = look
      .map((number) => f.pure("i32.eq", "i32", [round, f.i32(number)]))
      .reduce((one, other) => f.pure("i32.or", "i32", [one, other]));
    const settled = lanes.and(lanes.not(falling), lanes.lessEqual(increment, lanes.constant(roundOff)));
    const small = lanes.and(lanes.lessEqual(increment, lanes.constant(atRoundOff)), maskOf(context, last));
    const done = lanes.and(working, lanes.or(settled, small));
    const finite = lanes.less(increment, infinity);
    machine.assign(moved, lanes.or(moved, done));
    machine.assign(working, lanes.and(lanes.and(working, finite), lanes.not(done)));
    const more = f.pure("i32.lt_s", "i32", [round, f.i32(mostRounds)]);
    return f.pure("i32.and", "i32", [machine.any(working), more]);
  });
  return moved;
}

/** All lanes set where an i32 is 1. */
function maskOf({ vectors }: StepContext, bit: Ref): Wide {
  const { f, lanes, same } = vectors.machine;
  const real = same(f.pure("f64x2.splat", "v128", [f.pure("f64.convert_i32_s", "f64", [bit])]));
  return lanes.less(lanes.constant(0), real);
}

/** Lⱼ = h bⱼ f(x + Zⱼ, t + cⱼ h), in the lanes that still work. */
function evaluateStages(context: ImplicitContext, { b, c }: GaussScheme, z: Vector, working: Wide, t: Wide): void {
  const { vectors, phase, carry, stages, h } = context;
  const { lanes } = vectors.machine;
  const length = phase.length;
  const [at, rate] = [vectors.scratch(length), vectors.scratch(length)];
  b.forEach((_, j) => {
    vectors.each(0, length, (i) => {
      const stage = vectors.get(z, i, j * length);
      const whole = carry ? lanes.add(stage, vectors.get(carry, i)) : stage;
      vectors.set(at, i, lanes.add(vectors.get(phase, i), whole));
    });
    vectors.evaluate("field", at, rate, lanes.add(t, lanes.mul(lanes.constant(c[j]!), h)));
    vectors.each(0, length, (i) => {
      const fresh = lanes.mul(context.extra(j), vectors.get(rate, i));
      vectors.set(stages, i, lanes.select(working, fresh, vectors.get(stages, i, j * length)), j * length);
    });
  });
}

/** Z ← μ L for the coordinates or the momenta: the largest increment, and the largest size of what it changes. */
function correct(
  context: ImplicitContext,
  { mu }: GaussScheme,
  z: Vector,
  working: Wide,
  first: number,
): { size: Wide; scale: Wide } {
  const { vectors, phase, stages, degreesOfFreedom: n } = context;
  const { machine } = vectors;
  const { lanes } = machine;
  const length = phase.length;
  const [size, scale] = [machine.variable(lanes.constant(0)), machine.variable(lanes.constant(0))];
  vectors.each(first, first + n, (at) => {
    machine.assign(scale, lanes.max(scale, lanes.abs(vectors.get(phase, at))));
    const l = mu.map((_, j) => vectors.get(stages, at, j * length));
    mu.forEach((row, i) => {
      const old = vectors.get(z, at, i * length);
      const increment = lanes.sub(weightedSum(vectors, row, l), old);
      const next = lanes.select(working, lanes.add(old, increment), old);
      machine.assign(size, lanes.max(size, lanes.abs(increment)));
      machine.assign(scale, lanes.max(scale, lanes.abs(next)));
      vectors.set(z, at, next, i * length);
    });
  });
  return { size, scale };
}
