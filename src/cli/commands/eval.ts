import type { Command } from "commander";
import type { Compiled } from "../../compile.ts";
import { type ColumnMapping, parseColumns } from "../../data/columns.ts";
import type { Dataset } from "../../data/dataset.ts";
import { zero } from "../../expr/build.ts";
import { type LoadedModel, loadModel } from "../../hnn/load.ts";
import { stateModel } from "../../hnn/state-model.ts";
import type { Model } from "../../model.ts";
import { type EvaluateOptions, evaluateModel } from "../../train/evaluate/evaluate-model.ts";
import { metricRows } from "../../train/report/metric-rows.ts";
import type { CliCommand } from "../command.ts";
import { compileArgument } from "../compile-argument.ts";
import { compiledTruth, evaluationPlan } from "../evaluation-plan.ts";
import { metricTable } from "../metric-table.ts";
import { numberReader } from "../number-option.ts";
import { type RememberedRun, rememberedRun } from "../remembered-run.ts";
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
    const run = await rememberedRun(command.args[0]!);
    const { evaluation } = await evaluateModel(run.trained, await optionsOf(run, flags));
    if (flags.json) await terminal.json(evaluation);
    else await terminal.data(`${metricTable(metricRows(evaluation), terminal.styleData)}\n`);
    return 0;
  },
};

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
  const truth = await truthOf(config, flags);
  const measured = flags.data === undefined ? undefined : await measuredRows(trained, flags);
  const usual = config && dataset ? await evaluationPlan(dataset, { data: config.data, truth }) : { truth, dataset };
  const chosen: EvaluateOptions = measured ? { dataset, measured } : usual;
  const starts = flags.x0 === undefined ? chosen.starts : readStarts(flags.x0, stateModelOf(trained), undefined);
  const others = await Promise.all((flags.ensemble ?? []).map((each) => loadModel(each)));
  return {
    ...chosen,
    starts,
    t: flags.t ?? chosen.t,
    samples: flags.samples ?? chosen.samples,
    drift: flags.drift === false ? false : { cycles: flags.cycles },
    ensemble: others.map(({ parameters }) => parameters),
    loss: config?.options.loss,
    length: config?.options.length,
  };
}

async function truthOf(config: TrainConfig | undefined, { against }: Flags): Promise<Compiled | undefined> {
  if (against !== undefined) return (await compileArgument("eval", against, undefined)).compiled;
  return compiledTruth(config?.truth);
}

function measuredRows({ description }: LoadedModel, { data, columns }: Flags): Promise<Dataset> {
  const mapping = columns && Object.fromEntries(columns);
  return loadRows({ kind: "file", path: data!, columns: mapping, split: { test: 0 } }, description);
}

/** What `--x0` names the entries of. */
function stateModelOf(trained: LoadedModel): Model {
  const { formula } = trained.model;
  if (formula) return formula(trained.parameters);
  const { coordinates, momenta } = trained.description;
  return stateModel({ coordinates, momenta }, () => ({ hamiltonian: zero }));
}
