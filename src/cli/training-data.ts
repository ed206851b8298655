import { compileModel, readModel } from "../compile.ts";
import type { ColumnMapping } from "../data/columns.ts";
import type { Dataset } from "../data/dataset.ts";
import {
  anyNumber,
  anything,
  either,
  numberFromZero,
  object,
  oneOf,
  positiveNumber,
  recordOf,
  required,
  text,
} from "../data/json-shape.ts";
import { readDataset } from "../data/read.ts";
import { type SplitOptions, splitDataset } from "../data/split.ts";
import { HnncError } from "../errors.ts";
import type { ModelDescription, PriorDescription } from "../hnn/description.ts";
import type { StateNames } from "../hnn/model.ts";
import { generate } from "../simulation/generate.ts";
import type { GenerateOptions } from "../simulation/generate-options.ts";
import type { System } from "../systems/system.ts";
import type { TrainOptions } from "../train/options.ts";
import { cutAtGaps } from "./gap-option.ts";

/** A formula that was named on the command line. */
export interface NamedFormula extends PriorDescription {
  /** Where it is one of the catalogue. */
  readonly system?: string | undefined;
}

/** Where rows come from. */
export type DataConfig =
  | {
      readonly kind: "file";
      readonly path: string;
      readonly columns?: Readonly<Record<string, string>> | undefined;
      readonly gap?: number | "none" | undefined;
      readonly split?: SplitOptions | undefined;
    }
  | { readonly kind: "generated"; readonly from: NamedFormula; readonly options: GenerateOptions };

/** Where a run's rows and its truth come from, as JSON: what `config.json` remembers of the command line. */
export interface TrainOrigin {
  readonly data: DataConfig;
  /** What was learned is judged by it, where it is known. */
  readonly truth?: NamedFormula | undefined;
}

/** All that decides what a run comes to. */
export interface TrainConfig extends TrainOrigin {
  readonly description: ModelDescription;
  readonly options: TrainOptions;
}

const usualSplit = 0.2;

/**
 * Reads or generates the rows of a configuration: cut at gaps, a part of them for testing.
 *
 * @param names of the state, where a model has some
 * @throws HnncError what reading and generating throw
 */
export async function loadRows(data: DataConfig, names: StateNames | undefined): Promise<Dataset> {
  if (data.kind === "generated") {
    const { from, options } = data;
    const system = from.system === undefined ? undefined : await systemOf(from.system);
    return generate(compileModel(readModel(from.text, { parameters: from.parameters })), { system, ...options });
  }
  const columns: ColumnMapping | undefined = data.columns && new Map(Object.entries(data.columns));
  const found = await readDataset(data.path, { columns, names });
  const { dataset } = cutAtGaps(found, data.gap);
  if (data.split) return data.split.test === 0 ? { ...dataset, test: undefined } : splitDataset(dataset, data.split);
  return dataset.test ? dataset : splitDataset(dataset, usualDivision(dataset));
}

/** Whole runs where there are some, else the last rows: neighbours of training rows test nothing. */
function usualDivision({ runs }: Dataset): SplitOptions {
  return runs.length >= 5 ? { test: usualSplit } : { test: usualSplit, by: "row", which: "last" };
}

async function systemOf(name: string): Promise<System> {
  const { isSystemName, systems } = await import("../systems/systems.ts");
  if (isSystemName(name)) return systems[name];
  throw new HnncError({
    kind: "usage",
    code: "unknown-system",
    message: `the rows come from the system \`${name}\`, and the catalogue has none of that name`,
    hint: "`hnnc systems` lists them",
  });
}

const formulaShape = object({ text: required(text), parameters: recordOf(anything), system: text });
const splitShape = object({ test: required(numberFromZero), by: text, which: text, seed: anyNumber });
/** What `hnnc train` asks of generated rows; their values are judged where they are generated. */
const generateFields = {
  trajectories: anything,
  points: anything,
  t: anything,
  region: anything,
  energy: anything,
  noise: anything,
  seed: anything,
  split: splitShape,
} satisfies Partial<Record<keyof GenerateOptions, unknown>>;

const originShape = object({
  data: required(
    either(
      object({
        kind: required(oneOf(["file"])),
        path: required(text),
        columns: recordOf(text),
        gap: either(positiveNumber, oneOf(["none"])),
        split: splitShape,
      }),
      object({
        kind: required(oneOf(["generated"])),
        from: required(formulaShape),
        options: required(object(generateFields)),
      }),
    ),
  ),
  truth: formulaShape,
});

/**
 * Where the rows of a run come from, as its `config.json` remembers it.
 *
 * @throws HnncError `no-origin` (usage), naming the key that is wrong
 */
export function originOf(folder: string, origin: unknown): TrainOrigin {
  const fault = originShape.find(origin, "origin");
  if (fault === undefined) return origin as TrainOrigin;
  throw noOrigin(folder, fault);
}

/** A run that can only be gone on with by whoever knows its rows. */
export function noOrigin(folder: string, why: string): HnncError {
  return new HnncError({
    kind: "usage",
    code: "no-origin",
    message: `\`${folder}/config.json\` does not say where the rows come from: ${why}`,
    hint: "resume with the words that began it: hnnc train MODEL … -o RUN --resume",
  });
}
