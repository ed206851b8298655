import type { EmbeddedScheme } from "../../integrate/integrator.ts";
import { routines } from "../elementary/elementary.ts";
import type { Ref } from "../wasm/instructions.ts";
import { type Cursor, entryBytes, loadWide, storeWide, type Vector, type Vectors } from "../wasm/vectors.ts";
import { type AdaptiveLayout, laneRows, settings } from "./adaptive-layout.ts";
import { combination } from "./explicit.ts";
import { control, loadNumber } from "./tile.ts";
import type { Machine, Wide } from "./wide.ts";

/** Bounds and safety of the step's change, as in `integrate/embedded.ts`. */
const [safety, mostShrinking, mostGrowth] = [0.9, 0.2, 10];
/** What a run wishes, in all lanes. */
export interface Settings {
  readonly rtol: Wide;
  readonly atol: Wide;
  readonly end: Wide;
  readonly sign: Wide;
  readonly maxStep: Wide;
  readonly firstStep: Wide;
}

export function loadSettings(machine: Machine): Settings {
  const zero = machine.f.i32(0);
  const load = (name: keyof typeof settings) => loadNumber(machine, zero, control.settings + settings[name]);
  return {
    rtol: load("rtol"),
    atol: load("atol"),
    end: load("end"),
    sign: load("sign"),
    maxStep: load("maxStep"),
    firstStep: load("firstStep"),
  };
}

/** √(mean of squares) or its square, over the entries. */
export function meanSquare(vectors: Vectors, length: number, entry: (at: Cursor) => Wide) {
  const { machine } = vectors;
  const { lanes } = machine;
  const sum = machine.variable(lanes.constant(0));
  vectors.each(0, length, (at) => {
    const value = entry(at);
    machine.assign(sum, lanes.madd(value, value, sum));
  });
  const exact = Number.isInteger(Math.log2(length));
  return exact ? lanes.mul(sum, lanes.constant(1 / length)) : lanes.div(sum, lanes.constant(length));
}

/** x^(1/m): by square roots where m is a power of two. */
export function rootOf({ lanes }: Machine, x: Wide, m: number): Wide {
  const roots = Math.log2(m);
  if (!Number.isInteger(roots)) return lanes.call(routines.get("pow")!, [x, lanes.constant(1 / m)])[0]!;
  let root = x;
  for (let k = 0; k < roots; k++) root = lanes.sqrt(root);
  return root;
}

/** Everything that an attempt reads and changes. */
export interface Attempt extends Settings {
  readonly layout: AdaptiveLayout;
  readonly scheme: EmbeddedScheme;
  readonly vectors: Vectors;
  readonly state: Vector;
  readonly carry: Vector | undefined;
  /** The stages, f at the end, the extra stages. */
  readonly rates: readonly Vector[];
  readonly next: Vector;
  readonly at: Vector;
  /** Numbers of each lane, as variables. */
  readonly lane: { readonly [K in ChangingRow]: Wide };
  readonly flush: () => void;
}

/** Numbers of each lane that an attempt changes. */
export const changing = [
  "alive",
  "active",
  "failTime",
  "time",
  "timeCarry",
  "width",
  "previous",
  "afterRejection",
  "due",
  "steps",
  "rejected",
  "evaluations",
] as const;
type ChangingRow = (typeof changing)[number];

/** A step's width in each lane: what was wished, and with its sign. */
interface Width {
  readonly limited: Wide;
  readonly reaches: Wide;
  readonly h: Wide;
}

/** Lanes that cannot step any further stop. */
function chooseWidth({ vectors, lane, end, sign, maxStep }: Attempt): Width {
  const { machine } = vectors;
  const { lanes } = machine;
  const remaining = lanes.sub(end, lane.time);
  const room = lanes.abs(remaining);
  // the width comes last: it is what the other operations wait for; a width that is no number remains
  const limited = lanes.lesser(lane.width, lanes.lesser(maxStep, room));
  const reaches = lanes.lessEqual(lanes.mul(room, lanes.constant(1 - 1e-14)), limited);
  const epsilon = lanes.mul(lanes.abs(lane.time), lanes.constant(Number.EPSILON));
  const spacing = lanes.max(epsilon, lanes.constant(Number.MIN_VALUE));
  const fits = lanes.or(reaches, lanes.less(lanes.mul(lanes.constant(4), spacing), limited));
  const stuck = lanes.and(lane.active, lanes.not(fits));
  machine.assign(lane.failTime, lanes.select(stuck, lane.time, lane.failTime));
  machine.assign(lane.alive, lanes.and(lane.alive, lanes.not(stuck)));
  machine.assign(lane.active, lanes.and(lane.active, fits));
  return { limited, reaches, h: lanes.select(reaches, remaining, lanes.flipSign(limited, sign)) };
}

/**
 * Attempts one step in every lane that is active.
 *
 * @param doubted an i32 variable: set where the machine was too hopeful, and nothing has been done
 */
export function attemptStep(attempt: Attempt, doubted: Ref): void {
  const { vectors, scheme, rates, next, lane } = attempt;
  const { machine } = vectors;
  const { f, lanes } = machine;
  const { b } = scheme;
  const width = chooseWidth(attempt);
  const { h } = width;
  const t = machine.variable(lane.time);
  evaluateStages(attempt, h, t);
  const endInError = scheme.estimates.some((weights) => (weights[b.length] ?? 0) !== 0);
  // a hopeful machine evaluates the end before it knows whether it is hopeful with reason
  const endKnown = endInError || machine.hope !== undefined;
  if (endKnown) vectors.evaluate("field", next, rates[b.length]!, lanes.add(t, h));
  if (machine.hope) f.assign(doubted, machine.any(lanes.and(machine.hope.doubtful(), lane.active)));
  f.when(f.pure("i32.eqz", "i32", [doubted]), () => {
    const error = errorNorm(attempt, h);
    const good = lanes.lessEqual(error.size, lanes.constant(1));
    const accepted = lanes.and(lane.active, good);
    const rejected = lanes.and(lane.active, lanes.not(good));
    count(machine, lane.evaluations, lane.active, b.length - 1 + (endInError ? 1 : 0));
    changeWidth(attempt, width, error, { accepted, rejected });
    f.when(machine.any(accepted), () => {
      if (!endInError) count(machine, lane.evaluations, accepted, 1);
      acceptStep(attempt, width, t, accepted, endKnown);
    });
  });
}

/** All stages but the first, which is known, and the state at the end. */
function evaluateStages(attempt: Attempt, h: Wide, t: Wide): void {
  const { vectors, scheme, state, carry, rates, next, at } = attempt;
  const { lanes } = vectors.machine;
  const { b, a, c } = scheme;
  const moved = (weights: readonly number[], into: Vector) =>
    vectors.each(0, state.length, (i) => {
      const [old, lost] = [vectors.get(state, i), carry && vectors.get(carry, i)];
      const move = (from: Wide) => movedFrom(attempt, from, weights, h, i);
      vectors.set(into, i, lost ? lanes.add(old, move(lost)) : move(old));
    });
  for (let k = 1; k < b.length; k++) {
    moved(a[k]!, at);
    vectors.evaluate("field", at, rates[k]!, lanes.add(t, lanes.mul(lanes.constant(c[k]!), h)));
  }
  moved(b, next);
}

/**
 * `from` + h Σ weightsⱼ Kⱼ. The newest rate is added last, with its factor ready, so that two operations wait for it and not
 * four.
 */
function movedFrom({ vectors, rates }: Attempt, from: Wide, weights: readonly number[], h: Wide, i: Cursor): Wide {
  const { lanes } = vectors.machine;
  const last = weights.findLastIndex((weight) => weight !== 0);
  const earlier = combination(vectors, rates, weights.slice(0, last), i);
  const before = earlier ? lanes.madd(earlier, h, from) : from;
  return lanes.madd(lanes.mul(lanes.constant(weights[last]!), h), vectors.get(rates[last]!, i), before);
}

/** Adds a number to a counter in the lanes of a mask. */
function count(machine: Machine, counter: Wide, mask: Wide, by: number): void {
  const { lanes } = machine;
  machine.assign(counter, lanes.add(counter, lanes.select(mask, lanes.constant(by), lanes.constant(0))));
}

/** An estimated error in units of the tolerance, and 1 by it: infinite where there is no error. */
interface Estimate {
  readonly size: Wide;
  readonly inverse: Wide;
}

/** `inverse` is not made of `size`: the width of the next step waits for it. */
function errorNorm({ vectors, scheme, state, next, rates, rtol, atol }: Attempt, h: Wide): Estimate {
  const { lanes } = vectors.machine;
  const squares = scheme.estimates.map((weights) =>
    meanSquare(vectors, state.length, (i) => {
      // the new state is the one that may be no number, which has to remain
      const larger = lanes.greater(lanes.abs(vectors.get(next, i)), lanes.abs(vectors.get(state, i)));
      const error = lanes.mul(combination(vectors, rates, weights, i)!, h);
      return lanes.div(error, lanes.add(atol, lanes.mul(rtol, larger)));
    }),
  );
  const [main, other] = squares as [Wide, Wide | undefined];
  const [one, zero] = [lanes.constant(1), lanes.constant(0)];
  if (!other) {
    const size = lanes.sqrt(main);
    return { size, inverse: lanes.div(one, size) };
  }
  const both = lanes.sqrt(lanes.add(main, lanes.mul(lanes.constant(0.01), other)));
  const none = lanes.equal(main, zero);
  return {
    size: lanes.select(none, zero, lanes.div(main, both)),
    inverse: lanes.select(none, lanes.constant(Number.POSITIVE_INFINITY), lanes.div(both, main)),
  };
}

interface Verdict {
  readonly accepted: Wide;
  readonly rejected: Wide;
}

/** The PI controller. */
function changeWidth(attempt: Attempt, { limited }: Width, error: Estimate, { accepted, rejected }: Verdict): void {
  const { vectors, scheme, lane } = attempt;
  const { machine } = vectors;
  const { f, lanes } = machine;
  const { beta, errorOrder } = scheme;
  const { size, inverse } = error;
  const least = lanes.constant(mostShrinking);
  const plain = () => lanes.mul(lanes.constant(safety), rootOf(machine, inverse, errorOrder + 1));
  const exponent = 0.75 * beta - 1 / (errorOrder + 1);
  const logarithm = (x: Wide, factor: number) =>
    lanes.mul(lanes.constant(factor), lanes.call(routines.get("log")!, [x])[0]!);
  // a product of two powers by one exponential
  const withMemory = () => {
    const power = lanes.add(logarithm(size, exponent), logarithm(lane.previous, beta));
    return lanes.mul(lanes.constant(safety), lanes.call(routines.get("exp")!, [power])[0]!);
  };
  const grown = beta === 0 ? plain() : withMemory();
  const most = lanes.select(lane.afterRejection, lanes.constant(1), lanes.constant(mostGrowth));
  const factor = lanes.lesser(lanes.greater(grown, least), most);
  const old = lane.width;
  machine.assign(lane.width, lanes.select(accepted, lanes.mul(limited, factor), old));
  machine.assign(lane.previous, lanes.select(accepted, lanes.greater(size, lanes.constant(1e-4)), lane.previous));
  machine.assign(lane.afterRejection, lanes.and(lane.afterRejection, lanes.not(accepted)));
  count(machine, lane.steps, accepted, 1);
  f.when(machine.any(rejected), () => {
    const shrunk = plain();
    // also where the error is no number: the step left the domain of the field
    const bounded = lanes.select(lanes.less(least, shrunk), shrunk, least);
    machine.assign(lane.width, lanes.select(rejected, lanes.mul(limited, bounded), lane.width));
    machine.assign(lane.afterRejection, lanes.or(lane.afterRejection, rejected));
    count(machine, lane.rejected, rejected, 1);
  });
}

/** Moves the accepted lanes, and writes the samples that they pass. */
function acceptStep(attempt: Attempt, { h, reaches }: Width, t: Wide, accepted: Wide, endKnown: boolean): void {
  const { vectors, scheme, state, carry, rates, next, lane, end, sign } = attempt;
  const { machine } = vectors;
  const { f, lanes } = machine;
  const whole = lanes.add(h, lane.timeCarry);
  const sum = lanes.select(reaches, end, lanes.add(t, whole));
  const rest = lanes.add(lanes.sub(t, sum), whole);
  const rateEnd = rates[scheme.b.length]!;
  if (!endKnown) vectors.evaluate("field", next, rateEnd, sum);
  const passed = lanes.lessEqual(lanes.constant(0), lanes.mul(sign, lanes.sub(sum, lane.due)));
  const wanted = lanes.and(accepted, passed);
  f.when(machine.any(wanted), () => {
    keepDense(attempt, { h, t, sum, wanted });
    attempt.flush();
    const bytes = entryBytes(machine.width);
    machine.assign(lane.active, loadWide(machine, 0, bytes * laneRows.active));
    machine.assign(lane.due, loadWide(machine, 0, bytes * laneRows.due));
  });
  machine.assign(lane.time, lanes.select(accepted, sum, lane.time));
  machine.assign(lane.timeCarry, lanes.select(accepted, rest, lane.timeCarry));
  vectors.each(0, state.length, (i) => {
    if (carry) {
      const old = vectors.get(state, i);
      const move = movedFrom(attempt, vectors.get(carry, i), scheme.b, h, i);
      const residue = lanes.add(lanes.sub(old, vectors.get(next, i)), move);
      vectors.set(carry, i, lanes.select(accepted, residue, vectors.get(carry, i)));
    }
    vectors.set(state, i, lanes.select(accepted, vectors.get(next, i), vectors.get(state, i)));
    vectors.set(rates[0]!, i, lanes.select(accepted, vectors.get(rateEnd, i), vectors.get(rates[0]!, i)));
  });
}

interface Passed {
  readonly h: Wide;
  readonly t: Wide;
  readonly sum: Wide;
  readonly wanted: Wide;
}

/** Leaves the dense output of the step in the tile, in the lanes that want it. */
function keepDense(attempt: Attempt, { h, t, sum, wanted }: Passed): void {
  const { vectors, scheme, state, rates, next, at, lane, layout, sign } = attempt;
  const { machine } = vectors;
  const { lanes } = machine;
  const { dense, b } = scheme;
  const bytes = entryBytes(machine.width);
  dense.a.forEach((weights, k) => {
    vectors.each(0, state.length, (i) => {
      vectors.set(at, i, lanes.madd(combination(vectors, rates, weights, i)!, h, vectors.get(state, i)));
    });
    const time = lanes.add(t, lanes.mul(lanes.constant(dense.c[k]!), h));
    vectors.evaluate("field", at, rates[b.length + 1 + k]!, time, true);
  });
  // a sample at the step's end is the state itself
  const inside = lanes.less(lanes.constant(0), lanes.mul(sign, lanes.sub(sum, lane.due)));
  count(machine, lane.evaluations, lanes.and(wanted, inside), dense.a.length);
  const keep = (place: number, i: Cursor, value: Wide) => vectors.commitAt(place, i, wanted, value);
  vectors.each(0, state.length, (i) => {
    const change = lanes.sub(vectors.get(next, i), vectors.get(state, i));
    const f0 = lanes.mul(h, vectors.get(rates[0]!, i));
    const f1 = lanes.mul(h, vectors.get(rates[b.length]!, i));
    const rows = [change, lanes.sub(f0, change), lanes.sub(lanes.add(change, change), lanes.add(f0, f1))];
    for (const weights of dense.d) rows.push(lanes.mul(combination(vectors, rates, weights, i)!, h));
    rows.forEach((value, k) => {
      keep(layout.dense + k * bytes * state.length, i, value);
    });
    keep(layout.old, i, vectors.get(state, i));
    keep(layout.state, i, vectors.get(next, i));
  });
  const keepLane = (name: "lastT" | "lastH" | "time", value: Wide) => {
    const old = loadWide(machine, 0, bytes * laneRows[name]);
    storeWide(machine, 0, bytes * laneRows[name], lanes.select(wanted, value, old));
  };
  keepLane("lastT", t);
  keepLane("lastH", h);
  keepLane("time", sum);
  storeWide(machine, 0, bytes * laneRows.active, lane.active);
}
