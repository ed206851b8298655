import { stateNames } from "../data/dataset.ts";
import { HnncError } from "../errors.ts";
import { colorOf } from "./color.ts";
import { curveOf, type RunStyle, runLegend, runStyles } from "./curves.ts";
import type { PictureKind } from "./kind.ts";
import { type Label, nameLabel } from "./label.ts";
import type { Axis, Panel } from "./panel.ts";
import { extent, padded } from "./range.ts";
import { axisOf, requireRange, type Subject } from "./subject.ts";
import { type Curves, mostSeparate, trajectoryCurves } from "./trajectory-curve.ts";

/** More would be too low to read. */
const mostPanels = 4;

export const time: PictureKind = {
  name: "time",
  description: "columns against time",
  wishes: ["x", "y"],
  panels: async (subject, wish) => {
    const { dataset } = subject;
    const abscissa = timeAxis(subject, wish.x);
    if (dataset.runs.length > 1) return panelsOfRuns(subject, abscissa, wish.y ?? stateNames(dataset));
    const groups = wish.y ? sameUnits(subject, wish.y) : [dataset.coordinates, dataset.momenta];
    const shown = groups.slice(0, mostPanels);
    return shown.map((names) => panelOfColumns(subject, abscissa, names, leftOut(groups.length, shown.length)));
  },
};

interface Abscissa {
  /** The column, where it is one. */
  readonly name: string | undefined;
  readonly values: Float64Array;
  readonly axis: Axis;
}

/** The axis of time, or of the rows where they have no times. */
export function timeAxis(subject: Subject, name = "t"): Abscissa {
  const { dataset } = subject;
  if (name === "t" && !dataset.times) {
    const values = Float64Array.from({ length: dataset.rows }, (_, row) => row + 1);
    for (const { start, end } of dataset.runs) for (let row = start; row < end; row++) values[row] = row - start + 1;
    return {
      name: undefined,
      values,
      axis: { label: [{ text: "row" }], kind: "linear", ...padded(extent(values)!, 0) },
    };
  }
  const values = subject.column(name);
  return { name, values, axis: axisOf(subject, name, requireRange(extent(values), [name]), 0) };
}

/** Columns of one unit share a panel. */
function sameUnits(subject: Subject, names: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const kind = subject.dataset.momenta.includes(name) ? "momentum" : name === "H" ? "H" : "coordinate";
    const key = `${kind} ${subject.unit(name)}`;
    const group = groups.get(key);
    if (group) group.push(name);
    else groups.set(key, [name]);
  }
  return [...groups.values()];
}

function panelOfColumns(
  subject: Subject,
  abscissa: Abscissa,
  names: readonly string[],
  notes: readonly string[],
): Panel {
  const columns = names.map((name) => subject.column(name));
  const many = names.length > 7;
  const look = many ? { width: 0.8, opacity: 0.8 } : { width: 1.3, opacity: 1 };
  const y = axisOf(subject, names[0]!, requireRange(extent(...columns), names));
  const drawn = names.map((name, k) => {
    const styles = runStyles(subject).map((style) => ({ ...style, ...look, color: colorOf(k, names.length) }));
    return curvesOver(subject, abscissa, styles, name);
  });
  return {
    x: abscissa.axis,
    y: { ...y, label: commonLabel(names), angle: names.every((name) => subject.isAngle(name)) },
    marks: drawn.flatMap(({ curves }) => curves),
    legend: legendOf(names),
    notes: [...new Set([...notes, ...drawn.flatMap((each) => each.notes)])],
  };
}

function curvesOver(subject: Subject, { name, values }: Abscissa, styles: readonly RunStyle[], y: string): Curves {
  if (name !== undefined)
    return trajectoryCurves(subject, styles, name, y, mostSeparate / (2 * subject.dataset.coordinates.length));
  const column = subject.column(y);
  return { curves: styles.map((style) => curveOf(style, values, column)), scattered: false, notes: [] };
}

function legendOf(names: readonly string[]): Panel["legend"] {
  if (names.length === 1) return [];
  if (names.length > 7) {
    const range: Label = [
      ...nameLabel(names[0]!),
      { text: " … " },
      ...nameLabel(names.at(-1)!),
      { text: ", dark to light" },
    ];
    return [{ label: range, color: colorOf(0, names.length), shape: "none" }];
  }
  return names.map((name, k) => ({ label: nameLabel(name), color: colorOf(k, names.length), shape: "line" }));
}

/** `q1, q2`; of many the first and the last. */
function commonLabel(names: readonly string[]): Label {
  const shown = names.length <= 4 ? names : [names[0]!, "…", names.at(-1)!];
  return shown.flatMap((name, k) => [
    ...(k > 0 ? [{ text: ", " }] : []),
    ...(name === "…" ? [{ text: "…" }] : nameLabel(name)),
  ]);
}

function panelsOfRuns(subject: Subject, abscissa: Abscissa, names: readonly string[]): Panel[] {
  const shown = names.slice(0, mostPanels);
  return shown.map((name, k) => {
    const { curves, notes } = curvesOver(subject, abscissa, runStyles(subject), name);
    return {
      x: abscissa.axis,
      y: axisOf(subject, name, requireRange(extent(subject.column(name)), [name])),
      marks: curves,
      legend: k === 0 ? runLegend(subject) : [],
      notes: k === 0 ? [...leftOut(names.length, shown.length), ...notes] : notes,
    };
  });
}

function leftOut(all: number, shown: number): string[] {
  return all > shown ? [`the first ${shown} of ${all} columns; others with --y`] : [];
}

/** @throws HnncError `no-times` (data) */
export function requireTimes(subject: Subject, kind: string): Float64Array {
  const { times } = subject.dataset;
  if (times) return times;
  throw new HnncError({
    kind: "data",
    code: "no-times",
    message: `the rows have no times, which \`${kind}\` needs`,
    hint: "say which column holds them: --columns t=time",
  });
}
