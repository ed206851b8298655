import type { Integrator, Scheme } from "../../integrate/integrator.ts";
import { FunctionBuilder } from "../wasm/function.ts";
import type { Ref } from "../wasm/instructions.ts";
import { entryBytes, loadWide, storeWide, type Vector, type Vectors } from "../wasm/vectors.ts";
import {
  extendedExtras,
  extendedSteps,
  rungeKuttaSteps,
  type StepContext,
  type Stepping,
  splittingSteps,
} from "./explicit.ts";
import { gaussStep, stageWidths } from "./gauss.ts";
import { control, type KernelUnit, loadI32, loadNumber, row, storeI32, tileRows } from "./tile.ts";
import { callsRoutines } from "./unrolling.ts";
import type { Machine, Wide } from "./wide.ts";

export type FixedScheme = Exclude<Scheme, { kind: "embedded" }>;

export interface FixedOptions {
  readonly scheme: FixedScheme;
  readonly order: number;
  readonly kineticDependsOnTime: boolean;
  readonly compensated: boolean;
}

/** Numbers of a row of the plan that depend on the step, computed outside as the plain steppers compute them. */
export function rowExtras(scheme: Integrator["scheme"], h: number, omega?: number): number[] {
  if (scheme.kind === "gauss") return stageWidths(scheme, h);
  return scheme.kind === "extended" ? extendedExtras(scheme, omega ?? scheme.omega, h) : [];
}

/** Where the vectors of a tile stand, in bytes. */
export interface FixedLayout {
  readonly state: number;
  readonly phaseLength: number;
  readonly carry: number;
  readonly stages: number;
  readonly stagesLength: number;
  readonly bytes: number;
}

export function fixedLayout(n: number, width: number, { scheme, compensated }: FixedOptions): FixedLayout {
  const bytes = entryBytes(width);
  const phaseLength = scheme.kind === "extended" ? 4 * n : 2 * n;
  const stagesLength = scheme.kind === "gauss" ? scheme.b.length * 2 * n : 0;
  const state = bytes * tileRows.state;
  const carry = state + bytes * phaseLength;
  const stages = carry + (compensated ? bytes * phaseLength : 0);
  return { state, phaseLength, carry, stages, stagesLength, bytes: stages + bytes * stagesLength };
}

/** Parameters of the inner function. */
const [tile, , planRow, first, count] = [0, 1, 2, 3, 4] as const;

/**
 * Adds the inner function (tile, scratch, row, first step, count): takes a few steps with everything in registers, and
 * keeps the results of the active lanes that are finite then. It answers whether there are others, and marks them.
 *
 * A hopeful one leaves everything as it was where the fast forms of functions do not do, and answers `doubt`.
 *
 * It is short because engines exchange the code of a function for better code only between its calls.
 */
function addStepsOf(kernel: KernelUnit, layout: FixedLayout, options: FixedOptions, hopeful: boolean): number {
  const { width, degreesOfFreedom } = kernel.plan;
  const f = new FunctionBuilder(["i32", "i32", "i32", "i32", "i32"], ["i32"]);
  const machine = kernel.machine(f, hopeful);
  const vectors = kernel.vectors(machine);
  const phase = vectors.kept(layout.state, layout.phaseLength);
  const carry = options.compensated ? vectors.kept(layout.carry, layout.phaseLength) : undefined;
  vectors.load(phase);
  if (carry) vectors.load(carry);
  const context: StepContext = {
    vectors,
    phase,
    carry,
    degreesOfFreedom,
    h: loadNumber(machine, planRow, row.h),
    extra: memoised((k) => loadNumber(machine, planRow, row.extra + 8 * k)),
    table: (table) => kernel.unit.table(table),
  };
  for (let k = 0; k < extraCount(options.scheme); k++) context.extra(k);
  const active = loadWide(machine, tile, entryBytes(width) * tileRows.active);
  const keep =
    options.scheme.kind === "gauss"
      ? implicitSteps(kernel, layout, { ...context, active }, options.scheme)
      : explicitSteps(kernel, context, active, options);
  const answer = f.variable(f.i32(doubt));
  const sure = machine.hope
    ? f.pure("i32.eqz", "i32", [machine.any(machine.lanes.and(machine.hope.doubtful(), active))])
    : f.i32(1);
  f.when(sure, () => f.assign(answer, keep()));
  return kernel.unit.add(f.finish([answer], "locals"));
}

/** What a hopeful function answers where it has to be done again. */
const doubt = 2;

/**
 * The inner function, hopeful first: its loop has no calls of the slow forms of functions, so that everything stays in
 * registers. It pays where vectors stand in registers and functions have slow forms.
 */
export function addSteps(kernel: KernelUnit, layout: FixedLayout, options: FixedOptions): number {
  const careful = addStepsOf(kernel, layout, options, false);
  if (!kernel.plan.registers || !kernel.plan.parts.some((part) => callsRoutines(kernel.plan.program(part)))) {
    return careful;
  }
  const hopeful = addStepsOf(kernel, layout, options, true);
  const f = new FunctionBuilder(["i32", "i32", "i32", "i32", "i32"], ["i32"]);
  const args = [0, 1, 2, 3, 4];
  const answer = f.variable(f.call(hopeful, args, ["i32"], true)[0]!);
  f.when(f.pure("i32.eq", "i32", [answer, f.i32(doubt)]), () => {
    f.assign(answer, f.call(careful, args, ["i32"], true)[0]!);
  });
  return kernel.unit.add(f.finish([answer], "locals"));
}

const extraCount = (scheme: FixedScheme): number => rowExtras(scheme, 1).length;

function memoised(make: (k: number) => Wide): (k: number) => Wide {
  const made = new Map<number, Wide>();
  return (k) => {
    const value = made.get(k) ?? make(k);
    made.set(k, value);
    return value;
  };
}

/** Repeats `body` for the steps of the call, with the time of each. */
function eachStep(machine: Machine, h: Wide, body: (t: Wide, step: Ref) => void): void {
  const { f, lanes, same } = machine;
  const [from, k0] = [loadNumber(machine, planRow, row.from), loadNumber(machine, planRow, row.k0)];
  const step = f.variable(first);
  const end = f.pure("i32.add", "i32", [first, count]);
  f.loop(() => {
    const real = same(f.pure("f64x2.splat", "v128", [f.pure("f64.convert_i32_s", "f64", [step])]));
    body(lanes.add(from, lanes.mul(lanes.add(k0, real), h)), step);
    f.assign(step, f.pure("i32.add", "i32", [step, f.i32(1)]));
    return f.pure("i32.lt_s", "i32", [step, end]);
  });
}

/** @returns what writes the results, and answers whether lanes failed */
function explicitSteps(kernel: KernelUnit, context: StepContext, active: Wide, options: FixedOptions): () => Ref {
  const { vectors, phase, carry, h } = context;
  const { machine } = vectors;
  const { lanes } = machine;
  const stepping = steppingOf(context, options);
  stepping.open();
  eachStep(machine, h, (t) => stepping.step(t));
  stepping.close();
  const finite = finiteLanes(vectors, phase);
  const [kept, failed] = [lanes.and(active, finite), lanes.and(active, lanes.not(finite))];
  return () => {
    vectors.commit(phase, kept);
    if (carry) vectors.commit(carry, kept);
    storeWide(machine, tile, entryBytes(kernel.plan.width) * tileRows.failed, failed);
    return machine.any(failed);
  };
}

function steppingOf(context: StepContext, options: FixedOptions): Stepping {
  const { scheme } = options;
  switch (scheme.kind) {
    case "splitting":
      return splittingSteps(context, scheme, options);
    case "runge-kutta":
      return rungeKuttaSteps(context, scheme);
    case "extended":
      return extendedSteps(context, scheme);
    case "gauss":
      throw new Error("an implicit method has steps of its own");
  }
}

/** A state that is not finite stays so, whatever is added to it: it is enough to look now and then. */
function finiteLanes(vectors: Vectors, phase: Vector): Wide {
  const { machine } = vectors;
  const { lanes } = machine;
  const infinity = lanes.constant(Number.POSITIVE_INFINITY);
  const finite = machine.variable(lanes.equal(infinity, infinity));
  vectors.each(0, phase.length, (at) => {
    machine.assign(finite, lanes.and(finite, lanes.less(lanes.abs(vectors.get(phase, at)), infinity)));
  });
  return finite;
}

/** Lanes whose iteration fails stop where they are, and tell when. */
function implicitSteps(
  kernel: KernelUnit,
  layout: FixedLayout,
  context: StepContext & { readonly active: Wide },
  scheme: Extract<FixedScheme, { kind: "gauss" }>,
): () => Ref {
  const { vectors, phase, carry, h } = context;
  const { machine } = vectors;
  const { f, lanes } = machine;
  const bytes = entryBytes(kernel.plan.width);
  const stages = vectors.kept(layout.stages, layout.stagesLength);
  vectors.load(stages);
  const rounds = machine.variable(loadWide(machine, tile, bytes * tileRows.rounds));
  const failTime = machine.variable(loadWide(machine, tile, bytes * tileRows.failTime));
  const going = machine.variable(context.active);
  const extrapolate = f.variable(f.pure("i32.or", "i32", [loadI32(f, planRow, row.extrapolate), first]));
  eachStep(machine, h, (t) => {
    const moved = gaussStep({ ...context, stages, active: going, extrapolate, rounds }, scheme, t);
    const stuck = lanes.and(going, lanes.not(moved));
    machine.assign(failTime, lanes.select(stuck, t, failTime));
    machine.assign(going, moved);
    f.assign(extrapolate, f.i32(1));
  });
  const finite = finiteLanes(vectors, phase);
  const kept = lanes.and(going, finite);
  const all = lanes.equal(lanes.constant(0), lanes.constant(0));
  return () => {
    for (const vector of [phase, ...(carry ? [carry] : []), stages]) vectors.commit(vector, all);
    storeWide(machine, tile, bytes * tileRows.rounds, rounds);
    storeWide(machine, tile, bytes * tileRows.failTime, failTime);
    storeWide(machine, tile, bytes * tileRows.alive, kept);
    storeWide(machine, tile, bytes * tileRows.active, kept);
    return f.i32(0);
  };
}

/**
 * Adds and exports `run(tile, scratch, first lane of the tile, last, budget)`: advances a tile to the sample before
 * `last`, writing samples on the way, or until about `budget` steps are taken. It answers whether there is more to do.
 *
 * @param stepsAtOnce how many steps one call of the inner function takes at most
 */
export function addRun(kernel: KernelUnit, steps: number, record: number, stepsAtOnce: number, rowBytes: number): void {
  const f = new FunctionBuilder(["i32", "i32", "i32", "i32", "i32"], ["i32"]);
  const [scratch, lane0, last, budget] = [1, 2, 3, 4] as const;
  const machine = kernel.machine(f);
  const progress = entryBytes(kernel.plan.width) * tileRows.progress;
  const op = (
    opcode: "i32.add" | "i32.sub" | "i32.mul" | "i32.eq" | "i32.lt_s" | "i32.gt_s" | "i32.and",
    ...args: Ref[]
  ) => f.pure(opcode, "i32", args);
  const left = f.variable(budget);
  const more = f.variable(f.i32(0));
  const zero = f.i32(0);
  const plan = loadI32(f, zero, control.plan);
  const firstSample = loadI32(f, zero, control.first);
  f.loop(() => {
    const sample = loadI32(f, tile, progress);
    const done = loadI32(f, tile, progress + 4);
    const inBlock = op("i32.sub", sample, firstSample);
    const at = op("i32.add", plan, op("i32.mul", inBlock, f.i32(rowBytes)));
    const total = loadI32(f, at, row.steps);
    const rest = op("i32.sub", total, done);
    const few = op("i32.lt_s", rest, f.i32(stepsAtOnce));
    const size = f.pure("select", "i32", [rest, f.i32(stepsAtOnce), few]);
    const [failed] = f.call(steps, [tile, scratch, at, done, size], ["i32"], true);
    f.when(failed!, () => rescue(machine, { steps, scratch, at, done, size }));
    const now = op("i32.add", done, size);
    storeI32(f, tile, progress + 4, now);
    f.when(op("i32.eq", now, total), () => {
      f.when(loadI32(f, at, row.sampled), () => {
        const number = op("i32.sub", loadI32(f, at, row.sampled), f.i32(1));
        f.call(record, [tile, scratch, lane0, number, at], [], true);
      });
      storeI32(f, tile, progress, op("i32.add", sample, f.i32(1)));
      storeI32(f, tile, progress + 4, zero);
    });
    f.assign(left, op("i32.sub", left, size));
    f.assign(more, f.pure("i32.lt_s", "i32", [loadI32(f, tile, progress), last]));
    return op("i32.and", more, op("i32.gt_s", left, zero));
  });
  kernel.unit.add(f.finish([more], "locals", "run"));
}

interface Attempt {
  readonly steps: number;
  readonly scratch: Ref;
  readonly at: Ref;
  readonly done: Ref;
  readonly size: Ref;
}

/**
 * Takes the same steps one by one with the lanes that failed alone, until each meets the step that fails: its state is
 * kept, its time noted, and it is alive no more.
 */
function rescue(machine: Machine, { steps, scratch, at, done, size }: Attempt): void {
  const { f, lanes, same } = machine;
  const bytes = entryBytes(machine.width);
  const load = (name: keyof typeof tileRows): Wide => loadWide(machine, tile, bytes * tileRows[name]);
  const store = (name: keyof typeof tileRows, value: Wide) => storeWide(machine, tile, bytes * tileRows[name], value);
  store("active", load("failed"));
  const step = f.variable(done);
  const end = f.pure("i32.add", "i32", [done, size]);
  f.loop(() => {
    const [failing] = f.call(steps, [tile, scratch, at, step, f.i32(1)], ["i32"], true);
    f.when(failing!, () => {
      const real = same(f.pure("f64x2.splat", "v128", [f.pure("f64.convert_i32_s", "f64", [step])]));
      const number = (offset: number) => loadNumber(machine, at, offset);
      const t = lanes.add(number(row.from), lanes.mul(lanes.add(number(row.k0), real), number(row.h)));
      const failed = load("failed");
      store("failTime", lanes.select(failed, t, load("failTime")));
      store("alive", lanes.and(load("alive"), lanes.not(failed)));
      store("active", lanes.and(load("active"), lanes.not(failed)));
    });
    f.assign(step, f.pure("i32.add", "i32", [step, f.i32(1)]));
    const more = f.pure("i32.lt_s", "i32", [step, end]);
    return f.pure("i32.and", "i32", [machine.any(load("active")), more]);
  });
  store("active", load("alive"));
}
