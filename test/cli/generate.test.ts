import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatNames, formats } from "../../src/data/formats.ts";
import { readDataset } from "../../src/data/read.ts";
import { bits } from "../data/datasets.ts";
import { hnnc, mainFile, shell } from "../support/hnnc-process.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hnnc-generate-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const issued = "generate pendulum --trajectories 50 --points 45 --t 3 --noise 0.1 --seed 0".split(" ");

describe("what it writes", () => {
  test("a training set in a file, and what a person wants to know of it", async () => {
    const { code, stdout, stderr } = await hnnc([...issued, "-o", at("pend.npz")]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain("50 trajectories of 45 rows, t from 0 to 3\n");
    expect(stderr).toContain("taylor: neither step nor tolerance was given");
    expect(stderr).toMatch(/H from 2\.\d+ to 5\.\d+, kept within \d\.\de-15 on each trajectory/);
    expect(stderr).toContain("normal, σ = 0.1, on states alone: H and derivatives are of the true states");
    expect(stderr).toContain("the last 25 trajectories for testing: 1125 rows train, 1125 test");
    expect(stderr).toMatch(/wrote \S+pend\.npz: 2250 rows in \d/);
    const set = await readDataset(at("pend.npz"));
    expect([set.rows, set.runs.length, set.times!.length]).toEqual([2250, 50, 2250]);
    expect(set.provenance).toMatchObject({
      formula: expect.stringContaining("p^2 + 3 (1 - cos(q))"),
      method: "taylor",
      seed: 0,
      sampling: { trajectories: 50, points: 45, t: [0, 3], starts: { region: { kind: "shell", radius: [1.3, 2.3] } } },
      noise: { kind: "normal", sigma: 0.1, of: "states" },
      split: { test: 0.5, by: "run", which: "last" },
      derivatives: "field",
    });
  });

  test("the published set, where nothing is asked for", async () => {
    const { stderr } = await hnnc(["generate", "pendulum", "-o", at("published.npz")]);
    expect(stderr).toContain("50 trajectories of 45 rows, t from 0 to 3, as published (arXiv:1906.01563)");
    await hnnc([...issued, "-o", at("asked.npz")]);
    expect(readFileSync(at("published.npz")).equals(readFileSync(at("asked.npz")))).toBe(true);
  });

  test("CSV on standard output, nothing else; the same numbers in every format", async () => {
    const words = ["generate", "p^2/2 - cos(q)", "--region", "q=-2:2,p=-1:1", "--t", "2", "--trajectories", "3"];
    const { code, stdout, stderr } = await hnnc(words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n").find((line) => !line.startsWith("#"))).toBe("t,q,p,H,dq/dt,dp/dt,run,split");
    writeFileSync(at("out.csv"), stdout);
    const wanted = await readDataset(at("out.csv"));
    for (const name of formatNames) {
      const path = at(`out2${formats[name].extensions[0]}`);
      await hnnc([...words, "-o", path]);
      const found = await readDataset(path);
      expect([bits(found.states), bits(found.derivatives), bits(found.test)], name).toEqual([
        bits(wanted.states),
        bits(wanted.derivatives),
        bits(wanted.test),
      ]);
    }
  });

  test("one JSON document with --json", async () => {
    const { code, stdout, stderr } = await hnnc([...issued, "--split", "0", "--json", "-o", at("x.parquet")]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const told = JSON.parse(stdout) as Record<string, unknown>;
    expect(told).toMatchObject({
      files: [at("x.parquet")],
      trajectories: 50,
      rows: 2250,
      method: "taylor",
      diverged: [],
    });
    expect(told.split).toBeUndefined();
    expect((told.energy as { error: number }).error).toBeLessThan(1e-14);
  });

  test("options: energy, starts, parameters, derivatives, noise by name, a split by rows", async () => {
    const words = [
      "generate",
      "p^2/(2 m) + q^2/2; m = 1",
      "--param",
      "m=4",
      "--x0",
      "1,0;q=0,p=2",
      "--t",
      "1:3",
      "--points",
      "5",
    ];
    const more = [
      "--derivatives",
      "none",
      "--noise",
      "q=0.5",
      "--split",
      "0.4",
      "--split-by",
      "row",
      "-o",
      at("x.json"),
    ];
    expect((await hnnc([...words, ...more])).code).toBe(0);
    const set = await readDataset(at("x.json"));
    expect([...set.times!.subarray(0, 5)]).toEqual([1, 1.5, 2, 2.5, 3]);
    expect(set.derivatives).toBeUndefined();
    expect(set.energies![0]).toBeCloseTo(0.5, 15);
    expect(set.energies![5]).toBeCloseTo(0.5, 15);
    expect(set.states[0]).not.toBe(1);
    expect(set.states[1]).toBe(0);
    expect(set.test!.reduce((sum, mark) => sum + mark, 0)).toBe(4);
    const shell = [
      "generate",
      "p^2/2 - cos(q)",
      "--region",
      "q=-2:2,p=-1:1",
      "--energy",
      "0.5",
      "--t",
      "3",
      "-o",
      at("e.csv"),
    ];
    expect((await hnnc(shell)).code).toBe(0);
    for (const energy of (await readDataset(at("e.csv"))).energies!) expect(energy).toBeCloseTo(0.5, 13);
  });
});

describe("what it refuses", () => {
  test.each<[string, string[], string, string]>([
    ["a formula without a region", ["p^2/2 - cos(q)", "--t", "1"], "no-region", "--region q=-1:1,p=-1:1"],
    ["a system without a time", ["kepler"], "missing-time", "--t 10"],
    ["a misspelt system", ["pendulm"], "unknown-system", "hnnc generate pendulum"],
    ["a region of other variables", ["pendulum", "--region", "x=0:1"], "bad-region", "variables: q p"],
    ["a region without a range", ["pendulum", "--region", "q=1"], "bad-region", "--region q=-2:2,p=-1:1"],
    ["an energy that is none", ["pendulum", "--energy", "high"], "bad-energy", "--energy 0.1:2"],
    ["a shard that is none", ["pendulum", "--shard", "5/4"], "bad-shard", "1/4, 2/4"],
    ["half a trajectory", ["pendulum", "--trajectories", "1.5"], "bad-number", "a number of trajectories from 1"],
    ["negative noise", ["pendulum", "--noise", "-1"], "bad-noise", "--noise 0.1"],
    ["--json without a file", ["pendulum", "--json"], "missing-output", "-o rows.npz"],
    ["an unknown extension", ["pendulum", "-o", "x.pkl"], "unknown-format", "pickle runs code"],
  ])("%s: 2, with the fix", async (_, words, code, fix) => {
    const outcome = await hnnc(["generate", ...words], { cwd: folder });
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(`error[${code}]`);
    expect(outcome.stderr).toContain(fix);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("trajectories that collide: 6, their rows until then are kept, the others are whole", async () => {
    const words = ["generate", "p^2/2 - 1/q", "--x0", "1,0;1,2", "--t", "2", "--points", "21", "-o", at("x.csv")];
    const { code, stderr } = await hnnc(words);
    expect(code).toBe(6);
    expect(stderr).toContain("1 of 2 trajectories could not be finished; the first, 0:");
    const { runs } = await readDataset(at("x.csv"));
    expect(runs.map(({ start, end }) => end - start)).toEqual([12, 21]);
  });
});

describe("what does not matter", () => {
  test.each(formatNames)("how many threads: %s is the same, byte for byte", async (name) => {
    const [one, two] = ["1", "2"].map((workers) => at(`${workers}${formats[name].extensions[0]}`)) as [string, string];
    const words = ["generate", "henon-heiles", "--t", "20", "--trajectories", "9", "--noise", "0.01", "-o"];
    await hnnc([...words, one, "--workers", "1"]);
    await hnnc([...words, two, "--workers", "2"]);
    expect(readFileSync(one).equals(readFileSync(two))).toBe(true);
  });
});

describe("faults", () => {
  const long = ["generate", "pendulum", "--trajectories", "1000000", "--points", "100", "--workers", "1"];

  /** Starts a long generation and, when it has begun to write, sends a signal. */
  async function interrupted(path: string, signal: NodeJS.Signals) {
    const child = spawn(process.execPath, [mainFile, ...long, "-o", path], { cwd: folder, stdio: "ignore" });
    const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
      child.on("close", (code, by) => resolve({ code, signal: by }));
    });
    while (!readdirSync(folder).some((name) => name.endsWith(".partial"))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    const begun = performance.now();
    child.kill(signal);
    return { ...(await ended), milliseconds: performance.now() - begun };
  }

  test.each(formatNames)(
    "SIGINT while writing %s: 130 within 2 s, nothing left, the old file as it was",
    async (name) => {
      const path = at(`x${formats[name].extensions[0]}`);
      writeFileSync(path, "old");
      const { code, milliseconds } = await interrupted(path, "SIGINT");
      expect(code).toBe(130);
      expect(milliseconds).toBeLessThan(2000);
      expect(readdirSync(folder)).toEqual([`x${formats[name].extensions[0]}`]);
      expect(readFileSync(path, "utf8")).toBe("old");
    },
  );

  test("kill -9: no file under the name", async () => {
    expect(await interrupted(at("x.npz"), "SIGKILL")).toMatchObject({ signal: "SIGKILL" });
    expect(readdirSync(folder)).not.toContain("x.npz");
  });

  test("a full disk, a folder in the way, a protected file, a missing folder: 9", async () => {
    mkdirSync(at("folder.npz"));
    writeFileSync(at("kept.npz"), "old");
    chmodSync(at("kept.npz"), 0o444);
    for (const path of ["/dev/full", at("folder.npz"), folder, at("kept.npz"), at("no/x.npz")]) {
      const { code, stderr } = await hnnc([...issued, "-o", path]);
      expect(code, path).toBe(9);
      expect(stderr, path).toContain(`error[cannot-write]: cannot write \`${path}\`: `);
    }
    expect(readFileSync(at("kept.npz"), "utf8")).toBe("old");
    expect((await shell("$hnnc generate pendulum > /dev/full")).code).toBe(9);
  });

  test("a reader that leaves: quiet, 0", async () => {
    const { code, stdout, stderr } = await shell("$hnnc generate three-body | head -n 1; exit ${PIPESTATUS[0]}");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("# hnnc dataset: 1");
  });
});
