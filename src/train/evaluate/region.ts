import { type Dataset, stateLength, stateNames } from "../../data/dataset.ts";
import { selectPart } from "../../data/select.ts";
import { type Figure, figure } from "./statistics.ts";

/** The box that training data lie in: outside of it a network says whatever it likes. */
export interface Region {
  /** The names of the state's entries, [2n]. */
  readonly names: readonly string[];
  /** [2n]. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** How much of a trajectory is outside a region. */
export interface Outside {
  /** The part of the states, 0 … 1. */
  readonly fraction: number;
  /** The first time outside; null where there is none. */
  readonly firstTime: Figure;
  /** The name of the entry that left first. */
  readonly entry: string | null;
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

/**
 * Compares states with a region.
 *
 * @param states [k, 2n]
 * @example
 * const { fraction } = outsideOf(trainingRegion(data), trajectory);
 * if (fraction > 0) console.warn("the model is asked where it was not trained");
 */
export function outsideOf(
  { names, low, high }: Region,
  { times, states }: { readonly times: Float64Array | undefined; readonly states: Float64Array },
): Outside {
  const width = names.length;
  const rows = states.length / width;
  let [count, first, entry] = [0, -1, -1];
  for (let row = 0; row < rows; row++) {
    const out = low.findIndex((value, k) => {
      const x = states[row * width + k]!;
      return !(x >= value && x <= high[k]!);
    });
    if (out < 0) continue;
    count += 1;
    if (first < 0) [first, entry] = [row, out];
  }
  return {
    fraction: rows === 0 ? 0 : count / rows,
    firstTime: first < 0 ? null : figure(times?.[first]),
    entry: entry < 0 ? null : names[entry]!,
  };
}
