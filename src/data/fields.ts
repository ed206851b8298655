import { HnncError } from "../errors.ts";
import { type Dataset, derivativeName, stateLength, stateNames, strided } from "./dataset.ts";
import type { Header } from "./format.ts";
import { runNumbers } from "./select.ts";

/** Contiguous numbers of a file's column or array. `bool` is a byte, 0 or 1. */
export type FieldData =
  | { readonly type: "f64"; readonly values: Float64Array }
  | { readonly type: "i32"; readonly values: Int32Array }
  | { readonly type: "bool"; readonly values: Uint8Array };

/** A column, or an array with a row a sample, and where its numbers stand in a dataset. */
export interface Field {
  readonly name: string;
  readonly type: FieldData["type"];
  /** Numbers a row; absent for a column. */
  readonly width?: number;
  gather(dataset: Dataset): FieldData;
}

/** Names that stand for something other than an entry of the state. */
export const reservedColumns: readonly string[] = ["t", "H", "run", "split", "test"];

/** What a file's first row says for a header: the columns of formats that have a column a name. */
export function columnFields(header: Header): Field[] {
  const names = stateNames(header);
  const f64 = (name: string, values: (dataset: Dataset) => Float64Array): Field => ({
    name,
    type: "f64",
    gather: (dataset) => ({ type: "f64", values: values(dataset) }),
  });
  const fields = [
    ...(header.times ? [f64("t", ({ times }) => times!)] : []),
    ...names.map((name, k) => f64(name, ({ states }) => strided(states, k, names.length))),
    ...(header.energies ? [f64("H", ({ energies }) => energies!)] : []),
    ...(header.derivatives
      ? names.map((name, k) => f64(derivativeName(name), ({ derivatives }) => strided(derivatives!, k, names.length)))
      : []),
    ...commonFields(header),
  ];
  requireDistinct(fields.map(({ name }) => name));
  return fields;
}

/** The arrays of formats that have arrays of several columns: `t` [N], `x` [N, 2n], `dx` [N, 2n], `H`, `run`, `test` [N]. */
export function arrayFields(header: Header): Field[] {
  const width = stateLength(header);
  return [
    ...(header.times ? [f64Array("t", undefined, ({ times }) => times!)] : []),
    f64Array("x", width, ({ states }) => states),
    ...(header.derivatives ? [f64Array("dx", width, ({ derivatives }) => derivatives!)] : []),
    ...(header.energies ? [f64Array("H", undefined, ({ energies }) => energies!)] : []),
    ...commonFields(header),
  ];
}

function f64Array(name: string, width: number | undefined, values: (dataset: Dataset) => Float64Array): Field {
  return {
    name,
    type: "f64",
    ...(width !== undefined && { width }),
    gather: (dataset) => ({ type: "f64", values: values(dataset) }),
  };
}

function commonFields(header: Header): Field[] {
  return [...(header.runs ? [runField] : []), ...(header.test ? [testField] : [])];
}

const runField: Field = {
  name: "run",
  type: "i32",
  gather: (dataset) => ({ type: "i32", values: runNumbers(dataset) }),
};

const testField: Field = {
  name: "test",
  type: "bool",
  gather: ({ test }) => ({ type: "bool", values: test! }),
};

function requireDistinct(names: readonly string[]): void {
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice === undefined) return;
  throw new HnncError({
    kind: "usage",
    code: "column-twice",
    message: `two columns would be called \`${twice}\``,
    hint: `rename the coordinate or momentum; ${reservedColumns.map((name) => `\`${name}\``).join(", ")} are taken`,
  });
}

/** The bytes of numbers, little-endian as memory is. */
export function bytesOf({ values }: FieldData): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
