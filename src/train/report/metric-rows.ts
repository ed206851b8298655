import type { Evaluation } from "../evaluate/evaluation.ts";
import type { Figure } from "../evaluate/statistics.ts";

/** A figure as a person reads it. */
export interface MetricRow {
  readonly name: string;
  /** What it is, in a few words, with its unit. */
  readonly meaning: string;
  readonly value: string;
}

/** The figures of an evaluation in the order in which one reads them; those that are not there are left out. */
export function metricRows(evaluation: Evaluation): MetricRow[] {
  return [
    ...lossRows(evaluation),
    ...energyRows(evaluation),
    ...errorRows(evaluation),
    ...driftRows(evaluation),
    ...trustRows(evaluation),
  ];
}

function lossRows({ losses }: Evaluation): MetricRow[] {
  if (!losses) return [];
  const meaning = (rows: string) => `mean square of the loss “${losses.loss}” on the rows for ${rows}`;
  return [
    { name: "training loss", meaning: meaning("training"), value: digits(losses.train) },
    { name: "test loss", meaning: meaning("testing"), value: digits(losses.test) },
  ];
}

function energyRows({ energy, rollOuts }: Evaluation): MetricRow[] {
  const over = rollOuts
    ? `, over ${plural(rollOuts.starts, "start")} and t from ${rollOuts.t[0]} to ${short(rollOuts.t[1])}`
    : "";
  return energy.map(({ name, mean, groupError }) => ({
    name: `energy error, ${name}`,
    meaning: `mean of (E(model) − E(truth))²${over}`,
    value: groupError === null ? digits(mean) : `${digits(mean)} ± ${digits(groupError, 2)}`,
  }));
}

function errorRows({ error, rollOuts }: Evaluation): MetricRow[] {
  const diverged = rollOuts?.diverged ?? [];
  const lost = diverged.map(({ start, t }) => `start ${start + 1} at t = ${short(t)}`).slice(0, 3);
  return [
    ...(error
      ? [
          {
            name: "trajectory error",
            meaning: "mean of (x − truth)² over starts, times and entries",
            value: digits(error.meanSquare),
          },
          validRow(error),
        ]
      : []),
    ...(diverged.length > 0
      ? [
          {
            name: "diverged",
            meaning: `${lost.join(", ")}${diverged.length > 3 ? ", …" : ""}; figures are of what was before`,
            value: `${diverged.length} of ${rollOuts!.starts}`,
          },
        ]
      : []),
  ];
}

function validRow({ validTime, scale }: NonNullable<Evaluation["error"]>): MetricRow {
  const { threshold, median, inUnits, whole, perStart } = validTime;
  const units = inUnits && inUnits.median !== null ? ` (${short(inUnits.median)} ${inUnits.name})` : "";
  const stays = whole > 0 ? `; ${whole} of ${perStart.length} to the end` : "";
  const sizes = scale.length <= 4 ? ` (${scale.map((value) => short(value)).join(", ")})` : "";
  return {
    name: "valid time",
    meaning: `median time until the error is ${threshold} of the motion's size${sizes}${stays}`,
    value: median === null ? "–" : `t = ${short(median)}${units}`,
  };
}

function driftRows({ drift }: Evaluation): MetricRow[] {
  if (!drift) return [];
  const { cycle, t, divergence, bound, slope, energy, scale } = drift;
  const length = cycle === null ? `t = ${short(t)}` : `${short(t / cycle)} cycles`;
  const lost = divergence?.cycles === null ? `t = ${short(divergence.t)}` : `${short(divergence?.cycles ?? 0)} cycles`;
  return [
    {
      name: "energy error, long run",
      meaning: `greatest |E − E(0)| of ${energy} over ${length}; E varies by ${short(scale)}`,
      value: digits(bound),
    },
    { name: "energy drift", meaning: "slope of E − E(0), a unit of t", value: digits(slope) },
    {
      name: "until divergence",
      meaning: divergence ? divergence.reason : "followed to the end without",
      value: divergence ? lost : `> ${length}`,
    },
  ];
}

function trustRows({ region, disagreement }: Evaluation): MetricRow[] {
  const share = region && Math.round(1000 * region.fraction) / 10;
  const first =
    region && region.firstTime !== null ? `; first at t = ${short(region.firstTime)}, in ${region.entry}` : "";
  return [
    ...(region
      ? [
          {
            name: "outside the data",
            meaning: `part of its trajectories that leaves the box of the training rows${first}`,
            value: `${share} %`,
          },
        ]
      : []),
    ...(disagreement
      ? [
          {
            name: "disagreement",
            meaning: `spread of the field of ${disagreement.members} models over its size: median, greatest`,
            value: `${digits(disagreement.median, 2)}, ${digits(disagreement.greatest, 2)}`,
          },
        ]
      : []),
  ];
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** Four digits, as powers of ten where a number is small or large. */
function digits(value: Figure, count = 4): string {
  if (value === null) return "–";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-2 || size >= 1e5)
      ? value.toExponential(count - 1)
      : String(Number(value.toPrecision(count)));
  return text.replaceAll("-", "−").replace("e+", "e");
}

function short(value: number): string {
  return String(Number(value.toPrecision(3))).replaceAll("-", "−");
}
