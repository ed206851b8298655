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

/** Rows that become one sample: the row itself, or it and the next of its run. */
export interface SamplePlaces {
  /** How many rows a sample spans: 1 or 2. */
  readonly span: 1 | 2;
  /** The first row of each sample. */
  readonly rows: Int32Array;
}

/** The samples of `span` rows that lie in one run and in one part; all rows train where there is no split. */
export function samplePlaces({ runs, test }: Dataset, part: SamplePart, span: 1 | 2): SamplePlaces {
  const wanted = part === "test" ? 1 : 0;
  const isWanted = (row: number) => (test?.[row] ?? 0) === wanted;
  const rows: number[] = [];
  for (const { start, end } of runs) {
    for (let row = start; row + span <= end; row++) if (isWanted(row) && isWanted(row + span - 1)) rows.push(row);
  }
  return { span, rows: Int32Array.from(rows) };
}

/** The rows of `[·, width]` at given places, moved on by `shift`. */
export function pickRows(values: Float64Array, width: number, rows: Int32Array, shift = 0): SampleArray {
  const picked = new Float64Array(rows.length * width);
  rows.forEach((row, k) => {
    picked.set(values.subarray((row + shift) * width, (row + shift + 1) * width), k * width);
  });
  return { width, values: picked };
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

function dataFault(code: string, message: string, hint: string): HnncError {
  return new HnncError({ kind: "data", code, message, hint });
}
