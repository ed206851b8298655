import { type Affine, affine, affineIndex, freshIndex, type Index } from "../expr/affine.ts";
import { add, element, mul, neg, sub, zero } from "../expr/build.ts";
import { collapseAll } from "../expr/collapse.ts";
import { differentiate } from "../expr/differentiate.ts";
import { type Expr, postorder, type VectorSymbol } from "../expr/expr.ts";
import { type Gradient, reverseGradient } from "../expr/gradient.ts";
import { countNodes } from "../expr/reduce.ts";
import type { Assignment, Model, Variable } from "../model.ts";

/** One line of the equations of motion: the rate of a variable, or of an entry of an array. */
export interface EquationOfMotion {
  /** The variable's name. */
  readonly name: string;
  /** For an array: 1-based indices, of which those that are not numbers are free in `rate`. */
  readonly at: readonly (Index | number)[];
  readonly rate: Expr;
}

/**
 * The equations of motion as formulas, coordinates first. Arrays have symbolic indices, except where H names their
 * entries one by one, as the components of a vector.
 */
export function equationsOfMotion(model: Model): EquationOfMotion[] {
  const named = namedAxes(model);
  return derivation(model, (variable) => {
    return placesOf(variable.shape.map((length, axis) => named(variable.name, axis, length)));
  });
}

/** The same with all indices symbolic: one equation a variable, in the state's order. */
export function ratesOfState(model: Model): (EquationOfMotion & { readonly at: readonly Index[] })[] {
  return derivation(model, ({ shape }) => [symbolicPlace(shape.map(() => undefined))]) as ReturnType<
    typeof ratesOfState
  >;
}

/** An array's axis is written out where H holds its entries with a number there, up to this length. */
const longestWrittenAxis = 16;

type AxisValues = readonly number[] | undefined;

function namedAxes({ hamiltonian, coordinates, momenta }: Model) {
  const fixed = new Set<string>();
  for (const node of postorder([hamiltonian])) {
    if (node.kind !== "element") continue;
    node.at.forEach((at, axis) => {
      if (at.terms.length === 0) fixed.add(`${node.vector.name}/${axis}`);
    });
  }
  const partner = new Map(
    coordinates.flatMap((q, k) => [[q.name, momenta[k]!.name] as const, [momenta[k]!.name, q.name] as const]),
  );
  return (name: string, axis: number, length: number): AxisValues => {
    const isFixed = fixed.has(`${name}/${axis}`) || fixed.has(`${partner.get(name)}/${axis}`);
    return isFixed && length <= longestWrittenAxis ? Array.from({ length }, (_, k) => k + 1) : undefined;
  };
}

/** All combinations of the axes' values; an axis without values gets a symbolic index. */
function placesOf(axes: readonly AxisValues[]): (Index | number)[][] {
  const symbolic = symbolicPlace(axes);
  return axes.reduce<(Index | number)[][]>(
    (places, values, axis) => places.flatMap((place) => (values ?? [symbolic[axis]!]).map((at) => [...place, at])),
    [[]],
  );
}

function symbolicPlace(axes: readonly unknown[]): Index[] {
  return axes.map((_, axis) => freshIndex(["i", "j", "k"][axis] ?? `i_${axis + 1}`));
}

function derivation(model: Model, places: (variable: Variable) => readonly (Index | number)[][]): EquationOfMotion[] {
  const names = new Set([...model.coordinates, ...model.momenta].map(({ name }) => name));
  const reverse = reverseGradient(model.hamiltonian, names);
  const plain = [...model.coordinates, ...model.momenta].filter(({ shape }) => shape.length === 0);
  const scalars = scalarDerivatives(
    model,
    plain.map(({ name }) => name),
    reverse,
  );
  const derivatives = { ...reverse, scalars };
  const pairs = model.coordinates.flatMap((q, k) => places(q).map((at) => ({ q, p: model.momenta[k]!, at })));
  return [
    ...pairs.map(({ q, p, at }) => ({ name: q.name, at, rate: derivativeAt(derivatives, p, at.map(asAffine)) })),
    ...pairs.map(({ q, p, at }) => ({
      name: p.name,
      at,
      rate: momentumRate(model, derivatives, q, p, at.map(asAffine)),
    })),
  ];
}

function asAffine(at: Index | number): Affine {
  return typeof at === "number" ? affine(at) : affineIndex(at);
}

/** ṗ = −∂H/∂q − k ∂H/∂p + F */
function momentumRate(model: Model, derivatives: Gradient, q: Variable, p: Variable, at: readonly Affine[]): Expr {
  const friction = portAt(model.damping, p, at);
  const damping = friction === zero ? zero : mul(friction, derivativeAt(derivatives, p, at));
  return add(sub(neg(derivativeAt(derivatives, q, at)), damping), portAt(model.forces, p, at));
}

/** Beyond this many node visits the forward sweeps of scalars give way to the one reverse sweep. */
const mostForwardVisits = 200_000;

/** ∂H/∂name for scalars: forward sweeps write a quotient as one writes it by hand, a reverse sweep is faster. */
function scalarDerivatives(
  { hamiltonian }: Model,
  names: readonly string[],
  { scalars }: Gradient,
): Gradient["scalars"] {
  if (names.length * countNodes(hamiltonian) > mostForwardVisits) return scalars;
  return new Map(names.map((name) => [name, differentiate(hamiltonian, name)]));
}

function derivativeAt({ scalars, scatters }: Gradient, { name, shape }: Variable, at: readonly Affine[]): Expr {
  if (shape.length === 0) return scalars.get(name) ?? zero;
  return collapseAll(
    scatters.filter((scatter) => scatter.element.vector.name === name),
    at,
  );
}

/** Σ of the damping or force entries that fall on `target[at]`. */
function portAt(assignments: readonly Assignment[], { name, shape }: Variable, at: readonly Affine[]): Expr {
  const own = assignments.filter(({ target }) => target === name);
  if (shape.length === 0) return own.map(({ value }) => value).reduce(add, zero);
  const vector: VectorSymbol = { name, shape };
  const scatters = own.map((each) => ({
    element: element(vector, each.at) as Extract<Expr, { kind: "element" }>,
    over: each.over,
    value: each.value,
  }));
  return collapseAll(scatters, at);
}
