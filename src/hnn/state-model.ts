import { affine } from "../expr/affine.ts";
import { element, symbol } from "../expr/build.ts";
import type { Expr } from "../expr/expr.ts";
import { print } from "../expr/print.ts";
import { entryNames } from "../mechanics/layout.ts";
import type { Model, Variable } from "../model.ts";
import type { StateNames } from "./model.ts";

/** The entries of a state as expressions, in the state's order. */
export interface StateEntries {
  readonly coordinates: readonly Expr[];
  readonly momenta: readonly Expr[];
  /** The variables that the momenta belong to, and where they stand in them. */
  readonly momentumPlaces: readonly { readonly target: string; readonly at: readonly number[] }[];
}

/**
 * A model that no text was given for: H is whatever `build` makes of the entries of a state.
 *
 * @param names entries such as `q`, or `q[1]`, `q[2]`, …, which make an array
 */
export function stateModel(
  names: StateNames,
  build: (entries: StateEntries) => Pick<Model, "hamiltonian"> & Partial<Model>,
): Model {
  const [coordinates, momenta] = [variablesOf(names.coordinates), variablesOf(names.momenta)];
  const built = build({
    coordinates: coordinates.flatMap(({ entries }) => entries),
    momenta: momenta.flatMap(({ entries }) => entries),
    momentumPlaces: momenta.flatMap(({ places }) => places),
  });
  return {
    source: `H = ${print(built.hamiltonian)}`,
    coordinates: coordinates.map(({ variable }) => variable),
    momenta: momenta.map(({ variable }) => variable),
    parameters: [],
    timeDependent: false,
    unknownFunctions: [],
    damping: [],
    forces: [],
    invariants: [],
    initial: new Map(),
    inUnits: false,
    readings: [],
    warnings: [],
    ...built,
  };
}

interface Named {
  readonly variable: Variable;
  readonly entries: readonly Expr[];
  readonly places: StateEntries["momentumPlaces"];
}

/** `q[1]`, `q[2]`, … become one array where they are all there, in their order; every other name is a scalar. */
function variablesOf(names: readonly string[]): Named[] {
  const found: Named[] = [];
  for (let at = 0; at < names.length; ) {
    const [, base, index] = /^(.+)\[(\d+(?:,\d+)*)\]$/.exec(names[at]!) ?? [];
    const length = base === undefined ? 0 : countOf(names, at, base);
    if (base === undefined || index === undefined || length === 0) {
      const name = names[at]!;
      const variable = { name, shape: [], ring: false };
      found.push({ variable, entries: [symbol(name)], places: [{ target: name, at: [] }] });
      at += 1;
      continue;
    }
    const last = indicesOf(names[at + length - 1]!);
    const variable = { name: base, shape: last, ring: false };
    const places = names.slice(at, at + length).map((name) => ({ target: base, at: indicesOf(name) }));
    const entries = entriesOf(variable);
    found.push({ variable, entries, places });
    at += length;
  }
  return found;
}

/** How many names from `at` on are the entries of one array, row-major; 0 where they are not all there. */
function countOf(names: readonly string[], at: number, base: string): number {
  let length = 0;
  while (names[at + length]?.startsWith(`${base}[`)) length += 1;
  const shape = indicesOf(names[at + length - 1]!);
  const size = shape.reduce((product, each) => product * each, 1);
  if (size !== length) return 0;
  const wanted = entryNames({ name: base, offset: 0, shape, size });
  return wanted.every((name, k) => name === names[at + k]) ? length : 0;
}

function indicesOf(name: string): number[] {
  return name
    .slice(name.lastIndexOf("[") + 1, -1)
    .split(",")
    .map(Number);
}

/** The entries of a variable as expressions, arrays row-major. */
export function entriesOf({ name, shape }: Pick<Variable, "name" | "shape">): Expr[] {
  if (shape.length === 0) return [symbol(name)];
  const size = shape.reduce((product, each) => product * each, 1);
  return entryNames({ name, offset: 0, shape, size }).map((entry) =>
    element(
      { name, shape },
      indicesOf(entry).map((each) => affine(each)),
    ),
  );
}

/** A name that is not among `taken`: the first of `wanted`, `wanted1`, `wanted2`, …. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let k = 1; ; k++) if (!taken.has(`${wanted}${k}`)) return `${wanted}${k}`;
}
