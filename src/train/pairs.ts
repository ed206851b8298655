import { type Dataset, stateLength } from "../data/dataset.ts";
import { HnncError } from "../errors.ts";
import { pickRows, requireTimes, type SamplePart, type Samples, samplePlaces } from "./samples.ts";

/**
 * Rows of a run and those after them: `x` and `next` `[·, 2n]`, `t` and the time between `dt` `[·, 1]`. Runs end at gaps,
 * and steps may differ in length.
 *
 * @throws HnncError `no-times`, `times-stand-still` (data)
 */
export function pairSamples(dataset: Dataset, part: SamplePart): Samples {
  const width = stateLength(dataset);
  const times = requireTimes(dataset);
  const { rows } = samplePlaces(dataset, part, 2);
  const dt = Float64Array.from(rows, (row) => times[row + 1]! - times[row]!);
  const still = dt.indexOf(0);
  if (still >= 0) {
    const row = rows[still]! + 1;
    throw new HnncError({
      kind: "data",
      code: "times-stand-still",
      message: `rows ${row} and ${row + 1} have the same time, ${times[row - 1]}`,
    });
  }
  const arrays = {
    x: pickRows(dataset.states, width, rows),
    next: pickRows(dataset.states, width, rows, 1),
    t: pickRows(times, 1, rows),
    dt: { width: 1, values: dt },
  };
  return { count: rows.length, arrays };
}
