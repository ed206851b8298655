import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Data that the project does not hold: looked for beside the checkout. */
export const referenceData = fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** A file of it, or undefined where it is absent. */
export function referenceFile(path: string): string | undefined {
  const file = join(referenceData, path);
  if (existsSync(file)) return file;
  console.warn(`${path} is not beside the checkout: its tests are left out`);
  return undefined;
}
