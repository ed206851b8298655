import { compileModel, readModel } from "../compile.ts";
import { parseColumns } from "../data/columns.ts";
import type { Dataset } from "../data/dataset.ts";
import { readDataset } from "../data/read.ts";
import { selectPart } from "../data/select.ts";
import { HnncError } from "../errors.ts";
import { constantsOf } from "../hnn/constants.ts";
import type { TrainableModel } from "../hnn/model.ts";
import { models } from "../hnn/models.ts";
import { normalisationOf } from "../hnn/normalisation.ts";
import { compiledField, plainField } from "../hnn/plain-field.ts";
import { fieldPredictor, type Predictor } from "../train/evaluate/roll-out.ts";
import { alignedRows } from "./aligned-rows.ts";
import { type ArmErrors, armErrors } from "./arm-errors.ts";
import { type ArmModel, type ArmModelName, armModels } from "./arm-models.ts";
import { dataFile, dataFolder } from "./data-folder.ts";
import { type Figure, figureOf } from "./figure.ts";
import { type Identified, identify } from "./identify.ts";
import type { Study, StudyOptions, StudyReport } from "./study.ts";

const file = "measured/single_pendulum_arm.csv";
const tolerance = 1e-9;
/** Seconds that predictions of every row look ahead. */
const ahead = 1;
/** What the encoder's angle and the velocity derived from it are good to, rad and rad/s: read off the residuals of a fit. */
const accuracy = [1e-3, 0.03] as const;

/** Rounds of a fit with a network, after which it moves by little. */
const networkRounds = 25;

/** A model's line. */
interface ArmRow {
  readonly task: "arm";
  readonly model: string;
  readonly engine: string;
  /** Constants that were learned. */
  readonly parameters: number;
  /** Root mean square of the angle's error along whole test runs, rad. */
  readonly rollOutError: Figure;
  /** The same run by run. */
  readonly rollOutErrors: readonly number[];
  /** The same one second ahead. */
  readonly secondAheadError: Figure;
  /** Along the runs for training. */
  readonly trainRollOutError: Figure;
  readonly seconds: Figure;
  readonly constants: FittedArm["constants"];
}

/** A free-swinging arm that was measured at 200 Hz, four runs for training and two, later and of smaller swings, for testing. */
export const arm: Study = {
  name: "arm",
  description: "a measured swinging arm: the parameters of its makers against formulas that are fitted to it",
  tasks: ["arm"],
  models: Object.keys(armModels),
  async run(options): Promise<StudyReport> {
    const dataset = await armData(options);
    const names = (options.models as readonly ArmModelName[] | undefined) ?? (Object.keys(armModels) as ArmModelName[]);
    const rows: ArmRow[] = [];
    for (const [k, name] of names.entries()) {
      options.onProgress?.(name, k / names.length);
      rows.push(await armRow(armModels[name], dataset));
    }
    await options.onPart?.(armText(rows));
    return { rows, notes: [] };
  },
  figures: {},
};

async function armData(options: StudyOptions): Promise<Dataset> {
  const path = dataFile(dataFolder(options.data), file);
  if (path !== undefined) return readDataset(path, { columns: parseColumns("q=theta,p=omega") });
  throw new HnncError({
    kind: "io",
    code: "no-data",
    message: `the measured arm is not here: hnnc does not hold \`${file}\``,
    hint: "name a folder that holds it: --data FOLDER (dynamicslab/MultiArm-Pendulum, every fifth sample)",
  });
}

async function armRow(model: ArmModel, dataset: Dataset): Promise<ArmRow> {
  const begun = performance.now();
  const { predictor, constants, parameters, engine } = await fitted(model, dataset);
  const seconds = (performance.now() - begun) / 1000;
  const [training, testing]: ArmErrors[] = (["train", "test"] as const).map((part) =>
    armErrors(predictor, dataset, part, ahead),
  );
  return {
    task: "arm",
    model: model.name,
    engine,
    parameters,
    rollOutError: figureOf([testing!.rollOut]),
    rollOutErrors: testing!.perRun,
    secondAheadError: figureOf([testing!.ahead]),
    trainRollOutError: figureOf([training!.rollOut]),
    seconds: figureOf([seconds]),
    constants,
  };
}

/** A constant, and the standard error of its fit where residuals are independent; null where it was given. */
interface Constant {
  readonly value: number;
  readonly error: number | null;
}

interface FittedArm {
  readonly predictor: Predictor;
  readonly constants: Readonly<Record<string, Constant>>;
  readonly parameters: number;
  readonly engine: string;
}

async function fitted(arm: ArmModel, dataset: Dataset): Promise<FittedArm> {
  if (!arm.isLearned) {
    const prior = readModel(arm.formula);
    const constants = Object.fromEntries(
      prior.parameters.map(({ name, value }) => [name, { value: value as number, error: null }]),
    );
    const predictor = fieldPredictor(compiledField(compileModel(prior)), tolerance);
    return { predictor, constants, parameters: 0, engine: "published" };
  }
  const { model, parameters, standardErrors } = await identified(arm, selectPart(dataset, "train"));
  const moved = constantsOf(
    model,
    parameters.map((value, k) => value + standardErrors[k]!),
  );
  const constants = Object.entries(constantsOf(model, parameters)).map(([name, [value]]) => [
    name,
    { value: value!, error: Math.abs(moved[name]![0]! - value!) },
  ]);
  return {
    predictor: fieldPredictor(plainField(model, parameters), tolerance),
    constants: Object.fromEntries(constants),
    parameters: model.parameters.count,
    engine: "levenberg-marquardt f64",
  };
}

/** Fits what a model completes, and then the model from there. */
async function identified(arm: ArmModel, training: Dataset): Promise<Identified & { readonly model: TrainableModel }> {
  const { formula, functions, completes } = arm;
  const before = completes && (await identified(completes, training));
  const model = models.hybrid.create({
    dimension: 2,
    prior: readModel(formula),
    functions,
    residual: false,
    normalisation: normalisationOf(training),
  });
  const parameters = before ? continued(model, before) : model.parameters.initial(0);
  const rounds = before && networkRounds;
  return { model, ...(await identify(model, training, { accuracy, every: 5, parameters, rounds })) };
}

/** Constants as they were found, last layers 0. */
function continued(
  { parameters: { slices, initial } }: TrainableModel,
  before: Identified & { readonly model: TrainableModel },
): Float64Array {
  const known = new Map(before.model.parameters.slices.map((slice) => [slice.name, slice]));
  const vector = initial(0);
  for (const { name, offset, size } of slices) {
    const same = known.get(name);
    if (same) vector.set(before.parameters.subarray(same.offset, same.offset + size), offset);
    else if (name.endsWith(".weight2")) vector.fill(0, offset, offset + size);
  }
  return vector;
}

function armText(rows: readonly ArmRow[]): string {
  const table = [
    [
      "rad, root mean square",
      ...(rows[0]?.rollOutErrors ?? []).map((_, k) => `test run ${k + 1}`),
      "all test runs",
      "1 s ahead",
      "training runs",
      "seconds",
    ],
    ...rows.map((row) => [
      row.model,
      ...row.rollOutErrors.map((each) => each.toFixed(4)),
      row.rollOutError.mean.toFixed(4),
      row.secondAheadError.mean.toFixed(5),
      row.trainRollOutError.mean.toFixed(4),
      row.seconds.mean.toPrecision(2),
    ]),
  ];
  const told = (constants: ArmRow["constants"]) =>
    Object.entries(constants).map(([name, { value, error }]) => {
      const spread = error === null ? "" : ` ± ${error.toExponential(0)}`;
      return `${name} = ${value.toPrecision(5)}${spread}`;
    });
  return `${[
    "arm: the angle of a measured swinging arm, predicted from the first row of each run",
    "",
    ...alignedRows(table).map((line) => `  ${line}`),
    "",
    ...rows.flatMap(({ model, constants }) => [
      `  ${model}: ${armModels[model as ArmModelName].description}`,
      `    ${told(constants).join(", ")}`,
    ]),
  ].join("\n")}\n`;
}
