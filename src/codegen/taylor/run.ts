import { HnncError } from "../../errors.ts";
import { describeState } from "../../integrate/describe-state.ts";
import { Divergence } from "../../integrate/divergence.ts";
import type { SampleTimes } from "../../integrate/sample-plan.ts";
import { SampleBuffer, type Samples } from "../../integrate/samples.ts";
import type { Crossing, Crossings } from "./events.ts";
import type { TaylorLayout } from "./layout.ts";
import { stateAfter, type TaylorStepper } from "./step.ts";
import { clock } from "./wasm.ts";

/** An event that happened. */
export interface EventRecord {
  /** The place of the event in the options. */
  readonly event: number;
  readonly t: number;
  /** `[q1 … qn, p1 … pn]` */
  readonly state: Float64Array;
  /** The sign change: from − to + is `up`. */
  readonly direction: "up" | "down";
}

/** A trajectory, or a stretch of one. */
export interface TaylorSamples extends Samples {
  readonly events: readonly EventRecord[];
  /** The event that ended the run, if one did. */
  readonly endedBy: EventRecord | undefined;
}

/** What a run does. */
export interface Plan {
  readonly start: number;
  readonly end: number;
  /** Times after the start, in the order of the run; undefined: each step. */
  readonly samples: SampleTimes | undefined;
  /** Which events end the run. */
  readonly terminal: readonly boolean[];
  readonly mostSteps: number;
}

/** Calls into WebAssembly take at most this many steps, so that a motion that stands still is noticed. */
const stepsAtOnce = 20_000;
/** Steps in a row that hardly move the time. */
const mostStalled = 200;

const [clockT, clockCarry, clockStep] = [clock.t / 8, clock.carry / 8, clock.step / 8];

/** A run under way. */
export class TaylorRun {
  readonly #layout: TaylorLayout;
  readonly #stepper: TaylorStepper;
  /** Events and branches to look for; undefined where there are none. */
  readonly #crossings: Crossings | undefined;
  readonly #plan: Plan;
  readonly #at: Float64Array;
  #buffer: SampleBuffer;
  #events: EventRecord[] = [];
  #endedBy: EventRecord | undefined;
  #next = 0;
  #steps = 0;
  /** Steps of the pieces that were taken. */
  #stepsBefore = 0;
  #stalled = 0;
  #finished: boolean;

  constructor(layout: TaylorLayout, stepper: TaylorStepper, found: Crossings | undefined, plan: Plan) {
    this.#layout = layout;
    this.#stepper = stepper;
    this.#crossings = found;
    this.#plan = plan;
    this.#at = new Float64Array(layout.dimension);
    this.#buffer = new SampleBuffer(layout.dimension, Math.min((plan.samples?.length ?? 3) + 1, 4096));
    this.#finished = plan.start === plan.end;
    this.#buffer.push(plan.start, this.#state());
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** Goes on until `rows` samples are there, `steps` are taken, or the end is reached; answers and forgets them. */
  take(rows: number, steps: number): TaylorSamples {
    while (!this.#finished && this.#buffer.count < rows && this.#steps < steps) this.#advance(steps - this.#steps);
    const taken = this.#collected();
    if (!this.#finished) this.#buffer = new SampleBuffer(this.#layout.dimension, Math.min(rows, 4096));
    this.#events = [];
    this.#stepsBefore += this.#steps;
    this.#steps = 0;
    return taken;
  }

  #collected(): TaylorSamples {
    return {
      method: "taylor",
      degreesOfFreedom: this.#layout.dimension / 2,
      times: this.#buffer.times(),
      states: this.#buffer.states(),
      steps: this.#steps,
      rejected: 0,
      evaluations: this.#steps,
      iterations: 0,
      dt: undefined,
      events: this.#events,
      endedBy: this.#endedBy,
    };
  }

  #state(): Float64Array {
    const first = this.#layout.state / 8;
    return this.#stepper.numbers.subarray(first, first + this.#layout.dimension);
  }

  /** Goes to the next step of which something is wanted, and takes it; stops on the way after so many steps. */
  #advance(mostTaken: number): void {
    const { numbers } = this.#stepper;
    const { end, samples, mostSteps } = this.#plan;
    const before = numbers[clockT]!;
    const everyStep = this.#crossings !== undefined || samples === undefined;
    const until = everyStep ? before : this.#next < samples.length ? samples.at(this.#next) : end;
    const left = mostSteps - this.#stepsBefore - this.#steps;
    const room = Math.min(stepsAtOnce, mostTaken, left);
    const taken = this.#stepper.propagate(until, end, room);
    this.#steps += taken;
    if (taken >= left) throw this.#diverged(tooMany(mostSteps, numbers[clockT]!));
    const moved = Math.abs(numbers[clockT]! - before);
    if (taken === room) {
      if (moved <= taken * 8 * Number.EPSILON * Math.abs(before)) throw this.#diverged(this.#noStep());
      return;
    }
    this.#finish(numbers[clockStep]!);
  }

  /** Takes the step at hand. */
  #finish(width: number): void {
    const { numbers } = this.#stepper;
    const { end } = this.#plan;
    const [t, carry] = [numbers[clockT]!, numbers[clockCarry]!];
    if (!(Math.abs(width) > 0)) throw this.#diverged(this.#noStep());
    let h = this.#crossings ? this.#crossings.cut(width) : width;
    const ending = this.#findEvents(t, h);
    if (ending) h = ending.after;
    const reaches = !ending && h === end - t - carry;
    const later = ending ? t + h : reaches ? end : t + (h + carry);
    this.#stalled = Math.abs(h) <= 16 * Number.EPSILON * Math.abs(t) ? this.#stalled + 1 : 0;
    if (this.#stalled > mostStalled) throw this.#diverged(this.#noStep());
    this.#record(t, h, later, reaches);
    this.#crossings?.done(t, h);
    this.#stepper.update(h);
    numbers[clockCarry] = reaches || ending ? 0 : t - later + (h + carry);
    numbers[clockT] = later;
    this.#steps++;
    this.#finished = reaches || ending !== undefined;
    const { samples } = this.#plan;
    if (samples === undefined || ending) this.#buffer.push(later, this.#state());
    else if (reaches) for (; this.#next < samples.length; this.#next++) this.#buffer.push(end, this.#state());
  }

  /** The samples that lie in the step, its end left to the state itself where that is the end of the run. */
  #record(t: number, h: number, later: number, reaches: boolean): void {
    const { samples } = this.#plan;
    const { numbers } = this.#stepper;
    if (samples === undefined) return;
    for (; this.#next < samples.length; this.#next++) {
      const at = samples.at(this.#next);
      if ((later - at) * h < 0 || (reaches && at === later)) return;
      stateAfter(this.#layout, numbers, at - t - numbers[clockCarry]!, this.#at);
      this.#buffer.push(at, this.#at);
    }
  }

  /** Records the events of the step up to the first that ends the run, and answers that one. */
  #findEvents(t: number, h: number): Crossing | undefined {
    for (const crossing of this.#crossings?.find(t, h) ?? []) {
      stateAfter(this.#layout, this.#stepper.numbers, crossing.after, this.#at);
      const time = t + (crossing.after + this.#stepper.numbers[clockCarry]!);
      const { event, direction } = crossing;
      const record = { event, t: time, state: this.#at.slice(), direction };
      this.#events.push(record);
      if (!this.#plan.terminal[event]) continue;
      this.#endedBy = record;
      return crossing;
    }
    return undefined;
  }

  /** The last good state becomes the last sample. */
  #diverged(cause: HnncError): Divergence {
    const t = this.#stepper.numbers[clockT]!;
    const state = this.#state();
    const known = this.#buffer.count > 0 && this.#buffer.lastTime() === t;
    if (!known && state.every(Number.isFinite)) this.#buffer.push(t, state);
    return new Divergence(cause.message, this.#collected(), cause);
  }

  #noStep(): HnncError {
    const t = this.#stepper.numbers[clockT]!;
    return new HnncError({
      kind: "diverged",
      code: "step-too-small",
      message: `no step from t = ${t} is small enough for the tolerance: the motion is singular there, or not finite`,
      notes: [`state at t = ${t}: ${describeState(this.#state())}`],
      hint: "end before that time, or keep away from the singularity",
    });
  }
}

function tooMany(mostSteps: number, t: number): HnncError {
  return new HnncError({
    kind: "limit",
    code: "too-many-steps",
    message: `${mostSteps} steps have brought the run to t = ${t} only`,
    hint: "give a larger maxSteps or a shorter time",
  });
}
