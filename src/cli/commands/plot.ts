import { type Command, Option } from "commander";
import type { Compiled } from "../../compile.ts";
import { type ColumnMapping, parseColumns } from "../../data/columns.ts";
import type { Dataset } from "../../data/dataset.ts";
import { readDataset } from "../../data/read.ts";
import { writeFiles } from "../../data/write-files.ts";
import { HnncError } from "../../errors.ts";
import type { Drawing } from "../../picture/choose.ts";
import type { CliCommand } from "../command.ts";
import { compileArgument } from "../compile-argument.ts";
import { outputFile } from "../dataset-output.ts";
import { runFolder } from "../model-argument.ts";
import { numberReader } from "../number-option.ts";
import { type ParameterValues, readParameter } from "../parameter.ts";
import type { Terminal } from "../terminal.ts";

interface Flags {
  readonly kind?: readonly string[];
  readonly output?: string;
  readonly columns?: ColumnMapping;
  readonly x?: string;
  readonly y?: readonly string[];
  readonly section?: string;
  readonly direction?: "up" | "down" | "both";
  readonly model?: string;
  readonly param?: ParameterValues;
  readonly runs?: readonly number[];
  readonly width?: number;
  readonly height?: number;
  readonly scale?: number;
  readonly json?: boolean;
}

export const plotCommand: CliCommand = {
  examples: [
    { run: "hnnc plot orbit.npz", gives: "a picture in the terminal, of the kind that suits the data" },
    {
      run: "hnnc plot orbit.npz --kind phase,energy -o orbit.png",
      gives: "two panels in a file: the phase plane, and the energy's error with its trend",
    },
    {
      run: "hnnc plot stars.npz --kind poincare --section x --direction up -o section.svg",
      gives: "the points where trajectories pass through x = 0",
    },
    {
      run: 'hnnc plot arm.csv --columns q=theta,p=omega,t=time --model "p^2/2 - cos(q)" -o arm.svg',
      gives: "measurements over the field and the lines of energy of a formula",
    },
    {
      run: "hnnc plot runs/pend --kind loss,drift -o run.png",
      gives: "how training went, and what became of the energy",
    },
  ],
  declare: (command) => {
    command.argument(
      "<file>",
      "trajectories: .csv .json .npz .parquet .safetensors, of hnnc or your own; or the folder of a training run",
    );
    declareContent(command);
    declareSize(command);
  },
  run: async (command, terminal) => {
    const flags = command.opts<Flags>();
    const output = outputFile(flags.output);
    // A name that no picture can have is refused before a large file is read.
    const { pictureFormat } = await import("../../picture/picture.ts");
    const format = output === undefined ? undefined : pictureFormat(output);
    if (output === undefined) refuseSizes(flags);
    if (flags.model === undefined && flags.param) {
      throw usage("unused-option", "`--param` is a parameter of `--model`, and none is given", "add --model");
    }
    if ((await runFolder(command.args[0]!)) !== undefined) {
      refuseForRuns(flags);
      const { plotRun } = await import("../plot-run.ts");
      await plotRun(command.args[0]!, { ...flags, output }, terminal);
      return 0;
    }
    const model =
      flags.model === undefined ? undefined : (await compileArgument("compile", flags.model, flags.param)).compiled;
    const dataset = await readDataset(command.args[0]!, {
      columns: flags.columns,
      names: model && (await namesOf(model)),
    });
    const drawing = await drawn(dataset, model, flags);
    if (format === undefined) await showInTerminal(drawing, flags, terminal);
    else await write(output!, format, drawing, flags, terminal);
    return 0;
  },
};

function declareContent(command: Command): void {
  command
    .option(
      "--kind <kinds>",
      "phase, energy, time, poincare, orbit, or auto; of a run loss, roll-out, phase, energy-surface, drift; several with commas stand one above the other",
      readList,
    )
    .option("-o, --output <file>", "write a picture there: .svg or .png; whole or not at all")
    .option(
      "--columns <map>",
      "which column is which, by name or number: q=theta,p=omega,t=time,run=trial",
      parseColumns,
    )
    .option("--x <name>", "the horizontal axis: t, H, a coordinate or a momentum")
    .option("--y <names>", "the vertical axis; for time several, with commas", readList)
    .option("--section <formula>", "for poincare: where it is 0 (default: the first coordinate)")
    .addOption(
      new Option("--direction <way>", "for poincare: which passages count (default: up)").choices([
        "up",
        "down",
        "both",
      ]),
    )
    .option("--model <model>", "the formula, system or file behind the data (default: what the data say of themselves)")
    .option("--param <name=value>", "a parameter of --model; may be repeated, arrays as a=1,2,3", readParameter)
    .option("--runs <numbers>", "only these trajectories: 0,3,5-8", readRuns);
}

function declareSize(command: Command): void {
  const pixels = (option: string) => numberReader(option, { wanted: "a size in pixels", least: 200, most: 8000 });
  command
    .option("--width <pixels>", "of the picture (default: 640)", pixels("--width"))
    .option("--height <pixels>", "of the picture (default: as the panels need)", pixels("--height"))
    .option(
      "--scale <factor>",
      "PNG pixels to a pixel (default: 2)",
      numberReader("--scale", { wanted: "a factor", least: 0.1, most: 20 }),
    );
}

/** Names with commas between; a comma inside brackets belongs to a name, as in q[1,2]. */
function readList(text: string): string[] {
  const parts = text.split(/,(?![^[\]]*\])/).map((part) => part.trim());
  if (parts.every((part) => part !== "")) return parts;
  throw usage("bad-list", `\`${text}\` has an empty name`, "write names with commas between: q,p");
}

const mostRuns = 100_000;

/** @example readRuns("0,3,5-8") // [0, 3, 5, 6, 7, 8] */
function readRuns(text: string): number[] {
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const [, first, last = first] = /^\s*(\d{1,10})(?:-(\d{1,10}))?\s*$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || to < from || to - from >= mostRuns) {
      throw usage("bad-runs", `\`--runs ${text}\` does not name runs`, "write their numbers: 0,3,5-8");
    }
    for (let id = from; id <= to; id++) found.add(id);
  }
  return [...found];
}

async function namesOf({ model }: Compiled) {
  const { entryNames, layoutOf } = await import("../../mechanics/layout.ts");
  const names = [...layoutOf(model).state.values()].flatMap(entryNames);
  return { coordinates: names.slice(0, names.length / 2), momenta: names.slice(names.length / 2) };
}

async function drawn(dataset: Dataset, model: Compiled | undefined, flags: Flags): Promise<Drawing> {
  const { panelsOf, requireKind } = await import("../../picture/choose.ts");
  const kind = flags.kind?.map((name) => (name === "auto" ? name : requireKind(name)));
  const { x, y, section, direction, runs } = flags;
  return panelsOf(dataset, { kind, model, x, y, section, direction, runs });
}

async function showInTerminal(drawing: Drawing, { json }: Flags, terminal: Terminal): Promise<void> {
  const { drawnInText } = await import("../../picture/terminal.ts");
  const color = !json && terminal.styleData("red", "x") !== "x";
  const columns = terminal.dataIsShown ? Math.min(terminal.size.columns, 120) : 72;
  const text = drawnInText(drawing, { columns, rows: Math.max(20, 12 * drawing.panels.length), color });
  if (json) return terminal.json({ ...told(drawing), text });
  await terminal.data(text);
  tellRemarks(drawing, terminal);
}

async function write(
  output: string,
  format: "svg" | "png",
  drawing: Drawing,
  flags: Flags,
  terminal: Terminal,
): Promise<void> {
  const { rendered } = await import("../../picture/picture.ts");
  const { width, height, scale } = flags;
  const content = await rendered(drawing, { format, width, height, scale });
  await writeFiles([{ path: output, content }]);
  if (flags.json) return terminal.json({ files: [output], ...told(drawing) });
  tellRemarks(drawing, terminal);
  if (terminal.messagesAreShown)
    terminal.message(`wrote ${output} (${Buffer.byteLength(content)} bytes): ${drawing.kinds.join(", ")}`);
}

function told({ kinds, panels, subject }: Drawing) {
  const { rows, runs } = subject.dataset;
  const notes = panels.flatMap((panel) => [...panel.notes, ...(panel.remarks ?? [])]);
  return { kinds, rows, runs: runs.length, notes };
}

/** What the picture does not say itself. */
function tellRemarks({ panels }: Drawing, terminal: Terminal): void {
  for (const remark of new Set(panels.flatMap((panel) => panel.remarks ?? []))) terminal.message(remark);
}

/** Pixels mean nothing to a terminal. */
function refuseSizes(flags: Flags): void {
  const given = (["width", "height", "scale"] as const).find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  throw usage(
    "unused-option",
    `\`--${given}\` means nothing to a picture in the terminal`,
    "write a file: -o picture.png",
  );
}

/** Runs know their own columns, formulas and trajectories. */
function refuseForRuns(flags: Flags): void {
  const names = ["columns", "x", "y", "section", "direction", "model", "param", "runs", "height"] as const;
  const given = names.find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  throw usage(
    "unused-option",
    `\`--${given}\` means nothing to the pictures of a run`,
    "choose some: --kind loss,drift",
  );
}

function usage(code: string, message: string, hint: string): HnncError {
  return new HnncError({ kind: "usage", code, message, hint });
}
