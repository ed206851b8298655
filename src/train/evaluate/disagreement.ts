import type { PlainField } from "../../hnn/plain-field.ts";
import { type Figure, figure, median } from "./statistics.ts";

/** How far models that differ in their seeds alone are apart: where they disagree none is to be believed. */
export interface Disagreement {
  /** How many models. */
  readonly members: number;
  /** The standard deviation of the field over its root mean square over all states: the median over states, and the greatest. */
  readonly median: Figure;
  readonly greatest: Figure;
}

/**
 * Compares the fields of an ensemble.
 *
 * @param fields at least two
 * @param states [k, 2n]
 * @returns at each state the standard deviation over the members, over the root mean square of all fields, [k]
 */
export function fieldSpread(
  fields: readonly Pick<PlainField, "field" | "dimension">[],
  states: Float64Array,
): Float64Array {
  const width = fields[0]!.dimension;
  const rows = states.length / width;
  const [rate, sum, squares] = [new Float64Array(width), new Float64Array(width), new Float64Array(width)];
  let power = 0;
  const spread = Float64Array.from({ length: rows }, (_, row) => {
    sum.fill(0);
    squares.fill(0);
    for (const { field } of fields) {
      field(states.subarray(row * width, (row + 1) * width), rate);
      rate.forEach((value, k) => {
        sum[k]! += value;
        squares[k]! += value ** 2;
      });
    }
    const count = fields.length;
    power += squares.reduce((total, value) => total + value, 0) / (count * width);
    const variances = squares.map((value, k) => Math.max(value / count - (sum[k]! / count) ** 2, 0));
    return Math.sqrt(variances.reduce((total, value) => total + value, 0) / width);
  });
  const size = Math.sqrt(power / rows) || 1;
  return spread.map((value) => value / size);
}

/** The same as figures. */
export function disagreementOf(
  fields: readonly Pick<PlainField, "field" | "dimension">[],
  states: Float64Array,
): Disagreement {
  const spread = [...fieldSpread(fields, states)].map(figure);
  const known = spread.filter((value) => value !== null);
  return {
    members: fields.length,
    median: median(spread),
    greatest: known.length === 0 ? null : known.reduce((a, b) => Math.max(a, b)),
  };
}
