import { HnncError } from "../errors.ts";
import type { Expr } from "../expr/expr.ts";
import { concat, slice } from "../graph/arrange.ts";
import { add, broadcast, constant, mul, neg, sub } from "../graph/build.ts";
import type { GraphNode } from "../graph/graph.ts";
import { Lowering } from "../graph/lower.ts";
import { reroll } from "../graph/reroll.ts";
import { layoutOf } from "../mechanics/layout.ts";
import type { Assignment, Model } from "../model.ts";
import type { Slopes } from "./canonical.ts";
import { type ModelInputs, optionFault } from "./model.ts";
import type { Part } from "./parameters.ts";
import type { PriorConstants } from "./prior-constants.ts";
import { type UnknownValue, unknownFunctions } from "./unknown-functions.ts";

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
 * @throws HnncError `indexed-unknown-function` where one is called inside an indexed sum; `indexed-port` for damping of
 *   or forces on arrays; `model-options` where the formula depends on time and none is given
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
  const lowering = new Lowering(graph, leaves);
  const withoutCalls = unknownFunctions(graph, lowering, leaves, value);
  const scalar = (e: Expr) => broadcast(lowering.scalar(reroll(withoutCalls(e))), ["B", 1]);
  /** A column for each momentum, or undefined where there are no such statements. */
  const ports = (assignments: readonly Assignment[]): GraphNode | undefined => {
    if (assignments.length === 0) return undefined;
    const columns = model.momenta.map(({ name, shape }) => {
      const own = assignments.filter(({ target }) => target === name);
      if (own.length > 0 && shape.length > 0) throw indexedPort(name);
      const size = shape.reduce((product, length) => product * length, 1);
      return own.map((each) => scalar(each.value)).reduce(add, constant(graph, 0, ["B", size]));
    });
    return concat(columns, 1);
  };
  const [damping, forces] = [ports(model.damping), ports(model.forces)];
  return {
    energy: scalar(model.hamiltonian),
    field: ({ dHdq, dHdp }) => {
      let push = neg(dHdq);
      if (damping) push = sub(push, mul(damping, dHdp));
      if (forces) push = add(push, forces);
      return concat([dHdp, push], 1);
    },
  };
}

function indexedPort(name: string): HnncError {
  return new HnncError({
    kind: "formula",
    code: "indexed-port",
    message: `damping of and forces on the array \`${name}\` cannot be learned yet`,
    hint: `name its entries: \`${name}1\`, \`${name}2\`, …`,
  });
}
