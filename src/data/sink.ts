import { rmSync } from "node:fs";
import { access, constants, type FileHandle, lstat, open, realpath, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileError } from "./file-reasons.ts";

/** Takes bytes in order. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  /** A place for scratch files, on the disk that the output goes to; names are made by appending to it. */
  readonly scratch?: string | undefined;
}

/** A file that appears whole or not at all. */
export interface FileSink extends Sink {
  /** Waits until what was written is on the disk. */
  flush(): Promise<void>;
  /** Makes the file appear: flushes it to the disk and renames it to its name. */
  commit(): Promise<void>;
  /** Removes what was written. Harmless after `commit`. */
  abort(): Promise<void>;
  /** The same at once, for a signal handler. */
  abortNow(): void;
}

export interface SinkOptions {
  /** What a symbolic link in the file's place means: the file that it points to, or a file that is replaced. Default follow. */
  readonly links?: "follow" | "replace" | undefined;
}

/**
 * Opens a file for writing beside its final name. A device or pipe is written directly.
 *
 * @throws HnncError `cannot-write` (io), here and in every method
 */
export async function openSink(path: string, { links = "follow" }: SinkOptions = {}): Promise<FileSink> {
  const orRefuse = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      throw fileError("write", path, error);
    }
  };
  const place = await orRefuse(() => (links === "follow" ? placeOf(path) : placeOfLast(path)));
  const file = await orRefuse(() => open(place.beside ?? path, place.beside ? "wx" : "w", place.mode));
  let isOpen = true;
  const closeOnce = async () => {
    if (isOpen) await file.close();
    isOpen = false;
  };
  let isFlushed = place.beside === undefined;
  const flush = () =>
    orRefuse(async () => {
      if (!isFlushed) await file.sync();
      isFlushed = true;
    });
  const abortNow = () => {
    if (place.beside) rmSync(place.beside, { force: true });
  };
  return {
    scratch: place.beside,
    write(bytes) {
      isFlushed = place.beside === undefined;
      return orRefuse(() => writeAll(file, bytes));
    },
    flush,
    commit: () =>
      orRefuse(async () => {
        await flush();
        await closeOnce();
        if (!place.beside) return;
        await rename(place.beside, place.target);
        await flushFolder(dirname(place.target));
      }),
    async abort() {
      await closeOnce().catch(() => {});
      abortNow();
    },
    abortNow,
  };
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, Math.min(bytes.length - done, 2 ** 30));
    done += bytesWritten;
  }
}

interface Place {
  readonly target: string;
  /** Absent for what nothing can be renamed over. */
  readonly beside: string | undefined;
  readonly mode: number;
}

async function placeOf(path: string): Promise<Place> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found?.isDirectory()) throw Object.assign(new Error("a directory"), { code: "EISDIR" });
  if (found && !found.isFile()) return { target: path, beside: undefined, mode: 0o666 };
  if (found) {
    // A rename would replace a write-protected file, and root may write any: both are asked not to.
    if ((found.mode & 0o222) === 0) throw Object.assign(new Error("read-only"), { code: "EACCES" });
    await access(path, constants.W_OK);
  }
  return { ...besideOf(found ? await realpath(path) : path), mode: found ? found.mode & 0o777 : 0o666 };
}

/** The same for a path whose last name is not followed: whatever link is there is replaced. */
async function placeOfLast(path: string): Promise<Place> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isSymbolicLink() ? { ...besideOf(path), mode: 0o666 } : placeOf(path);
}

function besideOf(target: string): { readonly target: string; readonly beside: string } {
  // Process numbers repeat from container to container, and all may write to one disk.
  const beside = join(dirname(target), `.${basename(target)}.${randomName()}.partial`);
  return { target, beside };
}

/** Twelve random digits: of the global, since `node:crypto` takes 5 ms to load. */
function randomName(): string {
  return crypto.randomUUID().slice(-12);
}

/** Makes the rename last; some file systems cannot flush a folder. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/** Collects bytes in memory. */
export function memorySink(): Sink & { bytes(): Uint8Array } {
  const chunks: Uint8Array[] = [];
  return {
    async write(bytes) {
      chunks.push(bytes.slice());
    },
    bytes: () => new Uint8Array(Buffer.concat(chunks)),
  };
}
