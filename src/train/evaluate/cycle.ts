import type { RollOut } from "./roll-out.ts";
import { type Figure, median } from "./statistics.ts";

/**
 * How long a cycle takes: the mean time between upward passages of an entry through its mean, of the entry that has the
 * most. Null where none passes twice.
 */
export function cycleLength(runs: readonly Pick<RollOut, "times" | "states">[]): Figure {
  return median(runs.map(cycleOf));
}

function cycleOf({ times, states }: Pick<RollOut, "times" | "states">): Figure {
  const width = states.length / times.length;
  let best: { passages: number; length: Figure } = { passages: 1, length: null };
  for (let k = 0; k < width; k++) {
    const values = times.map((_, row) => states[row * width + k]!);
    const passages = upwardPassages(times, values);
    if (passages.length <= best.passages) continue;
    const length = (passages.at(-1)! - passages[0]!) / (passages.length - 1);
    best = { passages: passages.length, length };
  }
  return best.length;
}

/** The times at which values pass their mean upwards, between samples on a straight line. */
function upwardPassages(times: Float64Array, values: Float64Array): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const passages: number[] = [];
  for (let row = 1; row < values.length; row++) {
    const [before, after] = [values[row - 1]! - mean, values[row]! - mean];
    if (!(before < 0 && after >= 0)) continue;
    passages.push(times[row - 1]! + ((times[row]! - times[row - 1]!) * before) / (before - after));
  }
  return passages;
}
