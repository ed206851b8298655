import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LoadedEngine } from "../../src/engine/engine.ts";
import { concat, gather, matmul, mean, reshape, slice, sum, transpose } from "../../src/graph/arrange.ts";
import {
  add,
  constant,
  data,
  div,
  exp,
  input,
  less,
  mul,
  pow,
  sin,
  square,
  sub,
  tanh,
  where,
} from "../../src/graph/build.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import { gradient } from "../../src/graph/gradient.ts";
import { createGraph, type GraphNode, type NodeOf } from "../../src/graph/graph.ts";
import { jacobian, jacobianTimes } from "../../src/graph/jacobian.ts";
import { scan } from "../../src/graph/scan.ts";
import { installedEngines } from "../engine/installed.ts";
import { randomNumbers } from "../support/random-numbers.ts";

const batch = 3;
const count = 18;

function numbers(length: number, seed: number): Float64Array {
  const next = randomNumbers(seed);
  return Float64Array.from({ length }, () => 0.2 + 0.8 * next());
}

const feeds = { theta: numbers(count, 1), x: numbers(2 * batch, 2) };

type Leaf = NodeOf<"input">;

/** Ways in which what samples share meets what they have of their own; each `[B, width]` of theta and x. */
const cases: Readonly<Record<string, (theta: Leaf, x: Leaf) => GraphNode>> = {
  "a network": (theta, x) => {
    const hidden = tanh(add(matmul(x, reshape(slice(theta, 0, 0, 6), [2, 3])), slice(theta, 0, 6, 9)));
    return matmul(hidden, reshape(slice(theta, 0, 9, 18), [3, 3]));
  },
  "the field of a network's energy": (theta, x) => {
    const hidden = tanh(add(matmul(x, reshape(slice(theta, 0, 0, 8), [2, 4])), slice(theta, 0, 8, 12)));
    const energy = matmul(square(hidden), reshape(slice(theta, 0, 12, 16), [4, 1]));
    return gradient(energy, [x])[0]!;
  },
  "transposed matrices": (theta, x) =>
    add(
      matmul(x, reshape(slice(theta, 0, 0, 6), [3, 2]), { transposeB: true }),
      matmul(sin(x), transpose(reshape(slice(theta, 0, 6, 12), [3, 2]), [1, 0])),
    ),
  "numbers, quotients, powers and conditions": (theta, x) => {
    const [a, b, c] = [0, 1, 2].map((k) => reshape(slice(theta, 0, k, k + 1), []));
    const power = pow(add(1, slice(x, 1, 0, 1)), b!);
    const chosen = where(less(c!, x), mul(x, exp(a!)), div(b!, add(x, c!)));
    return concat([power, chosen, sub(mul(a!, b!), x)], 1);
  },
  "matrices that are computed from parameters alone": (theta, x) => {
    const left = reshape(slice(theta, 0, 0, 6), [2, 3]);
    const right = reshape(slice(theta, 0, 6, 15), [3, 3]);
    const w = mul(matmul(left, sin(right)), sum(square(left), [0], true));
    return matmul(x, concat([w, mean(left, [1]).shape.length === 1 ? reshape(mean(left, [1]), [2, 1]) : left], 1));
  },
  "entries picked by a fixed index, and a matrix on the left": (theta, x) => {
    const index = data(theta.graph, { kind: "values", values: [4, 0, 4, 2] }, [4], "int32");
    const picked = reshape(gather(theta, index, 0), [2, 2]);
    return reshape(matmul(picked, reshape(x, ["B", 2, 1])), ["B", 2]);
  },
  "sums over terms of a sample": (theta, x) => {
    const each = mul(reshape(x, ["B", 2, 1]), reshape(slice(theta, 0, 0, 3), [1, 3]));
    return sum(sin(add(each, slice(theta, 0, 3, 6))), [2]);
  },
};

/** [batch, width, n] by central differences: step² · third derivative and 1e-16/step, about 1e-10. */
function byDifferences(output: GraphNode): number[][] {
  const step = 1e-5;
  const width = output.shape[1] as number;
  const columns = Array.from(feeds.theta, (value, entry) => {
    const at = (moved: number) =>
      evaluateGraph([output], { ...feeds, theta: feeds.theta.with(entry, moved) }, batch)[0]!.values;
    const [high, low] = [at(value + step), at(value - step)];
    return high.map((each, k) => (each - low[k]!) / (2 * step));
  });
  return Array.from({ length: batch * width }, (_, row) => columns.map((column) => column[row]!));
}

function build(make: (theta: Leaf, x: Leaf) => GraphNode) {
  const graph = createGraph();
  const theta = input(graph, "theta", [count]);
  return { theta, output: make(theta, input(graph, "x", ["B", 2])) };
}

const rollOut = (theta: Leaf, x: Leaf): GraphNode => {
  const inputs = { length: 4, carries: [x], constants: [reshape(slice(theta, 0, 0, 4), [2, 2])] };
  const { last } = scan(theta.graph, inputs, ({ carries: [y], constants: [w] }) => ({
    carries: [add(y!, sin(matmul(y!, w!)))],
  }));
  return last[0]!;
};

const engines = (await installedEngines()).flatMap((engine) =>
  engine.precisions.map((precision) => ({ engine, name: engine.name, precision })),
);
/** Of entries of order one: the central difference's own error, and a few roundings of f32. */
const tolerances = { f64: 1e-8, f32: 2e-5 } as const;

describe.each(engines)("$name in $precision: every entry is the central difference", ({ engine, precision }) => {
  let loaded: LoadedEngine;
  beforeAll(async () => {
    loaded = await engine.load();
  });
  afterAll(() => loaded.close());

  const run = async (node: GraphNode, more = {}) => {
    const executable = await loaded.compile({ node }, { precision, fixed: { x: feeds.x } });
    const { node: found } = await executable.run({ ...feeds, ...more });
    await executable.close();
    return found!;
  };

  it.each(Object.entries(cases))("%s", async (_, make) => {
    const { theta, output } = build(make);
    const wanted = byDifferences(output).flat();
    const found = await run(jacobian(output, theta)!);
    expect(found.shape).toEqual([batch, output.shape[1], count]);
    wanted.forEach((value, k) => {
      const error = Math.abs(found.values[k]! - value) / (1 + Math.abs(value));
      expect(error, `entry ${k}`).toBeLessThan(tolerances[precision]);
    });
  });

  it.each(Object.entries({ ...cases, "a loop": rollOut }))("%s, times a direction", async (_, make) => {
    const { theta, output } = build(make);
    const direction = numbers(count, 5);
    const wanted = byDifferences(output).map((row) => row.reduce((total, each, k) => total + each * direction[k]!, 0));
    const node = jacobianTimes(output, theta, input(theta.graph, "direction", [count]));
    const found = await run(node, { direction });
    wanted.forEach((value, k) => {
      const error = Math.abs(found.values[k]! - value) / (1 + Math.abs(value));
      expect(error, `entry ${k}`).toBeLessThan(5 * tolerances[precision]);
    });
  });
});

it("has no matrix where shared values go through a loop", () => {
  const { theta, output } = build(rollOut);
  expect(jacobian(output, theta)).toBeUndefined();
});

it("is zero for what the output does not depend on", () => {
  const { theta, output } = build((_theta, x) => sin(x));
  const [zeros] = evaluateGraph([jacobian(output, theta)!], {}, batch);
  expect(zeros).toEqual({ shape: [batch, 2, count], values: new Float64Array(batch * 2 * count) });
  const direction = input(theta.graph, "direction", [count]);
  expect(jacobianTimes(output, theta, direction)).toBe(constant(theta.graph, 0, ["B", 2]));
});
