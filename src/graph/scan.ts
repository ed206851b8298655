import { input } from "./build.ts";
import { createGraph, type Dtype, type Graph, type GraphNode, type NodeOf, type ScanBody } from "./graph.ts";
import { type Shape, sameShape, shapeError, showShape } from "./shape.ts";

/**
 * Loops. A scan carries values from step to step, reads sequences entry by entry, and stacks up what the steps collect.
 * Its body is a closed graph, so its adjoint is a scan too: backwards, each step computed again from the values that
 * were carried into it. Only those are kept, not what happened inside the steps.
 *
 * The entries of a sequence lie along the axis after the batch (`[B, length, …]`), or along the first where there is
 * no batch (`[length, …]`).
 */

/** What a scan is made of. */
export interface ScanInputs {
  /** How many steps. */
  readonly length: number;
  /** From the last entry to the first; what is collected still stands at its entry's place. Default false. */
  readonly reverse?: boolean;
  /** What is carried into the first step. */
  readonly carries: readonly GraphNode[];
  /** Arrays with an axis of `length` entries. */
  readonly sequences?: readonly GraphNode[];
  /** Whatever else a step uses: a body sees nothing of the graph around it. */
  readonly constants?: readonly GraphNode[];
}

/** What a step is given, in the order of `ScanInputs`, as inputs of a graph of its own. */
export interface ScanStep {
  readonly graph: Graph;
  readonly carries: readonly NodeOf<"input">[];
  readonly sequences: readonly NodeOf<"input">[];
  readonly constants: readonly NodeOf<"input">[];
}

/** The arrays that a scan gives. */
export interface ScanResult {
  /** What the last step handed on. */
  readonly last: readonly GraphNode[];
  /** For each carried value, what was carried *into* each step. */
  readonly history: readonly GraphNode[];
  /** What the steps collected. */
  readonly collected: readonly GraphNode[];
}

/**
 * A loop of `length` steps.
 *
 * @example
 * // x[k+1] = x[k] + dt·w·x[k], all states after a step: [B, 32, d]
 * const { collected } = scan(graph, { length: 32, carries: [x], constants: [w] }, ({ carries: [x], constants: [w] }) => {
 *   const next = add(x!, mul(dt, matmul(x!, w!)));
 *   return { carries: [next], collected: [next] };
 * });
 */
export function scan(
  graph: Graph,
  { length, reverse = false, carries, sequences = [], constants = [] }: ScanInputs,
  step: (given: ScanStep) => { readonly carries: readonly GraphNode[]; readonly collected?: readonly GraphNode[] },
): ScanResult {
  const inside = createGraph();
  const leaf = (prefix: string, shapeOf: (shape: Shape) => Shape) => (node: GraphNode, k: number) =>
    input(inside, `${prefix}${k + 1}`, shapeOf(node.shape), node.dtype);
  const given: ScanStep = {
    graph: inside,
    carries: carries.map(leaf("carry", (shape) => shape)),
    sequences: sequences.map(leaf("entry", (shape) => entryShape(shape, length))),
    constants: constants.map(leaf("constant", (shape) => shape)),
  };
  const { carries: next, collected = [] } = step(given);
  const { graph: _inside, ...leaves } = given;
  return scanOf(graph, { ...leaves, next, collected }, { length, reverse }, [...carries, ...sequences, ...constants]);
}

/** A scan of a body that is there already. */
export function scanOf(
  graph: Graph,
  body: ScanBody,
  { length, reverse }: { readonly length: number; readonly reverse: boolean },
  inputs: readonly GraphNode[],
): ScanResult {
  expectBody(body, length);
  const node = graph.node({ op: "scan", inputs, attributes: { body, length, reverse }, shape: [], dtype: "tuple" });
  const items = itemTypes(body, length).map((_, index) => item(node as NodeOf<"scan">, index));
  const count = body.carries.length;
  return { last: items.slice(0, count), history: items.slice(count, 2 * count), collected: items.slice(2 * count) };
}

/** Array `index` of a scan: first what it carries last, then the histories, then what it collects. */
export function item(node: NodeOf<"scan">, index: number): GraphNode {
  const { shape, dtype } = itemTypes(node.attributes.body, node.attributes.length)[index]!;
  return node.graph.node({ op: "item", inputs: [node as GraphNode], attributes: { index }, shape, dtype });
}

interface ArrayType {
  readonly shape: Shape;
  readonly dtype: Dtype;
}

function itemTypes({ carries, collected }: ScanBody, length: number): ArrayType[] {
  const stacked = [...carries, ...collected].map(({ shape, dtype }) => ({ shape: stackShape(shape, length), dtype }));
  return [...carries, ...stacked];
}

/** The axis along which a stack of values of this shape runs. */
export function stackAxis(shape: Shape): 0 | 1 {
  return shape[0] === "B" ? 1 : 0;
}

/** `[B, length, …]`, or `[length, …]` without a batch. */
export function stackShape(shape: Shape, length: number): Shape {
  const axis = stackAxis(shape);
  return [...shape.slice(0, axis), length, ...shape.slice(axis)];
}

function entryShape(shape: Shape, length: number): Shape {
  const axis = stackAxis(shape);
  if (shape[axis] !== length) throw shapeError(`a sequence of ${length} entries cannot be ${showShape(shape)}`);
  return shape.filter((_, k) => k !== axis);
}

function expectBody({ carries, next, collected }: ScanBody, length: number): void {
  if (!Number.isInteger(length) || length < 1) throw shapeError(`a scan of ${length} steps`);
  if (carries.length === 0 || carries.length !== next.length) {
    throw shapeError(`a scan carries ${carries.length} values into a step and ${next.length} out of it`);
  }
  next.forEach(({ shape, dtype }, k) => {
    const before = carries[k]!;
    if (sameShape(shape, before.shape) && dtype === before.dtype) return;
    throw shapeError(`a scan carries ${showShape(before.shape)} into a step and ${showShape(shape)} out of it`);
  });
  const [{ graph }] = carries as [GraphNode];
  if ([...next, ...collected].some((node) => node.graph !== graph)) throw shapeError("a scan's body is one graph");
}
