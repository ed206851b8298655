import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { installedEngines } from "./installed.ts";

const source = fileURLToPath(new URL("../../src/", import.meta.url));

/** Uses an engine as a program would that forgets to close it. */
const program = (name: string) => `
import { engines } from "${source}engine/engines.ts";
import { probe } from "${source}engine/probe.ts";
import { mul, sub } from "${source}graph/build.ts";
const { parameters, gradient, loss } = probe([2, 3, 1], "sin", 1);
const engine = await (await engines["${name}"]()).load();
const state = { parameters: new Float64Array(12).fill(0.1) };
const step = { state: [{ leaf: parameters, next: sub(parameters, mul(0.1, gradient)) }], loss, perStep: [] };
const run = await engine.repeat(step, { precision: engine.precisions[0], batch: 1, state, fixed: { x: [1, 2], rates: [3, 4] } });
const { losses } = await run.run(3);
console.log(losses.length, losses[2] < losses[0]);
`;

const names = (await installedEngines()).map(({ name }) => name);

describe.each(names)("a process with %s", (name) => {
  it("does its work and ends by itself, with nothing else on its output", async () => {
    const words = ["--input-type=module", "--no-warnings", "-e", program(name)];
    const { stdout } = await promisify(execFile)(process.execPath, words, { timeout: 60_000 });
    expect(stdout).toBe("3 true\n");
  }, 90_000);
});
