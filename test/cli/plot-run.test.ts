import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hnnc } from "../support/hnnc-process.ts";
import { few, filesIn, tiny, told, trained } from "../support/training-runs.ts";

const cwd = mkdtempSync(join(tmpdir(), "hnnc-plot-run-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const plot = (...words: string[]) => hnnc(["plot", ...words], { cwd });

beforeAll(async () => {
  const lstm = ["pendulum", "--model", "lstm", "--hidden", "2", "--steps", "200", "--length", "4", ...few];
  await Promise.all([trained(["pendulum", "--model", "hnn", ...tiny, ...few], cwd, "hnn"), trained(lstm, cwd, "lstm")]);
}, 60_000);

describe("hnnc plot RUN", () => {
  test("draws the loss in the terminal, without escape sequences", async () => {
    const { code, stdout, stderr } = await plot("hnn");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/── training {2}╌╌ test\nloss\n/);
    expect(stdout).toMatch(/[\u2801-\u28ff]{3}/);
    expect(stdout).not.toContain("\u001b");
    expect(Math.max(...stdout.split("\n").map((line) => [...line].length))).toBeLessThanOrEqual(72);
  });

  test("writes the pictures that are named into one file, svg or png", async () => {
    const svg = await plot("hnn", "--kind", "loss,phase,drift", "-o", "run.svg");
    expect(told(svg)).toEqual({ code: 0, stdout: "", stderr: "" });
    const text = readFileSync(join(cwd, "run.svg"), "utf8");
    expect(text).toMatch(/^<svg /);
    expect(text).not.toContain("NaN");
    const png = await plot("hnn/model.json", "--kind", "roll-out,energy-surface", "-o", "run.png", "--json");
    expect(JSON.parse(png.stdout)).toEqual({ files: ["run.png"], kinds: ["roll-out", "energy-surface"] });
    expect([...readFileSync(join(cwd, "run.png")).subarray(1, 4)]).toEqual([...Buffer.from("PNG")]);
  });

  test("--json without a file: the picture as text in one document", async () => {
    const { stdout } = await plot("hnn", "--kind", "phase", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ kinds: ["phase"], text: expect.stringMatching(/[\u2801-\u28ff]/) });
  });

  test("a model of sequences has roll-outs too", async () => {
    expect(await plot("lstm", "--kind", "roll-out,loss", "-o", "lstm.svg")).toMatchObject({ code: 0, stderr: "" });
  });

  test.each([
    [["hnn", "--kind", "orbit"], 2, /no picture `orbit`\n {2}pictures: loss roll-out phase energy-surface drift/],
    [["lstm", "--kind", "phase"], 2, /no picture `phase`\n {2}pictures: loss roll-out/],
    [["hnn", "-o", "run.gif"], 2, /`run.gif` does not end in .svg or .png/],
    [["hnn", "--runs", "0"], 2, /`--runs` means nothing to the pictures of a run/],
    [["hnn", "--columns", "q=a"], 2, /`--columns` means nothing/],
    [["hnn", "--width", "500"], 2, /`--width` means nothing to a picture in the terminal/],
    [["hnn", "-o", "nowhere/run.svg"], 9, /no directory `nowhere`/],
    [["hnn", "-o", "/dev/full/run.svg"], 9, /cannot write/],
  ] as [string[], number, RegExp][])("%j: %i", async (words, code, stderr) => {
    const before = filesIn(cwd);
    const outcome = await plot(...words);
    expect(outcome).toMatchObject({ code, stdout: "" });
    expect(outcome.stderr).toMatch(stderr);
    expect(filesIn(cwd)).toEqual(before);
  });
});
