import type { Dataset } from "../data/dataset.ts";

/** Times of rows, and the steps from row to row within runs. */
export interface TimeSteps {
  readonly from: number;
  readonly to: number;
  /** Absent where no run has two rows, as are the next two. */
  readonly least?: number;
  /** The median. */
  readonly usual?: number;
  readonly most?: number;
}

/** What times a dataset has; undefined without times or rows. */
export function timeStepsOf({ times, runs }: Dataset): TimeSteps | undefined {
  if (!times || times.length === 0) return undefined;
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const t of times) {
    if (t < from) from = t;
    if (t > to) to = t;
  }
  const steps = new Float64Array(times.length - runs.length);
  let at = 0;
  for (const { start, end } of runs) {
    for (let row = start + 1; row < end; row++) steps[at++] = times[row]! - times[row - 1]!;
  }
  if (steps.length === 0) return { from, to };
  steps.sort();
  return { from, to, least: steps[0]!, usual: steps[steps.length >> 1]!, most: steps.at(-1)! };
}
