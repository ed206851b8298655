import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Dataset } from "../../src/data/dataset.ts";
import { readDataset } from "../../src/data/read.ts";
import { models } from "../../src/hnn/models.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { generate } from "../../src/simulation/generate.ts";
import { systems } from "../../src/systems/systems.ts";
import type { Checkpoint, TrainingProgress, TrainOptions } from "../../src/train/options.ts";
import { train } from "../../src/train/train.ts";
import { installedEngines } from "../engine/installed.ts";
import { pendulumRuns, withTestRuns } from "./pendulum-data.ts";

const starts = [
  [1, 0],
  [0.2, 1.1],
  [-0.7, 0.4],
] as const;
const dataset = withTestRuns(pendulumRuns(starts, { points: 8, dt: 0.3 }), 1);
const network = () => models.hnn.create({ dimension: 2, hidden: [8] });
const grey = () => {
  const prior = parseModel("p^2/(2 m) - k cos(w q); m = 2 learn; k = 0.4 learn; w = 1.4 learn");
  return models.hybrid.create({ dimension: 2, prior, residual: false });
};
const installed = await installedEngines();

describe.each(installed)("$name", (engine) => {
  it.each([
    ["lbfgs", network],
    ["levenberg-marquardt", network],
    ["levenberg-marquardt", grey],
  ] as const)("%s comes to the same bits again, in the finest precision", async (optimiser, create) => {
    const loaded = await engine.load();
    try {
      const options = { optimiser, engine: loaded, steps: 15, seed: 2 } as const;
      const first = await train(create(), dataset, options);
      const again = await train(create(), dataset, options);
      expect(first.precision).toBe(engine.precisions.includes("f64") ? "f64" : "f32");
      expect(first.losses.at(-1)).toBeLessThan(first.losses[0]! / 5);
      expect(again.parameters).toEqual(first.parameters);
      expect(again.losses).toEqual(first.losses);
      expect(first.checkpoint.choice).toMatchObject({ engine: engine.name, threads: loaded.threads });
    } finally {
      await loaded.close();
    }
  });
});

const common: TrainOptions = { engine: "reference", seed: 1 };

describe("a search", () => {
  it.each(["lbfgs", "levenberg-marquardt"] as const)("%s tells of each iteration, none worse", async (optimiser) => {
    const told: TrainingProgress[] = [];
    const kept: Checkpoint[] = [];
    const options = { ...common, optimiser, steps: 25 };
    const { losses, parameters, checkpoint, trainLoss } = await train(network(), dataset, {
      ...options,
      onProgress: (progress) => void told.push(progress),
      onCheckpoint: (each) => void kept.push(each),
    });
    // steps that came to nothing better are passed over
    expect(told.every(({ step }, k) => step > (told[k - 1]?.step ?? 0))).toBe(true);
    if (optimiser === "lbfgs") expect(told.map(({ step }) => step)).toEqual(Array.from(losses, (_, k) => k + 1));
    expect(told.map(({ loss }) => loss)).toEqual([...losses]);
    expect(losses.every((loss, k) => k === 0 || loss <= losses[k - 1]!)).toBe(true);
    const every = optimiser === "lbfgs" ? 10 : 1;
    expect(kept.at(-1)).toEqual(checkpoint);
    expect(kept.slice(0, -1).every(({ step }) => step % every === 0)).toBe(true);
    expect(kept.length).toBeGreaterThanOrEqual(Math.floor(losses.length / every));
    expect(checkpoint).toMatchObject({ step: 25, state: { parameters }, loss: losses.at(-1) });
    expect(Math.abs(trainLoss / losses.at(-1)! - 1)).toBeLessThan(1e-9);
  });

  it.each(["lbfgs", "levenberg-marquardt"] as const)("%s goes on from a checkpoint", async (optimiser) => {
    const half = await train(network(), dataset, { ...common, optimiser, steps: 10 });
    const resume = half.checkpoint;
    const whole = await train(network(), dataset, { ...common, optimiser, steps: 30, resume });
    expect(whole.losses[0]).toBeLessThan(half.losses.at(-1)!);
    expect(whole.checkpoint.step).toBeLessThanOrEqual(30);
    const done = await train(network(), dataset, { ...common, optimiser, steps: 10, resume });
    expect(done.parameters).toEqual(half.parameters);
  });

  it("leaves parameters that adam goes on from, and takes those of adam", async () => {
    const { checkpoint, trainLoss } = await train(network(), dataset, { ...common, optimiser: "lbfgs", steps: 5 });
    const stepped = { ...common, precision: "f64", optimiser: "adam", rate: 1e-4 } as const;
    const polished = await train(network(), dataset, { ...stepped, steps: 105, resume: checkpoint });
    expect(polished.losses[0]).toBeCloseTo(trainLoss, 12);
    const back = await train(network(), dataset, {
      ...common,
      optimiser: "lbfgs",
      steps: 120,
      resume: polished.checkpoint,
    });
    expect(back.trainLoss).toBeLessThan(polished.trainLoss);
  });

  it("ends when it is told to, between evaluations, with what it has", async () => {
    const model = models.hnn.create({ dimension: 2, hidden: [32, 32] });
    const controller = new AbortController();
    let asked = 0;
    const found = await train(model, dataset, {
      ...common,
      optimiser: "lbfgs",
      steps: 100_000,
      signal: controller.signal,
      onProgress: ({ step }) => {
        if (step !== 12) return;
        asked = step;
        // from outside, as a keypress comes: the search has to let it in
        setTimeout(() => controller.abort(), 0);
      },
    });
    expect(asked).toBe(12);
    expect(found.stopped).toEqual({ step: found.losses.length, reason: "interrupted" });
    expect(found.end).toBe("interrupted");
    expect(found.losses.length).toBeLessThan(1000);
    expect(found.trainLoss).toBeCloseTo(found.losses.at(-1)!, 12);
  });

  it.each([
    ["lbfgs", network],
    ["levenberg-marquardt", network],
    ["auto", grey],
  ] as const)("%s does not begin where the signal is given already", async (optimiser, create) => {
    const found = await train(create(), dataset, { ...common, optimiser, signal: AbortSignal.abort() });
    expect(found.stopped).toEqual({ step: 0, reason: "interrupted" });
    expect(found.parameters).toEqual(create().parameters.initial(1));
  });

  it.each(["lbfgs", "levenberg-marquardt", "linear"] as const)(
    "%s ends at once where a first parameter is not a number",
    async (optimiser) => {
      const parameters = network().parameters.initial(0).with(3, Number.NaN);
      const found = await train(network(), dataset, { ...common, optimiser, parameters });
      expect(found.stopped).toEqual({ step: 0, reason: "not finite" });
      expect(found.losses.length).toBe(0);
    },
  );

  it("steps back from places without a value", async () => {
    const prior = parseModel("p^2/2 - cosh(k q^2)/k; k = 1 learn");
    const model = models.hybrid.create({ dimension: 2, prior, residual: false });
    const parameters = Float64Array.of(9);
    for (const optimiser of ["lbfgs", "levenberg-marquardt"] as const) {
      const { stopped, trainLoss } = await train(model, dataset, { ...common, optimiser, parameters });
      expect(stopped).toBeUndefined();
      expect(trainLoss).toBeLessThan(10);
    }
  });
});

/** The mean square of the true field's own errors: the noise of the states. */
function lossOfTruth({ states, derivatives, test }: Dataset): number {
  let [total, count] = [0, 0];
  for (let row = 0; row < states.length / 2; row++) {
    if (test![row] !== 1) continue;
    const [q, p] = [states[2 * row]!, states[2 * row + 1]!];
    total += (2 * p - derivatives![2 * row]!) ** 2 + (-3 * Math.sin(q) - derivatives![2 * row + 1]!) ** 2;
    count += 2;
  }
  return total / count;
}

const sizes = [{ hidden: [16] }, { hidden: [32, 32] }];

describe("L-BFGS on the pendulum of the paper, in 200 iterations", () => {
  const trained = (data: Dataset, hidden: readonly number[]) =>
    train(models.hnn.create({ dimension: 2, hidden }), data, { optimiser: "lbfgs", steps: 200, seed: 2 });

  it.each(sizes)("$hidden comes within 2 % of the noise, on generated rows", async ({ hidden }) => {
    const data = await generate(systems.pendulum);
    const { testLoss } = await trained(data, hidden);
    expect(testLoss).toBeLessThan(1.02 * lossOfTruth(data));
  });

  const file = fileURLToPath(new URL("../../../shared/data/hnn2019/pend.npz", import.meta.url));
  if (!existsSync(file)) console.warn(`${file} is not there: the published loss is not compared with`);
  it.runIf(existsSync(file)).each(sizes)("$hidden reaches the published test loss, 3.5586e-2", async ({ hidden }) => {
    expect((await trained(await readDataset(file), hidden)).testLoss).toBeLessThan(3.5586e-2);
  });
});
