import { type Dataset, stateLength } from "../data/dataset.ts";
import type { PlainField } from "../hnn/plain-field.ts";
import { requireDerivatives, type SamplePart, samplePlaces } from "../train/samples.ts";

/**
 * The mean over the rows of a part, and over components, of (field − derivative)²: the publication's loss, in double
 * precision.
 *
 * @returns NaN where there are no such rows
 */
export function fieldLoss({ field }: PlainField, dataset: Dataset, part: SamplePart): number {
  const width = stateLength(dataset);
  const derivatives = requireDerivatives(dataset);
  const rates = new Float64Array(width);
  let total = 0;
  const places = samplePlaces(dataset, part, 1);
  for (const row of places) {
    field(dataset.states.subarray(row * width, (row + 1) * width), rates);
    for (let c = 0; c < width; c++) total += (rates[c]! - derivatives[row * width + c]!) ** 2;
  }
  return total / (places.length * width);
}
