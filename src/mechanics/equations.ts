import { type Affine, affineIndex, type Binder, freshIndex, type Index } from "../expr/affine.ts";
import { add, element, mul, neg, sub, zero } from "../expr/build.ts";
import { collapseAll } from "../expr/collapse.ts";
import { differentiate } from "../expr/differentiate.ts";
import type { Edge, Expr, VectorSymbol } from "../expr/expr.ts";
import { type Gradient, reverseGradient } from "../expr/gradient.ts";
import { countNodes } from "../expr/reduce.ts";
import type { Assignment, Model, Variable } from "../model.ts";
import { type Layout, layoutOf } from "./layout.ts";

/**
 * The convention of the whole toolkit, stated here once:
 *
 * - the state is `x = [q1 … qn, p1 … pn]`, in the model's order, arrays row-major;
 * - the gradient is `[∂H/∂q1 … ∂H/∂qn, ∂H/∂p1 … ∂H/∂pn]`;
 * - the field is `ẋ = [∂H/∂p, −∂H/∂q − k ∂H/∂p + F]`, k and F from `damping` and `force` statements.
 *
 * A quantity over the state is described by what is written where, so that an indexed sum stays a loop.
 */
export type Write =
  /** out[slot] = value */
  | { readonly kind: "store"; readonly slot: number; readonly value: Expr }
  /** out[place] += value, for all values of the binders */
  | { readonly kind: "scatter"; readonly place: Place; readonly over: readonly Binder[]; readonly value: Expr }
  /** out[place] += value · out[other], after all of the above, for all values of the binders */
  | {
      readonly kind: "update";
      readonly place: Place;
      readonly over: readonly Binder[];
      readonly value: Expr;
      readonly other: Place;
    };

/** An entry of an array that is laid out at `offset`; `at` is 1-based, one index a dimension. */
export interface Place {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly at: readonly Affine[];
  readonly edge: Edge;
}

/** Hamilton's equations of a model, ready for code generation. */
export interface Equations {
  readonly layout: Layout;
  /** One entry: H. */
  readonly hamiltonian: readonly Write[];
  /** 2n entries: ∂H/∂x. */
  readonly gradient: readonly Write[];
  /** 2n entries: ẋ. */
  readonly field: readonly Write[];
}

/** Derives Hamilton's equations by one reverse sweep over H. */
export function hamiltonEquations(model: Model): Equations {
  const layout = layoutOf(model);
  const derivatives = reverseGradient(model.hamiltonian, new Set(layout.state.keys()));
  const n = layout.degreesOfFreedom;
  const toGradient = { offset: (slot: number) => slot, signed: (_slot: number, value: Expr) => value };
  const toField = {
    offset: (slot: number) => (slot < n ? slot + n : slot - n),
    signed: (slot: number, value: Expr) => (slot < n ? neg(value) : value),
  };
  return {
    layout,
    hamiltonian: [{ kind: "store", slot: 0, value: model.hamiltonian }],
    gradient: writes(layout, derivatives, toGradient),
    field: withPorts(model, layout, derivatives, writes(layout, derivatives, toField)),
  };
}

interface Direction {
  readonly offset: (slot: number) => number;
  readonly signed: (slot: number, value: Expr) => Expr;
}

function writes(layout: Layout, { scalars, scatters }: Gradient, to: Direction): Write[] {
  const out: Write[] = [];
  for (const [name, { offset, shape }] of layout.state) {
    if (shape.length > 0) continue;
    out.push({ kind: "store", slot: to.offset(offset), value: to.signed(offset, scalars.get(name) ?? zero) });
  }
  for (const { element: written, over, value } of scatters) {
    const { offset, shape } = layout.state.get(written.vector.name)!;
    const place = { offset: to.offset(offset), shape, at: written.at, edge: written.edge };
    out.push({ kind: "scatter", place, over, value: to.signed(offset, value) });
  }
  return out.sort((a, b) => slotOf(a) - slotOf(b));
}

/** Scalars are written first, in the order of the output. */
function slotOf(write: Write): number {
  return write.kind === "store" ? write.slot : Number.MAX_SAFE_INTEGER;
}

/** Adds damping and forces to ṗ. */
function withPorts(model: Model, layout: Layout, { scalars }: Gradient, field: Write[]): Write[] {
  const n = layout.degreesOfFreedom;
  const extra = new Map<number, Expr>();
  const loops: Write[] = [];
  for (const { target, at, over, value } of model.forces) {
    const { offset, shape } = layout.state.get(target)!;
    if (shape.length === 0) extra.set(offset, add(extra.get(offset) ?? zero, value));
    else loops.push({ kind: "scatter", place: { offset, shape, at, edge: "exact" }, over, value });
  }
  for (const { target, at, over, value } of model.damping) {
    const { offset, shape } = layout.state.get(target)!;
    const friction = neg(value);
    if (shape.length === 0) {
      const velocity = scalars.get(target) ?? zero;
      extra.set(offset, add(extra.get(offset) ?? zero, mul(friction, velocity)));
    } else {
      const place: Place = { offset, shape, at, edge: "exact" };
      loops.push({ kind: "update", place, over, value: friction, other: { ...place, offset: offset - n } });
    }
  }
  const scalarsDone = field.map((write) =>
    write.kind === "store" && extra.has(write.slot)
      ? { ...write, value: add(write.value, extra.get(write.slot)!) }
      : write,
  );
  return [...scalarsDone, ...loops];
}

/** One line of the equations of motion: the rate of a state variable. */
export interface EquationOfMotion {
  /** The variable's name. */
  readonly name: string;
  /** For an array: its 1-based indices, free in `rate`. */
  readonly at: readonly Index[];
  readonly rate: Expr;
}

/** The equations of motion as formulas, one a state variable (arrays with symbolic indices), in the state's order. */
export function equationsOfMotion(model: Model): EquationOfMotion[] {
  const names = new Set([...model.coordinates, ...model.momenta].map(({ name }) => name));
  const reverse = reverseGradient(model.hamiltonian, names);
  const plain = [...model.coordinates, ...model.momenta].filter(({ shape }) => shape.length === 0);
  const scalars = scalarDerivatives(
    model,
    plain.map(({ name }) => name),
    reverse,
  );
  const derivatives = { ...reverse, scalars };
  const rates = model.coordinates.map((_, k) => {
    const [q, p] = [model.coordinates[k]!, model.momenta[k]!];
    const at = q.shape.map((_, axis) => freshIndex(["i", "j", "k"][axis] ?? `i_${axis + 1}`));
    const velocity = derivativeAt(derivatives, p, at);
    const force = derivativeAt(derivatives, q, at);
    const friction = portAt(model.damping, p, at);
    const push = portAt(model.forces, p, at);
    return [
      { name: q.name, at, rate: velocity },
      { name: p.name, at, rate: add(sub(neg(force), mul(friction, velocity)), push) },
    ] as const;
  });
  return [...rates.map(([first]) => first), ...rates.map(([, second]) => second)];
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

function derivativeAt({ scalars, scatters }: Gradient, { name, shape }: Variable, at: readonly Index[]): Expr {
  if (shape.length === 0) return scalars.get(name) ?? zero;
  return collapseAll(
    scatters.filter((scatter) => scatter.element.vector.name === name),
    at.map(affineIndex),
  );
}

/** Σ of the damping or force entries that fall on `target[at]`. */
function portAt(assignments: readonly Assignment[], { name, shape }: Variable, at: readonly Index[]): Expr {
  const own = assignments.filter(({ target }) => target === name);
  if (shape.length === 0) return own.map(({ value }) => value).reduce(add, zero);
  const vector: VectorSymbol = { name, shape };
  const scatters = own.map((each) => ({
    element: element(vector, each.at) as Extract<Expr, { kind: "element" }>,
    over: each.over,
    value: each.value,
  }));
  return collapseAll(scatters, at.map(affineIndex));
}
