import { HnncError } from "../errors.ts";
import { type Dataset, makeDataset } from "./dataset.ts";
import { randomStream } from "./random.ts";

export interface SplitOptions {
  /** The part that is for testing, 0 … 1; the number of items is rounded. */
  readonly test: number;
  /**
   * What is divided. Default `run`: neighbours on a trajectory are nearly equal, and a test set that holds the neighbours
   * of training rows measures memory. `row` divides rows.
   */
  readonly by?: "run" | "row" | undefined;
  /** Which items test: drawn at random (default), the first ones or the last ones. */
  readonly which?: "random" | "first" | "last" | undefined;
  /** For `random`. Default 0. */
  readonly seed?: number | undefined;
}

/**
 * Which of the items 0 … total − 1 are for testing. A shard that knows the total knows its part.
 *
 * @returns [total], 1 for testing
 * @throws HnncError `bad-split` (usage)
 */
export function splitItems(total: number, { test, which = "random", seed = 0 }: SplitOptions): Uint8Array {
  if (!(test >= 0 && test <= 1)) {
    throw new HnncError({ kind: "usage", code: "bad-split", message: `the part ${test} is not between 0 and 1` });
  }
  const count = Math.round(test * total);
  const marks = new Uint8Array(total);
  if (which === "first") return marks.fill(1, 0, count);
  if (which === "last") return marks.fill(1, total - count);
  const stream = randomStream(seed, "split");
  const keys = Float64Array.from(marks, (_, item) => stream.at(item).uniform());
  const order = Uint32Array.from(marks, (_, item) => item).sort((a, b) => keys[a]! - keys[b]! || a - b);
  for (const item of order.subarray(0, count)) marks[item] = 1;
  return marks;
}

/** Divides a dataset into training and testing rows. */
export function splitDataset(dataset: Dataset, options: SplitOptions): Dataset {
  const { by = "run", test: part, which = "random", seed = 0 } = options;
  let test: Uint8Array;
  if (by === "row") test = splitItems(dataset.rows, options);
  else {
    const marks = splitItems(dataset.runs.length, options);
    test = new Uint8Array(dataset.rows);
    for (const [k, { start, end }] of dataset.runs.entries()) test.fill(marks[k]!, start, end);
  }
  const split = { test: part, by, which, ...(which === "random" && { seed }) };
  return makeDataset({ ...dataset, test, provenance: { ...dataset.provenance, split } });
}
