import type { Compiled } from "../compile.ts";
import type { Dataset } from "../data/dataset.ts";
import { contourMarks, fieldMark } from "./background.ts";
import { endMarks, runLegend, runStyles } from "./curves.ts";
import { firstStretch } from "./first-stretch.ts";
import type { PictureKind } from "./kind.ts";
import type { Axis, LineMark, Mark, Panel, PointMark } from "./panel.ts";
import { extent } from "./range.ts";
import { axisOf, requireRange, type Subject } from "./subject.ts";
import { trajectoryCurves } from "./trajectory-curve.ts";
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
    const background = canonical && subject.model ? behind(subject.model, axes, dataset) : [];
    const { curves: whole, scattered, notes: sampling } = trajectoryCurves(subject, runStyles(subject), across, up);
    const curves = whole.map((curve) => plane.curve(curve));
    const alone = scattered && background.length === 0;
    const path = alone ? await firstStretch(subject, [[across, up]]) : { marks: [], legend: [] };
    const lines = path.marks.map((mark) => plane.curve(mark));
    const ends = curves.length <= 7 ? curves.flatMap((curve) => endMarks(curve)) : [];
    const remarks = canonical && !subject.model ? [`no field and no lines of energy: ${subject.modelMissing}`] : [];
    const notes = [...plane.notes, ...sampling];
    return [
      {
        ...axes,
        marks: [...background, ...lines, ...curves, ...ends],
        legend: [...runLegend(subject), ...path.legend],
        notes,
        remarks,
      },
    ];
  },
};

/** Many trajectories are lines of constant energy themselves. */
function behind(model: Compiled, axes: Pick<Panel, "x" | "y">, dataset: Dataset): Mark[] {
  const contours = dataset.runs.length <= 7 ? contourMarks(model, axes, dataset) : [];
  return [...contours, ...fieldMark(model, axes, dataset)];
}

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
  readonly notes: readonly string[];
  /** A curve of the plane, cut where an angle begins again. */
  curve(curve: LineMark | PointMark): LineMark | PointMark;
}

/** Beyond this range an angle is taken modulo a turn: the plane is a cylinder. */
const almostTurn = 1.6 * Math.PI;
/** Room around the trajectory, where field and contours are seen. */
const room = 0.18;

function planeColumns(subject: Subject, across: string, up: string): Plane {
  const xs = subject.column(across);
  const ys = subject.column(up);
  const rangeX = requireRange(extent(xs), [across]);
  const rangeY = requireRange(extent(ys), [up]);
  const y = axisOf(subject, up, rangeY, room);
  const range = rangeX[1] - rangeX[0];
  if (subject.isAngle(across) && range > almostTurn) {
    const x: Axis = { ...axisOf(subject, across, rangeX), low: -Math.PI, high: Math.PI };
    const outside = rangeX[0] < -Math.PI || rangeX[1] > Math.PI;
    if (!outside) return { x, y, notes: [], curve: (curve) => curve };
    return { x, y, notes: ["the angle is taken modulo 2π"], curve: (curve) => wrapped(curve) };
  }
  return { x: axisOf(subject, across, rangeX, room), y, notes: [], curve: (curve) => curve };
}
