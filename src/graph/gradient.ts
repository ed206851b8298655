import { HnncError } from "../errors.ts";
import { concat } from "./arrange.ts";
import { add, constant, factorOf, mul, numberOf, where } from "./build.ts";
import { gradientRules } from "./gradient-rules.ts";
import { type GraphNode, type NodeOf, reach } from "./graph.ts";
import { type ArrayOp, isElementwise } from "./ops.ts";
import { type Pullback, scanAdjoint } from "./scan-adjoint.ts";
import { lengthAlong, sameShape, shapeError, shapeWith, showShape } from "./shape.ts";

/**
 * Vector-Jacobian products `Σ seed · ∂output/∂leaf` by one reverse sweep, as new nodes of the same graph.
 *
 * Where `output` is one number a sample (`[B]`, `[B, 1]`) and samples do not mix, the default seed of ones gives each
 * sample its own gradient.
 *
 * @param leaves inputs of the graph only: a sweep that stopped at an inner node would miss what bypasses it, as folding
 *   may have done. To compose, differentiate with respect to inputs and `substitute` afterwards.
 * @param seed of the shape of `output`; default ones
 * @returns one node a leaf, of its shape; a constant 0 where the output does not depend on it
 */
export function gradient(
  output: GraphNode,
  leaves: readonly NodeOf<"input">[],
  seed: GraphNode = constant(output.graph, 1, output.shape),
): GraphNode[] {
  return pullback([{ output, seed }], leaves);
}

/** The same of several outputs at once, each with a seed of its shape: `Σ seed · ∂output/∂leaf` over all of them. */
export const pullback: Pullback = (seeded, leaves) => {
  for (const leaf of leaves) expectLeaf(leaf);
  const received: Received = new Map();
  for (const { output, seed } of seeded) {
    if (!sameShape(seed.shape, output.shape))
      throw shapeError(`a seed of ${showShape(seed.shape)} for ${showShape(output.shape)}`);
    receive(received, output, seed);
  }
  const order = reach(seeded.map(({ output }) => output));
  const needed = new Set<GraphNode>(leaves);
  for (const node of order) if (node.inputs.some((x) => needed.has(x))) needed.add(node);
  const items = new Map<GraphNode, Map<number, GraphNode>>();
  for (const node of order.reverse()) {
    if (!needed.has(node) || node.op === "input") continue;
    sweep(node, received, items, (k) => needed.has(node.inputs[k]!)).forEach((value, k) => {
      if (value && numberOf(value) !== 0) receive(received, node.inputs[k]!, value);
    });
    received.delete(node);
  }
  return leaves.map((leaf) => total(received.get(leaf) ?? [constant(leaf.graph, 0, leaf.shape)]));
};

type Received = Map<GraphNode, GraphNode[]>;

/** What the inputs of a node receive. Items keep their adjoints for the scan, which comes after all of them. */
function sweep(
  node: GraphNode,
  received: Received,
  items: Map<GraphNode, Map<number, GraphNode>>,
  isNeeded: (k: number) => boolean,
): readonly (GraphNode | undefined)[] {
  if (node.op === "scan") {
    const adjoints = items.get(node);
    return adjoints ? scanAdjoint(node, adjoints, isNeeded, pullback) : [];
  }
  const parts = received.get(node);
  if (!parts) return [];
  if (node.op !== "item") return contributions(node, total(parts), isNeeded);
  const [of] = node.inputs as [GraphNode];
  items.set(of, (items.get(of) ?? new Map<number, GraphNode>()).set(node.attributes.index, total(parts)));
  return [];
}

function receive(received: Received, node: GraphNode, value: GraphNode): void {
  const parts = received.get(node);
  if (parts) parts.push(value);
  else received.set(node, [value]);
}

/** The sum of what a node receives. Pieces that lie side by side are joined instead of padded and added. */
export function total(parts: readonly GraphNode[]): GraphNode {
  return (joined(parts) ?? parts).reduce(addMasked);
}

interface Piece {
  readonly times: number;
  readonly value: GraphNode;
  readonly axis: number;
  readonly start: number;
  readonly end: number;
}

/** The padded parts joined into one, and the others; undefined where there is nothing to join. */
function joined(parts: readonly GraphNode[]): readonly GraphNode[] | undefined {
  const pieces = parts.map(pieceOf);
  const axis = pieces.find((piece) => piece)?.axis;
  const sorted = pieces
    .filter((piece): piece is Piece => piece !== undefined && piece.axis === axis)
    .sort((a, b) => a.start - b.start);
  const [first] = sorted;
  if (!first || sorted.length < 2 || sorted.some(({ start }, k) => k > 0 && start < sorted[k - 1]!.end))
    return undefined;
  const { shape } = parts.find((_, k) => pieces[k] === first)!;
  const row: GraphNode[] = [];
  const zeros = (length: number): void => {
    if (length > 0) row.push(constant(first.value.graph, 0, shapeWith(shape, first.axis, length)));
  };
  let at = 0;
  for (const { times, value, start, end } of sorted) {
    zeros(start - at);
    row.push(mul(times, value));
    at = end;
  }
  zeros(lengthAlong(shape, first.axis) - at);
  return [concat(row, first.axis), ...parts.filter((_, k) => !sorted.includes(pieces[k]!))];
}

/** A part of the form c·pad(value). */
function pieceOf(part: GraphNode): Piece | undefined {
  const negative = part.op === "neg" ? part.inputs[0]! : undefined;
  const { times, of } = factorOf(part) ?? (negative ? { times: -1, of: negative } : { times: 1, of: part });
  if (of.op !== "pad") return undefined;
  const { axis, before } = of.attributes;
  const value = of.inputs[0]!;
  return { times, value, axis, start: before, end: before + lengthAlong(value.shape, axis) };
}

/** What each needed input of a node receives. */
export function contributions(
  node: NodeOf<ArrayOp> & GraphNode,
  adjoint: GraphNode,
  isNeeded: (k: number) => boolean,
): (GraphNode | undefined)[] {
  const rules = gradientRules[node.op] as (typeof gradientRules)["sum"];
  const apply = (g: GraphNode, k: number) => rules(node as NodeOf<"sum">, g, k);
  return node.inputs.map((_, k) => {
    if (!isNeeded(k)) return undefined;
    return isElementwise(node.op) ? throughMask(adjoint, (g) => apply(g, k), node.inputs[k]!) : apply(adjoint, k);
  });
}

/**
 * Applies an element-wise rule below the condition of an adjoint: 0·∂f would be NaN where the branch not taken is
 * undefined, as in `where(x > 0, √x, 0)`. Only where the rule does not sum, i.e. shapes stay the same.
 */
function throughMask(g: GraphNode, rule: (g: GraphNode) => GraphNode, to: GraphNode): GraphNode {
  if (g.op !== "where" || !sameShape(g.shape, to.shape)) return rule(g);
  const [condition, a, b] = g.inputs as [GraphNode, GraphNode, GraphNode];
  if (numberOf(b) === 0) return where(condition, throughMask(a, rule, to), 0);
  return numberOf(a) === 0 ? where(condition, 0, throughMask(b, rule, to)) : rule(g);
}

/** The sum of two adjoints; those under the same condition stay under one. */
function addMasked(x: GraphNode, y: GraphNode): GraphNode {
  if (x.op !== "where" || y.op !== "where" || x.inputs[0] !== y.inputs[0]) return add(x, y);
  const [condition, a, b] = x.inputs as [GraphNode, GraphNode, GraphNode];
  const [, c, d] = y.inputs as [GraphNode, GraphNode, GraphNode];
  const sameSide = (numberOf(b) === 0 && numberOf(d) === 0) || (numberOf(a) === 0 && numberOf(c) === 0);
  return sameSide ? where(condition, add(a, c), add(b, d)) : add(x, y);
}

function expectLeaf(leaf: GraphNode): void {
  if (leaf.op === "input" && leaf.dtype === "real") return;
  throw new HnncError({
    kind: "internal",
    code: "gradient-of-inner-node",
    message: `a gradient is taken with respect to real inputs only, got \`${leaf.op}\` of ${leaf.dtype}`,
    hint: "build the value over an input, differentiate, then substitute the node for the input",
  });
}
