import { abs, add, compare, constant, data, div, less, logic, mul, neg, sqrt, sub, where } from "../../graph/build.ts";
import type { Graph, GraphNode } from "../../graph/graph.ts";
import type { Lanes } from "../elementary/lanes.ts";

/**
 * The machine of elementary functions whose values are arrays of a graph: for functions that an engine lacks. Bits
 * cannot be had there, so only programs without them run on it, and the sign of a zero is lost.
 */
export function graphLanes(graph: Graph): Lanes<GraphNode, GraphNode> {
  const madd = (a: GraphNode, b: GraphNode, c: GraphNode): GraphNode => add(mul(a, b), c);
  const copySign = (a: GraphNode, sign: GraphNode): GraphNode => {
    const magnitude = abs(a);
    return where(less(sign, 0), neg(magnitude), magnitude);
  };
  return {
    constant: (value) => constant(graph, value),
    add,
    sub,
    mul,
    div,
    sqrt,
    madd,
    nmadd: (a, b, c) => sub(c, mul(a, b)),
    floor: without("floor"),
    neg,
    abs,
    copySign,
    flipSign: (a, sign) => where(less(sign, 0), neg(a), a),
    negative: (a) => less(a, 0),
    min: (a, b) => where(less(b, a), b, a),
    max: (a, b) => where(less(a, b), b, a),
    lesser: (a, b) => where(less(b, a), b, a),
    greater: (a, b) => where(less(a, b), b, a),
    less,
    lessEqual: (a, b) => compare("lessEqual", a, b),
    equal: (a, b) => compare("equal", a, b),
    and: (a, b) => logic("and", a, b),
    or: (a, b) => logic("or", a, b),
    not: (a) => logic("not", a),
    select: where,
    head: upperBits,
    exponent: without("exponent"),
    significand: without("significand"),
    power2: without("power2"),
    bit: without("bit"),
    flipBit: without("flipBit"),
    lookup: without("lookup"),
    call: (routine, args) => routine.body(graphLanes(graph), ...args),
    rare: (when, fast, slow, args) => {
      const exact = slow.body(graphLanes(graph), ...args);
      return fast.map((value, k) => where(when, exact[k]!, value));
    },
  };
}

function without(operation: string): () => never {
  return () => {
    throw new RangeError(`a graph has no \`${operation}\``);
  };
}

/**
 * At most 21 significant bits (Veltkamp's splitting, doi:10.1007/BF01397083). The factor is data, since the constructors
 * would know of a constant c that c·a − (c·a − a) is a.
 */
function upperBits(a: GraphNode): GraphNode {
  const factor = data(a.graph, { kind: "values", values: [2 ** 32 + 1] }, [], "real");
  const scaled = mul(factor, a);
  return sub(scaled, sub(scaled, a));
}
