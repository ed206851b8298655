import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LoadedEngine } from "../../src/engine/engine.ts";
import { type EngineName, engines } from "../../src/engine/engines.ts";
import { probe } from "../../src/engine/probe.ts";
import { gradientError, tolerances } from "../../src/engine/self-test.ts";
import { gather, mean, sum } from "../../src/graph/arrange.ts";
import { add, input, mul, sin, square, unary } from "../../src/graph/build.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import { gradient } from "../../src/graph/gradient.ts";
import { createGraph, type GraphNode, type Precision } from "../../src/graph/graph.ts";
import type { UnaryGraphOp } from "../../src/graph/ops.ts";
import { scan } from "../../src/graph/scan.ts";
import { activationNames } from "../../src/network.ts";
import { randomNumbers } from "../support/random-numbers.ts";
import { installedEngines } from "./installed.ts";
import { hardArguments, looser, uses } from "./operations.ts";

const batch = 3;
/** Of the largest entry: some units in the last place, a few operations deep. */
const closeness = { f32: 2e-6, f64: 4e-15 } as const satisfies Record<Precision, number>;

const pairs = (await installedEngines()).flatMap(({ name, precisions }) =>
  precisions.map((precision) => [name, precision] as const),
);

function numbers(count: number, seed: number): Float64Array {
  const next = randomNumbers(seed);
  return Float64Array.from({ length: count }, () => Math.fround(0.1 + 0.8 * next()));
}

describe.each(pairs)("%s in %s = the interpreter", (name: EngineName, precision: Precision) => {
  let engine: LoadedEngine;
  beforeAll(async () => {
    engine = await (await engines[name]()).load();
  });
  afterAll(() => engine.close());

  async function expectSame(
    nodes: readonly GraphNode[],
    feeds: Record<string, Float64Array>,
    tolerance: number = closeness[precision],
    samples = batch,
  ): Promise<void> {
    const outputs = Object.fromEntries(nodes.map((node, k) => [`out${k}`, node]));
    const executable = await engine.compile(outputs, { precision });
    const found = await executable.run(feeds);
    await executable.close();
    for (const [k, { shape, values }] of evaluateGraph(nodes, feeds, samples).entries()) {
      const own = found[`out${k}`]!;
      expect(own.shape).toEqual(shape);
      const scale = Math.max(1, ...values.map(Math.abs));
      for (const [i, value] of values.entries()) {
        expect(Math.abs(value - own.values[i]!) / scale, `entry ${i}`).toBeLessThanOrEqual(tolerance);
      }
    }
  }

  it.each(Object.entries(uses))("%s", async (op, build) => {
    const graph = createGraph();
    const [a, b] = [input(graph, "a", ["B", 4]), input(graph, "b", ["B", 4])];
    const feeds = { a: numbers(4 * batch, 1), b: numbers(4 * batch, 2) };
    await expectSame(
      [build(a, b)],
      feeds,
      looser[op as UnaryGraphOp] &&
        Math.max(closeness[precision], precision === "f32" ? looser[op as UnaryGraphOp]! : 0),
    );
  });

  // tfjs computes some in ways that lose small arguments; it is the fall-back, and the cases are out of the way
  it.runIf(name !== "tfjs").each(Object.entries(hardArguments))("%s, relative to each value", async (op, values) => {
    const graph = createGraph();
    const a = input(graph, "a", ["B"]);
    const feeds = { a: Float64Array.from(values, precision === "f32" ? Math.fround : Number) };
    const node = unary(op as UnaryGraphOp, a);
    const executable = await engine.compile({ node }, { precision });
    const found = (await executable.run(feeds)).node!.values;
    await executable.close();
    const wanted = evaluateGraph([node], feeds, values.length)[0]!.values;
    for (const [i, value] of wanted.entries()) {
      const error = value === found[i] ? 0 : Math.abs(value - found[i]!) / Math.abs(value);
      expect(error, `${op}(${values[i]}) = ${value}, found ${found[i]}`).toBeLessThan(
        precision === "f32" ? 2e-6 : 4e-15,
      );
    }
  });

  it.each(activationNames)("parameter gradient with %s, every entry", async (activation) => {
    const made = probe([2, 5, 4, 1], activation, batch);
    const feeds = { parameters: numbers(43, 3), x: numbers(2 * batch, 4), rates: numbers(2 * batch, 5) };
    await expectSame([made.loss, made.gradient], feeds, 20 * closeness[precision]);
  });

  it.each(["tanh", "softplus", "swish", "sin"] as const)(
    `parameter gradient with %s = central differences (${tolerances[precision]})`,
    async (activation) => {
      expect(await gradientError(engine, precision, probe([2, 4, 1], activation, 3))).toBeLessThan(
        tolerances[precision],
      );
    },
  );

  it("a scan, its gradient, and the gradient of that; forwards and backwards", async () => {
    for (const reverse of [false, true]) {
      const graph = createGraph();
      const length = 4;
      const a = input(graph, "a", ["B", 2]);
      const u = input(graph, "u", ["B", length, 2]);
      const v = input(graph, "v", [length]);
      const w = input(graph, "w", [2]);
      const { last, history, collected } = scan(
        graph,
        { length, reverse, carries: [a], sequences: [u, v], constants: [w] },
        ({ carries: [y], sequences: [p, r], constants: [k] }) => {
          const next = sin(add(mul(y!, square(k!)), mul(p!, r!)));
          return { carries: [next], collected: [square(next), y!] };
        },
      );
      const all = [...last, ...history, ...collected];
      const total = all.map((part) => sum(square(part), [...part.shape.keys()])).reduce(add);
      const slopes = gradient(total, [a, u, v, w]);
      const again = slopes.map((slope) => sum(square(slope), [...slope.shape.keys()])).reduce(add);
      const feeds = { a: numbers(6, 1), u: numbers(24, 2), v: numbers(4, 3), w: numbers(2, 4) };
      await expectSame([...all, ...slopes, ...gradient(again, [a, w])], feeds, 50 * closeness[precision]);
    }
  });

  it("rows of a table by an index that is fed in, and what the table receives, repeats added up", async () => {
    const graph = createGraph();
    const table = input(graph, "table", [5, 2]);
    const rows = gather(table, input(graph, "pick", ["B"], "int32"), 0);
    const slope = gradient(sum(square(rows), [0, 1]), [table]);
    const feeds = { table: numbers(10, 1), pick: Float64Array.of(4, 0, 4) };
    await expectSame([rows, ...slope], feeds);
  });

  it("means over samples and entries, and their gradients", async () => {
    const graph = createGraph();
    const a = input(graph, "a", ["B", 4]);
    const all = [mean(sin(a), [0, 1]), mean(sin(a), [0]), mean(sin(a), [1])];
    const slopes = all.map((each) => gradient(sum(square(each), [...each.shape.keys()]), [a])[0]!);
    for (const samples of [1, 3]) {
      await expectSame([...all, ...slopes], { a: numbers(4 * samples, 1) }, closeness[precision], samples);
    }
  });

  it("a scan without sequences", async () => {
    const graph = createGraph();
    const a = input(graph, "a", ["B", 2]);
    const { last } = scan(graph, { length: 3, carries: [a] }, ({ carries: [y] }) => ({ carries: [sin(y!)] }));
    await expectSame(last, { a: numbers(6, 1) });
  });

  it("other numbers of samples, and what a missing or wrong input is told", async () => {
    const graph = createGraph();
    const a = input(graph, "a", ["B", 2]);
    const c = input(graph, "c", [2]);
    const executable = await engine.compile({ out: mul(a, c) }, { precision });
    for (const samples of [1, 5]) {
      const { out } = await executable.run({ a: numbers(2 * samples, 1), c: [1, 2] });
      expect(out!.shape).toEqual([samples, 2]);
    }
    await expect(executable.run({ a: [1, 2] })).rejects.toThrow("the input `c` is not given");
    await expect(executable.run({ a: [1, 2], c: [1] })).rejects.toThrow(
      "the input `c` needs 2 numbers, [2], and is given 1",
    );
    await executable.close();
  });

  it("values that stay are handed over once; each run is given the others, and says what is missing", async () => {
    const graph = createGraph();
    const [a, b, c] = [input(graph, "a", ["B", 2]), input(graph, "b", ["B", 1]), input(graph, "c", [2])];
    const kept = Float64Array.of(1, 2, 3, 4);
    const executable = await engine.compile({ out: add(mul(a, c), b) }, { precision, fixed: { a: kept } });
    kept.fill(0);
    const runs = [];
    for (const scale of [1, 10]) runs.push((await executable.run({ c: [scale, 1], b: [0.5, 0] })).out!);
    expect(runs.map(({ values }) => [...values])).toEqual([
      [1.5, 2.5, 3, 4],
      [10.5, 2.5, 30, 4],
    ]);
    await expect(executable.run({ c: [1, 1] })).rejects.toThrow("the input `b` is not given");
    await expect(executable.run({ c: [1, 1], b: [1] })).rejects.toThrow("`b` needs 2 numbers, [2, 1], and is given 1");
    await executable.close();
  });
});
