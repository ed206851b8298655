import { HnncError } from "../errors.ts";
import { type Body, bodiesOf } from "./bodies.ts";
import { colorOf } from "./color.ts";
import { endMarks, runLegend, runStyles } from "./curves.ts";
import { firstStretch } from "./first-stretch.ts";
import type { PictureKind } from "./kind.ts";
import { type Label, nameLabel } from "./label.ts";
import type { LegendEntry, Panel } from "./panel.ts";
import { extent } from "./range.ts";
import { axisOf, requireRange, type Subject } from "./subject.ts";
import { mostSeparate, trajectoryCurves } from "./trajectory-curve.ts";

export const orbit: PictureKind = {
  name: "orbit",
  description: "the paths of bodies in the plane, equal units on both axes",
  wishes: ["x", "y"],
  panels: async (subject, { x, y }) => {
    const named = x !== undefined && y?.[0] !== undefined ? [{ x, y: y[0], name: undefined }] : undefined;
    const bodies = named ?? bodiesOf(subject.dataset);
    if (bodies.length === 0) throw noPlane(subject);
    return [await panelOf(subject, bodies)];
  },
};

async function panelOf(subject: Subject, bodies: readonly Body[]): Promise<Panel> {
  const columns = bodies.map((body) => ({ xs: subject.column(body.x), ys: subject.column(body.y) }));
  const names = (axis: "x" | "y") => bodies.map((body) => body[axis]);
  const rangeX = requireRange(extent(...columns.map(({ xs }) => xs)), names("x"));
  const rangeY = requireRange(extent(...columns.map(({ ys }) => ys)), names("y"));
  const several = bodies.length > 1;
  const drawn = bodies.map((body, k) => {
    const styles = runStyles(subject).map((style) =>
      several ? { ...style, color: colorOf(k, bodies.length) } : style,
    );
    return trajectoryCurves(subject, styles, body.x, body.y, mostSeparate / bodies.length);
  });
  const curves = drawn.flatMap((each) => each.curves);
  const path = drawn.some(({ scattered }) => scattered)
    ? await firstStretch(
        subject,
        bodies.map((body) => [body.x, body.y] as const),
      )
    : undefined;
  // A body that hardly moves is seen by its mark alone.
  const ends = curves.length <= 40 ? curves.flatMap((curve) => endMarks(curve)) : [];
  return {
    x: { ...axisOf(subject, bodies[0]!.x, rangeX), label: axisLabel(names("x")), angle: false },
    y: { ...axisOf(subject, bodies[0]!.y, rangeY), label: axisLabel(names("y")), angle: false },
    equalAspect: true,
    marks: [...(path?.marks ?? []), ...curves, ...ends],
    legend: [...(several ? bodyLegend(bodies) : runLegend(subject)), ...(path?.legend ?? [])],
    notes: [...new Set(drawn.flatMap((each) => each.notes))],
  };
}

/** `x` of `x1` and `x2`; `q` with an index `i` of `q[1,2]` and `q[2,2]`. */
function axisLabel(names: readonly string[]): Label {
  if (names.length === 1) return nameLabel(names[0]!);
  const [entry] = names;
  const array = /^(\w+)\[\d+(,\d+)?\]$/.exec(entry!);
  if (array) {
    const index = [
      { text: "i", italic: true, at: "sub" as const },
      ...(array[2] ? [{ text: array[2], at: "sub" as const }] : []),
    ];
    return [...nameLabel(array[1]!), ...index];
  }
  return nameLabel(entry!.replace(/_?\d+$/, ""));
}

function bodyLegend(bodies: readonly Body[]): LegendEntry[] {
  const entries = bodies.map(({ name }, k) => ({
    label: [{ text: `body ${name ?? k + 1}` }],
    color: colorOf(k, bodies.length),
    shape: "line" as const,
  }));
  if (entries.length <= 8) return entries;
  return [
    { label: [{ text: `${bodies.length} bodies, dark to light` }], color: colorOf(0, bodies.length), shape: "none" },
  ];
}

function noPlane({ dataset }: Subject): HnncError {
  return new HnncError({
    kind: "usage",
    code: "no-plane",
    message: `none of the coordinates are x and y of a body: ${dataset.coordinates.slice(0, 12).join(" ")}`,
    hint: "say which to draw: --x q1 --y q2; or take another kind",
  });
}
