import { distinct } from "../../picture/color.ts";
import { nameLabel } from "../../picture/label.ts";
import type { Axis, LegendEntry, Mark, Panel } from "../../picture/panel.ts";
import { extent, padded } from "../../picture/range.ts";
import type { RollOut } from "../evaluate/roll-out.ts";
import type { PictureDraft, RunPicturesInput } from "./picture-draft.ts";

const [, orange] = distinct as [string, string];
const mostPanels = 4;

/** The first trajectory, entry by entry, beside the true or measured one. */
export function rollOutPicture(input: RunPicturesInput): PictureDraft | undefined {
  const { coordinates, momenta, evaluated } = input;
  const model = evaluated?.trajectories.model[0];
  if (!model || model.times.length < 2) return undefined;
  const reference = evaluated.trajectories.truth[0];
  const truth = reference && { ...reference, isMeasured: input.truth === undefined };
  const names = [...coordinates, ...momenta];
  const { times } = truth ?? model;
  const range = padded([times[0]!, times.at(-1)!], 0);
  const x: Axis = { label: [{ text: "t", italic: true }], kind: "linear", ...range };
  const panels = names.slice(0, mostPanels).flatMap((name, k): Panel[] => {
    const exact = truth && column(truth, k, names.length);
    const found = column(model, k, names.length);
    const extents = rangeOf(exact, found);
    if (!extents) return [];
    const marks: Mark[] = [
      ...(truth && exact ? [trueMark(truth.times, exact, truth.isMeasured)] : []),
      { kind: "line", ...smooth(model.times, found), color: orange, width: 1.6, dash: truth ? "7 4" : undefined },
    ];
    const y: Axis = { label: nameLabel(name), kind: "linear", ...padded(extents) };
    return [{ x, y, marks, legend: k === 0 ? legendOf(truth) : [], notes: [] }];
  });
  return { name: "roll-out", caption: captionOf(input, names.length), subject: "Trajectory", panels };
}

function legendOf(truth: { readonly isMeasured: boolean } | undefined): LegendEntry[] {
  return [
    ...(truth ? [trueEntry(truth.isMeasured)] : []),
    { label: [{ text: "model" }], color: orange, shape: truth ? "dashed" : "line" },
  ];
}

function captionOf({ evaluated, truth }: RunPicturesInput, entries: number): string {
  const error = evaluated?.evaluation.error;
  const valid = error?.validTime.perStart[0];
  const more = entries > mostPanels ? ` The first ${mostPanels} of ${entries} entries are shown.` : "";
  const share = error && 100 * error.validTime.threshold;
  const good =
    valid === undefined
      ? ""
      : ` Here the error stays below ${share} % of the motion's size up to t = ${Number(valid.toPrecision(3))}.`;
  const beside = error ? ` (orange, dashed) beside the ${truth ? "true" : "measured"} one (black)` : "";
  return `A trajectory of the model${beside} from the first start.${good}${more}`;
}

function trueMark(xs: Float64Array, ys: Float64Array, isMeasured: boolean): Mark {
  if (isMeasured) return { kind: "points", xs, ys, color: "#000000", radius: 1.6 };
  return { kind: "line", ...smooth(xs, ys), color: "#000000", width: 1.4 };
}

function trueEntry(isMeasured: boolean): LegendEntry {
  return { label: [{ text: isMeasured ? "measured" : "true" }], color: "#000000", shape: isMeasured ? "dot" : "line" };
}

/** More are drawn as they are. */
const mostSmoothed = 600;
const pieces = 6;

/** Cubics through samples, with the slopes of their neighbours, so that few samples do not look like corners. */
function smooth(times: Float64Array, values: Float64Array): { xs: Float64Array; ys: Float64Array } {
  const last = times.length - 1;
  if (last < 2 || last > mostSmoothed) return { xs: times, ys: values };
  const slope = (k: number) => {
    const [from, to] = [Math.max(k - 1, 0), Math.min(k + 1, last)];
    return (values[to]! - values[from]!) / (times[to]! - times[from]!);
  };
  const xs = new Float64Array(last * pieces + 1);
  const ys = xs.map((_, at) => {
    const k = Math.min(Math.floor(at / pieces), last - 1);
    const theta = at / pieces - k;
    const h = times[k + 1]! - times[k]!;
    xs[at] = times[k]! + theta * h;
    const rest = 1 - theta;
    const ends = rest ** 2 * (1 + 2 * theta) * values[k]! + theta ** 2 * (3 - 2 * theta) * values[k + 1]!;
    return ends + h * theta * rest * (rest * slope(k) - theta * slope(k + 1));
  });
  return { xs, ys };
}

function column({ times, states }: RollOut, k: number, width: number): Float64Array {
  return times.map((_, row) => states[row * width + k]!);
}

/** That of the truth with some room, so that a model that runs away does not flatten it. */
function rangeOf(known: Float64Array | undefined, found: Float64Array): [number, number] | undefined {
  const [truth, model] = [known && extent(known), extent(found)];
  if (!truth || !model) return truth ?? model;
  const room = 0.5 * (truth[1] - truth[0]) || 1;
  return [
    Math.max(Math.min(truth[0], model[0]), truth[0] - room),
    Math.min(Math.max(truth[1], model[1]), truth[1] + room),
  ];
}
