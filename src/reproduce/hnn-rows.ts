import type { FitOptions, Fitted } from "./column.ts";
import type { ColumnName } from "./columns.ts";
import { columns } from "./columns.ts";
import { energyErrorAlong, truePaths } from "./energies.ts";
import { type Figure, figureOf } from "./figure.ts";
import type { EnergyMetric, Task, TaskData } from "./task.ts";

/** A model's line of the table. */
export interface HnnRow {
  readonly task: string;
  readonly model: string;
  readonly engine: string;
  readonly parameters: number;
  readonly trainLoss: Figure;
  readonly testLoss: Figure;
  readonly energyPublishedMetric: Figure;
  readonly energyTrueH: Figure;
  readonly seconds: Figure;
  /** Seeds that were fitted. */
  readonly seeds: number;
  readonly published: PublishedNumbers | null;
  readonly ownLoss: string | null;
  readonly constants: Readonly<Record<string, Figure>>;
  readonly data: string;
}

/** What the publication says of the model. */
export interface PublishedNumbers {
  readonly trainLoss: number;
  readonly testLoss: number;
  readonly energyPublishedMetric: number;
  readonly energyPublishedSpread: number;
  readonly energyTrueH: number | null;
}

interface SeedResult extends Fitted {
  readonly energyPublishedMetric: number;
  readonly energyTrueH: number;
}

/** What is fitted to what. */
export interface RowParts {
  readonly task: Task;
  readonly column: ColumnName;
  readonly dataOf: (seed: number) => TaskData;
}

/**
 * Fits a model for every seed and measures it.
 *
 * @param fitting called before each seed, gives what the fit is told
 */
export async function hnnRow(
  { task, column, dataOf }: RowParts,
  seeds: number,
  fitting: (seed: number) => FitOptions,
): Promise<HnnRow> {
  const results: SeedResult[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const data = dataOf(seed);
    const fitted = await columns[column].fit(task, data, fitting(seed));
    results.push({ ...fitted, ...energies(task, data, fitted) });
  }
  const [first] = results as [SeedResult];
  const over = (of: (result: SeedResult) => number) => figureOf(results.map(of));
  const constants = Object.keys(first.constants ?? {}).map((name) => [name, over((one) => one.constants![name]!)]);
  return {
    task: task.name,
    model: column,
    engine: first.engine,
    parameters: first.parameters,
    trainLoss: over((one) => one.trainLoss),
    testLoss: over((one) => one.testLoss),
    energyPublishedMetric: over((one) => one.energyPublishedMetric),
    energyTrueH: over((one) => one.energyTrueH),
    seconds: over((one) => one.seconds),
    seeds,
    published: publishedNumbers(task, column),
    ownLoss: first.ownLoss ?? null,
    constants: Object.fromEntries(constants),
    data: dataOf(0).origin,
  };
}

function energies(task: Task, data: TaskData, { predictor }: Fitted) {
  const { published, trueH } = task.metrics;
  const along = (metric: EnergyMetric) => energyErrorAlong(predictor, metric, truePaths(task, data, metric));
  const energyPublishedMetric = along(published);
  return { energyPublishedMetric, energyTrueH: published === trueH ? energyPublishedMetric : along(trueH) };
}

/** What the publication says of a model that it has. */
export function publishedNumbers(
  { published, replayedTrueH, metrics }: Task,
  column: ColumnName,
): PublishedNumbers | null {
  if (column !== "mlp" && column !== "hnn") return null;
  const { trainLoss, testLoss, energy } = published[column];
  const same = metrics.published === metrics.trueH ? energy.value : null;
  return {
    trainLoss: trainLoss.value,
    testLoss: testLoss.value,
    energyPublishedMetric: energy.value,
    energyPublishedSpread: energy.spread,
    energyTrueH: replayedTrueH?.[column] ?? same,
  };
}
