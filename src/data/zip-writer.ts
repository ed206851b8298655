import type { Sink } from "./sink.ts";

/** A file to be put into an archive, with its size and CRC-32 known. */
export interface ZipFile {
  readonly name: string;
  readonly size: number;
  readonly crc: number;
  copyTo(sink: Sink): Promise<void>;
}

/** The first day that zip knows: archives of equal contents are equal. */
const date = 0x0021;
/** Sizes and places from here on take a zip64 record. */
const usualZip64From = 0xffffffff;

/**
 * Writes an archive of uncompressed files.
 *
 * @param zip64From for tests: a smaller bound makes every archive one of the large kind
 */
export async function writeZip(sink: Sink, files: readonly ZipFile[], zip64From = usualZip64From): Promise<void> {
  let at = 0;
  const central: Uint8Array[] = [];
  for (const file of files) {
    const local = localHeader(file, zip64From);
    central.push(centralHeader(file, at, zip64From));
    await sink.write(local);
    await file.copyTo(sink);
    at += local.length + file.size;
  }
  const size = central.reduce((sum, { length }) => sum + length, 0);
  for (const header of central) await sink.write(header);
  await sink.write(endRecords(files.length, size, at, zip64From));
}

function localHeader({ name, size, crc }: ZipFile, zip64From: number): Uint8Array {
  const large = size >= zip64From;
  return record((put) => {
    put(4, 0x04034b50)
      .put(2, large ? 45 : 20)
      .put(2, utf8Names)
      .put(2, 0)
      .put(2, 0)
      .put(2, date);
    put(4, crc)
      .put(4, large ? 0xffffffff : size)
      .put(4, large ? 0xffffffff : size);
    put(2, byteLength(name))
      .put(2, large ? 20 : 0)
      .text(name);
    if (large) put(2, 1).put(2, 16).put(8, size).put(8, size);
  });
}

function centralHeader({ name, size, crc }: ZipFile, at: number, zip64From: number): Uint8Array {
  const large = size >= zip64From || at >= zip64From;
  return record((put) => {
    put(4, 0x02014b50)
      .put(2, 45)
      .put(2, large ? 45 : 20)
      .put(2, utf8Names)
      .put(2, 0)
      .put(2, 0)
      .put(2, date);
    put(4, crc)
      .put(4, large ? 0xffffffff : size)
      .put(4, large ? 0xffffffff : size);
    put(2, byteLength(name))
      .put(2, large ? 28 : 0)
      .put(2, 0)
      .put(2, 0)
      .put(2, 0)
      .put(4, 0);
    put(4, large ? 0xffffffff : at).text(name);
    if (large) put(2, 1).put(2, 24).put(8, size).put(8, size).put(8, at);
  });
}

function endRecords(count: number, size: number, at: number, zip64From: number): Uint8Array {
  const large = at >= zip64From || count >= 0xffff;
  return record((put) => {
    if (large) {
      put(4, 0x06064b50).put(8, 44).put(2, 45).put(2, 45).put(4, 0).put(4, 0);
      put(8, count).put(8, count).put(8, size).put(8, at);
      put(4, 0x07064b50)
        .put(4, 0)
        .put(8, at + size)
        .put(4, 1);
    }
    put(4, 0x06054b50)
      .put(2, 0)
      .put(2, 0)
      .put(2, large ? 0xffff : count)
      .put(2, large ? 0xffff : count);
    put(4, large ? 0xffffffff : size)
      .put(4, large ? 0xffffffff : at)
      .put(2, 0);
  });
}

/** General-purpose bit 11. */
const utf8Names = 0x0800;

type Put = (bytes: 2 | 4 | 8, value: number) => Putter;

interface Putter {
  put: Put;
  text(value: string): Putter;
}

/** Little-endian numbers one after the other. */
function record(fill: (put: Put) => void): Uint8Array {
  const parts: number[] = [];
  const putter: Putter = {
    put(bytes, value) {
      for (let k = 0, rest = value; k < bytes; k++, rest = Math.floor(rest / 256)) parts.push(rest % 256);
      return putter;
    },
    text(value) {
      parts.push(...new TextEncoder().encode(value));
      return putter;
    },
  };
  fill(putter.put);
  return Uint8Array.from(parts);
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
