import type { Compiled } from "../compile.ts";
import type { Dataset } from "../data/dataset.ts";
import { faint } from "./color.ts";
import { isolines } from "./contour.ts";
import type { ArrowMark, Axis, LegendEntry, LineMark } from "./panel.ts";
import { saddleEnergies } from "./saddle.ts";

interface Axes {
  readonly x: Axis;
  readonly y: Axis;
}

/** Points along either axis at which H is computed: finer than a pixel of the usual picture shows nothing more. */
const resolution = 161;
const fieldGrid = [19, 13] as const;

/** Lines of constant H in the plane of a model of one degree of freedom, and what a legend says of them. */
export interface Contours {
  readonly marks: readonly LineMark[];
  readonly legend: readonly LegendEntry[];
}

/** Contours at round energies, and through the saddle points of H; none where H depends on time. */
export function contoursOf(model: Compiled, { x, y }: Axes, dataset: Dataset): Contours {
  if (model.model.timeDependent) return { marks: [], legend: [] };
  const t = dataset.times?.[0] ?? 0;
  const grid = gridOf(model, { x, y }, t);
  const place = (values: Float64Array, { low, high }: Axis) =>
    values.map((value) => low + (value * (high - low)) / (resolution - 1));
  const lineAt = (level: number, look: Pick<LineMark, "color" | "width" | "label" | "dash">): LineMark[] => {
    const { xs, ys } = isolines(grid, resolution, resolution, level);
    if (xs.length === 0) return [];
    return [{ kind: "line", xs: place(xs, x), ys: place(ys, y), background: true, ...look }];
  };
  // With damping or forces no motion stays on a line of energy, so that none separates anything.
  const saddles = model.meta.conservative ? saddleEnergies(model, x, y, t).slice(0, mostSaddles) : [];
  const levels = energyLevels(grid);
  // A round energy beside that of a saddle point would be a second line along the first.
  const close = (levels.at(-1)! - levels[0]!) / 100;
  const plain = levels.filter((level) => !saddles.some((saddle) => Math.abs(saddle - level) < close));
  const separating = saddles.flatMap((level) => lineAt(level, { color: faint.separatrix, width: 1.1, dash: "5 3" }));
  const contours = plain.flatMap((level) =>
    lineAt(level, { color: faint.contour, width: 0.7, label: levelText(level) }),
  );
  const label = [{ text: separating.length === 1 ? "separatrix" : "separatrices" }];
  return {
    marks: [...contours, ...separating],
    legend: separating.length === 0 ? [] : [{ label, color: faint.separatrix, shape: "dashed", background: true }],
  };
}

/** H may ripple: more lines through saddle points would hide the rest. */
const mostSaddles = 4;

/** H on a grid over the plane, [rows, columns]. */
function gridOf({ hamiltonian }: Compiled, { x, y }: Axes, t: number): Float64Array {
  const grid = new Float64Array(resolution * resolution);
  const state = new Float64Array(2);
  for (let row = 0, at = 0; row < resolution; row++) {
    state[1] = y.low + ((y.high - y.low) * row) / (resolution - 1);
    for (let k = 0; k < resolution; k++, at++) {
      state[0] = x.low + ((x.high - x.low) * k) / (resolution - 1);
      grid[at] = hamiltonian(state, undefined, t);
    }
  }
  return grid;
}

/**
 * Some eight energies, evenly spaced in the root of their distance from the lowest: about a minimum the lines then stand
 * at even distances. Rounded to what tells them apart.
 */
export function energyLevels(grid: Float64Array, count = 8): number[] {
  const finite = grid.filter(Number.isFinite).sort();
  if (finite.length === 0) return [];
  // Poles of H are not to use all levels up.
  const low = finite[Math.floor(0.001 * finite.length)]!;
  const high = finite[Math.floor(0.97 * (finite.length - 1))]!;
  if (!(high > low)) return [];
  const unit = 10 ** Math.floor(Math.log10((high - low) / count));
  const levels = Array.from({ length: count }, (_, k) => {
    const level = low + ((k + 0.5) / count) ** 2 * (high - low);
    const distance = ((2 * k + 1) / count ** 2) * (high - low);
    const step = distance > 5 * unit ? unit * 2 : distance > 2 * unit ? unit : unit / 2;
    return Math.round(level / step) * step;
  });
  return [...new Set(levels.map((level) => Number(level.toPrecision(12))))].filter((level) => level > low);
}

function levelText(level: number): string {
  const text =
    Math.abs(level) >= 1e5 || (level !== 0 && Math.abs(level) < 1e-3)
      ? level.toExponential(1)
      : String(Number(level.toPrecision(6)));
  return text.replaceAll("-", "−");
}

/** ẋ on a grid over the plane. */
export function fieldMark({ field, model }: Compiled, { x, y }: Axes, dataset: Dataset): ArrowMark[] {
  if (model.timeDependent) return [];
  const [columns, rows] = fieldGrid;
  const size = columns * rows;
  const mark = {
    xs: new Float64Array(size),
    ys: new Float64Array(size),
    us: new Float64Array(size),
    vs: new Float64Array(size),
  };
  const rate = new Float64Array(2);
  for (let at = 0; at < size; at++) {
    const [k, row] = [at % columns, Math.floor(at / columns)];
    mark.xs[at] = x.low + ((k + 0.5) * (x.high - x.low)) / columns;
    mark.ys[at] = y.low + ((row + 0.5) * (y.high - y.low)) / rows;
    field([mark.xs[at]!, mark.ys[at]!], rate, undefined, dataset.times?.[0] ?? 0);
    mark.us[at] = rate[0]!;
    mark.vs[at] = rate[1]!;
  }
  return [{ kind: "arrows", ...mark, grid: fieldGrid, color: faint.arrow }];
}
