import { crc32 } from "node:zlib";
import { combineCrc } from "./crc.ts";
import { stateNames } from "./dataset.ts";
import { arrayFields, bytesOf, type FieldData } from "./fields.ts";
import type { Format, Header, RawArray, RawData, ReadLimits, RowWriter } from "./format.ts";
import { npyHeader, npyHeaderBytes, npyLayout, npyText, parseNpy } from "./npy.ts";
import { describeAsText, readDescriptionText } from "./provenance.ts";
import type { Sink } from "./sink.ts";
import type { Source } from "./source.ts";
import { Spill } from "./spill.ts";
import { entryBytes, entryHead, readZip, type ZipEntry } from "./zip-reader.ts";
import { writeZip, type ZipFile } from "./zip-writer.ts";

/**
 * NumPy's archive of arrays: `t` [N], `x` [N, 2n], `dx` [N, 2n], `H` [N], `run` [N], `test` [N], as far as there are
 * any; then `columns` [2n], the names of the columns of x, and `provenance`, JSON as text. Uncompressed.
 *
 * @example
 * // Python:
 * data = np.load("pendulum.npz")
 * data["x"][data["run"] == 3]
 * json.loads(data["provenance"].item())["formula"]
 */
export const npz: Format = { name: "npz", read: readNpz, write: (sink, header) => writeNpz(sink, header) };

const types: Readonly<Record<FieldData["type"], string>> = { f64: "<f8", i32: "<i4", bool: "|b1" };

/** @param zip64From see `writeZip` */
export async function writeNpz(sink: Sink, header: Header, zip64From?: number): Promise<RowWriter> {
  const fields = arrayFields(header);
  const spills = fields.map(({ name }) => new Spill(sink.scratch && `${sink.scratch}.${name}`));
  let rows = 0;
  const abort = async () => {
    for (const spill of spills) await spill.dispose();
  };
  return {
    async write(chunk) {
      for (const [k, field] of fields.entries()) await spills[k]!.append(bytesOf(field.gather(chunk)));
      rows += chunk.rows;
    },
    async close() {
      const arrays = fields.map(({ name, type, width }, k) =>
        npyFile(name, npyHeader(types[type], width === undefined ? [rows] : [rows, width]), spills[k]!),
      );
      const columns = textFile("columns", stateNames(header), [2 * header.coordinates.length]);
      await writeZip(sink, [...arrays, columns, textFile("provenance", [describeAsText(header)], [])], zip64From);
      await abort();
    },
    abort,
  };
}

function npyFile(name: string, head: Uint8Array, spill: Spill): ZipFile {
  return {
    name: `${name}.npy`,
    size: head.length + spill.size,
    crc: combineCrc(crc32(head), spill.crc(), spill.size),
    async copyTo(sink) {
      await sink.write(head);
      await spill.copyTo(sink);
    },
  };
}

function textFile(name: string, entries: readonly string[], shape: readonly number[]): ZipFile {
  const { type, bytes } = npyText(entries);
  const content = Buffer.concat([npyHeader(type, shape), bytes]);
  return { name: `${name}.npy`, size: content.length, crc: crc32(content), copyTo: (sink) => sink.write(content) };
}

function arrayName({ name }: ZipEntry): string {
  return name.replace(/\.npy$/, "");
}

async function readNpz(source: Source, limits: ReadLimits): Promise<RawData> {
  const entries = await readZip(source, limits);
  // All headers are checked before the first array takes memory.
  for (const entry of entries) {
    npyLayout(source, arrayName(entry), await entryHead(source, entry, npyHeaderBytes), entry.size);
  }
  const arrays = new Map<string, RawArray>();
  for (const entry of entries) {
    arrays.set(arrayName(entry), parseNpy(source, arrayName(entry), await entryBytes(source, entry)));
  }
  const provenance = arrays.get("provenance")?.values;
  const text = Array.isArray(provenance) ? String(provenance[0]) : undefined;
  const description = text === undefined ? undefined : readDescriptionText(text);
  if (description) arrays.delete("provenance");
  return { arrays, description };
}
