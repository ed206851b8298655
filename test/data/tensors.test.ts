import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readTensors, tensorBytes } from "../../src/data/tensors.ts";

const folder = mkdtempSync(join(tmpdir(), "hnnc-tensors-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const tensors = {
  whole: { shape: [3], values: Int32Array.of(1, -2, 2 ** 31 - 1) },
  single: { shape: [2, 1], values: Float32Array.of(0.1, -0) },
  empty: { shape: [0, 4], values: new Float64Array(0) },
  double: { shape: [2, 2], values: Float64Array.of(1 / 3, -0, Number.NaN, Number.NEGATIVE_INFINITY) },
  one: { shape: [], values: Float64Array.of(5e-324) },
};

test("arrays of each type, a scalar and an empty one come back to the bit, with their metadata", async () => {
  writeFileSync(at("a.safetensors"), tensorBytes(tensors, { words: "é", more: "{}" }));
  const found = await readTensors(at("a.safetensors"));
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    expect(found.tensors.get(name), name).toEqual({ shape, values: Float64Array.from(values) });
  }
  expect(found.metadata).toEqual({ words: "é", more: "{}" });
});

test("numbers that do not fill a shape are a bug of the caller", () => {
  expect(() => tensorBytes({ w: { shape: [3], values: Float64Array.of(1) } })).toThrow("1 numbers are no `w` of [3]");
});

test("more than a limit is refused, and so is a link", async () => {
  writeFileSync(at("b.safetensors"), tensorBytes(tensors));
  await expect(readTensors(at("b.safetensors"), { bytes: 10 })).rejects.toMatchObject({ kind: "limit" });
  symlinkSync("b.safetensors", at("link.safetensors"));
  await expect(readTensors(at("link.safetensors"))).rejects.toMatchObject({ kind: "data", code: "not-a-file" });
  await expect(readTensors("/dev/null")).rejects.toMatchObject({ kind: "data", code: "not-a-file" });
  await expect(readTensors(at("none"))).rejects.toMatchObject({ kind: "io", code: "cannot-read" });
});

test.skipIf(spawnSync("python3", ["-c", "import safetensors.numpy"]).status !== 0)("safetensors reads ours", () => {
  writeFileSync(at("c.safetensors"), tensorBytes(tensors));
  const script = `
import sys
from safetensors.numpy import load_file
z = load_file(sys.argv[1])
print(z["double"].tobytes().hex(), z["single"].dtype, z["whole"].tolist(), z["one"].shape, z["empty"].shape)`;
  const { stdout } = spawnSync("python3", ["-c", script, at("c.safetensors")], { encoding: "utf8" });
  const hex = Buffer.from(tensors.double.values.buffer).toString("hex");
  expect(stdout.trim()).toBe(`${hex} float32 [1, -2, 2147483647] () (0, 4)`);
});
