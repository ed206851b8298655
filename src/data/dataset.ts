import { HnncError } from "../errors.ts";
import type { Provenance } from "./provenance.ts";

/** Rows that follow one another in time: a trajectory, or a stretch of one between gaps. */
export interface Run {
  /** Which trajectory of the whole run it is, also where a file holds only some of them. 0 … 2^31 − 1, unique. */
  readonly id: number;
  /** Its rows: `start` … `end - 1`. */
  readonly start: number;
  readonly end: number;
}

/**
 * Samples of one or many trajectories: what `simulate` and `generate` make, what formats read and write, what plots
 * and training take.
 *
 * Arrays have a row a sample and are row-major. A state is `[q1 … qn, p1 … pn]`; columns carry the entries' names.
 */
export interface Dataset {
  /** n names, such as `["q"]` or `["q[1]", "q[2]"]`. */
  readonly coordinates: readonly string[];
  /** Paired with `coordinates` by position. */
  readonly momenta: readonly string[];
  readonly rows: number;
  /** [rows]; absent where rows are separate points of phase space. */
  readonly times: Float64Array | undefined;
  /** [rows, 2n]. */
  readonly states: Float64Array;
  /** ẋ, [rows, 2n]. */
  readonly derivatives: Float64Array | undefined;
  /** H, [rows]. */
  readonly energies: Float64Array | undefined;
  /** [rows], 1 where the row is for testing, 0 where it is for training. */
  readonly test: Uint8Array | undefined;
  /** In the order of rows, without holes; none is empty. */
  readonly runs: readonly Run[];
  readonly provenance: Provenance;
}

/** A dataset whose rows have times. */
export type Trajectory = Dataset & { readonly times: Float64Array };

/** What a dataset is made of; what is left out is absent, one run, no provenance. */
export interface DatasetParts {
  readonly coordinates: readonly string[];
  readonly momenta: readonly string[];
  readonly times?: Float64Array | undefined;
  readonly states: Float64Array;
  readonly derivatives?: Float64Array | undefined;
  readonly energies?: Float64Array | undefined;
  readonly test?: Uint8Array | undefined;
  readonly runs?: readonly Run[] | undefined;
  readonly provenance?: Provenance | undefined;
}

/**
 * Puts a dataset together; arrays are kept, not copied.
 *
 * @throws HnncError kind `usage` where lengths disagree or runs do not cover the rows
 * @example
 * makeDataset({ coordinates: ["q"], momenta: ["p"], times: Float64Array.of(0, 1), states: Float64Array.of(1, 0, 0.5, -0.8) });
 */
export function makeDataset(parts: DatasetParts & { readonly times: Float64Array }): Trajectory;
export function makeDataset(parts: DatasetParts): Dataset;
export function makeDataset(parts: DatasetParts): Dataset {
  const { coordinates, momenta, states, times, derivatives, energies, test, provenance = {} } = parts;
  const width = coordinates.length + momenta.length;
  if (coordinates.length === 0 || coordinates.length !== momenta.length) {
    throw refusal(`${coordinates.length} coordinates do not pair with ${momenta.length} momenta`);
  }
  const rows = states.length / width;
  if (!Number.isInteger(rows)) throw refusal(`${states.length} numbers are not rows of ${width}`);
  const lengths = { times: times?.length, energies: energies?.length, test: test?.length };
  for (const [name, length] of Object.entries(lengths)) {
    if (length !== undefined && length !== rows) throw refusal(`${rows} states have ${length} ${name}`);
  }
  if (derivatives && derivatives.length !== states.length) {
    throw refusal(`${states.length} numbers of states have ${derivatives.length} of derivatives`);
  }
  const runs = parts.runs ?? (rows === 0 ? [] : [{ id: 0, start: 0, end: rows }]);
  requireRuns(runs, rows);
  return { coordinates, momenta, rows, times, states, derivatives, energies, test, runs, provenance };
}

function requireRuns(runs: readonly Run[], rows: number): void {
  let at = 0;
  const ids = new Set<number>();
  for (const { id, start, end } of runs) {
    if (start !== at || end <= start) throw refusal(`run ${id} has rows ${start} to ${end}, where ${at} was next`);
    if (!Number.isInteger(id) || id < 0 || id >= 2 ** 31 || ids.has(id)) throw refusal(`run number ${id} is not new`);
    ids.add(id);
    at = end;
  }
  if (at !== rows) throw refusal(`the runs hold ${at} of ${rows} rows`);
}

function refusal(message: string): HnncError {
  return new HnncError({ kind: "usage", code: "bad-dataset", message });
}

/**
 * A dataset as a trajectory.
 *
 * @throws HnncError `no-times` (data) where rows have no times
 */
export function asTrajectory(dataset: Dataset): Trajectory {
  const { times } = dataset;
  if (times) return { ...dataset, times };
  throw new HnncError({
    kind: "data",
    code: "no-times",
    message: "the rows have no times",
    hint: "say which column holds them: --columns t=time",
  });
}

/** The names of a state's entries, `[q…, p…]`. */
export function stateNames({ coordinates, momenta }: Pick<Dataset, "coordinates" | "momenta">): string[] {
  return [...coordinates, ...momenta];
}

/** 2n, the length of a state. */
export function stateLength({ coordinates }: Pick<Dataset, "coordinates">): number {
  return 2 * coordinates.length;
}

/** The state of a row, `[2n]`, as a view. */
export function stateAt(dataset: Dataset, row: number): Float64Array {
  const width = stateLength(dataset);
  return dataset.states.subarray(row * width, (row + 1) * width);
}

/**
 * A column by name: `t`, `H`, a coordinate, a momentum, or `dq/dt` for a derivative.
 *
 * @returns [rows], a copy
 * @throws HnncError kind `usage`, naming the columns there are
 */
export function column(dataset: Dataset, name: string): Float64Array {
  if (name === "t" && dataset.times) return dataset.times.slice();
  if (name === "H" && dataset.energies) return dataset.energies.slice();
  const names = stateNames(dataset);
  const state = names.indexOf(name);
  if (state >= 0) return strided(dataset.states, state, names.length);
  const rate = names.findIndex((each) => derivativeName(each) === name);
  if (rate >= 0 && dataset.derivatives) return strided(dataset.derivatives, rate, names.length);
  throw new HnncError({
    kind: "usage",
    code: "unknown-column",
    message: `there is no column \`${name}\``,
    notes: [`columns: ${columnNames(dataset).join(" ")}`],
  });
}

/** Every `width`-th number from `offset` on. */
export function strided(values: Float64Array, offset: number, width: number): Float64Array {
  const out = new Float64Array(values.length / width);
  for (let k = 0, at = offset; k < out.length; k++, at += width) out[k] = values[at]!;
  return out;
}

/** The column of the time derivative of a state's entry. */
export function derivativeName(name: string): string {
  return `d${name}/dt`;
}

/** The columns that hold numbers, in the order in which files have them. */
export function columnNames(dataset: Dataset): string[] {
  const names = stateNames(dataset);
  return [
    ...(dataset.times ? ["t"] : []),
    ...names,
    ...(dataset.energies ? ["H"] : []),
    ...(dataset.derivatives ? names.map(derivativeName) : []),
  ];
}
