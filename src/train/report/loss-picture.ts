import { distinct } from "../../picture/color.ts";
import type { Mark, Panel } from "../../picture/panel.ts";
import { extent } from "../../picture/range.ts";
import type { PictureDraft, RunPicturesInput } from "./picture-draft.ts";

const [blue, orange] = distinct as [string, string];
/** Steps whose mean is drawn over the steps themselves. */
const window = 50;

/** The objective of each step, and the loss on rows for testing, on a logarithmic axis. */
export function lossPicture({ losses }: RunPicturesInput): PictureDraft | undefined {
  if (!losses || losses.objective.length < 2) return undefined;
  const { objective, firstStep = 0, steps, test = [] } = losses;
  const ys = Float64Array.from(objective, positive);
  const xs = ys.map((_, k) => steps?.[k] ?? firstStep + k);
  const tested = {
    xs: Float64Array.from(test, ({ step }) => step),
    ys: Float64Array.from(test, ({ loss }) => positive(loss)),
  };
  const range = extent(ys, tested.ys);
  if (!range) return undefined;
  const smooth = smoothed(ys);
  const rough = !steps && roughness(ys, smooth) > 0.02;
  const curve = { kind: "line", xs, color: blue } as const;
  const marks: Mark[] = [
    ...(rough ? [{ ...curve, ys, width: 0.7, opacity: 0.35 }] : []),
    { ...curve, ys: rough ? smooth : ys, width: 1.5 },
    ...(test.length > 0 ? [{ kind: "line", ...tested, color: orange, width: 1.5, dash: "6 4" } as const] : []),
    ...(test.length > 0 ? [{ kind: "points", ...tested, color: orange, radius: 2.5 } as const] : []),
  ];
  const panel: Panel = {
    x: { label: [{ text: "step" }], kind: "linear", low: xs[0]!, high: Math.max(xs.at(-1)!, tested.xs.at(-1) ?? 0) },
    y: { label: [{ text: "loss" }], kind: "log", ...decades(range) },
    marks,
    legend: [
      { label: [{ text: rough ? `training, mean of ${window} steps` : "training" }], color: blue, shape: "line" },
      ...(test.length > 0 ? [{ label: [{ text: "test" }], color: orange, shape: "dashed" } as const] : []),
    ],
    notes: [],
  };
  const caption =
    "The loss over the steps of training, on a logarithmic axis. It should fall and level off" +
    (test.length > 0 ? "; a test loss that rises while the other falls means that noise is being learned." : ".");
  return { name: "loss", caption, subject: "Loss", panels: [panel] };
}

function positive(value: number): number {
  return value > 0 && Number.isFinite(value) ? value : Number.NaN;
}

/** Whole decades where there are several, otherwise some room. */
export function decades([low, high]: readonly [number, number]): { low: number; high: number } {
  if (high / low < 20) return { low: low / 1.3, high: high * 1.3 };
  return { low: 10 ** Math.floor(Math.log10(low) + 0.02), high: 10 ** Math.ceil(Math.log10(high) - 0.02) };
}

/** Geometric means over a window that is narrower at the ends. */
function smoothed(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  const counts = new Float64Array(values.length + 1);
  values.forEach((value, k) => {
    const known = value > 0;
    sums[k + 1] = sums[k]! + (known ? Math.log(value) : 0);
    counts[k + 1] = counts[k]! + Number(known);
  });
  return values.map((_, k) => {
    const reach = Math.min(k, values.length - 1 - k, window / 2);
    const [from, to] = [k - reach, k + reach + 1];
    return Math.exp((sums[to]! - sums[from]!) / (counts[to]! - counts[from]!));
  });
}

/** The mean distance of the logarithms. */
function roughness(values: Float64Array, smooth: Float64Array): number {
  let [total, count] = [0, 0];
  values.forEach((value, k) => {
    const distance = Math.abs(Math.log(value / smooth[k]!));
    if (Number.isFinite(distance)) [total, count] = [total + distance, count + 1];
  });
  return total / count;
}
