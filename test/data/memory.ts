import type { Dataset } from "../../src/data/dataset.ts";
import type { Format, Header } from "../../src/data/format.ts";
import { interpret } from "../../src/data/interpret.ts";
import { memorySink } from "../../src/data/sink.ts";
import { bytesSource } from "../../src/data/source.ts";
import { headerOf } from "../../src/data/write.ts";

/** The bytes of a file that holds these datasets one after the other. */
export async function written(format: Format, chunks: readonly Dataset[], header?: Header): Promise<Uint8Array> {
  const sink = memorySink();
  const writer = await format.write(sink, header ?? headerOf(chunks[0]!));
  for (const chunk of chunks) await writer.write(chunk);
  await writer.close();
  return sink.bytes();
}

/** The dataset in a file's bytes. */
export async function readBack(format: Format, bytes: Uint8Array, limit = 2 ** 30): Promise<Dataset> {
  const source = bytesSource(bytes, `bytes.${format.name}`);
  return interpret(source, await format.read(source, { bytes: limit }));
}
