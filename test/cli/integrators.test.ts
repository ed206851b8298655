import { expect, test } from "vitest";
import { integratorNames, integrators } from "../../src/integrate/integrators.ts";
import { hnnc } from "../support/hnnc-process.ts";

test("lists every method with its order", async () => {
  const { code, stdout } = await hnnc(["integrators"]);
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.map((line) => line.trim().split(/\s+/)[0])).toEqual(["taylor", ...integratorNames]);
  expect(lines[0]).toContain("order by tolerance");
  for (const [k, name] of integratorNames.entries())
    expect(lines[k + 1]).toContain(`order ${integrators[name].order},`);
});

test("shows one with its source", async () => {
  const { stdout } = await hnnc(["integrators", "leapfrog"]);
  expect(stdout).toContain(integrators.leapfrog.source.citation);
  expect(stdout).toContain(`doi:${integrators.leapfrog.source.doi}`);
});

test("prints JSON", async () => {
  const { stdout } = await hnnc(["integrators", "--json"]);
  const all = JSON.parse(stdout) as { name: string; order?: number }[];
  expect(all.map(({ name }) => name)).toEqual(["taylor", ...integratorNames]);
  expect(all.find(({ name }) => name === "gauss6")?.order).toBe(6);
});

test("says what was meant by a name that is none", async () => {
  const { code, stderr } = await hnnc(["integrators", "yoshida9"]);
  expect(code).toBe(2);
  expect(stderr).toContain("error[unknown-method]: there is no method `yoshida9`");
  expect(stderr).toContain("did you mean `hnnc integrators yoshida4`?");
});
