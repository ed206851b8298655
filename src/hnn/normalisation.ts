import { type Dataset, stateLength } from "../data/dataset.ts";
import { differences } from "../data/difference.ts";
import { selectPart } from "../data/select.ts";

/**
 * Where data lie and how large they are, so that networks see and give numbers of order one. States have 2n entries in
 * their order; the units are those of the data.
 */
export interface Normalisation {
  /** Means, [2n]. */
  readonly shift: readonly number[];
  /** Standard deviations, [2n]; 1 where an entry does not vary. */
  readonly scale: readonly number[];
  /** The sizes of the rates of change, root mean squares, [2n]; 1 where there are none. */
  readonly rates: readonly number[];
  /** The size that H varies by: that of dH = q̇ dp − ṗ dq over one standard deviation. */
  readonly energy: number;
}

/**
 * Measures the rows that are not for testing. Rates are the derivatives, or else the difference quotients of rows.
 *
 * @example
 * models.hnn.create({ dimension: 2, normalisation: normalisationOf(data) });
 */
export function normalisationOf(whole: Dataset): Normalisation {
  const dataset = selectPart(whole, "train");
  const width = stateLength(dataset);
  const shift = columnMeans(dataset.states, width, (value) => value);
  const squared = columnMeans(dataset.states, width, (value, k) => (value - shift[k]!) ** 2);
  const scale = squared.map((square, k) =>
    Math.sqrt(square) > roundOff * Math.abs(shift[k]!) ? rootOrOne(square) : 1,
  );
  const rates = columnMeans(ratesOf(dataset), width, (value) => value ** 2).map(rootOrOne);
  const n = width / 2;
  const squares = scale.map((size, k) => (size * rates[k < n ? k + n : k - n]!) ** 2);
  const energy = Math.sqrt(squares.reduce((total, each) => total + each, 0) / width) || 1;
  return { shift, scale, rates, energy };
}

/** A mean of equal numbers is off by less than this part of them, however many they are. */
const roundOff = 1e-10;

function ratesOf(dataset: Dataset): Float64Array {
  if (dataset.derivatives) return dataset.derivatives;
  const { times } = dataset;
  return times ? differences({ ...dataset, times }, 0.5).derivatives! : new Float64Array(0);
}

function columnMeans(values: Float64Array, width: number, of: (value: number, column: number) => number): number[] {
  const totals = new Array<number>(width).fill(0);
  const rows = values.length / width;
  values.forEach((value, at) => {
    totals[at % width]! += of(value, at % width) / rows;
  });
  return totals;
}

function rootOrOne(square: number): number {
  const root = Math.sqrt(square);
  return root > 0 && Number.isFinite(root) ? root : 1;
}

/** What goes into a network and comes out of it is shifted and scaled: y = output · network((x − shift)/scale). */
export interface NetworkScaling {
  /** [inputs] */
  readonly shift: readonly number[];
  /** [inputs] */
  readonly scale: readonly number[];
  /** [outputs] */
  readonly output: readonly number[];
}

/** Of a network that takes the entries `from` … `to − 1` of a state and gives an energy. */
export function energyScaling(
  normalisation: Normalisation | undefined,
  from?: number,
  to?: number,
): NetworkScaling | undefined {
  if (!normalisation) return undefined;
  const { shift, scale, energy } = normalisation;
  return { shift: shift.slice(from, to), scale: scale.slice(from, to), output: [energy] };
}
