import type { Run } from "../data/dataset.ts";
import { HnncError } from "../errors.ts";
import { curveOf, runLegend, runStyles } from "./curves.ts";
import type { PictureKind } from "./kind.ts";
import type { Label } from "./label.ts";
import { scientific } from "./number-label.ts";
import type { Axis, LegendEntry, LineMark, Panel } from "./panel.ts";
import { extent } from "./range.ts";
import type { Subject } from "./subject.ts";
import { requireTimes, timeAxis } from "./time.ts";
import { powerTrend, type Trend } from "./trend.ts";

export const energy: PictureKind = {
  name: "energy",
  description: "the error of the energy on a logarithmic axis, with its trend",
  wishes: [],
  panels: async (subject) => {
    requireTimes(subject, "energy");
    const energies = energiesOf(subject);
    const errors = errorsOf(energies, subject.dataset.runs);
    const abscissa = timeAxis(subject);
    const styles = runStyles(subject);
    const curves = styles.map((style) => curveOf(style, abscissa.values, errors.values));
    const trend = isConserved(subject) ? trendOf(subject, errors.values) : undefined;
    const line = trend && trendLine(trend, abscissa.axis);
    const ordinate = errorAxis(errors);
    const panel: Panel = {
      x: abscissa.axis,
      y: ordinate,
      marks: [...curves, ...(line ? [line] : [])],
      legend: [
        ...(line ? dataEntry(subject, styles[0]!.color) : runLegend(subject)),
        ...(trend && line ? [trendEntry(trend, line)] : []),
      ],
      notes: notesOf(subject, errors),
    };
    return [panel];
  },
};

function energiesOf(subject: Subject): Float64Array {
  if (subject.dataset.energies || subject.model) return subject.column("H");
  throw new HnncError({
    kind: "data",
    code: "no-energies",
    message: `the data have no energies, and ${subject.modelMissing}`,
    hint: "say which column holds them: --columns H=energy; or give the formula: --model",
  });
}

interface Errors {
  /** [rows], positive, or NaN at the start of a run. */
  readonly values: Float64Array;
  /** False where an energy begins at 0, so that there is nothing to divide by. */
  readonly relative: boolean;
  /** Errors of exactly 0 stand there; undefined where there are none. */
  readonly floor: number | undefined;
}

/** |H − H₀| of each run, relative to |H₀| unless a run has H₀ = 0. Zeros, which a logarithm cannot show, stand at the machine's epsilon. */
function errorsOf(energies: Float64Array, runs: readonly Run[]): Errors {
  const relative = runs.every(({ start }) => energies[start] !== 0);
  const largest = Math.max(...(extent(energies) ?? [0, 0]).map(Math.abs));
  const least = relative ? Number.EPSILON : Number.EPSILON * (largest || 1);
  const values = new Float64Array(energies.length);
  let floored = false;
  for (const { start, end } of runs) {
    const origin = energies[start]!;
    for (let row = start; row < end; row++) {
      const error = Math.abs(energies[row]! - origin) / (relative ? Math.abs(origin) : 1);
      values[row] = error === 0 ? least : error;
      floored ||= error === 0 && row > start;
    }
    // At its start a run has no error: a first point at the floor would tell nothing.
    if (end - start > 1) values[start] = Number.NaN;
  }
  return { values, relative, floor: floored ? least : undefined };
}

function errorAxis({ values, relative }: Errors): Axis {
  const [low, high] = extent(values) ?? [Number.EPSILON, 1];
  const bottom = Math.floor(Math.log10(low) - 0.02);
  const top = Math.max(Math.ceil(Math.log10(high) + 0.02), bottom + 1);
  const H = { text: "H", italic: true };
  const start = [H, { text: "0", at: "sub" as const }];
  const difference: Label = [{ text: "|" }, H, { text: " − " }, ...start, { text: "|" }];
  const label = relative ? [...difference, { text: " / |" }, ...start, { text: "|" }] : difference;
  return { label, kind: "log", low: 10 ** bottom, high: 10 ** top };
}

/** Of all runs together. */
function trendOf({ dataset }: Subject, errors: Float64Array): Trend | undefined {
  const times = dataset.times!;
  const since = new Float64Array(times.length);
  for (const { start, end } of dataset.runs) {
    for (let row = start; row < end; row++) since[row] = Math.abs(times[row]! - times[start]!);
  }
  return powerTrend(since, errors);
}

function trendLine(trend: Trend, { low, high }: Axis): LineMark {
  const points = 200;
  const xs = Float64Array.from({ length: points }, (_, k) => low + ((k + 1) * (high - low)) / points);
  return {
    kind: "line",
    xs,
    ys: xs.map((x) => trend.at(x - low)),
    color: "#000000",
    width: 1.2,
    dash: "6 4",
  };
}

function dataEntry(subject: Subject, color: string): LegendEntry[] {
  const many = runLegend(subject);
  return many.length > 0 ? many : [{ label: [{ text: "samples" }], color, shape: "line" }];
}

function trendEntry(trend: Trend, { color }: LineMark): LegendEntry {
  const { exponent, factor, flat } = trend;
  if (flat) return { label: [{ text: "no trend, r.m.s. " }, ...scientific(factor)], color, shape: "dashed" };
  const power = [
    { text: "t", italic: true },
    { text: exponent.toFixed(2).replace("-", "−"), at: "super" as const },
  ];
  const label = [{ text: "trend " }, ...scientific(factor), { text: " " }, ...power, { text: meaningOf(trend) }];
  return { label, color, shape: "dashed" };
}

/** Error that grows with time is drift; round-off adds up as the root of time. */
function meaningOf({ exponent, factor }: Trend): string {
  if (Math.abs(exponent - 1) < 0.1) return " (linear drift)";
  return Math.abs(exponent - 0.5) < 0.15 && factor < 1e-12 ? " (as round-off adds up)" : "";
}

function isConserved({ model }: Subject): boolean {
  return !model || (model.meta.conservative && !model.model.timeDependent);
}

function notesOf(subject: Subject, { floor, relative }: Errors): string[] {
  const shown = relative ? "ε = 2.2 × 10⁻¹⁶" : "the rounding of the largest |H|";
  return [
    ...(floor === undefined ? [] : [`errors of exactly 0 are drawn at ${shown}`]),
    ...(relative ? [] : ["a run begins at H = 0: the error is absolute"]),
    ...(isConserved(subject) ? [] : ["H is not conserved: it depends on time, or there is damping or a force"]),
  ];
}
