import { columnNames, type Dataset, stateNames } from "../data/dataset.ts";

/** Columns that fit beside one another; those of larger systems are shown in part. */
const mostColumns = 8;
const mostLines = 11;

/**
 * A table for a person: some rows of one trajectory from start to end, or the last row of each of several.
 *
 * @param width characters a line
 * @param trajectories how many there are, where the dataset holds the first of them
 */
export function trajectoryTable(dataset: Dataset, width: number, trajectories = dataset.runs.length): string {
  const several = dataset.runs.length > 1;
  const rows = several ? lastRows(dataset) : spreadRows(dataset.rows);
  const names = columnNames(dataset).filter((name) => !/^d.*\/dt$/.test(name));
  const entries = several ? ["run", ...names] : names;
  const shown = chosenColumns(entries, width);
  const cells = rows.map(({ row, run }) => shown.map((name) => (name === "run" ? `${run}` : cell(dataset, name, row))));
  const widths = shown.map((name, k) => Math.max(name.length, ...cells.map((line) => line[k]!.length)));
  const line = (texts: readonly string[]) => texts.map((text, k) => text.padStart(widths[k]!)).join("  ");
  const hidden = entries.length - shown.length;
  const note = [
    ...(hidden > 0 ? [`${hidden} more columns`] : []),
    ...(several && trajectories > rows.length ? [`${trajectories - rows.length} more trajectories`] : []),
  ];
  return [line(shown), ...cells.map(line), ...(note.length > 0 ? [`… ${note.join(", ")}`] : [])].join("\n");
}

interface Place {
  readonly row: number;
  readonly run: number;
}

function spreadRows(count: number): Place[] {
  const lines = Math.min(count, mostLines);
  const places = Array.from({ length: lines }, (_, k) =>
    lines === 1 ? 0 : Math.round((k * (count - 1)) / (lines - 1)),
  );
  return [...new Set(places)].map((row) => ({ row, run: 0 }));
}

function lastRows({ runs }: Dataset): Place[] {
  return runs.slice(0, mostLines).map(({ id, end }) => ({ row: end - 1, run: id }));
}

/** The first ones and H, as many as fit. */
function chosenColumns(names: readonly string[], width: number): string[] {
  const room = Math.max(3, Math.min(mostColumns, Math.floor(width / 13)));
  return names.length <= room ? [...names] : [...names.slice(0, room - 1), names.at(-1)!];
}

function cell(dataset: Dataset, name: string, row: number): string {
  const value =
    name === "t"
      ? dataset.times![row]!
      : name === "H"
        ? dataset.energies![row]!
        : dataset.states[row * 2 * dataset.coordinates.length + stateNames(dataset).indexOf(name)]!;
  return shortNumber(value);
}

/** Seven digits, in ten characters at most where that is possible. */
function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e7)) return String(Number(value.toPrecision(7)));
  return Number(value.toPrecision(5)).toExponential();
}
