import { compile } from "../compile.ts";
import { compiledField } from "../hnn/plain-field.ts";
import { cycleLength } from "../train/evaluate/cycle.ts";
import { driftOf, energyScale, longPrediction, longRun } from "../train/evaluate/drift.ts";
import type { RollOut } from "../train/evaluate/roll-out.ts";
import { stateScale } from "../train/evaluate/roll-out-error.ts";
import { alignedRows } from "./aligned-rows.ts";
import type { Fitted } from "./column.ts";
import { type ColumnName, columnNames, columns } from "./columns.ts";
import { type Curve, curvePanel } from "./curve-panel.ts";
import { dataFile, dataFolder } from "./data-folder.ts";
import { truePaths } from "./energies.ts";
import { engineShelf } from "./engine-shelf.ts";
import { type Figure, figureOf } from "./figure.ts";
import { pendulum } from "./pendulum.ts";
import { seedFits, stretchOf } from "./seed-fits.ts";
import type { FigureReport, StudyOptions } from "./study.ts";

const mostCycles = 1000;
const usualSeeds = 3;
/** The first of the publication's starts. */
const startsFollowed = 3;

/** A model's line of the figure's numbers. */
interface StabilityRow {
  readonly task: string;
  readonly model: string;
  readonly engine: string;
  /** Cycles until the energy is off by half of what it varies by in the data, or the state is lost; at most 1000. */
  readonly cyclesUntilDivergence: Figure;
  /** Trajectories that stayed for all 1000 cycles. */
  readonly stayed: number;
  readonly trajectories: number;
  /** The greatest |H − H(0)| before that, the median over trajectories. */
  readonly energyBound: number;
}

/** A long trajectory, judged by the true H. */
interface LongResult {
  readonly cycles: number;
  readonly stayed: boolean;
  readonly bound: number;
  readonly curve: Omit<Curve, "name">;
}

/** How many cycles models of the pendulum stay near their energy, up to 1000. */
export async function stability(options: StudyOptions): Promise<FigureReport> {
  const { seeds = usualSeeds } = options;
  const models = (options.models as readonly ColumnName[] | undefined) ?? columnNames;
  const data = await pendulum.load(dataFile(dataFolder(options.data), pendulum.file));
  const paths = truePaths(pendulum, data, { ...pendulum.metrics.trueH, points: 400 });
  const shelf = engineShelf(options.engine);
  const rows: StabilityRow[] = [];
  const curves: Curve[] = [];
  try {
    for (const [c, model] of models.entries()) {
      const fitting = seedFits(model, options, { shelf, seeds, stretch: stretchOf(c, models.length) });
      const results: LongResult[] = [];
      let engine = "";
      for (let seed = 0; seed < seeds; seed++) {
        const fitted = await columns[model].fit(pendulum, data, fitting(seed));
        engine = fitted.engine;
        for (const path of paths.slice(0, startsFollowed)) results.push(await longResult(fitted, path, paths));
      }
      rows.push(rowOf(model, engine, results));
      curves.push({ name: model, ...results[0]!.curve });
    }
  } finally {
    await shelf.close();
  }
  await options.onPart?.(textOf(rows, seeds));
  const note = `the first start, seed 0; a curve ends where H is off by half of what it varies by in the data`;
  const panel = curvePanel(curves, { x: "cycles", y: "greatest |H − H(0)| so far" }, [note]);
  return { rows, notes: [], title: "Pendulum: energy of trained models over many cycles", panels: [panel] };
}

async function longResult({ field, predictor }: Fitted, path: RollOut, all: readonly RollOut[]): Promise<LongResult> {
  const cycle = cycleLength([path])!;
  const settings = { cycle, t: mostCycles * cycle, scale: energyScale(all, stateScale(all)) };
  const start = path.states.slice(0, predictor.dimension);
  const long = field ? await longRun(field, start, settings) : longPrediction(predictor, start, settings);
  const value = compiledField(compile(pendulum.truth)).energy!;
  const { drift, errors, run } = driftOf(long, { name: "H", value }, settings);
  const cycles = drift.divergence ? drift.divergence.t / cycle : mostCycles;
  const kept = run.times.findIndex((t) => t > cycles * cycle);
  const end = kept < 0 ? run.times.length : kept;
  let most = 0;
  const ys = errors.subarray(1, end).map((error) => (most = Math.max(most, Math.abs(error))));
  const xs = run.times.subarray(1, end).map((t) => t / cycle);
  return { cycles, stayed: !drift.divergence, bound: drift.bound ?? Number.NaN, curve: { xs, ys } };
}

function rowOf(model: string, engine: string, results: readonly LongResult[]): StabilityRow {
  const bounds = results.map(({ bound }) => bound).sort((a, b) => a - b);
  return {
    task: pendulum.name,
    model,
    engine,
    cyclesUntilDivergence: figureOf(results.map(({ cycles }) => cycles)),
    stayed: results.filter(({ stayed }) => stayed).length,
    trajectories: results.length,
    energyBound: bounds[bounds.length >> 1]!,
  };
}

function textOf(rows: readonly StabilityRow[], seeds: number): string {
  const table = [
    ["", "cycles until divergence (median)", `stayed for ${mostCycles}`, "greatest |H − H(0)|"],
    ...rows.map(({ model, cyclesUntilDivergence: { median }, stayed, trajectories, energyBound }) => [
      model,
      stayed === trajectories ? `≥ ${mostCycles}` : median.toPrecision(3),
      `${stayed} of ${trajectories}`,
      energyBound.toExponential(1),
    ]),
  ];
  const { length } = rows;
  return `${[
    `pendulum: ${length} models followed for ${mostCycles} cycles from ${startsFollowed} starts, ${seeds} ${seeds === 1 ? "seed" : "seeds"}`,
    "",
    ...alignedRows(table).map((line) => `  ${line}`),
    "",
    "  divergence: the true H is off by half of what it varies by in the data, or the state is lost",
  ].join("\n")}\n`;
}
