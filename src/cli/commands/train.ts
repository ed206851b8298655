import type { Json } from "../../data/provenance.ts";
import { modelOf } from "../../hnn/description.ts";
import { energyErrorOf } from "../../train/learned-energy.ts";
import type { TrainOptions } from "../../train/options.ts";
import { metricRows } from "../../train/report/metric-rows.ts";
import { type TrainedRun, trainRun } from "../../train/run/train-run.ts";
import type { CliCommand } from "../command.ts";
import { compiledTruth } from "../evaluation-plan.ts";
import { metricTable } from "../metric-table.ts";
import { saying } from "../progress.ts";
import { type FinishedRun, judged, writeReport } from "../run-report.ts";
import { runToTrain } from "../run-to-train.ts";
import { interruptibleWork, stoppable } from "../signals.ts";
import type { Terminal } from "../terminal.ts";
import type { PreparedTraining } from "../training-config.ts";
import { declareTraining, type TrainingFlags } from "../training-options.ts";
import { startTrainingTale } from "../training-progress.ts";
import { remarksOn } from "../training-remarks.ts";
import { runDocument, tellConstants, tellRun } from "../training-summary.ts";

export const trainCommand: CliCommand = {
  examples: [
    {
      run: "hnnc train pendulum --model hnn",
      gives: "generates the published data, trains, judges against the truth; a run in runs/pendulum-hnn",
    },
    {
      run: 'hnnc train "p^2 + 1.5 q^2 + N(q, p)" --learn "N = mlp(64, 64)" --truth pendulum -o runs/pend',
      gives: "a formula that is wrong, and a network for what it leaves out",
    },
    {
      run: 'hnnc train "p^2/2 + k cos(theta); k = 60 learn; damping p = c; c = 0.1 learn" --data arm.csv --columns theta=theta,p=omega,run=run,split=split',
      gives: "physical parameters of a measured arm, with error bars",
    },
    { run: "hnnc train runs/pend --resume", gives: "goes on where a run was interrupted" },
  ],
  declare: (command) => {
    command.argument(
      "[model]",
      "a formula, a system of the catalogue, a file, -, or with --resume the folder of a run",
    );
    declareTraining(command);
  },
  run: async (command, terminal) => {
    const flags = command.opts<TrainingFlags>();
    const { prepared, folder } = await runToTrain(command.args[0], flags);
    const { result: trained, code } = await stoppable(
      (signal) => performed(prepared, folder, { flags, terminal, signal }),
      () => terminal.message(`stopped; hnnc train ${folder} --resume goes on from its last checkpoint`),
    );
    if (trained.stopped) return interrupted(trained, { flags, terminal, code });
    await finish({ prepared, trained, flags, terminal });
    return 0;
  },
};

interface Surroundings {
  readonly flags: TrainingFlags;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

async function performed(
  { config, dataset }: PreparedTraining,
  folder: string,
  { flags, terminal, signal }: Surroundings,
): Promise<TrainedRun> {
  const { description, data, truth } = config;
  terminal.line("making an engine ready …");
  const tale = startTrainingTale(terminal);
  const energies = trueEnergies({ config, dataset });
  const energyError = energies && energyErrorOf(modelOf(description), dataset, energies);
  let looked = 0;
  const options: TrainOptions = {
    ...config.options,
    signal,
    onProgress: tale.at,
    onCheckpoint({ state }) {
      const now = performance.now();
      if (!energyError || now - looked < lookEvery) return;
      tale.learned({ energyError: energyError(state.parameters!) });
      looked = performance.now();
    },
  };
  const origin = JSON.parse(JSON.stringify({ data, truth })) as Json;
  const { resume, overwrite } = flags;
  try {
    return await trainRun({ description, dataset, options, run: { path: folder, resume, overwrite, origin } });
  } finally {
    tale.end();
  }
}

/** Milliseconds between looks at the energy, which take some ten. */
const lookEvery = 500;

function trueEnergies({ config, dataset }: PreparedTraining): ((row: number) => number) | undefined {
  const truth = compiledTruth(config.truth, config.description);
  const { energies, states, times } = dataset;
  if (truth) {
    const width = truth.meta.dimension;
    return (row) => truth.hamiltonian(states.subarray(row * width, (row + 1) * width), undefined, times?.[row] ?? 0);
  }
  return energies && ((row) => energies[row]!);
}

/** The checkpoint is written: the run can go on. */
async function interrupted(
  { path, checkpoint, stopped }: TrainedRun,
  { flags, terminal, code }: Omit<Surroundings, "signal"> & { readonly code: number },
): Promise<number> {
  terminal.message(`stopped after step ${checkpoint.step}; hnnc train ${path} --resume goes on`);
  if (flags.json) await terminal.json({ run: path, stopped });
  return code;
}

interface Finish {
  readonly prepared: PreparedTraining;
  readonly trained: TrainedRun;
  readonly flags: TrainingFlags;
  readonly terminal: Terminal;
}

async function finish({ prepared, trained, flags, terminal }: Finish): Promise<void> {
  const run: FinishedRun = {
    ...prepared,
    folder: trained.path,
    truth: compiledTruth(prepared.config.truth, prepared.config.description),
    trained,
  };
  const remarks = remarksOn(run);
  if (!flags.json) tellRun(run, remarks, terminal);
  const { evaluated, files } = await reported(run, flags, terminal).catch((error: unknown) => {
    terminal.message(`wrote ${trained.path}: the model`);
    throw error;
  });
  if (flags.json) return terminal.json({ ...runDocument(run, evaluated, files), remarks });
  const constants = tellConstants(run);
  const table = metricTable(metricRows(evaluated.evaluation), terminal.styleData);
  await terminal.data(`${[constants, table].filter((text) => text !== "").join("\n")}\n`);
  terminal.message(`wrote ${trained.path}: the model${files.length > 0 ? ", pictures and report.html" : ""}`);
}

/** Judges what was learned, and draws it. The model is on the disk: a signal has nothing to wait for. */
async function reported(run: FinishedRun, flags: TrainingFlags, terminal: Terminal) {
  const evaluated = await saying("judging what was learned …", terminal, () => interruptibleWork(() => judged(run)));
  return { evaluated, files: flags.report === false ? [] : await writeReport(run, evaluated) };
}
