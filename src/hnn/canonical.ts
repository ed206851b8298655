import { concat, slice } from "../graph/arrange.ts";
import { neg } from "../graph/build.ts";
import { gradient } from "../graph/gradient.ts";
import type { GraphNode, NodeOf } from "../graph/graph.ts";
import { lengthAlong } from "../graph/shape.ts";

/** ∂H/∂x cut in two: `dHdq`, `dHdp`, each `[B, n]`. */
export interface Slopes {
  readonly dHdq: GraphNode;
  readonly dHdp: GraphNode;
}

/** The slopes of an energy `[B, 1]` at the states `[B, 2n]` it is computed from. */
export function slopesOf(energy: GraphNode, x: NodeOf<"input">): Slopes {
  const [slopes] = gradient(energy, [x]) as [GraphNode];
  const { coordinates, momenta } = halves(slopes);
  return { dHdq: coordinates, dHdp: momenta };
}

/** Hamilton's equations, ẋ = J∇H = [∂H/∂p, −∂H/∂q], `[B, 2n]`. */
export function canonicalField({ dHdq, dHdp }: Slopes): GraphNode {
  return concat([dHdp, neg(dHdq)], 1);
}

/** The first and the second half of states, or of anything laid out like them. */
export function halves(x: GraphNode): { readonly coordinates: GraphNode; readonly momenta: GraphNode } {
  const width = lengthAlong(x.shape, 1);
  return { coordinates: slice(x, 1, 0, width / 2), momenta: slice(x, 1, width / 2, width) };
}
