/** What JSON can say. Numbers are finite. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Which part of a larger run a file holds. */
export type Shard = {
  /** 1 … count. */
  readonly index: number;
  readonly count: number;
};

/**
 * Where numbers come from: enough to compute them again. It is written into every file, so it holds nothing that
 * differs from machine to machine or from shard to shard (no date, no host name): equal runs give equal files.
 */
export interface Provenance {
  /** The version of hnnc that wrote this. */
  readonly hnnc?: string;
  readonly formula?: string;
  readonly parameters?: Readonly<Record<string, number | readonly number[]>>;
  readonly method?: string;
  /** The step, for methods with a fixed one. */
  readonly dt?: number;
  /** Error of a step relative to the state and absolute, for adaptive methods. */
  readonly rtol?: number;
  readonly atol?: number;
  readonly seed?: number;
  /** How reproducible the bits are, e.g. `portable`, or `fused multiply-add: differ between machines`. */
  readonly bits?: string;
  /** How starts were drawn, what noise was added, how rows were split, as the functions that did it were told. */
  readonly sampling?: Json;
  readonly noise?: Json;
  readonly split?: Json;
  /** `field`, or the estimator of the derivatives and what it assumes. */
  readonly derivatives?: Json;
  /** The file that a user's data came from. */
  readonly source?: string;
  readonly shard?: Shard;
  readonly [key: string]: Json | undefined;
}

/** What a file says of itself: the names of its state's entries, and its provenance. */
export interface Description {
  readonly coordinates: readonly string[];
  readonly momenta: readonly string[];
  readonly provenance: Provenance;
}

/** The first key of a description in a file: the version of this layout. */
export const descriptionKey = "hnnc dataset";
const descriptionVersion = 1;

/** The description as entries of one JSON object, in the order in which every format writes them. */
export function describe({ coordinates, momenta, provenance }: Description): [key: string, value: Json][] {
  const entries = Object.entries(provenance).filter(
    (entry): entry is [string, Json] => entry[1] !== undefined && !reserved.has(entry[0]),
  );
  return [
    [descriptionKey, descriptionVersion],
    ["coordinates", coordinates],
    ["momenta", momenta],
    ...entries.map(([key, value]): [string, Json] => [key, finite(value)]),
  ];
}

/** The description as one line of JSON. */
export function describeAsText(description: Description): string {
  return JSON.stringify(Object.fromEntries(describe(description)));
}

const reserved = new Set([descriptionKey, "coordinates", "momenta", "columns", "rows"]);

/** JSON has no words for NaN and infinities; they become text rather than null. */
function finite(value: Json): Json {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(finite);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, finite(entry)]));
}

/** Reads what `describe` wrote; undefined where the entries are not of that kind. */
export function readDescription(entries: Iterable<readonly [string, unknown]>): Description | undefined {
  const found = new Map(entries);
  const coordinates = found.get("coordinates");
  const momenta = found.get("momenta");
  if (found.get(descriptionKey) !== descriptionVersion || !isNames(coordinates) || !isNames(momenta)) return undefined;
  if (coordinates.length !== momenta.length || coordinates.length === 0) return undefined;
  const provenance = Object.fromEntries([...found].filter(([key]) => !reserved.has(key))) as Provenance;
  return { coordinates, momenta, provenance };
}

/** Reads what `describeAsText` wrote. */
export function readDescriptionText(text: string): Description | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? readDescription(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}
