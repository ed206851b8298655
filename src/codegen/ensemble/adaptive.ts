import type { EmbeddedScheme } from "../../integrate/integrator.ts";
import { FunctionBuilder } from "../wasm/function.ts";
import type { Ref } from "../wasm/instructions.ts";
import { entryBytes, loadWide, storeWide } from "../wasm/vectors.ts";
import { type AdaptiveLayout, laneRows } from "./adaptive-layout.ts";
import { type Attempt, attemptStep, changing, loadSettings, meanSquare, rootOf } from "./attempt.ts";
import { addFlush } from "./flush.ts";
import { addRecorder, type KernelUnit, loadI32, storeI32 } from "./tile.ts";
import { callsRoutines } from "./unrolling.ts";
import type { Machine } from "./wide.ts";

/** Attempts of one call of the inner function. */
const attemptsAtOnce = 64;

/**
 * Adds and exports `begin(tile, scratch)`, which evaluates the field at the start and guesses the first step, and
 * `run(tile, scratch, first lane, last, budget)` with the contract of that of fixed steps.
 */
export function addAdaptive(
  kernel: KernelUnit,
  layout: AdaptiveLayout,
  scheme: EmbeddedScheme,
  compensated: boolean,
): void {
  addBegin(kernel, layout, scheme);
  addRecorder(kernel, layout.state);
  const flush = addFlush(kernel, layout);
  const quick = kernel.plan.registers && callsRoutines(kernel.plan.program("field"));
  const careful = addAttempts(kernel, layout, scheme, { compensated, flush, hopeful: false });
  const attempts = quick ? addAttempts(kernel, layout, scheme, { compensated, flush, hopeful: true }) : careful;
  const f = new FunctionBuilder(["i32", "i32", "i32", "i32", "i32"], ["i32"]);
  const machine = kernel.machine(f);
  const [tile, scratch, lane0, last, budget] = [0, 1, 2, 3, 4] as const;
  const bytes = entryBytes(kernel.plan.width);
  const progress = bytes * laneRows.progress;
  f.when(f.pure("i32.ne", "i32", [loadI32(f, tile, progress), last]), () => {
    storeI32(f, tile, progress, last);
    storeWide(machine, tile, bytes * laneRows.active, loadWide(machine, tile, bytes * laneRows.alive));
    flushAll(machine, flush, { tile, scratch, lane0, last });
  });
  const left = f.variable(budget);
  const more = f.variable(machine.any(loadWide(machine, tile, bytes * laneRows.active)));
  f.when(more, () => {
    f.loop(() => {
      const [going] = f.call(attempts, [tile, scratch, lane0, last, f.i32(attemptsAtOnce)], ["i32"], true);
      f.assign(more, going!);
      f.when(f.pure("i32.eq", "i32", [more, f.i32(doubt)]), () => {
        f.assign(more, f.call(careful, [tile, scratch, lane0, last, f.i32(1)], ["i32"], true)[0]!);
      });
      f.assign(left, f.pure("i32.sub", "i32", [left, f.i32(attemptsAtOnce)]));
      return f.pure("i32.and", "i32", [more, f.pure("i32.gt_s", "i32", [left, f.i32(0)])]);
    });
  });
  kernel.unit.add(f.finish([more], "locals", "run"));
}

interface Addresses {
  readonly tile: Ref;
  readonly scratch: Ref;
  readonly lane0: Ref;
  readonly last: Ref;
}

/** Writes the samples that each lane has passed. */
function flushAll({ f, width }: Machine, flush: number, { tile, scratch, lane0, last }: Addresses): void {
  for (let lane = 0; lane < 2 * width; lane++) {
    const plus = (base: Ref, offset: number) => f.pure("i32.add", "i32", [base, f.i32(offset)]);
    f.call(flush, [plus(tile, 8 * lane), plus(tile, 4 * lane), plus(lane0, lane), last, scratch], [], true);
  }
}

/** The first step by the sizes of the state, of the field and of its change over a tiny Euler step. */
function addBegin(kernel: KernelUnit, layout: AdaptiveLayout, { errorOrder }: EmbeddedScheme): void {
  const f = new FunctionBuilder(["i32", "i32"], []);
  const machine = kernel.machine(f);
  const { lanes } = machine;
  const vectors = kernel.vectors(machine);
  const bytes = entryBytes(kernel.plan.width);
  const length = layout.phaseLength;
  const [state, rate] = [vectors.kept(layout.state, length), vectors.kept(layout.rate, length)];
  const [at, moved] = [vectors.scratch(length), vectors.scratch(length)];
  vectors.load(state);
  vectors.load(rate);
  const { rtol, atol, end, sign, maxStep, firstStep } = loadSettings(machine);
  const time = loadWide(machine, 0, bytes * laneRows.time);
  vectors.evaluate("field", state, rate, time);
  vectors.store(rate);
  const scaled = (entry: Parameters<typeof meanSquare>[2]) =>
    lanes.sqrt(
      meanSquare(vectors, length, (i) =>
        lanes.div(entry(i), lanes.add(atol, lanes.mul(rtol, lanes.abs(vectors.get(state, i))))),
      ),
    );
  const most = lanes.min(lanes.abs(lanes.sub(end, time)), maxStep);
  const [d0, d1] = [scaled((i) => vectors.get(state, i)), scaled((i) => vectors.get(rate, i))];
  const small = lanes.constant(1e-5);
  const still = lanes.or(lanes.less(d0, small), lanes.less(d1, small));
  const ratio = lanes.div(lanes.mul(lanes.constant(0.01), d0), d1);
  const tiny = lanes.min(lanes.select(still, lanes.constant(1e-6), ratio), most);
  const h = lanes.mul(sign, tiny);
  vectors.each(0, length, (i) => {
    vectors.set(at, i, lanes.madd(h, vectors.get(rate, i), vectors.get(state, i)));
  });
  vectors.evaluate("field", at, moved, lanes.add(time, h));
  const d2 = lanes.div(
    scaled((i) => lanes.sub(vectors.get(moved, i), vectors.get(rate, i))),
    tiny,
  );
  const largest = lanes.max(d1, d2);
  const resting = lanes.lessEqual(largest, lanes.constant(1e-15));
  const power = rootOf(machine, lanes.div(lanes.constant(0.01), largest), errorOrder + 1);
  const guess = lanes.select(resting, lanes.max(lanes.constant(1e-6), lanes.mul(tiny, lanes.constant(1e-3))), power);
  const width = lanes.min(lanes.min(lanes.mul(lanes.constant(100), tiny), guess), most);
  const given = lanes.less(lanes.constant(0), firstStep);
  storeWide(machine, 0, bytes * laneRows.width, lanes.select(given, firstStep, width));
  storeWide(machine, 0, bytes * laneRows.evaluations, lanes.select(given, lanes.constant(1), lanes.constant(2)));
  kernel.unit.add(f.finish([], "locals", "begin"));
}

interface AttemptOptions {
  readonly compensated: boolean;
  /** The function that writes samples. */
  readonly flush: number;
  readonly hopeful: boolean;
}

/** What a hopeful function answers where the next attempt has to be a careful one. */
const doubt = 2;

/** The inner function (tile, scratch, first lane, last, count): attempts steps, answers whether lanes go on. */
function addAttempts(
  kernel: KernelUnit,
  layout: AdaptiveLayout,
  scheme: EmbeddedScheme,
  { compensated, flush, hopeful }: AttemptOptions,
): number {
  const f = new FunctionBuilder(["i32", "i32", "i32", "i32", "i32"], ["i32"]);
  const machine = kernel.machine(f, hopeful);
  const vectors = kernel.vectors(machine);
  const bytes = entryBytes(kernel.plan.width);
  const length = layout.phaseLength;
  const rows = changing.map((name) => [name, machine.variable(loadWide(machine, 0, bytes * laneRows[name]))] as const);
  const lane = Object.fromEntries(rows) as Attempt["lane"];
  const state = vectors.kept(layout.state, length);
  const carry = compensated ? vectors.kept(layout.carry, length) : undefined;
  const first = vectors.kept(layout.rate, length);
  const others = [...scheme.b.slice(1), 0, ...scheme.dense.c].map((_, k) =>
    vectors.scratch(length, k === scheme.b.length - 1),
  );
  for (const vector of carry ? [state, carry, first] : [state, first]) vectors.load(vector);
  const attempt: Attempt = {
    ...loadSettings(machine),
    layout,
    scheme,
    vectors,
    state,
    carry,
    rates: [first, ...others],
    next: vectors.scratch(length),
    at: vectors.scratch(length),
    lane,
    flush: () => flushAll(machine, flush, { tile: 0, scratch: 1, lane0: 2, last: 3 }),
  };
  const count = f.variable(4);
  const doubted = f.variable(f.i32(0));
  f.loop(() => {
    attemptStep(attempt, doubted);
    f.assign(count, f.pure("i32.sub", "i32", [count, f.i32(1)]));
    const left = f.pure("i32.gt_s", "i32", [count, f.i32(0)]);
    return f.pure("i32.and", "i32", [
      machine.any(lane.active),
      f.pure("i32.and", "i32", [left, f.pure("i32.eqz", "i32", [doubted])]),
    ]);
  });
  for (const vector of carry ? [state, carry, first] : [state, first]) vectors.store(vector);
  for (const [name, value] of rows) storeWide(machine, 0, bytes * laneRows[name], value);
  const answer = f.pure("select", "i32", [f.i32(doubt), machine.any(lane.active), doubted]);
  return kernel.unit.add(f.finish([answer], "locals"));
}
