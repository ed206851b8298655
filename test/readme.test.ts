import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hnnc, program, shell } from "./support/hnnc-process.ts";
import { packageFolder } from "./support/package-folder.ts";
import { consoleExamples, matches, modelExamples, programExamples } from "./support/readme-examples.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

/** The folder in which the examples run one after the other, as they stand in the README. */
let folder: string;
beforeAll(() => {
  folder = packageFolder();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the first screen has the two commands, and they name scripts that are there", () => {
  const commands = readme
    .split("\n")
    .slice(0, 30)
    .filter((line) => line.startsWith("npm ci && npm "));
  expect(commands.map((line) => line.replace(/\s+#.*$/, ""))).toEqual([
    'npm ci && npm run -s hnnc -- compile "p^2/2 - cos(q)"',
    "npm ci && npm test",
  ]);
  for (const name of ["hnnc", "test"]) expect(manifest.scripts).toHaveProperty(name);
});

describe("every command's output is what the README says", () => {
  test.each(consoleExamples(readme))("line $line: $command", async ({ command, output }) => {
    const line = `hnnc() { $hnnc "$@"; }; ${command}`;
    const { stdout, stderr } = await shell(line, { cwd: folder });
    const printed = (stdout + stderr).replace(/\n$/, "").split("\n");
    const lines = printed.length === 1 && printed[0] === "" ? [] : printed;
    if (!matches(lines, output)) expect(lines).toEqual(output);
  });
});

test.each(modelExamples(readme))("the model text of line $line compiles", async ({ text }) => {
  expect(await hnnc(["compile", "-"], { input: text })).toMatchObject({ code: 0, stderr: "" });
});

describe.each(["README.md", "docs/learning.md"])("every program prints what %s says", (page) => {
  const programs = programExamples(readFileSync(join(root, page), "utf8"));
  test.each(programs)("line $line", async ({ line, text, prints }) => {
    const file = join(folder, `${basename(page, ".md")}-${line}.mjs`);
    writeFileSync(file, text);
    const { code, stdout, stderr } = await program(file, { cwd: folder });
    expect({ code, errors: code === 0 ? "" : stderr, printed: stdout.replace(/\n$/, "").split("\n") }).toEqual({
      code: 0,
      errors: "",
      printed: prints,
    });
  });
});

test("links go to files that are there", () => {
  for (const name of ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]) {
    const text = readFileSync(join(root, name), "utf8");
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map((match) => match[1]!);
    for (const target of targets)
      expect(() => readFileSync(join(root, target)), `${name} links to ${target}`).not.toThrow(/ENOENT/);
  }
});
