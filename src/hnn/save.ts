import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileError } from "../data/file-reasons.ts";
import { digestOf, type Tensor, tensorBytes } from "../data/tensors.ts";
import { writeFiles } from "../data/write-files.ts";
import { HnncError } from "../errors.ts";
import { version } from "../version.ts";
import { constantsOf } from "./constants.ts";
import { type ModelDescription, modelOf } from "./description.ts";
import {
  type ModelProvenance,
  modelFileText,
  modelFormat,
  modelVersion,
  writeNumber,
  writeNumbers,
} from "./model-file.ts";
import type { ParameterSet } from "./parameters.ts";
import type { Region } from "./region.ts";

/** What is saved of a trained model. */
export interface SavedModel {
  readonly description: ModelDescription;
  /** `[count]`, finite. */
  readonly parameters: Float64Array;
  /** Of learned constants, by name, row-major; infinite or NaN where the data do not tell. */
  readonly standardErrors?: Readonly<Record<string, ArrayLike<number>>> | undefined;
  readonly region?: Region | undefined;
  /** Such as `trainLoss` and `testLoss`. */
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  /** Besides the version of hnnc, which is added. */
  readonly provenance?: ModelProvenance | undefined;
}

/**
 * Saves a trained model as `model.json` (what it is) and `model.safetensors` (its weights, one F64 tensor for each array
 * of parameters). The folder is made where there is none; old files stay as they are until the new ones are whole.
 *
 * @throws HnncError kind `io`; `not-finite` (diverged) for weights that are not finite; `bad-model` (usage)
 * @example
 * const { parameters, testLoss } = await train(modelOf(description), data);
 * await saveModel("runs/pend", { description, parameters, region: trainingRegion(data), metrics: { testLoss } });
 */
export async function saveModel(folder: string, saved: SavedModel): Promise<void> {
  const { description, parameters, standardErrors = {}, region, metrics = {}, provenance } = saved;
  const model = modelOf(description);
  const weights = tensorBytes(tensorsOf(model.parameters, parameters), { format: modelFormat });
  const constants = Object.entries(constantsOf(model, parameters)).map(([name, values]) => {
    const error = Object.hasOwn(standardErrors, name) ? standardErrors[name] : undefined;
    return [name, { value: writeNumbers(values), standardError: error && writeNumbers(error) }] as const;
  });
  const content = modelFileText({
    format: modelFormat,
    version: modelVersion,
    description,
    constants: Object.fromEntries(constants),
    region,
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, writeNumber(metric)])),
    provenance: { hnnc: version, ...provenance },
    weights: digestOf(weights),
  });
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileError("write", folder, error);
  });
  const files = [
    { path: join(folder, "model.safetensors"), content: weights },
    { path: join(folder, "model.json"), content },
  ];
  await writeFiles(files, { links: "replace" });
}

function tensorsOf({ slices, count }: ParameterSet, parameters: Float64Array): Record<string, Tensor> {
  if (parameters.length !== count) {
    throw new HnncError({
      kind: "usage",
      code: "bad-model",
      message: `the model has ${count} parameters, not ${parameters.length}`,
    });
  }
  const bad = slices.find(({ offset, size }) => !parameters.subarray(offset, offset + size).every(Number.isFinite));
  if (bad) {
    throw new HnncError({
      kind: "diverged",
      code: "not-finite",
      message: `\`${bad.name}\` is not finite: such a model is not saved`,
    });
  }
  return Object.fromEntries(
    slices.map(({ name, shape, offset, size }) => [
      name,
      { shape, values: parameters.subarray(offset, offset + size) },
    ]),
  );
}
