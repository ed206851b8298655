import { colorOf } from "../../picture/color.ts";
import type { LineMark, Panel } from "../../picture/panel.ts";
import { extent } from "../../picture/range.ts";
import type { DriftRun } from "../evaluate/drift.ts";
import { decades } from "./loss-picture.ts";
import type { PictureDraft, RunPicturesInput } from "./picture-draft.ts";

/** |E − E(0)| over very many cycles, of several models. */
export function driftPicture({ title, evaluated, others = [] }: RunPicturesInput): PictureDraft | undefined {
  const own = evaluated?.drift;
  const all = [...(own ? [{ name: others.length > 0 ? "this model" : title, drift: own }] : []), ...others];
  if (all.length === 0) return undefined;
  const { cycle, energy } = all[0]!.drift.drift;
  const unit = cycle ?? 1;
  const curves = all.map(({ drift }, k) => curve(drift, unit, colorOf(k, all.length)));
  const range = rangeOf(curves.map(({ ys }) => ys));
  if (!range) return undefined;
  const H = { text: energy === "learned H" ? "learned H" : "H", italic: energy !== "learned H" };
  const panel: Panel = {
    x: {
      label: cycle === null ? [{ text: "t", italic: true }] : [{ text: "cycles" }],
      kind: "linear",
      low: 0,
      high: Math.max(...all.map(({ drift }) => drift.drift.t)) / unit,
    },
    y: {
      label: [{ text: "|" }, H, { text: " − " }, H, { text: "0", at: "sub" }, { text: "|" }],
      kind: "log",
      ...decades(range),
    },
    marks: curves,
    legend:
      all.length === 1
        ? []
        : all.map(({ name }, k) => ({ label: [{ text: name }], color: curves[k]!.color, shape: "line" })),
    notes: all.flatMap(({ name, drift: { drift } }) => {
      const who = all.length === 1 ? "" : `${name}: `;
      const step = drift.dt === null ? "" : `, Δt = ${Number(drift.dt.toPrecision(3))}`;
      const end = drift.divergence;
      const lost = end ? `; lost from t = ${Number(end.t.toPrecision(4))}` : "";
      return [`${who}${drift.method}${step}${lost}`];
    }),
  };
  const caption =
    `The error of ${energy === "learned H" ? "the learned energy" : "the true energy"} along one very long trajectory. ` +
    "A model with an H of its own stays within a band; one without gains or loses energy and leaves.";
  return { name: "drift", caption, subject: "Drift of the energy", panels: [panel] };
}

function curve({ run, errors }: DriftRun, unit: number, color: string): LineMark {
  const ys = errors.map((error) => (error === 0 ? Number.NaN : Math.abs(error)));
  return { kind: "line", xs: run.times.map((t) => t / unit), ys, color, width: 0.9 };
}

/** Passages through 0 are not to stretch the axis. */
function rangeOf(all: readonly Float64Array[]): [number, number] | undefined {
  const whole = extent(...all);
  if (!whole) return undefined;
  const low = Math.min(
    ...all.map((ys) => ys.filter(Number.isFinite).sort()).map((sorted) => sorted[Math.floor(0.04 * sorted.length)]!),
  );
  return [Math.min(low, whole[1]), whole[1]];
}
