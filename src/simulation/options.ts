import type { Diverged } from "../ensemble/options.ts";
import type { Integrator } from "../integrate/integrator.ts";
import type { IntegratorName } from "../integrate/integrators.ts";
import type { EventFormula } from "./event-formula.ts";

/** The methods `simulate` knows by name, besides `auto`. */
export type MethodName = IntegratorName | "taylor";

/** An event that happened. */
export interface EventRecord {
  /** Which trajectory, from 0. */
  readonly run: number;
  /** The place of the event in the options. */
  readonly event: number;
  readonly t: number;
  /** `[q1 … qn, p1 … pn]` */
  readonly state: Float64Array;
  readonly direction: "up" | "down";
}

export interface SimulateOptions {
  /** The end of a run that starts at 0, or `[start, end]`. An end before the start runs backwards. */
  readonly t: number | readonly [start: number, end: number];
  /** One state `[2n]`, or B of them `[B·2n]` row-major. Default: the start that the model text gives. */
  readonly x0?: ArrayLike<number> | undefined;
  /** The size of a fixed step, positive; it is reduced to fit the samples evenly. */
  readonly dt?: number | undefined;
  /** Error of a step relative to the state, for methods that choose their steps. Default: round-off for `taylor`, else 1e-10. */
  readonly rtol?: number | undefined;
  /** Absolute error of a step, for the adaptive Runge–Kutta methods. Default rtol / 1000. */
  readonly atol?: number | undefined;
  /** Default `auto`: chosen from H, step, tolerance and horizon; the report says why. */
  readonly method?: Integrator | MethodName | "auto" | undefined;
  /**
   * How many equally spaced samples, both ends counted; or their times, in the order of the run. Default 1001, and for fixed
   * steps each step, thinned to a thousand. Any number up to a milliard: they need no memory where they are handed on in
   * chunks.
   */
  readonly samples?: number | ArrayLike<number> | undefined;
  /** Values of parameters that differ from the model's, in base units where it has units. */
  readonly params?: Readonly<Record<string, number | readonly number[]>> | undefined;
  /** What is noticed on the way: `taylor` finds it on its polynomials, to round-off. */
  readonly events?: readonly EventFormula[] | undefined;
  /** Whether to write ẋ of each sample. Default false. */
  readonly derivatives?: boolean | undefined;
  /** Threads. Default: all that pay. Results are the same bits whatever their number. */
  readonly workers?: number | undefined;
  /** Relaxed-SIMD fused multiply-add: faster, bits differ between machines. Default false. */
  readonly fma?: boolean | undefined;
  /** The most bytes of samples that are held at once while they are handed on. Default 64 MiB. */
  readonly blockBytes?: number | undefined;
  /** Ends the run: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told about ten times a second which fraction is done. */
  readonly progress?: ((fraction: number) => void) | undefined;
}

/** What a run took, and what happened on the way. */
export interface SimulationReport {
  readonly method: string;
  /** Why this method: a sentence for a person. */
  readonly reason: string;
  readonly trajectories: number;
  /** Of all trajectories together, as are the next three. */
  readonly steps: number;
  readonly rejected: number;
  /** Evaluations of the field or a half of it; for `taylor` of its series, one a step. */
  readonly evaluations: number;
  /** Rounds of an implicit method's iteration. */
  readonly iterations: number;
  /** The step that was taken, where it was the same everywhere. */
  readonly dt: number | undefined;
  /** In the order of trajectories, and of the run within each. */
  readonly events: readonly EventRecord[];
  /** Trajectories that could not be finished; their rows end at the last good state. */
  readonly diverged: readonly Diverged[];
}
