import { sum } from "./arrange.ts";
import { finite, logic } from "./build.ts";
import { type GraphNode, type NodeOf, reach } from "./graph.ts";
import { sameShape, shapeError, showShape } from "./shape.ts";

/** An array that a step replaces: the value before it, and the one after it. */
export interface StepState {
  readonly leaf: NodeOf<"input">;
  /** Of the leaf's shape, without a batch axis. */
  readonly next: GraphNode;
}

/**
 * One step of something that is repeated, such as training: what it changes, and the number by which it is watched. Its
 * inputs are of three kinds: the state; what is given anew for each step, such as a step size or the rows of a
 * minibatch; and what stays, such as the data, which is every other input that the nodes need.
 */
export interface Step {
  readonly state: readonly StepState[];
  /** Of the state before the step, `[]`. */
  readonly loss: GraphNode;
  /** Inputs with a value for each step. */
  readonly perStep: readonly NodeOf<"input">[];
}

/** A step as engines take it apart. */
export interface StepParts extends Step {
  /** The inputs that stay. */
  readonly fixed: readonly NodeOf<"input">[];
  /** Whether the loss and all of the state after the step are finite, `[]` of bool. */
  readonly healthy: GraphNode;
}

/** @throws HnncError `graph-shape` where the parts do not fit together */
export function stepParts({ state, loss, perStep }: Step): StepParts {
  if (loss.shape.length > 0) throw shapeError(`a loss is one number, not ${showShape(loss.shape)}`);
  for (const { leaf, next } of state) {
    const fits = leaf.dtype === "real" && next.dtype === "real" && sameShape(leaf.shape, next.shape);
    if (!fits || leaf.shape[0] === "B") {
      throw shapeError(`\`${leaf.attributes.name}\` ${showShape(leaf.shape)} becomes ${showShape(next.shape)}`);
    }
  }
  const changing = new Set<GraphNode>([...state.map(({ leaf }) => leaf), ...perStep]);
  const all = reach([loss, ...state.map(({ next }) => next)]);
  const fixed = all.filter((node): node is NodeOf<"input"> => node.op === "input" && !changing.has(node));
  const healthy = state
    .map(({ next }) =>
      finite(
        sum(
          next,
          next.shape.map((_, axis) => axis),
        ),
      ),
    )
    .reduce((a, b) => logic("and", a, b), finite(loss));
  return { state, loss, perStep, fixed, healthy };
}
