import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { installedEngines } from "../../engine/installed.ts";
import { program } from "../../support/hnnc-process.ts";

const child = fileURLToPath(new URL("./memory-child.ts", import.meta.url));
const hasOnnx = (await installedEngines()).some(({ name }) => name === "onnx");

// Slow: 6 s where the machine is quiet. What is kept of a step is its loss, 8 bytes, so 0.7 MB of the 20 are ours.
test.skipIf(!hasOnnx)(
  "100 000 steps: memory grows by less than 20 MB after the first 10 000",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "hnnc-memory-"));
    try {
      const { code, stdout, stderr } = await program(child, { words: [join(folder, "run")] });
      expect([code, stderr]).toEqual([0, ""]);
      const [early, late] = JSON.parse(stdout) as [number, number];
      expect(late - early).toBeLessThan(20);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  120_000,
);
