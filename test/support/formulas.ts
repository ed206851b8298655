import { type Affine, addAffine, affine, affineIndex, freshIndex, type Index } from "../../src/expr/affine.ts";
import { element } from "../../src/expr/build.ts";
import type { Edge, Expr } from "../../src/expr/expr.ts";
import { prod, type Range, sum } from "../../src/expr/reduce.ts";
import type { Model, Parameter, Variable } from "../../src/model.ts";

/** Formulas made without the parser, so that what is below it is tested on its own. */

/** Σ or Π with a new index, which the body receives. */
export function over(
  op: "sum" | "prod",
  range: { lo: Affine | number; hi: Affine | number; except?: readonly Affine[] },
  body: (i: Affine, index: Index) => Expr,
): Expr {
  const index = freshIndex("i");
  const bound = (at: Affine | number) => (typeof at === "number" ? affine(at) : at);
  const full: Range = { lo: bound(range.lo), hi: bound(range.hi), ...(range.except && { except: range.except }) };
  return (op === "sum" ? sum : prod)(index, full, body(affineIndex(index), index));
}

/** `a + by`. */
export function shifted(a: Affine, by: number): Affine {
  return addAffine(a, affine(by));
}

/** Elements of an array by their indices. */
export function vector(name: string, ...shape: number[]): (at: readonly (Affine | number)[], edge?: Edge) => Expr {
  return (at, edge) =>
    element(
      { name, shape },
      at.map((each) => (typeof each === "number" ? affine(each) : each)),
      edge,
    );
}

/** A model with the given variables and parameters; the rest is empty. */
export function modelOf(
  hamiltonian: Expr,
  variables: Readonly<Record<string, readonly [momentum: string, shape: readonly number[]]>>,
  parameters: Readonly<Record<string, number | readonly number[]>> = {},
  rest: Partial<Model> = {},
): Model {
  const variable = (name: string, shape: readonly number[]): Variable => ({ name, shape, ring: false });
  const pairs = Object.entries(variables);
  return {
    source: "",
    hamiltonian,
    coordinates: pairs.map(([q, [, shape]]) => variable(q, shape)),
    momenta: pairs.map(([, [p, shape]]) => variable(p, shape)),
    parameters: Object.entries(parameters).map(
      ([name, value]): Parameter => ({ name, shape: typeof value === "number" ? [] : [value.length], value }),
    ),
    timeDependent: false,
    unknownFunctions: [],
    damping: [],
    forces: [],
    invariants: [],
    initial: new Map(),
    inUnits: false,
    readings: [],
    warnings: [],
    ...rest,
  };
}
