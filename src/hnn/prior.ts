import { concat, slice } from "../graph/arrange.ts";
import { add, broadcast, constant, mul, neg, sub } from "../graph/build.ts";
import { portSum } from "../graph/equations.ts";
import type { GraphNode } from "../graph/graph.ts";
import { Lowering } from "../graph/lower.ts";
import { boundFunctions } from "../graph/network.ts";
import { reroll } from "../graph/reroll.ts";
import type { UnknownValue } from "../graph/unknown-functions.ts";
import { layoutOf } from "../mechanics/layout.ts";
import type { Assignment, Model } from "../model.ts";
import type { Slopes } from "./canonical.ts";
import { type ModelInputs, optionFault } from "./model.ts";
import type { Part } from "./parameters.ts";
import type { PriorConstants } from "./prior-constants.ts";

/** A formula as nodes, its unknown functions being networks and its learned parameters slices of the vector. */
export interface LoweredPrior {
  /** H, `[B, 1]`. */
  readonly energy: GraphNode;
  /** ẋ = [∂H/∂p, −∂H/∂q − k ∂H/∂p + F], `[B, 2n]`, for the slopes of whatever energy. */
  field(slopes: Slopes): GraphNode;
}

/**
 * Lowers a formula beside its networks.
 *
 * @param value the networks behind its unknown functions
 * @throws HnncError `model-options` (usage) where the formula depends on time and none is given
 */
export function lowerPrior(
  model: Model,
  constants: PriorConstants,
  { x, t }: Pick<ModelInputs, "x" | "t">,
  { part, value }: { readonly part: Part; readonly value: UnknownValue },
): LoweredPrior {
  const { graph } = x;
  const layout = layoutOf(model);
  if (model.timeDependent && !t) throw optionFault("the formula depends on time, and no time is given");
  const leaves = constants.all(graph, part);
  if (t) leaves.set("t", t);
  for (const { name, offset, size } of layout.state.values()) leaves.set(name, slice(x, 1, offset, offset + size));
  const lowering = new Lowering(graph, leaves, boundFunctions(model.networks ?? new Map(), value));
  /** A column for each entry of a momentum, or undefined where there are no such statements. */
  const ports = (assignments: readonly Assignment[]): GraphNode | undefined => {
    if (assignments.length === 0) return undefined;
    const columns = model.momenta.map(({ name }) => {
      const slot = layout.state.get(name)!;
      const shape = ["B", slot.size] as const;
      return broadcast(portSum(assignments, slot, lowering) ?? constant(graph, 0), shape);
    });
    return concat(columns, 1);
  };
  const [damping, forces] = [ports(model.damping), ports(model.forces)];
  return {
    energy: broadcast(lowering.scalar(reroll(model.hamiltonian)), ["B", 1]),
    field: ({ dHdq, dHdp }) => {
      let push = neg(dHdq);
      if (damping) push = sub(push, mul(damping, dHdp));
      if (forces) push = add(push, forces);
      return concat([dHdp, push], 1);
    },
  };
}
