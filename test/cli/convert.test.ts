import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatNames, formats } from "../../src/data/formats.ts";
import { readDataset } from "../../src/data/read.ts";
import { bits } from "../data/datasets.ts";
import { hnnc } from "../support/hnnc-process.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hnnc-convert-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const convert = (...words: string[]) => hnnc(["convert", ...words], { cwd: folder });

/** A pendulum's small swing, measured every 0.1 s, with a pause of a second after each 40 rows. */
function measured(separator: string, decimal: string, end: string): string {
  const row = (k: number) => {
    const t = 0.1 * k + Math.floor(k / 40);
    return [t, Math.cos(t), -Math.sin(t)].map((value) => value.toFixed(9).replace(".", decimal)).join(separator);
  };
  const names = ["time", "theta", "omega"].join(separator);
  return [names, ...Array.from({ length: 120 }, (_, k) => row(k)), ""].join(end);
}

describe("a user's file", () => {
  test.each([
    ["commas", ",", ".", "\n", ""],
    ["semicolons, decimal commas, CRLF, a byte order mark", ";", ",", "\r\n", "\ufeff"],
    ["tabs", "\t", ".", "\n", ""],
    ["spaces", "  ", ".", "\r\n", ""],
  ])("%s: columns by name, runs cut at gaps, what was found", async (_, separator, decimal, end, mark) => {
    writeFileSync(at("arm.txt"), mark + measured(separator, decimal, end));
    const { code, stdout, stderr } = await convert("arm.txt", "--columns", "q=theta,p=omega,t=time", "-o", "arm.npz");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toBe(
      [
        "  read     120 rows in 1 run from arm.txt",
        "  columns  t = time, q = theta, p = omega, run",
        "  time     from 0 to 13.9, steps of 0.1",
        "  gaps     2, t = 3.9 to 5 at row 41; t = 8.9 to 10 at row 81: 3 runs",
        "wrote arm.npz: 120 rows in 3 runs",
        "",
      ].join("\n"),
    );
    const { runs, states, provenance } = await readDataset(at("arm.npz"));
    expect(runs.map((run) => run.end)).toEqual([40, 80, 120]);
    expect(states[2]).toBe(Number(Math.cos(0.1).toFixed(9)));
    expect(provenance.source).toBe("arm.txt");
  });

  test("columns by number, where the file names none", async () => {
    writeFileSync(at("bare.csv"), "0,1,0\n0.1,0.995,-0.1\n0.2,0.98,-0.2\n");
    const { code, stdout } = await convert("bare.csv", "--columns", "t=1,q=2,p=3");
    expect(code).toBe(0);
    expect(stdout.split("\n").slice(-5)).toEqual(["t,q,p", "0,1,0", "0.1,0.995,-0.1", "0.2,0.98,-0.2", ""]);
  });

  test("gaps as wide as asked for, or none", async () => {
    writeFileSync(at("arm.csv"), measured(",", ".", "\n"));
    const runs = async (gap: string) => {
      await convert("arm.csv", "--columns", "q=theta,p=omega,t=time", "--gap", gap, "-o", "x.parquet");
      return (await readDataset(at("x.parquet"))).runs.length;
    };
    expect([await runs("none"), await runs("20"), await runs("5")]).toEqual([1, 1, 3]);
  });
});

describe("derivatives", () => {
  // The error of each estimator on a swing of amplitude 1 at steps of 0.1, ends of runs included.
  test.each([
    ["midpoint", 117, 5e-4, "h²/24 x‴"],
    ["forward", 117, 6e-2, "half a step late"],
    ["savitzky-golay", 120, 1e-4, "h⁴"],
    ["smoothing-spline", 120, 0.1, "λ x⁗"],
  ])("%s: %d rows, errors below %d, with what it assumes", async (method, rows, most, bias) => {
    writeFileSync(at("arm.csv"), measured(",", ".", "\n"));
    const words = ["arm.csv", "--columns", "q=theta,p=omega,t=time", "--derivatives", method, "-o", "x.json"];
    const { code, stderr } = await convert(...words);
    expect(code).toBe(0);
    expect(stderr).toContain(bias);
    expect(stderr).toContain("  assumed  ".trimEnd());
    const set = await readDataset(at("x.json"));
    expect(set.rows).toBe(rows);
    let worst = 0;
    set.times!.forEach((t, k) => {
      worst = Math.max(
        worst,
        Math.abs(set.derivatives![2 * k]! + Math.sin(t)),
        Math.abs(set.derivatives![2 * k + 1]! + Math.cos(t)),
      );
    });
    expect(worst).toBeLessThan(most);
    expect(set.provenance.derivatives).toMatchObject({ method });
    expect(Object.keys(set.provenance.derivatives as object)).toEqual(["method", "assumes", "bias"]);
  });

  test("window and degree are handed on, and refused where they do not fit", async () => {
    writeFileSync(at("arm.csv"), measured(",", ".", "\n"));
    const words = ["arm.csv", "--columns", "q=theta,p=omega,t=time", "--derivatives", "savitzky-golay", "-o", "x.json"];
    await convert(...words, "--window", "9", "--degree", "2");
    expect((await readDataset(at("x.json"))).provenance.derivatives).toMatchObject({ window: 9, degree: 2 });
    expect(await convert(...words, "--window", "4")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("bad-window"),
    });
  });
});

describe("splits", () => {
  test("of runs and of rows, by seed; a split of the file stays or is dropped", async () => {
    writeFileSync(at("arm.csv"), measured(",", ".", "\n"));
    const words = ["--columns", "q=theta,p=omega,t=time", "-o", "x.npz"];
    await convert("arm.csv", ...words, "--split", "0.34", "--split-which", "last");
    expect([...(await readDataset(at("x.npz"))).test!].indexOf(1)).toBe(80);
    await convert("arm.csv", ...words, "--split", "0.25", "--split-by", "row", "--seed", "2");
    const kept = await readDataset(at("x.npz"));
    expect(kept.test!.reduce((sum, mark) => sum + mark, 0)).toBe(30);
    await convert("x.npz", "-o", "y.csv");
    expect(bits((await readDataset(at("y.csv"))).test)).toBe(bits(kept.test));
    await convert("x.npz", "--split", "0", "-o", "z.csv");
    expect((await readDataset(at("z.csv"))).test).toBeUndefined();
  });
});

test("from format to format and back, bit for bit", async () => {
  await hnnc(["generate", "henon-heiles", "--t", "3", "--trajectories", "4", "--noise", "0.1", "-o", at("first.npz")]);
  let last = "first.npz";
  for (const name of [...formatNames, "npz" as const]) {
    const next = `from-${last.replace(".", "-")}${formats[name].extensions[0]}`.slice(-40);
    const { code, stderr } = await convert(last, "-o", next);
    expect([code, stderr.includes("gaps")]).toEqual([0, false]);
    last = next;
  }
  expect(readFileSync(at(last)).equals(readFileSync(at("first.npz")))).toBe(true);
});

test("--json tells the same as a document", async () => {
  writeFileSync(at("arm.csv"), measured(",", ".", "\n"));
  const { stdout, stderr } = await convert(
    "arm.csv",
    "--columns",
    "q=theta,p=omega,t=time",
    "--derivatives",
    "midpoint",
    "--json",
    "-o",
    "x.npz",
  );
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toMatchObject({
    files: ["x.npz"],
    read: { rows: 120, runs: 1 },
    rows: 117,
    runs: 3,
    gaps: [{ row: 40 }, { row: 80 }],
    columns: ["t", "q", "p", "dq/dt", "dp/dt"],
    derivatives: { noise: expect.stringContaining("√2 σ/h") },
  });
});

describe("refuses, and writes nothing", () => {
  test.each<[string, string, string[], number, string]>([
    ["columns that nobody named", "a,b\n1,2\n", [], 4, "--columns q=theta,p=omega"],
    ["a column that is not there", "a,b\n1,2\n", ["--columns", "q=a,p=c"], 4, "it has no column `c`"],
    ["a row that is cut off", "q,p\n1,2\n3\n", [], 4, "line 3, column 2"],
    ["a word where a number is", "q,p\n1,2\n3,x\n", [], 4, "line 3, column 2: `p` has `x`"],
    ["derivatives without times", "q,p\n1,2\n2,3\n", ["--derivatives", "midpoint"], 4, "the rows have no times"],
    [
      "a run too short for the window",
      "t,q,p\n0,1,2\n1,2,3\n",
      ["--derivatives", "savitzky-golay"],
      4,
      "of the 7 rows",
    ],
    ["an estimator that is none", "q,p\n1,2\n", ["--derivatives", "magic"], 2, "Allowed choices"],
    ["a gap that is none", "q,p\n1,2\n", ["--gap", "0"], 2, "neither `none` nor a number from 1"],
    ["columns without a pair", "q,p\n1,2\n", ["--columns", "q=q"], 2, "do not make pairs"],
    ["a split without its part", "q,p\n1,2\n", ["--split-by", "row"], 2, "--split 0.2"],
  ])("%s", async (_, text, words, code, message) => {
    writeFileSync(at("in.csv"), text);
    const outcome = await convert("in.csv", ...words, "-o", "out.npz");
    expect(outcome.stderr).toContain(message);
    expect(outcome.code).toBe(code);
    expect(readdirSync(folder)).toEqual(["in.csv"]);
  });

  test("a file that is not there: 9", async () => {
    expect(await convert("no.csv")).toMatchObject({ code: 9, stderr: expect.stringContaining("no.csv") });
  });
});

// Data that the project does not hold: looked for beside the checkout.
const shared = fileURLToPath(new URL("../../../shared/data/", import.meta.url));

describe.skipIf(!existsSync(shared))("reference data beside the checkout", () => {
  test("the pendulum of Schmidt and Lipson: 556 rows, ten gaps", async () => {
    const file = join(shared, "measured/real_pend_h_1.txt");
    const { stderr } = await convert(
      file,
      "--columns",
      "run=1,t=2,q=3,p=4",
      "--derivatives",
      "midpoint",
      "-o",
      "x.npz",
    );
    expect(stderr).toContain("read     556 rows in 1 run");
    expect(stderr).toContain("gaps     10, t = 5.66667 to 6 at row 6");
    expect((await readDataset(at("x.npz"))).rows).toBe(545);
  });

  test("the free arm of MultiArm-Pendulum: six runs, two for testing", async () => {
    const file = join(shared, "measured/single_pendulum_arm.csv");
    const { stderr } = await convert(file, "--columns", "q=theta,p=omega", "-o", "x.npz");
    expect(stderr).toContain("read     11004 rows in 6 runs");
    expect(stderr).toContain("split    7336 rows train, 3668 test");
  });

  test.each([
    ["spring", 1500, 2],
    ["pend", 2250, 2],
    ["2body", 50_000, 8],
    ["3body", 100_000, 12],
  ])("the arrays of arXiv:1906.01563, %s: %d rows of %d", async (name, rows, width) => {
    await convert(join(shared, `hnn2019/${name}.npz`), "-o", "x.parquet");
    const set = await readDataset(at("x.parquet"));
    expect([set.rows, 2 * set.coordinates.length, set.derivatives!.length]).toEqual([rows, width, rows * width]);
  });
});
