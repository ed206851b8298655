import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { hnnc } from "../support/hnnc-process.ts";
import { few, filesIn, json, swing, tiny } from "../support/training-runs.ts";

const cwd = mkdtempSync(join(tmpdir(), "hnnc-train-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

interface Document {
  readonly run: string;
  readonly model: string;
  readonly formula: string;
  readonly parameters: number;
  readonly optimiser: string;
  readonly loss: string;
  readonly trainLoss: number;
  readonly testLoss: number | null;
  readonly steps: number;
  readonly samples: number;
  readonly constants: Record<string, { value: number | number[]; standardError?: number }>;
  readonly files: string[];
  readonly remarks: string[];
}

let runs = 0;

/** `hnnc train words… --json` without pictures into a folder of its own. */
async function train(...words: readonly string[]): Promise<Document & { folder: string }> {
  const folder = `run-${runs++}`;
  const { code, stdout, stderr } = await hnnc(["train", ...words, "-o", folder, "--no-report", "--json"], { cwd });
  expect({ code, stderr: stderr.replaceAll(/^step .*\n/gm, "") }).toEqual({ code: 0, stderr: "" });
  return { ...(JSON.parse(stdout) as Document), folder: join(cwd, folder) };
}

const truth = ["--truth", "pendulum", ...few, "--noise", "0"];

describe("hnnc train", () => {
  test("tells what it did, prints a table, keeps a run that a person can open", async () => {
    const words = ["train", "pendulum", "--model", "hnn", ...tiny, ...few, "-o", "runs/pend"];
    const { code, stdout, stderr } = await hnnc(words, { cwd, env: { FORCE_COLOR: undefined } });
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^ {2}model +hnn, H = N\(q, p\), 16 parameters\n {2}data +generated from pendulum: 48 rows train, 12 test\n {2}engine .*\n {2}training +adam, 200 steps on all 48 samples, loss derivatives, .*\nwrote runs\/pend: the model, pictures and report.html\n$/,
    );
    expect(stdout).toMatch(/^ {2}training loss +\d.* {2}mean square of the loss/);
    for (const row of ["test loss", "energy error, H", "valid time", "until divergence", "outside the data"]) {
      expect(stdout).toContain(`\n  ${row} `);
    }
    expect(stdout + stderr).not.toContain("\u001b");
    const files = filesIn(join(cwd, "runs/pend")).map((name) => name.replace(/tfevents\..*/, "tfevents"));
    expect(files).toEqual([
      ...["checkpoint.safetensors", "config.json", "drift.svg", "energy-surface.svg", "events.out.tfevents"],
      ...["loss.svg", "metrics.jsonl", "model.json", "model.safetensors", "phase.svg", "report.html", "roll-out.svg"],
    ]);
    const report = readFileSync(join(cwd, "runs/pend/report.html"), "utf8");
    expect(report).toContain("N(q, p)");
    expect(report).not.toMatch(/(src|href)="(?!#|data:)/);
  });

  test("--json is one document; standard error is silent but for lines of progress", async () => {
    const words = ["train", "pendulum", "--model", "hnn", ...tiny, ...few, "-o", "runs/json", "--json"];
    const { code, stdout, stderr } = await hnnc(words, { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const found = JSON.parse(stdout) as Document;
    expect(found).toMatchObject({ run: "runs/json", model: "hnn", steps: 200, samples: 48, remarks: [] });
    expect(found.files).toContain("runs/json/report.html");
    for (const file of found.files) expect(existsSync(join(cwd, file))).toBe(true);
  });

  test("names the folder after the system, and takes another where it is taken", async () => {
    const words = ["train", "spring", "--model", "separable", "--steps", "1", "--hidden", "2", ...few, "--no-report"];
    const first = await hnnc(words, { cwd });
    const second = await hnnc(words, { cwd });
    expect(first.stderr).toMatch(/\nwrote runs\/spring-separable: the model\n$/);
    expect(second.stderr).toMatch(/\nwrote runs\/spring-separable-2: the model\n$/);
  });

  test.each([
    ["separable", "T(p) + V(q)", 24],
    ["dissipative", "N(q, p)", 17],
    ["mlp", "mlp(q, p)", 20],
    ["random-features", "N(q, p)", 200],
  ])("--model %s", async (family, formula, parameters) => {
    const found = await train("pendulum", "--model", family, ...(family === "random-features" ? [] : tiny), ...few);
    expect(found).toMatchObject({ model: family, formula, parameters });
    expect(found.trainLoss).toBeGreaterThan(0);
    expect(found.testLoss).toBeGreaterThan(0);
    expect(json(found.folder, "model.json")).toMatchObject({ description: { family } });
  });

  test("--model lstm, whose loss is of sequences", async () => {
    const found = await train("pendulum", "--model", "lstm", ...tiny, ...few, "--length", "6");
    expect(found).toMatchObject({ model: "lstm", loss: "sequence" });
    expect(found.trainLoss).toBeGreaterThan(0);
  });

  test.each(["leapfrog", "roll-out"])("--loss %s", async (loss) => {
    const found = await train("pendulum", "--model", "hnn", "--loss", loss, "--hidden", "4", "--steps", "20", ...few);
    expect(found).toMatchObject({ loss });
    expect(found.trainLoss).toBeGreaterThan(0);
  });
});

describe("a formula and what it leaves out", () => {
  test("a constant that enters linearly is solved for", async () => {
    const found = await train("p^2 + g (1 - cos(q)); g = 1 learn", ...truth);
    expect(found).toMatchObject({ model: "hybrid", optimiser: "linear" });
    // The rows are exact; what is left is round-off.
    expect(found.constants.g!.value).toBeCloseTo(3, 9);
  });

  test("--learn names parameters, arrays too; --param sets where they begin", async () => {
    const chain = "sum(p[i]^2/(2 m[i]), i=1..3) + sum(k (q[i]-q[j])^2, i<j); q: [3], p: [3]";
    const of = ["--truth", `${chain}; m = [1, 2, 3]; k = 1`, "--region", "q=-1:1,p=-1:1", ...few];
    const found = await train(`${chain}; m = [2, 2, 2]; k = 7`, "--learn", "m, k", "--param", "k=0.5", ...of);
    expect(found.optimiser).toBe("levenberg-marquardt");
    for (const [k, value] of (found.constants.m!.value as number[]).entries()) expect(value).toBeCloseTo(k + 1, 6);
    expect(found.constants.k!.value).toBeCloseTo(1, 6);
  });

  test("a constant stays in its range", async () => {
    const found = await train("p^2 + g (1 - cos(q)); g = 1 learn in [0, 2]", ...truth, "--steps", "50");
    expect(found.constants.g!.value).toBeGreaterThan(1.9);
    expect(found.constants.g!.value).toBeLessThanOrEqual(2);
  });

  test.each([
    ["a network behind a function", "p^2 + V(q)", ["--learn", "V = mlp(3, softplus)"], 9],
    ["a network of which the derivative stands in H", "p^2 + V'(q)", ["--hidden", "3"], 9],
    ["a network in a text of its own", "p^2 + V(q); V = mlp(2, 2, tanh)", [], 12],
    ["a network of the whole state beside the formula", "p^2 + q^2/2", ["--hidden", "3"], 12],
    ["damping with a constant", "p^2 + V(q); damping p = c; c = 0.1 learn", ["--hidden", "3"], 10],
  ])("%s", async (_, formula, words, parameters) => {
    const found = await train(formula, ...words, "--steps", "50", ...truth);
    expect(found).toMatchObject({ model: "hybrid", parameters, optimiser: "adam" });
    expect(found.trainLoss).toBeGreaterThan(0);
  });

  test("one function of pairs in a sum over arrays", async () => {
    const pairs = (v: string) => `sum(p[i]^2, i=1..3)/2 + sum(${v}, i<j); q: [3], p: [3]`;
    const of = ["--truth", pairs("(q[i]-q[j])^2"), "--region", "q=-1:1,p=-1:1", ...few];
    const found = await train(pairs("V(q[i]-q[j])"), "--hidden", "4", "--steps", "50", ...of);
    expect(found.parameters).toBe(12);
  });

  test("what was trained is a formula: it simulates, and compiles to a module that has no imports", async () => {
    const { folder } = await train("p^2 + V(q)", "--hidden", "4", "--steps", "50", ...truth);
    const simulated = await hnnc(["simulate", folder, "--x0", "0.5,0", "--t", "1", "--no-picture"], { cwd });
    expect(simulated.code).toBe(0);
    expect(simulated.stdout.split("\n").find((line) => !line.startsWith("#"))).toBe("t,q,p,H");
    const { code, stdout } = await hnnc(["compile", folder, "--target", "js"], { cwd });
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/^import /m);
  });
});

describe("rows of one's own", () => {
  const write = (name: string, header: string, lines: readonly string[]) =>
    writeFileSync(join(cwd, name), `${[header, ...lines].join("\n")}\n`);
  const columns = ["--columns", "q=theta,p=omega,t=time"];
  const runs = [swing(1, 0, 30), swing(2, 0, 30), swing(0.5, 1, 30)];
  const marked = (mark: (run: number) => string) => runs.flatMap((run, k) => run.map((line) => `${line},${mark(k)}`));
  const steps = ["--hidden", "4", "--steps", "20"];

  const rowsOf = async (...words: readonly string[]) => {
    const { code, stderr } = await hnnc(["train", ...words, ...steps, "-o", `run-${runs.length}`, "--overwrite"], {
      cwd,
    });
    return { code, data: /^ {2}data +(.*)$/m.exec(stderr)?.[1], remarks: stderr.match(/^warning: .*$/gm) };
  };

  test("one run: the last fifth of it tests", async () => {
    write("own.csv", "time,theta,omega", runs[0]!);
    expect(await rowsOf("p^2/2 + V(q)", "--data", "own.csv", ...columns)).toEqual({
      code: 0,
      data: "own.csv: 24 rows train, 6 test",
      remarks: null,
    });
  });

  test("columns of runs and of a split count", async () => {
    write(
      "runs.csv",
      "time,theta,omega,run,split",
      marked((k) => `${k},${k === 2 ? "test" : "train"}`),
    );
    const { code, data } = await rowsOf("p^2/2 + V(q)", "--data", "runs.csv", ...columns);
    expect({ code, data }).toEqual({ code: 0, data: "runs.csv: 60 rows train, 30 test" });
  });

  test("runs are cut where time goes back; no sample lies across", async () => {
    write("gaps.csv", "time,theta,omega", runs.flat());
    const found = await train("--data", "gaps.csv", ...columns, "--split", "0", ...steps);
    // 29 pairs of rows in each of three runs
    expect(found).toMatchObject({ model: "hnn", loss: "midpoint", samples: 87, testLoss: null });
  });

  test("two rows are enough, and none need test", async () => {
    write("two.csv", "t,q,p", swing(1, 0, 2));
    expect(await rowsOf("p^2/2 + V(q)", "--data", "two.csv")).toMatchObject({
      code: 0,
      data: "two.csv: 2 rows train, 0 test",
    });
  });

  test("a constant of measured rows is found", async () => {
    write("finely.csv", "t,q,p", swing(1, 0, 200, { dt: 0.002 }));
    const found = await train("p^2/2 - k cos(q); k = 5 learn", "--data", "finely.csv");
    // The midpoint rule is off by dt²/24 of the third derivative, some 1e-6 of 9.
    expect(found.constants.k!.value).toBeCloseTo(9, 4);
    expect(found.constants.k!.standardError).toBeLessThan(1e-4);
  });

  test("names of columns that objects have are names", async () => {
    write("proto.csv", "time,__proto__,constructor", runs[0]!);
    const { code } = await rowsOf("--data", "proto.csv", "--columns", "q=__proto__,p=constructor,t=time");
    expect(code).toBe(0);
  });

  test("columns that never change do no harm, and are told of", async () => {
    // 0.1 is no sum of powers of two: the mean of equal numbers is off by a rounding.
    write(
      "still.csv",
      "t,q,p",
      Array.from({ length: 30 }, (_, k) => `${k / 10},0.1,0`),
    );
    const { code, remarks } = await rowsOf("--data", "still.csv");
    expect({ code, remarks }).toEqual({
      code: 0,
      remarks: ["warning: q, p are the same in all rows: nothing is learned of how H depends on them"],
    });
  });

  test("rows of npz and parquet, with derivatives and a split of their own", async () => {
    for (const file of ["pend.npz", "pend.parquet"]) {
      expect((await hnnc(["generate", "pendulum", ...few, "-o", file], { cwd })).code).toBe(0);
      const { code, data } = await rowsOf("pendulum", "--model", "hnn", "--data", file);
      expect({ code, data }).toEqual({ code: 0, data: `${file}: 48 rows train, 12 test` });
    }
  });
});

test("what no training mends is said: time, friction", async () => {
  const { remarks } = await train("driven-pendulum", "--model", "hnn", "--hidden", "4", "--steps", "10", ...few);
  expect(remarks).toEqual([
    "the true formula depends on time, and a model of the kind hnn does not: a hybrid can",
    "the true formula has damping or forces, and a model of the kind hnn has none: dissipative has damping",
  ]);
  const hybrid = ["p^2/2 + V(q); force p = A cos(t); A = 1 learn", "--truth", "driven-pendulum", ...few];
  expect((await train(...hybrid, "--hidden", "4", "--steps", "10")).remarks).toEqual([]);
});
