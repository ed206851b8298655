import { describe, expect, it } from "vitest";
import { reference } from "../../src/engine/reference.ts";
import type { Precision } from "../../src/graph/graph.ts";
import { models } from "../../src/hnn/models.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { optimisers } from "../../src/train/optimisers.ts";
import type { TrainOptions } from "../../src/train/options.ts";
import { train } from "../../src/train/train.ts";
import { installedEngines } from "../engine/installed.ts";
import { pendulumRuns, withTestRuns } from "./pendulum-data.ts";

const starts = [
  [1, 0],
  [0.2, 1.1],
  [-0.7, 0.4],
] as const;
const dataset = withTestRuns(pendulumRuns(starts, { points: 8, dt: 0.3 }), 1);
const common: TrainOptions = { steps: 100, rate: 0.003, batch: 8, weightDecay: 1e-3, seed: 1 };

const cases = {
  hnn: () => models.hnn.create({ dimension: 2, hidden: [8, 8] }),
  separable: () => models.separable.create({ dimension: 2, hidden: [8], activation: "softplus" }),
  hybrid: () =>
    models.hybrid.create({
      dimension: 2,
      hidden: [8],
      prior: parseModel("p^2/2 + V(q) + k q^2; k = 0.1 learn; damping p = c; c = 0.1 learn"),
    }),
  mlp: () => models.mlp.create({ dimension: 2, hidden: [8], activation: "swish" }),
  lstm: () => models.lstm.create({ dimension: 2, hidden: [4, 3] }),
} as const;

const others = (await installedEngines()).filter(({ name }) => name !== "reference");
const runs = others.flatMap((engine) =>
  engine.precisions.map((precision) => ({ engine, name: engine.name, precision })),
);

/** How far the losses of 100 steps may be from the interpreter's, relative to the first loss. */
const tolerances: Readonly<Record<Precision, number>> = { f32: 1e-4, f64: 1e-10 };

describe.each(runs)("$name in $precision", ({ engine, precision }) => {
  it.each(Object.entries(cases))(
    "%s: loss by loss what the interpreter gives, and the same bits again",
    async (_, create) => {
      const [loaded, plain] = [await engine.load(), await reference.load()];
      try {
        const model = create();
        const wanted = await train(model, dataset, { ...common, engine: plain, precision: "f64" });
        const found = await train(model, dataset, { ...common, engine: loaded, precision });
        const scale = wanted.losses[0]!;
        found.losses.forEach((loss, step) => {
          expect(Math.abs(loss - wanted.losses[step]!) / scale, `step ${step}`).toBeLessThan(tolerances[precision]);
        });
        expect(found.losses.length).toBe(100);
        expect(Math.abs(found.testLoss - wanted.testLoss) / scale).toBeLessThan(tolerances[precision]);
        const choice = found.checkpoint.choice;
        const resume = {
          step: 0,
          state: { ...zeros(model.parameters.count), parameters: model.parameters.initial(1) },
          choice,
        };
        expect((await train(model, dataset, { ...common, engine: loaded, precision, resume })).parameters).toEqual(
          found.parameters,
        );
      } finally {
        await loaded.close();
      }
    },
    60_000,
  );
});

describe.each(runs)("$name in $precision", ({ engine, precision }) => {
  it("rolls out: 20 losses are the interpreter's", async () => {
    const [loaded, plain] = [await engine.load(), await reference.load()];
    try {
      const options: TrainOptions = { ...common, steps: 20, loss: "roll-out", length: 4 };
      const wanted = await train(cases.hybrid(), dataset, { ...options, engine: plain, precision: "f64" });
      const found = await train(cases.hybrid(), dataset, { ...options, engine: loaded, precision });
      found.losses.forEach((loss, step) => {
        expect(Math.abs(loss - wanted.losses[step]!) / wanted.losses[0]!).toBeLessThan(tolerances[precision]);
      });
    } finally {
      await loaded.close();
    }
  }, 60_000);
});

function zeros(count: number): Record<string, Float64Array> {
  return Object.fromEntries(optimisers.adam.memory.map((name) => [name, new Float64Array(count)]));
}
