import { arrayFields, bytesOf, type FieldData } from "./fields.ts";
import type { Format, Header, RawArray, RawData, ReadLimits, RowWriter } from "./format.ts";
import { describeAsText, readDescriptionText } from "./provenance.ts";
import { headerBytes, readHeader, widened } from "./safetensors-layout.ts";
import type { Sink } from "./sink.ts";
import { type Source, tooLarge } from "./source.ts";
import { Spill } from "./spill.ts";

/** The arrays of npz as safetensors (F64, I32, BOOL); the description is the metadata entry `hnnc`. */
export const safetensors: Format = { name: "safetensors", read: readSafetensors, write: writeSafetensors };

const dtypes: Readonly<Record<FieldData["type"], string>> = { f64: "F64", i32: "I32", bool: "BOOL" };

async function writeSafetensors(sink: Sink, header: Header): Promise<RowWriter> {
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
      const tensors = fields.map(({ name, type, width = 1 }) => ({
        name,
        dtype: dtypes[type],
        shape: width === 1 ? [rows] : [rows, width],
      }));
      await sink.write(headerBytes(tensors, { hnnc: describeAsText(header) }));
      for (const spill of spills) await spill.copyTo(sink);
      await abort();
    },
    abort,
  };
}

async function readSafetensors(source: Source, limits: ReadLimits): Promise<RawData> {
  const { entries, metadata, start } = await readHeader(source);
  if (source.size - start > limits.bytes) throw tooLarge(source, limits);
  const arrays = new Map<string, RawArray>();
  for (const { name, dtype, shape, from, to } of entries) {
    arrays.set(name, { shape, values: widened(dtype, await source.read(start + from, to - from)) });
  }
  const { hnnc } = metadata;
  return { arrays, description: hnnc === undefined ? undefined : readDescriptionText(hnnc) };
}
