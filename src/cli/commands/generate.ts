import { type Command, Option } from "commander";
import type { NoiseOptions } from "../../data/noise.ts";
import type { Shard } from "../../data/provenance.ts";
import { parseShard } from "../../data/shard.ts";
import { HnncError } from "../../errors.ts";
import { type GenerationPlan, type GenerationReport, planGeneration } from "../../simulation/generate.ts";
import type { MethodName } from "../../simulation/options.ts";
import type { Range, Region } from "../../systems/system.ts";
import type { CliCommand } from "../command.ts";
import { type CompiledArgument, compileArgument } from "../compile-argument.ts";
import { outputFile, requireOutput, writeRows } from "../dataset-output.ts";
import { generationDocument, tellGeneration } from "../generation-summary.ts";
import { numberReader } from "../number-option.ts";
import { type ParameterValues, readParameter } from "../parameter.ts";
import { startProgress } from "../progress.ts";
import { readEnergy, readNoise, readRegion } from "../region-option.ts";
import { readMethod, readStarts, readTimeSpan } from "../simulation-options.ts";
import { declareSplit, type SplitFlags } from "../split-options.ts";
import type { Terminal } from "../terminal.ts";

interface Flags extends SplitFlags {
  readonly trajectories?: number;
  readonly points?: number;
  readonly t?: readonly [number, number];
  readonly region?: Region;
  readonly energy?: number | Range;
  readonly x0?: string;
  readonly noise?: NoiseOptions["sigma"];
  readonly seed?: number;
  readonly shard?: Shard;
  readonly derivatives?: "exact" | "none";
  readonly method?: MethodName | "auto";
  readonly dt?: number;
  readonly rtol?: number;
  readonly atol?: number;
  readonly param?: ParameterValues;
  readonly workers?: number;
  readonly fma?: boolean;
  readonly output?: string;
  readonly json?: boolean;
}

export const generateCommand: CliCommand = {
  examples: [
    {
      run: "hnnc generate pendulum --trajectories 50 --points 45 --t 3 --noise 0.1 --seed 0 -o pend.npz",
      gives: "states, exact derivatives, energies, a split, and where all of it comes from",
    },
    {
      run: "hnnc generate two-body -o orbits.parquet",
      gives: "as published, arXiv:1906.01563: spring, pendulum, two-body, three-body",
    },
    {
      run: 'hnnc generate "p^2/2 - cos(q)" --region q=-2:2,p=-1:1 --t 10 -o train.csv',
      gives: "a formula of one's own: ranges say where trajectories begin",
    },
    {
      run: "hnnc generate henon-heiles --energy 0.05:0.12 --t 50 --trajectories 1000 --shard 3/8 -o part3.npz",
      gives: "the third of eight parts, for as many machines; `hnnc merge` joins them",
    },
  ],
  declare: (command) => {
    command.argument("<model>", "a formula, a system of the catalogue, a file, or - for standard input");
    declareSet(command);
    declareStarts(command);
    declareMotion(command);
    command.option("-o, --output <file>", "write there instead of CSV to standard output; whole or not at all");
  },
  run: async (command, terminal) => {
    const flags = command.opts<Flags>();
    const output = outputFile(flags.output);
    requireOutput(output, flags.json ?? false);
    const argument = await compileArgument("generate", command.args[0]!, flags.param);
    const plan = planned(argument, flags, terminal);
    const begun = performance.now();
    const report = await writeRows(output, plan.header, terminal, (write) => plan.run(write)).finally(plan.quiet);
    const told = {
      plan,
      report,
      output,
      milliseconds: performance.now() - begun,
      argument,
      asPublished: published(argument, flags),
    };
    if (flags.json) await terminal.json(generationDocument(told));
    else if (output !== undefined || terminal.messagesAreShown) tellGeneration(told, terminal);
    if (report.diverged.length > 0) throw divergence(report, output);
    return 0;
  },
};

const whole = (option: string, wanted: string, least: number) =>
  numberReader(option, { wanted, least, most: Number.MAX_SAFE_INTEGER, whole: true });

function declareSet(command: Command): void {
  command
    .option(
      "--trajectories <count>",
      "how many (default: as published, else 50)",
      whole("--trajectories", "a number of trajectories", 1),
    )
    .option(
      "--points <count>",
      "rows a trajectory, equally spaced in time, both ends counted (default: as published, else 50)",
      whole("--points", "a number of rows", 2),
    )
    .option(
      "--t <time>",
      "the end of each trajectory, or its start and end as 10:100 (default: as published)",
      readTimeSpan,
    )
    .option(
      "--noise <sigma>",
      "standard deviation of the noise on states, for all or as q=0.1,p=0.02; derivatives stay exact (default: 0; as published where nothing of the above is given)",
      readNoise,
    );
  declareSplit(command, "as published, else 0.2");
  command
    .option("--seed <number>", "of starts, noise and split (default: 0)", whole("--seed", "a whole number", 0))
    .option("--shard <k/n>", "compute the k-th of n parts alone", parseShard);
}

function declareStarts(command: Command): void {
  command
    .option(
      "--region <ranges>",
      "draw starts uniformly: q=-2:2,p=-1:1, or by their distance from the origin, radius=0.1:1 (default: the system's region)",
      readRegion,
    )
    .option("--energy <energy>", "starts of the region with energies in 0.1:2, or brought to exactly 0.5", readEnergy)
    .option("--x0 <states>", "these starts instead: 1,0 or q=1,p=0, several with ; between");
}

function declareMotion(command: Command): void {
  command
    .addOption(
      new Option("--derivatives <kind>", "ẋ of each row from the equations of motion (default: exact)").choices([
        "exact",
        "none",
      ]),
    )
    .option("--method <name>", "auto, taylor, dop853, leapfrog, … (default: auto, exact to round-off)", readMethod)
    .option("--dt <step>", "a fixed step of the method", numberReader("--dt", { wanted: "a step" }))
    .option(
      "--rtol <error>",
      "error of a step relative to the state",
      numberReader("--rtol", { wanted: "a tolerance" }),
    )
    .option(
      "--atol <error>",
      "absolute error of a step, for dop853 and the like",
      numberReader("--atol", { wanted: "a tolerance" }),
    )
    .option("--param <name=value>", "a parameter's value; may be repeated, arrays as a=1,2,3", readParameter)
    .option("--workers <count>", "threads (default: all that pay)", whole("--workers", "a number of threads", 1))
    .option("--fma", "fused multiply-add: faster, bits differ between machines");
}

function planned(argument: CompiledArgument, flags: Flags, terminal: Terminal): GenerationPlan & { quiet: () => void } {
  const { compiled, system } = argument;
  const { split, splitBy, splitWhich, derivatives, x0, param: _, ...same } = flags;
  const usual = system?.trainingSet?.split;
  const asked = split !== undefined || splitBy !== undefined || splitWhich !== undefined;
  const progress = startProgress("generating", terminal);
  const plan = planGeneration(compiled, {
    ...same,
    system,
    x0: x0 === undefined ? undefined : readStarts(x0, compiled.model, system),
    split: asked ? { test: split ?? usual?.test ?? 0.2, by: splitBy, which: splitWhich ?? usual?.which } : undefined,
    derivatives: derivatives !== "none",
    progress: progress.at,
  });
  return { ...plan, quiet: progress.end };
}

/** Whether nothing was asked for that differs from the training set of a publication. */
function published({ system }: CompiledArgument, flags: Flags): boolean {
  const { trajectories, points, t, noise, region, energy, x0, param, split } = flags;
  return (
    system?.trainingSet !== undefined &&
    [trajectories, points, t, noise, region, energy, x0, param, split].every((flag) => flag === undefined)
  );
}

/** The rows are written, and the caller is told that some are missing. */
function divergence({ diverged, trajectories }: GenerationReport, output: string | undefined): HnncError {
  const [{ trajectory, time, reason }] = diverged as [(typeof diverged)[number]];
  return new HnncError({
    kind: "diverged",
    code: "diverged",
    message: `${diverged.length} of ${trajectories} trajectories could not be finished; the first, ${trajectory}: ${reason}`,
    notes: [
      `its last good state is at t = ${time}`,
      ...(output === undefined ? [] : [`\`${output}\` holds the rows before that, and all of the others`]),
    ],
    hint: "a shorter --t, or a --region or --energy that keeps away from the singularity",
  });
}
