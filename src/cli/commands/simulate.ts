import { type Command, Option } from "commander";
import type { Compiled } from "../../compile.ts";
import type { Dataset } from "../../data/dataset.ts";
import type { Provenance } from "../../data/provenance.ts";
import { writeFiles } from "../../data/write-files.ts";
import { HnncError } from "../../errors.ts";
import type { PictureFormat } from "../../picture/picture.ts";
import { planSimulation, type SimulationPlan } from "../../simulate.ts";
import type { EventFormula } from "../../simulation/event-formula.ts";
import type { MethodName, SimulateOptions, SimulationReport } from "../../simulation/options.ts";
import type { CliCommand } from "../command.ts";
import { type CompiledArgument, compileArgument } from "../compile-argument.ts";
import { outputFile, writeRows } from "../dataset-output.ts";
import { EnergyFollower } from "../energy-account.ts";
import { readEvent } from "../event-option.ts";
import { numberReader } from "../number-option.ts";
import { OutsideFollower, startInside } from "../outside-follower.ts";
import { type ParameterValues, readParameter } from "../parameter.ts";
import { type Progress, startProgress } from "../progress.ts";
import { readMethod, readStarts, readTimeSpan } from "../simulation-options.ts";
import { simulationDocument, type Told, tellSimulation } from "../simulation-summary.ts";
import type { Terminal } from "../terminal.ts";
import { Thinned } from "../thinned.ts";

/** A section wants more words: `hnnc section`, `hnnc plot`. */
const kinds = ["auto", "phase", "energy", "time", "orbit"] as const;

interface Flags {
  readonly t: readonly [number, number];
  readonly x0?: string;
  readonly ensemble?: number;
  readonly seed?: number;
  readonly method?: MethodName | "auto";
  readonly dt?: number;
  readonly rtol?: number;
  readonly atol?: number;
  readonly samples?: number;
  readonly param?: ParameterValues;
  readonly event?: readonly EventFormula[];
  readonly derivatives?: boolean;
  readonly workers?: number;
  readonly fma?: boolean;
  readonly output?: string;
  readonly plot?: string;
  readonly kind?: (typeof kinds)[number];
  readonly picture: boolean;
  readonly json?: boolean;
}

export const simulateCommand: CliCommand = {
  examples: [
    {
      run: 'hnnc simulate "p^2/2 - cos(q)" --x0 1,0 --t 100',
      gives: "picks a method and says why; a table, the energy's error, a picture",
    },
    {
      run: "hnnc simulate kepler --method yoshida8 --dt 0.01 --t 1e5 -o orbit.npz --plot orbit.svg",
      gives: "a fixed symplectic step, rows in a file, the orbit as a picture",
    },
    {
      run: "hnnc simulate outer-solar-system --t 1e6 --ensemble 64 --seed 1 -o ens.parquet",
      gives: "64 starts near the system's own, on all cores",
    },
    {
      run: 'hnnc simulate kepler --t 100 --event "x p_x + y p_y" --event "y:up:stop"',
      gives: "what happens on the way: pericentres and apocentres, and an end",
    },
    { run: "hnnc simulate double-pendulum --t 20 > motion.csv", gives: "all rows as CSV" },
  ],
  declare: (command) => {
    command.argument("<model>", "a formula, a system of the catalogue, a file, or - for standard input");
    declareRun(command);
    declareOutput(command);
  },
  run: async (command, terminal) => {
    const flags = command.opts<Flags>();
    const output = outputFile(flags.output);
    const format = await formatOfPlot(flags);
    const argument = await compileArgument("simulate", command.args[0]!, flags.param);
    const x0 = await startsOf(argument, flags);
    const progress = startProgress("simulating", terminal);
    const { t, method, dt, rtol, atol, samples, event, derivatives, workers, fma } = flags;
    const wished = { t, method, dt, rtol, atol, samples, derivatives, workers, fma, x0, events: event };
    const plan = withOrigin(planSimulation(argument.compiled, { ...wished, progress: progress.at }), flags);
    const outside = argument.region && new OutsideFollower(argument.region);
    const run = await follow(plan, flags, output, { terminal, progress, outside });
    const files = [...(output === undefined ? [] : [output]), ...(await drawn(run, argument.compiled, flags, format))];
    const told = { ...run, plan, files, compiled: argument.compiled, events: event ?? [], outside: outside?.account() };
    const error = run.report.diverged.length > 0 ? divergence(run.report, output) : undefined;
    if (!flags.json) await tellSimulation(told, { ...flags, output }, terminal);
    if (error && !flags.json) throw error;
    if (flags.json) await terminal.json({ ...simulationDocument(told, output === undefined), ...(error && { error }) });
    if (error) terminal.message(error.format());
    return error?.exitCode ?? 0;
  },
};

function declareRun(command: Command): void {
  const number = (option: string, wanted: string, least?: number) =>
    numberReader(option, { wanted, ...(least !== undefined && { least }) });
  const whole = (option: string, wanted: string, least: number) => numberReader(option, { wanted, least, whole: true });
  command
    .requiredOption("--t <time>", "the end of the run, or its start and end as 10:100", readTimeSpan)
    .option(
      "--x0 <state>",
      "the start: 1,0 in the order of the state, or q=1,p=0, or a start of the catalogue; several with ; between (default: the model's own, or the first of the catalogue)",
    )
    .option(
      "--ensemble <count>",
      "so many starts, drawn from the system's region or about its own start",
      whole("--ensemble", "a number of trajectories", 1),
    )
    .option("--seed <number>", "of the drawn starts (default: 0)", readSeed)
    .option("--method <name>", "auto, taylor, leapfrog, yoshida8, gauss6, dop853, … (default: auto)", readMethod)
    .option("--dt <step>", "a fixed step", number("--dt", "a step"))
    .option("--rtol <error>", "error of a step relative to the state", number("--rtol", "a tolerance"))
    .option("--atol <error>", "absolute error of a step, for dop853 and the like", number("--atol", "a tolerance"))
    .option(
      "--samples <count>",
      "rows a trajectory, both ends counted (default: 1001, or each step thinned to a thousand)",
      whole("--samples", "a number of rows", 2),
    )
    .option("--param <name=value>", "a parameter's value; may be repeated, arrays as a=1,2,3", readParameter)
    .option(
      "--event <formula>",
      "notice where a formula passes 0; FORMULA:up, :down, :min, :max, and :stop to end there; may be repeated",
      readEvent,
    )
    .option("--workers <count>", "threads (default: all that pay)", whole("--workers", "a number of threads", 1))
    .option("--fma", "fused multiply-add: faster, bits differ between machines");
}

function declareOutput(command: Command): void {
  command
    .option("-o, --output <file>", "rows to a file: .csv .json .npz .parquet .safetensors; whole or not at all")
    .option("--derivatives", "with dq/dt and dp/dt in each row")
    .option("--plot <file>", "a picture: .svg or .png")
    .addOption(new Option("--kind <kind>", "what the picture shows (default: auto)").choices(kinds))
    .option("--no-picture", "no picture on the terminal");
}

const readSeed = numberReader("--seed", {
  wanted: "a whole number",
  least: 0,
  most: Number.MAX_SAFE_INTEGER,
  whole: true,
});

/** Says in files how starts were drawn and where derivatives come from. */
function withOrigin(plan: SimulationPlan, { ensemble, seed = 0, x0, derivatives }: Flags): SimulationPlan {
  const starts = { drawn: ensemble ?? 0, ...(x0 !== undefined && { around: x0 }) };
  const provenance: Provenance = {
    ...plan.header.provenance,
    ...(ensemble !== undefined && { seed, sampling: { starts } }),
    ...(derivatives && { derivatives: "field" }),
  };
  return { ...plan, header: { ...plan.header, provenance } };
}

/** What a run has left behind. */
type Run = Pick<Told, "report" | "kept" | "whole" | "rows" | "energy" | "milliseconds">;

interface Surroundings {
  readonly terminal: Terminal;
  readonly progress: Progress;
  readonly outside: OutsideFollower | undefined;
}

async function follow(
  plan: SimulationPlan,
  { json }: Flags,
  output: string | undefined,
  { terminal, progress, outside }: Surroundings,
): Promise<Run> {
  const begun = performance.now();
  const thinned = new Thinned(plan.header);
  const energies = new EnergyFollower();
  let rows = 0;
  const see = (chunk: Dataset) => {
    thinned.add(chunk);
    energies.add(chunk);
    outside?.add(chunk);
    rows += chunk.rows;
  };
  // On a terminal a table says more than a thousand lines of numbers.
  const wanted = output !== undefined || (!json && !terminal.dataIsShown);
  try {
    const report = wanted
      ? await writeRows(output, plan.header, terminal, (write) =>
          plan.run(async (chunk) => {
            see(chunk);
            await write(chunk);
          }),
        )
      : await plan.run(see);
    const milliseconds = performance.now() - begun;
    const { whole } = thinned;
    return { report, kept: thinned.dataset(), whole, rows, energy: energies.account(), milliseconds };
  } finally {
    progress.end();
  }
}

/** The starts that `--x0` or `--ensemble` ask for. */
async function startsOf({ compiled, system, region }: CompiledArgument, flags: Flags): Promise<SimulateOptions["x0"]> {
  const { x0, ensemble, seed = 0, t } = flags;
  if (ensemble === undefined) {
    if (flags.seed !== undefined) {
      throw usage("unused-seed", "`--seed` draws starts, and none are drawn", "add --ensemble 64");
    }
    const [usual] = Object.values(system?.initialStates ?? {});
    if (x0 !== undefined) return readStarts(x0, compiled.model, system);
    return region && compiled.model.initial.size === 0 ? startInside(region) : usual?.x0;
  }
  const { drawnStarts } = await import("../../simulation/drawn-starts.ts");
  const around = x0 === undefined ? undefined : readStarts(x0, compiled.model, system);
  return drawnStarts(compiled, { count: ensemble, seed, around, system, time: t[0] });
}

/** Known before the run: a file of another kind should not cost one. */
async function formatOfPlot({ plot }: Flags): Promise<PictureFormat | undefined> {
  if (plot === undefined) return undefined;
  const { pictureFormat } = await import("../../picture/picture.ts");
  return pictureFormat(plot);
}

async function drawn(
  { kept }: Run,
  compiled: Compiled,
  { plot, kind }: Flags,
  format: PictureFormat | undefined,
): Promise<string[]> {
  if (plot === undefined || format === undefined || !kept) return [];
  const { drawPicture } = await import("../../picture/picture.ts");
  const content = await drawPicture(kept, { kind, model: compiled, format });
  await writeFiles([{ path: plot, content }]);
  return [plot];
}

/** The rows are written, and the caller is told that they end early. */
function divergence({ diverged, trajectories }: SimulationReport, output: string | undefined): HnncError {
  const [{ time, state, reason, trajectory }] = diverged as [(typeof diverged)[number]];
  const shown = [...state.subarray(0, 8)].join(", ") + (state.length > 8 ? ", …" : "");
  const others = trajectories > 1 ? `${diverged.length} of ${trajectories} trajectories ended early; the first: ` : "";
  return new HnncError({
    kind: "diverged",
    code: "diverged",
    message: `${others}${reason}`,
    notes: [
      `${trajectories > 1 ? `trajectory ${trajectory}: ` : ""}last good state, at t = ${time}: [${shown}]`,
      ...(output === undefined ? [] : [`\`${output}\` holds everything until then`]),
    ],
    hint: "end before that time, keep away from the singularity, or take a smaller step",
  });
}

function usage(code: string, message: string, hint: string): HnncError {
  return new HnncError({ kind: "usage", code, message, hint });
}
