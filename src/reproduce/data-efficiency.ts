import { compile } from "../compile.ts";
import type { Dataset } from "../data/dataset.ts";
import { makeDataset } from "../data/dataset.ts";
import { randomStream } from "../data/random.ts";
import { selectRows } from "../data/select.ts";
import { generate } from "../simulation/generate.ts";
import { pendulum as system } from "../systems/pendulum.ts";
import { alignedRows } from "./aligned-rows.ts";
import { type ColumnName, columnNames } from "./columns.ts";
import { curvePanel } from "./curve-panel.ts";
import { dataFile, dataFolder } from "./data-folder.ts";
import { engineShelf } from "./engine-shelf.ts";
import type { HnnRow } from "./hnn-rows.ts";
import { hnnRow } from "./hnn-rows.ts";
import { pendulum } from "./pendulum.ts";
import { seedFits, stretchOf } from "./seed-fits.ts";
import type { FigureReport, StudyOptions } from "./study.ts";
import type { Task, TaskData } from "./task.ts";

const sizes = [10, 30, 100, 300, 1000, 3000, 10_000] as const;
const usualSeeds = 3;
/** Trajectories of 45 points that training points are drawn from. */
const poolTrajectories = 250;
/** Models of single states: a memory wants whole trajectories. */
const usualModels: readonly ColumnName[] = columnNames.filter((name) => name !== "lstm");

/** A line of the figure's numbers. */
interface SizeRow extends HnnRow {
  /** How many points trained. */
  readonly points: number;
}

/**
 * The error of the pendulum's energy against the number of training points: noisy states of trajectories like the
 * publication's, drawn at random, other ones for every seed.
 */
export async function dataEfficiency(options: StudyOptions): Promise<FigureReport> {
  const { seeds = usualSeeds } = options;
  const models = (options.models as readonly ColumnName[] | undefined) ?? usualModels;
  const published = await pendulum.load(dataFile(dataFolder(options.data), pendulum.file));
  const pool = await generate(compile(system), { system, seed: 1, trajectories: poolTrajectories, ...recipe });
  const shelf = engineShelf(options.engine);
  // as many samples a step as the publication has, where there are more
  const task: Task = { ...pendulum, protocol: { ...pendulum.protocol, batch: 1125 } };
  const rows: SizeRow[] = [];
  try {
    for (const [k, points] of sizes.entries()) {
      for (const [c, column] of models.entries()) {
        const stretch = stretchOf(c, models.length, stretchOf(k, sizes.length));
        const fitting = seedFits(`${points} points, ${column}`, options, { shelf, seeds, stretch });
        const dataOf = (seed: number) => ({ ...published, dataset: drawn(published, pool, points, seed) });
        rows.push({ points, ...(await hnnRow({ task, column, dataOf }, seeds, fitting)) });
      }
    }
  } finally {
    await shelf.close();
  }
  await options.onPart?.(textOf(rows, models, seeds));
  return {
    rows,
    notes: [],
    title: "Pendulum: error of the energy against the number of training points",
    panels: [panelOf(rows, models)],
  };
}

const recipe = { points: 45, t: [0, 3], noise: 0.1, derivatives: true, split: { test: 0 } } as const;

/** Training points from the pool, and the publication's rows for testing. */
function drawn({ dataset }: TaskData, pool: Dataset, points: number, seed: number): Dataset {
  const stream = randomStream(seed, "training points");
  const keys = Float64Array.from({ length: pool.rows }, (_, row) => stream.at(row).uniform());
  const order = Array.from({ length: pool.rows }, (_, row) => row).sort((a, b) => keys[a]! - keys[b]!);
  const chosen = selectRows(
    pool,
    order.slice(0, points).sort((a, b) => a - b),
  );
  const testing = selectRows(
    dataset,
    Array.from({ length: dataset.rows }, (_, row) => row).filter((row) => dataset.test![row] === 1),
  );
  const join = (one: Float64Array, other: Float64Array) => Float64Array.from([...one, ...other]);
  return makeDataset({
    coordinates: dataset.coordinates,
    momenta: dataset.momenta,
    states: join(chosen.states, testing.states),
    derivatives: join(chosen.derivatives!, testing.derivatives!),
    test: new Uint8Array(points + testing.rows).fill(1, points),
  });
}

function textOf(rows: readonly SizeRow[], models: readonly string[], seeds: number): string {
  const cell = (points: number, model: string) => {
    const { mean, std, n } = rows.find((row) => row.points === points && row.model === model)!.energyTrueH;
    return n === 0 ? "diverged" : `${mean.toExponential(2)} ± ${std.toExponential(0)}`;
  };
  const table = [
    ["points", ...models],
    ...sizes.map((points) => [String(points), ...models.map((model) => cell(points, model))]),
  ];
  return `${[
    `pendulum: energy error, ${pendulum.metrics.trueH.name}, against the number of training points; ${seeds} ${seeds === 1 ? "seed" : "seeds"}`,
    "",
    ...alignedRows(table).map((line) => `  ${line}`),
  ].join("\n")}\n`;
}

function panelOf(rows: readonly SizeRow[], models: readonly string[]) {
  const curves = models.map((model) => {
    const own = rows.filter((row) => row.model === model);
    return {
      name: model,
      xs: Float64Array.from(own, ({ points }) => points),
      ys: Float64Array.from(own, ({ energyTrueH }) => energyTrueH.mean),
    };
  });
  return curvePanel(curves, { x: "training points", y: "mean square error of H" });
}
