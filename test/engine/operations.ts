import { concat, gather, matmul, pad, reshape, scatterAdd, slice, sum, transpose } from "../../src/graph/arrange.ts";
import { binary, broadcast, compare, constant, data, finite, logic, unary, where } from "../../src/graph/build.ts";
import type { GraphNode } from "../../src/graph/graph.ts";
import { binaryOps, comparisonOps, type PerGraphOp, type UnaryGraphOp, unaryOps } from "../../src/graph/ops.ts";

type Build = (a: GraphNode, b: GraphNode) => GraphNode;

const each = <K extends string>(ops: readonly K[], build: (op: K) => Build) =>
  Object.fromEntries(ops.map((op) => [op, build(op)])) as Record<K, Build>;

const index = ({ graph }: GraphNode, values: readonly number[]): GraphNode =>
  data(graph, { kind: "values", values }, [values.length], "int32");

/** Uses of each operation, on a and b of shape [B, 4] with entries in (0.1, 0.9). */
export const uses: PerGraphOp<Build> = {
  input: (a) => a,
  const: (a) => concat([constant(a.graph, 2.5, ["B", 3]), constant(a.graph, -1, ["B", 1]), a], 1),
  data: (a) => binary("add", a, data(a.graph, { kind: "values", values: [1, -2.5, 3, 4] }, [4], "real")),
  ...each(unaryOps, (op) => (a) => unary(op, op === "acosh" ? binary("add", 1, a) : a)),
  ...each(binaryOps, (op) => (a, b) => binary(op, a, b)),
  ...each(comparisonOps, (op) => (a, b) => where(compare(op, a, b), a, 7)),
  and: (a, b) => where(logic("and", compare("less", a, b), compare("less", a, 0.5)), a, b),
  or: (a, b) => where(logic("or", compare("less", a, b), compare("less", a, 0.5)), 1, b),
  not: (a, b) => where(logic("not", compare("less", a, b)), 1, 2),
  finite: (a, b) => where(finite(unary("log", binary("max", binary("sub", a, b), 0))), a, b),
  where: (a, b) => where(compare("less", a, 0.5), slice(b, 1, 0, 1), a),
  matmul: (a, b) => {
    const square = (x: GraphNode) => reshape(x, ["B", 2, 2]);
    const weights = reshape(
      slice(data(a.graph, { kind: "values", values: [1, 2, 3, 4, 5, 6, 7, 8, 9] }, [9], "real"), 0, 0, 8),
      [2, 4],
    );
    const plain = matmul(a, weights, { transposeB: true });
    const across = matmul(a, b, { transposeA: true });
    const biased = binary("add", matmul(plain, weights), slice(b, 1, 0, 1));
    const both = matmul(square(a), square(b), { transposeA: true, transposeB: true });
    return concat([reshape(both, ["B", 4]), plain, biased, matmul(a, across), binary("mul", 1 / 3, plain)], 1);
  },
  sum: (a) => concat([reshape(sum(reshape(a, ["B", 2, 2]), [1], true), ["B", 2]), broadcast(sum(a, [0]), ["B", 4])], 1),
  broadcast: (a) => concat([broadcast(slice(a, 1, 0, 1), ["B", 3]), broadcast(sum(a, [0, 1]), ["B", 2])], 1),
  reshape: (a) => reshape(a, ["B", 2, 2]),
  transpose: (a) => transpose(reshape(a, ["B", 2, 2]), [0, 2, 1]),
  slice: (a) => slice(a, 1, 1, 3),
  pad: (a) => pad(a, 1, 1, 2),
  concat: (a, b) => concat([a, slice(b, 1, 0, 2)], 1),
  gather: (a) => gather(a, index(a, [2, 0, 0, 1, 2]), 1),
  scatterAdd: (a, b) => scatterAdd(concat([a, slice(b, 1, 0, 1)], 1), index(a, [2, 0, 0, 1, 2]), 1, 3),
};

/** Arguments where formulas that look right go wrong: near zero, near a pole, large. */
export const hardArguments: { readonly [K in UnaryGraphOp]?: readonly number[] } = {
  expm1: [-40, -1e-9, 1e-12, 1e-3, 0.7, 1, 30, 80],
  log1p: [-0.99, -1e-9, 1e-12, 1e-3, 0.7, 1, 1e6, 1e30],
  sinh: [-30, -1, -1e-6, 1e-9, 0.3, 1, 20, 80],
  cosh: [-30, -1, -1e-6, 1e-9, 0.3, 1, 20, 80],
  tanh: [-30, -1, -1e-6, 1e-9, 0.3, 1, 20, 80],
  asinh: [-1e12, -1, -1e-6, 1e-9, 0.3, 1, 20, 1e15],
  acosh: [1, 1.000001, 1.01, 1.5, 2, 20, 1e6, 1e15],
  atanh: [-0.999, -0.5, -1e-6, 1e-9, 0.3, 0.7, 0.9, 0.99],
  asin: [-1, -0.9, -0.5, -1e-6, 1e-9, 0.3, 0.7, 1],
  acos: [-1, -0.9, -0.5, -1e-6, 1e-9, 0.3, 0.7, 1],
  atan: [-1e20, -3, -1, -1e-6, 1e-9, 0.7, 2, 1e6],
  tan: [-1.5, -1, -1e-6, 1e-9, 0.3, 1, 1.5, 3],
  erf: [-6, -2, -0.5, 1e-9, 0.3, 0.9, 1.1, 3],
  sigmoid: [-80, -30, -19, -1, 0, 1, 19, 80],
  softplus: [-80, -30, -19, -1, 0, 1, 80, 800],
};

/** Kernels that approximate: TensorFlow.js takes erf from Abramowitz & Stegun 7.1.26. */
export const looser: { readonly [K in UnaryGraphOp]?: number } = { erf: 1e-6 };
