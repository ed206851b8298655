import { type FileHandle, open, rm } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { Sink } from "./sink.ts";

/** Kept in memory by each spill before it goes to the disk. */
const memoryBytes = 8 * 2 ** 20;
const copyBytes = 2 ** 20;

/**
 * Bytes that are set aside until what stands before them is known: an array of an archive whose arrays grow together.
 * Long ones go to an unnamed scratch file, which vanishes with the process.
 */
export class Spill {
  readonly #place: string | undefined;
  #chunks: Uint8Array[] = [];
  #held = 0;
  #file: FileHandle | undefined;
  #size = 0;
  #crc = 0;

  /** @param place the path of the scratch file; without it everything stays in memory */
  constructor(place: string | undefined) {
    this.#place = place;
  }

  get size(): number {
    return this.#size;
  }

  /** CRC-32 of all bytes so far, continued from `seed`. */
  crc(): number {
    return this.#crc;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#size += bytes.length;
    this.#crc = crc32(bytes, this.#crc);
    this.#chunks.push(bytes.slice());
    this.#held += bytes.length;
    if (this.#place !== undefined && this.#held > memoryBytes) await this.#toDisk(this.#place);
  }

  async #toDisk(place: string): Promise<void> {
    if (!this.#file) {
      this.#file = await open(place, "wx+", 0o600);
      // Where the system allows it, the file loses its name now, so that nothing is left behind whatever happens.
      await rm(place, { force: true }).catch(() => {});
    }
    for (const chunk of this.#chunks) await this.#file.appendFile(chunk);
    this.#chunks = [];
    this.#held = 0;
  }

  /** Passes all bytes on in order. */
  async copyTo(sink: Sink): Promise<void> {
    const onDisk = this.#size - this.#held;
    for (let at = 0; at < onDisk; ) {
      const { bytesRead, buffer } = await this.#file!.read(
        new Uint8Array(copyBytes),
        0,
        Math.min(copyBytes, onDisk - at),
        at,
      );
      await sink.write(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    for (const chunk of this.#chunks) await sink.write(chunk);
  }

  async dispose(): Promise<void> {
    this.#chunks = [];
    await this.#file?.close();
    if (this.#file && this.#place !== undefined) await rm(this.#place, { force: true }).catch(() => {});
    this.#file = undefined;
  }
}
