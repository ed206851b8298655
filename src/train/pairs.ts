import { type Dataset, stateLength } from "../data/dataset.ts";
import { gatherRows, requireTimes, type SamplePart, type Samples, samplePlaces, stepLengths } from "./samples.ts";

/**
 * Rows of a run and those after them: `x` and `next` `[·, 2n]`, `t` and the time between `dt` `[·, 1]`. Runs end at gaps,
 * and steps may differ in length.
 *
 * @throws HnncError `no-times`, `times-stand-still` (data)
 */
export function pairSamples(dataset: Dataset, part: SamplePart): Samples {
  const width = stateLength(dataset);
  const times = requireTimes(dataset);
  const places = samplePlaces(dataset, part, 2);
  const arrays = {
    x: gatherRows(dataset.states, width, places),
    next: gatherRows(dataset.states, width, places, { shift: 1 }),
    t: gatherRows(times, 1, places),
    dt: stepLengths(times, places, 1),
  };
  return { count: places.length, arrays };
}
