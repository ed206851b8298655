import { axisTitle } from "./axis-title.ts";
import { faint } from "./color.ts";
import { drawMarks, type Frame } from "./draw-marks.ts";
import { plainLabel } from "./label.ts";
import type { Axis, LegendEntry, Panel } from "./panel.ts";
import { fittedAspect, scaleOf } from "./scale.ts";
import { element, text } from "./svg.ts";
import { labelWidth, shortened } from "./text-width.ts";
import { type Ticks, ticksOf } from "./ticks.ts";

/** Sizes of text in pixels. */
export const sizes = { label: 15, tick: 12.5, legend: 12.5, note: 11 } as const;

/** What a panel takes besides its frame, in pixels. */
export interface Surroundings {
  readonly above: number;
  readonly below: number;
  /** Left of the frame: labels of ticks and the name of the axis. */
  readonly left: number;
}

/** Whether the panel below has the same horizontal axis, which then stands there alone. */
export interface Place {
  readonly sharesAxis: boolean;
}

const legendRow = 18;
const noteRow = 15;

export function surroundingsOf(panel: Panel, { sharesAxis }: Place, width: number, height: number): Surroundings {
  const ticks = ticksOf(panel.y, verticalCount(height));
  const widest = Math.max(...ticks.labels.map((label) => labelWidth(label, sizes.tick)), 8);
  const rows = legendRows(panel.legend, width - widest - 60).length;
  const notes = panel.notes.length * noteRow;
  return {
    above: rows * legendRow + 6,
    below: (sharesAxis ? 12 : 46) + notes,
    left: Math.ceil(widest + 40),
  };
}

function verticalCount(height: number): number {
  return Math.min(9, Math.max(3, Math.floor(height / 38)));
}

/** A panel in its frame: grid, marks, box, ticks, labels, legend, notes. */
export function drawPanel(panel: Panel, frame: Frame, place: Place, number: number, budget: number): string {
  const { left, top, width, height } = frame;
  const axes = fittedAspect(panel, width, height);
  const fitted: Panel = { ...panel, ...axes };
  const upTicks = ticksOf(axes.y, verticalCount(height));
  const acrossTicks = horizontalTicks(axes.x, width);
  const clip = `hnnc-frame-${number}`;
  const grid = panel.marks.some(({ kind }) => kind === "arrows" || kind === "cells")
    ? []
    : [gridLines(axes, acrossTicks, upTicks, frame)];
  const marks = drawMarks(fitted, frame, budget);
  const content = [
    element("clipPath", { id: clip }, element("rect", { x: left, y: top, width, height })),
    ...grid,
    element("g", { "clip-path": `url(#${clip})` }, `\n${marks.clipped.join("\n")}\n`),
    element("rect", { x: left, y: top, width, height, fill: "none", stroke: "#000000", "stroke-width": 1 }),
    ...marks.free,
    ...horizontalAxis(axes.x, acrossTicks, frame, place),
    ...verticalAxis(axes.y, upTicks, frame),
    ...legend(panel.legend, frame),
    ...notes(panel.notes, frame, place),
  ];
  return element("g", {}, `\n${content.join("\n")}\n`);
}

/** As many ticks as their labels leave space for. */
function horizontalTicks(axis: Axis, width: number): Ticks {
  for (let count = 9; count > 2; count--) {
    const ticks = ticksOf(axis, count);
    const widest = Math.max(...ticks.labels.map((label) => labelWidth(label, sizes.tick)));
    if ((widest + 14) * ticks.labels.length <= width) return ticks;
  }
  return ticksOf(axis, 2);
}

function gridLines(
  axes: Pick<Panel, "x" | "y">,
  across: Ticks,
  up: Ticks,
  { left, top, width, height }: Frame,
): string {
  const u = scaleOf(axes.x, left, left + width);
  const v = scaleOf(axes.y, top + height, top);
  const lines = [
    ...across.values.map((value) => `M${u(value).toFixed(1)} ${top.toFixed(1)}v${height.toFixed(1)}`),
    ...up.values.map((value) => `M${left.toFixed(1)} ${v(value).toFixed(1)}h${width.toFixed(1)}`),
  ];
  return element("path", { d: lines.join(""), fill: "none", stroke: faint.grid, "stroke-width": 0.8 });
}

function horizontalAxis(
  axis: Axis,
  ticks: Ticks,
  { left, top, width, height }: Frame,
  { sharesAxis }: Place,
): string[] {
  const place = scaleOf(axis, left, left + width);
  const bottom = top + height;
  const marks = [
    ...ticks.values.map((value) => `M${place(value).toFixed(1)} ${bottom.toFixed(1)}v5`),
    ...ticks.minor.map((value) => `M${place(value).toFixed(1)} ${bottom.toFixed(1)}v2.5`),
  ].join("");
  const line = element("path", { d: marks, fill: "none", stroke: "#000000", "stroke-width": 0.8 });
  if (sharesAxis) return [line];
  const labels = ticks.values.map((value, k) =>
    text(place(value), bottom + 18, ticks.labels[k]!, { size: sizes.tick, anchor: "middle" }),
  );
  const name = axisTitle(axis, ticks);
  return [
    line,
    ...labels,
    text(left + width / 2, bottom + 38, shortened(name, sizes.label, width), { size: sizes.label, anchor: "middle" }),
  ];
}

function verticalAxis(axis: Axis, ticks: Ticks, { left, top, height }: Frame): string[] {
  const place = scaleOf(axis, top + height, top);
  const marks = [
    ...ticks.values.map((value) => `M${left.toFixed(1)} ${place(value).toFixed(1)}h-5`),
    ...ticks.minor.map((value) => `M${left.toFixed(1)} ${place(value).toFixed(1)}h-2.5`),
  ].join("");
  const name = shortened(axisTitle(axis, ticks), sizes.label, height + 20);
  return [
    element("path", { d: marks, fill: "none", stroke: "#000000", "stroke-width": 0.8 }),
    ...ticks.values.map((value, k) =>
      text(left - 8, place(value) + 0.33 * sizes.tick, ticks.labels[k]!, { size: sizes.tick, anchor: "end" }),
    ),
    text(20, top + height / 2, name, { size: sizes.label, anchor: "middle", turn: -90 }),
  ];
}

interface Placed {
  readonly entry: LegendEntry;
  readonly x: number;
}

const swatch = 22;

function entryWidth({ label, shape }: LegendEntry): number {
  return labelWidth(label, sizes.legend) + (shape === "none" ? 0 : swatch + 6);
}

/** Entries side by side, in as many rows as they need. */
function legendRows(entries: readonly LegendEntry[], width: number): Placed[][] {
  const rows: Placed[][] = [];
  let x = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const own = entryWidth(entry);
    if (x + own > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)!.push({ entry, x });
    x += own + 18;
  }
  return rows;
}

/** Above the frame, where it hides no data. */
function legend(entries: readonly LegendEntry[], { left, top, width }: Frame): string[] {
  const rows = legendRows(entries, width);
  return rows.flatMap((row, k) => {
    const y = top - 8 - (rows.length - 1 - k) * legendRow;
    return row.map(({ entry, x }) => legendEntry(entry, left + x, y));
  });
}

function legendEntry({ label, color, shape }: LegendEntry, x: number, y: number): string {
  if (shape === "none") return text(x, y, label, { size: sizes.legend });
  const middle = y - 0.3 * sizes.legend;
  const sign =
    shape === "dot"
      ? element("circle", {
          cx: x + swatch / 2,
          cy: middle,
          r: 3,
          fill: color,
        })
      : element("path", {
          d: `M${x.toFixed(1)} ${middle.toFixed(1)}h${swatch}`,
          stroke: color,
          "stroke-width": shape === "dashed" ? 1.4 : 2,
          "stroke-dasharray": shape === "dashed" ? "6 4" : undefined,
        });
  return sign + text(x + swatch + 6, y, label, { size: sizes.legend });
}

function notes(lines: readonly string[], { left, top, width, height }: Frame, { sharesAxis }: Place): string[] {
  const first = top + height + (sharesAxis ? 20 : 56);
  return lines.map((line, k) =>
    text(left, first + k * noteRow, shortened(plainLabel(line), sizes.note, width), {
      size: sizes.note,
      color: faint.text,
    }),
  );
}
