import { join } from "node:path";
import type { Compiled } from "../compile.ts";
import type { Dataset } from "../data/dataset.ts";
import { writeFiles } from "../data/write-files.ts";
import { print } from "../expr/print.ts";
import type { StateNames } from "../hnn/model.ts";
import { plainField } from "../hnn/plain-field.ts";
import { type Evaluated, evaluateModel } from "../train/evaluate/evaluate-model.ts";
import type { LossHistory } from "../train/report/picture-draft.ts";
import { type ReportConstant, reportHtml } from "../train/report/report.ts";
import { runPictures } from "../train/report/run-pictures.ts";
import { type Metrics, readMetrics } from "../train/run/metrics-log.ts";
import type { TrainedRun } from "../train/run/train-run.ts";
import type { Trained } from "../train/train.ts";
import { evaluationPlan } from "./evaluation-plan.ts";
import type { TrainConfig } from "./training-data.ts";

/** A run that has come to its end. */
export interface FinishedRun {
  readonly folder: string;
  readonly config: TrainConfig;
  readonly dataset: Dataset;
  readonly truth: Compiled | undefined;
  readonly trained: TrainedRun;
}

/** Measures a run that has come to its end. */
export async function judged({ dataset, truth, trained, config }: FinishedRun): Promise<Evaluated> {
  const { loss } = trained;
  const plan = await evaluationPlan(dataset, { data: config.data, truth });
  return evaluateModel(trained, { ...plan, loss, length: config.options.length });
}

/**
 * Writes pictures and report.html beside the model.
 *
 * @returns the names of the files
 */
export async function writeReport(run: FinishedRun, evaluated: Evaluated): Promise<string[]> {
  const { folder, config, dataset, truth, trained } = run;
  const { coordinates, momenta } = config.description;
  const { model, parameters } = trained;
  const title = titleOf(trained, config.description);
  const pictures = runPictures({
    title,
    coordinates,
    momenta,
    losses: await lossHistory(run),
    dataset,
    field: model.field && plainField(model, parameters),
    truth,
    evaluated,
  });
  const report = reportHtml({
    formula: title,
    summary: summaryOf(run),
    configuration: configurationOf(run),
    constants: constantsOf(run),
    evaluation: evaluated.evaluation,
    pictures,
    provenance: provenanceOf(run),
    run: folder,
    compiles: model.formula !== undefined,
  });
  const files = [
    ...pictures.map(({ name, svg }) => ({ path: join(folder, `${name}.svg`), content: svg })),
    { path: join(folder, "report.html"), content: report },
  ];
  await writeFiles(files);
  return files.map(({ path }) => path);
}

/** Every step's loss where one process did them all, else the means that the run's metrics hold. */
async function lossHistory({ folder, trained }: FinishedRun): Promise<LossHistory> {
  const { losses, resumedFrom } = trained;
  const metrics = await readMetrics(folder);
  return resumedFrom === undefined
    ? { ...historyOf(metrics), objective: losses, steps: undefined }
    : historyOf(metrics);
}

/** How the losses of a run went, as its metrics tell. */
export function historyOf(metrics: readonly Metrics[]): LossHistory {
  const known = metrics.filter(({ loss }) => loss !== undefined);
  return {
    objective: known.map(({ loss }) => loss!),
    steps: known.map(({ step }) => step),
    test: metrics.flatMap(({ step, testLoss }) => (testLoss === undefined ? [] : [{ step, loss: testLoss }])),
  };
}

/** H as it was learned, or what a baseline is. */
export function titleOf(
  { model, parameters }: Pick<Trained, "model" | "parameters">,
  { coordinates, momenta }: StateNames,
): string {
  if (model.formula) return print(model.formula(parameters).hamiltonian);
  return `${model.family}(${[...coordinates, ...momenta].join(", ")})`;
}

function summaryOf({ config, dataset, trained }: FinishedRun): string {
  const rows = `${trained.samples} samples of ${dataset.rows} rows in ${dataset.runs.length} run${dataset.runs.length === 1 ? "" : "s"}`;
  return `A model of the kind ${config.description.family}, trained on ${rows}.`;
}

function configurationOf({ config, trained }: FinishedRun): Record<string, string | number> {
  const { description, options } = config;
  const { checkpoint, loss, batch, samples } = trained;
  const all: Record<string, string | number | undefined> = {
    model: description.family,
    formula: description.prior?.text.trim(),
    "hidden layers": description.hidden?.join(", "),
    activation: description.activation,
    parameters: trained.model.parameters.count,
    loss,
    optimiser: trained.optimiser,
    steps: checkpoint.step,
    batch: batch === samples ? `all ${samples}` : batch,
    "step size": options.rate,
    schedule: options.schedule?.kind,
    "weight decay": options.weightDecay,
    "residual penalty": options.residualPenalty,
    engine: `${checkpoint.choice.engine}: ${checkpoint.choice.runtime}, ${checkpoint.choice.threads} threads`,
    seconds: Number(trained.seconds.total.toPrecision(3)),
    seed: options.seed ?? 0,
  };
  return known(all);
}

function constantsOf({ trained }: FinishedRun): ReportConstant[] {
  const { standardErrors = {} } = trained;
  return Object.entries(trained.constants).flatMap(([name, values]) =>
    Array.from(values, (value, k): ReportConstant => {
      const error = Object.hasOwn(standardErrors, name) ? standardErrors[name]![k] : undefined;
      return { name: values.length === 1 ? name : `${name}[${k + 1}]`, value, error };
    }),
  );
}

function provenanceOf({ config, dataset }: FinishedRun): Record<string, string | number> {
  const { data, truth } = config;
  const { hnnc, formula, source, seed } = dataset.provenance;
  return known({
    data: data.kind === "file" ? data.path : `generated from ${data.from.system ?? data.from.text.trim()}`,
    "true formula": truth && (truth.system ?? truth.text.trim()),
    "formula of the data": formula,
    "file of the data": source,
    "seed of the data": seed,
    "made by hnnc": hnnc,
  });
}

function known(all: Readonly<Record<string, string | number | undefined>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );
}
