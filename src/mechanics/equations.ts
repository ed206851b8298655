import type { Affine, Binder } from "../expr/affine.ts";
import { add, mul, neg, zero } from "../expr/build.ts";
import type { Edge, Expr } from "../expr/expr.ts";
import { type Gradient, reverseGradient } from "../expr/gradient.ts";
import type { Model } from "../model.ts";
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
