import { stateAt } from "../../data/dataset.ts";
import { selectPart } from "../../data/select.ts";
import type { PlainField } from "../../hnn/plain-field.ts";
import { nameLabel } from "../../picture/label.ts";
import type { Axis, LineMark, PointMark } from "../../picture/panel.ts";
import { extent, padded } from "../../picture/range.ts";
import type { RunPicturesInput } from "./picture-draft.ts";

/** A part of the phase plane of a system of one degree of freedom. */
export interface Plane {
  readonly x: Axis;
  readonly y: Axis;
}

/** Points along either axis at which functions are computed. */
export const resolution = 141;

/** Where the data and the trajectories are, with some room; undefined for more degrees of freedom. */
export function planeOf({ coordinates, momenta, dataset, evaluated }: RunPicturesInput): Plane | undefined {
  if (coordinates.length !== 1) return undefined;
  const states = [
    ...(dataset ? [dataset.states] : []),
    ...(evaluated?.trajectories.truth.map((run) => run.states) ?? []),
  ];
  const column = (k: number) => extent(...states.map((values) => values.filter((_, at) => at % 2 === k)));
  const [across, up] = [column(0), column(1)];
  if (!across || !up) return undefined;
  const axis = (name: string, range: [number, number]): Axis => ({
    label: nameLabel(name),
    kind: "linear",
    ...padded(range, 0.12),
  });
  return { x: axis(coordinates[0]!, across), y: axis(momenta[0]!, up) };
}

/** A function of the state on a grid over a plane, [rows, columns]. */
export function onPlane({ x, y }: Plane, value: (state: Float64Array) => number): Float64Array {
  const state = new Float64Array(2);
  return Float64Array.from({ length: resolution ** 2 }, (_, at) => {
    state[0] = x.low + ((x.high - x.low) * (at % resolution)) / (resolution - 1);
    state[1] = y.low + ((y.high - y.low) * Math.floor(at / resolution)) / (resolution - 1);
    return value(state);
  });
}

/** The constant to be added to the learned H: then both have one mean over the data, or over the true trajectories. */
export function energyOffset({ field, dataset, evaluated }: RunPicturesInput, exact: PlainField): number {
  const states = dataset ? [dataset.states] : (evaluated?.trajectories.truth.map((run) => run.states) ?? []);
  let [total, count] = [0, 0];
  for (const values of states) {
    const stride = 2 * Math.ceil(values.length / 2000);
    for (let at = 0; at + 1 < values.length; at += stride, count++) {
      const state = values.subarray(at, at + 2);
      total += exact.energy!(state) - field!.energy!(state);
    }
  }
  return count === 0 ? 0 : total / count;
}

/** Places on the grid as places in the plane. */
export function placed(lines: { readonly xs: Float64Array; readonly ys: Float64Array }, { x, y }: Plane) {
  const along = (values: Float64Array, { low, high }: Axis) =>
    values.map((value) => low + (value * (high - low)) / (resolution - 1));
  return { xs: along(lines.xs, x), ys: along(lines.ys, y) };
}

const mostDots = 1500;

/** The rows that were trained on, faint. */
export function dataMark({ dataset }: RunPicturesInput, radius = 1.4): PointMark[] {
  if (!dataset) return [];
  const train = selectPart(dataset, "train");
  const stride = Math.ceil(train.rows / mostDots);
  const rows = Array.from({ length: Math.floor(train.rows / stride) }, (_, k) => stateAt(train, k * stride));
  return [
    {
      kind: "points",
      xs: Float64Array.from(rows, (state) => state[0]!),
      ys: Float64Array.from(rows, (state) => state[1]!),
      color: "#000000",
      radius,
      opacity: 0.25,
    },
  ];
}

/** The box of the data that were trained on. */
export function regionMark({ evaluated }: RunPicturesInput): LineMark[] {
  const region = evaluated?.evaluation.region;
  if (!region) return [];
  const [[left, right], [bottom, top]] = [0, 1].map((k) => [region.low[k]!, region.high[k]!]) as [
    number[],
    number[],
  ] as [[number, number], [number, number]];
  return [
    {
      kind: "line",
      xs: Float64Array.of(left, right, right, left, left),
      ys: Float64Array.of(bottom, bottom, top, top, bottom),
      color: "#777777",
      width: 0.9,
      dash: "2 3",
      background: true,
    },
  ];
}
