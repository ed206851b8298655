import type { Dataset } from "../data/dataset.ts";
import { HnncError } from "../errors.ts";
import { type Drawing, type PanelOptions, panelsOf } from "./choose.ts";
import { faint } from "./color.ts";
import { mostPoints } from "./draw-marks.ts";
import { drawPanel, type Surroundings, surroundingsOf } from "./draw-panel.ts";
import { labelText } from "./label.ts";
import type { Panel } from "./panel.ts";
import { element, svgDocument, text } from "./svg.ts";
import { shortened } from "./text-width.ts";
import { type Title, titleOf } from "./title.ts";

/** The size of a picture and what it is written as. */
export interface PictureSize {
  readonly format: PictureFormat;
  /** In pixels of the SVG. Default 640. */
  readonly width?: number | undefined;
  /**
   * Default three quarters of the width for one panel, less for each of several; where units are equal on both axes, as
   * the data ask for.
   */
  readonly height?: number | undefined;
  /** PNG pixels to a pixel of the SVG. Default 2. */
  readonly scale?: number | undefined;
}

export type PictureFormat = "svg" | "png";

export type PictureOptions = PanelOptions & PictureSize;

/**
 * Draws a dataset as SVG text, or as the bytes of a PNG of it. The same data and options give the same SVG in every
 * process, and the same PNG on every machine.
 *
 * @throws HnncError kind `usage` for an unknown kind, column or run and for sizes that cannot be; kind `data` where there
 * is nothing to draw
 * @example
 * const svg = await drawPicture(trajectory, { kind: ["phase", "energy"], format: "svg" });
 */
export function drawPicture(dataset: Dataset, options: PictureOptions & { readonly format: "svg" }): Promise<string>;
export function drawPicture(
  dataset: Dataset,
  options: PictureOptions & { readonly format: "png" },
): Promise<Uint8Array>;
export function drawPicture(dataset: Dataset, options: PictureOptions): Promise<string | Uint8Array>;
export async function drawPicture(dataset: Dataset, options: PictureOptions): Promise<string | Uint8Array> {
  requireSizes(options);
  return rendered(await panelsOf(dataset, options), options);
}

/** A drawing as SVG or PNG. */
export async function rendered({ panels, subject }: Drawing, size: PictureSize): Promise<string | Uint8Array> {
  return renderedPanels(panels, titleOf(subject.dataset), size);
}

/** Panels one above the other under a title, as SVG or PNG. */
export async function renderedPanels(
  panels: readonly Panel[],
  title: Title,
  size: PictureSize,
): Promise<string | Uint8Array> {
  const { width, scale } = requireSizes(size);
  const svg = svgOf(panels, title, width, size.height ?? usualHeight(panels, width));
  if (size.format === "svg") return svg;
  const { pngOf } = await import("./png.ts");
  return pngOf(svg, scale);
}

/**
 * Panels of one's own as SVG text, one above the other.
 *
 * @param width in pixels. Default 640
 */
export function drawPanels(panels: readonly Panel[], title: Title, width = 640): string {
  return svgOf(panels, title, width, usualHeight(panels, width));
}

/**
 * The format that a file's name asks for.
 *
 * @throws HnncError `unknown-picture-format` (usage)
 */
export function pictureFormat(path: string): PictureFormat {
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase();
  if (extension === "svg" || extension === "png") return extension;
  throw new HnncError({
    kind: "usage",
    code: "unknown-picture-format",
    message: `\`${path}\` does not end in .svg or .png`,
    hint: "name the file picture.svg or picture.png",
  });
}

const mostPixels = 16_000;

/** Checked before anything is computed. */
function requireSizes({ width = 640, height, scale = 2 }: PictureSize): { width: number; scale: number } {
  const possible = (value: number) => value >= 200 && value <= mostPixels / 2;
  const hint = `a side has from 200 to ${mostPixels / 2} pixels, after scaling at most ${mostPixels}`;
  if (!possible(width)) throw badSize("width", width, hint);
  if (height !== undefined && !possible(height)) throw badSize("height", height, hint);
  if (!(scale > 0 && scale * Math.max(width, height ?? width) <= mostPixels)) throw badSize("scale", scale, hint);
  return { width, scale };
}

function badSize(name: string, value: number, hint: string): HnncError {
  return new HnncError({
    kind: "usage",
    code: "bad-size",
    message: `${name} = ${value} is no size of a picture`,
    hint,
  });
}

function usualHeight(panels: readonly Panel[], width: number): number {
  if (panels.length > 1) return Math.round(140 + 60 * panels.length + sum(shares(panels, width)));
  return panels[0]!.equalAspect ? Math.round(shares(panels, width)[0]! + 130) : Math.round(0.75 * width);
}

/** How high each panel would be: as high as its data ask for where units are equal on both axes. */
function shares(panels: readonly Panel[], width: number): number[] {
  const most = panels.length === 1 ? 1 : 0.75;
  return panels.map(({ x, y, equalAspect }) => {
    if (!equalAspect) return 170;
    const ratio = (y.high - y.low) / (x.high - x.low);
    return (width - 90) * Math.min(Math.max(ratio, 0.4), most);
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const rightMargin = 22;

/** What several panels have to say is said once, below the last. */
function saidOnce(panels: readonly Panel[]): Panel[] {
  const later = (note: string, at: number) => panels.slice(at + 1).some(({ notes }) => notes.includes(note));
  return panels.map((panel, at) => ({ ...panel, notes: panel.notes.filter((note) => !later(note, at)) }));
}

function svgOf(given: readonly Panel[], title: Title, width: number, height: number): string {
  const panels = saidOnce(given);
  const places = panels.map((panel, k) => ({ sharesAxis: panels[k + 1]?.x === panel.x }));
  const parts = shares(panels, width).map((share, _, all) => share / sum(all));
  const around = panels.map((panel, k) => surroundingsOf(panel, places[k]!, width, height * parts[k]! - 80));
  const left = Math.max(...around.map((each) => each.left));
  const head = heading(title, left, width);
  const used = around.reduce((sum, { above, below }) => sum + above + below, head.height + 6);
  if ((height - used) * Math.min(...parts) < 40 || width - left - rightMargin < 80) {
    const hint = `${panels.length} panels with their labels need ${Math.ceil(used + 40 * panels.length)} pixels of height`;
    throw badSize("height", height, hint);
  }
  let top = head.height;
  const drawn = panels.map((panel, k) => {
    const { above, below } = around[k] as Surroundings;
    const frameHeight = (height - used) * parts[k]!;
    const frame = { left, top: top + above, width: width - left - rightMargin, height: frameHeight };
    top += above + frameHeight + below;
    return drawPanel(panel, frame, places[k]!, k, mostPoints / panels.length);
  });
  const words = [labelText(title.headline), labelText(title.details)].filter((line) => line !== "").join(" · ");
  return svgDocument(width, height, words === "" ? "hnnc" : words, [...head.elements, ...drawn]);
}

function heading({ headline, details }: Title, left: number, width: number) {
  const elements: string[] = [];
  let height = 10;
  const room = width - left - rightMargin;
  if (headline.length > 0) {
    height += 18;
    elements.push(text(left, height - 3, shortened(headline, 16, room), { size: 16 }));
  }
  if (details.length > 0) {
    height += 17;
    elements.push(text(left, height - 3, shortened(details, 12.5, room), { size: 12.5, color: faint.text }));
  }
  return { height, elements: elements.length > 0 ? [element("g", {}, elements.join("\n"))] : [] };
}
