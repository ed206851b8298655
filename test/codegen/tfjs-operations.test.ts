import { beforeAll, describe, expect, it } from "vitest";
import { tfjsBody } from "../../src/codegen/tfjs/body.ts";
import { helperTexts, type TfjsHelper } from "../../src/codegen/tfjs/definitions.ts";
import { concat, gather, matmul, pad, reshape, scatterAdd, slice, sum, transpose } from "../../src/graph/arrange.ts";
import {
  binary,
  broadcast,
  compare,
  constant,
  data,
  finite,
  input,
  logic,
  unary,
  where,
} from "../../src/graph/build.ts";
import { materialise } from "../../src/graph/domain.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import { createGraph, type GraphNode } from "../../src/graph/graph.ts";
import { binaryOps, comparisonOps, type PerGraphOp, type UnaryGraphOp, unaryOps } from "../../src/graph/ops.ts";
import { randomNumbers } from "../support/random-numbers.ts";
import { availableBackends, type Tf, useBackend } from "../support/tfjs-backends.ts";

const batch = 3;
type Build = (a: GraphNode, b: GraphNode, index: GraphNode) => GraphNode;

const each = <K extends string>(ops: readonly K[], build: (op: K) => Build) =>
  Object.fromEntries(ops.map((op) => [op, build(op)])) as Record<K, Build>;

/** One use of each operation, on a and b of shape [B, 4] with entries in (0.1, 0.9). */
const uses: PerGraphOp<Build> = {
  input: (a) => a,
  const: (a) => constant(a.graph, 2.5, ["B", 3]),
  data: (a) => data(a.graph, { kind: "values", values: [1, -2.5] }, [2], "real"),
  ...each(unaryOps, (op) => (a) => unary(op, op === "acosh" ? binary("add", 1, a) : a)),
  ...each(binaryOps, (op) => (a, b) => binary(op, a, b)),
  ...each(comparisonOps, (op) => (a, b) => where(compare(op, a, b), a, 7)),
  and: (a, b) => where(logic("and", compare("less", a, b), compare("less", a, 0.5)), a, b),
  or: (a, b) => where(logic("or", compare("less", a, b), compare("less", a, 0.5)), 1, b),
  not: (a, b) => where(logic("not", compare("less", a, b)), 1, 2),
  finite: (a, b) => where(finite(unary("log", binary("max", binary("sub", a, b), 0))), a, b),
  where: (a, b) => where(compare("less", a, 0.5), slice(b, 1, 0, 1), a),
  matmul: (a, b) => matmul(reshape(a, ["B", 2, 2]), reshape(b, ["B", 2, 2]), { transposeA: true, transposeB: true }),
  sum: (a) => sum(reshape(a, ["B", 2, 2]), [1], true),
  broadcast: (a) => broadcast(slice(a, 1, 0, 1), ["B", 3]),
  reshape: (a) => reshape(a, ["B", 2, 2]),
  transpose: (a) => transpose(reshape(a, ["B", 2, 2]), [0, 2, 1]),
  slice: (a) => slice(a, 1, 1, 3),
  pad: (a) => pad(a, 1, 1, 2),
  concat: (a, b) => concat([a, slice(b, 1, 0, 2)], 1),
  gather: (a, _b, index) => gather(a, index, 1),
  scatterAdd: (a, b, index) => scatterAdd(concat([a, slice(b, 1, 0, 1)], 1), index, 1, 3),
};

/** The kernels that approximate: tfjs takes erf from Abramowitz & Stegun 7.1.26. */
const tolerances: Partial<Record<UnaryGraphOp, number>> = { erf: 1e-6 };

describe.each(availableBackends())(
  "%s backend: each operation = the f64 interpreter (2e-6 of the largest: float32)",
  (backend) => {
    let tf: Tf;
    beforeAll(async () => {
      tf = await useBackend(backend);
    });

    it.each(Object.entries(uses))("%s", (op, build) => {
      const graph = createGraph();
      const [a, b] = [input(graph, "a", ["B", 4]), input(graph, "b", ["B", 4])];
      const index = data(graph, { kind: "values", values: [2, 0, 0, 1, 2] }, [5], "int32");
      const output = build(a, b, index);
      const next = randomNumbers(3);
      const rows = Array.from({ length: batch }, () => Array.from({ length: 8 }, () => 0.1 + 0.8 * next()));
      const feeds = { a: rows.flatMap((row) => row.slice(0, 4)), b: rows.flatMap((row) => row.slice(4)) };
      const wanted = evaluateGraph([output], feeds, batch)[0]!;
      const found = run(tf, output, [a, b], rows);
      expect(found.shape).toEqual(wanted.shape);
      const scale = Math.max(1, ...wanted.values.map(Math.abs));
      const worst = Math.max(...wanted.values.map((value, k) => Math.abs(value - found.values[k]!)));
      expect(worst / scale).toBeLessThanOrEqual(tolerances[op as UnaryGraphOp] ?? 2e-6);
    });
  },
);

function run(tf: Tf, output: GraphNode, state: Parameters<typeof tfjsBody>[1], rows: number[][]) {
  const helpers = new Set<TfjsHelper>();
  const arrays = new Map<string, Int32Array | Float32Array>();
  const { statements, result, usesBatch } = tfjsBody(output, state, {
    helper: (name) => {
      helpers.add(name);
      return name;
    },
    array: (node) => {
      const values = materialise(node.attributes.source);
      arrays.set(`array${arrays.size}`, node.dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values));
      return `array${arrays.size - 1}`;
    },
    input: (name) => name,
  });
  const lines = [...helperTexts(helpers), ...(usesBatch ? ["const batch = x.shape[0];"] : []), ...statements];
  const make = new Function("tf", "x", ...arrays.keys(), `${lines.join("\n")}\nreturn ${result};`);
  return tf.tidy(() => {
    const tensor = make(tf, tf.tensor2d(rows), ...arrays.values());
    return { shape: tensor.shape as number[], values: tensor.dataSync() as Float32Array };
  });
}
