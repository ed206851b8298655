import { stat } from "node:fs/promises";
import { extname } from "node:path";
import type { Dataset } from "../data/dataset.ts";
import type { Header } from "../data/format.ts";
import { loadFormat } from "../data/formats.ts";
import { undoable } from "../data/undo.ts";
import { openWriter } from "../data/write.ts";
import { HnncError } from "../errors.ts";

import type { Terminal } from "./terminal.ts";

/** Takes rows that follow those before; a run may go on. */
export type WriteRows = (chunk: Dataset) => Promise<void>;

/**
 * Writes rows to a file, or as CSV to standard output where there is none. The file appears when all rows are there: an
 * error or a signal leaves nothing behind and an older file as it was.
 *
 * @throws HnncError kind `io`; kind `usage` for an unknown extension
 */
export async function writeRows<T>(
  output: string | undefined,
  header: Header,
  terminal: Terminal,
  fill: (write: WriteRows) => Promise<T>,
): Promise<T> {
  if (output === undefined) {
    const csv = await loadFormat("csv");
    const rows = await csv.write({ write: terminal.data }, header);
    const result = await fill((chunk) => rows.write(chunk));
    await rows.close();
    return result;
  }
  const writer = await openWriter(output, header, { format: await formatOfDevice(output) });
  return undoable(writer.abortNow, async () => {
    try {
      const result = await fill(writer.write);
      await writer.close();
      return result;
    } catch (error) {
      await writer.abort();
      throw error;
    }
  });
}

/** A device or pipe has no extension: it gets CSV, as standard output does. A folder is refused when it is opened. */
async function formatOfDevice(path: string): Promise<"csv" | undefined> {
  if (extname(path) !== "") return undefined;
  const found = await stat(path).catch(() => undefined);
  return found && !found.isFile() ? "csv" : undefined;
}

/** The file that `-o` names: none where it is left out or `-`; `-o=x.npz` is meant as `--output=x.npz` is. */
export function outputFile(option: string | undefined): string | undefined {
  const path = option?.replace(/^=/, "");
  if (path !== "") return path === "-" ? undefined : path;
  throw new HnncError({
    kind: "usage",
    code: "option-missing-argument",
    message: "`--output` is given nothing",
    hint: "name a file, or `-` for standard output",
  });
}

/**
 * With `--json` standard output holds one document, so that rows need a file.
 *
 * @throws HnncError `missing-output` (usage)
 */
export function requireOutput(output: string | undefined, json: boolean): void {
  if (output !== undefined || !json) return;
  throw new HnncError({
    kind: "usage",
    code: "missing-output",
    message: "`--json` tells about the rows, which then need a file",
    hint: "-o rows.npz; or -o rows.json for the rows as JSON",
  });
}
