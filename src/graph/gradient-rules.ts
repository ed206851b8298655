import { gather, matmul, pad, reshape, scatterAdd, slice, transpose, unbroadcast } from "./arrange.ts";
import {
  add,
  broadcast,
  constant,
  cos,
  cosh,
  div,
  exp,
  less,
  log,
  mul,
  neg,
  pow,
  sigmoid,
  sign,
  sin,
  sinh,
  sqrt,
  square,
  sub,
  where,
} from "./build.ts";
import type { GraphNode, NodeOf } from "./graph.ts";
import type { ArrayOp } from "./ops.ts";
import { lengthAlong } from "./shape.ts";

/** `g · ∂(node)/∂(input k)`, summed back to that input's shape; g has the shape of the node. */
type Rule<K extends ArrayOp> = (node: NodeOf<K>, g: GraphNode, k: number) => GraphNode;

type Factor = (a: GraphNode, f: GraphNode) => GraphNode;
type Partial2 = (g: GraphNode, a: GraphNode, b: GraphNode, f: GraphNode) => GraphNode;

/** A rule of one argument `a` and value `f`: g·f′(a). */
function along<K extends ArrayOp>(factor: Factor): Rule<K> {
  return (node, g) => mul(g, factor(node.inputs[0]!, node as GraphNode));
}

/** A rule of one argument whose derivative is 1/divisor. */
function over<K extends ArrayOp>(divisor: Factor): Rule<K> {
  return (node, g) => div(g, divisor(node.inputs[0]!, node as GraphNode));
}

/** A rule of two arguments that broadcast. */
function each<K extends ArrayOp>(...partials: readonly [Partial2, Partial2]): Rule<K> {
  return (node, g, k) => {
    const [a, b] = node.inputs as [GraphNode, GraphNode];
    return unbroadcast(broadcast(partials[k]!(g, a, b, node as GraphNode), node.shape), node.inputs[k]!.shape);
  };
}

const flat = <K extends ArrayOp>(node: NodeOf<K>, _g: GraphNode, k: number): GraphNode =>
  constant(node.graph, 0, node.inputs[k]!.shape);

/** Where a function has a kink, the derivative is that of the branch taken. */
export const gradientRules: { readonly [K in ArrayOp]: Rule<K> } = {
  input: flat,
  const: flat,
  data: flat,
  neg: (_node, g) => neg(g),
  // d|a| = sign(a)
  abs: along((a) => sign(a)),
  sign: flat,
  // d eᵃ = eᵃ
  exp: along((_a, f) => f),
  expm1: along((a) => exp(a)),
  // d ln a = 1/a
  log: over((a) => a),
  log1p: over((a) => add(1, a)),
  // d√a = 1/(2√a)
  sqrt: over((_a, f) => mul(2, f)),
  sin: along((a) => cos(a)),
  cos: along((a) => neg(sin(a))),
  // d tan a = 1 + tan²a
  tan: along((_a, f) => add(1, square(f))),
  // d asin a = 1/√(1−a²)
  asin: over((a) => sqrt(sub(1, square(a)))),
  acos: over((a) => neg(sqrt(sub(1, square(a))))),
  atan: over((a) => add(1, square(a))),
  sinh: along((a) => cosh(a)),
  cosh: along((a) => sinh(a)),
  // d tanh a = 1 − tanh²a
  tanh: along((_a, f) => sub(1, square(f))),
  asinh: over((a) => sqrt(add(1, square(a)))),
  // d acosh a = 1/√(a²−1), in factors so that nothing cancels near 1
  acosh: over((a) => sqrt(mul(sub(a, 1), add(a, 1)))),
  atanh: over((a) => sub(1, square(a))),
  // d erf a = 2/√π · e^(−a²)
  erf: along((a) => mul(2 / Math.sqrt(Math.PI), exp(neg(square(a))))),
  // dσ = σ(1−σ)
  sigmoid: along((_a, f) => mul(f, sub(1, f))),
  softplus: along((a) => sigmoid(a)),
  add: each(
    (g) => g,
    (g) => g,
  ),
  sub: each(
    (g) => g,
    (g) => neg(g),
  ),
  mul: each(
    (g, _a, b) => mul(g, b),
    (g, a) => mul(g, a),
  ),
  // d(a/b) = da/b − (a/b)·db/b
  div: each(
    (g, _a, b) => div(g, b),
    (g, _a, b, f) => neg(mul(div(g, b), f)),
  ),
  // d aᵇ = b·a^(b−1)·da + aᵇ·ln a·db
  pow: each(
    (g, a, b) => mul(g, mul(b, pow(a, sub(b, 1)))),
    (g, a, _b, f) => mul(g, mul(f, log(a))),
  ),
  // d atan2(a, b) = (b·da − a·db)/(a²+b²)
  atan2: each(
    (g, a, b) => div(mul(g, b), add(square(a), square(b))),
    (g, a, b) => neg(div(mul(g, a), add(square(a), square(b)))),
  ),
  max: each(
    (g, a, b) => where(less(a, b), 0, g),
    (g, a, b) => where(less(a, b), g, 0),
  ),
  min: each(
    (g, a, b) => where(less(b, a), 0, g),
    (g, a, b) => where(less(b, a), g, 0),
  ),
  less: flat,
  lessEqual: flat,
  equal: flat,
  and: flat,
  or: flat,
  not: flat,
  finite: flat,
  where: (node, g, k) => {
    const [condition, a, b] = node.inputs as [GraphNode, GraphNode, GraphNode];
    if (k === 0) return flat(node, g, k);
    return k === 1 ? unbroadcast(where(condition, g, 0), a.shape) : unbroadcast(where(condition, 0, g), b.shape);
  },
  // C = A·B: Ā = C̄·Bᵀ, B̄ = Aᵀ·C̄, with the transposes already asked for
  matmul: (node, g, k) => {
    const [a, b] = node.inputs as [GraphNode, GraphNode];
    const { transposeA: ta, transposeB: tb } = node.attributes;
    if (k === 0) {
      const dA = ta ? matmul(b, g, { transposeA: tb, transposeB: true }) : matmul(g, b, { transposeB: !tb });
      return unbroadcast(dA, a.shape);
    }
    const dB = tb ? matmul(g, a, { transposeA: true, transposeB: ta }) : matmul(a, g, { transposeA: !ta });
    return unbroadcast(dB, b.shape);
  },
  // ȳ spread along the axes that were added up
  sum: (node, g) => {
    const { shape } = node.inputs[0]!;
    const kept = shape.map((dim, k) => (node.attributes.axes.includes(k) ? 1 : dim));
    return broadcast(reshape(g, kept), shape);
  },
  broadcast: (node, g) => unbroadcast(g, node.inputs[0]!.shape),
  reshape: (node, g) => reshape(g, node.inputs[0]!.shape),
  transpose: (node, g) => {
    const inverse: number[] = [];
    node.attributes.order.forEach((axis, k) => {
      inverse[axis] = k;
    });
    return transpose(g, inverse);
  },
  slice: (node, g) => {
    const { axis, start, end } = node.attributes;
    return pad(g, axis, start, lengthAlong(node.inputs[0]!.shape, axis) - end);
  },
  pad: (node, g) => {
    const { axis, before } = node.attributes;
    return slice(g, axis, before, before + lengthAlong(node.inputs[0]!.shape, axis));
  },
  concat: (node, g, k) => {
    const { axis } = node.attributes;
    const lengths = node.inputs.map((part) => lengthAlong(part.shape, axis));
    const start = lengths.slice(0, k).reduce((total, length) => total + length, 0);
    return slice(g, axis, start, start + lengths[k]!);
  },
  gather: (node, g, k) => {
    const [x, index] = node.inputs as [GraphNode, GraphNode];
    const { axis } = node.attributes;
    return k === 0 ? scatterAdd(g, index, axis, lengthAlong(x.shape, axis)) : flat(node, g, k);
  },
  scatterAdd: (node, g, k) => (k === 0 ? gather(g, node.inputs[1]!, node.attributes.axis) : flat(node, g, k)),
};
