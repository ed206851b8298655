import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hnnc } from "../support/hnnc-process.ts";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hnnc-plot-"));
  const outcome = await hnnc([
    "simulate",
    "p^2/2 - cos(q)",
    "--x0",
    "1,0",
    "--t",
    "10",
    "-o",
    at("swing.npz"),
    "--no-picture",
  ]);
  expect(outcome.code).toBe(0);
  const rows = Array.from({ length: 50 }, (_, k) => `${k / 10},${Math.cos(k / 10)},${-Math.sin(k / 10)}`);
  writeFileSync(at("arm.csv"), `time,theta,omega\n${rows.join("\n")}\n`);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const plot = (words: readonly string[]) => hnnc(["plot", ...words], { cwd: folder });

describe("without a file", () => {
  test("the picture is text on standard output, 72 columns, no escape sequences", async () => {
    const { code, stdout, stderr } = await plot(["swing.npz"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/[\u2801-\u28ff]{5}/);
    expect(stdout).not.toContain("\u001b");
    expect(stdout.split("\n")).toHaveLength(21);
    expect(Math.max(...stdout.split("\n").map((line) => [...line].length))).toBeLessThanOrEqual(72);
  });

  test("what keeps the field away is said on standard error", async () => {
    const { stdout, stderr } = await plot(["arm.csv", "--columns", "q=theta,p=omega,t=time"]);
    expect(stdout).toMatch(/[\u2801-\u28ff]/);
    expect(stderr).toBe("no field and no lines of energy: the data do not say which formula they come from\n");
  });

  test("--json is one document", async () => {
    const { stdout } = await plot(["swing.npz", "--kind", "phase,energy", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      kinds: ["phase", "energy"],
      rows: 1001,
      runs: 1,
      text: expect.any(String),
    });
  });
});

describe("-o", () => {
  test("writes SVG or PNG by the extension, and nothing to standard output", async () => {
    for (const name of ["swing.svg", "swing.png"]) {
      expect(await plot(["swing.npz", "-o", name, "--width", "400", "--height", "300"])).toMatchObject({
        code: 0,
        stdout: "",
        stderr: "",
      });
    }
    expect(readFileSync(at("swing.svg"), "utf8")).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="400" height="300"/,
    );
    const png = readFileSync(at("swing.png"));
    expect([png.toString("latin1", 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(["PNG", 800, 600]);
  });

  test("with columns of the user's own and a model: its field and its energies", async () => {
    const words = [
      "arm.csv",
      "--columns",
      "q=theta,p=omega,t=time",
      "--model",
      "p^2/2 + k q^2/2; k = 1",
      "--param",
      "k=1",
    ];
    expect(await plot([...words, "--kind", "phase,energy", "-o", "arm.svg"])).toMatchObject({ code: 0, stderr: "" });
    const svg = readFileSync(at("arm.svg"), "utf8");
    expect(svg).toContain('stroke="#9a9a9a"');
    expect(svg).toContain("no trend");
  });

  test("--json tells what was written", async () => {
    const { stdout } = await plot(["swing.npz", "-o", "told.svg", "--json"]);
    expect(JSON.parse(stdout)).toEqual({ files: ["told.svg"], kinds: ["phase"], rows: 1001, runs: 1, notes: [] });
  });

  test("a section of an ensemble, of some of its runs", async () => {
    const made = [
      "simulate",
      "henon-heiles",
      "--t",
      "100",
      "--ensemble",
      "4",
      "--seed",
      "1",
      "-o",
      at("stars.npz"),
      "--no-picture",
    ];
    expect((await hnnc(made)).code).toBe(0);
    const words = [
      "stars.npz",
      "--kind",
      "poincare",
      "--section",
      "x",
      "--direction",
      "both",
      "--runs",
      "0,2-3",
      "-o",
      "section.svg",
      "--json",
    ];
    const { stdout, code } = await plot(words);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kinds: ["poincare"],
      runs: 3,
      notes: [expect.stringMatching(/^\d+ points where x = 0; integrated again/)],
    });
    expect(readFileSync(at("section.svg"), "utf8")).toContain("run 3");
  });
});

describe("errors", () => {
  test.each([
    [
      ["swing.npz", "--kind", "phse"],
      2,
      "error[unknown-kind]: `phse` is not a kind of picture\n  kinds: phase energy time poincare orbit\n  hint: did you mean `phase`?\n",
    ],
    [["swing.npz", "--x", "r"], 2, "error[unknown-column]: there is no column `r`\n  columns: t q p H\n"],
    [["swing.npz", "--runs", "7"], 2, "error[unknown-run]: there is no run 7\n  runs: 0\n"],
    [["swing.npz", "--runs", "a"], 2, /^error\[bad-runs\]/],
    [["swing.npz", "--y", "q,,p"], 2, /^error\[bad-list\]/],
    [
      ["swing.npz", "-o", "x.gif"],
      2,
      "error[unknown-picture-format]: `x.gif` does not end in .svg or .png\n  hint: name the file picture.svg or picture.png\n",
    ],
    [
      ["swing.npz", "--width", "400"],
      2,
      /^error\[unused-option\]: `--width` means nothing to a picture in the terminal\n/,
    ],
    [["swing.npz", "--width", "0", "-o", "x.png"], 2, /^error\[bad-number\]/],
    [["swing.npz", "--param", "m=1"], 2, /^error\[unused-option\]: `--param`/],
    [
      ["swing.npz", "--kind", "energy", "--section", "q", "-o", "x.svg"],
      2,
      /^error\[unused-option\]: `section` means nothing to `energy`\n/,
    ],
    [["swing.npz", "--kind", "poincare", "--section", "q +", "-o", "x.svg"], 3, /^error\[\S+\]: .*\n {2}q \+/],
    [
      ["swing.npz", "--model", "kepler"],
      2,
      /^error\[other-model\]: the model's state is x y p_x p_y, the data's is q p\n/,
    ],
    [["arm.csv"], 4, /^error\[unknown-columns\]/],
    [["none.npz"], 9, "error[cannot-read]: cannot read `none.npz`: there is no such file or directory\n"],
    [
      ["swing.npz", "-o", "no/x.svg"],
      9,
      /^error\[cannot-write\]: cannot write `no\/x\.svg`: there is no directory `no`\n/,
    ],
    [[], 2, /^error\[missing-argument\]/],
  ])("hnnc plot %j ends with %i", async (words, code, stderr) => {
    const outcome = await plot(words);
    expect(outcome).toMatchObject({ code, stdout: "" });
    if (typeof stderr === "string") expect(outcome.stderr).toBe(stderr);
    else expect(outcome.stderr).toMatch(stderr);
    expect(existsSync(at("x.svg")) || existsSync(at("x.png"))).toBe(false);
  });

  test("leave nothing half written behind", () => {
    expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
  });
});

test("compile and help do not load what draws, plot does", async () => {
  const told = `
    import { registerHooks } from "node:module";
    const drawing = /resvg|stix|src\\/picture|src\\/simulat/;
    registerHooks({ load(url, context, next) { if (drawing.test(url)) console.error(url); return next(url, context); } });`;
  writeFileSync(at("told.mjs"), told);
  const env = { NODE_OPTIONS: `--import ${pathToFileURL(at("told.mjs"))}` };
  expect((await hnnc(["compile", "p^2/2 - cos(q)", "-t", "js"], { env })).stderr).toBe("");
  expect((await hnnc(["plot", "--help"], { env })).stderr).not.toMatch(/resvg|simulate\.ts/);
  expect((await hnnc(["plot", "swing.npz"], { cwd: folder, env })).stderr).toContain("src/picture/");
});
