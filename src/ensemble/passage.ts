import type { EnsembleKernel } from "../codegen/ensemble/ensemble-kernel.ts";
import type { Source } from "../codegen/target.ts";
import { gaussLegendre } from "../integrate/quadrature.ts";
import type { Method } from "./checked.ts";
import { motionFacts, portableMotion } from "./facts.ts";
import { notFinite, type Straggler, straggler } from "./fallback.ts";
import type { Crew, KernelExports } from "./job.ts";
import type { RunMemory } from "./memory.ts";
import type { Block, Diverged, EnsembleOptions, EnsembleSummary, RunOptions } from "./options.ts";
import { type PlanRow, type RunPlan, timesOf } from "./schedule.ts";

export interface PassageParts {
  readonly source: Source;
  readonly method: Method;
  readonly options: EnsembleOptions;
  readonly kernel: EnsembleKernel;
  readonly plan: RunPlan;
  readonly values: Float64Array;
  readonly count: number;
  readonly memory: RunMemory;
  readonly exports: KernelExports;
  readonly crew: Crew;
  readonly budget: number;
}

/** One run: block after block of samples. */
export class Passage {
  readonly #parts: PassageParts;
  readonly #stragglers = new Map<number, Straggler>();

  constructor(parts: PassageParts) {
    this.#parts = parts;
  }

  async travel(
    states: ArrayLike<number>,
    tell: (block: Block) => void | Promise<void>,
    { signal, progress }: RunOptions,
  ): Promise<EnsembleSummary> {
    const { memory, plan, method } = this.#parts;
    this.#begin(states);
    const stop = () => memory.stop();
    signal?.throwIfAborted();
    signal?.addEventListener("abort", stop);
    const { adaptive } = method.integrator;
    const whole = adaptive ? plan.samples : plan.rowsBefore(plan.samples);
    const told = () => progress?.(Math.min(1, memory.progress(adaptive) / Math.max(1, whole)));
    const timer = progress && setInterval(told, 100);
    try {
      const { samples } = memory.at;
      for (let first = 0; first < plan.samples; first += samples) {
        const end = Math.min(first + samples, plan.samples);
        await this.#block(first, end);
        signal?.throwIfAborted();
        await tell(this.#read(first, end));
      }
    } finally {
      clearInterval(timer);
      signal?.removeEventListener("abort", stop);
    }
    progress?.(1);
    return this.#summary();
  }

  #begin(states: ArrayLike<number>): void {
    const { memory, plan, values, method, options } = this.#parts;
    const { adaptive } = method.integrator;
    const sign = plan.end >= plan.start ? 1 : -1;
    memory.parameters(values);
    memory.setting("rtol", method.rtol);
    memory.setting("atol", method.atol);
    memory.setting("end", plan.end);
    memory.setting("sign", sign);
    memory.setting("maxStep", options.maxStep ?? Number.POSITIVE_INFINITY);
    memory.setting("firstStep", options.firstStep ?? 0);
    memory.begin(states, plan.start, adaptive ? this.#due(1) : undefined);
  }

  /** Computes samples first … end − 1; sample 0 is the start itself. */
  async #block(first: number, end: number): Promise<void> {
    const { memory, plan, method, exports, kernel, crew, budget } = this.#parts;
    const { at } = memory;
    if (first === 0) {
      memory.planTimes(0, [plan.start]);
      for (let tile = 0; tile < at.tileCount; tile++) {
        exports.record(at.tiles + tile * kernel.layout.bytes, at.scratch, tile * at.tileLanes, 0, at.plan);
      }
    }
    if (end === Math.max(first, 1)) return;
    const rows = plan.rows(first, end);
    let last = end;
    if (method.integrator.adaptive) {
      const times = new Float64Array(end - first + 1);
      for (let k = 0; k < times.length; k++) times[k] = this.#due(first + k);
      memory.planTimes(first, times);
    } else {
      memory.plan(plan.rowsBefore(first), rows, first);
      last = plan.rowsBefore(end);
    }
    await crew.work(memory.jobs(last, crew.threads, budget, first === 0));
    if (method.integrator.scheme.kind === "gauss") this.#continueStragglers(rows, first);
    if (method.integrator.adaptive) this.#blankEnded(first, end);
  }

  /** Adaptive trajectories that came to an end have written nothing behind it. */
  #blankEnded(first: number, end: number): void {
    const { memory, count, kernel } = this.#parts;
    const nothing = new Float64Array(2 * kernel.degreesOfFreedom).fill(Number.NaN);
    for (let b = 0; b < count; b++) {
      if (memory.alive(b)) continue;
      for (let sample = Math.max(first, memory.next(b)); sample < end; sample++) {
        memory.put(sample - first, b, nothing);
        memory.energies(sample - first, count)[b] = Number.NaN;
      }
    }
  }

  /** The time of a sample; behind the last one, never. */
  #due(sample: number): number {
    const { plan } = this.#parts;
    if (sample < plan.samples) return plan.time(sample);
    return plan.end >= plan.start ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  /** Trajectories whose fixed-point iteration fails go on outside, where Newton's method may succeed. */
  #continueStragglers(rows: readonly PlanRow[], sample0: number): void {
    const { memory, count, source, method, values } = this.#parts;
    for (let b = 0; b < count; b++) {
      if (memory.alive(b)) continue;
      const state = memory.state(b);
      if (!state.every(Number.isFinite)) continue;
      const known = this.#stragglers.get(b);
      const going =
        known ?? straggler(method.integrator, portableMotion(source, values), state, memory.number(b, "failTime"));
      this.#stragglers.set(b, going);
      going.advance(rows, (sample, reached) => memory.put(sample - sample0, b, reached));
    }
  }

  #read(first: number, end: number): Block {
    const { memory, plan, count, kernel, options } = this.#parts;
    const dimension = 2 * kernel.degreesOfFreedom;
    const states = new Float64Array((end - first) * count * dimension);
    const energy = options.energy ? new Float64Array((end - first) * count) : undefined;
    for (let k = 0; k < end - first; k++) {
      states.set(memory.states(k, count), k * count * dimension);
      energy?.set(memory.energies(k, count), k * count);
    }
    return { first, times: timesOf(plan, first, end), states, energy };
  }

  #summary(): EnsembleSummary {
    const { memory, plan, count, method, kernel } = this.#parts;
    const { integrator } = method;
    const diverged: Diverged[] = [];
    let [steps, rejected, evaluations, iterations] = [0, 0, 0, 0];
    for (let b = 0; b < count; b++) {
      const end = this.#endOf(b);
      if (end) diverged.push({ trajectory: b, ...end });
      if (integrator.adaptive) {
        steps += memory.number(b, "steps");
        rejected += memory.number(b, "rejected");
        evaluations += memory.number(b, "evaluations");
      } else {
        steps += end ? plan.stepsUntil(end.time) : plan.steps;
        const work = this.#stragglers.get(b)?.stepper.work;
        iterations += memory.number(b, "rounds") + (work?.iterations ?? 0);
      }
    }
    if (!integrator.adaptive) evaluations = this.#evaluations(steps, iterations);
    const { degreesOfFreedom } = kernel;
    const { dt } = plan;
    const common = { method: integrator.name, trajectories: count, degreesOfFreedom, dt, diverged };
    return { ...common, steps, rejected, evaluations, iterations };
  }

  #evaluations(steps: number, iterations: number): number {
    const { scheme } = this.#parts.method.integrator;
    switch (scheme.kind) {
      case "gauss":
        return iterations * scheme.b.length;
      case "runge-kutta":
        return steps * scheme.b.length;
      case "extended":
        return steps * 4 * scheme.weights.length;
      case "splitting":
        return steps * (moves(scheme.drift) * this.#nodes() + moves(scheme.kick));
      case "embedded":
        return 0;
    }
  }

  /** Evaluations of a drift. */
  #nodes(): number {
    const { source, method } = this.#parts;
    return motionFacts(source).kineticDependsOnTime ? gaussLegendre(method.integrator.order).nodes.length : 1;
  }

  /** When and why a trajectory ended before its time. */
  #endOf(b: number): Omit<Diverged, "trajectory"> | undefined {
    const { memory, method } = this.#parts;
    if (memory.alive(b)) return undefined;
    const going = this.#stragglers.get(b);
    if (going) {
      const failure = going.failure();
      return failure && { ...failure };
    }
    const [time, state] = [memory.number(b, "failTime"), memory.state(b)];
    const reason = !state.every(Number.isFinite)
      ? "the start is not finite"
      : method.integrator.adaptive
        ? "no step from here is small enough for the tolerance: the motion is singular there, or not finite"
        : notFinite;
    return { time, state, reason };
  }
}

const moves = (fractions: readonly number[]): number => fractions.filter((fraction) => fraction !== 0).length;
