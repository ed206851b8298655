import type { Source } from "../codegen/target.ts";
import { type Taylor, type TaylorRunOptions, taylor } from "../codegen/taylor/taylor.ts";
import { Divergence } from "../integrate/divergence.ts";
import { type EventFormula, eventExpression } from "./event-formula.ts";

/** What all trajectories of a run by Taylor series have in common; plain data, so that it can be sent to a thread. */
export interface TaylorJob {
  readonly tolerance: number;
  readonly fma: boolean;
  readonly events: readonly EventFormula[];
  readonly t: readonly [start: number, end: number];
  readonly samples: number | Float64Array;
  /** The flat parameter vector. */
  readonly params: Float64Array;
}

/** An event on one trajectory. */
export interface Happening {
  readonly event: number;
  readonly t: number;
  readonly state: Float64Array;
  readonly direction: "up" | "down";
}

/** A stretch of a trajectory. */
export interface Stretch {
  readonly times: Float64Array;
  readonly states: Float64Array;
  readonly events: readonly Happening[];
  readonly steps: number;
  /** Why it ends here before its time. */
  readonly failure: string | undefined;
}

export function taylorOf(source: Source, { tolerance, fma, events }: TaylorJob): Taylor {
  return taylor(source, { tolerance, fma, events: events.map((event) => eventExpression(source.model, event)) });
}

/** An integrator for one run; `giveBack` when it is done. */
export interface LentTaylor {
  readonly integrator: Taylor;
  giveBack(): void;
}

/** Integrators that no run uses at the moment, by model and by what they were compiled for. */
const idle = new WeakMap<Source, Map<string, Taylor[]>>();
const mostIdle = 2;
const mostKinds = 4;

/** The integrator of an earlier run of the same model, or a new one: compiling takes longer than many runs do. */
export function lendTaylor(source: Source, job: TaylorJob): LentTaylor {
  const kinds = idle.get(source) ?? new Map<string, Taylor[]>();
  idle.set(source, kinds);
  const key = JSON.stringify([job.tolerance, job.fma, job.events]);
  const integrator = kinds.get(key)?.pop() ?? taylorOf(source, job);
  return {
    integrator,
    giveBack() {
      const kept = kinds.get(key) ?? [];
      if (kept.length < mostIdle) kept.push(integrator);
      if (kinds.size < mostKinds || kinds.has(key)) kinds.set(key, kept);
    },
  };
}

/** Follows one trajectory in stretches that take about `pace` milliseconds each. */
export function* stretchesOf(integrator: Taylor, job: TaylorJob, x0: Float64Array, pace: number): Generator<Stretch> {
  const { t, samples, params } = job;
  const options: TaylorRunOptions = { t, samples, params };
  let steps = 256;
  let begun = performance.now();
  const stream = integrator.stream(x0, { ...options, steps: () => steps, rows: 2 ** 16 });
  try {
    for (const { times, states, events, steps: taken } of stream) {
      const elapsed = performance.now() - begun;
      if (elapsed < pace / 2) steps *= 2;
      else if (elapsed > 2 * pace) steps = Math.max(16, steps / 2);
      yield { times, states, events, steps: taken, failure: undefined };
      begun = performance.now();
    }
  } catch (error) {
    if (!(error instanceof Divergence)) throw error;
    const { times, states, steps: taken } = error.samples;
    const { events } = error.samples as typeof error.samples & Pick<Stretch, "events">;
    yield { times, states, events, steps: taken, failure: error.message };
  }
}
