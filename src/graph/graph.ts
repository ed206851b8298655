import type { DataSource } from "./domain.ts";
import type { GraphOp } from "./ops.ts";
import { type Shape, shapeError } from "./shape.ts";

/**
 * `real` is f32 or f64 as the engine computes; `int32` are indices; `bool` are conditions; a scan gives a `tuple`, of
 * which `item` takes one array.
 */
export type Dtype = "real" | "int32" | "bool" | "tuple";

/** How an engine computes what is `real`. */
export type Precision = "f32" | "f64";

/** What one step of a scan does: a closed graph of its own, whose inputs are all listed here. */
export interface ScanBody {
  /** The values that a step hands to the next. */
  readonly carries: readonly NodeOf<"input">[];
  /** What is read entry by entry: this step's entries. */
  readonly sequences: readonly NodeOf<"input">[];
  /** What is the same for all steps. */
  readonly constants: readonly NodeOf<"input">[];
  /** The carried values after the step, of the same shapes. */
  readonly next: readonly GraphNode[];
  /** What is stacked up, step by step. */
  readonly collected: readonly GraphNode[];
}

/** What the operations that are not element-wise functions of their inputs carry besides them. */
interface AttributesByOp {
  /** A value that is fed in; equal names are one leaf. */
  input: { readonly name: string };
  /** The same number everywhere. */
  const: { readonly value: number };
  /** Numbers fixed when the graph was built. */
  data: { readonly source: DataSource };
  /** Whether a real is neither infinite nor NaN. */
  finite: null;
  /** where(condition, a, b). */
  where: null;
  /** The last two axes are multiplied, the axes before them broadcast. */
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  sum: { readonly axes: readonly number[]; readonly keep: boolean };
  broadcast: { readonly shape: Shape };
  reshape: { readonly shape: Shape };
  /** Axis k of the result is axis `order[k]` of the input. */
  transpose: { readonly order: readonly number[] };
  /** Entries `start … end−1` along the axis. */
  slice: { readonly axis: number; readonly start: number; readonly end: number };
  /** Zeros before and after, along the axis. */
  pad: { readonly axis: number; readonly before: number; readonly after: number };
  concat: { readonly axis: number };
  /** gather(x, index)[…, m, …] = x[…, index[m], …] along the axis. */
  gather: { readonly axis: number };
  /** scatterAdd(x, index)[…, n, …] = Σ over m with index[m] = n of x[…, m, …]; the transpose of gather. */
  scatterAdd: { readonly axis: number; readonly length: number };
  /** A loop over its body; its inputs are first values of what is carried, sequences, constants. */
  scan: { readonly body: ScanBody; readonly length: number; readonly reverse: boolean };
  /** One of the arrays that a scan gives; `scan.ts` says which. */
  item: { readonly index: number };
}

type AttributesOf<K extends GraphOp> = K extends keyof AttributesByOp ? AttributesByOp[K] : null;

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
  const numbers: Numbers = { bodies: new Map(), arrays: new Map() };
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
      return known(byKey, `${op}|${ids}|${dtype}|${shape.join(",")}|${keyOf(attributes, numbers)}`, make);
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

/** Numbers of what would be long to write into a key. */
interface Numbers {
  readonly bodies: Map<Graph, number>;
  readonly arrays: Map<ArrayLike<number>, number>;
}

/** Longer arrays are known by their identity: writing out the weights of a network takes longer than using them. */
const longestWritten = 64;

function keyOf(attributes: object | null, { bodies, arrays }: Numbers): string {
  if (!attributes) return "";
  if ("body" in attributes) return scanKey(attributes as AttributesOf<"scan">, bodies);
  // JSON has no −0 and no infinities
  if ("value" in attributes) return Object.is(attributes.value, -0) ? "-0" : String(attributes.value);
  const { source } = attributes as Partial<AttributesOf<"data">>;
  if (source?.kind !== "values") return JSON.stringify(attributes);
  const { values } = source;
  if (values.length > longestWritten) return `array ${known(arrays, values, () => arrays.size)}`;
  return Array.from(values, (value) => (Object.is(value, -0) ? "-0" : value)).join(",");
}

/** Bodies of one graph are the same where their nodes are, since nodes are interned. */
function scanKey({ body, length, reverse }: AttributesOf<"scan">, bodies: Map<Graph, number>): string {
  const { carries, sequences, constants, next, collected } = body;
  const ids = [carries, sequences, constants, next, collected].map((nodes) => nodes.map(({ id }) => id).join(","));
  const of = known(bodies, next[0]!.graph, () => bodies.size);
  return `${of}|${ids.join("|")}|${length}|${reverse}`;
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

/** All inputs that nodes need. */
export function inputsOf(nodes: readonly GraphNode[]): NodeOf<"input">[] {
  return reach(nodes).filter((node): node is NodeOf<"input"> => node.op === "input");
}
