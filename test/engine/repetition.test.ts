import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LoadedEngine, Repetition } from "../../src/engine/engine.ts";
import { engines, openEngine } from "../../src/engine/engines.ts";
import { countParameters, probe } from "../../src/engine/probe.ts";
import { reference } from "../../src/engine/reference.ts";
import { selfTest } from "../../src/engine/self-test.ts";
import { gather } from "../../src/graph/arrange.ts";
import { add, div, input, mul, sqrt, square, sub } from "../../src/graph/build.ts";
import type { GraphNode, Precision } from "../../src/graph/graph.ts";
import { type Step, stepParts } from "../../src/graph/step.ts";
import { substitute } from "../../src/graph/substitute.ts";
import { randomNumbers } from "../support/random-numbers.ts";
import { installedEngines } from "./installed.ts";

const widths = [2, 6, 1];
const size = countParameters(widths);
const batch = 5;
const rows = 8;

/** Adam on minibatches: the rows of the data that `pick` names, with step sizes from outside. */
function adam(): Step {
  const { graph, parameters, x, rates, loss, gradient } = probe(widths, "tanh", batch);
  const pick = input(graph, "pick", ["B"], "int32");
  const [rate, correction] = [input(graph, "rate", []), input(graph, "correction", [])];
  const [m, v] = [input(graph, "m", [size]), input(graph, "v", [size])];
  const from = (name: string) => gather(input(graph, name, [rows, 2]), pick, 0);
  const replaced = new Map<GraphNode, GraphNode>([
    [x, from("all x")],
    [rates, from("all rates")],
  ]);
  const [ownLoss, g] = substitute([loss, gradient], replaced) as [GraphNode, GraphNode];
  const nextM = add(mul(0.9, m), mul(0.1, g));
  const nextV = add(mul(0.999, v), mul(0.001, square(g)));
  const next = sub(parameters, div(mul(rate, nextM), add(mul(correction, sqrt(nextV)), 1e-8)));
  return {
    state: [
      { leaf: parameters, next },
      { leaf: m, next: nextM },
      { leaf: v, next: nextV },
    ],
    loss: ownLoss,
    perStep: [rate, correction, pick],
  };
}

function numbers(count: number, seed: number): Float64Array {
  const draw = randomNumbers(seed);
  return Float64Array.from({ length: count }, () => Math.fround(2 * draw() - 1));
}

const start = { parameters: numbers(size, 1), m: new Float64Array(size), v: new Float64Array(size) };
const fixed = { "all x": numbers(2 * rows, 2), "all rates": numbers(2 * rows, 3) };

/** What steps `from … from+count−1` are given. */
function given(from: number, count: number, rate = 0.01): Record<string, number[]> {
  const steps = Array.from({ length: count }, (_, k) => from + k + 1);
  return {
    rate: steps.map((t) => rate / (1 - 0.9 ** t)),
    correction: steps.map((t) => 1 / Math.sqrt(1 - 0.999 ** t)),
    pick: steps.flatMap((t) => Array.from({ length: batch }, (_, k) => (3 * t + k * k) % rows)),
  };
}

const installed = await installedEngines();
const pairs = installed.flatMap(({ name, precisions }) => precisions.map((precision) => [name, precision] as const));

describe.each(pairs)("%s in %s", (name, precision: Precision) => {
  let engine: LoadedEngine;
  beforeAll(async () => {
    engine = await engines[name]().then((found) => found.load());
  });
  afterAll(() => engine.close());
  const ready = (state = start, choice?: Repetition["choice"]): Promise<Repetition> =>
    engine.repeat(adam(), { precision, batch, state, fixed, choice });

  it(`100 steps of Adam on minibatches: losses within ${precision === "f32" ? "1e-4" : "1e-10"} of the interpreter's`, async () => {
    const run = await ready();
    const { losses, failed } = await run.run(100, given(0, 100));
    await run.close();
    const known = await (await reference.load()).repeat(adam(), { precision: "f64", batch, state: start, fixed });
    const wanted = (await known.run(100, given(0, 100))).losses;
    expect(failed).toBeUndefined();
    expect(losses.length).toBe(100);
    expect(losses[99]).toBeLessThan(0.8 * losses[0]!);
    const tolerance = precision === "f32" ? 1e-4 : 1e-10;
    for (const [k, loss] of losses.entries()) {
      expect(Math.abs(loss - wanted[k]!) / wanted[k]!, `step ${k}`).toBeLessThan(tolerance);
    }
  });

  it("in one call, in pieces, and resumed from a copy of the state: the same bits", async () => {
    const whole = await ready();
    const pieces = await ready(start, whole.choice);
    const all = await whole.run(20, given(0, 20));
    const first = await pieces.run(7, given(0, 7));
    const copy = await pieces.state();
    await pieces.close();
    const resumed = await ready(copy as typeof start, whole.choice);
    const rest = await resumed.run(13, given(7, 13));
    expect([...first.losses, ...rest.losses]).toEqual([...all.losses]);
    expect(await resumed.state()).toEqual(await whole.state());
    expect(resumed.choice).toEqual(whole.choice);
    await resumed.setState(start);
    expect((await resumed.run(1, given(0, 1))).losses[0]).toBe(all.losses[0]);
    await whole.close();
    await resumed.close();
  });

  it("stops at a step that is not finite, with the state before it", async () => {
    for (const at of [0, 4]) {
      const run = await ready();
      const known = await ready(start, run.choice);
      const bad = given(0, 9);
      bad.rate![at] = Number.NaN;
      const { losses, failed } = await run.run(9, bad);
      expect(failed).toBe(at);
      expect(losses.length).toBe(at + 1);
      await known.run(at, given(0, at));
      expect(await run.state()).toEqual(await known.state());
      await run.close();
      await known.close();
    }
  });

  it("stops where the loss is not finite: a row of the data is NaN", async () => {
    const damaged = { ...fixed, "all x": fixed["all x"].with(0, Number.NaN) };
    const run = await engine.repeat(adam(), { precision, batch, state: start, fixed: damaged });
    const { failed } = await run.run(9, given(0, 9));
    expect(failed).toBeTypeOf("number");
    expect((await run.state()).parameters!.every(Number.isFinite)).toBe(true);
    await run.close();
  });

  it("does nothing for no steps, and says what is missing", async () => {
    const run = await ready();
    expect((await run.run(0, given(0, 0))).losses.length).toBe(0);
    await expect(run.run(2, given(0, 1))).rejects.toThrow("the input `rate` needs 2 numbers, [2], and is given 1");
    await expect(ready({ ...start, m: new Float64Array(1) })).rejects.toThrow("the input `m` needs 24 numbers");
    await run.close();
  });
});

it.runIf(installed.some(({ name }) => name === "tfjs"))("tfjs leaves no tensors behind", async () => {
  const engine = await openEngine({ engine: "tfjs" });
  const run = await engine.repeat(adam(), { precision: "f32", batch, state: start, fixed });
  const tf = (await import("../../src/engine/tfjs-backends.ts")).startBackends();
  const counts = async () => (await tf).map((backend) => backend.tf.memory().numTensors);
  await run.run(2, given(0, 2));
  const before = await counts();
  await run.run(50, given(2, 50));
  expect(await counts()).toEqual(before);
  await run.close();
});

describe("the self-test", () => {
  it("refuses an engine whose gradients are off by a hundredth", async () => {
    const good = await reference.load();
    const broken: LoadedEngine = {
      ...good,
      name: "broken",
      compile: async (outputs, options) => {
        const executable = await good.compile(outputs, options);
        return {
          ...executable,
          run: async (feeds) => {
            const { gradient } = await executable.run(feeds);
            return {
              gradient: { ...gradient!, values: gradient!.values.map((value, k) => (k === 3 ? 1.01 * value : value)) },
            };
          },
        };
      },
    };
    await expect(selfTest(good, "f64")).resolves.toBeUndefined();
    await expect(selfTest(broken, "f64")).rejects.toThrow("`broken` (the interpreter) computes gradients wrongly");
  });

  it("is passed by what is chosen without a wish, in both precisions", async () => {
    for (const precision of ["f32", "f64"] as const) {
      const engine = await openEngine({ precision });
      expect(engine.precisions).toContain(precision);
      await engine.close();
    }
  });

  it("unknown engines and precisions are refused with what there is", async () => {
    await expect(openEngine({ engine: "torch" })).rejects.toThrow("there is no engine `torch`");
    await expect(openEngine({ engine: "tfjs", precision: "f64" })).rejects.toThrow(
      "`tfjs` computes in f32, not in f64",
    );
  });
});

describe("a step", () => {
  it("keeps shapes, and its loss is one number", () => {
    const { state, loss, perStep } = adam();
    const [first] = state;
    const leaf = first!.leaf;
    expect(() => stepParts({ state, loss: leaf, perStep })).toThrow("a loss is one number, not [24]");
    expect(() => stepParts({ state: [{ leaf, next: loss }], loss, perStep })).toThrow("`parameters` [24] becomes []");
  });
});
