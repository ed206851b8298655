import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hnnc } from "../support/hnnc-process.ts";
import { few, filesIn, swing, tiny, told, trained } from "../support/training-runs.ts";

const cwd = mkdtempSync(join(tmpdir(), "hnnc-eval-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const evaluate = (...words: string[]) => hnnc(["eval", ...words], { cwd });
const quick = ["--no-drift", "--t", "1", "--samples", "20"];

interface Evaluation {
  readonly losses: { readonly loss: string; readonly train: number; readonly test: number | null };
  readonly rollOuts: { readonly starts: number; readonly samples: number; readonly t: [number, number] };
  readonly energy: { readonly name: string; readonly mean: number }[];
  readonly error: { readonly meanSquare: number; readonly validTime: { readonly median: number } };
  readonly drift: object | undefined;
  readonly disagreement: { readonly members: number; readonly median: number; readonly greatest: number };
}

async function evaluation(...words: string[]): Promise<Evaluation> {
  const { code, stdout, stderr } = await evaluate(...words, "--json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as Evaluation;
}

beforeAll(async () => {
  // A formula with one constant, solved for: what it predicts is known to be nearly right.
  const grey = ["p^2 + g (1 - cos(q)); g = 1 learn", "--truth", "pendulum", ...few, "--noise", "0"];
  writeFileSync(join(cwd, "rows.csv"), `${["t,q,p", ...swing(1, 0, 30)].join("\n")}\n`);
  await Promise.all([trained(grey, cwd, "grey"), trained(["pendulum", "--model", "hnn", ...tiny, ...few], cwd, "hnn")]);
  await Promise.all([
    trained(["pendulum", "--model", "hnn", ...tiny, ...few, "--seed", "1"], cwd, "seed"),
    trained(["--data", "rows.csv", ...tiny], cwd, "measured"),
  ]);
}, 60_000);

describe("hnnc eval", () => {
  test("a table: name, value and what it is, without escape sequences", async () => {
    const { code, stdout, stderr } = await evaluate("hnn", "--cycles", "3");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^ {2}training loss +[\d.e−]+ +mean square of the loss “derivatives” on the rows for training\n/,
    );
    expect(stdout).toMatch(/\n {2}until divergence +(> 3|[\d.]+) cycles +/);
    expect(stdout).not.toContain("\u001b");
  });

  test("the losses are those that training came to", async () => {
    const { metrics } = JSON.parse(readFileSync(join(cwd, "hnn/model.json"), "utf8"));
    const { losses } = await evaluation("hnn", ...quick);
    // That was in single precision.
    expect(losses.train / metrics.trainLoss).toBeCloseTo(1, 4);
    expect(losses.test! / metrics.testLoss).toBeCloseTo(1, 4);
  });

  test("the truth that the run knows, roll-outs as long as asked", async () => {
    const { rollOuts, energy, error, drift } = await evaluation("grey", ...quick);
    expect(rollOuts).toMatchObject({ samples: 20, t: [0, 1] });
    expect(energy.map(({ name }) => name)).toEqual(["H", "learned H"]);
    // g is right to round-off, and both follow the motion to a tolerance of 1e-9.
    expect(error.meanSquare).toBeLessThan(1e-14);
    expect(error.validTime.median).toBe(1);
    expect(drift).toBeUndefined();
  });

  test("--against a formula that is another: the error is its own", async () => {
    const { error } = await evaluation("grey", "--against", "p^2 + 6 (1 - cos(q))", ...quick);
    expect(error.meanSquare).toBeGreaterThan(1e-3);
  });

  test("--x0 says where roll-outs start", async () => {
    const { rollOuts } = await evaluation("grey", "--x0", "q=1,p=0; q=0.5,p=0.1", ...quick);
    expect(rollOuts.starts).toBe(2);
  });

  test("--data: measured runs, each from its first row", async () => {
    const { rollOuts } = await evaluation("hnn", "--data", "rows.csv", "--no-drift");
    expect(rollOuts).toMatchObject({ starts: 1, samples: 30 });
    expect(rollOuts.t[1]).toBeCloseTo(29 * 0.02, 12);
  });

  test("--ensemble: models of other seeds, each with the normalisation of its own rows", async () => {
    const same = await evaluation("hnn", "--ensemble", "hnn,hnn", ...quick);
    expect(same.disagreement.members).toBe(3);
    // √ of a rounding of one
    expect(same.disagreement.greatest).toBeLessThan(1e-7);
    const exact = await evaluation("grey", "--ensemble", "hnn", ...quick);
    const other = await evaluation("hnn", "--ensemble", "seed", ...quick);
    expect(exact.disagreement.median).toBeGreaterThan(1e-3);
    expect(other.disagreement.median).toBeGreaterThan(1e-3);
  });

  test("a run on measured rows is held against those for testing", async () => {
    const { losses, rollOuts } = await evaluation("measured", "--no-drift");
    expect(losses).toMatchObject({ loss: "midpoint" });
    expect(losses.test).toBeGreaterThan(0);
    expect(rollOuts).toMatchObject({ starts: 1, samples: 6 });
  });

  test("rows that are gone are missed only where they are needed", async () => {
    mkdirSync(join(cwd, "moved"));
    cpSync(join(cwd, "measured"), join(cwd, "moved/measured"), { recursive: true });
    const elsewhere = join(cwd, "moved");
    expect(told(await hnnc(["eval", "measured"], { cwd: elsewhere }))).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "error[nothing-to-judge-by]: the rows that `measured` was trained on, `rows.csv`, are not there\n  hint: --data FILE for measured runs, or --against FORMULA --x0 STATES for a true formula\n",
    });
    const truth = ["--against", "p^2/2 - 9 cos(q)", "--x0", "1,0", ...quick];
    expect(await hnnc(["eval", "measured", ...truth], { cwd: elsewhere })).toMatchObject({ code: 0 });
  });
});

describe("what cannot be judged", () => {
  const cases: [words: string[], code: number, stderr: RegExp][] = [
    [["nowhere"], 2, /`nowhere` is not the folder of a trained model\n {2}hint: hnnc train/],
    [["."], 2, /`\.` is not the folder of a trained model/],
    [[], 2, /missing required argument `run`/],
    [["hnn", "--t", "soon"], 2, /`--t soon` is no time/],
    [["hnn", "--t", "-3"], 2, /samples from t = 0 to -3/],
    [["hnn", "--samples", "1"], 2, /`--samples 1` is not a number of samples from 2/],
    [["hnn", "--cycles", "0"], 2, /`--cycles 0` is not a number of cycles from 1/],
    [["hnn", "--x0", "1,0,3"], 2, /has 3 numbers, a state has 2: q, p/],
    [["hnn", "--against", "henon-heiles"], 2, /true formula's state is x y p_x p_y, the model's is q p/],
    [["hnn", "--against", "p^2/2 +"], 3, /^error\[syntax\]/],
    [["hnn", "--columns", "q=theta"], 2, /`--columns` says how to read --data/],
    [["hnn", "--data", "rows.csv", "--t", "3"], 2, /`--t` is of roll-outs beside a true formula/],
    [["measured", "--t", "3"], 2, /`--t` is of roll-outs beside a true formula, and the run knows none/],
    [["hnn", "--data", "rows.csv", "--x0", "1,0"], 2, /`--x0` is of roll-outs beside a true formula/],
    [["hnn", "--data", "none.csv"], 9, /cannot read `none.csv`/],
    [["hnn", "--data", "one.csv"], 4, /`one.csv` has no run of two rows/],
    [["hnn", "--data", "nan.csv"], 4, /row 8 has NaN for `q`/],
    [["hnn", "--data", "rows.csv", "--columns", "q=theta"], 4, /no column `theta`\n {2}columns: t q p/],
    [["hnn", "--ensemble", "nowhere"], 9, /cannot read `nowhere`/],
    [["hnn", "--ensemble", "chain"], 2, /the state of `chain` is q1 q2 p1 p2, the model's is q p/],
    [["hnn", "--ensemble", "lstm"], 2, /`lstm` has no field that could be compared/],
  ];

  beforeAll(async () => {
    const rows = swing(1, 0, 20);
    writeFileSync(join(cwd, "one.csv"), `t,q,p\n${rows[0]}\n`);
    writeFileSync(join(cwd, "nan.csv"), `${["t,q,p", ...rows.with(7, "0.14,nan,1")].join("\n")}\n`);
    const chain = ["(p1^2 + p2^2)/2 + (q1 - q2)^2 + V(q1)", "--hidden", "2", "--steps", "2", ...few];
    const truth = ["--truth", "(p1^2 + p2^2)/2 + (q1 - q2)^2", "--region", "q1=-1:1,q2=-1:1,p1=-1:1,p2=-1:1"];
    await trained([...chain, ...truth], cwd, "chain");
    await trained(
      ["pendulum", "--model", "lstm", "--hidden", "2", "--steps", "2", "--length", "4", ...few],
      cwd,
      "lstm",
    );
  }, 60_000);

  test.each(cases)("%j: %i", async (words, code, stderr) => {
    const before = filesIn(cwd);
    const outcome = await evaluate(...words);
    expect(outcome).toMatchObject({ code, stdout: "" });
    expect(outcome.stderr).toMatch(stderr);
    expect(outcome.stderr).not.toMatch(/\n {4}at /);
    expect(filesIn(cwd)).toEqual(before);
  });

  const broken: [what: string, change: (run: string) => void, code: number, stderr: RegExp][] = [
    ["an unknown key", edit("model.json", (text) => text.replace("{", '{ "foo": 1,')), 4, /no key `foo`/],
    ["__proto__", edit("model.json", (text) => text.replace("{", '{ "__proto__": {},')), 4, /no key `__proto__`/],
    ["another family", edit("model.json", (text) => text.replace('"family": "hnn"', '"family": "mlp"')), 4, /tensor/],
    [
      "more units",
      edit("model.json", (text) => text.replace(/"hidden": \[\s*4/, '"hidden": [ 5')),
      4,
      /is \[2, 4\], where \[2, 5\] is needed/,
    ],
    [
      "a system that there is not",
      edit("config.json", (text) => text.replaceAll('"system": "pendulum"', '"system": "x"')),
      2,
      /catalogue has none/,
    ],
    [
      "a truth of other names",
      edit("config.json", (text) => text.replace(/"truth": \{[^}]*\}/, '"truth": { "text": "x^2 + p_x^2" }')),
      2,
      /the true formula's state is x p_x/,
    ],
    ["weights that are torn", edit("model.safetensors", (text) => text.slice(0, 200)), 4, /model\.safetensors/],
    [
      "weights that are a link out of the folder",
      (run) => {
        rmSync(join(run, "model.safetensors"));
        symlinkSync("/etc/hostname", join(run, "model.safetensors"));
      },
      4,
      /it is a symbolic link/,
    ],
  ];

  test.each(broken)("a run with %s", async (what, change, code, stderr) => {
    const run = `broken-${broken.findIndex(([name]) => name === what)}`;
    cpSync(join(cwd, "hnn"), join(cwd, run), { recursive: true });
    change(join(cwd, run));
    const outcome = await evaluate(run, ...quick);
    expect(outcome).toMatchObject({ code, stdout: "" });
    expect(outcome.stderr).toMatch(stderr);
  });
});

function edit(file: string, change: (text: string) => string): (run: string) => void {
  return (run) => {
    const path = join(run, file);
    writeFileSync(path, change(readFileSync(path, "latin1")), "latin1");
  };
}
