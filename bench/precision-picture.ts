import { text as readAll } from "node:stream/consumers";
import { distinct } from "../src/picture/color.ts";
import { drawPanel, surroundingsOf } from "../src/picture/draw-panel.ts";
import { plainLabel } from "../src/picture/label.ts";
import type { Axis, Mark, Panel } from "../src/picture/panel.ts";
import { element, svgDocument, text } from "../src/picture/svg.ts";
import type { Line, Point } from "./benchmark.ts";

/**
 * Draws the points of `npm run -s bench -- precision --json`, read from standard input, as SVG to standard output: error
 * against evaluations and against time. `npm run -s bench -- precision --json | node bench/precision-picture.ts > work.svg`
 */
const shown: readonly { readonly method: string; readonly color: string; readonly dash?: string }[] = [
  { method: "leapfrog", color: distinct[5]! },
  { method: "yoshida4", color: distinct[0]! },
  { method: "kahan-li8", color: distinct[2]! },
  { method: "gauss6", color: distinct[3]! },
  { method: "rk4", color: distinct[4]! },
  { method: "dop853", color: distinct[1]! },
  { method: "taylor", color: distinct[6]! },
  { method: "SciPy DOP853", color: distinct[1]!, dash: "7 4" },
  { method: "diffrax Dopri8", color: distinct[1]!, dash: "2 3" },
  { method: "heyoka", color: distinct[6]!, dash: "7 4" },
];

const [width, frameWidth, frameHeight] = [980, 380, 300];

const { precision } = JSON.parse(await readAll(process.stdin)) as { precision: readonly Line[] };
process.stdout.write(picture(precision.filter((line): line is Point => "error" in line && line.error > 0)));

function picture(points: readonly Point[]): string {
  const works = [...new Set(points.map(({ work }) => work))];
  const content: string[] = [];
  let top = 16;
  works.forEach((work, row) => {
    const own = points.filter((point) => point.work === work);
    const panels = [
      panelOf(own, "evaluations of the force (of a series for taylor and heyoka)", ({ evaluations }) => evaluations),
      panelOf(own, "time (ms)", ({ time }) => time / 1e6),
    ];
    const around = panels.map((panel) => surroundingsOf(panel, { sharesAxis: false }, width, frameHeight));
    const above = Math.max(...around.map((each) => each.above)) + (row === 0 ? 52 : 18);
    let left = 0;
    panels.forEach((panel, column) => {
      left += around[column]!.left;
      const frame = { left, top: top + above, width: frameWidth, height: frameHeight };
      if (column === 0) content.push(text(left, frame.top - 8, plainLabel(work), { size: 15 }));
      content.push(drawPanel(panel, frame, { sharesAxis: false }, 2 * row + column, 1e4));
      left += frameWidth + 22;
    });
    if (row === 0) content.push(legendLine(top + 14));
    top += above + frameHeight + Math.max(...around.map((each) => each.below));
  });
  return svgDocument(width, top + 10, "Work and precision", content);
}

/** What the lines are, over both panels. */
function legendLine(y: number): string {
  const step = (width - 60) / shown.length;
  return shown
    .map(({ method, color, dash }, k) => {
      const x = 40 + k * step;
      const at = { x1: x, y1: y - 14, x2: x + 26, y2: y - 14 };
      const line = element("line", { ...at, stroke: color, "stroke-width": 2, "stroke-dasharray": dash });
      return line + text(x, y, plainLabel(method), { size: 11.5 });
    })
    .join("\n");
}

function panelOf(points: readonly Point[], label: string, work: (point: Point) => number): Panel {
  const marks = shown.flatMap(({ method, color, dash }): Mark[] => {
    const own = points.filter((point) => point.method === method);
    if (own.length === 0) return [];
    const [xs, ys] = [Float64Array.from(own, work), Float64Array.from(own, ({ error }) => error)];
    return [
      { kind: "line", xs, ys, color, width: 1.6, dash },
      { kind: "points", xs, ys, color, radius: 2.6, hollow: dash !== undefined },
    ];
  });
  const seen = points.filter(({ method }) => shown.some((each) => each.method === method));
  const x = logarithmic(label, seen.map(work));
  const y = logarithmic(
    "relative error",
    seen.map(({ error }) => error),
  );
  return { x, y, marks, legend: [], notes: [] };
}

function logarithmic(label: string, values: readonly number[]): Axis {
  const [low, high] = [Math.min(...values) / 1.5, Math.max(...values) * 1.5];
  return { label: plainLabel(label), kind: "log", low, high };
}
