import type { Limit, Row } from "./benchmark.ts";

type Unit = NonNullable<Row["unit"] | Limit["unit"]>;

/** The rows as an aligned table: work, hnnc, the other side, ratio, target. */
export function formatRows(rows: readonly (Row | Limit)[]): string {
  const lines = [["work", "hnnc", "other", "", "ratio", "target"], ...rows.map(cells)];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => [...line[column]!].length)));
  const rightAligned = [false, true, true, false, true, false];
  return lines
    .map((line) =>
      line
        .map((cell, column) => (rightAligned[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function cells(row: Row | Limit): string[] {
  const unit = row.unit ?? "ns";
  const ours = quantity(row.ours, unit);
  if ("limit" in row) {
    return [row.work, ours, "", "", "", `${verdict(row.ours <= row.limit)} ≤ ${quantity(row.limit, unit)}`];
  }
  const ratio = row.theirs / row.ours;
  const target = row.target === undefined ? "" : `${verdict(ratio >= row.target)} ≥ ${row.target.toPrecision(3)}×`;
  return [row.work, ours, quantity(row.theirs, unit), row.against, `${ratio.toPrecision(3)}×`, target];
}

const verdict = (met: boolean): string => (met ? "met   " : "MISSED");

function quantity(value: number, unit: Unit): string {
  if (unit !== "ns") return unit === "ratio" ? value.toPrecision(3) : `${Math.round(value)} ${unit}`;
  if (value < 1e3) return `${value.toPrecision(3)} ns`;
  if (value < 1e6) return `${(value / 1e3).toPrecision(3)} µs`;
  return value < 1e9 ? `${(value / 1e6).toPrecision(3)} ms` : `${(value / 1e9).toPrecision(3)} s`;
}
