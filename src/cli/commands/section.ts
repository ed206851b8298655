import { type Command, Option } from "commander";
import type { Compiled } from "../../compile.ts";
import { column, columnNames, type Dataset } from "../../data/dataset.ts";
import { concatenate } from "../../data/select.ts";
import { headerOf } from "../../data/write.ts";
import { writeFiles } from "../../data/write-files.ts";
import { HnncError } from "../../errors.ts";
import type { EventFormula } from "../../simulation/event-formula.ts";
import { planSection, type SectionPlan, type SectionReport } from "../../simulation/section.ts";
import type { Range, Region } from "../../systems/system.ts";
import type { CliCommand } from "../command.ts";
import { type CompiledArgument, compileArgument } from "../compile-argument.ts";
import { outputFile, writeRows } from "../dataset-output.ts";
import { readEvent } from "../event-option.ts";
import { numberReader } from "../number-option.ts";
import { type ParameterValues, readParameter } from "../parameter.ts";
import { startProgress } from "../progress.ts";
import { readEnergy, readRegion } from "../region-option.ts";
import { readStarts, readTimeSpan } from "../simulation-options.ts";
import type { Terminal } from "../terminal.ts";

interface Flags {
  readonly on: string;
  readonly direction?: "up" | "down" | "both";
  readonly t: readonly [number, number];
  readonly crossings?: number;
  readonly x0?: string;
  readonly trajectories?: number;
  readonly energy?: number | Range;
  readonly region?: Region;
  readonly seed?: number;
  readonly rtol?: number;
  readonly param?: ParameterValues;
  readonly output?: string;
  readonly plot?: string;
  readonly json?: boolean;
}

export const sectionCommand: CliCommand = {
  examples: [
    {
      run: "hnnc section henon-heiles --on x --energy 0.125 --trajectories 20 --t 2000 -o section.csv --plot section.png",
      gives: "where 20 trajectories of one energy pass upwards through x = 0: a file and a picture",
    },
    {
      run: 'hnnc section kepler --on "hypot(x, y):min" --t 100',
      gives: "closest approaches: `:min` and `:max` are extrema of a formula",
    },
    {
      run: 'hnnc section driven-pendulum --on "sin(t/2)" --t 1e4 --crossings 500 > strobe.csv',
      gives: "a stroboscopic section, as CSV",
    },
  ],
  declare: (command) => {
    command.argument("<model>", "a formula, a system of the catalogue, a file, or - for standard input");
    declareSection(command);
    declareStarts(command);
    command
      .option("--param <name=value>", "a parameter of the model; may be repeated, arrays as a=1,2,3", readParameter)
      .option("-o, --output <file>", "write the points there: .csv .json .npz .parquet .safetensors")
      .option("--plot <file>", "draw them: .svg or .png");
  },
  run: async (command, terminal) => {
    const flags = command.opts<Flags>();
    const output = outputFile(flags.output);
    const { pictureFormat } = await import("../../picture/picture.ts");
    const format = flags.plot === undefined ? undefined : pictureFormat(flags.plot);
    const argument = await compileArgument("section", command.args[0]!, flags.param);
    const progress = startProgress("following", terminal);
    const plan = await planned(argument, flags, progress.at);
    const shown = output === undefined && (terminal.dataIsShown || flags.json === true);
    const { report, points } = await computed(plan, output, shown, terminal).finally(progress.end);
    if (format !== undefined && points) await draw(points, argument.compiled, flags.plot!, format);
    const files = [output, points && flags.plot].filter((path) => path !== undefined);
    const error = report.diverged.length > 0 ? divergence(report) : undefined;
    const document = { ...documentOf(report, shown ? points : undefined, files), ...(error && { error }) };
    if (flags.json) await terminal.json(document);
    else await tell({ report, points, files, shown, compiled: argument.compiled }, terminal);
    if (error) terminal.message(error.format());
    return error?.exitCode ?? 0;
  },
};

function declareSection(command: Command): void {
  command
    .requiredOption("--on <formula>", "where it is 0; behind it :up :down :both, or :min :max for its extrema")
    .addOption(new Option("--direction <way>", "which passages count (default: up)").choices(["up", "down", "both"]))
    .requiredOption("--t <time>", "the end of the runs, or their start and end as 10:100", readTimeSpan)
    .option(
      "--crossings <count>",
      "end a trajectory after so many points",
      numberReader("--crossings", { wanted: "a number of points", least: 1, whole: true }),
    )
    .option(
      "--rtol <error>",
      "error of a step (default: round-off)",
      numberReader("--rtol", { wanted: "an error of a step", least: 1e-17, most: 0.1 }),
    );
}

function declareStarts(command: Command): void {
  command
    .option("--x0 <states>", "starts: 1,0 or q=1,p=0 or a name of the catalogue; several with ; between")
    .option(
      "--trajectories <count>",
      "draw so many starts from the region instead",
      numberReader("--trajectories", { wanted: "a number of trajectories", least: 1, most: 1e6, whole: true }),
    )
    .option("--energy <energy>", "draw them with this energy, or from a range 0.1:0.2", readEnergy)
    .option("--region <ranges>", "draw them there: q=-2:2,p=-1:1 (default: the system's)", readRegion)
    .option(
      "--seed <number>",
      "of the drawn starts (default: 0)",
      numberReader("--seed", { wanted: "a seed", least: 0, most: Number.MAX_SAFE_INTEGER, whole: true }),
    );
}

async function planned(
  argument: CompiledArgument,
  flags: Flags,
  progress: (fraction: number) => void,
): Promise<SectionPlan> {
  const { t, crossings, rtol, seed = 0 } = flags;
  const event = eventOf(flags);
  const same = { ...event, t, crossings, rtol, progress };
  const { compiled, system } = argument;
  const drawing = flags.trajectories ?? flags.energy ?? flags.region ?? flags.seed;
  if (drawing === undefined) {
    const [usual] = Object.values(system?.initialStates ?? {});
    const x0 = flags.x0 === undefined ? usual?.x0 : readStarts(flags.x0, compiled.model, system);
    return planSection(compiled, { ...same, x0 });
  }
  if (flags.x0 !== undefined) {
    throw usage("x0-and-region", "starts are either given or drawn", "leave out --x0, or what says how to draw");
  }
  const { startsOf } = await import("../../simulation/starts.ts");
  const energy = (state: Float64Array) => compiled.hamiltonian(state, undefined, t[0]);
  const starts = startsOf(compiled, energy, { region: flags.region, energy: flags.energy, seed }, system);
  const count = flags.trajectories ?? 20;
  const x0 = Float64Array.from(Array.from({ length: count }, (_, k) => [...starts.at(k)]).flat());
  return planSection(compiled, { ...same, x0, seed, sampling: starts.told });
}

function eventOf({ on, direction }: Flags): EventFormula {
  const [event] = readEvent(on);
  if (event!.terminal) throw usage("bad-event", "`:stop` ends a run; a section goes on", "use --crossings 1");
  return { ...event!, ...(direction && { direction }) };
}

/** Points are few: they are kept for the picture and the document while they are written. */
async function computed(
  plan: SectionPlan,
  output: string | undefined,
  shown: boolean,
  terminal: Terminal,
): Promise<{ readonly report: SectionReport; readonly points: Dataset | undefined }> {
  const chunks: Dataset[] = [];
  const keep = (chunk: Dataset) => void chunks.push(chunk);
  const report = shown
    ? await plan.run(keep)
    : await writeRows(output, plan.header, terminal, (write) =>
        plan.run(async (chunk) => {
          keep(chunk);
          await write(chunk);
        }),
      );
  const [first, ...others] = chunks;
  return { report, points: first && concatenate([first, ...others]) };
}

async function draw(points: Dataset, model: Compiled, path: string, format: "svg" | "png"): Promise<void> {
  const { drawPicture } = await import("../../picture/picture.ts");
  await writeFiles([{ path, content: await drawPicture(points, { kind: "poincare", model, format }) }]);
}

/** So few points say more as numbers than as a picture. */
const fewRows = 24;

interface Told {
  readonly report: SectionReport;
  readonly points: Dataset | undefined;
  readonly files: readonly string[];
  readonly shown: boolean;
  readonly compiled: Compiled;
}

async function tell({ report, points, files, shown, compiled }: Told, terminal: Terminal): Promise<void> {
  for (const warning of compiled.model.warnings) {
    terminal.message(`${terminal.styleMessage("yellow", "warning:")} ${warning}`);
  }
  const few = points && (points.coordinates.length === 1 || points.rows <= fewRows);
  if (shown && few) await writeRows(undefined, headerOf(points), terminal, (write) => write(points));
  else if (shown && points) {
    const { panelsOf } = await import("../../picture/choose.ts");
    const { drawnInText } = await import("../../picture/terminal.ts");
    const drawing = await panelsOf(points, { kind: "poincare", model: compiled });
    const columns = Math.min(terminal.size.columns, 120);
    await terminal.data(drawnInText(drawing, { columns, rows: 20, color: terminal.styleData("red", "x") !== "x" }));
  }
  // Rows that go into a pipe speak for themselves.
  if (files.length === 0 && !terminal.messagesAreShown) return;
  const { counts, steps } = report;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const listed = counts.length > 24 ? `${counts.slice(0, 24).join(" ")} …` : counts.join(" ");
  terminal.message(
    `${total} points of ${counts.length} ${counts.length === 1 ? "trajectory" : "trajectories"}: ${listed}`,
  );
  const isConserved = compiled.meta.conservative && !compiled.meta.timeDependent;
  terminal.message(`${steps} steps of Taylor series${isConserved ? energySpread(points) : ""}`);
  for (const path of files) terminal.message(`wrote ${path}`);
}

/** How far the energy of a trajectory's points differs from its first at most. */
function energySpread(points: Dataset | undefined): string {
  const { energies, runs } = points ?? {};
  if (!energies || !runs) return "";
  let most = 0;
  for (const { start, end } of runs) {
    for (let k = start; k < end; k++) most = Math.max(most, Math.abs(energies[k]! - energies[start]!));
  }
  return `; H of a trajectory's points agrees to ${most.toExponential(1)}`;
}

function documentOf(report: SectionReport, points: Dataset | undefined, files: readonly string[]) {
  const { counts, steps, diverged } = report;
  const columns = points && Object.fromEntries(columnNames(points).map((name) => [name, [...column(points, name)]]));
  const failures = diverged.map(({ trajectory, time, reason }) => ({ trajectory, time, reason }));
  return { points: counts.reduce((sum, count) => sum + count, 0), counts, steps, diverged: failures, files, columns };
}

function divergence({ diverged, counts }: SectionReport): HnncError {
  const [{ trajectory, time, reason }] = diverged as [SectionReport["diverged"][number]];
  return new HnncError({
    kind: "diverged",
    code: "diverged",
    message: `${diverged.length} of ${counts.length} trajectories could not be finished; their points until then are kept`,
    notes: [`trajectory ${trajectory} from t = ${time}: ${reason}`],
    hint: "choose a shorter time or an energy at which the motion is bounded",
  });
}

function usage(code: string, message: string, hint: string): HnncError {
  return new HnncError({ kind: "usage", code, message, hint });
}
