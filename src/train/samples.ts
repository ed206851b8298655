import { type Dataset, derivativeName, stateLength, stateNames } from "../data/dataset.ts";
import { HnncError } from "../errors.ts";

/** One array of samples, row-major `[count, width]`. */
export interface SampleArray {
  readonly width: number;
  readonly values: Float64Array;
}

/** What a loss is computed from: arrays with a row a sample. */
export interface Samples {
  readonly count: number;
  readonly arrays: Readonly<Record<string, SampleArray>>;
}

/** The rows of a dataset that are for training, or for testing. */
export type SamplePart = "train" | "test";

/**
 * The first rows of the samples of `span` rows that lie in one run and, with all rows, in one part; all rows train where
 * there is no split.
 */
export function samplePlaces({ runs, test }: Dataset, part: SamplePart, span: number): Int32Array {
  const wanted = part === "test" ? 1 : 0;
  const places: number[] = [];
  for (const { start, end } of runs) {
    let fitting = 0;
    for (let row = start; row < end; row++) {
      fitting = (test?.[row] ?? 0) === wanted ? fitting + 1 : 0;
      if (fitting >= span) places.push(row - span + 1);
    }
  }
  return Int32Array.from(places);
}

/** Which rows belong to a sample: `length` of them, `shift` after its first. */
export interface RowWindow {
  /** Default 0. */
  readonly shift?: number;
  /** Default 1. */
  readonly length?: number;
}

/** Rows of `values` `[·, width]` beside each other: `[count, length · width]` for samples that begin at `places`. */
export function gatherRows(
  values: Float64Array,
  width: number,
  places: Int32Array,
  { shift = 0, length = 1 }: RowWindow = {},
): SampleArray {
  const whole = length * width;
  const picked = new Float64Array(places.length * whole);
  places.forEach((row, k) => {
    picked.set(values.subarray((row + shift) * width, (row + shift) * width + whole), k * whole);
  });
  return { width: whole, values: picked };
}

/**
 * The times between rows, `[count, length]`.
 *
 * @throws HnncError `times-stand-still` (data) where two rows have one time
 */
export function stepLengths(times: Float64Array, places: Int32Array, length: number): SampleArray {
  const values = new Float64Array(places.length * length);
  places.forEach((place, k) => {
    for (let step = 0; step < length; step++) {
      const row = place + step;
      const dt = times[row + 1]! - times[row]!;
      if (dt === 0)
        throw dataFault("times-stand-still", `rows ${row + 1} and ${row + 2} have the same time, ${times[row]}`);
      values[k * length + step] = dt;
    }
  });
  return { width: length, values };
}

/** Samples `from` … `to − 1`, as views. */
export function samplesBetween({ arrays }: Samples, from: number, to: number): Samples {
  const views = Object.entries(arrays).map(([name, { width, values }]): [string, SampleArray] => [
    name,
    { width, values: values.subarray(from * width, to * width) },
  ]);
  return { count: to - from, arrays: Object.fromEntries(views) };
}

/** At most so many samples, evenly picked. */
export function thinnedSamples(samples: Samples, most: number): Samples {
  if (samples.count <= most) return samples;
  const places = Int32Array.from({ length: most }, (_, k) => Math.floor((k * samples.count) / most));
  const picked = Object.entries(samples.arrays).map(([name, { width, values }]): [string, SampleArray] => [
    name,
    gatherRows(values, width, places),
  ]);
  return { ...samples, count: most, arrays: Object.fromEntries(picked) };
}

/** The derivatives of a dataset. */
export function requireDerivatives(dataset: Dataset): Float64Array {
  if (dataset.derivatives) return dataset.derivatives;
  const names = stateNames(dataset).map(derivativeName).join(" ");
  throw dataFault(
    "no-derivatives",
    `the data has no derivatives (${names})`,
    "use the loss `midpoint`, which takes rows a step apart",
  );
}

/** The times of a dataset. */
export function requireTimes(dataset: Dataset): Float64Array {
  if (dataset.times) return dataset.times;
  throw dataFault("no-times", "the rows have no times", "say which column holds them: --columns t=time");
}

/**
 * Refuses numbers that are not finite: in training they would spoil every parameter at once.
 *
 * @throws HnncError `not-finite` (data) naming the row and the column
 */
export function requireFinite(dataset: Dataset): void {
  const width = stateLength(dataset);
  const names = stateNames(dataset);
  const find = (values: Float64Array | undefined, nameOf: (column: number) => string, columns: number) => {
    const at = values ? values.findIndex((value) => !Number.isFinite(value)) : -1;
    if (at < 0) return;
    const [row, name] = [Math.floor(at / columns), nameOf(at % columns)];
    throw dataFault("not-finite", `row ${row + 1} has ${values![at]} for \`${name}\``, "leave the row out, or mend it");
  };
  find(dataset.states, (k) => names[k]!, width);
  find(dataset.derivatives, (k) => derivativeName(names[k]!), width);
  find(dataset.times, () => "t", 1);
}

function dataFault(code: string, message: string, hint?: string): HnncError {
  return new HnncError({ kind: "data", code, message, hint });
}
