import type { PlainField } from "../../hnn/plain-field.ts";
import { compiledField } from "../../hnn/plain-field.ts";
import { energyLevels } from "../../picture/background.ts";
import { distinct, faint } from "../../picture/color.ts";
import { isolines } from "../../picture/contour.ts";
import type { ArrowMark, LegendEntry, LineMark, Mark } from "../../picture/panel.ts";
import type { PictureDraft, RunPicturesInput } from "./picture-draft.ts";
import { dataMark, energyOffset, onPlane, type Plane, placed, planeOf, regionMark, resolution } from "./plane.ts";

const [blue, orange] = distinct as [string, string];
const arrows = [17, 13] as const;

/** Lines of constant energy, learned over true; of models without energy the fields themselves. */
export function phasePicture(input: RunPicturesInput): PictureDraft | undefined {
  const { field, truth } = input;
  const plane = planeOf(input);
  if (!field || !plane || field.motion.timeDependent) return undefined;
  const exact = truth && compiledField(truth);
  const lines = energyLines(input, exact, plane);
  const fields = field.energy ? [] : fieldArrows(field, exact, plane);
  const marks: Mark[] = [...fields, ...regionMark(input), ...dataMark(input), ...lines.marks];
  const caption = field.energy
    ? `Lines of constant energy in the phase plane: ${exact ? "true (blue) and learned (orange, dashed) at the same energies; where they lie on one another the motion is the same" : "of the learned H"}. Dots are the data, the dotted frame is the region that they cover; outside of it nothing was learned.`
    : `The direction of motion in the phase plane: ${exact ? "true (grey) and learned (orange)" : "as learned"}. The model knows no energy. Dots are the data.`;
  const dots: LegendEntry[] = input.dataset ? [{ label: [{ text: "data" }], color: "#888888", shape: "dot" }] : [];
  const legend = [...(field.energy ? lines.legend : arrowLegend(exact !== undefined)), ...dots];
  return { name: "phase", caption, subject: "Phase portrait", panels: [{ ...plane, marks, legend, notes: [] }] };
}

interface Lines {
  readonly marks: readonly LineMark[];
  readonly legend: readonly LegendEntry[];
}

/** The learned H is moved by a constant, so that both have one mean over the data. */
function energyLines(input: RunPicturesInput, exact: PlainField | undefined, plane: Plane): Lines {
  const energy = input.field?.energy;
  if (!energy) return { marks: [], legend: [] };
  const learned = onPlane(plane, energy);
  const known = exact && onPlane(plane, exact.energy!);
  const constant = exact ? energyOffset(input, exact) : 0;
  const shifted = learned.map((value) => value + constant);
  const levels = energyLevels(known ?? learned, 7);
  const at = (grid: Float64Array, look: Pick<LineMark, "color" | "width" | "dash">) =>
    levels.map(
      (level): LineMark => ({
        kind: "line",
        ...placed(isolines(grid, resolution, resolution, level), plane),
        ...look,
      }),
    );
  const learnedLook = { color: orange, width: 1.5, dash: known ? "7 4" : undefined };
  return {
    marks: [...(known ? at(known, { color: blue, width: 2.2 }) : []), ...at(shifted, learnedLook)],
    legend: [
      ...(known ? [{ label: [{ text: "true" }], color: blue, shape: "line" } as const] : []),
      { label: [{ text: "learned" }], color: orange, shape: known ? "dashed" : "line" },
    ],
  };
}

function fieldArrows(field: PlainField, exact: PlainField | undefined, plane: Plane): ArrowMark[] {
  const of = (each: PlainField, color: string): ArrowMark => {
    const [columns, rows] = arrows;
    const size = columns * rows;
    const [xs, ys] = [new Float64Array(size), new Float64Array(size)];
    const [us, vs] = [new Float64Array(size), new Float64Array(size)];
    const rate = new Float64Array(2);
    for (let k = 0; k < size; k++) {
      xs[k] = plane.x.low + (((k % columns) + 0.5) * (plane.x.high - plane.x.low)) / columns;
      ys[k] = plane.y.low + ((Math.floor(k / columns) + 0.5) * (plane.y.high - plane.y.low)) / rows;
      each.field(Float64Array.of(xs[k]!, ys[k]!), rate);
      [us[k], vs[k]] = [rate[0]!, rate[1]!];
    }
    return { kind: "arrows", xs, ys, us, vs, grid: arrows, color };
  };
  return [...(exact ? [of(exact, faint.contour)] : []), of(field, orange)];
}

function arrowLegend(hasTruth: boolean): LegendEntry[] {
  return [
    ...(hasTruth ? [{ label: [{ text: "true" }], color: faint.contour, shape: "line" } as const] : []),
    { label: [{ text: "learned" }], color: orange, shape: "line" },
  ];
}
