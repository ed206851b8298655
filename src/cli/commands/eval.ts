import type { Command } from "commander";
import type { Compiled } from "../../compile.ts";
import { type ColumnMapping, parseColumns } from "../../data/columns.ts";
import type { Dataset } from "../../data/dataset.ts";
import { HnncError } from "../../errors.ts";
import { zero } from "../../expr/build.ts";
import { type LoadedModel, loadModel } from "../../hnn/load.ts";
import { stateModel } from "../../hnn/state-model.ts";
import type { Model } from "../../model.ts";
import { type EvaluateOptions, evaluateModel } from "../../train/evaluate/evaluate-model.ts";
import { metricRows } from "../../train/report/metric-rows.ts";
import { requireFinite } from "../../train/samples.ts";
import type { CliCommand } from "../command.ts";
import { compileArgument } from "../compile-argument.ts";
import { compiledTruth, evaluationPlan, requireSameState } from "../evaluation-plan.ts";
import { metricTable } from "../metric-table.ts";
import { numberReader } from "../number-option.ts";
import { saying } from "../progress.ts";
import { type RememberedRun, rememberedRun } from "../remembered-run.ts";
import { interruptibleWork } from "../signals.ts";
import { readStarts, readTimeSpan } from "../simulation-options.ts";
import { loadRows, type TrainConfig } from "../training-data.ts";

interface Flags {
  readonly against?: string;
  readonly data?: string;
  readonly columns?: ColumnMapping;
  readonly t?: readonly [number, number];
  readonly x0?: string;
  readonly samples?: number;
  readonly cycles?: number;
  readonly ensemble?: readonly string[];
  readonly drift?: boolean;
  readonly json?: boolean;
}

export const evalCommand: CliCommand = {
  examples: [
    {
      run: "hnnc eval runs/pendulum-hnn",
      gives: "losses, energies along roll-outs, how long predictions are good, drift",
    },
    {
      run: "hnnc eval runs/pend --against pendulum --t 100 --cycles 1000",
      gives: "against the true formula, to t = 100, and over 1000 cycles",
    },
    { run: "hnnc eval runs/arm --data arm-test.csv --columns theta=theta,p=omega", gives: "against measured runs" },
    { run: "hnnc eval runs/a --ensemble runs/b,runs/c", gives: "how far models of other seeds disagree" },
  ],
  declare: (command) => {
    command
      .argument("<run>", "the folder of a trained model")
      .option("--against <model>", "the true formula or system (default: what the run knows)")
      .option("--data <file>", "measured runs to predict, each from its first row")
      .option("--columns <map>", "which column is which: q=theta,p=omega,t=time", parseColumns)
      .option("--x0 <states>", "starts of the roll-outs: 1,0 or q=1,p=0, several with ; between");
    declareLengths(command);
  },
  run: async (command, terminal) => {
    const flags = command.opts<Flags>();
    refuseUnused(flags);
    const run = await rememberedRun(command.args[0]!);
    const options = await optionsOf(run, flags);
    if (!options.dataset && !options.measured && !options.starts) throw nothingToJudgeBy(run);
    const { evaluation } = await saying("judging …", terminal, () =>
      interruptibleWork(() => evaluateModel(run.trained, options)),
    );
    if (flags.json) await terminal.json(evaluation);
    else await terminal.data(`${metricTable(metricRows(evaluation), terminal.styleData)}\n`);
    return 0;
  },
};

function refuseUnused({ data, columns, x0, t, samples }: Flags): void {
  if (data === undefined && columns)
    throw unused("--columns", "says how to read --data, and none is given", "add --data FILE");
  const given = [x0 !== undefined && "--x0", t && "--t", samples && "--samples"].find(Boolean);
  if (data === undefined || !given) return;
  throw unused(
    given,
    "is of roll-outs beside a true formula; measured runs have starts and times of their own",
    "leave it out",
  );
}

/** Without a true formula, measured runs say how long roll-outs are. */
function refuseLengths({ t, samples }: Flags): void {
  const given = [t && "--t", samples && "--samples"].find(Boolean);
  if (given)
    throw unused(
      given,
      "is of roll-outs beside a true formula, and the run knows none",
      "add --against FORMULA, or leave it out",
    );
}

function unused(option: string, why: string, hint: string): HnncError {
  return new HnncError({ kind: "usage", code: "unused-option", message: `\`${option}\` ${why}`, hint });
}

function nothingToJudgeBy({ folder, config }: RememberedRun): HnncError {
  const path = config?.data.kind === "file" ? config.data.path : undefined;
  return new HnncError({
    kind: "usage",
    code: "nothing-to-judge-by",
    message:
      path === undefined
        ? `\`${folder}\` does not say which rows it was trained on`
        : `the rows that \`${folder}\` was trained on, \`${path}\`, are not there`,
    hint: "--data FILE for measured runs, or --against FORMULA --x0 STATES for a true formula",
  });
}

function declareLengths(command: Command): void {
  command
    .option("--t <time>", "the end of the roll-outs, or 0:100 (default: six runs of the data)", readTimeSpan)
    .option("--samples <count>", "of a roll-out (default: 200)", count("--samples", "a number of samples", 2))
    .option("--cycles <count>", "of the long run (default: 200)", count("--cycles", "a number of cycles", 1))
    .option("--no-drift", "no long run")
    .option("--ensemble <runs>", "models of other seeds, their folders with commas between", (text) =>
      text.split(",").map((each) => each.trim()),
    );
}

const count = (option: string, wanted: string, least: number) =>
  numberReader(option, { wanted, least, most: 1e7, whole: true });

async function optionsOf({ trained, config, dataset }: RememberedRun, flags: Flags): Promise<EvaluateOptions> {
  const truth = await truthOf(trained, config, flags);
  const measured = flags.data === undefined ? undefined : await measuredRows(trained, flags);
  const usual = config && dataset ? await evaluationPlan(dataset, { data: config.data, truth }) : { truth, dataset };
  const chosen: EvaluateOptions = measured ? { dataset, measured } : usual;
  if (!truth && flags.x0 === undefined) refuseLengths(flags);
  const starts = flags.x0 === undefined ? chosen.starts : readStarts(flags.x0, stateModelOf(trained), undefined);
  const others = await Promise.all((flags.ensemble ?? []).map((each) => member(trained, each)));
  return {
    ...chosen,
    starts,
    t: flags.t ?? chosen.t,
    samples: flags.samples ?? chosen.samples,
    drift: flags.drift === false ? false : { cycles: flags.cycles },
    ensemble: others,
    loss: config?.options.loss,
    length: config?.options.length,
  };
}

async function truthOf(
  { description }: LoadedModel,
  config: TrainConfig | undefined,
  { against }: Flags,
): Promise<Compiled | undefined> {
  if (against === undefined) return compiledTruth(config?.truth, description);
  const { compiled } = await compileArgument("eval", against, undefined);
  requireSameState(compiled, description);
  return compiled;
}

async function measuredRows({ description }: LoadedModel, { data, columns }: Flags): Promise<Dataset> {
  const mapping = columns && Object.fromEntries(columns);
  const found = await loadRows({ kind: "file", path: data!, columns: mapping, split: { test: 0 } }, description);
  requireFinite(found);
  if (found.runs.some(({ start, end }) => end - start > 1)) return found;
  throw new HnncError({
    kind: "data",
    code: "no-runs",
    message: `\`${data}\` has no run of two rows: there is nothing to predict`,
    hint: "rows of a run are in the order of time; see --columns",
  });
}

/**
 * Another model of the same system.
 *
 * @throws HnncError `other-model` (usage), and what loading throws
 */
async function member({ description }: LoadedModel, folder: string): Promise<LoadedModel> {
  const other = await loadModel(folder);
  const [own, found] = [description, other.description].map(({ coordinates, momenta }) =>
    [...coordinates, ...momenta].join(" "),
  );
  if (own === found && other.model.field) return other;
  throw new HnncError({
    kind: "usage",
    code: "other-model",
    message:
      own === found
        ? `\`${folder}\` has no field that could be compared: it is a model of sequences`
        : `the state of \`${folder}\` is ${found}, the model's is ${own}`,
    hint: "an ensemble is of models that differ in their seeds: hnnc train … --seed 1",
  });
}

/** What `--x0` names the entries of. */
function stateModelOf(trained: LoadedModel): Model {
  const { formula } = trained.model;
  if (formula) return formula(trained.parameters);
  const { coordinates, momenta } = trained.description;
  return stateModel({ coordinates, momenta }, () => ({ hamiltonian: zero }));
}
