import { HnncError } from "../errors.ts";
import type { Json } from "./provenance.ts";
import { openPlainFile } from "./source.ts";

/*
 * Strict reading of JSON: a shape says what a value has to be, and finds the first place where it is something else.
 *
 *   const shape = object({ name: required(text), size: wholeNumber(1) });
 *   await readJsonFile("config.json", shape, { kind: "usage", mostBytes: 1e6 });
 */

/** What a value must be: the first fault in it, as a path (`a.b[2]`) and words, or nothing. */
export interface Shape {
  find(value: unknown, path: string): string | undefined;
}

/** A key that must be there. */
export interface RequiredShape extends Shape {
  readonly required: true;
}

export function required(shape: Shape): RequiredShape {
  return { find: shape.find, required: true };
}

/** A value that a test accepts; `wanted` goes into the message: "`rate` is a positive number, not -1". */
export function value(wanted: string, accepts: (value: unknown) => boolean): Shape {
  return { find: (found, path) => (accepts(found) ? undefined : `\`${path}\` is ${wanted}, not ${shown(found)}`) };
}

export const anyNumber: Shape = value("a number", (found) => typeof found === "number" && Number.isFinite(found));
export const positiveNumber: Shape = value("a positive number", (found) => isNumber(found) && found > 0);
export const numberFromZero: Shape = value("a number from 0 on", (found) => isNumber(found) && found >= 0);
export const text: Shape = value("text", (found) => typeof found === "string");
export const flag: Shape = value("true or false", (found) => typeof found === "boolean");
/** Whatever JSON can say. */
export const anything: Shape = { find: () => undefined };

export function wholeNumber(from: number): Shape {
  return value(`a whole number from ${from} on`, (found) => Number.isSafeInteger(found) && (found as number) >= from);
}

export function oneOf(words: readonly string[]): Shape {
  return value(`one of ${words.join(" ")}`, (found) => typeof found === "string" && words.includes(found));
}

export function listOf(entry: Shape): Shape {
  const list = value("a list", Array.isArray);
  return {
    find: (found, path) =>
      list.find(found, path) ??
      firstOf(found as readonly unknown[], (each, k) =>
        // places are put into words for faults only: lists may be long
        entry.find(each, path) === undefined ? undefined : entry.find(each, `${path}[${k + 1}]`),
      ),
  };
}

/** A list of so many entries at most. */
export function shortList(entry: Shape, most: number): Shape {
  const list = value(`a list of at most ${most} entries`, (found) => Array.isArray(found) && found.length <= most);
  return { find: (found, path) => list.find(found, path) ?? listOf(entry).find(found, path) };
}

/** An object whose keys are names of the user's. */
export function recordOf(entry: Shape): Shape {
  return {
    find: (found, path) =>
      record.find(found, path) ??
      firstOf(Object.entries(found as object), ([key, each]) => entry.find(each, joined(path, key))),
  };
}

/** An object with these keys and no others. */
export function object(fields: Readonly<Record<string, Shape | RequiredShape>>): Shape {
  const keys = Object.keys(fields);
  return {
    find(found, path) {
      const fault = record.find(found, path);
      if (fault !== undefined) return fault;
      const entries = Object.entries(found as object);
      const stranger = entries.find(([key]) => !Object.hasOwn(fields, key))?.[0];
      if (stranger !== undefined) {
        return `there is no key \`${joined(path, stranger.slice(0, 60))}\`; there are: ${keys.join(" ")}`;
      }
      const missing = keys.find((key) => "required" in fields[key]! && !Object.hasOwn(found as object, key));
      if (missing !== undefined) return `the key \`${joined(path, missing)}\` is missing`;
      return firstOf(entries, ([key, each]) => fields[key]!.find(each, joined(path, key)));
    },
  };
}

/** An object that says of which format and version it is; versions up to this one are read. */
export function versioned(
  known: { readonly format: string; readonly version: number },
  fields: Readonly<Record<string, Shape | RequiredShape>>,
): Shape {
  const whole = object({ format: required(text), version: required(wholeNumber(1)), ...fields });
  return {
    find(found, path) {
      const fault = record.find(found, path);
      if (fault !== undefined) return fault;
      const { format, version } = found as { readonly format?: unknown; readonly version?: unknown };
      if (format !== known.format) return `\`format\` is "${known.format}", not ${shown(format)}`;
      if (isNumber(version) && version > known.version) {
        return `\`version\` is ${version}, and this hnnc reads versions up to ${known.version}: take a newer one`;
      }
      return whole.find(found, path);
    },
  };
}

/** A value that one of two shapes accepts. */
export function either(a: Shape, b: Shape): Shape {
  return {
    find(found, path) {
      const [first, second] = [a.find(found, path), b.find(found, path)];
      return first !== undefined && second !== undefined ? first : undefined;
    },
  };
}

const record = value("an object", (found) => typeof found === "object" && found !== null && !Array.isArray(found));

function isNumber(found: unknown): found is number {
  return typeof found === "number" && Number.isFinite(found);
}

function firstOf<T>(entries: readonly T[], find: (entry: T, k: number) => string | undefined): string | undefined {
  for (let k = 0; k < entries.length; k++) {
    const fault = find(entries[k]!, k);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function joined(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function shown(found: unknown): string {
  if (Array.isArray(found) && found.length > 20) return `a list of ${found.length}`;
  const written = JSON.stringify(found) ?? String(found);
  return written.length > 60 ? `${written.slice(0, 60)}…` : written;
}

/** How a file is read. */
export interface JsonFileOptions {
  /** Of errors in what it says: `data`, or `usage` for configuration. */
  readonly kind: "data" | "usage";
  /** The largest file to read. */
  readonly mostBytes: number;
}

const mostDepth = 64;

/**
 * Reads a JSON file of a shape that is no symbolic link. Keys named `__proto__` and deep nesting are refused at any place.
 *
 * @throws HnncError kind `io`; `bad-json` of the given kind, naming the file and the key
 */
export async function readJsonFile(path: string, shape: Shape, options: JsonFileOptions): Promise<Json> {
  const refuse = (message: string, cause?: unknown) =>
    new HnncError({ kind: options.kind, code: "bad-json", message: `\`${path}\`: ${message}`, cause });
  const source = await openPlainFile(path);
  let found: unknown;
  try {
    if (source.size > options.mostBytes)
      throw refuse(`it has ${source.size} bytes, more than ${options.mostBytes} are not read`);
    found = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await source.read(0, source.size)));
  } catch (cause) {
    throw cause instanceof HnncError ? cause : refuse("it is not JSON", cause);
  } finally {
    await source.close();
  }
  const fault = findUnsafe(found, "", mostDepth) ?? shape.find(found, "");
  if (fault !== undefined) throw refuse(fault);
  return found as Json;
}

function findUnsafe(found: unknown, path: string, depth: number): string | undefined {
  if (typeof found !== "object" || found === null) return undefined;
  if (depth === 0) return `it is nested more than ${mostDepth} deep`;
  if (Array.isArray(found)) {
    return firstOf(found, (each, k) => {
      if (typeof each !== "object") return undefined;
      return findUnsafe(each, `${path}[${k + 1}]`, depth - 1);
    });
  }
  return firstOf(Object.entries(found), ([key, each]) => {
    const place = joined(path, key);
    return key === "__proto__" ? `there is no key \`${place}\`` : findUnsafe(each, place, depth - 1);
  });
}
