import { constants, rmSync } from "node:fs";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileError } from "../../data/file-reasons.ts";
import { HnncError } from "../../errors.ts";

/** A process, told apart from others that get its number later. */
interface Holder {
  readonly pid: number;
  /** When it began, in the system's ticks since `boot`; null where the system does not say. */
  readonly start: string | null;
  readonly boot: string | null;
  readonly host: string;
}

/** A folder that this process alone works in. */
export interface FolderLock {
  release(): Promise<void>;
  /** The same at once, for a signal handler. */
  releaseNow(): void;
}

/**
 * Takes a folder's `.lock`. A lock whose process has ended, by `kill -9` or with the machine, is taken over.
 *
 * @throws HnncError `run-locked` (data) where another run holds it; kind `io`
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, ".lock");
  const own = `${JSON.stringify(await holderOf(process.pid))}\n`;
  // Written beside and linked to its name, so that a lock is whole as soon as it is there.
  const beside = join(folder, `.lock.${crypto.randomUUID()}.partial`);
  try {
    await writeFile(beside, own, { flag: "wx" });
    while (!(await linked(beside, path))) await breakStale(path, folder);
  } catch (error) {
    throw fileError("write", path, error);
  } finally {
    await rm(beside, { force: true });
  }
  const releaseNow = () => rmSync(path, { force: true });
  return { release: async () => releaseNow(), releaseNow };
}

/** Whether the lock was free. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
  }
  // File systems without hard links: whole enough.
  return writeFile(to, await readFile(from), { flag: "wx" }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return false;
      throw error;
    },
  );
}

/** Removes a lock that nobody holds; another process may do the same at the same time. */
async function breakStale(path: string, folder: string): Promise<void> {
  const judged = await textOf(path);
  if (judged === undefined) return;
  const holder = holderIn(judged);
  if (holder && (await isAlive(holder))) throw locked(folder, path, holder);
  const aside = `${path}.${crypto.randomUUID()}.partial`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  // What was moved away may be a lock that was taken in the meantime: it goes back.
  if ((await textOf(aside)) !== judged) await linked(aside, path);
  await rm(aside, { force: true });
}

async function textOf(path: string): Promise<string | undefined> {
  const flag = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  return readFile(path, { encoding: "utf8", flag }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

function holderIn(text: string): Holder | undefined {
  try {
    const found = JSON.parse(text) as Partial<Holder> | null;
    return Number.isSafeInteger(found?.pid) && found!.pid! > 0 ? (found as Holder) : undefined;
  } catch {
    return undefined;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  // Processes of another machine on the same disk cannot be seen from here.
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const now = await holderOf(holder.pid);
  return now.start === holder.start && now.boot === holder.boot;
}

async function holderOf(pid: number): Promise<Holder> {
  const [stat, boot] = await Promise.all(
    [`/proc/${pid}/stat`, "/proc/sys/kernel/random/boot_id"].map((path) =>
      readFile(path, "utf8").catch(() => undefined),
    ),
  );
  // proc(5): the program's name stands in brackets and may hold some; the start time is field 22, the 20th after it.
  const start = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  return { pid, start, boot: boot?.trim() ?? null, host: hostname() };
}

function locked(folder: string, path: string, { pid, host }: Holder): HnncError {
  const elsewhere = host === hostname() ? "" : ` on ${host}`;
  return new HnncError({
    kind: "data",
    code: "run-locked",
    message: `another run is at work in \`${folder}\`: process ${pid}${elsewhere}`,
    hint: elsewhere === "" ? "wait for it, or take another directory: -o" : `if it has ended, remove \`${path}\``,
  });
}
