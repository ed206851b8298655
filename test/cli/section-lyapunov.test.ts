import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readDataset } from "../../src/data/read.ts";
import { hnnc } from "../support/hnnc-process.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hnnc-section-"));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (words: readonly string[]) => hnnc(words, { cwd: folder });

describe("hnnc section", () => {
  test("writes points of drawn trajectories, and a picture", async () => {
    const { code, stdout, stderr } = await run(
      "section henon-heiles --on x --energy 0.125 --trajectories 4 --t 200 -o s.npz --plot s.svg".split(" "),
    );
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^\d+ points of 4 trajectories: \d+ \d+ \d+ \d+$/m);
    expect(stderr).toContain("wrote s.npz");
    const points = await readDataset(join(folder, "s.npz"), {});
    expect(points.runs.length).toBe(4);
    expect(Math.max(...points.energies!.map((energy) => Math.abs(energy - 0.125)))).toBeLessThan(1e-14);
    expect([points.provenance.section, points.provenance.seed]).toEqual(["x", 0]);
    const again = await run(
      "section henon-heiles --on x:up --energy 0.125 --trajectories 4 --seed 1 --t 200 -o other.npz".split(" "),
    );
    expect(again.code).toBe(0);
    expect((await readDataset(join(folder, "other.npz"), {})).states).not.toEqual(points.states);
    expect(await readFile(join(folder, "s.svg"), "utf8")).toContain("<svg");
  });

  test("gives CSV without -o; extrema behind a colon", async () => {
    const { code, stdout } = await run(["section", "kepler", "--on", "hypot(x, y):min", "--t", "20"]);
    expect(code).toBe(0);
    const rows = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(rows[0]).toBe("t,x,y,p_x,p_y,H");
    expect(rows.slice(1).map((row) => Math.round(Number(row.split(",")[0]) / Math.PI))).toEqual([2, 4, 6]);
  });

  test("with --json gives the points in the document, or the file's name", async () => {
    const words = ["section", "p^2/2 - cos(q)", "--on", "q", "--x0", "1,0", "--t", "30", "--json"];
    const document = JSON.parse((await run(words)).stdout);
    expect(document.counts).toEqual([document.points]);
    expect(document.columns.t.length).toBe(document.points);
    const written = JSON.parse((await run([...words, "-o", "p.csv"])).stdout);
    expect([written.files, written.columns]).toEqual([["p.csv"], undefined]);
  });

  test.each([
    [["section", "kepler", "--t", "10"], 2, "--on"],
    [["section", "kepler", "--on", "z", "--t", "10"], 3, "unknown-symbol"],
    [["section", "kepler", "--on", "x:stop", "--t", "10"], 2, "bad-event"],
    [["section", "kepler", "--on", "x", "--x0", "1,0,0,1", "--energy", "-0.5", "--t", "10"], 2, "x0-and-region"],
    [["section", "kepler", "--on", "x", "--t", "10", "--plot", "a.gif"], 2, "gif"],
  ] as const)("refuses, case %#", async (words, exit, told) => {
    const { code, stdout, stderr } = await run(words);
    expect([code, stdout]).toEqual([exit, ""]);
    expect(stderr).toContain(told);
  });

  test("keeps the points of trajectories that end early, and says so", async () => {
    const words = "section henon-heiles --on y:both --x0 0.1,0.2,0.6,0.5 --t 100 --json".split(" ");
    const { code, stdout } = await run(words);
    const document = JSON.parse(stdout);
    expect([code, document.diverged.length, document.error.code]).toEqual([6, 1, "diverged"]);
  });
});

describe("hnnc lyapunov", () => {
  test("tells the exponent, its error, MEGNO and the verdict", async () => {
    const { code, stdout } = await run(["lyapunov", "p^2/2 - q^2/2", "--x0", "0,0", "--t", "100"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/maximal Lyapunov exponent {2}1\.0+ ± \d\.\de-\d+ per unit of time/);
    expect(stdout).toContain("Lyapunov time              1.000");
    expect(stdout).toContain("chaotic: neighbours part exponentially");
  });

  test("with --json gives one document; regular motion has no Lyapunov time", async () => {
    const { stdout } = await run("lyapunov kepler --t 1000 --seed 3 --json".split(" "));
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ verdict: "regular", lyapunovTime: null, t: 1000, seed: 3 });
    expect(document.convergence.at(-1).t).toBe(1000);
    expect(document.state.length).toBe(4);
  });

  test("says 1/s where the model has units", async () => {
    const { stdout } = await run("lyapunov pendulum-si --t 100".split(" "));
    expect(stdout).toMatch(/ 1\/s$/m);
  });

  test.each([
    [["lyapunov", "kepler"], 2, "--t"],
    [["lyapunov", "p^2/2 - cos(q)", "--t", "10"], 2, "bad-start"],
    [["lyapunov", "p^2/2 - cos(q)", "--t", "10", "--x0", "1,0;2,0"], 2, "several"],
    [["lyapunov", "p^2/2 - 1/q", "--t", "10", "--x0", "1,0"], 6, "singular"],
    [["lyapunov", "p^2/2 - V(q)", "--t", "10", "--x0", "1,0"], 3, "unknown-function"],
  ] as const)("refuses, case %#", async (words, exit, told) => {
    const { code, stdout, stderr } = await run(words);
    expect([code, stdout]).toEqual([exit, ""]);
    expect(stderr).toContain(told);
  });
});
