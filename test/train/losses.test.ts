import { describe, expect, it } from "vitest";
import { makeDataset } from "../../src/data/dataset.ts";
import { reference } from "../../src/engine/reference.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import { models } from "../../src/hnn/models.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { evaluateLoss } from "../../src/train/evaluate-loss.ts";
import { lossGraph, sampleFeeds } from "../../src/train/loss-graph.ts";
import { type LossName, losses } from "../../src/train/losses.ts";
import { expectGradient } from "../hnn/parameter-gradient.ts";
import { pendulumRuns, withTestRuns } from "./pendulum-data.ts";

/** Those of fields; the loss of sequences is tested with its model. */
const names = (Object.keys(losses) as LossName[]).filter((name) => name !== "sequence");
const starts = [
  [1, 0],
  [0.2, 1.1],
] as const;

/** The loss of a model on a pendulum's swings. */
function build(name: LossName, dt: number, text?: string, length = 2) {
  const prior = text === undefined ? undefined : parseModel(text);
  const model = prior
    ? models.hybrid.create({ dimension: 2, prior, residual: false })
    : models.hnn.create({ dimension: 2, hidden: [4] });
  const loss = losses[name];
  const samples = loss.samples(pendulumRuns(starts, { points: length + 2, dt }), "train", { length });
  const graph = lossGraph({ model, loss, samples, batch: samples.count });
  const feeds = { ...sampleFeeds(samples, [graph.loss]), parameters: model.parameters.initial(1) };
  return { ...graph, feeds, samples };
}

function valueAt(name: LossName, dt: number, text: string): number {
  const { loss, feeds, samples } = build(name, dt, text);
  return evaluateGraph([loss], feeds, samples.count)[0]!.values[0]!;
}

describe.each(names)("%s", (name) => {
  it("has the gradient of central differences in every parameter", () => {
    const { loss, parameters, feeds, samples } = build(name, 0.3);
    expectGradient(loss, parameters, feeds, samples.count);
  });

  it("is a hundred times larger where the formula is wrong", () => {
    const [wrong, right] = [1.5, 1].map((k) => valueAt(name, 0.1, `p^2/2 - k cos(q); k = ${k} learn`));
    expect(wrong).toBeGreaterThan(100 * right!);
  });
});

it("a long roll-out, which is a loop, has the gradient of central differences too", () => {
  const { loss, parameters, feeds, samples } = build("roll-out", 0.3, undefined, 6);
  expectGradient(loss, parameters, feeds, samples.count);
});

describe("the true formula's loss", () => {
  const truth = "p^2/2 - k cos(q); k = 1 learn";

  it("is 0 for derivatives, to rounding", () => {
    expect(valueAt("derivatives", 0.1, truth)).toBeLessThan(1e-30);
  });

  // errors go as dt², dt⁴, dt⁵, their mean squares as dt⁴, dt⁸, dt¹⁰; ±0.15 is the higher orders' share at these steps
  it.each([
    ["midpoint", 4],
    ["leapfrog", 4],
    ["one-step", 8],
    // in states instead of derivatives, hence a power of the step more
    ["roll-out", 10],
  ] as const)("%s: falls with the step's power %i", (name, order) => {
    const slope = Math.log2(valueAt(name, 0.05, truth) / valueAt(name, 0.025, truth));
    expect(Math.abs(slope - order)).toBeLessThan(0.15);
  });
});

it("leapfrog: orbits of its own steps have no error, with a mass other than 1", () => {
  const [m, dt] = [0.4, 0.3];
  const rows = [[0.9, 0.2]];
  while (rows.length < 6) {
    const [q, p] = rows.at(-1) as [number, number];
    const middle = p - (dt / 2) * Math.sin(q);
    const after = q + (dt * middle) / m;
    rows.push([after, middle - (dt / 2) * Math.sin(after)]);
  }
  const times = Float64Array.from(rows, (_, k) => k * dt);
  const dataset = makeDataset({ coordinates: ["q"], momenta: ["p"], times, states: Float64Array.from(rows.flat()) });
  const model = models.hybrid.create({
    dimension: 2,
    prior: parseModel(`p^2/(2 m) - k cos(q); m = ${m}; k = 1 learn`),
  });
  const samples = losses.leapfrog.samples(dataset, "train");
  const { loss } = lossGraph({ model, loss: losses.leapfrog, samples, batch: samples.count });
  const feeds = { ...sampleFeeds(samples, [loss]), parameters: model.parameters.initial(0) };
  expect(evaluateGraph([loss], feeds, samples.count)[0]!.values[0]!).toBeLessThan(1e-30);
});

describe("samples", () => {
  const dataset = pendulumRuns(starts, { points: 4, dt: 0.25 });

  it("of pairs stay within runs", () => {
    const { count, arrays } = losses.midpoint.samples(dataset, "train");
    expect(count).toBe(6);
    expect(Array.from(arrays.dt!.values)).toEqual(new Array(6).fill(0.25));
    expect(Array.from(arrays.x!.values.subarray(6, 8))).toEqual([0.2, 1.1]);
    expect(arrays.next!.values.subarray(0, 4)).toEqual(dataset.states.subarray(2, 6));
  });

  it("of pairs are in a part with both rows", () => {
    const marked = makeDataset({ ...dataset, test: Uint8Array.of(0, 0, 1, 0, 1, 1, 0, 0) });
    expect(losses.midpoint.samples(marked, "train").count).toBe(2);
    expect(losses.midpoint.samples(marked, "test").count).toBe(1);
  });

  it("of roll-outs hold all rows of their windows, beside each other", () => {
    const { count, arrays } = losses["roll-out"].samples(dataset, "train", { length: 2 });
    expect(count).toBe(4);
    expect(arrays.next!.width).toBe(4);
    expect(arrays.next!.values.subarray(8, 12)).toEqual(dataset.states.subarray(10, 14));
    expect(arrays.x!.values.subarray(4, 6)).toEqual(dataset.states.subarray(8, 10));
    expect(Array.from(arrays.dt!.values)).toEqual(new Array(8).fill(0.25));
    const marked = makeDataset({ ...dataset, test: Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 1) });
    expect(losses["roll-out"].samples(marked, "train", { length: 2 }).count).toBe(1);
    expect(() => losses["roll-out"].samples(dataset, "train", { length: 0 })).toThrow("not 0");
  });

  it("follow the marks for testing", () => {
    const marked = withTestRuns(dataset, 1);
    expect(losses.derivatives.samples(marked, "train").count).toBe(4);
    expect(losses.derivatives.samples(marked, "test").arrays.x!.values).toEqual(dataset.states.subarray(8));
  });

  it("are refused where data lacks what a loss needs", () => {
    const bare = makeDataset({ ...dataset, derivatives: undefined, times: undefined });
    expect(() => losses.derivatives.samples(bare, "train")).toThrow("the data has no derivatives (dq/dt dp/dt)");
    expect(() => losses.midpoint.samples(bare, "train")).toThrow("the rows have no times");
    const times = dataset.times!.with(2, 0.25);
    const still = makeDataset({ ...dataset, times });
    expect(() => losses["one-step"].samples(still, "train")).toThrow("rows 2 and 3 have the same time, 0.25");
  });
});

it("a roll-out of one step is a step, in states instead of derivatives", () => {
  const dataset = pendulumRuns(starts, { points: 4, dt: 0.5 });
  const model = models.hnn.create({ dimension: 2, hidden: [4] });
  const meanSquareOf = (name: LossName) => {
    const samples = losses[name].samples(dataset, "train", { length: 1 });
    const { loss } = lossGraph({ model, loss: losses[name], samples, batch: samples.count });
    const feeds = { ...sampleFeeds(samples, [loss]), parameters: model.parameters.initial(2) };
    return evaluateGraph([loss], feeds, samples.count)[0]!.values[0]!;
  };
  expect(meanSquareOf("roll-out")).toBeCloseTo(0.25 * meanSquareOf("one-step"), 14);
});

it("a loss on many samples, in portions, is that of all at once", async () => {
  const dataset = pendulumRuns(starts, { points: 2500, dt: 0.01 });
  const model = models.hnn.create({ dimension: 2, hidden: [4] });
  const parameters = model.parameters.initial(2);
  const samples = losses.derivatives.samples(dataset, "train");
  const { loss } = lossGraph({ model, loss: losses.derivatives, samples, batch: 5000 });
  const [whole] = evaluateGraph([loss], { ...sampleFeeds(samples, [loss]), parameters }, 5000);
  const parts = { model, loss: losses.derivatives, samples };
  const found = await evaluateLoss(await reference.load(), parts, { parameters, precision: "f64" });
  // sums of 5000 numbers in another order
  expect(Math.abs(found / whole!.values[0]! - 1)).toBeLessThan(1e-12);
  const none = { ...parts, samples: losses.derivatives.samples(dataset, "test") };
  expect(await evaluateLoss(await reference.load(), none, { parameters, precision: "f64" })).toBeNaN();
});

it("the penalty is the mean square of what the network adds", () => {
  const prior = parseModel("p^2/2 - cos(q)");
  const model = models.hybrid.create({ dimension: 2, hidden: [3], prior });
  const loss = losses.derivatives;
  const samples = loss.samples(pendulumRuns(starts, { points: 3, dt: 0.2 }), "train");
  const parts = lossGraph({ model, loss, samples, batch: samples.count, residualPenalty: 0.5 });
  const feeds = { ...sampleFeeds(samples, [parts.objective]), parameters: model.parameters.initial(0) };
  const [fit, objective] = evaluateGraph([parts.loss, parts.objective], feeds, samples.count);
  // the formula is exact here, so that all of the loss is what the network adds
  expect(objective!.values[0]).toBeCloseTo(1.5 * fit!.values[0]!, 14);
  expect(fit!.values[0]).toBeGreaterThan(1e-3);
});
