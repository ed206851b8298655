import type { ExtendedScheme, RungeKuttaScheme, SplittingScheme } from "../../integrate/integrator.ts";
import { gaussLegendre } from "../../integrate/quadrature.ts";
import type { Table } from "../elementary/lanes.ts";
import { memoryPlace } from "../wasm/lanes.ts";
import type { Cursor, Vector, Vectors } from "../wasm/vectors.ts";
import type { Wide } from "./wide.ts";

/** What the steps of a method are written with. */
export interface StepContext {
  readonly vectors: Vectors;
  /** What the method moves: the state, or both copies of it. */
  readonly phase: Vector;
  /** What rounding has taken from each entry, where sums are compensated. */
  readonly carry: Vector | undefined;
  /** n. */
  readonly degreesOfFreedom: number;
  readonly h: Wide;
  /** Number k of what `rowExtras` tells of a step size. */
  readonly extra: (k: number) => Wide;
  /** The address of numbers of the method. */
  readonly table: (table: Table) => number;
}

/** A method's steps, as code of one function: `open`, as many steps as wanted, `close`. */
export interface Stepping {
  open(): void;
  /** From the time `t`, the same in all lanes. */
  step(t: Wide): void;
  close(): void;
}

const nothing = (): void => undefined;

/** x += increment, where `factor`·`rate` is the increment; compensated as in `integrate/compensated.ts`. */
function add({ vectors, phase, carry }: StepContext, at: Cursor, factor: Wide, rate: Wide, shift = 0): void {
  const { machine } = vectors;
  const { lanes } = machine;
  const old = vectors.get(phase, at, shift);
  if (!carry) {
    vectors.set(phase, at, machine.addProduct(old, factor, rate), shift);
    return;
  }
  addWhole(vectors, { phase, carry }, at, lanes.mul(factor, rate), shift);
}

/** x += increment. */
export function addWhole(
  vectors: Vectors,
  { phase, carry }: { phase: Vector; carry: Vector | undefined },
  at: Cursor,
  increment: Wide,
  shift = 0,
): void {
  const { lanes } = vectors.machine;
  const old = vectors.get(phase, at, shift);
  if (!carry) {
    vectors.set(phase, at, lanes.add(old, increment), shift);
    return;
  }
  const whole = lanes.add(increment, vectors.get(carry, at, shift));
  const sum = lanes.add(old, whole);
  const rest = lanes.add(lanes.sub(old, sum), whole);
  vectors.set(carry, at, rest, shift);
  vectors.set(phase, at, sum, shift);
}

/** weights · rates, in order; undefined where all weights are 0. */
export function combination(
  vectors: Vectors,
  rates: readonly Vector[],
  weights: readonly number[],
  at: Cursor,
): Wide | undefined {
  const { lanes } = vectors.machine;
  let sum: Wide | undefined;
  weights.forEach((weight, k) => {
    if (weight === 0) return;
    const [factor, rate] = [lanes.constant(weight), vectors.get(rates[k]!, at)];
    sum = sum ? lanes.madd(factor, rate, sum) : lanes.mul(factor, rate);
  });
  return sum;
}

// ── splitting ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Up to this many stages of a step are written out; more are a loop over a table of coefficients. */
const fewStages = 2;

interface Stage {
  readonly kick: number;
  readonly kickTime: number;
  readonly drift: number;
  readonly driftTime: number;
}

export interface SplittingFacts {
  readonly order: number;
  readonly kineticDependsOnTime: boolean;
}

/**
 * Drifts and kicks. With compensated sums each step is that of `integrate/splitting.ts`, operation by operation;
 * without, the last drift of a step and the first of the next are one.
 */
export function splittingSteps(context: StepContext, scheme: SplittingScheme, facts: SplittingFacts): Stepping {
  const { vectors, degreesOfFreedom: n, h } = context;
  const { lanes } = vectors.machine;
  const rate = vectors.scratch(2 * n);
  const rule = gaussLegendre(facts.kineticDependsOnTime ? facts.order : 1);
  const width = (fraction: Wide): Wide => lanes.mul(fraction, h);

  const drift = (t: Wide, fraction: Wide) => {
    const size = width(fraction);
    if (rule.nodes.length === 1) {
      vectors.evaluate("velocity", context.phase, rate, lanes.add(t, lanes.mul(lanes.constant(rule.nodes[0]!), size)));
      vectors.each(0, n, (at) => add(context, at, size, vectors.get(rate, at)));
      return;
    }
    const rates = rule.nodes.map((node) => {
      const each = vectors.scratch(2 * n);
      const time = lanes.add(t, lanes.mul(lanes.constant(node), size));
      vectors.evaluate("velocity", context.phase, each, time);
      return each;
    });
    vectors.each(0, n, (at) => {
      const moves = rates.map((each, k) =>
        lanes.mul(lanes.mul(size, lanes.constant(rule.weights[k]!)), vectors.get(each, at)),
      );
      const move = moves.reduce((sum, one) => lanes.add(sum, one));
      addWhole(vectors, context, at, move);
    });
  };
  const kick = (t: Wide, fraction: Wide) => {
    const size = width(fraction);
    vectors.evaluate("force", context.phase, rate, t);
    vectors.each(n, 2 * n, (at) => add(context, at, size, vectors.get(rate, at)));
  };
  const after = (t: Wide, elapsed: Wide): Wide => lanes.add(t, lanes.mul(elapsed, h));
  const merged = !context.carry && !facts.kineticDependsOnTime;
  return { ...sequence(context, scheme, merged, { drift, kick, after }) };
}

interface Moves {
  drift(t: Wide, fraction: Wide): void;
  kick(t: Wide, fraction: Wide): void;
  after(t: Wide, elapsed: Wide): Wide;
}

/** The first drift, then pairs of a kick and a drift. */
function stagesOf({ drift, kick }: SplittingScheme): Stage[] {
  let elapsed = 0;
  return kick.map((fraction, k) => {
    elapsed += drift[k]!;
    return { kick: fraction, kickTime: elapsed, drift: drift[k + 1] ?? 0, driftTime: elapsed };
  });
}

function sequence(context: StepContext, scheme: SplittingScheme, merged: boolean, moves: Moves): Stepping {
  const { lanes } = context.vectors.machine;
  const first = scheme.drift[0]!;
  const stages = stagesOf(scheme);
  const zero = lanes.constant(0);
  const initial = (t: Wide, fraction: number) => {
    if (fraction !== 0) moves.drift(t, lanes.constant(fraction));
  };
  if (!merged) {
    const step = (t: Wide) => {
      initial(moves.after(t, zero), first);
      runStages(context, stages, t, moves);
    };
    return { open: nothing, step, close: nothing };
  }
  const last = stages.at(-1)!;
  const joined = stages.with(-1, { ...last, drift: last.drift + first });
  return {
    open: () => initial(zero, first),
    step: (t) => runStages(context, joined, t, moves),
    close: () => initial(zero, -first),
  };
}

function runStages(context: StepContext, stages: readonly Stage[], t: Wide, moves: Moves): void {
  const { lanes, same, f } = context.vectors.machine;
  const complete = stages.every(({ kick, drift }, k) => kick !== 0 && (drift !== 0 || k === stages.length - 1));
  const run = (stage: { readonly [K in keyof Stage]: Wide }, drifts: boolean, kicks: boolean) => {
    if (kicks) moves.kick(moves.after(t, stage.kickTime), stage.kick);
    if (drifts) moves.drift(moves.after(t, stage.driftTime), stage.drift);
  };
  const writtenOut = (stage: Stage) => {
    const values = { kick: stage.kick, kickTime: stage.kickTime, drift: stage.drift, driftTime: stage.driftTime };
    const wide = Object.entries(values).map(([name, value]) => [name, lanes.constant(value)] as const);
    run(Object.fromEntries(wide) as { [K in keyof Stage]: Wide }, stage.drift !== 0, stage.kick !== 0);
  };
  if (stages.length <= fewStages || !complete) {
    stages.forEach(writtenOut);
    return;
  }
  // the last stage apart where it has no drift
  const looped = stages.at(-1)!.drift === 0 ? stages.slice(0, -1) : stages;
  const rowBytes = 32;
  const values = looped.flatMap(({ kick, kickTime, drift, driftTime }) => [kick, kickTime, drift, driftTime]);
  const address = context.table({ name: `stages ${values}`, values });
  const row = f.variable(f.i32(address));
  f.loop(() => {
    const number = (k: number): Wide => same(f.read("v128.load64_splat", "v128", [row], memoryPlace(3, 8 * k)));
    run({ kick: number(0), kickTime: number(1), drift: number(2), driftTime: number(3) }, true, true);
    f.assign(row, f.pure("i32.add", "i32", [row, f.i32(rowBytes)]));
    return f.pure("i32.lt_s", "i32", [row, f.i32(address + rowBytes * looped.length)]);
  });
  stages.slice(looped.length).forEach(writtenOut);
}

// ── Runge–Kutta ─────────────────────────────────────────────────────────────────────────────────────────────────────

export function rungeKuttaSteps(context: StepContext, { a, b, c }: RungeKuttaScheme): Stepping {
  const { vectors, phase, h } = context;
  const { lanes } = vectors.machine;
  const { length } = phase;
  const at = vectors.scratch(length);
  const rates = b.map(() => vectors.scratch(length));
  const step = (t: Wide) => {
    b.forEach((_, k) => {
      const weights = a[k]!;
      const moves = weights.some((weight) => weight !== 0);
      if (moves) {
        vectors.each(0, length, (i) => {
          const move = combination(vectors, rates, weights, i)!;
          vectors.set(at, i, vectors.machine.addProduct(vectors.get(phase, i), h, move));
        });
      }
      const time = lanes.add(t, lanes.mul(lanes.constant(c[k]!), h));
      vectors.evaluate("field", moves ? at : phase, rates[k]!, time);
    });
    vectors.each(0, length, (i) => add(context, i, h, combination(vectors, rates, b, i)!));
  };
  return { open: nothing, step, close: nothing };
}

// ── Tao's extended phase space ──────────────────────────────────────────────────────────────────────────────────────

/** The numbers of a step that depend on its size in a way that is computed outside: sine and versine of each turn. */
export function extendedExtras({ weights }: ExtendedScheme, omega: number, h: number): number[] {
  return weights.flatMap((weight) => {
    const angle = 2 * omega * (weight * h);
    return [Math.sin(angle), 2 * Math.sin(angle / 2) ** 2];
  });
}

export function extendedSteps(context: StepContext, { weights }: ExtendedScheme): Stepping {
  const { vectors, phase, degreesOfFreedom: n, h } = context;
  const { lanes } = vectors.machine;
  const [at, rate] = [vectors.scratch(2 * n), vectors.scratch(2 * n)];
  const half = lanes.constant(0.5);
  const shear = (coordinates: number, momenta: number, t: Wide, width: Wide) => {
    vectors.each(0, n, (i) => vectors.set(at, i, copyOf(vectors, phase, i, coordinates)));
    vectors.each(n, 2 * n, (i) => vectors.set(at, i, copyOf(vectors, phase, i, momenta)));
    vectors.evaluate("field", at, rate, t);
    vectors.each(0, n, (i) => add(context, i, width, vectors.get(rate, i), momenta));
    vectors.each(n, 2 * n, (i) => add(context, i, width, vectors.get(rate, i), coordinates));
  };
  const turn = (sine: Wide, versine: Wide) => {
    vectors.each(0, n, (i) => {
      const [q, p, x, y] = [0, n, 2 * n, 3 * n].map((shift) => vectors.get(phase, i, shift)) as [
        Wide,
        Wide,
        Wide,
        Wide,
      ];
      const [u, v] = [lanes.sub(q, x), lanes.sub(p, y)];
      const du = lanes.mul(half, lanes.sub(lanes.mul(sine, v), lanes.mul(versine, u)));
      const dv = lanes.mul(half, lanes.sub(lanes.mul(lanes.neg(sine), u), lanes.mul(versine, v)));
      addWhole(vectors, context, i, du, 0);
      addWhole(vectors, context, i, dv, n);
      addWhole(vectors, context, i, lanes.neg(du), 2 * n);
      addWhole(vectors, context, i, lanes.neg(dv), 3 * n);
    });
  };
  const step = (t: Wide) => {
    let start = t;
    weights.forEach((weight, k) => {
      const width = lanes.mul(lanes.constant(weight), h);
      const halfWidth = lanes.mul(width, half);
      const middle = lanes.add(start, halfWidth);
      shear(0, 2 * n, start, halfWidth);
      shear(2 * n, 0, middle, halfWidth);
      turn(context.extra(2 * k), context.extra(2 * k + 1));
      shear(2 * n, 0, middle, halfWidth);
      start = lanes.add(start, width);
      shear(0, 2 * n, start, halfWidth);
    });
  };
  return { open: nothing, step, close: nothing };
}

/** An entry as it is now, whatever is assigned to it later. */
function copyOf(vectors: Vectors, vector: Vector, at: Cursor, shift: number): Wide {
  const value = vectors.get(vector, at, shift);
  return at.moved === undefined ? vectors.machine.variable(value) : value;
}
