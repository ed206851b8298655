import type { Run } from "../data/dataset.ts";
import { colorOf } from "./color.ts";
import type { LegendEntry, LineMark, Mark, PointMark } from "./panel.ts";
import { runLabel, type Subject } from "./subject.ts";

/** How the runs of a dataset look: width and opacity fall with their number, so that many remain legible. */
export interface RunStyle {
  readonly run: Run;
  readonly color: string;
  readonly width: number;
  readonly opacity: number;
}

export function runStyles({ dataset }: Subject): RunStyle[] {
  const count = dataset.runs.length;
  const width = count === 1 ? 1.6 : count <= 7 ? 1.3 : count <= 30 ? 1 : 0.8;
  const opacity = count <= 7 ? 1 : count <= 30 ? 0.8 : count <= 200 ? 0.6 : 0.4;
  return dataset.runs.map((run, k) => ({ run, color: colorOf(k, count), width, opacity }));
}

/** The rows of a run out of two columns, as a curve. */
export function curveOf(
  { run, color, width, opacity }: RunStyle,
  xs: Float64Array,
  ys: Float64Array,
): LineMark | PointMark {
  const own = { xs: xs.subarray(run.start, run.end), ys: ys.subarray(run.start, run.end), color, opacity };
  return run.end - run.start === 1 ? { kind: "points", ...own, radius: 3 } : { kind: "line", ...own, width };
}

/** A ring at the start and a dot at the end of a curve. */
export function endMarks(curve: LineMark | PointMark, radius = 3): Mark[] {
  const { xs, ys, color } = curve;
  if (curve.kind === "points") return [];
  const finite = (row: number) => Number.isFinite(xs[row]) && Number.isFinite(ys[row]);
  let first = 0;
  let last = xs.length - 1;
  while (first < last && !finite(first)) first++;
  while (last > first && !finite(last)) last--;
  const at = (row: number, hollow: boolean): Mark => ({
    kind: "points",
    xs: xs.slice(row, row + 1),
    ys: ys.slice(row, row + 1),
    color,
    radius,
    hollow,
  });
  return [at(first, true), at(last, false)];
}

/** An entry a run where they are few; one line of words where they are many. */
export function runLegend(subject: Subject): LegendEntry[] {
  const styles = runStyles(subject);
  if (styles.length === 1) return [];
  if (styles.length > 7) {
    const text = `${styles.length} trajectories in their order, from dark to light`;
    return [{ label: [{ text }], color: styles[0]!.color, shape: "none" }];
  }
  return styles.map(({ run, color }) => ({ label: runLabel(run), color, shape: "line" }));
}
