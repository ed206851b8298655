import type { AttributesOf, GraphOp } from "./ops.ts";
import { type Shape, shapeError } from "./shape.ts";

/** `real` is f32 or f64 as the engine computes; `int32` are indices; `bool` are conditions. */
export type Dtype = "real" | "int32" | "bool";

/** One operation of a graph. Nodes are interned: equal operations on equal inputs are one node. */
export interface NodeOf<K extends GraphOp> {
  readonly graph: Graph;
  /** Dense, in creation order: inputs have smaller ids than the nodes that use them. */
  readonly id: number;
  readonly op: K;
  readonly inputs: readonly GraphNode[];
  readonly attributes: AttributesOf<K>;
  readonly shape: Shape;
  readonly dtype: Dtype;
}

export type GraphNode = { [K in GraphOp]: NodeOf<K> }[GraphOp];

/** What a new node is made of. */
export interface NodeDetails<K extends GraphOp> {
  readonly op: K;
  readonly inputs?: readonly GraphNode[];
  readonly attributes: AttributesOf<K>;
  readonly shape: Shape;
  readonly dtype?: Dtype;
}

/** An array program under construction: the table of its nodes. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** The node of these details, made if it is new. The shape is trusted: the constructors of `build.ts` check it. */
  node<K extends GraphOp>(details: NodeDetails<K>): GraphNode;
}

/**
 * An empty graph.
 *
 * @example
 * const graph = createGraph();
 * const q = input(graph, "q", ["B", 1]);
 * const energy = sub(1, cos(q));
 */
export function createGraph(): Graph {
  const nodes: GraphNode[] = [];
  const byKey = new Map<string, GraphNode>();
  const byInputs = new Map<GraphOp, Map<number, GraphNode>>();
  const graph: Graph = {
    nodes,
    node<K extends GraphOp>({ op, inputs = [], attributes, shape, dtype = "real" }: NodeDetails<K>): GraphNode {
      if (shape.lastIndexOf("B") > 0) throw shapeError(`\`B\` must lead a shape, got [${shape.join(", ")}]`);
      for (const other of inputs) if (other.graph !== graph) throw shapeError("nodes of two graphs are mixed");
      const make = () => {
        const made = { graph, id: nodes.length, op, inputs, attributes, shape, dtype } as NodeOf<K> as GraphNode;
        nodes.push(made);
        return made;
      };
      const [a, b] = inputs;
      // the shape of an element-wise result follows from its inputs, which makes a number enough for most nodes
      if (attributes === null && inputs.length <= 2) {
        const table = known(byInputs, op, () => new Map<number, GraphNode>());
        return known(table, a!.id * mostNodes + (b ? b.id + 1 : 0), make);
      }
      const ids = inputs.map((n) => n.id).join(",");
      return known(byKey, `${op}|${ids}|${dtype}|${shape.join(",")}|${keyOf(attributes)}`, make);
    },
  };
  return graph;
}

const mostNodes = 2 ** 26;

function known<K, V>(table: Map<K, V>, key: K, make: () => V): V {
  let value = table.get(key);
  if (value === undefined) {
    value = make();
    table.set(key, value);
  }
  return value;
}

function keyOf(attributes: object | null): string {
  if (!attributes) return "";
  // JSON has no −0 and no infinities
  if ("value" in attributes) return Object.is(attributes.value, -0) ? "-0" : String(attributes.value);
  return JSON.stringify(attributes);
}

/** All nodes that the outputs need, each once, inputs before their users. */
export function reach(outputs: readonly GraphNode[]): GraphNode[] {
  const [first] = outputs;
  if (!first) return [];
  const seen = new Uint8Array(first.graph.nodes.length);
  const stack = [...outputs];
  for (const { id } of outputs) seen[id] = 1;
  while (stack.length > 0) {
    for (const node of stack.pop()!.inputs) {
      if (seen[node.id] === 1) continue;
      seen[node.id] = 1;
      stack.push(node);
    }
  }
  return first.graph.nodes.filter(({ id }) => seen[id] === 1);
}
