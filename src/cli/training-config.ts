import { readModel } from "../compile.ts";
import { type Dataset, stateNames } from "../data/dataset.ts";
import { selectPart } from "../data/select.ts";
import { HnncError } from "../errors.ts";
import { type ModelDescription, modelOf } from "../hnn/description.ts";
import type { StateNames } from "../hnn/model.ts";
import type { ModelName } from "../hnn/models.ts";
import { normalisationOf } from "../hnn/normalisation.ts";
import { entryNames, layoutOf } from "../mechanics/layout.ts";
import type { Model } from "../model.ts";
import type { System } from "../systems/system.ts";
import type { TrainOptions } from "../train/options.ts";
import { compiledTruth } from "./evaluation-plan.ts";
import { type ModelArgument, readModelArgument } from "./model-argument.ts";
import { type DataConfig, loadRows, type NamedFormula, type TrainConfig } from "./training-data.ts";
import type { TrainingFlags } from "./training-options.ts";
import { refuseUnused } from "./unused-options.ts";

/** Rows, and what is trained on them. */
export interface PreparedTraining {
  readonly config: TrainConfig;
  readonly dataset: Dataset;
}

/** More rows than this are taken in minibatches unless the caller says otherwise. */
const mostWhole = 2048;
const usualBatch = 512;
/** The end of generated trajectories where no publication gives one. */
const usualTime = 10;

/**
 * Decides what is trained on what: a formula that leaves something open is a hybrid and needs data or a truth; one that
 * leaves nothing open, given without data, is the truth that a network learns.
 *
 * @throws HnncError kind `usage`, and what reading formulas and data throws
 */
export async function prepareTraining(argument: string | undefined, flags: TrainingFlags): Promise<PreparedTraining> {
  const given = argument === undefined ? undefined : await namedFormula(argument, flags.param);
  const family = flags.model ?? familyFor(given?.model, flags);
  const isPrior = family === "hybrid";
  refuseUnused(flags, family);
  if (family === "hybrid" && !given) throw needsFormula();
  const named = flags.truth === undefined ? undefined : await namedFormula(flags.truth, undefined);
  const truth = named ?? (isPrior ? undefined : given);
  const data = dataConfig(truth, flags, given !== undefined);
  const dataset = await loadRows(data, modelNames(isPrior ? given?.model : (truth?.model ?? given?.model)));
  if (isPrior) requireSameNames(given!.model, dataset);
  if (flags.data !== undefined) compiledTruth(truth?.formula, dataset);
  const description: ModelDescription = {
    family,
    ...namesOf(dataset),
    ...(flags.hidden && { hidden: flags.hidden }),
    ...(flags.features !== undefined && { features: flags.features }),
    ...(flags.activation && { activation: flags.activation }),
    ...(isPrior && { prior: { text: given!.formula.text, parameters: given!.formula.parameters } }),
    ...(flags.learn && { functions: flags.learn.functions, learn: flags.learn.parameters }),
    ...(flags.residual !== undefined && { residual: flags.residual }),
    ...(flags.normalise !== false && { normalisation: normalisationOf(dataset) }),
  };
  requireModerate(modelOf(description).parameters.count);
  const config = { description, data, truth: truth?.formula, options: fitOptions(flags, dataset) };
  return { config, dataset };
}

/** Weights, their gradients and the optimiser's memory are held some ten times in double precision. */
const mostParameters = 2 ** 25;

function requireModerate(count: number): void {
  if (count <= mostParameters) return;
  throw new HnncError({
    kind: "limit",
    code: "too-many-parameters",
    message: `the model has ${count} parameters; the limit is ${mostParameters}`,
    hint: "fewer units: --hidden 200,200",
  });
}

interface Given {
  readonly formula: NamedFormula;
  readonly model: Model;
  readonly system: System | undefined;
}

async function namedFormula(argument: string, parameters: TrainingFlags["param"]): Promise<Given> {
  const found: ModelArgument = await readModelArgument(argument);
  if (found.kind === "run") {
    throw new HnncError({
      kind: "usage",
      code: "run-as-formula",
      message: `\`${argument}\` is a trained model, and a formula is wanted`,
      hint: `to go on with it: hnnc train ${argument} --resume`,
    });
  }
  const text = found.kind === "system" ? found.system.model : found.text;
  const system = found.kind === "system" ? found.system : undefined;
  const formula = { text, ...(parameters && { parameters }), ...(system && { system: system.name }) };
  return { formula, model: readModel(text, { parameters }), system };
}

function familyFor(model: Model | undefined, flags: TrainingFlags): ModelName {
  if (!model) return "hnn";
  const leavesOpen = model.unknownFunctions.length > 0 || model.parameters.some(({ learn }) => learn) || flags.learn;
  return leavesOpen || flags.residual || flags.data !== undefined || flags.truth !== undefined ? "hybrid" : "hnn";
}

function dataConfig(truth: Given | undefined, flags: TrainingFlags, hasFormula: boolean): DataConfig {
  const { data, columns, gap, split, splitBy, splitWhich, seed } = flags;
  const splitting = { by: splitBy, which: splitWhich };
  if (data !== undefined) {
    const asked = split === undefined ? undefined : { test: split, ...splitting, seed };
    const mapping = columns && Object.fromEntries(columns);
    return { kind: "file", path: data, columns: mapping, gap, split: asked };
  }
  if (!truth) {
    throw new HnncError({
      kind: "usage",
      code: "no-data",
      message: hasFormula
        ? "there is nothing to learn from: the formula leaves something open, and no rows are given"
        : "there is nothing to learn from: neither a formula nor rows are given",
      hint: "--data FILE for measured rows, or --truth pendulum to generate some from the true formula",
    });
  }
  const { trajectories, points, region, energy, noise } = flags;
  const t = flags.t ?? (truth.system?.trainingSet ? undefined : usualTime);
  const asked = split === undefined ? undefined : { test: split, ...splitting };
  return {
    kind: "generated",
    from: truth.formula,
    options: { trajectories, points, t, region, energy, noise, seed, split: asked },
  };
}

function fitOptions(flags: TrainingFlags, dataset: Dataset): TrainOptions {
  const { loss, length, optimiser, steps, rate, weightDecay, clip, residualPenalty, engine, precision, seed } = flags;
  const rows = selectPart(dataset, "train").rows;
  const batch = flags.batch ?? (rows > mostWhole ? usualBatch : undefined);
  const schedule = { kind: flags.schedule ?? "cosine" } as const;
  const fit = { loss, length, optimiser, steps, batch, rate, schedule, weightDecay, clip, residualPenalty };
  return { ...fit, engine, precision, seed };
}

function namesOf({ coordinates, momenta }: Dataset): StateNames {
  return { coordinates, momenta };
}

function modelNames(model: Model | undefined): StateNames | undefined {
  return model && stateNamesOf(model);
}

function stateNamesOf(model: Model): StateNames {
  const names = [...layoutOf(model).state.values()].flatMap(entryNames);
  return { coordinates: names.slice(0, names.length / 2), momenta: names.slice(names.length / 2) };
}

function requireSameNames(model: Model, dataset: Dataset): void {
  const { coordinates, momenta } = stateNamesOf(model);
  const [own, found] = [[...coordinates, ...momenta].join(" "), stateNames(dataset).join(" ")];
  if (own === found) return;
  throw new HnncError({
    kind: "usage",
    code: "other-model",
    message: `the formula's state is ${own}, the data's is ${found}`,
    hint: "say which column is which, such as --columns q=theta,p=omega, or give the formula in the names of the data",
  });
}

function needsFormula(): HnncError {
  return new HnncError({
    kind: "usage",
    code: "model-options",
    message: "a hybrid is a formula and what it leaves out, and no formula is given",
    hint: 'hnnc train "p^2/2 + V(q)" --data rows.npz, or --model hnn to learn all of H',
  });
}
