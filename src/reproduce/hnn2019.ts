import { type ColumnName, columnNames } from "./columns.ts";
import { dataFile, dataFolder } from "./data-folder.ts";
import { type EngineShelf, engineShelf } from "./engine-shelf.ts";
import { type HnnRow, hnnRow } from "./hnn-rows.ts";
import { hnnTable } from "./hnn-table.ts";
import type { Study, StudyOptions, StudyReport } from "./study.ts";
import type { Task } from "./task.ts";
import { type TaskName, taskNames, tasks } from "./tasks.ts";

const usualSeeds = 5;

/** The table of arXiv:1906.01563 but for pixels: published figures, the same models here, and what hnnc adds. */
export const hnn2019: Study = {
  name: "hnn2019",
  description: "the table of Hamiltonian Neural Networks (arXiv:1906.01563) but for pixels, with hybrid models beside",
  tasks: taskNames,
  models: columnNames,
  async run(options): Promise<StudyReport> {
    const folder = dataFolder(options.data);
    const { here, notes } = tasksHere(options, folder);
    const shelf = engineShelf(options.engine);
    const rows: HnnRow[] = [];
    try {
      for (const [k, task] of here.entries()) {
        rows.push(...(await taskRows(task, folder, options, shelf, { from: k / here.length, part: 1 / here.length })));
      }
    } finally {
      await shelf.close();
    }
    return { rows, notes };
  },
};

/** Where a part of the work lies in the whole, as shares of it. */
interface Stretch {
  readonly from: number;
  readonly part: number;
}

async function taskRows(
  task: Task,
  folder: string | undefined,
  options: StudyOptions,
  shelf: EngineShelf,
  { from, part }: Stretch,
): Promise<HnnRow[]> {
  const { seeds = usualSeeds, steps, signal, onProgress } = options;
  const wanted = (options.models as readonly ColumnName[] | undefined) ?? columnNames;
  onProgress?.(`${task.name}: data`, from);
  const data = await task.load(dataFile(folder, task.file));
  const rows: HnnRow[] = [];
  for (const [c, column] of wanted.entries()) {
    const fitting = (seed: number) => ({
      seed,
      engine: shelf.take,
      steps,
      signal,
      onProgress: (at: { readonly step: number; readonly steps: number }) => {
        const share = (c + (seed + at.step / at.steps) / seeds) / wanted.length;
        onProgress?.(`${task.name} ${column}, seed ${seed}`, from + part * share);
      },
    });
    rows.push(await hnnRow({ task, data, column }, seeds, fitting));
  }
  await options.onPart?.(hnnTable(task, data, rows));
  return rows;
}

/** The tasks that are asked for; those that lack data and were not named are left out, with a note. */
function tasksHere({ tasks: named }: StudyOptions, folder: string | undefined) {
  const asked = (named ?? taskNames).map((name): Task => tasks[name as TaskName]);
  const isThere = ({ canGenerate, file }: Task) => canGenerate || dataFile(folder, file) !== undefined;
  const here = named ? asked : asked.filter(isThere);
  const missing = asked.filter((task) => !here.includes(task));
  const notes = missing.map(
    ({ name, file }) => `${name} is left out: it takes \`${file}\` in a folder that --data names`,
  );
  return { here, notes };
}
