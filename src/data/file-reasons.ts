import { HnncError } from "../errors.ts";

/** Why a file cannot be read or written, by the code of the system's error. */
export const fileReasons: Readonly<Record<string, string>> = {
  EISDIR: "it is a directory",
  ENOTDIR: "a part of its path is not a directory",
  ENOENT: "there is no such file or directory",
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be too large",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its symbolic links form a loop",
};

/** An error of the file system as one of ours, kind `io`; others are passed on. */
export function fileError(action: "read" | "write", path: string, error: unknown): unknown {
  if (error instanceof HnncError || !(error instanceof Error)) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const missing = action === "write" && code === "ENOENT";
  const reason = missing ? "there is no such directory" : (fileReasons[code] ?? message);
  return new HnncError({
    kind: "io",
    code: `cannot-${action}`,
    message: `cannot ${action} \`${path}\`: ${reason}`,
    cause: error,
  });
}
