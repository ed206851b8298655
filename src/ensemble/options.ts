import type { Integrator } from "../integrate/integrator.ts";
import type { IntegratorName } from "../integrate/integrators.ts";

export interface EnsembleOptions {
  /** A method that suits the model; `auto` chooses. Default `auto`. */
  readonly method?: Integrator | IntegratorName | "auto" | undefined;
  /** The end of a run that starts at 0, or `[start, end]`. */
  readonly t: number | readonly [start: number, end: number];
  /** The size of a fixed step, positive; it is reduced to fit the samples evenly. */
  readonly dt?: number | undefined;
  /** For adaptive methods: error of a step relative to the state. Default 1e-10. */
  readonly rtol?: number | undefined;
  /** For adaptive methods: absolute error of a step. Default rtol / 1000. */
  readonly atol?: number | undefined;
  /**
   * How many equally spaced samples, both ends counted; or their times, in the order of the run. Default: for fixed
   * steps each step, thinned to a thousand, for adaptive methods 101.
   */
  readonly samples?: number | ArrayLike<number> | undefined;
  /** Relaxed-SIMD fused multiply-add: faster, but the bits differ between machines. Default false. */
  readonly fma?: boolean | undefined;
  /**
   * Keeps what rounding takes away from each sum, as the plain steppers do, so that a million steps do not drift; each
   * step is then the plain stepper's, operation by operation. Without, drifts of neighbouring steps are joined and
   * steps of cheap fields take about two thirds of the time. Default true.
   */
  readonly compensated?: boolean | undefined;
  /** Writes H of each sample. Default false. */
  readonly energy?: boolean | undefined;
  /** Threads; 1 works in the calling one. Default: all that pay. Results are the same whatever their number. */
  readonly workers?: number | undefined;
  /** For adaptive methods: the first step to try, and the largest. */
  readonly firstStep?: number | undefined;
  readonly maxStep?: number | undefined;
  /** The strength of the coupling of Tao's methods. */
  readonly omega?: number | undefined;
  /** The most bytes of samples that are held at once while streaming. Default 64 MiB. */
  readonly blockBytes?: number | undefined;
}

export interface RunOptions {
  /** Ends the run: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told about ten times a second which fraction is done. */
  readonly progress?: ((fraction: number) => void) | undefined;
}

/** A trajectory that could not be finished; its later samples are NaN. */
export interface Diverged {
  /** Which one, from 0. */
  readonly trajectory: number;
  /** The time of the last good state, and that state. */
  readonly time: number;
  readonly state: Float64Array;
  readonly reason: string;
}

/** Samples of consecutive times of all trajectories. */
export interface Block {
  /** The number of its first sample; sample 0 is the start. */
  readonly first: number;
  /** [k]. */
  readonly times: Float64Array;
  /** [k, B, 2n], row-major. */
  readonly states: Float64Array;
  /** [k, B]: H, where it was asked for. */
  readonly energy: Float64Array | undefined;
}

/** What a run took; numbers of steps and evaluations are those of all trajectories together. */
export interface EnsembleSummary {
  readonly method: string;
  readonly trajectories: number;
  readonly degreesOfFreedom: number;
  readonly steps: number;
  readonly rejected: number;
  /** Evaluations of the field, or of a half of it. */
  readonly evaluations: number;
  /** Rounds of an implicit method's iteration. */
  readonly iterations: number;
  /** The step that was taken, where it was the same everywhere. */
  readonly dt: number | undefined;
  readonly diverged: readonly Diverged[];
}

export interface EnsembleResult extends EnsembleSummary {
  /** [S]. */
  readonly times: Float64Array;
  /** [S, B, 2n], row-major. */
  readonly states: Float64Array;
  /** [S, B]: H, where it was asked for. */
  readonly energy: Float64Array | undefined;
}
