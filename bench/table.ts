import type { Limit, Line, Point, Row } from "./benchmark.ts";

type Unit = NonNullable<Row["unit"] | Limit["unit"]>;

/** The lines as aligned tables: points of work and precision, then ratios. */
export function formatLines(lines: readonly Line[]): string {
  const points = lines.filter((line): line is Point => "error" in line);
  const rows = lines.filter((line): line is Row | Limit => !("error" in line));
  const tables: string[] = [];
  if (points.length > 0) {
    const head = ["work", "method", "setting", "error", "evaluations", "time"];
    tables.push(aligned([head, ...points.map(pointCells)], [false, false, false, true, true, true]));
  }
  if (rows.length > 0) {
    const head = ["work", "hnnc", "other", "", "ratio", "target"];
    tables.push(aligned([head, ...rows.map(cells)], [false, true, true, false, true, false]));
  }
  return tables.join("\n\n");
}

function aligned(lines: readonly (readonly string[])[], rightAligned: readonly boolean[]): string {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => [...line[column]!].length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => (rightAligned[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function pointCells({ work, method, setting, error, evaluations, time }: Point): string[] {
  const size = Number.isFinite(error) ? error.toExponential(1) : "failed";
  return [work, method, setting, size, String(evaluations), quantity(time, "ns")];
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
