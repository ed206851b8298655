import type { Values } from "../../src/expr/evaluate.ts";
import type { Expr } from "../../src/expr/expr.ts";
import type { Model, Parameter, Variable } from "../../src/model.ts";
import { unknownFunctions } from "./arbitrary.ts";
import { length } from "./recipe.ts";

const variable = (name: string, ...shape: number[]): Variable => ({ name, shape, ring: false });
const parameter = (name: string, value: number | readonly number[] | undefined, ...shape: number[]): Parameter => ({
  name,
  shape,
  value,
});

/** A model of a given Hamiltonian; everything else is empty unless `parts` says so. */
export function modelOf(hamiltonian: Expr, parts: Partial<Model> = {}): Model {
  return {
    source: "",
    hamiltonian,
    coordinates: [],
    momenta: [],
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
    ...parts,
  };
}

/** The model of a random expression: x, u, w are coordinates, y and two arrays momenta, a and k parameters. */
export function recipeModel(hamiltonian: Expr, parts: Partial<Model> = {}): Model {
  return modelOf(hamiltonian, {
    coordinates: [variable("x"), variable("u", length), variable("w", length, 2)],
    momenta: [variable("y"), variable("pu", length), variable("pw", length, 2)],
    parameters: [parameter("a", 1.5), parameter("k", [0.5, 1.5, 2.5], length)],
    timeDependent: true,
    ...parts,
  });
}

/** The state vector of `recipeModel` at values of its names. */
export function recipeState(values: Values): Float64Array {
  const array = (name: string, size: number) =>
    Array.from((values[name] ?? new Float64Array(size)) as ArrayLike<number>);
  const scalar = (name: string) => values[name] as number;
  return Float64Array.from([
    scalar("x"),
    ...array("u", length),
    ...array("w", 2 * length),
    scalar("y"),
    ...array("pu", length),
    ...array("pw", 2 * length),
  ]);
}

/** The values of the names of `recipeModel` at a state. */
export function recipeValues(state: ArrayLike<number>, a: number, k: ArrayLike<number>, t: number): Values {
  const part = (from: number, to: number) => Array.from(state).slice(from, to);
  return {
    ...unknownFunctions,
    x: state[0]!,
    u: part(1, 4),
    w: part(4, 10),
    y: state[10]!,
    pu: part(11, 14),
    pw: part(14, 20),
    a,
    k,
    t,
  };
}
