import type { Compiled } from "../compile.ts";
import type { Dataset } from "../data/dataset.ts";
import { contoursOf, fieldMark } from "./background.ts";
import { endMarks, runLegend, runStyles } from "./curves.ts";
import { firstStretch, type Stretch } from "./first-stretch.ts";
import type { PictureKind } from "./kind.ts";
import type { Axis, LineMark, Panel, PointMark } from "./panel.ts";
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
    const background = canonical && subject.model ? behind(subject.model, axes, dataset) : nothing;
    const { curves: whole, scattered, notes: sampling } = trajectoryCurves(subject, runStyles(subject), across, up);
    const curves = whole.map((curve) => plane.curve(curve));
    const alone = scattered && background.marks.length === 0;
    const path: Stretch = alone ? await firstStretch(subject, [[across, up]]) : { marks: [], legend: [] };
    const lines = path.marks.map((mark) => plane.curve(mark));
    const ends = curves.length <= 7 ? curves.flatMap((curve) => endMarks(curve)) : [];
    const remarks = canonical && !subject.model ? [`no field and no lines of energy: ${subject.modelMissing}`] : [];
    const notes = [...plane.notes, ...sampling];
    return [
      {
        ...axes,
        marks: [...background.marks, ...lines, ...curves, ...ends],
        legend: [...runLegend(subject), ...path.legend, ...background.legend],
        notes,
        remarks,
      },
    ];
  },
};

/** Many trajectories are lines of constant energy themselves. */
function behind(model: Compiled, axes: Pick<Panel, "x" | "y">, dataset: Dataset): Pick<Panel, "marks" | "legend"> {
  const { marks, legend } = dataset.runs.length <= 7 ? contoursOf(model, axes, dataset) : nothing;
  return { marks: [...marks, ...fieldMark(model, axes, dataset)], legend };
}

const nothing: Pick<Panel, "marks" | "legend"> = { marks: [], legend: [] };

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
  const x = planeAxis(subject, across);
  const y = planeAxis(subject, up);
  const count = Number(x.turns) + Number(y.turns);
  const wrap = (curve: LineMark | PointMark) => {
    const once = x.turns ? wrapped(curve) : curve;
    return y.turns ? turned(wrapped(turned(once))) : once;
  };
  const notes = count === 0 ? [] : [`${count === 1 ? "the angle is" : "angles are"} taken modulo 2π`];
  return { x: x.axis, y: y.axis, notes, curve: wrap };
}

/** An axis, and whether the values are an angle that leaves it on one side and comes in on the other. */
function planeAxis(subject: Subject, name: string): { readonly axis: Axis; readonly turns: boolean } {
  const range = requireRange(extent(subject.column(name)), [name]);
  if (!subject.isAngle(name) || range[1] - range[0] <= almostTurn) {
    return { axis: axisOf(subject, name, range, room), turns: false };
  }
  const turns = range[0] < -Math.PI || range[1] > Math.PI;
  return { axis: { ...axisOf(subject, name, range), low: -Math.PI, high: Math.PI }, turns };
}

/** With x and y exchanged. */
function turned<T extends LineMark | PointMark>(curve: T): T {
  return { ...curve, xs: curve.ys, ys: curve.xs };
}
