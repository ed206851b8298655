import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readDataset } from "../../src/data/read.ts";
import { hnnc, mainFile, shell } from "../support/hnnc-process.ts";

const folder = mkdtempSync(join(tmpdir(), "hnnc-simulate-faults-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder of its own, so that what is left behind can be seen. */
function place(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

const pendulum = "p^2/2 - cos(q)";

describe("a collision", () => {
  test("ends with 6; the file holds everything until then", async () => {
    const cwd = place("collision");
    const words = [
      "simulate",
      "p^2/4 - 1/q",
      "--x0",
      "1,0",
      "--t",
      "10",
      "--samples",
      "101",
      "-o",
      "fall.npz",
      "--no-picture",
    ];
    const { code, stdout, stderr } = await hnnc(words, { cwd });
    expect([code, stdout]).toEqual([6, ""]);
    const { times, states } = await readDataset(join(cwd, "fall.npz"));
    expect(times!.length).toBe(17);
    const [last, q, p] = [times!.at(-1), states.at(-2), states.at(-1)];
    expect(last).toBeCloseTo(Math.PI / 2, 6);
    expect(stderr.split("\n").slice(-6)).toEqual([
      "wrote fall.npz: 17 rows in 1 run",
      `error[diverged]: no step from t = ${last} is small enough for the tolerance: the motion is singular there, or not finite`,
      `  last good state, at t = ${last}: [${q}, ${p}]`,
      "  `fall.npz` holds everything until then",
      "  hint: end before that time, keep away from the singularity, or take a smaller step",
      "",
    ]);
  });

  test("of several, the first is told and how many there are; the others are whole", async () => {
    const words = ["simulate", "p^2/4 - 1/q", "--x0", "1,4;1,0;2,0", "--t", "10", "--dt", "0.05", "--method", "gauss6"];
    const { code, stdout, stderr } = await hnnc([...words, "--no-picture"]);
    expect(code).toBe(6);
    expect(stderr).toMatch(
      /\nerror\[diverged\]: 2 of 3 trajectories ended early; the first: .*\n {2}trajectory 1: last good state, at t = 1\.\d+: \[/,
    );
    expect(stdout.split("\n").filter((line) => line.endsWith(",0")).length).toBe(201);
  });
});

test("a model file that is not UTF-8 ends with 4, one that is a directory with 9", async () => {
  const cwd = place("models");
  writeFileSync(join(cwd, "latin.ham"), Uint8Array.of(0x70, 0x5e, 0x32, 0xe9));
  mkdirSync(join(cwd, "folder.ham"));
  const [latin, directory] = await Promise.all(
    ["latin.ham", "folder.ham"].map((file) => hnnc(["simulate", file, "--t", "1", "-o", "rows.npz"], { cwd })),
  );
  expect(latin).toMatchObject({
    code: 4,
    stdout: "",
    stderr: "error[not-utf8]: `latin.ham` is not UTF-8 text\n  hint: save it as UTF-8\n",
  });
  expect(directory).toMatchObject({
    code: 9,
    stderr: "error[cannot-read]: cannot read `folder.ham`: it is a directory\n",
  });
  expect(existsSync(join(cwd, "rows.npz"))).toBe(false);
});

describe("signals", () => {
  interface Ended {
    readonly code: number;
    readonly stderr: string;
    /** Milliseconds from the signal to the end. */
    readonly after: number;
  }

  /** Sends signals to a run when it has written something beside its file, or after two seconds. The code is as shells tell it. */
  function interrupted(words: readonly string[], cwd: string, signals: readonly NodeJS.Signals[]): Promise<Ended> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [mainFile, "simulate", ...words], {
        cwd,
        stdio: ["ignore", "ignore", "pipe"],
      });
      let stderr = "";
      let sent = 0;
      const begun = performance.now();
      child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
      const watch = setInterval(() => {
        const isWriting = readdirSync(cwd).some((name) => name.endsWith(".partial"));
        if (!isWriting && performance.now() - begun < 10_000) return;
        clearInterval(watch);
        // Some work after the file was opened.
        setTimeout(() => {
          sent = performance.now();
          for (const signal of signals) child.kill(signal);
        }, 150);
      }, 20);
      child.on("close", (code, by) => {
        clearInterval(watch);
        resolve({ code: code ?? 128 + constants.signals[by!], stderr, after: performance.now() - sent });
      });
    });
  }

  const endless: [string, string[]][] = [
    ["taylor", [pendulum, "--x0", "1,0", "--t", "1e8", "--samples", "1e5"]],
    ["leapfrog", [pendulum, "--x0", "1,0", "--t", "1e9", "--dt", "1e-3", "--method", "leapfrog"]],
    ["an ensemble on two threads", ["kepler", "--ensemble", "40", "--t", "1e9", "--dt", "1e-3", "--workers", "2"]],
    ["taylor on two threads", ["kepler", "--ensemble", "400", "--t", "1e5", "--samples", "2", "--workers", "2"]],
  ];

  test.each(endless)("SIGINT ends %s with 130 within 2 s; an older file stays as it was", async (name, words) => {
    const cwd = place(`int ${name}`);
    writeFileSync(join(cwd, "rows.npz"), "older");
    const { code, stderr, after } = await interrupted([...words, "-o", "rows.npz"], cwd, ["SIGINT"]);
    expect([code, stderr]).toEqual([130, ""]);
    expect(after).toBeLessThan(2000);
    expect(readdirSync(cwd)).toEqual(["rows.npz"]);
    expect(readFileSync(join(cwd, "rows.npz"), "utf8")).toBe("older");
  });

  test("SIGTERM ends with 143 and leaves nothing", async () => {
    const cwd = place("term");
    const { code, after } = await interrupted([...endless[0]![1], "-o", "rows.parquet"], cwd, ["SIGTERM"]);
    expect(code).toBe(143);
    expect(after).toBeLessThan(2000);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("two SIGINTs are as good as one", async () => {
    const cwd = place("twice");
    const { code, after } = await interrupted([...endless[1]![1], "-o", "rows.csv"], cwd, ["SIGINT", "SIGINT"]);
    expect(code).toBe(130);
    expect(after).toBeLessThan(2000);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("kill -9 leaves no file under the final name, and an older one as it was", async () => {
    const cwd = place("kill");
    writeFileSync(join(cwd, "old.npz"), "older");
    const [fresh, over] = [place("kill fresh"), cwd];
    await interrupted([...endless[0]![1], "-o", "rows.npz"], fresh, ["SIGKILL"]);
    await interrupted([...endless[0]![1], "-o", "old.npz"], over, ["SIGKILL"]);
    expect(existsSync(join(fresh, "rows.npz"))).toBe(false);
    expect(readFileSync(join(over, "old.npz"), "utf8")).toBe("older");
  });
});

describe("a reader that goes away is no error", () => {
  test.each([
    "$hnnc simulate kepler --t 1e5 --samples 1e6 --no-picture | head -n 12",
    "$hnnc simulate kepler --ensemble 60 --t 1e3 --samples 5000 --workers 2 --no-picture | head -n 12",
    "$hnnc simulate kepler --t 1e4 --dt 0.01 --samples 1e5 --no-picture | head -n 12",
  ])("%s", async (line) => {
    const { stdout, stderr } = await shell(`set -o pipefail; ${line}; echo code: $?`);
    expect(stderr).toBe("");
    expect(stdout.split("\n")).toHaveLength(14);
    expect(stdout).toMatch(/\ncode: 0\n$/);
  });
});

describe("places that cannot be written to", () => {
  const words = ["simulate", "kepler", "--t", "10", "--samples", "20", "--no-picture"];
  const io = (path: string, reason: string) => `error[cannot-write]: cannot write \`${path}\`: ${reason}\n`;

  test("a directory, a missing folder, a full disk: 9", async () => {
    const cwd = place("places");
    mkdirSync(join(cwd, "folder.npz"));
    const outcomes = await Promise.all(
      ["folder.npz", "missing/rows.npz", "/dev/full"].map((path) => hnnc([...words, "-o", path], { cwd })),
    );
    expect(outcomes.map(({ code, stdout, stderr }) => ({ code, stdout, stderr }))).toEqual([
      { code: 9, stdout: "", stderr: io("folder.npz", "it is a directory") },
      { code: 9, stdout: "", stderr: io("missing/rows.npz", "there is no such directory") },
      { code: 9, stdout: "", stderr: io("/dev/full", "the disk is full") },
    ]);
    expect(readdirSync(cwd)).toEqual(["folder.npz"]);
  });

  test("a full disk behind standard output: 9", async () => {
    const { stdout, stderr } = await shell(`$hnnc ${words.join(" ")} > /dev/full; echo code: $?`);
    expect(stdout).toBe("code: 9\n");
    expect(stderr).toMatch(/^error\[cannot-write\]: cannot write to standard output: .*ENOSPC/);
  });

  test("a link to a full disk: 9", async () => {
    const cwd = place("link");
    const line = `ln -s /dev/full rows.csv; $hnnc ${words.join(" ")} -o rows.csv; echo code: $?`;
    const { stdout, stderr } = await shell(line, { cwd });
    expect(stdout).toBe("code: 9\n");
    expect(stderr).toBe(io("rows.csv", "the disk is full"));
  });

  test.skipIf(process.getuid?.() === 0)("a folder and a file that are read-only: 9, the file as it was", async () => {
    const cwd = place("locked");
    writeFileSync(join(cwd, "rows.npz"), "older", { mode: 0o444 });
    const file = await hnnc([...words, "-o", "rows.npz"], { cwd });
    expect(file).toMatchObject({ code: 9, stderr: io("rows.npz", "permission is denied") });
    chmodSync(cwd, 0o555);
    const inside = await hnnc([...words, "-o", "new.npz"], { cwd });
    chmodSync(cwd, 0o755);
    expect(inside).toMatchObject({ code: 9, stderr: io("new.npz", "permission is denied") });
    expect(readFileSync(join(cwd, "rows.npz"), "utf8")).toBe("older");
  });

  test("a file system that is read-only: 9, the file as it was", async ({ skip }) => {
    const cwd = place("frozen");
    const mount = await shell("mount -t tmpfs none . && cd . && echo older > rows.csv && mount -o remount,ro .", {
      cwd,
    });
    if (mount.code !== 0) skip("mounting is not permitted");
    try {
      const { code, stderr } = await hnnc([...words, "-o", "rows.csv"], { cwd });
      expect({ code, stderr }).toEqual({ code: 9, stderr: io("rows.csv", "the file system is read-only") });
      expect(readdirSync(cwd)).toEqual(["rows.csv"]);
    } finally {
      await shell(`umount "${cwd}"`);
    }
  });

  test("a disk that fills up while rows are written: 9, an older file untouched, nothing else left", async ({
    skip,
  }) => {
    const cwd = place("small");
    const mount = await shell("mount -t tmpfs -o size=256k none .", { cwd });
    if (mount.code !== 0) skip("mounting is not permitted");
    try {
      writeFileSync(join(cwd, "rows.csv"), "older");
      const many = ["simulate", "kepler", "--t", "1000", "--samples", "100000", "--no-picture", "-o", "rows.csv"];
      const { code, stderr } = await hnnc(many, { cwd });
      expect({ code, stderr }).toEqual({ code: 9, stderr: io("rows.csv", "the disk is full") });
      expect(readdirSync(cwd)).toEqual(["rows.csv"]);
      expect(readFileSync(join(cwd, "rows.csv"), "utf8")).toBe("older");
    } finally {
      await shell(`umount "${cwd}"`);
    }
  });
});
