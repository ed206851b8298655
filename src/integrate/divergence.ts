import { HnncError } from "../errors.ts";
import { describeState } from "./describe-state.ts";
import type { Samples } from "./samples.ts";

/** A run that could not be finished. What was computed until then is kept. */
export class Divergence extends HnncError {
  /** The samples before the failure, the last good state among them as the last. */
  readonly samples: Samples;

  constructor(reason: string, samples: Samples, cause?: HnncError) {
    const time = samples.times[samples.times.length - 1]!;
    const state = samples.states.subarray(-2 * samples.degreesOfFreedom);
    super({
      kind: "diverged",
      code: cause?.code ?? "diverged",
      message: reason,
      notes: [`last good state, at t = ${time}: ${describeState(state)}`],
      hint: cause?.hint ?? "take a smaller dt, an adaptive method, or end before that time",
      cause,
    });
    this.samples = samples;
  }
}
