import { type Command, Option } from "commander";
import type { ColumnMapping } from "../data/columns.ts";
import { parseColumns } from "../data/columns.ts";
import type { NoiseOptions } from "../data/noise.ts";
import { engineNames } from "../engine/engines.ts";
import type { Precision } from "../graph/graph.ts";
import { type ModelName, models } from "../hnn/models.ts";
import { type ActivationName, activationNames } from "../network.ts";
import type { Range, Region } from "../systems/system.ts";
import { type LossName, losses } from "../train/losses.ts";
import { type OptimiserName, optimisers } from "../train/optimisers.ts";
import type { Schedule } from "../train/schedule.ts";
import { gapHelp, readGap } from "./gap-option.ts";
import { type LearnWishes, readHidden, readLearn } from "./learn-option.ts";
import { numberReader } from "./number-option.ts";
import { type ParameterValues, readParameter } from "./parameter.ts";
import { readEnergy, readNoise, readRegion } from "./region-option.ts";
import { readTimeSpan } from "./simulation-options.ts";
import { declareSplit, type SplitFlags } from "./split-options.ts";

/** What `hnnc train` is told besides the formula. */
export interface TrainingFlags extends SplitFlags {
  readonly model?: ModelName;
  readonly learn?: LearnWishes;
  readonly residual?: boolean;
  readonly hidden?: readonly number[];
  readonly features?: number;
  readonly activation?: ActivationName;
  readonly normalise?: boolean;
  readonly param?: ParameterValues;
  readonly data?: string;
  readonly columns?: ColumnMapping;
  readonly gap?: number | "none";
  readonly truth?: string;
  readonly trajectories?: number;
  readonly points?: number;
  readonly t?: readonly [number, number];
  readonly region?: Region;
  readonly energy?: number | Range;
  readonly noise?: NoiseOptions["sigma"];
  readonly loss?: LossName;
  readonly length?: number;
  readonly optimiser?: OptimiserName | "auto";
  readonly steps?: number;
  readonly batch?: number;
  readonly rate?: number;
  readonly schedule?: Schedule["kind"];
  readonly weightDecay?: number;
  readonly clip?: number;
  readonly residualPenalty?: number;
  readonly engine?: string;
  readonly precision?: Precision;
  readonly seed?: number;
  readonly output?: string;
  readonly resume?: boolean;
  readonly overwrite?: boolean;
  readonly report?: boolean;
  readonly json?: boolean;
}

const whole = (option: string, wanted: string, least: number) =>
  numberReader(option, { wanted, least, most: Number.MAX_SAFE_INTEGER, whole: true });
const positive = (option: string, wanted: string) => numberReader(option, { wanted, least: Number.MIN_VALUE });

/** Adds all of them, in groups as `--help` shows them. */
export function declareTraining(command: Command): void {
  declareModel(command);
  declareData(command);
  declareFit(command);
  declareRun(command);
}

function declareModel(command: Command): void {
  command
    .addOption(
      new Option(
        "--model <family>",
        "what is trained (default: hybrid where the formula leaves something open, else hnn)",
      ).choices(Object.keys(models)),
    )
    .option(
      "--learn <what>",
      'a network behind an unknown function, "N = mlp(64, 64)", or parameters, k,c; may be repeated',
      readLearn,
    )
    .option("--residual", "hybrid: add a network of the whole state to H (default: where nothing else is learned)")
    .option("--no-residual", "hybrid: add none")
    .option("--hidden <units>", "units of the hidden layers (default: 200,200)", readHidden)
    .option(
      "--features <count>",
      "random-features: how many (default: 200)",
      whole("--features", "a number of features", 1),
    )
    .addOption(new Option("--activation <name>", "between layers (default: tanh)").choices([...activationNames]))
    .option("--no-normalise", "let networks see the numbers as they are, as in the paper")
    .option("--param <name=value>", "a parameter of the formula; may be repeated, arrays as a=1,2,3", readParameter);
}

function declareData(command: Command): void {
  command
    .option("--data <file>", "rows to learn from: csv, json, npz, parquet, safetensors (default: generated)")
    .option("--columns <map>", "which column is which: q=theta,p=omega,t=time,run=trial", parseColumns)
    .option("--gap <factor>", gapHelp, readGap)
    .option("--truth <model>", "the true formula or system: generates data, and judges what was learned")
    .option(
      "--trajectories <count>",
      "generated: how many (default: as published, else 50)",
      whole("--trajectories", "a number of trajectories", 1),
    )
    .option(
      "--points <count>",
      "generated: rows a trajectory (default: as published, else 50)",
      whole("--points", "a number of rows", 2),
    )
    .option(
      "--t <time>",
      "generated: the end of trajectories, or 10:100 (default: as published, else 10)",
      readTimeSpan,
    )
    .option("--region <ranges>", "generated: where trajectories begin, q=-2:2,p=-1:1", readRegion)
    .option("--energy <energy>", "generated: their energies, 0.1:2", readEnergy)
    .option("--noise <sigma>", "generated: of the states (default: as published, else 0)", readNoise);
  declareSplit(command, "as it is in the data, else 0.2");
}

function declareFit(command: Command): void {
  command
    .addOption(
      new Option("--loss <name>", "how model and data are compared (default: derivatives, else midpoint)").choices(
        Object.keys(losses),
      ),
    )
    .option("--length <steps>", "of roll-outs and sequences (default: 8)", whole("--length", "a number of steps", 1))
    .addOption(
      new Option(
        "--optimiser <name>",
        "default: auto, which is adam for networks; for constants alone linear where they enter linearly, else levenberg-marquardt",
      ).choices(["auto", ...Object.keys(optimisers)]),
    )
    .option(
      "--steps <count>",
      "of training (default: 2000; of searches 500 lbfgs, 100 levenberg-marquardt)",
      whole("--steps", "a number of steps", 1),
    )
    .option("--batch <rows>", "a step (default: all up to 2048, else 512)", whole("--batch", "a number of rows", 1))
    .option("--rate <size>", "of the first step (default: 1e-3)", positive("--rate", "a step size above 0"))
    .addOption(
      new Option("--schedule <kind>", "how the step size goes on (default: cosine)").choices([
        "constant",
        "cosine",
        "exponential",
      ]),
    )
    .option("--weight-decay <factor>", "default: 0", numberReader("--weight-decay", { wanted: "a factor", least: 0 }))
    .option("--clip <length>", "of the longest gradient (default: none)", positive("--clip", "a length above 0"))
    .option(
      "--residual-penalty <weight>",
      "hybrid: on what networks add, so that the formula explains what it can (default: 0)",
      numberReader("--residual-penalty", { wanted: "a weight", least: 0 }),
    );
}

function declareRun(command: Command): void {
  command
    .addOption(new Option("--engine <name>", "what computes (default: the first that works)").choices([...engineNames]))
    .addOption(
      new Option("--precision <type>", "default: f32, or f64 where the optimiser wants it").choices(["f32", "f64"]),
    )
    .option(
      "--seed <number>",
      "of data, first weights and minibatches (default: 0)",
      whole("--seed", "a whole number", 0),
    )
    .option("-o, --output <folder>", "of the run (default: runs/NAME)")
    .option("--resume", "go on where a run was interrupted")
    .option("--overwrite", "replace a run that is there")
    .option("--no-report", "no pictures and no report.html");
}
