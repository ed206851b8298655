import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  concat,
  gather,
  matmul,
  mean,
  pad,
  reshape,
  scatterAdd,
  slice,
  sum,
  transpose,
} from "../../src/graph/arrange.ts";
import {
  add,
  binary,
  broadcast,
  constant,
  data,
  input,
  less,
  mul,
  neg,
  pow,
  relu,
  sin,
  sqrt,
  square,
  sub,
  swish,
  tanh,
  unary,
  where,
} from "../../src/graph/build.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import { gradient } from "../../src/graph/gradient.ts";
import { createGraph, type Graph, type GraphNode, type NodeOf, reach } from "../../src/graph/graph.ts";
import { type BinaryGraphOp, binaryOps, type UnaryGraphOp, unaryOps } from "../../src/graph/ops.ts";
import { type Shape, sizeOf } from "../../src/graph/shape.ts";
import { substitute } from "../../src/graph/substitute.ts";
import { randomNumbers } from "../support/random-numbers.ts";

const batch = 3;

interface Case {
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly build: (inputs: Readonly<Record<string, GraphNode>>, graph: Graph) => GraphNode;
  readonly range?: readonly [number, number];
}

/** Numbers for every input, each entry its own. */
function feedsFor(shapes: Case["shapes"], [lo, hi]: readonly [number, number], seed = 1): Record<string, Float64Array> {
  const next = randomNumbers(seed);
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const count = sizeOf(shape) * (shape[0] === "B" ? batch : 1);
      return [name, Float64Array.from({ length: count }, () => lo + (hi - lo) * next())];
    }),
  );
}

/** Compares every entry of every gradient of Σ w·output with a central difference. */
function checkGradients({ shapes, build, range = [0.2, 0.8] }: Case): void {
  const graph = createGraph();
  const inputs = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(graph, name, shape)]));
  const output = build(inputs, graph);
  const weights = input(graph, "weights", output.shape);
  const total = sum(
    mul(weights, output),
    output.shape.map((_, k) => k),
  );
  const gradients = gradient(total, Object.values(inputs) as NodeOf<"input">[]);
  const feeds = feedsFor({ ...shapes, weights: output.shape }, range);
  const found = evaluateGraph(gradients, feeds, batch);
  const step = 1e-5;
  Object.keys(shapes).forEach((name, which) => {
    feeds[name]!.forEach((value, entry) => {
      const at = (x: number) => {
        const moved = { ...feeds, [name]: feeds[name]!.map((old, k) => (k === entry ? x : old)) };
        return evaluateGraph([total], moved, batch)[0]!.values[0]!;
      };
      const difference = (at(value + step) - at(value - step)) / (2 * step);
      const error = Math.abs(found[which]!.values[entry]! - difference) / (1 + Math.abs(difference));
      expect(error, `∂/∂${name}[${entry}]`).toBeLessThan(1e-8);
    });
  });
}

/** Inputs inside the domain of the function and away from its kinks. */
const unaryRange: Partial<Record<UnaryGraphOp, readonly [number, number]>> = { acosh: [1.5, 2.5] };

describe("gradient = central difference, every entry (1e-8: step² plus round-off over step)", () => {
  it.each(unaryOps)("%s", (op) => {
    const range = unaryRange[op];
    checkGradients({ shapes: { a: ["B", 2] }, build: ({ a }) => unary(op, a!), ...(range && { range }) });
  });

  it.each(binaryOps)("%s with broadcasting", (op: BinaryGraphOp) => {
    const shapes: Case["shapes"][] = [
      { a: ["B", 2], b: ["B", 2] },
      { a: ["B", 1], b: [4] },
      { a: ["B", 2, 1], b: ["B", 1, 3] },
      { a: [], b: ["B", 2] },
    ];
    for (const each of shapes) checkGradients({ shapes: each, build: ({ a, b }) => binary(op, a!, b!) });
  });

  const arranged: Record<string, Case> = {
    "where on a condition that depends on the input": {
      shapes: { a: ["B", 4], b: ["B", 1] },
      build: ({ a, b }) => where(less(a!, 0.5), sin(a!), mul(a!, b!)),
    },
    "where hides the branch that is undefined": {
      shapes: { a: ["B", 4] },
      build: ({ a }) => where(less(0, a!), sqrt(where(less(0, a!), a!, 1)), square(a!)),
      range: [-1, 1],
    },
    "sum over middle and batch axes": {
      shapes: { a: ["B", 2, 3] },
      build: ({ a }) => mul(sum(square(a!), [1], true), sum(sin(a!), [0], true)),
    },
    "mean, relu, swish": {
      shapes: { a: ["B", 3] },
      build: ({ a }) => add(mean(square(a!), [0]), mul(mean(relu(sub(a!, 0.5)), [0, 1]), swish(a!))),
    },
    "broadcast and reshape": {
      shapes: { a: ["B", 1, 3] },
      build: ({ a }) => square(reshape(broadcast(sin(a!), ["B", 2, 3]), ["B", 6])),
    },
    transpose: {
      shapes: { a: ["B", 2, 3] },
      build: ({ a }) => mul(transpose(sin(a!), [0, 2, 1]), reshape(a!, ["B", 3, 2])),
    },
    "slice, pad, concat": {
      shapes: { a: ["B", 5], b: ["B", 2] },
      build: ({ a, b }) => square(concat([slice(a!, 1, 1, 3), pad(sin(b!), 1, 1, 2), a!], 1)),
    },
    "gather with repeats": {
      shapes: { a: ["B", 3, 2] },
      build: ({ a }, graph) => square(gather(a!, indices(graph, [2, 0, 0, 1, 2]), 1)),
    },
    "scatterAdd with repeats and a gap": {
      shapes: { a: ["B", 5] },
      build: ({ a }, graph) => square(scatterAdd(sin(a!), indices(graph, [2, 0, 0, 3, 2]), 1, 4)),
    },
    "matmul of a batch with weights": {
      shapes: { a: ["B", 3], w: [3, 2], v: [4, 2] },
      build: ({ a, w, v }) => matmul(tanh(matmul(a!, w!)), v!, { transposeB: true }),
    },
    "matmul with both transposes, batched": {
      shapes: { a: ["B", 3, 2], b: ["B", 4, 3] },
      build: ({ a, b }) => matmul(a!, b!, { transposeA: true, transposeB: true }),
    },
    "matmul with broadcast leading axes": {
      shapes: { a: ["B", 2, 3], b: [3, 4] },
      build: ({ a, b }) => matmul(a!, b!),
    },
    "pow with an exponent that is an input": { shapes: { a: ["B", 2], b: [] }, build: ({ a, b }) => pow(a!, b!) },
    "whole and half-integer powers": {
      shapes: { a: ["B", 2] },
      build: ({ a }) => add(pow(a!, 7), add(pow(a!, -3), add(pow(a!, 2.5), pow(a!, 0.3)))),
    },
  };
  it.each(Object.entries(arranged))("%s", (_name, example) => checkGradients(example));
});

function indices(graph: Graph, values: readonly number[]): GraphNode {
  return data(graph, { kind: "values", values }, [values.length], "int32");
}

describe("gradient", () => {
  it("of a second gradient is right (tanh network, the case that tfjs gets wrong)", () => {
    checkGradients({
      shapes: { x: ["B", 2], w: [2, 3], v: [3, 1] },
      build: ({ x, w, v }) => {
        const energy = matmul(tanh(matmul(x!, w!)), v!);
        return square(gradient(energy, [x as NodeOf<"input">])[0]!);
      },
    });
  });

  it("hides an undefined branch behind a condition", () => {
    const graph = createGraph();
    const a = input(graph, "a", ["B"]);
    const [slope] = gradient(where(less(0, a), sqrt(a), mul(3, a)), [a]);
    expect([...evaluateGraph([slope!], { a: [-1, 0, 4] }, 3)[0]!.values]).toEqual([3, 3, 0.25]);
  });

  it("refuses an inner node", () => {
    const graph = createGraph();
    const inner = sin(input(graph, "a", ["B"]));
    expect(() => gradient(square(inner), [inner as NodeOf<"input">])).toThrow(
      "a gradient is taken with respect to real inputs only, got `sin` of real",
    );
  });

  it("is a constant 0 where the output does not depend on the leaf", () => {
    const graph = createGraph();
    const [a, b] = [input(graph, "a", ["B"]), input(graph, "b", ["B", 2])];
    expect(gradient(a, [b])[0]).toBe(constant(graph, 0, ["B", 2]));
  });

  it("adds no operation for the seed: H = p²/2 − cos q costs one sine", () => {
    const graph = createGraph();
    const [q, p] = [input(graph, "q", ["B", 1]), input(graph, "p", ["B", 1])];
    const energy = binary("sub", mul(0.5, square(p)), unary("cos", q));
    const parts = gradient(energy, [q, p]);
    expect(parts[0]!.op).toBe("sin");
    expect(parts[1]).toBe(p);
    expect(reach(parts)).toHaveLength(3);
  });

  it("passes through substitution", () => {
    const graph = createGraph();
    const [a, x] = [input(graph, "a", ["B", 1]), input(graph, "x", ["B", 2])];
    const [slope] = substitute(gradient(sin(square(a)), [a]), new Map([[a, slice(x, 1, 1, 2)]]));
    const values = evaluateGraph([slope!], { x: [9, 0.5] }, 1)[0]!.values;
    expect(values[0]).toBeCloseTo(2 * 0.5 * Math.cos(0.25), 14);
  });
});

describe("folding keeps values", () => {
  const leaf = fc.constantFrom("a", "b", "zero", "one", "minus", "half");
  const tree = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      leaf,
      fc.tuple(fc.constantFrom("add", "sub", "mul", "div", "neg", "square"), tie("tree"), tie("tree")),
    ),
  })).tree;

  it("random sums, products and quotients, against plain arithmetic (1e-12 relative)", () => {
    fc.assert(
      fc.property(tree, (shape) => {
        const graph = createGraph();
        const [a, b] = [input(graph, "a", ["B", 1]), input(graph, "b", [2])];
        const leaves: Record<string, readonly [GraphNode, (k: number) => number]> = {
          a: [a, () => 0.7],
          b: [b, (k) => [1.3, -0.4][k]!],
          zero: [constant(graph, 0), () => 0],
          one: [constant(graph, 1), () => 1],
          minus: [constant(graph, -1), () => -1],
          half: [constant(graph, 0.5), () => 0.5],
        };
        const read = (node: unknown): readonly [GraphNode, (k: number) => number] => {
          if (typeof node === "string") return leaves[node]!;
          const [op, first, second] = node as [string, unknown, unknown];
          const [x, fx] = read(first);
          if (op === "neg") return [neg(x), (k) => -fx(k)];
          if (op === "square") return [square(x), (k) => fx(k) ** 2];
          const [y, fy] = read(second);
          const plain: Record<string, (u: number, v: number) => number> = {
            add: (u, v) => u + v,
            sub: (u, v) => u - v,
            mul: (u, v) => u * v,
            div: (u, v) => u / v,
          };
          return [binary(op as BinaryGraphOp, x, y), (k) => plain[op]!(fx(k), fy(k))];
        };
        const [node, expected] = read(shape);
        const all = broadcast(node, [1, 2].length === 2 && node.shape[0] === "B" ? ["B", 2] : [2]);
        const { values } = evaluateGraph([all], { a: [0.7], b: [1.3, -0.4] }, 1)[0]!;
        for (const k of [0, 1]) {
          const wanted = expected(k);
          // folding 0·x to 0 may define what plain arithmetic leaves undefined
          if (!Number.isFinite(wanted)) continue;
          expect(Math.abs(values[k]! - wanted)).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(wanted)));
        }
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});
