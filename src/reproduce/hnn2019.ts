import { type ColumnName, columnNames } from "./columns.ts";
import { dataEfficiency } from "./data-efficiency.ts";
import { dataFile, dataFolder } from "./data-folder.ts";
import { type EngineShelf, engineShelf } from "./engine-shelf.ts";
import { type HnnRow, hnnRow } from "./hnn-rows.ts";
import { hnnTable } from "./hnn-table.ts";
import { type Stretch, seedFits, stretchOf } from "./seed-fits.ts";
import { stability } from "./stability.ts";
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
        rows.push(...(await taskRows(task, folder, options, { shelf, stretch: stretchOf(k, here.length) })));
      }
    } finally {
      await shelf.close();
    }
    return { rows, notes };
  },
  figures: { "data-efficiency": dataEfficiency, stability },
};

async function taskRows(
  task: Task,
  folder: string | undefined,
  options: StudyOptions,
  { shelf, stretch }: { readonly shelf: EngineShelf; readonly stretch: Stretch },
): Promise<HnnRow[]> {
  const { seeds = usualSeeds, models = columnNames } = options;
  options.onProgress?.(`${task.name}: data`, stretch.from);
  const data = await task.load(dataFile(folder, task.file));
  const rows: HnnRow[] = [];
  for (const [c, column] of (models as readonly ColumnName[]).entries()) {
    const place = { shelf, seeds, stretch: stretchOf(c, models.length, stretch) };
    const fitting = seedFits(`${task.name} ${column}`, options, place);
    rows.push(await hnnRow({ task, column, dataOf: () => data }, seeds, fitting));
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
