import { bestOf, meanOf } from "./best.ts";

/** What a run has seen so far: with it, a run that goes on judges as if it had not stopped. */
export interface Seen {
  /** The best parameters at a hundredth step. */
  readonly best: Float64Array;
  /** The mean objective of the steps that began with them; infinite where they are the first ones. */
  readonly bestLoss: number;
  /** The parameters at the last hundredth step, and the objective before each step since then. */
  readonly start: Float64Array;
  readonly since: Float64Array;
}

/** The losses of a run, and what the steps between two checkpoints say of the parameters that they began with. */
export interface Stretch {
  add(losses: Float64Array): void;
  /** Ends a stretch: the parameters that it began with are judged by its losses. Returns their mean. */
  end(next: Float64Array): number;
  /** The mean since the stretch began, NaN of none. */
  mean(): number;
  seen(): Seen;
  /** All that were added. */
  losses(): Float64Array;
}

/**
 * @param first the parameters before the first step
 * @param seen what was seen until then, if the run goes on
 */
export function stretchFrom(first: Float64Array, seen: Seen | undefined): Stretch {
  const best = bestOf(seen?.best ?? first, seen?.bestLoss);
  const all: Float64Array[] = [];
  let since: Float64Array[] = seen ? [seen.since] : [];
  let start = seen?.start ?? first;
  return {
    add(losses) {
      all.push(losses);
      since.push(losses);
    },
    end(next) {
      const losses = joined(since);
      best.offer(start, losses);
      [start, since] = [next, []];
      return meanOf(losses);
    },
    mean: () => meanOf(joined(since)),
    seen: () => ({ best: best.parameters, bestLoss: best.loss, start, since: joined(since) }),
    losses: () => joined(all),
  };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
