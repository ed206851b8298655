import { type Dataset, stateLength, stateNames } from "../data/dataset.ts";
import { selectPart } from "../data/select.ts";

/** The box that training data lie in: outside of it a network says whatever it likes. */
export interface Region {
  /** The names of the state's entries, [2n]. */
  readonly names: readonly string[];
  /** [2n]. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/**
 * The least and the greatest of each entry among the rows that are not for testing, and some room.
 *
 * @param margin the room on either side as a part of the range. Default 0.05
 */
export function trainingRegion(dataset: Dataset, margin = 0.05): Region {
  const { states, rows } = selectPart(dataset, "train");
  const width = stateLength(dataset);
  const low = new Array<number>(width).fill(Number.POSITIVE_INFINITY);
  const high = new Array<number>(width).fill(Number.NEGATIVE_INFINITY);
  for (let at = 0; at < rows * width; at++) {
    const k = at % width;
    low[k] = Math.min(low[k]!, states[at]!);
    high[k] = Math.max(high[k]!, states[at]!);
  }
  const room = low.map((value, k) => margin * (high[k]! - value));
  return {
    names: stateNames(dataset),
    low: low.map((value, k) => value - room[k]!),
    high: high.map((value, k) => value + room[k]!),
  };
}
