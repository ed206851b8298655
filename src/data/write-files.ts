import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { HnncError } from "../errors.ts";
import { type FileSink, openSink, type SinkOptions } from "./sink.ts";
import { undoable } from "./undo.ts";

/** A file to be written, whole or not at all. */
export interface FileContent {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/**
 * Writes files so that each is at every moment either absent, the old one or the new one: written beside, flushed to the disk,
 * then renamed; all are written before the first is renamed.
 *
 * @throws HnncError `cannot-write` (io), naming the file and the reason; nothing is left behind
 */
export async function writeFiles(files: readonly FileContent[], options: SinkOptions = {}): Promise<void> {
  const sinks: FileSink[] = [];
  const discard = () => {
    for (const sink of sinks) sink.abortNow();
  };
  await undoable(discard, async () => {
    try {
      for (const { path, content } of files) {
        requireFolder(path);
        const sink = await openSink(path, options);
        sinks.push(sink);
        await sink.write(typeof content === "string" ? new TextEncoder().encode(content) : content);
        await sink.flush();
      }
      for (const sink of sinks) await sink.commit();
    } finally {
      for (const sink of sinks) await sink.abort();
    }
  });
}

function requireFolder(path: string): void {
  const folder = dirname(path);
  if (existsSync(folder)) return;
  throw new HnncError({
    kind: "io",
    code: "cannot-write",
    message: `cannot write \`${path}\`: there is no directory \`${folder}\``,
    hint: "make the directory first",
  });
}
