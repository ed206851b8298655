import { HnncError } from "../errors.ts";
import { type Dataset, makeDataset, type Run, stateLength } from "./dataset.ts";

/**
 * The rows at given places, in that order. Rows of one run stay together: a run that is left and entered again is
 * refused.
 *
 * @param rows row numbers
 * @throws HnncError kind `usage`
 */
export function selectRows(dataset: Dataset, rows: ArrayLike<number>): Dataset {
  const width = stateLength(dataset);
  const pick = (values: Float64Array, columns: number) => {
    const out = new Float64Array(rows.length * columns);
    for (let k = 0; k < rows.length; k++) {
      const from = rows[k]! * columns;
      for (let c = 0; c < columns; c++) out[k * columns + c] = values[from + c]!;
    }
    return out;
  };
  const { times, states, derivatives, energies, test } = dataset;
  return makeDataset({
    ...dataset,
    times: times && pick(times, 1),
    states: pick(states, width),
    derivatives: derivatives && pick(derivatives, width),
    energies: energies && pick(energies, 1),
    test: test && Uint8Array.from({ length: rows.length }, (_, k) => test[rows[k]!]!),
    runs: runsOf(runNumbers(dataset), rows),
  });
}

/** The run's number of each row, [rows]. */
export function runNumbers({ rows, runs }: Pick<Dataset, "rows" | "runs">): Int32Array {
  const ids = new Int32Array(rows);
  for (const { id, start, end } of runs) ids.fill(id, start, end);
  return ids;
}

function runsOf(ids: Int32Array, rows: ArrayLike<number>): Run[] {
  return runsBetween(rows.length, (k) => ids[rows[k]!]!);
}

/** Stretches of rows with the same number. */
export function runsBetween(rows: number, idOf: (row: number) => number): Run[] {
  const runs: Run[] = [];
  let start = 0;
  for (let row = 1; row <= rows; row++) {
    const id = idOf(start);
    if (row < rows && idOf(row) === id) continue;
    runs.push({ id, start, end: row });
    start = row;
  }
  return runs;
}

/** Rows `from` … `to - 1` as views; a run that is cut keeps its number. */
export function sliceRows(dataset: Dataset, from: number, to: number): Dataset {
  const width = stateLength(dataset);
  const { times, states, derivatives, energies, test, runs } = dataset;
  return makeDataset({
    ...dataset,
    times: times?.subarray(from, to),
    states: states.subarray(from * width, to * width),
    derivatives: derivatives?.subarray(from * width, to * width),
    energies: energies?.subarray(from, to),
    test: test?.subarray(from, to),
    runs: runs
      .filter(({ start, end }) => end > from && start < to)
      .map(({ id, start, end }) => ({ id, start: Math.max(start, from) - from, end: Math.min(end, to) - from })),
  });
}

/** One run of a dataset, by its place in `runs`, as views. */
export function selectRun(dataset: Dataset, place: number): Dataset {
  const { start, end } = dataset.runs[place]!;
  return sliceRows(dataset, start, end);
}

/** The rows that are for training, or for testing; all rows train where there is no split. */
export function selectPart(dataset: Dataset, part: "train" | "test"): Dataset {
  const wanted = part === "test" ? 1 : 0;
  const rows: number[] = [];
  for (let row = 0; row < dataset.rows; row++) if ((dataset.test?.[row] ?? 0) === wanted) rows.push(row);
  return selectRows(dataset, rows);
}

/**
 * Joins datasets with the same columns, in the order given; the first one's provenance is kept.
 *
 * @throws HnncError kind `data` where columns differ; kind `usage` where a run occurs twice
 */
export function concatenate(parts: readonly [Dataset, ...Dataset[]]): Dataset {
  const [first] = parts;
  for (const part of parts) requireSameColumns(first, part);
  let rows = 0;
  const runs: Run[] = [];
  for (const part of parts) {
    for (const { id, start, end } of part.runs) {
      const last = runs.at(-1);
      if (last?.id === id) runs[runs.length - 1] = { ...last, end: end + rows };
      else runs.push({ id, start: start + rows, end: end + rows });
    }
    rows += part.rows;
  }
  const all = (key: "times" | "states" | "derivatives" | "energies") =>
    first[key] && join(parts.map((part) => part[key]!));
  const test = first.test && new Uint8Array(Buffer.concat(parts.map((part) => part.test!)));
  return makeDataset({
    ...first,
    times: all("times"),
    states: all("states")!,
    derivatives: all("derivatives"),
    energies: all("energies"),
    test,
    runs,
  });
}

function join(arrays: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(arrays.reduce((length, array) => length + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    out.set(array, at);
    at += array.length;
  }
  return out;
}

/** @throws HnncError kind `data` */
export function requireSameColumns(first: Dataset, other: Dataset): void {
  const told = (dataset: Dataset) =>
    [
      ...(dataset.times ? ["t"] : []),
      ...dataset.coordinates,
      ...dataset.momenta,
      ...(dataset.energies ? ["H"] : []),
      ...(dataset.derivatives ? ["derivatives"] : []),
      ...(dataset.test ? ["split"] : []),
    ].join(" ");
  if (told(first) === told(other)) return;
  throw new HnncError({
    kind: "data",
    code: "columns-differ",
    message: `the columns \`${told(other)}\` are not those of the first part, \`${told(first)}\``,
  });
}
