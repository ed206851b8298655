import type { Binder } from "../expr/affine.ts";
import { type Layout, layoutOf, requireBound, type Slot } from "../mechanics/layout.ts";
import type { Assignment, Model } from "../model.ts";
import { concat, reshape, scatterAdd, slice } from "./arrange.ts";
import { add, broadcast, constant, input, mul, neg, sub } from "./build.ts";
import { gradient } from "./gradient.ts";
import { createGraph, type Graph, type GraphNode, type NodeOf } from "./graph.ts";
import { isBatched } from "./lift.ts";
import { Lowering } from "./lower.ts";
import { edgeTerms, placeIndex } from "./lower-element.ts";
import { boundFunctions } from "./network.ts";
import { reroll } from "./reroll.ts";
import { lengthAlong, sizeOf } from "./shape.ts";
import { substitute } from "./substitute.ts";

/** Hamilton's equations as one graph over a batch of states. */
export interface EquationsGraph {
  readonly graph: Graph;
  /** A leaf `[B, size]` for each coordinate and momentum, in the order of the state vector. */
  readonly state: ReadonlyMap<string, NodeOf<"input">>;
  /** A leaf for each parameter, in the model's order: `[]` or `[size]`. */
  readonly parameters: ReadonlyMap<string, NodeOf<"input">>;
  /** The time, `[]`. */
  readonly t: NodeOf<"input">;
  /** H, `[B]`. */
  readonly hamiltonian: GraphNode;
  /** ∂H/∂x, `[B, 2n]`. */
  readonly gradient: GraphNode;
  /** ẋ = [∂H/∂p, −∂H/∂q − k ∂H/∂p + F], `[B, 2n]`. */
  readonly field: GraphNode;
}

/**
 * Lowers a model. H is differentiated with respect to one leaf a variable, so that adjoints meet in one `concat`
 * instead of a chain of padded sums.
 *
 * @throws HnncError `unknown-function` where H calls an unknown function, `sum-too-large` above 2²⁴ terms
 */
export function lowerEquations(model: Model): EquationsGraph {
  requireBound(model);
  const graph = createGraph();
  const layout = layoutOf(model);
  const t = input(graph, "t", []);
  const state = leaves(graph, "x", layout.state, "B");
  const parameters = leaves(graph, "p", layout.parameters);
  const leafOf = new Map<string, GraphNode>([["t", t], ...parameters, ...state]);
  const lowering = new Lowering(graph, leafOf, model.networks && boundFunctions(model.networks));
  const energy = broadcast(lowering.scalar(reroll(model.hamiltonian)), ["B", 1]);
  const slopes = gradient(energy, [...state.values()]);
  const rates = fieldParts(model, layout, slopes, lowering);
  return {
    graph,
    state,
    parameters,
    t,
    hamiltonian: reshape(energy, ["B"]),
    gradient: concat(slopes, 1),
    field: concat(rates, 1),
  };
}

/** The same outputs over one input, the state vector `x` `[B, 2n]`. */
export function overStateVector(equations: EquationsGraph): {
  readonly x: NodeOf<"input">;
  readonly hamiltonian: GraphNode;
  readonly gradient: GraphNode;
  readonly field: GraphNode;
} {
  const { graph, state } = equations;
  const parts = [...state.values()];
  const dimension = parts.reduce((total, part) => total + lengthAlong(part.shape, 1), 0);
  const x = input(graph, "x", ["B", dimension]);
  const replacements = new Map<GraphNode, GraphNode>();
  let start = 0;
  for (const part of parts) {
    const end = start + lengthAlong(part.shape, 1);
    replacements.set(part, slice(x, 1, start, end));
    start = end;
  }
  const outputs = [equations.hamiltonian, equations.gradient, equations.field];
  const [hamiltonian, dH, field] = substitute(outputs, replacements) as [GraphNode, GraphNode, GraphNode];
  return { x, hamiltonian, gradient: dH, field };
}

function leaves(
  graph: Graph,
  prefix: string,
  slots: ReadonlyMap<string, Slot>,
  batch?: "B",
): Map<string, NodeOf<"input">> {
  const made = new Map<string, NodeOf<"input">>();
  for (const { name, shape, size } of slots.values()) {
    const own = batch ? [batch, size] : shape.length > 0 ? [size] : [];
    made.set(name, input(graph, `${prefix}:${name}`, own));
  }
  return made;
}

/** ẋ in the order of the state; coordinates come first in the layout, their momenta follow in the same order. */
function fieldParts(model: Model, layout: Layout, slopes: readonly GraphNode[], lowering: Lowering): GraphNode[] {
  const n = model.coordinates.length;
  const velocities = slopes.slice(n);
  const forces = model.momenta.map(({ name }, k) => {
    const slot = layout.state.get(name)!;
    const friction = portSum(model.damping, slot, lowering);
    const push = portSum(model.forces, slot, lowering);
    let rate = neg(slopes[k]!);
    if (friction) rate = sub(rate, mul(friction, velocities[k]!));
    return push ? add(rate, push) : rate;
  });
  return [...velocities, ...forces];
}

/** The damping coefficients or forces on the entries of a momentum: `[B, size]`, or what broadcasts to it. */
export function portSum(assignments: readonly Assignment[], slot: Slot, lowering: Lowering): GraphNode | undefined {
  const own = assignments.filter(({ target }) => target === slot.name).map((each) => portValue(each, slot, lowering));
  return own.length === 0 ? undefined : own.reduce(add);
}

function portValue({ at, over, value }: Assignment, slot: Slot, lowering: Lowering): GraphNode {
  if (slot.shape.length === 0) return lowering.scalar(value);
  const { value: spread, extent } = lowering.over(value, over);
  const count = extent.blocks.reduce((product, { size }) => product * size, 1);
  if (count === 0) return constant(spread.graph, 0);
  const lengths = extent.blocks.length === 0 ? [1] : extent.blocks.map(({ size }) => size);
  const lead = isBatched(spread) ? (["B"] as const) : [];
  const flat = reshape(broadcast(spread, [...lead, ...lengths]), [...lead, sizeOf(lengths)]);
  if (coversAll(at, over, slot)) return flat;
  const terms = edgeTerms({ at, vector: slot, edge: "exact" }, extent.bounds);
  return scatterAdd(flat, placeIndex(spread, extent.bounds, count, terms), lead.length, slot.size);
}

/** Whether the binders run over all entries in their order, each with its own value. */
function coversAll(at: Assignment["at"], over: readonly Binder[], { shape }: Slot): boolean {
  if (over.length !== shape.length) return false;
  return over.every(({ index, lo, hi, except }, k) => {
    const [term, ...others] = at[k]!.terms;
    const isIndex = term?.index === index && term.factor === 1 && others.length === 0 && at[k]!.offset === 0;
    const isWhole = lo.terms.length === 0 && hi.terms.length === 0 && lo.offset === 1 && hi.offset === shape[k];
    return isIndex && isWhole && except.length === 0;
  });
}
