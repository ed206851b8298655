import { describe, expect, test } from "vitest";
import { hnnc } from "../support/hnnc-process.ts";

const pendulum = "p^2/2 - cos(q)";

describe("hnnc check", () => {
  test("prints a table and a verdict", async () => {
    const { code, stdout, stderr } = await hnnc(["check", "double-pendulum"], { env: { LC_ALL: "C.UTF-8" } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^ {2}✓ H: JavaScript = interpreter +\S+ ≤ \S+/m);
    expect(stdout).toMatch(/\n✓ (\d+) of \1 comparisons agree within their bounds; 2 skipped\.\n$/);
    expect(stdout).not.toContain("✗");
    const starts = stdout
      .split("\n")
      .filter((line) => /^ {2}[✓–] /.test(line))
      .map((line) => line.search(/ (skipped|yes|\d\S* [≤≥d])/));
    expect(new Set(starts).size).toBe(1);
  });

  test("names what fails, with 8: an invariant that is none", async () => {
    const { code, stdout, stderr } = await hnnc(["check", `${pendulum}; invariant I = p`], {
      env: { LC_ALL: "C.UTF-8" },
    });
    expect(code).toBe(8);
    expect(stdout).toMatch(/✗ I along a trajectory +\S+ > \S+/);
    expect(stdout).toMatch(/worst at q = \S+, p = \S+, t = /);
    expect(stdout).toContain("2 of 23 comparisons FAIL: {I, H} = 0; I along a trajectory");
    expect(stderr).toMatch(/^error\[check-failed\]: 2 of 23 comparisons fail\n {2}\{I, H\} = 0: /);
  });

  test("--json is one document, whether it passes or not", async () => {
    const good = await hnnc(["check", pendulum, "--json", "--points", "7", "--seed", "5"]);
    expect(good).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(good.stdout)).toMatchObject({ passed: true, points: 7, seed: 5, counts: { fail: 0 } });
    const bad = await hnnc(["check", `${pendulum}; invariant I = p`, "--json"]);
    expect(bad.code).toBe(8);
    expect(JSON.parse(bad.stdout)).toMatchObject({ passed: false, error: { code: "check-failed", kind: "accuracy" } });
  });

  test("has parameters, a start, a time", async () => {
    const words = ["check", "p^2/(2 m) + q^2; m = ?", "--param", "m=2", "--x0", "q=1,p=0", "--t", "3", "--json"];
    const { code, stdout } = await hnnc(words);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ trajectory: { start: [1, 0], t: 3 } });
  });

  test.each([
    [["p^2/(2 m) + q^2; m = ?"], 2, "these parameters have no default and must be given: m"],
    [[pendulum, "--points", "0"], 2, "`--points 0` is not a number of states from 1 to 100000"],
    [[pendulum, "--t", "-1"], 2, "`--t -1` is not a time above 0"],
    [[pendulum, "--x0", "1,0;2,0"], 2, "`--x0` names 2 starts"],
    [[pendulum, "--seed", "x"], 2, "`--seed x` is not a whole number from 0"],
    [["p^2/2 + log(-1 - q^2)"], 6, "H is finite at none of 2000 random states"],
    [["p^2/2 + V(q)"], 3, "`V` is an unknown function of 1 argument"],
    [["double-pendlum"], 2, "did you mean `hnnc check double-pendulum`?"],
  ])("refuses %j with %i", async (words, code, message) => {
    const outcome = await hnnc(["check", ...words]);
    expect(outcome.code).toBe(code);
    expect(outcome.stdout).toBe("");
    expect(outcome.stderr).toContain(message);
  });

  test("speaks ASCII where the locale has nothing else", async () => {
    const { code, stdout } = await hnnc(["check", "damped-pendulum", "--worst"], { env: { LC_ALL: "C" } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\p{ASCII}*$/u);
    expect(stdout).not.toContain("?");
    expect(stdout).toMatch(/^ {2}ok {3}H: JavaScript = interpreter/m);
    expect(stdout).toMatch(/worst, of dH\/dq, at q = /);
  });
});
