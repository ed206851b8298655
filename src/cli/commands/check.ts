import type { CheckReport } from "../../check/check-model.ts";
import type { Compiled } from "../../compile.ts";
import type { StateSampler } from "../../data/sampling.ts";
import { HnncError } from "../../errors.ts";
import type { Model } from "../../model.ts";
import { type System, sampleState } from "../../systems/system.ts";
import { checkTable, hasUnicode } from "../check-table.ts";
import type { CliCommand } from "../command.ts";
import { compileArgument } from "../compile-argument.ts";
import { numberIn, numberReader } from "../number-option.ts";
import { type ParameterValues, readParameter } from "../parameter.ts";
import { readStarts } from "../simulation-options.ts";

interface Flags {
  readonly param?: ParameterValues;
  readonly points: number;
  readonly seed: number;
  readonly t?: number;
  readonly x0?: string;
  readonly tfjs?: boolean;
  readonly worst?: boolean;
  readonly json?: boolean;
}

export const checkCommand: CliCommand = {
  examples: [
    { run: "hnnc check double-pendulum", gives: "every number of this formula by two roads, with the figures" },
    {
      run: 'hnnc check "p^2/2 - cos(q); invariant I = p"',
      gives: "a claim that does not hold: the line that fails, and exit code 8",
    },
    { run: "hnnc check kepler --t 20 --worst", gives: "a longer trajectory, and where each figure was found" },
  ],
  declare: (command) => {
    command
      .argument("<model>", "a formula, a system of the catalogue, a file, or - for standard input")
      .option("--param <name=value>", "a parameter's value; may be repeated, arrays as a=1,2,3", readParameter)
      .option(
        "--points <count>",
        "how many random states",
        numberReader("--points", { wanted: "a number of states", least: 1, most: 100_000, whole: true }),
        100,
      )
      .option(
        "--seed <seed>",
        "of the random states",
        numberReader("--seed", { wanted: "a whole number", least: 0, most: Number.MAX_SAFE_INTEGER, whole: true }),
        0,
      )
      .option("--t <time>", "how long trajectories are followed (default: about ten characteristic times)", readTime)
      .option("--x0 <state>", "where trajectories start: 1,0 or q=1,p=0 or a start of the catalogue")
      .option("--tfjs", "run the TensorFlow.js module too; takes a second or two to load")
      .option("--worst", "print the state where each figure was found");
  },
  run: async (command, terminal) => {
    const flags = command.opts<Flags>();
    const { compiled, system } = await compileArgument("check", command.args[0]!, flags.param);
    const { check } = await import("../../check/check-model.ts");
    const report = await check(compiled, {
      ...{ points: flags.points, seed: flags.seed, t: flags.t, tfjs: flags.tfjs },
      start: startOf(flags.x0, compiled, system),
      region: system && regionOf(system, compiled.model),
    });
    const error = report.passed ? undefined : failure(report);
    if (flags.json) await terminal.json({ ...report, error });
    else {
      const width = terminal.dataIsShown ? terminal.size.columns : Number.POSITIVE_INFINITY;
      const unicode = hasUnicode(process.env);
      await terminal.data(
        checkTable(report, { style: terminal.styleData, width, unicode, worst: flags.worst === true }),
      );
    }
    if (error) terminal.message(error.format());
    return error?.exitCode ?? 0;
  },
};

function readTime(text: string): number {
  const value = numberIn(text);
  if (value !== undefined && value > 0) return value;
  throw new HnncError({ kind: "usage", code: "bad-time", message: `\`--t ${text}\` is not a time above 0` });
}

function startOf(
  text: string | undefined,
  { model, meta }: Compiled,
  system: System | undefined,
): ArrayLike<number> | undefined {
  if (text === undefined) return system && Object.values(system.initialStates)[0]!.x0;
  const starts = readStarts(text, model, system);
  if (starts.length === meta.dimension) return starts;
  throw new HnncError({
    kind: "usage",
    code: "bad-start",
    message: `\`--x0\` names ${starts.length / meta.dimension} starts; one trajectory is followed`,
  });
}

function regionOf(system: System, model: Model): StateSampler {
  const variables = [...model.coordinates, ...model.momenta];
  return (uniform) => sampleState(system, variables, uniform);
}

function failure({ lines, counts }: CheckReport): HnncError {
  const failed = lines.filter(({ verdict }) => verdict === "fail");
  return new HnncError({
    kind: "accuracy",
    code: "check-failed",
    message: `${counts.fail} of ${counts.pass + counts.fail} comparisons fail`,
    notes: failed.map(({ claim, because, figure, bound, sense }) =>
      figure === undefined || bound === undefined
        ? `${claim}: ${because}`
        : `${claim}: ${figure.toPrecision(2)} where ${sense ?? "at most"} ${bound.toPrecision(2)} is allowed (${because})`,
    ),
  });
}
