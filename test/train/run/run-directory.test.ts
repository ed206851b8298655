import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HnncError } from "../../../src/errors.ts";
import { loadModel } from "../../../src/hnn/load.ts";
import type { TrainOptions } from "../../../src/train/options.ts";
import { readCheckpoint, writeCheckpoint } from "../../../src/train/run/checkpoint-file.ts";
import { lockFolder } from "../../../src/train/run/lock.ts";
import { readRunConfig } from "../../../src/train/run/run-config.ts";
import { type RunWish, type TrainedRun, type TrainRunParts, trainRun } from "../../../src/train/run/train-run.ts";
import { shell } from "../../support/hnnc-process.ts";
import { eventsIn } from "./events.ts";
import { smallRun } from "./small-run.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hnnc-run-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const few = { ...smallRun.options, steps: 120 };

function run(options: TrainOptions = {}, more: Partial<RunWish> = {}, parts: Partial<TrainRunParts> = {}) {
  return trainRun({ ...smallRun, ...parts, options: { ...few, ...options }, run: { path: at("run"), ...more } });
}

async function refusal(running: Promise<TrainedRun>): Promise<HnncError> {
  const error: unknown = await running.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof HnncError) return error;
  throw new Error(`not refused: ${error}`);
}

test("what is in the folder of a run", async () => {
  await run({}, { path: at("a/b/run"), origin: { file: "rows.csv" } });
  const path = at("a/b/run");
  const names = readdirSync(path).map((name) => name.replace(/\d+/, "N"));
  expect(names.sort()).toEqual([
    "checkpoint.safetensors",
    "config.json",
    "events.out.tfevents.N.hnnc",
    "metrics.jsonl",
    "model.json",
    "model.safetensors",
  ]);
  const { training, description, origin } = await readRunConfig(path);
  expect(description).toEqual(smallRun.description);
  expect(training).toEqual({
    ...few,
    ...{ loss: "derivatives", optimiser: "adam", schedule: { kind: "constant" }, weightDecay: 0 },
  });
  expect(origin).toEqual({ file: "rows.csv" });
  const lines = readFileSync(join(path, "metrics.jsonl"), "utf8").trimEnd().split("\n");
  const metrics = lines.map((line) => JSON.parse(line));
  expect(metrics.map(({ step }) => step)).toEqual([100, 120]);
  const events = eventsIn(readFileSync(join(path, readdirSync(path).find((name) => name.startsWith("events"))!)));
  expect(events[0]!.version).toBe("brain.Event:2");
  expect(events.slice(1).map(({ step }) => step)).toEqual([100, 120]);
  expect(events[1]!.values!["loss/train"]).toBe(Math.fround(metrics[0].loss));
  expect(events[1]!.values!["loss/test"]).toBe(Math.fround(metrics[0].testLoss));
});

test("equal configurations are equal files, whatever the order of their keys", async () => {
  await run();
  const reversed = Object.fromEntries(Object.entries(few).reverse());
  await run(reversed, { path: at("other") }, {});
  expect(readFileSync(at("run/config.json"), "utf8")).toBe(readFileSync(at("other/config.json"), "utf8"));
});

describe("a folder is refused", () => {
  test("with other things in it: 2, untouched", async () => {
    mkdirSync(at("run"));
    writeFileSync(at("run/thesis.tex"), "years");
    const error = await refusal(run({}, { overwrite: true }));
    expect(error).toMatchObject({ kind: "usage", code: "not-a-run" });
    expect(error.message).toBe(`\`${at("run")}\` holds \`thesis.tex\` and is no run`);
    expect(readdirSync(at("run"))).toEqual(["thesis.tex"]);
  });

  test("with a run in it, unless that is to be gone on with or removed: 2", async () => {
    await run();
    const error = await refusal(run());
    expect(error).toMatchObject({ kind: "usage", code: "run-exists" });
    expect(error.hint).toBe("--resume goes on with it, --overwrite begins anew, -o names another directory");
    writeFileSync(at("run/notes.txt"), "mine");
    await run({ seed: 4 }, { overwrite: true });
    expect((await readRunConfig(at("run"))).training.seed).toBe(4);
    expect(readFileSync(at("run/notes.txt"), "utf8")).toBe("mine");
    expect(readdirSync(at("run")).filter((name) => name.startsWith("events")).length).toBe(1);
    expect(existsSync(at("run/.lock"))).toBe(false);
  });

  test("that is a file, or below one: 9", async () => {
    writeFileSync(at("run"), "");
    expect((await refusal(run())).kind).toBe("io");
    expect((await refusal(run({}, { path: at("run/below") }))).kind).toBe("io");
  });
});

describe("going on with a run as another one is refused, naming what differs: 2", () => {
  const dataset = { ...smallRun.dataset, states: smallRun.dataset.states.with(3, 0.123) };
  test.each<readonly [options: TrainOptions, parts: Partial<TrainRunParts>, message: string]>([
    [{ rate: 0.02 }, {}, "`training.rate` is 0.02, and in the run"],
    [{ seed: 4 }, {}, "`training.seed` is 4"],
    [{ loss: "midpoint" }, {}, '`training.loss` is "midpoint"'],
    [{ optimiser: "adamw" }, {}, '`training.optimiser` is "adamw"'],
    [{ weightDecay: 0.1 }, {}, "`training.weightDecay` is 0.1"],
    [{ batch: undefined }, {}, "`training.batch` is left out"],
    [{ precision: "f32" }, {}, '`training.precision` is "f32"'],
    [{ schedule: { kind: "cosine" } }, {}, '`training.schedule.kind` is "cosine"'],
    [{ parameters: new Float64Array(16) }, {}, '`training.start` is "'],
    [{ steps: 100 }, {}, "has done 120 steps, more than 100"],
    [{}, { dataset }, "these are not the rows that"],
    [{}, { description: { ...smallRun.description, activation: "sin" } }, '`description.activation` is "sin"'],
    [{}, { description: { ...smallRun.description, hidden: [5] } }, "`description.hidden` is [5]"],
  ])("%o %o", async (options, parts, message) => {
    await run();
    const error = await refusal(run(options, { resume: true }, parts));
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ kind: "usage", code: "run-differs" });
  });

  test("more steps, where the step size is laid out over them", async () => {
    const schedule = { kind: "cosine" } as const;
    await run({ schedule });
    const error = await refusal(run({ schedule, steps: 200 }, { resume: true }));
    expect(error.message).toContain("`training.steps` is 200, and in the run");
  });
});

describe("config.json", () => {
  test.each<readonly [what: string, replace: string, by: string, message: string]>([
    ["an unknown key", '"rate"', '"raet"', "there is no key `training.raet`"],
    ["the prototype", '"rate"', '"__proto__"', "there is no key `training.__proto__`"],
    ["a wrong type", '"rate": 0.01', '"rate": "0.01"', '`training.rate` is a positive number, not "0.01"'],
    ["another format", '"hnnc run"', '"run"', '`format` is "hnnc run", not "run"'],
    ["a later version", '"version": 1', '"version": 9', "`version` is 9, and this hnnc reads versions up to 1"],
    ["half of it", '"training"', "", "it is not JSON"],
  ])("%s: 2, naming the key", async (_, replace, by, message) => {
    await run();
    const text = readFileSync(at("run/config.json"), "utf8");
    expect(text).toContain(replace);
    writeFileSync(at("run/config.json"), text.replace(replace, by));
    const error = await refusal(run({}, { resume: true }));
    expect(error.message).toContain(message);
    expect(error.exitCode).toBe(2);
  });
});

describe("checkpoint.safetensors", () => {
  test("of another model, torn, or a link: 4", async () => {
    await run();
    const path = at("run/checkpoint.safetensors");
    const bytes = readFileSync(path);
    for (const length of [0, 7, 100, bytes.length - 1]) {
      writeFileSync(path, bytes.subarray(0, length));
      expect((await refusal(run({}, { resume: true }))).exitCode, `${length} bytes`).toBe(4);
    }
    const state = { parameters: new Float64Array(3) };
    await writeCheckpoint(at("run"), { step: 1, state, choice: { engine: "a", runtime: "b", threads: 1 } });
    expect((await refusal(run({}, { resume: true }))).message).toContain("has 3 numbers, and the model 16 parameters");
    rmSync(path);
    writeFileSync(at("elsewhere"), bytes);
    symlinkSync(at("elsewhere"), path);
    const error = await refusal(run({}, { resume: true }));
    expect([error.exitCode, error.message]).toEqual([4, expect.stringContaining("it is a symbolic link")]);
    expect(readFileSync(at("elsewhere"))).toEqual(bytes);
  });

  test("metrics.jsonl as a link is not written through: 4", async () => {
    await run();
    writeFileSync(at("precious"), "precious");
    rmSync(at("run/metrics.jsonl"));
    symlinkSync(at("precious"), at("run/metrics.jsonl"));
    expect((await refusal(run({}, { resume: true }))).exitCode).toBe(4);
    expect(readFileSync(at("precious"), "utf8")).toBe("precious");
  });
});

describe("metrics.jsonl", () => {
  test("a torn line and lines after the checkpoint are cut off when the run goes on", async () => {
    await run({ steps: 300 });
    const text = readFileSync(at("run/metrics.jsonl"), "utf8");
    const more = '{"step":400,"loss":1}\n{"step":500,"lo';
    writeFileSync(at("run/metrics.jsonl"), text + more);
    await run({ steps: 300 }, { resume: true });
    expect(readFileSync(at("run/metrics.jsonl"), "utf8")).toBe(text);
  });
});

describe("the lock", () => {
  const lockText = (more: object) =>
    JSON.stringify({ pid: process.pid, start: "1", boot: null, host: hostname(), ...more });

  test("of a process at work: 4", async () => {
    mkdirSync(at("run"));
    const lock = await lockFolder(at("run"));
    const error = await refusal(run());
    expect(error).toMatchObject({ kind: "data", code: "run-locked", exitCode: 4 });
    await lock.release();
    await run();
  });

  test.each([
    ["of a process that has ended", lockText({ pid: 2 ** 22 - 1 })],
    ["of a process whose number another one has", lockText({})],
    ["that a failing machine left empty", ""],
  ])("%s is taken over", async (_, text) => {
    mkdirSync(at("run"));
    writeFileSync(at("run/.lock"), text);
    await run();
    expect(existsSync(at("run/.lock"))).toBe(false);
    expect(readdirSync(at("run")).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });

  test("of another machine is left alone, with the way out", async () => {
    mkdirSync(at("run"));
    writeFileSync(at("run/.lock"), lockText({ host: "elsewhere", pid: 7 }));
    const error = await refusal(run());
    expect(error.message).toBe(`another run is at work in \`${at("run")}\`: process 7 on elsewhere`);
    expect(error.hint).toBe(`if it has ended, remove \`${at("run/.lock")}\``);
  });

  test("of many that want it at once, one gets it, also over a stale one", async () => {
    for (const stale of [false, true]) {
      mkdirSync(at("many"));
      if (stale) writeFileSync(at("many/.lock"), lockText({ pid: 2 ** 22 - 1 }));
      const all = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(at("many"))));
      expect(all.filter(({ status }) => status === "fulfilled").length).toBe(1);
      rmSync(at("many"), { recursive: true });
    }
  });
});

describe("divergence", () => {
  const description = {
    ...smallRun.description,
    family: "hybrid",
    prior: { text: "p^2/2 + cosh(k q^2); k = 1 learn" },
    residual: false,
  } as const;

  test("a step that is not finite: 6, and no model where nothing was learned", async () => {
    const error = await refusal(run({ optimiser: "adam", rate: 1e6 }, {}, { description }));
    expect(error).toMatchObject({ kind: "diverged", code: "diverged", exitCode: 6 });
    expect(error.message).toMatch(/^the loss or the parameters are not finite at step 2; the loss began with \d/);
    expect((await readCheckpoint(at("run"), 1)).step).toBe(0);
    expect(existsSync(at("run/model.json"))).toBe(false);
    expect(existsSync(at("run/.lock"))).toBe(false);
  });

  test("parameters that leave, the loss being finite: 6", async () => {
    const error = await refusal(run({ rate: 1e6 }));
    expect(error.message).toMatch(/^parameters grew beyond all bounds within 100 steps/);
    expect(error.exitCode).toBe(6);
    expect(existsSync(at("run/model.json"))).toBe(false);
  });

  test("later on: 6, and the best until then is the model", async () => {
    await run({ steps: 1000 });
    const before = await readCheckpoint(at("run"), 16);
    const path = at("later");
    // The same run, made to leap at step 1000 by its memory of gradients.
    const leap = { ...before.state, slopes: before.state.slopes!.map(() => 1e300) };
    mkdirSync(path);
    writeFileSync(join(path, "config.json"), readFileSync(at("run/config.json")));
    await writeCheckpoint(path, { ...before, state: leap });
    const error = await refusal(run({ steps: 2000 }, { path, resume: true }));
    expect(error.exitCode).toBe(6);
    expect(error.message).toMatch(/not finite at step 100[12]/);
    expect(error.notes[0]).toMatch(/holds the best parameters until then, of loss 0\.00/);
    expect((await readCheckpoint(path, 16)).step).toBe(1000);
    expect((await loadModel(path)).parameters).toEqual(before.seen!.best);
    expect((await loadModel(path)).provenance.stopped).toMatch(/^not finite at step/);
  });

  test("a number of the data that is none: 4, and a first parameter: 6", async () => {
    const states = smallRun.dataset.states.with(7, Number.NaN);
    const data = await refusal(run({}, {}, { dataset: { ...smallRun.dataset, states } }));
    expect([data.exitCode, data.message]).toEqual([4, "row 4 has NaN for `p`"]);
    const parameters = new Float64Array(16).fill(Number.NaN);
    const weights = await refusal(run({ parameters }, { path: at("weights") }));
    expect([weights.exitCode, weights.message]).toEqual([6, expect.stringContaining("not finite at step 1")]);
  });
});

describe("disks", () => {
  test("one that fills up: 9, the old checkpoint is whole, and the run goes on when there is room", async ({
    skip,
  }) => {
    mkdirSync(at("small"));
    const mount = await shell("mount -t tmpfs -o size=64k none .", { cwd: at("small") });
    if (mount.code !== 0) skip("mounting is not permitted");
    try {
      const path = at("small/run");
      await run({ steps: 200 }, { path });
      const free = await shell("head -c 1000000 /dev/zero > filler; true", { cwd: at("small") });
      expect(free.code).toBe(0);
      const error = await refusal(run({ steps: 400 }, { path, resume: true }));
      expect([error.exitCode, error.message]).toEqual([9, expect.stringContaining("the disk is full")]);
      expect((await readCheckpoint(path, 16)).step).toBe(200);
      await loadModel(path);
      expect(readdirSync(path).filter((name) => name.startsWith("."))).toEqual([]);
      rmSync(at("small/filler"));
      const more = await run({ steps: 400 }, { path, resume: true });
      await run({ steps: 400 }, { path: at("whole") });
      expect(readFileSync(join(path, "model.safetensors"))).toEqual(readFileSync(at("whole/model.safetensors")));
      expect(more.resumedFrom).toBe(200);
    } finally {
      await shell(`umount "${at("small")}"`);
    }
  });

  test("one that cannot be written to: 9, nothing changes", async ({ skip }) => {
    mkdirSync(at("frozen"));
    const mount = await shell("mount -t tmpfs none .", { cwd: at("frozen") });
    if (mount.code !== 0) skip("mounting is not permitted");
    try {
      const path = at("frozen/run");
      await run({}, { path });
      await shell(`mount -o remount,ro "${at("frozen")}"`);
      const error = await refusal(run({ steps: 200 }, { path, resume: true }));
      expect([error.exitCode, error.message]).toEqual([9, expect.stringContaining("the file system is read-only")]);
      expect((await refusal(run({}, { path: at("frozen/new") }))).exitCode).toBe(9);
    } finally {
      await shell(`umount "${at("frozen")}"`);
    }
  });

  test.skipIf(process.getuid?.() === 0)("a folder that is read-only: 9", async () => {
    mkdirSync(at("run"));
    chmodSync(at("run"), 0o555);
    expect((await refusal(run())).exitCode).toBe(9);
    chmodSync(at("run"), 0o755);
  });

  test.each(["checkpoint.safetensors", "metrics.jsonl", "model.json", "config.json"])(
    "a folder in the place of %s: 4 or 9, everything else stays",
    async (name) => {
      await run();
      const weights = readFileSync(at("run/model.safetensors"));
      rmSync(at(`run/${name}`));
      mkdirSync(at(`run/${name}`));
      expect([4, 9]).toContain((await refusal(run({ steps: 240 }, { resume: true }))).exitCode);
      expect(statSync(at(`run/${name}`)).isDirectory()).toBe(true);
      expect(readFileSync(at("run/model.safetensors"))).toEqual(weights);
      expect(existsSync(at("run/.lock"))).toBe(false);
    },
  );
});
