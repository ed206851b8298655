import { type Dataset, stateAt, stateLength } from "../data/dataset.ts";
import type { Subject } from "./subject.ts";

/**
 * ẋ of each row, [rows, 2n], from the model, or from data that hold it exactly. Undefined where neither is there, or
 * where noise was added to the states, so that the field does not lead from one to the next.
 */
export function ratesOf(subject: Subject): Float64Array | undefined {
  const { dataset, model } = subject;
  if (!dataset.times || dataset.provenance.noise !== undefined) return undefined;
  if (model) return fieldOf(dataset, (x, out, t) => model.field(x, out, undefined, t));
  return dataset.provenance.derivatives === "field" ? dataset.derivatives : undefined;
}

function fieldOf(dataset: Dataset, field: (x: Float64Array, out: Float64Array, t: number) => void): Float64Array {
  const width = stateLength(dataset);
  const rates = new Float64Array(dataset.states.length);
  for (let row = 0; row < dataset.rows; row++) {
    field(stateAt(dataset, row), rates.subarray(row * width, (row + 1) * width), dataset.times![row]!);
  }
  return rates;
}
