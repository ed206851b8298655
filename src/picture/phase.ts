import { contourMarks, fieldMark } from "./background.ts";
import { curveOf, endMarks, runLegend, runStyles } from "./curves.ts";
import type { PictureKind } from "./kind.ts";
import type { Axis, LineMark, Mark, PointMark } from "./panel.ts";
import { extent } from "./range.ts";
import { axisOf, requireRange, type Subject } from "./subject.ts";
import { wrapped } from "./wrap.ts";

export const phase: PictureKind = {
  name: "phase",
  description: "trajectories in a phase plane; with one degree of freedom over the field and lines of constant energy",
  wishes: ["x", "y"],
  panels: async (subject, { x, y }) => {
    const { dataset } = subject;
    const [across, up] = planeOf(subject, x, y?.[0]);
    const plane = planeColumns(subject, across, up);
    const canonical =
      dataset.coordinates.length === 1 && across === dataset.coordinates[0] && up === dataset.momenta[0];
    const axes = { x: plane.x, y: plane.y };
    const background: readonly Mark[] =
      canonical && subject.model
        ? [...contourMarks(subject.model, axes, dataset), ...fieldMark(subject.model, axes, dataset)]
        : [];
    const curves = runStyles(subject).map((style) => plane.curve(curveOf(style, plane.xs, plane.ys)));
    const ends = curves.length <= 7 ? curves.flatMap((curve) => endMarks(curve)) : [];
    const notes = [
      ...plane.notes,
      ...(canonical && !subject.model ? [`no field and no contours: ${subject.modelMissing}`] : []),
      ...(dataset.coordinates.length > 1 ? [] : []),
    ];
    return [{ ...axes, marks: [...background, ...curves, ...ends], legend: runLegend(subject), notes }];
  },
};

/** A coordinate and its momentum, unless both are named. */
function planeOf({ dataset }: Subject, x: string | undefined, y: string | undefined): [x: string, y: string] {
  const { coordinates, momenta } = dataset;
  const partner = (name: string) => {
    const at = coordinates.indexOf(name);
    return at >= 0 ? momenta[at]! : (coordinates[momenta.indexOf(name)] ?? momenta[0]!);
  };
  if (x !== undefined) return [x, y ?? partner(x)];
  return y === undefined ? [coordinates[0]!, momenta[0]!] : [partner(y), y];
}

interface Plane {
  readonly x: Axis;
  readonly y: Axis;
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly notes: readonly string[];
  /** A curve of the plane, cut where an angle begins again. */
  curve(curve: LineMark | PointMark): LineMark | PointMark;
}

/** Beyond this range an angle is taken modulo a turn: the plane is a cylinder. */
const mostTurns = 4 * Math.PI;
/** Room around the trajectory, where field and contours are seen. */
const room = 0.18;

function planeColumns(subject: Subject, across: string, up: string): Plane {
  const xs = subject.column(across);
  const ys = subject.column(up);
  const rangeX = requireRange(extent(xs), [across]);
  const rangeY = requireRange(extent(ys), [up]);
  const y = axisOf(subject, up, rangeY, room);
  const range = rangeX[1] - rangeX[0];
  if (subject.isAngle(across) && range > 1.6 * Math.PI) {
    const turn = range > mostTurns || range > 1.8 * Math.PI;
    const x: Axis = { ...axisOf(subject, across, rangeX), low: -Math.PI, high: Math.PI };
    const outside = rangeX[0] < -Math.PI || rangeX[1] > Math.PI;
    if (!outside) return { x, y, xs, ys, notes: [], curve: (curve) => curve };
    if (turn) return { x, y, xs, ys, notes: ["the angle is taken modulo 2π"], curve: (curve) => wrapped(curve) };
  }
  return { x: axisOf(subject, across, rangeX, room), y, xs, ys, notes: [], curve: (curve) => curve };
}
