import { constants, rmSync } from "node:fs";
import { link, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
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
  const path = join(folder, lockName);
  const own = `${JSON.stringify(await holderOf(process.pid))}\n`;
  // Written beside and linked to its name, so that a lock is whole as soon as it is there.
  const beside = `${path}.${crypto.randomUUID()}`;
  try {
    await writeFile(beside, own, { flag: "wx" });
    while (!(await linked(beside, path))) await breakStale(path, folder);
  } catch (error) {
    throw fileError("write", path, error);
  } finally {
    await rm(beside, { force: true });
  }
  await removeLeftOvers(folder);
  const releaseNow = () => rmSync(path, { force: true });
  return { release: async () => releaseNow(), releaseNow };
}

const lockName = ".lock";

/** Whether a file in a folder belongs to its lock. */
export function isOfLock(name: string): boolean {
  return name.startsWith(lockName);
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
  return created(to, await readFile(from));
}

/** A process that breaks a lock takes milliseconds for it: after so many, it has been killed. */
const longestBreaking = 5000;

/**
 * Removes a lock that nobody holds. One process at a time may do so, and it judges anew when it is its turn: otherwise one
 * that is slow would remove the lock that another has taken meanwhile.
 *
 * @throws HnncError `run-locked` where somebody holds it
 */
async function breakStale(path: string, folder: string): Promise<void> {
  const holder = await liveHolder(path);
  if (holder) throw locked(folder, path, holder);
  const turn = `${path}.break`;
  if (!(await created(turn))) {
    const age = await ageOf(turn);
    if (age !== undefined && age > longestBreaking) await rm(turn, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 10));
    return;
  }
  try {
    if (!(await liveHolder(path))) await rm(path, { force: true });
  } finally {
    await rm(turn, { force: true });
  }
}

/** Whether a file could be made where there was none. */
async function created(path: string, content: string | Uint8Array = ""): Promise<boolean> {
  return writeFile(path, content, { flag: "wx" }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return false;
      throw error;
    },
  );
}

/** Milliseconds since a file was changed; undefined where there is none. */
async function ageOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && Date.now() - found.mtimeMs;
}

/** What processes left behind that were killed while they took the lock. */
async function removeLeftOvers(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((each) => isOfLock(each) && each !== lockName)) {
    const path = join(folder, name);
    if (((await ageOf(path)) ?? 0) > longestBreaking) await rm(path, { force: true });
  }
}

/** The process at work; undefined where there is no lock, or nobody holds it. */
async function liveHolder(path: string): Promise<Holder | undefined> {
  const text = await textOf(path);
  const holder = text === undefined ? undefined : holderIn(text);
  return holder && (await isAlive(holder)) ? holder : undefined;
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
