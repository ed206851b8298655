import type { Region } from "../../hnn/region.ts";
import { type Figure, figure } from "./statistics.ts";

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
