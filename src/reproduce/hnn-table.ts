import { alignedRows } from "./aligned-rows.ts";
import { type ColumnName, columns } from "./columns.ts";
import type { Figure } from "./figure.ts";
import type { HnnRow } from "./hnn-rows.ts";
import type { Task, TaskData } from "./task.ts";

/** A task's part of the report: published figures and ours, one under the other, and what the columns mean. */
export function hnnTable(task: Task, data: TaskData, rows: readonly HnnRow[]): string {
  const seeds = rows[0]?.seeds ?? 0;
  const { published, trueH } = task.metrics;
  const sameMetric = published === trueH;
  const head = ["", "train loss", "test loss", sameMetric ? "energy error" : "energy, published", "energy, H"];
  const lines = rows.flatMap((row) => [ourLine(row), ...publishedLine(row)]);
  const table = [[...head.slice(0, sameMetric ? 4 : 5), "HNN published/ours", "seconds"], ...lines.map(cut)];
  function cut(cells: readonly string[]): readonly string[] {
    return sameMetric ? [...cells.slice(0, 4), ...cells.slice(5)] : cells;
  }
  const { train, test } = counts(data);
  return `${[
    `${task.name}: ${task.title}, ${data.origin}, ${train} rows for training and ${test} for testing, ${seeds} ${seeds === 1 ? "seed" : "seeds"}`,
    "",
    ...alignedRows(table).map((line) => `  ${line}`),
    "",
    ...explanations(task, rows, sameMetric).map((line) => `  ${line}`),
  ].join("\n")}\n\n`;

  function ourLine(row: HnnRow): string[] {
    return [
      row.model,
      figureText(row.trainLoss, row.seeds),
      figureText(row.testLoss, row.seeds),
      figureText(row.energyPublishedMetric, row.seeds),
      figureText(row.energyTrueH, row.seeds),
      ratioText(task, row),
      row.seconds.mean.toPrecision(2),
    ];
  }
}

function publishedLine({ published }: HnnRow): string[][] {
  if (!published) return [];
  const { trainLoss, testLoss, energyPublishedMetric, energyPublishedSpread, energyTrueH } = published;
  const replayed = energyTrueH === null ? "" : energyTrueH.toExponential(2);
  const energy = `${energyPublishedMetric.toExponential(2)} ± ${energyPublishedSpread.toExponential(0)}`;
  return [["  published", trainLoss.toExponential(3), testLoss.toExponential(3), energy, replayed, "", ""]];
}

/** How many times smaller our energy error is than that of the published HNN: in H where that is known, else in its metric. */
function ratioText({ published, replayedTrueH, metrics }: Task, row: HnnRow): string {
  const inTrueH = replayedTrueH?.hnn !== undefined || metrics.published === metrics.trueH;
  const reference = inTrueH ? (replayedTrueH?.hnn ?? published.hnn.energy.value) : published.hnn.energy.value;
  const ratio = reference / (inTrueH ? row.energyTrueH : row.energyPublishedMetric).median;
  return Number.isFinite(ratio) ? ratio.toPrecision(2) : "–";
}

function figureText({ mean, std, n, median }: Figure, seeds: number): string {
  if (n === 0) return "diverged";
  if (std > mean && n > 2) return `median ${median.toExponential(3)}, mean ${mean.toExponential(0)}`;
  const spread = n > 1 ? ` ± ${std.toExponential(0)}` : "";
  return `${mean.toExponential(3)}${spread}${n < seeds ? ` (${n} of ${seeds})` : ""}`;
}

function counts({ dataset: { rows, test } }: TaskData) {
  const testing = test?.reduce((total, mark) => total + mark, 0) ?? 0;
  return { train: rows - testing, test: testing };
}

function explanations(task: Task, rows: readonly HnnRow[], sameMetric: boolean): string[] {
  const { published, trueH } = task.metrics;
  const metrics = sameMetric
    ? [`energy error: mean square of the difference of ${trueH.name}`]
    : [`energy, published: mean square of the difference of ${published.name}`, `energy, H: the same of ${trueH.name}`];
  const floor =
    task.noiseFloor === undefined
      ? []
      : [
          `test loss: the true field scores ${task.noiseFloor.toExponential(3)} on the publication's arrays; less is chance`,
        ];
  const models = rows.map((row) => `${row.model}: ${columns[row.model as ColumnName].describe(task)}${learned(row)}`);
  const losses = rows
    .filter(({ ownLoss }) => ownLoss)
    .map(({ model, ownLoss }) => `the loss of ${model} is ${ownLoss}`);
  return [...metrics, ...floor, ...(task.remark === undefined ? [] : [task.remark]), ...models, ...losses];
}

function learned({ constants }: HnnRow): string {
  const told = Object.entries(constants).map(([name, { mean }]) => `${name} = ${mean.toPrecision(4)}`);
  return told.length === 0 ? "" : `; learned ${told.join(", ")}`;
}
