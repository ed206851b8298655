import type { Label } from "./label.ts";

/** One axis of a panel, in the units of the data. */
export interface Axis {
  /** The name, without the unit. */
  readonly label: Label;
  readonly unit?: string | undefined;
  readonly kind: "linear" | "log";
  /** Finite, `low < high`; positive on a log axis. */
  readonly low: number;
  readonly high: number;
  /** Whether ticks stand at multiples of π. */
  readonly angle?: boolean | undefined;
}

/** A curve; NaN in either array interrupts it. */
export interface LineMark {
  readonly kind: "line";
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly color: string;
  readonly width: number;
  readonly opacity?: number | undefined;
  /** As `stroke-dasharray` has it, in pixels. */
  readonly dash?: string | undefined;
  /** Behind the data, and left out where there is little space, as in a terminal. */
  readonly background?: boolean | undefined;
  /** A few words to stand on the curve. */
  readonly label?: string | undefined;
}

/** Separate points. */
export interface PointMark {
  readonly kind: "points";
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly color: string;
  /** In pixels. */
  readonly radius: number;
  readonly opacity?: number | undefined;
  /** Drawn as a ring. */
  readonly hollow?: boolean | undefined;
}

/** A vector field on a grid: arrows centred on the points, along (us, vs), longer where it is stronger. */
export interface ArrowMark {
  readonly kind: "arrows";
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly us: Float64Array;
  readonly vs: Float64Array;
  /** Points along x and along y. */
  readonly grid: readonly [columns: number, rows: number];
  readonly color: string;
}

/** A colour for each cell of an even grid over a rectangle, behind everything; left out in a terminal. */
export interface CellMark {
  readonly kind: "cells";
  /** [rows, columns] from the lower left on: places in `colors`, or −1 where a cell has none. */
  readonly places: Int8Array;
  /** Cells along x and along y. */
  readonly grid: readonly [columns: number, rows: number];
  /** The rectangle, in the units of the axes. */
  readonly across: readonly [low: number, high: number];
  readonly up: readonly [low: number, high: number];
  readonly colors: readonly string[];
}

export type Mark = LineMark | PointMark | ArrowMark | CellMark;

export interface LegendEntry {
  readonly label: Label;
  readonly color: string;
  readonly shape: "line" | "dashed" | "dot" | "none";
  /** It speaks of what stands in the background. */
  readonly background?: boolean | undefined;
}

/** A picture before it has a size: what a kind makes, what SVG and the terminal draw. */
export interface Panel {
  readonly x: Axis;
  readonly y: Axis;
  /** Whether a unit is as long on both axes; then the ranges may be widened to fit. */
  readonly equalAspect?: boolean | undefined;
  /** In drawing order. */
  readonly marks: readonly Mark[];
  readonly legend: readonly LegendEntry[];
  /** What a reader has to know: how it was computed, what was left out. */
  readonly notes: readonly string[];
  /** What may be told to whoever asked for the picture; it is not drawn. */
  readonly remarks?: readonly string[] | undefined;
}
