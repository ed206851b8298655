import type { MetricRow } from "../train/report/metric-rows.ts";
import type { Terminal } from "./terminal.ts";

/** Figures of a trained model: name, value and, fainter, what it is. */
export function metricTable(rows: readonly MetricRow[], style: Terminal["styleData"]): string {
  const [names, values] = [rows.map(({ name }) => name), rows.map(({ value }) => value)].map((texts) =>
    Math.max(0, ...texts.map(({ length }) => length)),
  ) as [number, number];
  return rows
    .map(({ name, value, meaning }) => `  ${name.padEnd(names)}  ${value.padEnd(values)}  ${style("dim", meaning)}`)
    .join("\n");
}
