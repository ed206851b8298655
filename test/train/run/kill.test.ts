import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { TrainOptions } from "../../../src/train/options.ts";
import { readCheckpoint } from "../../../src/train/run/checkpoint-file.ts";
import { pause, startRun } from "./run-process.ts";

const folder = mkdtempSync(join(tmpdir(), "hnnc-kill-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** How often the run is killed: more often by hand, `HNNC_KILLS=200 npx vitest run test/train/run/kill.test.ts`. */
const kills = Number(process.env.HNNC_KILLS ?? 4);
/** A run of some 2 s, in which checkpoints are written every 0.05 s. */
const options: TrainOptions = { steps: 10_000 };
const count = 16;

const weights = (path: string) => readFileSync(join(path, "model.safetensors"));

test(`kill -9 at ${kills} random times: each time the run goes on, and ends with the same bits`, async () => {
  const whole = join(folder, "whole");
  expect((await startRun(whole, options).ended).code).toBe(0);
  // Without the engine's choice of threads, which is a measurement that every new run makes.
  const checkpoint = async (path: string) => ({ ...(await readCheckpoint(path, count)), choice: undefined });
  const wanted = { weights: weights(whole), checkpoint: await checkpoint(whole) };
  let [killed, wholeRuns, wentOn] = [0, 0, 0];
  for (let path = join(folder, "killed-0"); killed < kills; path = join(folder, `killed-${wholeRuns}`)) {
    while (true) {
      const run = startRun(path, options);
      // Any time of a process's life: loading, before and after the first step, and while it writes at its end.
      const timer = setTimeout(() => run.child.kill("SIGKILL"), killed < kills ? Math.random() * 2500 : 1e6);
      const { code, stdout, stderr } = await run.ended;
      clearTimeout(timer);
      expect(stderr).toBe("");
      if (code === null) killed++;
      else {
        expect(code).toBe(0);
        if (/"from":[1-9]/.test(stdout)) wentOn++;
        break;
      }
    }
    wholeRuns++;
    expect(weights(path)).toEqual(wanted.weights);
    expect(await checkpoint(path)).toEqual(wanted.checkpoint);
    expect(readdirSync(path).filter((name) => name.endsWith(".partial") || name === ".lock")).toEqual([]);
    const steps = readFileSync(join(path, "metrics.jsonl"), "utf8").trimEnd().split("\n");
    expect(steps.map((line) => JSON.parse(line).step)).toEqual(Array.from({ length: 100 }, (_, k) => 100 * (k + 1)));
    rmSync(path, { recursive: true });
  }
  console.warn(`killed ${killed} times in ${wholeRuns} runs, ${wentOn} of which ended from a checkpoint`);
}, 3_600_000);

describe("signals", () => {
  const long: TrainOptions = { steps: 1_000_000 };

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends with %i within 2 s, with a checkpoint that the run goes on from", async (signal, expected) => {
    const path = join(folder, signal);
    const run = startRun(path, long);
    await run.ready;
    await pause(300);
    const asked = performance.now();
    run.child.kill(signal);
    const { code, stdout, stderr } = await run.ended;
    // The bound is the promise to users; the run ends within some 100 ms.
    expect(performance.now() - asked).toBeLessThan(2000);
    expect([code, stderr]).toEqual([expected, ""]);
    const { step, stopped } = JSON.parse(stdout.split("\n")[1]!);
    expect(stopped).toEqual({ step, reason: "interrupted" });
    expect(step).toBeGreaterThan(0);
    expect((await readCheckpoint(path, count)).step).toBe(step);
    expect(existsSync(join(path, ".lock"))).toBe(false);
    const again = await startRun(path, { steps: step + 10 }).ended;
    expect(JSON.parse(again.stdout.split("\n")[1]!)).toEqual({ step: step + 10, from: step });
  });

  test("a second SIGINT ends at once; the folder is not locked", async () => {
    const path = join(folder, "twice");
    const run = startRun(path, long);
    await run.ready;
    await pause(100);
    run.child.kill("SIGINT");
    run.child.kill("SIGINT");
    const { code } = await run.ended;
    expect(code).toBe(130);
    expect((await readCheckpoint(path, count)).step).toBeGreaterThanOrEqual(0);
    expect(existsSync(join(path, ".lock"))).toBe(false);
  });
});

test("a second run in the same folder is refused with 4; the first one ends well", async () => {
  const path = join(folder, "two");
  const first = startRun(path, { steps: 1_000_000 });
  await first.ready;
  const second = await startRun(path, { steps: 1_000_000 }).ended;
  expect(second.code).toBe(4);
  expect(second.stderr).toBe(
    `error[run-locked]: another run is at work in \`${path}\`: process ${first.child.pid}\n  hint: wait for it, or take another directory: -o\n`,
  );
  first.child.kill("SIGINT");
  expect((await first.ended).code).toBe(130);
});
