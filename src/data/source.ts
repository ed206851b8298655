import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { HnncError } from "../errors.ts";
import { fileError } from "./file-reasons.ts";

/** Bytes to read from, at any place. */
export interface Source {
  /** For messages. */
  readonly name: string;
  readonly size: number;
  /** Exactly `length` bytes. @throws HnncError kind `data` past the end */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** An error in a file's contents. */
export function dataError(
  source: Pick<Source, "name">,
  code: string,
  message: string,
  more: { readonly hint?: string; readonly notes?: readonly string[]; readonly cause?: unknown } = {},
): HnncError {
  return new HnncError({ kind: "data", code, message: `\`${source.name}\`: ${message}`, ...more });
}

/** A sound file that holds more than a reader may take. */
export function tooLarge({ name }: Pick<Source, "name">, { bytes }: { readonly bytes: number }): HnncError {
  return new HnncError({
    kind: "limit",
    code: "too-large",
    message: `\`${name}\` holds more than ${bytes} bytes of numbers`,
    hint: "raise the limit, or cut the file into shards",
  });
}

/** Bytes in memory. */
export function bytesSource(bytes: Uint8Array, name = "data"): Source {
  const source: Source = {
    name,
    size: bytes.length,
    async read(offset, length) {
      requireInside(source, offset, length);
      return bytes.subarray(offset, offset + length);
    },
    async close() {},
  };
  return source;
}

/** What a pipe may hold. */
const mostPiped = 2 ** 30;

/**
 * Opens a file; a pipe is read into memory.
 *
 * @throws HnncError kind `io`
 */
export async function openSource(path: string): Promise<Source> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    const stat = await file.stat();
    if (stat.isDirectory()) throw Object.assign(new Error("a directory"), { code: "EISDIR" });
    if (stat.isFile()) return fileSource(path, file, stat.size);
    const piped = await pipedBytes(path, file);
    await file.close();
    return bytesSource(piped, path);
  } catch (error) {
    await file?.close();
    throw fileError("read", path, error);
  }
}

/**
 * Opens a file that is what its name says: no symbolic link, which might lead anywhere, and no device or pipe.
 *
 * @throws HnncError kind `io`; `not-a-file` (data)
 */
export async function openPlainFile(path: string): Promise<Source> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (stat.isFile()) return fileSource(path, file, stat.size);
    throw dataError(
      { name: path },
      "not-a-file",
      stat.isDirectory() ? "it is a directory" : "it is not a regular file",
    );
  } catch (error) {
    await file?.close();
    if ((error as NodeJS.ErrnoException).code === "ELOOP") {
      throw dataError({ name: path }, "not-a-file", "it is a symbolic link; files of a run are not links", {
        hint: "put the file itself in its place",
      });
    }
    throw fileError("read", path, error);
  }
}

function fileSource(path: string, file: FileHandle, size: number): Source {
  const source: Source = {
    name: path,
    size,
    async read(offset, length) {
      requireInside(source, offset, length);
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await file.read(bytes, done, Math.min(length - done, 2 ** 30), offset + done);
        if (bytesRead === 0) throw dataError(source, "truncated", "it became shorter while it was read");
        done += bytesRead;
      }
      return bytes;
    },
    close: () => file.close(),
  };
  return source;
}

async function pipedBytes(path: string, file: FileHandle): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostPiped) {
      throw new HnncError({
        kind: "limit",
        code: "too-large",
        message: `\`${path}\` sends more than ${mostPiped} bytes`,
        hint: "write it to a file first",
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function requireInside(source: Source, offset: number, length: number): void {
  const inside = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (inside && offset + length <= source.size) return;
  throw dataError(
    source,
    "truncated",
    `it ends at byte ${source.size}, and ${length} bytes from ${offset} on are needed`,
  );
}
