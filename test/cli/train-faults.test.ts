import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hnnc, mainFile, shell } from "../support/hnnc-process.ts";
import { few, filesIn, json, swing, tiny, told, trained } from "../support/training-runs.ts";

const folder = mkdtempSync(join(tmpdir(), "hnnc-train-faults-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder of its own, so that what is left behind can be seen. */
function place(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

/** Some seconds of steps on the engine that is chosen. */
const manySteps = isInstalled("onnxruntime-node") ? 60_000 : 8000;

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

const pendulum = ["pendulum", "--model", "hnn", ...tiny, ...few];
const weights = (run: string) => readFileSync(join(run, "model.safetensors"));

describe("words that cannot be meant: 2 or 3, what was found and the fix, and nothing is made", () => {
  const cwd = place("usage");
  const hybrid = ["--truth", "pendulum", ...few];

  const cases: [words: string[], code: number, stderr: RegExp][] = [
    [[], 2, /^error\[no-data\]: .*neither a formula nor rows are given\n {2}hint: --data FILE/],
    [["p^2/2 + V(q)"], 2, /^error\[no-data\]: .*the formula leaves something open/],
    [["pendulum", "--model", "hn"], 2, /^error\[.*`hn` is invalid\. Allowed choices are hnn, separable, /],
    [["pendulum", "--loss", "least"], 2, /Allowed choices are derivatives, midpoint, /],
    [["pendulum", "--rate", "0"], 2, /`--rate 0` is not a step size above 0\n/],
    [["pendulum", "--steps", "2.5"], 2, /`--steps 2.5` is not a number of steps from 1/],
    [["p^2 + V(q)", "--learn", "k", ...hybrid], 2, /no parameter `k` to learn\n {2}parameters: none/],
    [["p^2 + V(q)", "--learn", "W = mlp(3)", ...hybrid], 2, /no unknown function `W`\n {2}unknown functions: V/],
    [
      ["p^2 + V(q)", "--learn", "V = mlp(3, gelu)", ...hybrid],
      2,
      /^error\[bad-learn\].*\n.*\n {2}hint: write `--learn/,
    ],
    [["p^2 + g q^2; g = 1 learn in [2, 3]", ...hybrid], 2, /`g` begins with 1, outside of the range \[2, 3\]/],
    [
      ["p^2 + V(q)", "--truth", "spring", "--model", "hnn", "--learn", "k"],
      2,
      /`--learn` is of hybrids, and the model is hnn/,
    ],
    [["pendulum", "--model", "mlp", "--residual-penalty", "1"], 2, /`--residual-penalty` is of hybrids/],
    [["pendulum", "--model", "hnn", "--columns", "q=a"], 2, /`--columns` says how to read rows/],
    [["--data", "rows.csv", "--points", "3"], 2, /`--points` is of generated rows, and `--data` gives rows/],
    [["pendulum", "--optimiser", "lbfgs", "--rate", "0.1"], 2, /`--rate` is of adam and adamw, and lbfgs searches/],
    [["pendulum", "--model", "hnn", "--length", "9"], 2, /`--length` is of the losses roll-out and sequence/],
    [
      ["pendulum", "--model", "random-features", "--hidden", "9"],
      2,
      /`--hidden` is of networks that are trained whole/,
    ],
    [
      ["pendulum", "--model", "hnn", "--split-by", "row"],
      2,
      /`--split-by` says how rows are split.*\n {2}hint: add --split/,
    ],
    [["p^2 + V(q)", "--truth", "henon-heiles", ...few], 2, /formula's state is q p, the data's is x y p_x p_y/],
    [
      ["p^2/2 + cos(q)", "--model", "hnn"],
      2,
      /^error\[no-region\].*\n {2}hint: give a range.*--region q=-1:1,p=-1:1\n/,
    ],
    [["pendulum", "--model", "hnn", "-o", "-"], 2, /a run is kept in a folder, and `-` is none/],
    [["runs/none", "--resume"], 2, /`runs\/none` is not the folder of a run\n {2}hint: hnnc train runs\/NAME --resume/],
    [["--resume"], 2, /it is not said which run goes on/],
    [["pendulum", "-o", "x", "--resume", "--overwrite"], 2, /`--resume` goes on with a run, `--overwrite` removes it/],
    [["p^2/2 +", "--truth", "pendulum"], 3, /^error\[syntax\]/],
    [["pendulum", "--model", "hnn", "--hidden", "100000,100000"], 5, /10000500000 parameters; the limit is/],
    [["pendulum", "--engine", "tfjs", "--precision", "f64", "--model", "hnn", ...few], 7, /hint: ask for f32/],
  ];

  test.each(cases)("%j ends with %i", async (words, code, stderr) => {
    const outcome = await hnnc(["train", ...words], { cwd });
    expect(outcome).toMatchObject({ code, stdout: "" });
    expect(outcome.stderr).toMatch(stderr);
    expect(outcome.stderr).not.toMatch(/\n {4}at /);
    // A run that cannot begin may have made its folder.
    expect(filesIn(cwd).filter((name) => !/^runs\/[^/]*\/(config\.json|events.*|metrics\.jsonl)$/.test(name))).toEqual(
      [],
    );
  });

  test("--json tells errors as one document", async () => {
    const { code, stdout } = await hnnc(["train", "p^2/2 + V(q)", "--json"], { cwd });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "no-data" } });
  });
});

describe("rows that cannot be learned from: 4, with their place", () => {
  const cwd = place("data");
  const good = swing(1, 0, 20);
  const with_ = (row: number, line: string) => good.map((each, k) => (k === row ? line : each));
  const split = (mark: string) => good.map((line) => `${line},${mark}`);

  const cases: [name: string, header: string, lines: string[], words: string[], stderr: RegExp][] = [
    ["nan", "t,q,p", with_(7, "0.14,nan,1"), [], /row 8 has NaN for `q`\n {2}hint: leave the row out/],
    ["infinite", "t,q,p", with_(3, "0.06,1,inf"), [], /row 4 has Infinity for `p`/],
    ["ragged", "t,q,p", with_(5, "0.1,1"), [], /ragged\.csv.*row|line/],
    ["named", "time,theta,omega", good, [], /not clear which.*\n {2}columns: time theta omega\n {2}hint: .*--columns/],
    ["lacking", "t,q,p", good, ["--columns", "q=q,p=speed"], /has no column `speed`\n {2}columns: t q p/],
    ["timeless", "q,p", good.map((line) => line.slice(line.indexOf(",") + 1)), [], /rows have no times/],
    [
      "derived",
      "t,q,p",
      good,
      ["--loss", "derivatives"],
      /no derivatives \(dq\/dt dp\/dt\)\n {2}hint: use the loss `midpoint`/,
    ],
    ["lonely", "t,q,p", good.slice(0, 1), [], /nothing to train on: 1 row in 1 run.*\n {2}hint: more rows/],
    ["empty", "t,q,p", [], [], /nothing to train on: 0 rows|no rows/],
    [
      "timestop",
      "t,q,p",
      good.map((line) => line.replace(/^[^,]*/, "0")),
      [],
      /nothing to train on: 20 rows in 20 runs/,
    ],
    ["short", "t,q,p", good, ["--loss", "roll-out", "--length", "50"], /no sample of the loss `roll-out`/],
    ["tested", "t,q,p,split", split("test"), [], /20 for testing.*\n {2}hint: leave some rows for training/],
    ["marked", "t,q,p,split", split("maybe"), [], /row 1 has the split `maybe`/],
  ];

  test.each(cases)("%s", async (name, header, lines, words, stderr) => {
    writeFileSync(join(cwd, `${name}.csv`), `${[header, ...lines].join("\n")}\n`);
    const outcome = await hnnc(["train", "--data", `${name}.csv`, ...words, ...tiny, "-o", `run-${name}`], { cwd });
    expect(outcome).toMatchObject({ code: 4, stdout: "" });
    expect(outcome.stderr).toMatch(stderr);
    expect(existsSync(join(cwd, `run-${name}`, "model.json"))).toBe(false);
  });

  test("a file that is not there: 9", async () => {
    const outcome = await hnnc(["train", "--data", "none.csv"], { cwd });
    expect(outcome).toMatchObject({ code: 9, stdout: "" });
    expect(outcome.stderr).toBe("error[cannot-read]: cannot read `none.csv`: there is no such file or directory\n");
  });
});

describe("a run that is there", () => {
  const cwd = place("resume");
  beforeAll(() => trained(pendulum, cwd, "run"));

  test("is not replaced, nor gone on with, unless one says so", async () => {
    const before = weights(join(cwd, "run"));
    expect(told(await hnnc(["train", ...pendulum, "-o", "run"], { cwd }))).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "error[run-exists]: there is a run in `run`\n  hint: --resume goes on with it, --overwrite begins anew, -o names another directory\n",
    });
    const formula = await hnnc(["train", "run"], { cwd });
    expect(formula).toMatchObject({ code: 2 });
    expect(formula.stderr).toMatch(
      /`run` is a trained model, and a formula is wanted\n {2}hint: .* hnnc train run --resume/,
    );
    expect(weights(join(cwd, "run"))).toEqual(before);
  });

  test.each([
    ["another rate, in the words that began it", [...pendulum, "-o", "run", "--rate", "0.1"], /`training.rate` is 0.1/],
    ["another family", ["pendulum", "--model", "mlp", ...tiny, ...few, "-o", "run"], /`description.family` is "mlp"/],
    ["other rows", [...pendulum, "-o", "run", "--seed", "5"], /not the rows|training\.seed|description/],
    ["another rate, of the folder", ["run", "--rate", "0.1"], /`--rate` changes nothing: a run goes on as it began/],
    ["no normalisation", ["run", "--no-normalise"], /`--normalise` changes nothing/],
    ["more steps, of a schedule that is laid out over them", ["run", "--steps", "300"], /`training.steps` is 300/],
    ["another folder", ["run", "-o", "other"], /goes on in its own folder, `run`, and not in `other`/],
  ])("--resume with %s: 2", async (_, words, stderr) => {
    const before = weights(join(cwd, "run"));
    const outcome = await hnnc(["train", ...words, "--resume"], { cwd });
    expect(outcome).toMatchObject({ code: 2, stdout: "" });
    expect(outcome.stderr).toMatch(stderr);
    expect(weights(join(cwd, "run"))).toEqual(before);
  });

  test.each([["run"], ["-o", "run"], [...pendulum, "-o", "run"]])(
    "--resume of one that has ended changes nothing: %j",
    async (...words) => {
      const before = weights(join(cwd, "run"));
      expect(await hnnc(["train", ...words, "--resume", "--no-report"], { cwd })).toMatchObject({ code: 0 });
      expect(weights(join(cwd, "run"))).toEqual(before);
    },
  );

  test("more steps where the step size is constant: as if there had been as many from the start", async () => {
    const constant = ["--schedule", "constant"];
    await trained([...pendulum, ...constant, "--steps", "300"], cwd, "long");
    await trained([...pendulum, ...constant], cwd, "short");
    expect(await hnnc(["train", "short", "--resume", "--steps", "300", "--no-report"], { cwd })).toMatchObject({
      code: 0,
    });
    expect(weights(join(cwd, "short"))).toEqual(weights(join(cwd, "long")));
  });

  test("--overwrite begins anew and leaves nothing of the old run", async () => {
    cpSync(join(cwd, "run"), join(cwd, "over"), { recursive: true });
    await trained(["spring", "--model", "mlp", ...tiny, ...few, "--overwrite"], cwd, "over");
    expect(json(join(cwd, "over"), "model.json")).toMatchObject({ description: { family: "mlp" } });
    expect(filesIn(join(cwd, "over")).filter((name) => name.startsWith("events"))).toHaveLength(1);
  });

  const broken: [what: string, file: string, change: (text: string) => string, code: number, stderr: RegExp][] = [
    ["an unknown key", "config.json", (text) => text.replace("{", '{ "foo": 1,'), 2, /no key `foo`; there are: /],
    ["__proto__", "config.json", (text) => text.replace("{", '{ "__proto__": { "a": 1 },'), 2, /no key `__proto__`/],
    [
      "a wrong type",
      "config.json",
      (text) => text.replace('"steps": 200', '"steps": "many"'),
      2,
      /`training.steps` is a whole number/,
    ],
    [
      "a loss that objects have",
      "config.json",
      (text) => text.replace('"loss": "derivatives"', '"loss": "toString"'),
      2,
      /`training.loss` is one of derivatives /,
    ],
    [
      "a system that there is not",
      "config.json",
      (text) => text.replaceAll('"system": "pendulum"', '"system": "__proto__"'),
      2,
      /system `__proto__`, and the catalogue has none/,
    ],
    [
      "an option of rows that there is not",
      "config.json",
      (text) => text.replace('"options": {', '"options": { "foo": 1,'),
      2,
      /origin\.data/,
    ],
    ["no JSON", "config.json", () => "no", 2, /it is not JSON/],
    [
      "no origin",
      "config.json",
      (text) => JSON.stringify({ ...JSON.parse(text), origin: undefined }),
      2,
      /does not say where the rows come from/,
    ],
    ["a torn checkpoint", "checkpoint.safetensors", (text) => text.slice(0, 300), 4, /checkpoint\.safetensors/],
  ];

  test.each(broken)("with %s in %s is refused, and stays", async (what, file, change, code, stderr) => {
    const run = `broken-${broken.findIndex(([name]) => name === what)}`;
    cpSync(join(cwd, "run"), join(cwd, run), { recursive: true });
    const path = join(cwd, run, file);
    writeFileSync(path, change(readFileSync(path, "latin1")), "latin1");
    const before = readFileSync(path);
    const outcome = await hnnc(["train", run, "--resume"], { cwd });
    expect(outcome).toMatchObject({ code, stdout: "" });
    expect(outcome.stderr).toMatch(stderr);
    expect(outcome.stderr).not.toMatch(/\n {4}at /);
    expect(readFileSync(path)).toEqual(before);
    expect(filesIn(join(cwd, run))).toEqual(filesIn(join(cwd, "run")));
  });
});

test("steps that are far too large: 6, the best parameters until then are kept", async () => {
  const cwd = place("diverged");
  const words = ["train", ...pendulum, "--steps", "400", "--rate", "1e6", "-o", "run", "--json"];
  const { code, stdout, stderr } = await hnnc(words, { cwd });
  expect(code).toBe(6);
  expect(stderr).toMatch(
    /^error\[diverged\]: parameters grew beyond all bounds.*\n(.*\n)? {2}hint: take smaller steps \(--rate\)/,
  );
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "diverged" } });
  expect(filesIn(cwd).filter((name) => /lock|partial/.test(name))).toEqual([]);
});

test("a formula that is not finite where its parameters begin: 6", async () => {
  const words = ["train", "p^2/(2 m) + q^2; m = 0 learn", "--truth", "pendulum", ...few, "-o", "run"];
  expect(told(await hnnc(words, { cwd: place("undefined") }))).toEqual({
    code: 6,
    stdout: "",
    stderr:
      "error[diverged]: the loss is not finite where the parameters begin\n  hint: let the formula's parameters begin where it is defined on all rows, or look at the data\n",
  });
});

describe("signals", () => {
  interface Ended {
    /** As shells tell it. */
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
    /** Milliseconds from the first signal to the end. */
    readonly after: number;
  }

  const long = ["pendulum", "--model", "hnn", "--hidden", "16", "--steps", "1000000", ...few];

  /** Runs until `isTime`, then does what is to be done. */
  function interrupted(
    words: readonly string[],
    cwd: string,
    isTime: () => boolean,
    act: (child: ChildProcess) => void,
  ) {
    return new Promise<Ended>((resolve) => {
      const child = spawn(process.execPath, [mainFile, "train", ...words], { cwd });
      const outputs = { stdout: "", stderr: "" };
      for (const name of ["stdout", "stderr"] as const) {
        child[name].setEncoding("utf8").on("data", (text: string) => (outputs[name] += text));
      }
      let sent = 0;
      const watch = setInterval(() => {
        if (!isTime()) return;
        clearInterval(watch);
        sent = performance.now();
        act(child);
      }, 10);
      child.on("close", (code, by) => {
        clearInterval(watch);
        resolve({ code: code ?? 128 + constants.signals[by!], ...outputs, after: performance.now() - sent });
      });
    });
  }

  /** Whether a run has done some steps. */
  const hasSteps = (run: string) => () =>
    existsSync(run) && existsSync(join(run, "metrics.jsonl")) && readFileSync(join(run, "metrics.jsonl")).length > 0;

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends with %i within 2 s, with a model and a hint that holds", async (signal, expected) => {
    const cwd = place(signal);
    const words = [...long, "-o", "run"];
    const { code, stdout, stderr, after } = await interrupted(words, cwd, hasSteps(join(cwd, "run")), (child) =>
      child.kill(signal),
    );
    expect([code, stdout]).toEqual([expected, ""]);
    expect(after).toBeLessThan(2000);
    const [, step, hint] = /(?:^|\n)stopped after step (\d+); hnnc (train run --resume) goes on\n$/.exec(stderr)!;
    expect(Number(step)).toBeGreaterThan(0);
    expect(filesIn(join(cwd, "run"))).toContain("model.safetensors");
    expect(filesIn(cwd).filter((name) => /lock|partial/.test(name))).toEqual([]);
    const again = await interrupted(
      hint!.split(" ").slice(1),
      cwd,
      () => readFileSync(join(cwd, "run/metrics.jsonl"), "utf8").split("\n").length > Number(step) / 100 + 5,
      (child) => child.kill(signal),
    );
    expect(Number(/stopped after step (\d+)/.exec(again.stderr)![1])).toBeGreaterThan(Number(step));
  });

  test("--json tells of the end as one document", async () => {
    const cwd = place("json");
    const { code, stdout } = await interrupted(
      [...long, "-o", "run", "--json"],
      cwd,
      hasSteps(join(cwd, "run")),
      (child) => child.kill("SIGINT"),
    );
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ run: "run", stopped: { reason: "interrupted" } });
  });

  test("a second signal ends it at once, and quietly", async () => {
    const cwd = place("twice");
    const { code, stderr, after } = await interrupted(
      [...long, "-o", "run"],
      cwd,
      hasSteps(join(cwd, "run")),
      (child) => {
        child.kill("SIGINT");
        setTimeout(() => child.kill("SIGINT"), 5);
      },
    );
    expect(code).toBe(130);
    expect(stderr).toMatch(/^(step .*\n|stopped after .*\n)*$/);
    expect(after).toBeLessThan(1000);
    expect(filesIn(cwd).filter((name) => /lock$|partial/.test(name))).toEqual([]);
  });

  test("kill -9, then --resume: the weights are those of the run that was left alone, to the bit", async () => {
    const cwd = place("kill");
    const words = [
      "pendulum",
      "--model",
      "hnn",
      "--hidden",
      "8",
      "--steps",
      String(manySteps),
      "--batch",
      "16",
      ...few,
      "--no-report",
    ];
    await trained(words, cwd, "whole");
    const killed = await interrupted([...words, "-o", "run"], cwd, hasSteps(join(cwd, "run")), (child) =>
      child.kill("SIGKILL"),
    );
    expect(killed.code).toBe(137);
    expect(existsSync(join(cwd, "run/model.json"))).toBe(false);
    expect(await hnnc(["train", "run", "--resume", "--no-report"], { cwd })).toMatchObject({ code: 0 });
    expect(weights(join(cwd, "run"))).toEqual(weights(join(cwd, "whole")));
  });

  test("a run at work is left alone: 4", async () => {
    const cwd = place("locked");
    let second: ReturnType<typeof hnnc> | undefined;
    const words = [...long, "-o", "run"];
    await interrupted(words, cwd, hasSteps(join(cwd, "run")), (child) => {
      second = hnnc(["train", "run", "--resume"], { cwd }).finally(() => child.kill("SIGKILL"));
    });
    const { code, stderr } = await second!;
    expect(code).toBe(4);
    expect(stderr).toMatch(/^error\[run-locked\]: another run is at work in `run`: process \d+\n {2}hint: wait for it/);
  });

  test("a reader that goes away is no error", async () => {
    const cwd = place("head");
    const { stdout } = await shell(`set -o pipefail; $hnnc train ${pendulum.join(" ")} -o run | true; echo code: $?`, {
      cwd,
    });
    expect(stdout).toBe("code: 0\n");
    expect(filesIn(join(cwd, "run"))).toContain("report.html");
  });
});

describe("places that cannot be written to: 9", () => {
  const io = (path: string, reason: string) => `error[cannot-write]: cannot write \`${path}\`: ${reason}\n`;

  test("a file in the way, a part of the path that is a file, a folder of the system's own", async () => {
    const cwd = place("places");
    writeFileSync(join(cwd, "file"), "older");
    const outcomes = await Promise.all(
      ["file", "file/run"].map((path) => hnnc(["train", ...pendulum, "-o", path], { cwd })),
    );
    expect(outcomes.map(told)).toEqual([
      { code: 9, stdout: "", stderr: `${io("file", "it is no directory")}  hint: name another folder: -o runs/NAME\n` },
      { code: 9, stdout: "", stderr: io("file/run", "a part of its path is not a directory") },
    ]);
    expect(readFileSync(join(cwd, "file"), "utf8")).toBe("older");
  });

  test.skipIf(!existsSync("/proc/self"))(
    "/proc, of which making a folder says that its parent is missing",
    async () => {
      const { code, stderr } = await hnnc(["train", ...pendulum, "-o", "/proc/run"]);
      expect({ code, stderr }).toEqual({ code: 9, stderr: io("/proc/run", "there is no such directory") });
    },
  );

  test("a folder of other things: 2, and they stay", async () => {
    const cwd = place("strangers");
    mkdirSync(join(cwd, "thesis"));
    writeFileSync(join(cwd, "thesis/chapter.tex"), "text");
    for (const more of [[], ["--overwrite"]]) {
      const { code, stderr } = await hnnc(["train", ...pendulum, "-o", "thesis", ...more], { cwd });
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /^error\[not-a-run\]: `thesis` holds `chapter.tex` and is no run\n {2}hint: name another directory/,
      );
    }
    expect(filesIn(cwd)).toEqual(["thesis/chapter.tex"]);
  });

  test("a disk that is read-only, and one that fills up while the report is written", async ({ skip }) => {
    const cwd = place("small");
    const mount = await shell("mount -t tmpfs -o size=256k none .", { cwd });
    if (mount.code !== 0) skip("mounting is not permitted");
    try {
      const full = await hnnc(["train", ...pendulum, "--hidden", "32", "-o", "run"], { cwd });
      expect(full.code).toBe(9);
      expect(full.stderr).toMatch(
        /\nwrote run: the model\nerror\[cannot-write\]: cannot write `run\/.*`: the disk is full\n$/,
      );
      // Each file is there whole or not at all; the model is, as it was written first.
      expect(filesIn(cwd).filter((name) => /partial|lock/.test(name))).toEqual([]);
      expect(await hnnc(["eval", "run", "--t", "1", "--no-drift"], { cwd })).toMatchObject({ code: 0 });
      expect((await shell("mount -o remount,ro .", { cwd })).code).toBe(0);
      const frozen = await hnnc(["train", ...pendulum, "-o", "new"], { cwd });
      expect(told(frozen)).toEqual({ code: 9, stdout: "", stderr: io("new", "the file system is read-only") });
    } finally {
      await shell(`umount "${cwd}"`);
    }
  });
});
