import { describe, expect, it } from "vitest";
import { makeDataset } from "../../src/data/dataset.ts";
import { reference } from "../../src/engine/reference.ts";
import { sum } from "../../src/graph/arrange.ts";
import { input, mul, square, sub } from "../../src/graph/build.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import { createGraph } from "../../src/graph/graph.ts";
import { models } from "../../src/hnn/models.ts";
import { train } from "../../src/train/train.ts";
import { pendulumRuns } from "../train/pendulum-data.ts";
import { expectGradient, wave } from "./parameter-gradient.ts";

const normalisation = { shift: [0.6, -0.4], scale: [0.5, 0.8], rates: [4, 0.2], energy: 2 };
const [batch, length] = [3, 5];

function build(options: { readonly hidden: readonly number[]; readonly normalised: boolean }) {
  const model = models.lstm.create({
    dimension: 2,
    hidden: options.hidden,
    normalisation: options.normalised ? normalisation : undefined,
  });
  const graph = createGraph();
  const parameters = input(graph, "parameters", [model.parameters.count]);
  const states = input(graph, "states", ["B", length, 2]);
  const wanted = input(graph, "wanted", ["B", length, 2]);
  const rates = model.sequence!.rates({ parameters, states });
  const loss = mul(0.1, sum(square(sub(rates, wanted)), [0, 1, 2]));
  const feeds = {
    parameters: model.parameters.initial(1),
    states: wave(batch * length * 2, 2),
    wanted: wave(batch * length * 2, 3),
  };
  return { model, parameters, rates, loss, feeds };
}

describe.each([
  { hidden: [4], normalised: false },
  { hidden: [3, 2], normalised: true },
])("cells of $hidden, normalised: $normalised", (options) => {
  it("the parameter gradient of a loss is the central difference in every entry", () => {
    const { loss, parameters, feeds } = build(options);
    expectGradient(loss, parameters, feeds, batch);
  });

  it("plain steps give what the graph gives, within 1e-13: the same operations in another order", () => {
    const { model, rates, feeds } = build(options);
    const wanted = evaluateGraph([rates], feeds, batch)[0]!.values;
    for (let b = 0; b < batch; b++) {
      const step = model.sequence!.begin(feeds.parameters);
      for (let k = 0; k < length; k++) {
        const at = 2 * (b * length + k);
        const out = new Float64Array(2);
        step(feeds.states.subarray(at, at + 2), out);
        for (const i of [0, 1])
          expect(Math.abs(out[i]! - wanted[at + i]!)).toBeLessThan(1e-13 * (1 + Math.abs(out[i]!)));
      }
    }
  });

  it("remembers: the rate at a state depends on the states before it", () => {
    const { model, feeds } = build(options);
    const step = model.sequence!.begin(feeds.parameters);
    const [first, again] = [new Float64Array(2), new Float64Array(2)];
    step(Float64Array.of(0.3, 0.1), first);
    step(Float64Array.of(0.3, 0.1), again);
    expect(again).not.toEqual(first);
  });
});

const engine = await reference.load();
const swings = pendulumRuns(
  [
    [1, 0],
    [0, 0.9],
  ],
  { points: 24, dt: 0.4 },
);

it("learns a pendulum's swings: its own outputs fed back stay within 0.2 of an amplitude of 1 for a period", async () => {
  const model = models.lstm.create({ dimension: 2, hidden: [10] });
  const options = { engine, precision: "f64", steps: 400, batch: 6, rate: 0.02, schedule: { kind: "cosine" } } as const;
  const { losses, loss, trainLoss, parameters } = await train(model, swings, options);
  expect(loss).toBe("sequence");
  expect(trainLoss).toBeLessThan(losses[0]! / 100);
  const step = model.sequence!.begin(parameters);
  const [x, rate] = [Float64Array.of(1, 0), new Float64Array(2)];
  for (let k = 1; k <= 16; k++) {
    step(x, rate);
    for (const i of [0, 1]) {
      x[i]! += 0.4 * rate[i]!;
      expect(Math.abs(x[i]! - swings.states[2 * k + i]!)).toBeLessThan(0.2);
    }
  }
});

it("does not train on derivatives, nor does a field on sequences", async () => {
  const model = models.lstm.create({ dimension: 2, hidden: [4] });
  const options = { engine, precision: "f64", steps: 1 } as const;
  await expect(train(model, swings, { ...options, loss: "derivatives" })).rejects.toThrow(
    "the model `lstm` has no field: its loss is `sequence`",
  );
  await expect(train(models.hnn.create({ dimension: 2 }), swings, { ...options, loss: "sequence" })).rejects.toThrow(
    "the model `hnn` has a field: the loss `sequence` is not for it",
  );
});

it("takes windows as long as the longest stretch of rows where that is short", async () => {
  const { sequence } = (await import("../../src/train/losses.ts")).losses;
  const parts = { coordinates: ["q"], momenta: ["p"], times: Float64Array.of(0, 1, 2), states: wave(6, 0) };
  const { count, arrays } = sequence.samples(makeDataset(parts), "train");
  expect([count, arrays.dt!.width]).toEqual([1, 2]);
});
