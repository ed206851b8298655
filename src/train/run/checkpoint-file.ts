import { join } from "node:path";
import { object, required, type Shape, text, wholeNumber } from "../../data/json-shape.ts";
import { dataError } from "../../data/source.ts";
import { readTensors, type Tensor, type TensorFile, tensorBytes } from "../../data/tensors.ts";
import { writeFiles } from "../../data/write-files.ts";
import type { EngineChoice } from "../../engine/engine.ts";
import type { Checkpoint } from "../options.ts";

export const checkpointName = "checkpoint.safetensors";
const format = "hnnc checkpoint 1";
const statePrefix = "state.";

/**
 * Writes a checkpoint; the old one stays until the new one is whole.
 *
 * @throws HnncError kind `io`
 */
export async function writeCheckpoint(folder: string, { step, state, choice, seen }: Checkpoint): Promise<void> {
  const vectors: [string, Float64Array][] = Object.entries(state).map(([name, values]) => [statePrefix + name, values]);
  if (seen) vectors.push(["best", seen.best], ["start", seen.start], ["since", seen.since]);
  const tensors = vectors.map(([name, values]): [string, Tensor] => [name, { shape: [values.length], values }]);
  const content = tensorBytes(Object.fromEntries(tensors), {
    format,
    step: String(step),
    choice: JSON.stringify(choice),
    ...(seen && { bestLoss: String(seen.bestLoss) }),
  });
  await writeFiles([{ path: join(folder, checkpointName), content }], { links: "replace" });
}

const choiceShape: Shape = object({
  engine: required(text),
  runtime: required(text),
  threads: required(wholeNumber(0)),
});

/**
 * Reads a checkpoint of a model with `count` parameters.
 *
 * @throws HnncError kind `io`; kind `data` for whatever is wrong with it
 */
export async function readCheckpoint(folder: string, count: number): Promise<Checkpoint> {
  const file = await readTensors(join(folder, checkpointName), { bytes: 64 * count + 2 ** 20 });
  const { metadata } = file;
  const refuse = (message: string) => dataError({ name: file.name }, "bad-checkpoint", message);
  if (metadata.format !== format) throw refuse(`it is no \`${format}\``);
  const step = Number(metadata.step);
  if (metadata.step === undefined || !Number.isSafeInteger(step) || step < 0) throw refuse("it names no step");
  const vector = (name: string, length: number | undefined) => vectorOf(file, name, length, refuse);
  const names = [...file.tensors.keys()].filter((name) => name.startsWith(statePrefix));
  const state = Object.fromEntries(names.map((name) => [name.slice(statePrefix.length), vector(name, count)]));
  if (!Object.hasOwn(state, "parameters")) throw refuse("it has no parameters");
  const bestLoss = Number(metadata.bestLoss);
  const seen = metadata.bestLoss !== undefined && {
    bestLoss: Number.isNaN(bestLoss) ? Number.POSITIVE_INFINITY : bestLoss,
    best: vector("best", count),
    start: vector("start", count),
    since: vector("since", undefined),
  };
  return { step, state, choice: choiceIn(metadata.choice, refuse), ...(seen && { seen }) };
}

type Refuse = (message: string) => Error;

function vectorOf({ tensors }: TensorFile, name: string, length: number | undefined, refuse: Refuse): Float64Array {
  const values = tensors.get(name)?.values;
  if (!values) throw refuse(`it has no tensor \`${name}\``);
  if (length !== undefined && values.length !== length) {
    throw refuse(`\`${name}\` has ${values.length} numbers, and the model ${length} parameters`);
  }
  if (!values.every(Number.isFinite)) throw refuse(`\`${name}\` is not finite`);
  return values;
}

function choiceIn(written: string | undefined, refuse: Refuse): EngineChoice {
  let found: unknown;
  try {
    found = JSON.parse(written ?? "");
  } catch {
    throw refuse("it does not say which engine computed");
  }
  const fault = choiceShape.find(found, "choice");
  if (fault !== undefined) throw refuse(fault);
  return found as EngineChoice;
}
