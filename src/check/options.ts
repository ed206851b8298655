import type { StateSampler } from "../data/sampling.ts";
import type { Integrator } from "../integrate/integrator.ts";

export interface CheckOptions {
  /** How many random states. Default 100. */
  readonly points?: number | undefined;
  /** Of the random states, a whole number. Default 0. */
  readonly seed?: number | undefined;
  /** How long trajectories are followed. Default: some ten characteristic times, less where errors grow fast. */
  readonly t?: number | undefined;
  /** Where trajectories start, `[2n]`. Default: what the model text gives, else the first random state. */
  readonly start?: ArrayLike<number> | undefined;
  /** Draws random states. Default: around the start, or of the order of 1. */
  readonly region?: StateSampler | undefined;
  /** Methods whose order is measured. Default: two that suit the model. */
  readonly methods?: readonly Integrator[] | undefined;
  /** Runs the emitted TensorFlow.js module too, which takes a second to load. Default false. */
  readonly tfjs?: boolean | undefined;
}
