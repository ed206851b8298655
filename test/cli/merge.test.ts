import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { formatNames, formats } from "../../src/data/formats.ts";
import { hnnc } from "../support/hnnc-process.ts";

const folder = mkdtempSync(join(tmpdir(), "hnnc-merge-"));
afterAll(() => rmSync(folder, { recursive: true }));

const words = [
  "generate",
  "two-body",
  "--trajectories",
  "7",
  "--points",
  "9",
  "--t",
  "4",
  "--noise",
  "0.1",
  "--seed",
  "3",
];
const run = (...more: string[]) => hnnc([...words, ...more], { cwd: folder });

describe.each(formatNames)("%s", (name) => {
  const extension = formats[name].extensions[0]!;

  test("shards join to the bytes of one run, in any order", async () => {
    expect((await run("-o", `whole${extension}`)).code).toBe(0);
    for (const k of [1, 2, 3]) expect((await run("--shard", `${k}/3`, "-o", `part${k}${extension}`)).code).toBe(0);
    const parts = [3, 1, 2].map((k) => `part${k}${extension}`);
    const merged = await hnnc(["merge", ...parts, "-o", `joined${extension}`], { cwd: folder });
    expect(merged).toMatchObject({ code: 0, stdout: "" });
    expect(merged.stderr).toBe(`wrote joined${extension}: 63 rows in 7 runs, from 3 shards\n`);
    const [whole, joined] = ["whole", "joined"].map((each) => readFileSync(join(folder, `${each}${extension}`)));
    expect(joined!.equals(whole!)).toBe(true);
  });
});

test("more shards than trajectories, and one of one", async () => {
  await run("-o", "few.csv");
  const parts = Array.from({ length: 10 }, (_, k) => `of10-${k + 1}.csv`);
  for (const [k, part] of parts.entries()) expect((await run("--shard", `${k + 1}/10`, "-o", part)).code).toBe(0);
  expect((await hnnc(["merge", ...parts, "-o", "ten.csv"], { cwd: folder })).code).toBe(0);
  await run("--shard", "1/1", "-o", "only.csv");
  expect((await hnnc(["merge", "only.csv", "-o", "one.csv"], { cwd: folder })).code).toBe(0);
  for (const each of ["ten.csv", "one.csv"]) {
    expect(readFileSync(join(folder, each), "utf8")).toBe(readFileSync(join(folder, "few.csv"), "utf8"));
  }
}, 60_000);

test("--json and standard output", async () => {
  for (const k of [1, 2]) await run("--shard", `${k}/2`, "-o", `half${k}.npz`);
  const { stdout } = await hnnc(["merge", "half1.npz", "half2.npz", "-o", "w.csv", "--json"], { cwd: folder });
  expect(JSON.parse(stdout)).toEqual({ files: ["w.csv"], shards: 2, rows: 63, runs: 7 });
  const shown = await hnnc(["merge", "half1.npz", "half2.npz"], { cwd: folder });
  expect(shown).toMatchObject({ code: 0, stderr: "" });
  expect(shown.stdout).toBe(readFileSync(join(folder, "w.csv"), "utf8"));
});

describe("refuses, with 4, and writes nothing", () => {
  test.each<[string, string[], string]>([
    ["a part that is missing", ["a1.npz", "a2.npz"], "`a1.npz` is one of 3 shards, and 2 are given"],
    ["a part twice", ["a1.npz", "a2.npz", "a1.npz"], "`a1.npz` and `a1.npz` are both shard 1 of 3"],
    ["a part of another run", ["a1.npz", "a2.npz", "b3.npz"], "`b3.npz` comes from another run than `a1.npz`"],
    ["a file that is no shard", ["a1.npz", "a2.npz", "no.npz"], "`no.npz` is not a shard"],
  ])("%s", async (_, files, message) => {
    for (const k of [1, 2]) await run("--shard", `${k}/3`, "-o", `a${k}.npz`);
    await run("--shard", "3/3", "--seed", "4", "-o", "b3.npz");
    await run("-o", "no.npz");
    const { code, stderr } = await hnnc(["merge", ...files, "-o", "refused.npz"], { cwd: folder });
    expect(code).toBe(4);
    expect(stderr).toContain(message);
    expect(readdirSync(folder)).not.toContain("refused.npz");
  });
});
