import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileError } from "../data/file-reasons.ts";
import { dataError } from "../data/source.ts";
import { readTensors, type TensorFile } from "../data/tensors.ts";
import { HnncError } from "../errors.ts";
import type { Model } from "../model.ts";
import { constantsOf } from "./constants.ts";
import { type ModelDescription, modelOf } from "./description.ts";
import type { TrainableModel } from "./model.ts";
import { type ModelFile, type ModelProvenance, readModelFile, readNumbers } from "./model-file.ts";
import type { ParameterSet } from "./parameters.ts";
import type { Region } from "./region.ts";

/** A trained model that was saved. */
export interface LoadedModel {
  readonly description: ModelDescription;
  readonly model: TrainableModel;
  /** `[count]`, to the bit as they were saved. */
  readonly parameters: Float64Array;
  /** Learned physical constants, row-major. */
  readonly constants: Readonly<Record<string, Float64Array>>;
  /** Of those of the constants whose errors are known. */
  readonly standardErrors: Readonly<Record<string, Float64Array>>;
  /** The states it was trained on, if that was saved. */
  readonly region: Region | undefined;
  readonly metrics: Readonly<Record<string, number>>;
  readonly provenance: ModelProvenance;
  /**
   * What was learned as a formula, which compiles to every target.
   *
   * @throws HnncError `no-energy` (usage) where the model knows none
   */
  formula(): Model;
}

/**
 * Loads what `saveModel` wrote. Everything is checked, and no file but the two is opened.
 *
 * @param path a run directory, or the `model.json` in one
 * @throws HnncError kind `io`; kind `data` for whatever is wrong with the files, naming the key or the tensor
 * @example
 * const { model, parameters, formula } = await loadModel("runs/pend");
 * compileModel(formula()).field([1, 0]);
 */
export async function loadModel(path: string): Promise<LoadedModel> {
  const file = await modelPath(path);
  const saved = await readModelFile(file);
  const { description, region, provenance } = saved;
  const model = described(file, description);
  const tensors = await readTensors(join(dirname(file), "model.safetensors"), {
    shapes: Object.fromEntries(model.parameters.slices.map(({ name, shape }) => [name, shape])),
    sha256: saved.weights,
  });
  const parameters = parametersOf(tensors, model.parameters);
  const constants = constantsOf(model, parameters);
  requireRegion(file, region, model.dimension);
  return {
    ...{ description, model, parameters, constants, region, provenance },
    standardErrors: standardErrorsOf(file, saved, constants),
    metrics: Object.fromEntries(Object.entries(saved.metrics).map(([name, metric]) => [name, Number(metric)])),
    formula: () => formulaOf(model, parameters),
  };
}

async function modelPath(path: string): Promise<string> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError("read", path, error);
  });
  if (!found.isDirectory()) return path;
  const file = join(path, "model.json");
  const [there, begun] = await Promise.all([file, join(path, "config.json")].map((each) => stat(each).catch(() => {})));
  if (there) return file;
  throw dataError({ name: path }, "no-model", "there is no model.json in it", {
    hint: begun ? "its run has not ended: --resume goes on with it" : "name a run directory, such as runs/pendulum",
  });
}

/** The model of a description from a file, whose faults are those of the file. */
function described(file: string, description: ModelDescription): TrainableModel {
  try {
    return modelOf(description);
  } catch (cause) {
    if (!(cause instanceof HnncError) || cause.kind !== "usage") throw cause;
    throw dataError({ name: file }, cause.code, `\`description\`: ${cause.message}`, { notes: cause.notes, cause });
  }
}

function parametersOf({ name: file, tensors }: TensorFile, { slices, count }: ParameterSet): Float64Array {
  const parameters = new Float64Array(count);
  for (const { name, offset } of slices) {
    const { values } = tensors.get(name)!;
    const bad = values.findIndex((each) => !Number.isFinite(each));
    if (bad >= 0) {
      throw dataError({ name: file }, "not-finite", `entry ${bad + 1} of tensor \`${name}\` is ${values[bad]}`);
    }
    parameters.set(values, offset);
  }
  return parameters;
}

/** How far a constant in model.json may be from what the weights say: other machines' exp and log differ in last bits. */
const sameConstant = 1e-9;

function standardErrorsOf(
  file: string,
  saved: ModelFile,
  constants: Readonly<Record<string, Float64Array>>,
): Record<string, Float64Array> {
  const errors: [string, Float64Array][] = [];
  for (const [name, { value, standardError }] of Object.entries(saved.constants)) {
    const [told, own] = [readNumbers(value), Object.hasOwn(constants, name) ? constants[name] : undefined];
    const isSame = told.every((each, k) => Math.abs(each - (own?.[k] ?? Number.NaN)) <= sameConstant * Math.abs(each));
    if (told.length !== own?.length || !isSame) {
      throw dataError(
        { name: file },
        "constants-differ",
        `\`constants.${name}\` is ${told.join(", ")}, and the weights say ${own?.join(", ") ?? "nothing of it"}`,
        { hint: "a constant is changed when the model is compiled or simulated: --param" },
      );
    }
    if (standardError !== undefined) errors.push([name, readNumbers(standardError)]);
  }
  return Object.fromEntries(errors);
}

function requireRegion(file: string, region: Region | undefined, dimension: number): void {
  for (const key of ["names", "low", "high"] as const) {
    if (!region || region[key].length === dimension) continue;
    throw dataError(
      { name: file },
      "bad-json",
      `\`region.${key}\` has ${region[key].length} entries, a state ${dimension}`,
    );
  }
}

function formulaOf(model: TrainableModel, parameters: Float64Array): Model {
  if (model.formula) return model.formula(parameters);
  throw new HnncError({
    kind: "usage",
    code: "no-energy",
    message: `the model \`${model.family}\` has no energy, so that it is no formula`,
    hint: "hnn, separable, dissipative and hybrid models are",
  });
}
