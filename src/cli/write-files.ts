import { constants, rmSync, type Stats } from "node:fs";
import { access, open, realpath, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileReasons } from "../data/file-reasons.ts";
import { HnncError } from "../errors.ts";
import { undoable } from "./signals.ts";

/** A file to be written, whole or not at all. */
export interface FileContent {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/**
 * Writes files so that each is at every moment either absent, the old one or the new one: written beside, flushed to the disk,
 * then renamed; all are written before the first is renamed. A symbolic link is followed; a device or pipe is written directly.
 *
 * @throws HnncError `cannot-write` (io), naming the file and the reason; nothing is left behind
 */
export async function writeFiles(files: readonly FileContent[]): Promise<void> {
  const staged: { readonly from: string; readonly to: string; readonly path: string }[] = [];
  const discard = () => {
    for (const { from } of staged) rmSync(from, { force: true });
  };
  await undoable(discard, async () => {
    try {
      for (const { path, content } of files) {
        const place = await placeOf(path);
        if (place.direct) await writeDirectly(path, content);
        else {
          staged.push({ from: place.beside, to: place.target, path });
          await writeBeside(path, place.beside, content, place.mode);
        }
      }
      for (const { from, to, path } of staged) await orRefuse(path, () => rename(from, to));
      for (const folder of new Set(staged.map(({ to }) => dirname(to)))) await flushFolder(folder);
    } finally {
      discard();
    }
  });
}

interface Place {
  /** Not a regular file: nothing can be renamed over it. */
  readonly direct: boolean;
  readonly target: string;
  readonly beside: string;
  readonly mode: number;
}

async function placeOf(path: string): Promise<Place> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw refusal(path, error);
  });
  if (found?.isDirectory()) throw refusal(path, Object.assign(new Error(), { code: "EISDIR" }));
  if (found) await orRefuse(path, () => refuseReadOnly(path, found));
  const direct = found !== undefined && !found.isFile();
  const target = found && !direct ? await orRefuse(path, () => realpath(path)) : path;
  const beside = join(dirname(target), `.${basename(target)}.${process.pid}.partial`);
  return { direct, target, beside, mode: found ? found.mode & 0o777 : 0o666 };
}

/** A rename would replace a write-protected file, and root may write any: both are asked not to. */
async function refuseReadOnly(path: string, found: Stats): Promise<void> {
  if (found.isFile() && (found.mode & 0o222) === 0) throw Object.assign(new Error(), { code: "EACCES" });
  await access(path, constants.W_OK);
}

async function writeBeside(path: string, beside: string, content: string | Uint8Array, mode: number): Promise<void> {
  await orRefuse(path, async () => {
    const file = await open(beside, "wx", mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

async function writeDirectly(path: string, content: string | Uint8Array): Promise<void> {
  await orRefuse(path, async () => {
    const file = await open(path, "w");
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
  });
}

/** Makes the renames last; some file systems cannot flush a folder, and then it is as safe as it gets. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

async function orRefuse<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw refusal(path, error as NodeJS.ErrnoException);
  }
}

function refusal(path: string, error: NodeJS.ErrnoException): HnncError {
  const missingFolder = error.code === "ENOENT";
  return new HnncError({
    kind: "io",
    code: "cannot-write",
    message: `cannot write \`${path}\`: ${missingFolder ? `there is no directory \`${dirname(path)}\`` : (fileReasons[error.code ?? ""] ?? error.message)}`,
    hint: missingFolder ? "make the directory first" : undefined,
    cause: error,
  });
}
