import { add, constant, input } from "./build.ts";
import type { GraphNode, NodeOf, ScanBody } from "./graph.ts";
import { item, scanOf } from "./scan.ts";

type Leaf = NodeOf<"input">;

/** Vector-Jacobian products of several outputs at once, as `gradient.ts` makes them. */
export type Pullback = (
  seeded: readonly { readonly output: GraphNode; readonly seed: GraphNode }[],
  leaves: readonly Leaf[],
) => GraphNode[];

/** A value of the body and the new input of the body that stands for its adjoint. */
interface Paired {
  readonly of: GraphNode;
  readonly leaf: Leaf;
  /** In the graph around: the adjoint that comes from there; a first value, or a stack. */
  readonly from: GraphNode;
}

/** What the adjoint's steps are given besides what the scan's own steps are. */
interface AdjointInputs {
  /** λ, the adjoints of what is carried. */
  readonly carried: readonly Paired[];
  /** What the constants have received so far. */
  readonly totals: readonly Paired[];
  /** Adjoints of the history, and of what was collected. */
  readonly history: readonly Paired[];
  readonly collected: readonly Paired[];
  /** The sequences whose adjoints are wanted. */
  readonly sequences: readonly Leaf[];
}

/**
 * What each needed input of a scan receives, as one scan in the other direction.
 *
 * A step takes λ ← λ·∂next/∂carry + c̄·∂collected/∂carry + h̄, adds up what the constants receive, and collects what the
 * sequences receive; c̄ and h̄ are the adjoints of what was collected and of the history. The values inside the step are
 * computed again, from the history.
 *
 * @param adjoints of the scan's items, by index
 */
export function scanAdjoint(
  node: NodeOf<"scan">,
  adjoints: ReadonlyMap<number, GraphNode>,
  isNeeded: (k: number) => boolean,
  pullback: Pullback,
): (GraphNode | undefined)[] {
  const { body, length, reverse } = node.attributes;
  const { carries, sequences, constants } = body;
  const inputs = adjointInputs(node, adjoints, isNeeded);
  const { carried, totals, history, collected } = inputs;
  const split = carries.length + sequences.length;
  const fed = [
    ...[...carried, ...totals].map(({ from }) => from),
    ...carries.map((_, k) => item(node, carries.length + k)),
    ...node.inputs.slice(carries.length, split),
    ...[...history, ...collected].map(({ from }) => from),
    ...node.inputs.slice(split),
  ];
  const backwards = { length, reverse: !reverse };
  const result = scanOf(node.graph, adjointBody(body, inputs, pullback), backwards, fed);
  const to = new Map<GraphNode, GraphNode>();
  [...carried, ...totals].forEach(({ of }, k) => void to.set(of, result.last[k]!));
  inputs.sequences.forEach((leaf, k) => void to.set(leaf, result.collected[k]!));
  return [...carries, ...sequences, ...constants].map((leaf) => to.get(leaf));
}

function adjointInputs(
  { attributes: { body }, graph }: NodeOf<"scan">,
  adjoints: ReadonlyMap<number, GraphNode>,
  isNeeded: (k: number) => boolean,
): AdjointInputs {
  const { carries, sequences, constants, collected } = body;
  const name = freshNames(body);
  const isReal = ({ dtype }: GraphNode) => dtype === "real";
  const zero = ({ shape }: GraphNode) => constant(graph, 0, shape);
  const paired = (of: GraphNode, after: string, from: GraphNode): Paired => ({
    of,
    from,
    leaf: input(of.graph, name(after), of.shape),
  });
  const stacks = (nodes: readonly GraphNode[], first: number, after: string): Paired[] =>
    nodes.flatMap((of, k) => {
      const from = adjoints.get(first + k);
      return from && isReal(of) ? [paired(of, `${after}${k + 1}`, from)] : [];
    });
  const lead = carries.length + sequences.length;
  return {
    carried: carries.flatMap((leaf, k) =>
      isReal(leaf) ? [paired(leaf, leaf.attributes.name, adjoints.get(k) ?? zero(leaf))] : [],
    ),
    totals: constants.flatMap((leaf, k) =>
      isReal(leaf) && isNeeded(lead + k) ? [paired(leaf, leaf.attributes.name, zero(leaf))] : [],
    ),
    history: stacks(carries, carries.length, "history"),
    collected: stacks(collected, 2 * carries.length, "collected"),
    sequences: sequences.filter((leaf, k) => isReal(leaf) && isNeeded(carries.length + k)),
  };
}

/** The scan's own body with a reverse sweep behind it, in the same graph. */
function adjointBody(body: ScanBody, inputs: AdjointInputs, pullback: Pullback): ScanBody {
  const { carried, totals, history, collected, sequences } = inputs;
  const seeded = [
    ...carried.map(({ of, leaf }) => ({ output: body.next[body.carries.indexOf(of as Leaf)]!, seed: leaf })),
    ...collected.map(({ of, leaf }) => ({ output: of, seed: leaf })),
  ];
  const leaves = [...carried, ...totals].map(({ of }) => of as Leaf);
  const received = pullback(seeded, [...leaves, ...sequences]);
  const next = [...carried, ...totals].map(({ of, leaf }, k) => {
    if (k >= carried.length) return add(leaf, received[k]!);
    const own = history.find((each) => each.of === of);
    return own ? add(received[k]!, own.leaf) : received[k]!;
  });
  return {
    carries: [...carried, ...totals].map(({ leaf }) => leaf),
    sequences: [...body.carries, ...body.sequences, ...[...history, ...collected].map(({ leaf }) => leaf)],
    constants: body.constants,
    next,
    collected: received.slice(leaves.length),
  };
}

/** Names that no input of the body has; the same for every adjoint of the body, so that equal adjoints are one. */
function freshNames({ carries, sequences, constants }: ScanBody): (after: string) => string {
  const taken = new Set([...carries, ...sequences, ...constants].map(({ attributes }) => attributes.name));
  return (after) => {
    let name = `${after}'`;
    while (taken.has(name)) name += "'";
    taken.add(name);
    return name;
  };
}
