import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LoadedEngine } from "../../../src/engine/engine.ts";
import { engines } from "../../../src/engine/engines.ts";
import { loadModel } from "../../../src/hnn/load.ts";
import { models } from "../../../src/hnn/models.ts";
import type { TrainOptions } from "../../../src/train/options.ts";
import { readCheckpoint } from "../../../src/train/run/checkpoint-file.ts";
import { type TrainedRun, trainRun } from "../../../src/train/run/train-run.ts";
import { train } from "../../../src/train/train.ts";
import { installedEngines } from "../../engine/installed.ts";
import { smallRun } from "./small-run.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hnnc-resume-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const cases = (await installedEngines()).flatMap(({ name, precisions }) =>
  precisions.map((precision) => ({ name, precision })),
);

/** What came of a run that does not depend on the time. */
async function outcomeOf(path: string): Promise<object> {
  const count = models.hnn.create({ dimension: 2, hidden: [4] }).parameters.count;
  const { step, state, seen } = await readCheckpoint(path, count);
  const lines = readFileSync(join(path, "metrics.jsonl"), "utf8").trimEnd().split("\n");
  const metrics = lines.map((line) => JSON.parse(line)).filter((line) => line.step % 100 === 0);
  const losses = metrics.map(({ step, loss, testLoss }) => ({ step, loss, testLoss }));
  return { model: readFileSync(join(path, "model.safetensors")), step, state, seen, losses };
}

/** Runs on, stopping after a number of progress calls, until the end; tells how often it stopped. */
async function inPieces(path: string, options: TrainOptions, pieces: readonly number[]): Promise<number> {
  let stops = 0;
  for (const piece of [...pieces, Number.POSITIVE_INFINITY]) {
    const asked = new AbortController();
    let calls = 0;
    const onProgress = () => {
      if (++calls > piece) asked.abort();
    };
    const trained: TrainedRun = await trainRun({
      ...smallRun,
      options: { ...options, onProgress, signal: asked.signal },
      run: { path, resume: true },
    });
    if (!trained.stopped) return stops;
    expect(trained.stopped.reason).toBe("interrupted");
    stops++;
  }
  return stops;
}

/** An engine whose calls are short and of any length, so that runs stop at any step. */
function inShortCalls(engine: LoadedEngine, lengths: () => number): LoadedEngine {
  return {
    ...engine,
    async repeat(step, options) {
      const repetition = await engine.repeat(step, options);
      return {
        ...repetition,
        choice: repetition.choice,
        get stepTime() {
          return 100 / lengths();
        },
      };
    },
  };
}

describe.each(cases)("$name in $precision", ({ name, precision }) => {
  test("a run that stopped at many steps and went on is the run that did not, to the bit", async () => {
    const engine = await (await engines[name]()).load();
    try {
      let random = 12345;
      const lengths = () => {
        random = (random * 1103515245 + 12345) % 2 ** 31;
        return 1 + (random % 57);
      };
      const options: TrainOptions = {
        ...smallRun.options,
        ...{ precision, steps: 530, schedule: { kind: "cosine" }, engine: inShortCalls(engine, lengths) },
      };
      const [whole, pieces] = [join(folder, "whole"), join(folder, "pieces")];
      await trainRun({ ...smallRun, options: { ...options, engine }, run: { path: whole } });
      const stops = await inPieces(pieces, options, [0, 0, 1, 0, 2, 5, 0, 3, 1, 4]);
      expect(stops).toBeGreaterThan(6);
      expect(await outcomeOf(pieces)).toEqual(await outcomeOf(whole));
    } finally {
      await engine.close();
    }
  }, 60_000);

  test("1000 steps of one seed give the same weights again", async () => {
    const engine = await (await engines[name]()).load();
    try {
      const model = models.hnn.create({ dimension: 2, hidden: [8, 8] });
      const options: TrainOptions = {
        ...smallRun.options,
        engine,
        precision,
        steps: name === "reference" ? 200 : 1000,
      };
      const { parameters, checkpoint } = await train(model, smallRun.dataset, options);
      // Threads are chosen by a measurement, and belong to what gives the same bits.
      const resume = {
        step: 0,
        state: {
          parameters: model.parameters.initial(3),
          slopes: new Float64Array(model.parameters.count),
          squares: new Float64Array(model.parameters.count),
        },
        choice: checkpoint.choice,
      };
      expect((await train(model, smallRun.dataset, { ...options, resume })).parameters).toEqual(parameters);
      expect((await train(model, smallRun.dataset, { ...options, seed: 4 })).parameters).not.toEqual(parameters);
    } finally {
      await engine.close();
    }
  }, 120_000);
});

test("more steps than before are as if they had been asked for at once; the model is the loaded one", async () => {
  const { options } = smallRun;
  const [whole, pieces] = [join(folder, "whole"), join(folder, "pieces")];
  await trainRun({ ...smallRun, options: { ...options, steps: 430 }, run: { path: whole } });
  await trainRun({ ...smallRun, options: { ...options, steps: 210 }, run: { path: pieces } });
  const more = await trainRun({
    ...smallRun,
    options: { ...options, steps: 430 },
    run: { path: pieces, resume: true },
  });
  expect(more.resumedFrom).toBe(210);
  const { losses: _, ...outcome } = (await outcomeOf(pieces)) as { losses: unknown };
  expect(await outcomeOf(whole)).toMatchObject(outcome);
  const loaded = await loadModel(pieces);
  expect(loaded.parameters).toEqual(more.parameters);
  expect(loaded.metrics).toEqual({ trainLoss: more.trainLoss, testLoss: more.testLoss });
  expect(loaded.provenance).toMatchObject({ seed: 3, loss: "derivatives", steps: 430, precision: "f64" });
});

test("a run that has ended is done again in no step", async () => {
  const options = { ...smallRun.options, steps: 110 };
  const run = { path: folder, resume: true };
  const first = await trainRun({ ...smallRun, options, run });
  const again = await trainRun({ ...smallRun, options, run });
  expect(again.resumedFrom).toBe(110);
  expect(again.losses.length).toBe(0);
  expect(again.parameters).toEqual(first.parameters);
});
