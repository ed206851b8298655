import { existsSync } from "node:fs";
import { join } from "node:path";
import { HnncError } from "../errors.ts";

/** The variable of the environment that names the folder of reference data. */
export const dataVariable = "HNNC_DATA";

/** Where it is looked for from the working directory where nothing names it. */
const besides = ["data", "shared/data", "../data", "../shared/data"];

/**
 * The folder with reference data, which the package does not hold: the one that is named, or else the first of the usual
 * places that holds `hnn2019` or `measured`.
 *
 * @throws HnncError `no-data-folder` (io) where the named one is not there
 */
export function dataFolder(named: string | undefined = process.env[dataVariable]): string | undefined {
  if (named === undefined || named === "") return besides.find(holdsData);
  if (existsSync(named)) return named;
  throw new HnncError({
    kind: "io",
    code: "no-data-folder",
    message: `there is no folder \`${named}\``,
    hint: `--data or ${dataVariable} names a folder that holds hnn2019/ and measured/`,
  });
}

function holdsData(folder: string): boolean {
  return ["hnn2019", "measured"].some((part) => existsSync(join(folder, part)));
}

/** A file of the folder, where it is there. */
export function dataFile(folder: string | undefined, path: string): string | undefined {
  if (folder === undefined) return undefined;
  const file = join(folder, path);
  return existsSync(file) ? file : undefined;
}
