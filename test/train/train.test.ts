import { describe, expect, it } from "vitest";
import { makeDataset } from "../../src/data/dataset.ts";
import { reference } from "../../src/engine/reference.ts";
import { models } from "../../src/hnn/models.ts";
import { parseModel } from "../../src/parser/parse.ts";
import type { Checkpoint, TrainOptions } from "../../src/train/options.ts";
import { train } from "../../src/train/train.ts";
import { pendulumRuns, withTestRuns } from "./pendulum-data.ts";

const starts = [
  [1, 0],
  [0.2, 1.1],
  [-0.7, 0.4],
] as const;
const dataset = withTestRuns(pendulumRuns(starts, { points: 8, dt: 0.3 }), 1);
const engine = await reference.load();
const common: TrainOptions = { engine, precision: "f64", steps: 50, rate: 0.01 };
const small = { dimension: 2, hidden: [8] } as const;

describe("50 steps with 8 hidden units", () => {
  it.each([models.hnn, models.separable, models.dissipative, models.mlp])(
    "$name: the loss falls to less than a fifth",
    async (family) => {
      const { losses, trainLoss, testLoss, stopped } = await train(family.create(small), dataset, common);
      expect(losses.length).toBe(50);
      expect(stopped).toBeUndefined();
      expect(trainLoss).toBeLessThan(losses[0]! / 5);
      expect(testLoss).toBeLessThan(losses[0]! / 2);
    },
  );

  it.each(["derivatives", "midpoint", "one-step", "roll-out"] as const)(
    "with the loss `%s`, in minibatches",
    async (loss) => {
      const { losses, trainLoss, batch } = await train(models.hnn.create(small), dataset, {
        ...common,
        loss,
        batch: 5,
        length: 3,
      });
      expect(batch).toBe(5);
      expect(trainLoss).toBeLessThan(losses[0]! / 5);
    },
  );

  it("finds a formula's constants: k = 1 from 0.5, c = 0 from 0.2, to 1e-3", async () => {
    const prior = parseModel("p^2/2 - k cos(q); k = 0.5 learn; damping p = c; c = 0.2 learn");
    const model = models.hybrid.create({ dimension: 2, prior, residual: false });
    const schedule = { kind: "exponential" } as const;
    const options = { ...common, optimiser: "adam", steps: 300, rate: 0.05, schedule } as const;
    const { constants } = await train(model, dataset, options);
    expect(Math.abs(constants.k![0]! - 1)).toBeLessThan(1e-3);
    expect(Math.abs(constants.c![0]!)).toBeLessThan(1e-3);
  });

  it("learns what a formula leaves out", async () => {
    const prior = parseModel("p^2/2 + V(q)");
    const model = models.hybrid.create({ dimension: 2, hidden: [8], prior });
    const { losses, trainLoss } = await train(model, dataset, common);
    expect(trainLoss).toBeLessThan(losses[0]! / 5);
  });
});

describe("the same bits", () => {
  const options = { ...common, steps: 20, batch: 4, seed: 3 };
  const trained = (more: TrainOptions = {}) => train(models.hnn.create(small), dataset, { ...options, ...more });

  it("come of the same seed, others of another", async () => {
    const { parameters } = await trained();
    expect((await trained()).parameters).toEqual(parameters);
    expect((await trained({ seed: 4 })).parameters).not.toEqual(parameters);
  });

  it("come of a run that stopped and went on", async () => {
    const schedule = { kind: "cosine" } as const;
    const whole = await trained({ steps: 120, schedule });
    let saved: Checkpoint | undefined;
    const aborted = new AbortController();
    const onCheckpoint = (checkpoint: Checkpoint) => {
      saved = checkpoint;
      aborted.abort();
    };
    const { stopped } = await trained({ steps: 120, schedule, onCheckpoint, signal: aborted.signal });
    expect(saved!.step).toBe(100);
    expect(stopped).toEqual({ step: 100, reason: "interrupted" });
    const resumed = await trained({ steps: 120, schedule, resume: saved });
    expect(resumed.losses.length).toBe(20);
    expect(resumed.parameters).toEqual(whole.parameters);
  });
});

describe("a run ends early", () => {
  it("when it is told to, with what was trained so far", async () => {
    const aborted = new AbortController();
    const onCheckpoint = () => aborted.abort();
    const { signal } = aborted;
    const { stopped, checkpoint, parameters } = await train(models.hnn.create(small), dataset, {
      ...common,
      steps: 300,
      onCheckpoint,
      signal,
    });
    expect(stopped).toEqual({ step: 100, reason: "interrupted" });
    expect(checkpoint.step).toBe(100);
    expect(parameters).toEqual(checkpoint.state.parameters);
  });

  it("at a step that is not finite, with the best parameters that were seen", async () => {
    const model = models.hybrid.create({
      dimension: 2,
      prior: parseModel("p^2/2 + cosh(k q^2); k = 1 learn"),
      residual: false,
    });
    const first = model.parameters.initial(0);
    const { stopped, parameters, losses } = await train(model, dataset, { ...common, optimiser: "adam", rate: 1e6 });
    expect(stopped).toEqual({ step: 1, reason: "not finite" });
    expect(losses.length).toBe(2);
    expect(Number.isFinite(losses[1])).toBe(false);
    expect(parameters).toEqual(first);
  });

  it("at once where a first parameter is not a number", async () => {
    const model = models.hnn.create(small);
    const parameters = model.parameters.initial(0).with(3, Number.NaN);
    expect((await train(model, dataset, { ...common, parameters })).stopped).toEqual({ step: 0, reason: "not finite" });
  });
});

describe("refusals", () => {
  const model = models.hnn.create(small);
  it.each([
    [{ loss: "huber" }, "there is no loss `huber`"],
    [{ optimiser: "sgd" }, "there is no optimiser `sgd`"],
    [{ steps: 0 }, "`steps` is a whole number from 1 on, not 0"],
    [{ rate: -1 }, "`rate` is a positive number, not -1"],
    [{ clip: 0 }, "`clip` is a positive number, not 0"],
    [{ weightDecay: Number.NaN }, "`weightDecay` is a number from 0 on, not NaN"],
    [{ batch: 2.5 }, "`batch` is a whole number from 1 on, not 2.5"],
    [{ parameters: new Float64Array(3) }, "the model has 32 parameters, not 3"],
  ])("%o", async (options, message) => {
    await expect(train(model, dataset, { ...common, ...(options as TrainOptions) })).rejects.toThrow(message);
  });

  it("of data that is not finite, naming row and column", async () => {
    const states = dataset.states.with(7, Number.NaN);
    await expect(train(model, makeDataset({ ...dataset, states }), common)).rejects.toThrow("row 4 has NaN for `p`");
    const derivatives = dataset.derivatives!.with(0, Number.POSITIVE_INFINITY);
    const fault = train(model, makeDataset({ ...dataset, derivatives }), common);
    await expect(fault).rejects.toThrow("row 1 has Infinity for `dq/dt`");
  });

  it("of data of another size", async () => {
    const wide = models.hnn.create({ dimension: 4, hidden: [3] });
    await expect(train(wide, dataset, common)).rejects.toThrow("the data's states have 2 entries, the model's 4");
  });
});
