import { faint } from "./color.ts";
import { drawCells } from "./draw-cells.ts";
import { Occupied } from "./occupied.ts";
import type { ArrowMark, LineMark, Mark, Panel, PointMark } from "./panel.ts";
import { scaleOf } from "./scale.ts";
import { distinctPoints, type Path, simplifiedTo } from "./simplify.ts";
import { coordinate, element, text } from "./svg.ts";

/** Where a panel's data are drawn, in pixels. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** All marks of a picture share so many points: some 14 bytes each keep the SVG below 2 MB. */
export const mostPoints = 120_000;

/** Marks as SVG: what is cut off at the frame, and what may stand on it, above the rest. */
export interface DrawnMarks {
  readonly clipped: readonly string[];
  readonly free: readonly string[];
}

/**
 * The marks of a panel whose axes are those of the frame.
 *
 * @param budget how many points its lines may have
 */
export function drawMarks(panel: Panel, frame: Frame, budget: number): DrawnMarks {
  const place = placing(panel, frame);
  const lines = panel.marks.filter((mark): mark is LineMark => mark.kind === "line");
  const whole = lines.map(({ xs, ys }) => place(xs, ys));
  const shown = simplifiedTo(whole, budget, frame.left + frame.width, frame.top + frame.height);
  const paths = new Map<Mark, Path>(lines.map((mark, k) => [mark, shown[k]!]));
  const clipped = panel.marks.flatMap((mark) => {
    if (mark.kind === "arrows") return [drawArrows(mark, frame, place)];
    if (mark.kind === "cells") return [drawCells(mark, place)];
    return mark.kind === "line" ? [drawLine(mark, paths.get(mark)!)] : [];
  });
  // A point at the rim is seen whole.
  const free = panel.marks.flatMap((mark) =>
    mark.kind === "points" ? [drawPoints(mark, place(mark.xs, mark.ys), frame)] : [],
  );
  const data = lines.filter((mark) => mark.label === undefined).map((mark) => paths.get(mark)!);
  const dots = panel.marks.flatMap((mark) => (mark.kind === "points" ? [place(mark.xs, mark.ys)] : []));
  const labels = levelLabels(lines, paths, new Occupied(data, dots), frame);
  return { clipped: [...clipped, ...labels], free };
}

function placing({ x, y }: Panel, { left, top, width, height }: Frame) {
  const across = scaleOf(x, left, left + width);
  const up = scaleOf(y, top + height, top);
  return (xs: Float64Array, ys: Float64Array): Path => ({ us: xs.map(across), vs: ys.map(up) });
}

function drawLine(mark: LineMark, path: Path): string {
  const digits = path.us.length > 1000 ? 1 : 2;
  return element("path", {
    d: pathData(path, digits),
    fill: "none",
    stroke: mark.color,
    "stroke-width": mark.width,
    "stroke-linejoin": "round",
    "stroke-opacity": mark.opacity === 1 ? undefined : mark.opacity,
    "stroke-dasharray": mark.dash,
  });
}

function pathData({ us, vs }: Path, digits: number): string {
  let data = "";
  let pen = false;
  for (let k = 0; k < us.length; k++) {
    const [u, v] = [us[k]!, vs[k]!];
    if (!(Math.abs(u) < 1e6 && Math.abs(v) < 1e6)) {
      pen = false;
      continue;
    }
    data += `${pen ? (data.endsWith("M") ? "" : "L") : "M"}${coordinate(u, digits)} ${coordinate(v, digits)}`;
    pen = true;
  }
  return data;
}

function drawPoints(mark: PointMark, whole: Path, { left, top, width, height }: Frame): string {
  const path = distinctPoints(whole, 0.25);
  const inside = (u: number, v: number) =>
    u >= left - 1 && u <= left + width + 1 && v >= top - 1 && v <= top + height + 1;
  const circles = [...path.us].flatMap((u, k) => (inside(u, path.vs[k]!) ? [[u, path.vs[k]!] as const] : []));
  if (mark.hollow || circles.length <= 50) {
    const look = mark.hollow
      ? { fill: "#ffffff", stroke: mark.color, "stroke-width": 1.4 }
      : { fill: mark.color, "fill-opacity": mark.opacity === 1 ? undefined : mark.opacity };
    return circles.map(([cx, cy]) => element("circle", { cx, cy, r: mark.radius, ...look })).join("");
  }
  // Strokes of no length with round ends: a tenth of the bytes of circles.
  return element("path", {
    d: circles.map(([u, v]) => `M${coordinate(u, 1)} ${coordinate(v, 1)}h0`).join(""),
    stroke: mark.color,
    "stroke-width": 2 * mark.radius,
    "stroke-linecap": "round",
    "stroke-opacity": mark.opacity === 1 ? undefined : mark.opacity,
  });
}

/** Arrows no longer than the grid's distance; the root of the speed, so that slow regions show too. */
function drawArrows(mark: ArrowMark, frame: Frame, place: (xs: Float64Array, ys: Float64Array) => Path): string {
  const { us: u0, vs: v0 } = place(mark.xs, mark.ys);
  const { us: u1, vs: v1 } = place(
    mark.xs.map((x, k) => x + mark.us[k]!),
    mark.ys.map((y, k) => y + mark.vs[k]!),
  );
  const speeds = u0.map((u, k) => Math.hypot(u1[k]! - u, v1[k]! - v0[k]!));
  // Poles of the field are not to make all other arrows vanish.
  const sorted = speeds.filter(Number.isFinite).sort();
  const top = sorted[Math.floor(0.95 * (sorted.length - 1))] ?? 0;
  const spacing = Math.min(frame.width / mark.grid[0], frame.height / mark.grid[1]);
  let data = "";
  for (let k = 0; k < u0.length; k++) {
    const speed = speeds[k]!;
    if (!(speed > 0 && Number.isFinite(speed)) || top === 0) continue;
    const length = 0.82 * spacing * Math.sqrt(Math.min(speed / top, 1));
    if (length < 2) continue;
    const [du, dv] = [((u1[k]! - u0[k]!) / speed) * length, ((v1[k]! - v0[k]!) / speed) * length];
    data += arrowData(u0[k]! - du / 2, v0[k]! - dv / 2, du, dv, Math.min(4, 0.4 * length));
  }
  return element("path", { d: data, fill: "none", stroke: mark.color, "stroke-width": 1, "stroke-linecap": "round" });
}

function arrowData(u: number, v: number, du: number, dv: number, head: number): string {
  const length = Math.hypot(du, dv);
  const [a, b] = [(du / length) * head, (dv / length) * head];
  const [tipU, tipV] = [u + du, v + dv];
  const wing = (side: number) =>
    `${coordinate(tipU - a - side * 0.55 * b, 1)} ${coordinate(tipV - b + side * 0.55 * a, 1)}`;
  const tip = `${coordinate(tipU, 1)} ${coordinate(tipV, 1)}`;
  return `M${coordinate(u, 1)} ${coordinate(v, 1)}L${tip}M${wing(1)}L${tip}L${wing(-1)}`;
}

const labelSize = 11;

/** Labels on lines of constant energy, away from the rim, from one another and from lines without labels. */
function levelLabels(
  lines: readonly LineMark[],
  paths: ReadonlyMap<Mark, Path>,
  occupied: Occupied,
  { left, top, width, height }: Frame,
): string[] {
  const placed: (readonly [number, number])[] = [];
  return lines.flatMap((mark) => {
    if (mark.label === undefined) return [];
    const { us, vs } = paths.get(mark)!;
    let best = -1;
    let most = 14;
    for (const k of thinOut(us, 150)) {
      if (k === 0 || k + 1 >= us.length || ![us[k - 1], us[k]!, us[k + 1]].every(Number.isFinite)) continue;
      const [u, v] = [us[k]!, vs[k]!];
      const edge = Math.min((u - left) * 0.7, (left + width - u) * 0.7, v - top, top + height - v);
      const near = (others: readonly (readonly [number, number])[]) =>
        others.reduce((least, [x, y]) => Math.min(least, Math.hypot(x - u, y - v)), Number.POSITIVE_INFINITY);
      const score = Math.min(edge, near(placed) * 0.45, occupied.distance(u, v) * 1.2, 60);
      if (score > most) [best, most] = [k, score];
    }
    if (best < 0) return [];
    const [u, v] = [us[best]!, vs[best]!];
    placed.push([u, v]);
    const tangent = (Math.atan2(vs[best + 1]! - vs[best - 1]!, us[best + 1]! - us[best - 1]!) * 180) / Math.PI;
    const turn = tangent > 90 ? tangent - 180 : tangent < -90 ? tangent + 180 : tangent;
    const [shiftU, shiftV] = [-Math.sin((turn * Math.PI) / 180), Math.cos((turn * Math.PI) / 180)];
    const style = { size: labelSize, anchor: "middle", color: faint.text, turn, halo: true } as const;
    return text(u + 0.33 * labelSize * shiftU, v + 0.33 * labelSize * shiftV, [{ text: mark.label }], style);
  });
}

function thinOut(values: Float64Array, count: number): number[] {
  const step = Math.max(1, Math.ceil(values.length / count));
  return Array.from({ length: Math.floor(values.length / step) }, (_, k) => k * step);
}
