import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A new folder in which programs find `hnnc` (from its sources) and `@tensorflow/*`, as if they were installed there. */
export function packageFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "hnnc-programs-"));
  const installed = join(folder, "node_modules", "hnnc");
  mkdirSync(installed, { recursive: true });
  const exports = { ".": "./index.js", "./learn": "./learn.js" };
  writeFileSync(join(installed, "package.json"), JSON.stringify({ type: "module", exports }));
  for (const name of ["index", "learn"]) {
    const source = JSON.stringify(join(root, "src", `${name}.ts`));
    writeFileSync(join(installed, `${name}.js`), `export * from ${source};\n`);
  }
  symlinkSync(join(root, "node_modules", "@tensorflow"), join(folder, "node_modules", "@tensorflow"));
  return folder;
}
