import { copyFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hnnc, program } from "./support/hnnc-process.ts";
import { packageFolder } from "./support/package-folder.ts";

const examples = fileURLToPath(new URL("../examples", import.meta.url));
const files = readdirSync(examples);

/** What each program must say. */
const prints: Readonly<Record<string, RegExp>> = {
  "pendulum.mjs": /^T\(p\) \+ V\(q\): true\nlargest relative energy error in 1000 time units: \d\.\de-[4-9]\n$/,
  "many-orbits.mjs":
    /^x,y p_x,p_y: 100000 states\nfirst: 0 1 -1 0\nlast: {2}0\.000000 1\.000000 -0\.250003 0\.000000\n$/,
  "unknown-force.mjs":
    /^T\(p\) \+ V\(q\): true\napart after six swings: less than 0\.2\na module of its own: \d+ kB\n$/,
  "learn-stiffness.mjs": /^k = 3\.700\n$/m,
  "perihelion.mjs": /^(\d+) passages, advance (\d\.\d{10}) a turn, theory \2\n$/,
  "large-ensemble.mjs": /^10000000 steps, 510000 rows in 10000 runs, energy errors at most 0\.000\d\n$/,
};

let folder: string;
beforeAll(() => {
  folder = packageFolder();
  for (const file of files) copyFileSync(join(examples, file), join(folder, file));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(files.filter((file) => file.endsWith(".mjs")))("%s runs and says what it should", async (file) => {
  expect(prints).toHaveProperty([file]);
  const { code, stdout, stderr } = await program(join(folder, file), { cwd: folder });
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(prints[file]!);
});

test.each(files.filter((file) => file.endsWith(".ham")))("%s compiles", async (file) => {
  expect(await hnnc(["compile", join(examples, file), "--explain"])).toMatchObject({ code: 0, stderr: "" });
});

test("the README links to every example", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  for (const file of files) expect(readme).toContain(`(examples/${file})`);
});
