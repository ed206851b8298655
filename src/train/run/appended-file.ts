import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { fileError } from "../../data/file-reasons.ts";
import { dataError } from "../../data/source.ts";

/** A file that grows at its end. */
export interface AppendedFile {
  /** Waits until the bytes are on the disk. @throws HnncError kind `io` */
  append(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** How much of an old file stays: the number of its first bytes. */
export type Kept = (old: Uint8Array) => number;

/** More than that is no file of ours. */
const mostOld = 2 ** 30;

/**
 * Opens a file, which may not be a symbolic link, to append to what is kept of it.
 *
 * @throws HnncError kind `io`; `not-a-file` (data)
 */
export async function appendTo(path: string, kept: Kept): Promise<AppendedFile> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  let file: FileHandle | undefined;
  try {
    file = await open(path, flags, 0o666);
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > mostOld) throw dataError({ name: path }, "not-a-file", "it is no file of a run");
    const length = kept(await file.readFile());
    if (length < stat.size) await file.truncate(length);
    return appending(path, file, length);
  } catch (error) {
    await file?.close();
    if ((error as NodeJS.ErrnoException).code === "ELOOP") {
      throw dataError({ name: path }, "not-a-file", "it is a symbolic link; files of a run are not links");
    }
    throw fileError("write", path, error);
  }
}

function appending(path: string, file: FileHandle, length: number): AppendedFile {
  let at = length;
  return {
    async append(bytes) {
      try {
        for (let done = 0; done < bytes.length; ) {
          const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at);
          done += bytesWritten;
          at += bytesWritten;
        }
        await file.datasync();
      } catch (error) {
        throw fileError("write", path, error);
      }
    },
    close: () => file.close(),
  };
}
