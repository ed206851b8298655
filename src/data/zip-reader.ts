import { constants, crc32, inflateRawSync } from "node:zlib";
import type { ReadLimits } from "./format.ts";
import { dataError, type Source, tooLarge } from "./source.ts";

/** A file of an archive, whose place and sizes were found consistent. */
export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Where its bytes begin. */
  readonly start: number;
}

const mostEntries = 2000;
const mostCentralBytes = 8 * 2 ** 20;
/** Numbers of trajectories do not shrink by more than this, beyond a first 32 MB. */
const mostExpansion = 100;
const freeBytes = 32 * 2 ** 20;

/**
 * Lists a zip archive. Nothing is inflated, and what is read is in proportion to the list.
 *
 * @throws HnncError kind `data` where records are cut off, contradict one another, overlap or promise far more than
 * they can hold; kind `limit` where the contents are larger than allowed
 */
export async function readZip(source: Source, limits: ReadLimits): Promise<ZipEntry[]> {
  const end = await endOf(source);
  if (end.count > mostEntries || end.size > mostCentralBytes) {
    throw dataError(source, "bad-zip", `its list of ${end.count} files is too long`);
  }
  const central = view(await source.read(end.start, end.size));
  const listed: Listed[] = [];
  for (let at = 0; listed.length < end.count; ) {
    const entry = centralEntry(source, central, at);
    listed.push(entry);
    at = entry.end;
  }
  const names = new Set<string>();
  for (const { name } of listed) {
    if (names.has(name)) throw dataError(source, "bad-zip", `it holds \`${shown(name)}\` twice`);
    names.add(name);
  }
  const total = listed.reduce((sum, { size }) => sum + size, 0);
  if (total > freeBytes + mostExpansion * source.size) {
    throw dataError(source, "zip-bomb", `${source.size} bytes promise to become ${total}`, {
      hint: "if the data is sound, save it uncompressed with numpy.savez",
    });
  }
  if (total > limits.bytes) throw tooLarge(source, limits);
  return located(source, listed, end.start);
}

/** Enough of a compressed file to hold its beginning. */
const headBytes = 16_384;

/**
 * The first bytes of one file, `length` of them or fewer, at little cost however large it is.
 *
 * @throws HnncError kind `data`
 */
export async function entryHead(source: Source, entry: ZipEntry, length: number): Promise<Uint8Array> {
  if (!entry.deflated) return source.read(entry.start, Math.min(length, entry.size));
  const stored = await source.read(entry.start, Math.min(headBytes, entry.compressedSize));
  try {
    return inflateRawSync(stored, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, length);
  } catch (cause) {
    throw dataError(source, "bad-zip", `\`${entry.name}\` cannot be inflated`, { cause });
  }
}

/** The bytes of one file, checked against its size and checksum. */
export async function entryBytes(source: Source, entry: ZipEntry): Promise<Uint8Array> {
  const stored = await source.read(entry.start, entry.compressedSize);
  const bytes = entry.deflated ? inflate(source, entry, stored) : stored;
  if (crc32(bytes) !== entry.crc) throw dataError(source, "bad-checksum", `the checksum of \`${entry.name}\` is wrong`);
  return bytes;
}

function inflate(source: Source, { name, size }: ZipEntry, stored: Uint8Array): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = inflateRawSync(stored, { maxOutputLength: Math.max(1, size) });
  } catch (cause) {
    const longer = (cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    const reason = longer ? `is longer than the ${size} bytes it promises` : "cannot be inflated";
    throw dataError(source, "bad-zip", `\`${name}\` ${reason}`, { cause });
  }
  if (bytes.length === size) return bytes;
  throw dataError(source, "bad-zip", `\`${name}\` has ${bytes.length} bytes and promises ${size}`);
}

interface End {
  readonly count: number;
  readonly size: number;
  readonly start: number;
}

/** The record at the end, which tells where the list of files stands. */
async function endOf(source: Source): Promise<End> {
  const length = Math.min(source.size, 22 + 0xffff);
  const tail = view(await source.read(source.size - length, length));
  let at = length - 22;
  while (at >= 0 && !(tail.getUint32(at, true) === 0x06054b50 && at + 22 + tail.getUint16(at + 20, true) === length))
    at--;
  if (at < 0) throw dataError(source, "bad-zip", "it is not a zip archive, or its end is missing");
  const end = {
    count: tail.getUint16(at + 10, true),
    size: tail.getUint32(at + 12, true),
    start: tail.getUint32(at + 16, true),
  };
  const place = source.size - length + at;
  const large = end.count === 0xffff || end.size === 0xffffffff || end.start === 0xffffffff;
  const found = large ? await largeEnd(source, place) : end;
  if (found.start + found.size > place) throw dataError(source, "bad-zip", "its list of files lies past its end");
  return found;
}

async function largeEnd(source: Source, place: number): Promise<End> {
  const wrong = () => dataError(source, "bad-zip", "its zip64 records are damaged");
  if (place < 20) throw wrong();
  const locator = view(await source.read(place - 20, 20));
  if (locator.getUint32(0, true) !== 0x07064b50) throw wrong();
  const at = large(source, locator, 8);
  if (at + 56 > place) throw wrong();
  const record = view(await source.read(at, 56));
  if (record.getUint32(0, true) !== 0x06064b50) throw wrong();
  return { count: large(source, record, 32), size: large(source, record, 40), start: large(source, record, 48) };
}

interface Listed extends Omit<ZipEntry, "start"> {
  /** Of its local header. */
  readonly offset: number;
  /** Of its record in the list. */
  readonly end: number;
}

function centralEntry(source: Source, list: DataView, at: number): Listed {
  const wrong = (reason: string) => dataError(source, "bad-zip", reason);
  if (at + 46 > list.byteLength || list.getUint32(at, true) !== 0x02014b50) throw wrong("its list of files is damaged");
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((k) => list.getUint16(at + k, true)) as [
    number,
    number,
    number,
  ];
  const end = at + 46 + nameLength + extraLength + commentLength;
  if (end > list.byteLength) throw wrong("its list of files is damaged");
  const name = new TextDecoder().decode(bytesIn(list, at + 46, nameLength));
  requirePlainName(source, name);
  const method = list.getUint16(at + 10, true);
  if ((list.getUint16(at + 8, true) & 1) !== 0) throw wrong(`\`${name}\` is encrypted`);
  if (method !== 0 && method !== 8)
    throw wrong(`\`${name}\` is compressed by method ${method}; stored and deflated files are read`);
  const sizes = [24, 20, 42].map((k) => list.getUint32(at + k, true)) as [number, number, number];
  const extra = new DataView(list.buffer, list.byteOffset + at + 46 + nameLength, extraLength);
  const [size, compressedSize, offset] = largeSizes(source, sizes, extra);
  if (method === 0 && size !== compressedSize) throw wrong(`\`${name}\` is stored and has two sizes`);
  return { name, deflated: method === 8, crc: list.getUint32(at + 16, true), compressedSize, size, offset, end };
}

/** Sizes that do not fit 32 bits stand in an extra field, in this order. */
function largeSizes(source: Source, sizes: [number, number, number], extra: DataView): [number, number, number] {
  if (!sizes.includes(0xffffffff)) return sizes;
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue;
    let next = at + 4;
    const end = next + extra.getUint16(at + 2, true);
    return sizes.map((size) => {
      if (size !== 0xffffffff) return size;
      if (next + 8 > Math.min(end, extra.byteLength)) throw dataError(source, "bad-zip", "a zip64 field is cut off");
      next += 8;
      return large(source, extra, next - 8);
    }) as [number, number, number];
  }
  return sizes;
}

/** Names are only looked up, and yet one that climbs out of a folder is the mark of an attack. */
function requirePlainName(source: Source, name: string): void {
  const parts = name.split("/");
  const plain = name !== "" && !/[\\:\p{Cc}]/u.test(name) && !parts.includes("..") && !parts.includes("");
  if (!plain) throw dataError(source, "bad-name", `it holds a file called \`${shown(name)}\``);
}

function shown(name: string): string {
  return name.slice(0, 60).replace(/\p{Cc}/gu, "?");
}

/** Finds where each file's bytes begin, and refuses files that share bytes. */
async function located(source: Source, listed: readonly Listed[], listStart: number): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  const taken: { readonly from: number; readonly to: number }[] = [];
  for (const { offset, end: _, ...entry } of listed) {
    const damaged = () => dataError(source, "bad-zip", `the header of \`${entry.name}\` is damaged`);
    if (offset + 30 > listStart) throw damaged();
    const header = view(await source.read(offset, 30));
    if (header.getUint32(0, true) !== 0x04034b50) throw damaged();
    const start = offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
    if (start + entry.compressedSize > listStart) {
      throw dataError(source, "bad-zip", `\`${entry.name}\` would go past the end of the archive`);
    }
    taken.push({ from: offset, to: start + entry.compressedSize });
    entries.push({ ...entry, start });
  }
  taken.sort((a, b) => a.from - b.from);
  const overlap = taken.some(({ from }, k) => k > 0 && from < taken[k - 1]!.to);
  if (overlap) throw dataError(source, "bad-zip", "files in it share bytes");
  return entries;
}

function large(source: Source, record: DataView, at: number): number {
  const value = record.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw dataError(source, "bad-zip", `it has a size of ${value} bytes`);
  return Number(value);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function bytesIn(list: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(list.buffer, list.byteOffset + at, length);
}
