import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { mainFile } from "../support/hnnc-process.ts";

/** The fastest of several runs in ms: what else the machine does only ever adds. */
function fastest(words: readonly string[], runs = 7): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    execFileSync(process.execPath, words, { stdio: "ignore" });
    return performance.now() - start;
  });
  return Math.min(...times);
}

const node = fastest(["-e", ""]);

test.each([
  [["--help"], 150],
  [["compile", "--help"], 150],
  [["compile", "p^2/2 - cos(q)"], 150],
  [["systems"], 150],
])("hnnc %j starts within %i ms beyond Node itself", (words, most) => {
  expect(fastest([mainFile, ...words]) - node).toBeLessThan(most);
});
