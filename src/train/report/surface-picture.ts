import { compiledField } from "../../hnn/plain-field.ts";
import { diverging } from "../../picture/color.ts";
import { isolines } from "../../picture/contour.ts";
import { scientific } from "../../picture/number-label.ts";
import type { CellMark, LegendEntry, LineMark, Mark } from "../../picture/panel.ts";
import { roundStep } from "../../picture/ticks.ts";
import type { PictureDraft, RunPicturesInput } from "./picture-draft.ts";
import { dataMark, energyOffset, onPlane, type Plane, placed, planeOf, regionMark, resolution } from "./plane.ts";

/** Bands of colour on either side of 0. */
const bands = 5;

/** The learned H less the true one, up to a constant. */
export function surfacePicture(input: RunPicturesInput): PictureDraft | undefined {
  const { field, truth } = input;
  const plane = planeOf(input);
  if (!field?.energy || !truth || !plane || field.motion.timeDependent || truth.meta.timeDependent) return undefined;
  const exact = compiledField(truth);
  const known = onPlane(plane, exact.energy!);
  const constant = energyOffset(input, exact);
  const difference = onPlane(plane, field.energy).map((value, at) => value + constant - known[at]!);
  const step = bandStep(difference.filter((_, at) => isInside(input, plane, at)));
  const marks: Mark[] = [
    cells(difference, step, plane),
    ...levelLines(difference, step, plane),
    ...regionMark(input),
    ...dataMark(input, 1.1),
  ];
  const colors = diverging(2 * bands + 1);
  const limit = (bands - 0.5) * step;
  const legend: LegendEntry[] = [
    { label: [{ text: "below −" }, ...scientific(limit)], color: colors[0]!, shape: "line" },
    { label: [{ text: "0 ± " }, ...scientific(step / 2)], color: "#dddddd", shape: "line" },
    { label: [{ text: "above " }, ...scientific(limit)], color: colors.at(-1)!, shape: "line" },
  ];
  const caption =
    "The learned energy less the true one, up to a constant: white where they agree, orange where the learned H is too " +
    "high, blue where it is too low. Dots are the data, the dotted frame is the region that they cover.";
  return {
    name: "energy-surface",
    caption,
    subject: "Learned H − true H",
    panels: [{ ...plane, marks, legend, notes: [] }],
  };
}

/** Whether a place on the grid lies in the box of the data. */
function isInside({ evaluated }: RunPicturesInput, { x, y }: Plane, at: number): boolean {
  const region = evaluated?.evaluation.region;
  if (!region) return true;
  const place = ({ low, high }: Plane["x"], k: number) => low + ((high - low) * k) / (resolution - 1);
  const state = [place(x, at % resolution), place(y, Math.floor(at / resolution))];
  return state.every((value, k) => value >= region.low[k]! && value <= region.high[k]!);
}

/** A round step of which the bands hold nine tenths of the places where the data are. */
function bandStep(difference: Float64Array): number {
  const sizes = difference.filter(Number.isFinite).map(Math.abs).sort();
  const most = sizes[Math.floor(0.9 * (sizes.length - 1))] ?? 1;
  return roundStep(most > 0 ? most : 1, bands);
}

function cells(difference: Float64Array, step: number, { x, y }: Plane): CellMark {
  const [halfX, halfY] = [x, y].map(({ low, high }) => (high - low) / (2 * (resolution - 1))) as [number, number];
  return {
    kind: "cells",
    places: Int8Array.from(difference, (value) => {
      if (!Number.isFinite(value)) return -1;
      return Math.min(Math.max(Math.round(value / step), -bands), bands) + bands;
    }),
    grid: [resolution, resolution],
    across: [x.low - halfX, x.high + halfX],
    up: [y.low - halfY, y.high + halfY],
    colors: diverging(2 * bands + 1),
  };
}

function levelLines(difference: Float64Array, step: number, plane: Plane): LineMark[] {
  return Array.from({ length: 2 * bands }, (_, k) => (k - bands + 0.5) * step).flatMap((level) => {
    const lines = isolines(difference, resolution, resolution, level);
    if (lines.xs.length === 0) return [];
    const label = String(Number(level.toPrecision(3))).replace("-", "−");
    return [{ kind: "line", ...placed(lines, plane), color: "#777777", width: 0.5, background: true, label } as const];
  });
}
