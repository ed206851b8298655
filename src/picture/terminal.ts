import type { Dataset } from "../data/dataset.ts";
import { axisTitle } from "./axis-title.ts";
import { BrailleCanvas } from "./braille.ts";
import { type Drawing, type PanelOptions, panelsOf } from "./choose.ts";
import { labelText } from "./label.ts";
import type { Axis, Panel } from "./panel.ts";
import { fittedAspect, scaleOf } from "./scale.ts";
import { type Ticks, ticksOf } from "./ticks.ts";

export interface TerminalSize {
  /** Characters a line. Default 72, at least 30. */
  readonly columns?: number | undefined;
  /** Lines of the whole plot, the axes' labels included; several panels share them. Default 20, at least 8 a panel. */
  readonly rows?: number | undefined;
  /** Whether curves are told apart by ANSI colours. Default false: plain text. */
  readonly color?: boolean | undefined;
}

export type TerminalPlotOptions = PanelOptions & TerminalSize;

/**
 * Draws a dataset in characters: Braille dots, two by four in each cell, with axes around.
 *
 * @returns lines, each with its line break; without `color` nothing but text
 * @throws HnncError as `drawPicture` does
 * @example
 * process.stdout.write(await terminalPlot(trajectory, { kind: "phase", columns: 72, rows: 20, color: true }));
 */
export async function terminalPlot(dataset: Dataset, options: TerminalPlotOptions = {}): Promise<string> {
  return drawnInText(await panelsOf(dataset, options), options);
}

/** A drawing in characters. */
export function drawnInText({ panels }: Pick<Drawing, "panels">, size: TerminalSize = {}): string {
  const columns = Math.max(30, Math.floor(size.columns ?? 72));
  const rows = Math.max(8, Math.floor((size.rows ?? 20) / panels.length));
  return panels.map((panel) => drawPanel(panel, columns, rows, size.color ?? false)).join("");
}

function drawPanel(panel: Panel, columns: number, rows: number, color: boolean): string {
  const legend = legendLines(panel, columns, color);
  const notes = panel.notes.flatMap((note) => wordsInLines(note, columns));
  const height = Math.max(3, rows - 3 - legend.length - notes.length);
  const upTicks = ticksOf(panel.y, Math.max(3, Math.floor(height / 3)));
  const margin = Math.max(...upTicks.labels.map((label) => labelText(label).length), 1);
  const width = columns - margin - 3;
  const { x, y } = fittedAspect(panel, 2 * width, 4 * height);
  const marked = {
    x: ticksOf(x, Math.max(2, Math.floor(width / 14))),
    y: x === panel.x && y === panel.y ? upTicks : ticksOf(y, Math.max(3, Math.floor(height / 3))),
  };
  const canvas = canvasOf({ ...panel, x, y }, width, height);
  const left = leftLabels(y, marked.y, height, margin);
  const lines = canvas.lines(color).map((line, row) => `${left.text[row]} ${left.ticks.has(row) ? "┤" : "│"}${line}`);
  return [...legend, labelText(axisTitle(y, marked.y)), ...lines, ...bottomLines(x, marked.x, margin, width), ...notes]
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

function wordsInLines(text: string, columns: number): string[] {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1)!;
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + word.length < columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function canvasOf(panel: Panel, width: number, height: number): BrailleCanvas {
  const canvas = new BrailleCanvas(width, height);
  const across = scaleOf(panel.x, 0, 2 * width - 1);
  const up = scaleOf(panel.y, 4 * height - 1, 0);
  for (const mark of panel.marks) {
    // Contours and arrows would drown the curve: a cell holds eight dots.
    if (mark.kind === "arrows" || mark.kind === "cells" || (mark.kind === "line" && mark.background)) continue;
    const { xs, ys, color } = mark;
    for (let k = 0; k < xs.length; k++) {
      const [u, v] = [across(xs[k]!), up(ys[k]!)];
      if (mark.kind === "points") canvas.dot(u, v, color);
      else if (k > 0) canvas.segment(across(xs[k - 1]!), up(ys[k - 1]!), u, v, color, mark.dash !== undefined);
    }
  }
  return canvas;
}

function leftLabels(y: Axis, ticks: Ticks, height: number, margin: number) {
  const text = Array.from({ length: height }, () => " ".repeat(margin));
  const marked = new Set<number>();
  const up = scaleOf(y, 4 * height - 1, 0);
  for (const [k, value] of ticks.values.entries()) {
    const row = Math.floor(Math.min(Math.max(up(value), 0), 4 * height - 1) / 4);
    text[row] = labelText(ticks.labels[k]!).padStart(margin);
    marked.add(row);
  }
  return { text, ticks: marked };
}

/** The axis with its ticks, and the labels below, none of which touches another; the name of the axis at the end. */
function bottomLines(x: Axis, ticks: Ticks, margin: number, width: number): string[] {
  const across = scaleOf(x, 0, 2 * width - 1);
  const rule = Array.from({ length: width }, () => "─");
  const title = labelText(axisTitle(x, ticks));
  const total = margin + 2 + width;
  const cells = Array.from({ length: total }, () => " ");
  const end = total - [...title].length;
  for (const [k, char] of [...title].entries()) if (end + k >= 0) cells[end + k] = char;
  let free = 0;
  for (const [k, value] of ticks.values.entries()) {
    const at = Math.floor(Math.min(Math.max(across(value), 0), 2 * width - 1) / 2);
    rule[at] = "┬";
    const label = labelText(ticks.labels[k]!);
    const start = Math.min(Math.max(margin + 2 + at - Math.floor(label.length / 2), 0), total - label.length);
    if (start < free || start + label.length >= end) continue;
    for (const [offset, char] of [...label].entries()) cells[start + offset] = char;
    free = start + label.length + 1;
  }
  return [`${" ".repeat(margin + 1)}└${rule.join("")}`, cells.join("")];
}

function legendLines({ legend }: Panel, columns: number, color: boolean): string[] {
  const shown = legend.filter(({ background }) => !background);
  if (shown.length === 0) return [];
  const entries = shown.map(({ label, color: hex, shape }) => ({
    text: labelText(label),
    mark: markOf(shape, hex, color),
  }));
  const lines: string[] = [];
  let line = "";
  let length = 0;
  for (const { text, mark } of entries) {
    const extra = [...text].length + (mark.length > 0 ? 3 : 0) + 2;
    if (length > 0 && length + extra > columns) {
      lines.push(line);
      [line, length] = ["", 0];
    }
    line += `${length > 0 ? "  " : ""}${mark.text}${text}`;
    length += extra;
  }
  return [...lines, line];
}

function markOf(shape: string, hex: string, color: boolean): { text: string; length: number } {
  const sign = shape === "none" ? "" : shape === "dashed" ? "╌╌ " : shape === "line" ? "── " : "• ";
  return { text: color && sign !== "" ? ansi(hex, sign) : sign, length: sign.length };
}

/** A colour in the 256 that terminals agree on. */
function ansi(hex: string, text: string): string {
  return `\u001b[38;5;${BrailleCanvas.paletteIndex(hex)}m${text}\u001b[39m`;
}
