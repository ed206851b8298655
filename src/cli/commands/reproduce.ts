import { writeFiles } from "../../data/write-files.ts";
import { HnncError } from "../../errors.ts";
import { plainLabel } from "../../picture/label.ts";
import { type PictureFormat, pictureFormat, renderedPanels } from "../../picture/picture.ts";
import { dataVariable } from "../../reproduce/data-folder.ts";
import { isStudyName, studies, studyNames } from "../../reproduce/studies.ts";
import type { FigureReport, Study, StudyOptions, StudyReport } from "../../reproduce/study.ts";
import type { CliCommand } from "../command.ts";
import { numberReader } from "../number-option.ts";
import { nearest } from "../suggest.ts";
import { workProgress } from "../work-progress.ts";

interface Flags {
  readonly task?: readonly string[];
  readonly model?: readonly string[];
  readonly seeds?: number;
  readonly steps?: number;
  readonly engine?: string;
  readonly data?: string;
  readonly figure?: string;
  readonly plot?: string;
  readonly output?: string;
  readonly json?: boolean;
}

export const reproduceCommand: CliCommand = {
  examples: [
    {
      run: "hnnc reproduce hnn2019 --task spring,pendulum",
      gives: "two rows of the published table, five seeds: published and ours, both energy metrics, seconds",
    },
    { run: "hnnc reproduce hnn2019 -o table.json", gives: "the whole table, each figure a mean, its spread, n" },
    {
      run: "hnnc reproduce hnn2019 --figure data-efficiency --plot points.svg",
      gives: "error of the energy against the number of training points, 10 … 10 000: numbers and a picture",
    },
    {
      run: "hnnc reproduce hnn2019 --figure stability --seeds 1",
      gives: "how many cycles each model stays near its energy, up to 1000",
    },
    {
      run: "hnnc reproduce arm --data FOLDER",
      gives: "a measured arm: its makers' parameters against fitted formulas",
    },
  ],
  declare: (command) => {
    command
      .argument("<study>", studyNames.map((name) => `${name}: ${studies[name].description}`).join("; "))
      .option("--task <names>", "which tasks, with commas between (default: all there are data for)", readNames)
      .option("--model <names>", "which models, with commas between (default: all)", readNames)
      .option("--seeds <count>", "seeds 0, 1, … (default: 5; 3 for figures)", whole("--seeds", "a number of seeds"))
      .option("--figure <name>", "a figure instead of the table: data-efficiency or stability")
      .option("-o, --output <file>", "write the rows as JSON there, too; whole or not at all")
      .option("--plot <file>", "draw the figure: .svg or .png")
      .option("--steps <count>", "steps of every fit, to see the work quickly", whole("--steps", "a number of steps"))
      .option("--engine <name>", "onnx or tfjs (default: the first that works)")
      .option(
        "--data <folder>",
        `reference data, hnn2019/ and measured/ (default: ${dataVariable}, or beside; otherwise generated alike)`,
      );
  },
  run: async (command, terminal) => {
    const flags = command.opts<Flags>();
    const study = requireStudy(command.args[0]!);
    const { task: tasks, model: models, seeds, steps, engine, data } = flags;
    requireNames("task", tasks, study.tasks);
    requireNames("model", models, study.models);
    const progress = workProgress(terminal);
    const options: StudyOptions = {
      tasks,
      models,
      seeds,
      steps,
      engine,
      data,
      onProgress: progress.at,
      onPart: async (text) => {
        progress.wipe();
        if (!flags.json) await terminal.data(text);
      },
    };
    const figure = figureOf(study, flags);
    const format = flags.plot === undefined ? undefined : pictureFormat(flags.plot);
    const report = await (figure ?? study.run)(options).finally(progress.wipe);
    if (flags.output !== undefined) await writeFiles([{ path: flags.output, content: jsonOf(report) }]);
    if (flags.plot !== undefined) await draw(report as FigureReport, flags.plot, format!);
    if (flags.json) await terminal.json({ rows: report.rows });
    for (const note of report.notes) terminal.message(note);
    return 0;
  },
};

const whole = (option: string, wanted: string) => numberReader(option, { wanted, least: 1, most: 1e6, whole: true });

function jsonOf({ rows }: StudyReport): string {
  return `${JSON.stringify({ rows }, null, 2)}\n`;
}

/** The figure that is asked for, if any. */
function figureOf({ figures }: Study, { figure: name, plot, task }: Flags): Study["figures"][string] | undefined {
  if (name === undefined) {
    if (plot !== undefined) throw unused("--plot", "it draws what --figure names");
    return undefined;
  }
  if (task !== undefined) throw unused("--task", "a figure is of its own task");
  if (Object.hasOwn(figures, name)) return figures[name];
  throw unknown("figure", "figures", name, Object.keys(figures));
}

async function draw({ panels, title }: FigureReport, path: string, format: PictureFormat): Promise<void> {
  const content = await renderedPanels(panels, { headline: plainLabel(title), details: [] }, { format });
  await writeFiles([{ path, content }]);
}

function unused(option: string, hint: string): HnncError {
  return new HnncError({ kind: "usage", code: "unused-option", message: `\`${option}\` means nothing here`, hint });
}

function readNames(text: string): readonly string[] {
  return text.split(",").map((name) => name.trim());
}

function requireStudy(name: string): Study {
  if (isStudyName(name)) return studies[name];
  throw unknown("study", "studies", name, studyNames);
}

function requireNames(what: string, names: readonly string[] | undefined, known: readonly string[]): void {
  const stranger = names?.find((name) => !known.includes(name));
  if (stranger !== undefined) throw unknown(what, `${what}s`, stranger, known);
}

function unknown(what: string, plural: string, name: string, known: readonly string[]): HnncError {
  const close = nearest(name, known);
  return new HnncError({
    kind: "usage",
    code: `unknown-${what}`,
    message: `there is no ${what} \`${name}\``,
    notes: [`${plural}: ${known.join(" ")}`],
    hint: close && `did you mean \`${close}\`?`,
  });
}
