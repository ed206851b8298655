import { join } from "node:path";
import type { Dataset } from "../../data/dataset.ts";
import { fingerprintOf } from "../../data/fingerprint.ts";
import {
  anyNumber,
  anything,
  numberFromZero,
  object,
  oneOf,
  positiveNumber,
  readJsonFile,
  required,
  text,
  versioned,
  wholeNumber,
} from "../../data/json-shape.ts";
import type { Json } from "../../data/provenance.ts";
import { digestOf } from "../../data/tensors.ts";
import { HnncError } from "../../errors.ts";
import type { ModelDescription } from "../../hnn/description.ts";
import { descriptionShape } from "../../hnn/description-shape.ts";
import type { TrainableModel } from "../../hnn/model.ts";
import { version } from "../../version.ts";
import { losses } from "../losses.ts";
import type { OptimiserName } from "../optimisers.ts";
import { optimisers } from "../optimisers.ts";
import type { TrainOptions } from "../options.ts";
import { usualLoss } from "../train.ts";
import { planTraining } from "../training-engine.ts";

type Callback = "onReady" | "onProgress" | "onCheckpoint" | "signal" | "resume";

/** What of the options decides which numbers a run comes to; parameters that it starts from are told by their digest. */
export type TrainingConfig = Omit<TrainOptions, Callback | "engine" | "parameters"> & {
  readonly engine?: string | undefined;
  readonly start?: string | undefined;
};

/** What `config.json` says: all that decides what a run comes to. */
export interface RunConfig {
  readonly format: "hnnc run";
  readonly version: 1;
  /** The version of hnnc that began the run. */
  readonly hnnc: string;
  readonly description: ModelDescription;
  readonly data: { readonly sha256: string; readonly rows: number; readonly provenance?: Json | undefined };
  readonly training: TrainingConfig;
  /** What the caller wants to remember, such as where the rows come from. */
  readonly origin?: Json | undefined;
}

/** What of a configuration is training: one entry an option, so that a new option is one line here. */
const trainingFields = {
  steps: wholeNumber(1),
  batch: wholeNumber(1),
  loss: oneOf(Object.keys(losses)),
  length: wholeNumber(1),
  optimiser: oneOf(["auto", ...Object.keys(optimisers)]),
  seed: wholeNumber(0),
  residualPenalty: numberFromZero,
  engine: text,
  precision: oneOf(["f32", "f64"]),
  rate: positiveNumber,
  schedule: object({
    kind: required(oneOf(["constant", "cosine", "exponential"])),
    warmup: numberFromZero,
    end: anyNumber,
  }),
  weightDecay: numberFromZero,
  clip: positiveNumber,
  start: text,
} satisfies Record<keyof TrainingConfig, unknown>;

const shape = versioned(
  { format: "hnnc run", version: 1 },
  {
    hnnc: required(text),
    description: required(descriptionShape),
    data: required(object({ sha256: required(text), rows: required(wholeNumber(0)), provenance: anything })),
    training: required(object(trainingFields)),
    origin: anything,
  },
);

/** What decides a run. */
export interface RunParts {
  readonly description: ModelDescription;
  readonly model: TrainableModel;
  readonly dataset: Dataset;
  readonly options: TrainOptions;
  readonly origin?: Json | undefined;
}

/** The configuration of a run, defaults put in as far as they are known before it begins. */
export async function runConfig({ description, model, dataset, options, origin }: RunParts): Promise<RunConfig> {
  const { engine, parameters, onReady, onProgress, onCheckpoint, signal, resume, ...given } = options;
  const start = parameters && digestOf(new Uint8Array(parameters.buffer, parameters.byteOffset, parameters.byteLength));
  const { optimiser, precision, steps } = await planTraining(model, options);
  const usual =
    optimiser?.kind === "step" ? { rate: 1e-3, schedule: { kind: "constant" } as const, weightDecay: 0 } : {};
  const config: RunConfig = {
    format: "hnnc run",
    version: 1,
    hnnc: version,
    description,
    data: { sha256: fingerprintOf(dataset), rows: dataset.rows, provenance: dataset.provenance as Json },
    training: inOrder({
      ...{ ...usual, ...withoutGaps(given) },
      ...{ optimiser: (optimiser?.name ?? "auto") as OptimiserName | "auto", precision, steps },
      loss: options.loss ?? usualLoss(model, dataset),
      seed: options.seed ?? 0,
      engine: typeof engine === "object" ? engine.name : engine,
      start,
    }),
    origin,
  };
  return JSON.parse(JSON.stringify(config)) as RunConfig;
}

/** Options that were left out and those that are `undefined` are the same. */
function withoutGaps(options: TrainOptions): TrainOptions {
  return Object.fromEntries(Object.entries(options).filter(([, each]) => each !== undefined));
}

/** Keys in the order of the table, so that equal configurations are equal files. */
function inOrder(training: TrainingConfig): TrainingConfig {
  const keys = Object.keys(trainingFields) as (keyof TrainingConfig)[];
  return Object.fromEntries(keys.map((key) => [key, training[key]]));
}

/**
 * What `config.json` in a run directory says.
 *
 * @throws HnncError kind `io`; `bad-json` (usage), naming the key
 */
export async function readRunConfig(folder: string): Promise<RunConfig> {
  const path = join(folder, "config.json");
  return (await readJsonFile(path, shape, { kind: "usage", mostBytes: 16 * 2 ** 20 })) as unknown as RunConfig;
}

/**
 * Refuses to go on with a run as another one: the numbers would be of neither. The number of steps may be another where
 * the step size does not depend on it.
 *
 * @throws HnncError `run-differs` (usage), naming the key
 */
export function requireSameRun(folder: string, found: RunConfig, wanted: RunConfig): void {
  const decisive = ({ description, data, training }: RunConfig) =>
    new Map([
      ...entriesOf("description", description),
      ...entriesOf("data", data.sha256),
      ...entriesOf("training", training),
    ]);
  const [old, now] = [decisive(found), decisive(wanted)];
  const isFree = (key: string) =>
    key === "training.steps" && (wanted.training.schedule?.kind ?? "constant") === "constant";
  const key = [...new Set([...old.keys(), ...now.keys()])].find(
    (each) => old.get(each) !== now.get(each) && !isFree(each),
  );
  if (key === undefined) return;
  const told = (value: string | undefined) => (value === undefined ? "left out" : value);
  const message =
    key === "data"
      ? `these are not the rows that \`${folder}\` was trained on`
      : `\`${key}\` is ${told(now.get(key))}, and in the run \`${folder}\` ${told(old.get(key))}`;
  throw new HnncError({
    kind: "usage",
    code: "run-differs",
    message,
    notes: key === "training.steps" ? ["the schedule of step sizes is laid out over the steps"] : [],
    hint: "--resume goes on with the same configuration; for another one take another directory: -o",
  });
}

/** What stands at the leaves of JSON, by path; lists count as leaves. */
function entriesOf(path: string, value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, each]) => entriesOf(`${path}.${key}`, each));
}
