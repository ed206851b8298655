import {
  anyNumber,
  anything,
  either,
  type JsonFileOptions,
  listOf,
  object,
  oneOf,
  readJsonFile,
  recordOf,
  required,
  type Shape,
  text,
  versioned,
} from "../data/json-shape.ts";
import type { Json } from "../data/provenance.ts";
import { HnncError } from "../errors.ts";
import type { ModelDescription } from "./description.ts";
import { descriptionShape } from "./description-shape.ts";
import type { Region } from "./region.ts";

/** Where a model comes from. Known keys come first; others may be added. */
export interface ModelProvenance {
  /** The version of hnnc that wrote this. */
  readonly hnnc?: string | undefined;
  /** The provenance of the data. */
  readonly data?: Json | undefined;
  /** What computed: an `EngineChoice`. */
  readonly engine?: Json | undefined;
  readonly precision?: string | undefined;
  readonly seed?: number | undefined;
  readonly loss?: string | undefined;
  readonly optimiser?: string | undefined;
  /** Steps that were done. */
  readonly steps?: number | undefined;
  readonly [key: string]: Json | undefined;
}

/** A number that JSON may have no word for: NaN and infinities are text. */
type WrittenNumber = number | "NaN" | "Infinity" | "-Infinity";

interface WrittenConstant {
  /** A list for arrays, row-major. */
  readonly value: WrittenNumber | readonly WrittenNumber[];
  readonly standardError?: WrittenNumber | readonly WrittenNumber[] | undefined;
}

/** What model.json says. */
export interface ModelFile {
  readonly format: typeof modelFormat;
  readonly version: number;
  readonly description: ModelDescription;
  readonly constants: Readonly<Record<string, WrittenConstant>>;
  readonly region?: Region | undefined;
  readonly metrics: Readonly<Record<string, WrittenNumber>>;
  readonly provenance: ModelProvenance;
  /** The SHA-256 of the file of weights; may be left out. */
  readonly weights?: string | undefined;
}

export const modelFormat = "hnnc model";
export const modelVersion = 1;

const notFinite = ["NaN", "Infinity", "-Infinity"];
const writtenNumber = either(anyNumber, oneOf(notFinite));
const writtenNumbers = either(writtenNumber, listOf(writtenNumber));

const shape: Shape = versioned(
  { format: modelFormat, version: modelVersion },
  {
    description: required(descriptionShape),
    constants: recordOf(object({ value: required(writtenNumbers), standardError: writtenNumbers })),
    region: object({
      names: required(listOf(text)),
      low: required(listOf(anyNumber)),
      high: required(listOf(anyNumber)),
    }),
    metrics: recordOf(writtenNumber),
    provenance: recordOf(anything),
    weights: text,
  },
);

const reading: JsonFileOptions = { kind: "data", mostBytes: 16 * 2 ** 20 };

/** @throws HnncError kind `io`; `bad-json` (data), naming the key */
export async function readModelFile(path: string): Promise<ModelFile> {
  const found = (await readJsonFile(path, shape, reading)) as unknown as Partial<ModelFile>;
  return { constants: {}, metrics: {}, provenance: {}, ...found } as ModelFile;
}

/** The text of model.json; what could not be read again is refused. */
export function modelFileText(file: ModelFile): string {
  const written = `${JSON.stringify(file, undefined, 2)}\n`;
  const fault = shape.find(JSON.parse(written), "");
  if (fault === undefined) return written;
  throw new HnncError({ kind: "usage", code: "bad-model", message: `this model cannot be saved: ${fault}` });
}

export function writeNumber(given: number): WrittenNumber {
  return Number.isFinite(given) ? given : (String(given) as WrittenNumber);
}

/** One number as it is, more as a list. */
export function writeNumbers(given: ArrayLike<number>): WrittenNumber | readonly WrittenNumber[] {
  const all = Array.from(given, writeNumber);
  return all.length === 1 ? all[0]! : all;
}

export function readNumbers(written: WrittenNumber | readonly WrittenNumber[]): Float64Array {
  return Float64Array.from(Array.isArray(written) ? written : [written], Number);
}
