import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { swingingArm } from "../reproduce/swinging-arm.ts";
import { hnnc } from "../support/hnnc-process.ts";

/** Where no reference data lie beside, whatever lies beside temporary folders. */
let whole: string;
let folder: string;
beforeAll(() => {
  whole = mkdtempSync(join(tmpdir(), "hnnc-reproduce-"));
  folder = join(whole, "work");
  mkdirSync(folder);
});
afterAll(() => rmSync(whole, { recursive: true }));
const run = (...words: string[]) => hnnc(["reproduce", ...words], { cwd: folder, env: { HNNC_DATA: undefined } });

describe("hnnc reproduce hnn2019", () => {
  test("a task of generated data: rows as JSON, every figure with its spread and number", async () => {
    const words = ["hnn2019", "--task", "spring", "--model", "hybrid,lstm", "--seeds", "2", "--steps", "50", "--json"];
    const { code, stdout, stderr } = await run(...words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { rows } = JSON.parse(stdout) as { rows: Record<string, unknown>[] };
    expect(rows.map(({ task, model }) => [task, model])).toEqual([
      ["spring", "hybrid"],
      ["spring", "lstm"],
    ]);
    for (const row of rows) {
      for (const name of ["trainLoss", "testLoss", "energyPublishedMetric", "energyTrueH", "seconds"]) {
        expect(row[name]).toEqual({
          mean: expect.any(Number),
          std: expect.any(Number),
          n: 2,
          median: expect.any(Number),
        });
      }
      expect(row).toMatchObject({ engine: expect.stringMatching(/ f(32|64)$/), data: "generated, seed 0", seeds: 2 });
    }
    expect(rows.map(({ published }) => published)).toEqual([null, null]);
  });

  test("the same as a table, with what its columns mean", async () => {
    const { code, stdout } = await run(
      "hnn2019",
      "--task",
      "spring",
      "--model",
      "hybrid",
      "--seeds",
      "1",
      "--steps",
      "50",
      "-o",
      "rows.json",
    );
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, "rows.json"), "utf8")).rows).toHaveLength(1);
    expect(stdout).toContain(
      "spring: ideal mass-spring, generated, seed 0, 750 rows for training and 750 for testing, 1 seed",
    );
    expect(stdout).toMatch(/energy, published +energy, H +HNN published\/ours +seconds\n/);
    expect(stdout).toMatch(/\n {2}hybrid +\d\.\d{3}e-\d/);
    expect(stdout).toContain("the true field scores 3.818e-2 on the publication's arrays; less is chance");
    expect(stdout).toContain("energy, H: the same of H over t ≤ 20");
  });

  test("a measured task without its data: 9, naming the file", async () => {
    const { code, stderr } = await run("hnn2019", "--task", "real-pendulum");
    expect(code).toBe(9);
    expect(stderr).toContain("--data FOLDER");
  });

  test.each([
    [["hnn2020"], "there is no study `hnn2020`", "did you mean `hnn2019`?"],
    [["hnn2019", "--task", "springs"], "there is no task `springs`", "did you mean `spring`?"],
    [["hnn2019", "--model", "hnm"], "there is no model `hnm`", "did you mean `hnn`?"],
    [["hnn2019", "--engine", "jax", "--task", "spring"], "there is no engine `jax`", "engines: onnx, tfjs"],
    [["hnn2019", "--seeds", "0"], "`--seeds 0` is not a number of seeds from 1", ""],
  ])("%j: 2", async (words, message, hint) => {
    const { code, stderr } = await run(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  test("a folder of data that is not there: 9", async () => {
    const { code, stderr } = await run("hnn2019", "--data", "nowhere", "--task", "spring");
    expect(code).toBe(9);
    expect(stderr).toContain("there is no folder `nowhere`");
  });
});

describe("hnnc reproduce hnn2019 --figure", () => {
  test("data-efficiency: numbers for 10 … 10 000 points, and a picture", async () => {
    const words = ["hnn2019", "--figure", "data-efficiency", "--model", "hybrid", "--seeds", "1", "--steps", "20"];
    const { code, stdout, stderr } = await run(...words, "--plot", "points.svg");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const points of [10, 30, 100, 300, 1000, 3000, 10_000])
      expect(stdout).toMatch(new RegExp(`\n {2}${points} +\\d`));
    const svg = readFileSync(join(folder, "points.svg"), "utf8");
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain("training points");
  });

  test("stability: cycles until divergence, as JSON", async () => {
    const words = ["hnn2019", "--figure", "stability", "--model", "hybrid", "--seeds", "1", "--steps", "300", "--json"];
    const { code, stdout } = await run(...words);
    expect(code).toBe(0);
    const { rows } = JSON.parse(stdout) as { rows: { cyclesUntilDivergence: { mean: number }; stayed: number }[] };
    // what a formula without friction learned conserves its own energy
    expect(rows).toEqual([expect.objectContaining({ model: "hybrid", stayed: 3, trajectories: 3 })]);
    expect(rows[0]!.cyclesUntilDivergence.mean).toBe(1000);
  });

  test.each([
    [["--figure", "stabilty"], "there is no figure `stabilty`"],
    [["--plot", "x.svg"], "`--plot` means nothing here"],
    [["--figure", "stability", "--plot", "x.gif"], "`x.gif` does not end in .svg or .png"],
    [["--figure", "stability", "--task", "spring"], "`--task` means nothing here"],
  ])("%j: 2", async (words, message) => {
    const { code, stderr } = await run("hnn2019", ...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe("hnnc reproduce arm", () => {
  test("the makers' parameters and fitted formulas, of runs in a folder of one's own", async () => {
    const dataset = swingingArm("p^2/2 + 64 cos(q); damping p = 0.2");
    const rows = Array.from(dataset.times!, (t, row) => {
      const run = dataset.runs.findIndex(({ end }) => row < end);
      const [q, p] = [dataset.states[2 * row], dataset.states[2 * row + 1]];
      return `${run},${dataset.test![row] === 1 ? "test" : "train"},${t},${q},${p}`;
    });
    mkdirSync(join(folder, "own/measured"), { recursive: true });
    writeFileSync(
      join(folder, "own/measured/single_pendulum_arm.csv"),
      ["run,split,t,theta,omega", ...rows, ""].join("\n"),
    );
    const { code, stdout } = await run("arm", "--data", "own", "--json");
    expect(code).toBe(0);
    const found = JSON.parse(stdout) as {
      rows: { model: string; rollOutError: { mean: number }; constants: { c: { value: number; error: number } } }[];
    };
    const [authors, refitted] = found.rows;
    expect(found.rows.map(({ model }) => model)).toEqual(["authors", "refitted", "grey", "hybrid"]);
    // three times as much friction as the makers found
    expect(refitted!.constants.c.value).toBeCloseTo(0.2, 1.5);
    expect(refitted!.constants.c.error).toBeLessThan(0.01);
    expect(refitted!.rollOutError.mean).toBeLessThan(0.3 * authors!.rollOutError.mean);
  });

  test("without its data: 9", async () => {
    const { code, stderr } = await run("arm");
    expect(code).toBe(9);
    expect(stderr).toContain("the measured arm is not here");
  });
});
