import type { Dataset } from "./dataset.ts";
import { bytesOf, columnFields, type Field, type FieldData } from "./fields.ts";
import type { Header, RowWriter } from "./format.ts";
import { codec, encoding, magic, page, physical, repetition } from "./parquet-codes.ts";
import { describeAsText } from "./provenance.ts";
import { concatenate, sliceRows } from "./select.ts";
import type { Sink } from "./sink.ts";
import { type ThriftFields, thriftBytes } from "./thrift.ts";

/** About this much is held in memory until a row group is full. */
const groupBytes = 16 * 2 ** 20;
/** The metadata entry of the description. */
export const descriptionEntry = "hnnc";

const types: Readonly<Record<FieldData["type"], number>> = {
  f64: physical.double,
  i32: physical.i32,
  bool: physical.boolean,
};

interface Chunk {
  readonly offset: number;
  readonly size: number;
}

interface Group {
  readonly rows: number;
  readonly chunks: readonly Chunk[];
}

/**
 * Writes required columns in plain encoding, uncompressed (numbers of trajectories hardly shrink), one page a column and
 * row group. Row groups have a fixed number of rows, so that the bytes do not depend on how rows arrive.
 */
export async function writeParquet(
  sink: Sink,
  header: Header,
  groupRows = rowsOfGroup(columnFields(header).length),
): Promise<RowWriter> {
  const fields = columnFields(header);
  const groups: Group[] = [];
  let waiting: Dataset[] = [];
  let waitingRows = 0;
  let at = magic.length;
  await sink.write(magic);
  const flush = async () => {
    const rows = concatenate(waiting as [Dataset, ...Dataset[]]);
    const group = await writeGroup(sink, fields, rows, at);
    groups.push(group);
    at = group.chunks.reduce((sum, { size }) => sum + size, at);
    waiting = [];
    waitingRows = 0;
  };
  return {
    async write(chunk) {
      for (let from = 0; from < chunk.rows; ) {
        const to = Math.min(chunk.rows, from + groupRows - waitingRows);
        waiting.push(sliceRows(chunk, from, to));
        waitingRows += to - from;
        from = to;
        if (waitingRows === groupRows) await flush();
      }
    },
    async close() {
      if (waitingRows > 0) await flush();
      const footer = thriftBytes(fileMetadata(header, fields, groups));
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, footer.length, true);
      await sink.write(Buffer.concat([footer, length, magic]));
    },
    async abort() {
      waiting = [];
    },
  };
}

function rowsOfGroup(columns: number): number {
  return Math.max(1024, 1024 * Math.floor(groupBytes / (8 * columns * 1024)));
}

async function writeGroup(sink: Sink, fields: readonly Field[], rows: Dataset, start: number): Promise<Group> {
  const chunks: Chunk[] = [];
  let at = start;
  for (const field of fields) {
    const data = field.gather(rows);
    const bytes = data.type === "bool" ? packed(data.values) : bytesOf(data);
    const head = thriftBytes([
      [1, { i32: page.data }],
      [2, { i32: bytes.length }],
      [3, { i32: bytes.length }],
      [
        5,
        {
          struct: [
            [1, { i32: rows.rows }],
            [2, { i32: encoding.plain }],
            [3, { i32: encoding.rle }],
            [4, { i32: encoding.rle }],
          ],
        },
      ],
    ]);
    await sink.write(head);
    await sink.write(bytes);
    chunks.push({ offset: at, size: head.length + bytes.length });
    at += head.length + bytes.length;
  }
  return { rows: rows.rows, chunks };
}

/** Booleans, eight a byte, the first one lowest. */
function packed(values: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(values.length / 8));
  for (const [k, value] of values.entries()) if (value === 1) out[k >> 3]! |= 1 << (k & 7);
  return out;
}

function fileMetadata(header: Header, fields: readonly Field[], groups: readonly Group[]): ThriftFields {
  const root: ThriftFields = [
    [4, { text: "schema" }],
    [5, { i32: fields.length }],
  ];
  const columns = fields.map(
    ({ name, type }): ThriftFields => [
      [1, { i32: types[type] }],
      [3, { i32: repetition.required }],
      [4, { text: name }],
    ],
  );
  return [
    [1, { i32: 1 }],
    [2, { structs: [root, ...columns] }],
    [3, { i64: groups.reduce((sum, { rows }) => sum + rows, 0) }],
    [4, { structs: groups.map((group) => groupMetadata(fields, group)) }],
    [
      5,
      {
        structs: [
          [
            [1, { text: descriptionEntry }],
            [2, { text: describeAsText(header) }],
          ],
        ],
      },
    ],
    [6, { text: "hnnc" }],
  ];
}

function groupMetadata(fields: readonly Field[], { rows, chunks }: Group): ThriftFields {
  const columns = chunks.map(({ offset, size }, k): ThriftFields => {
    const { name, type } = fields[k]!;
    const meta: ThriftFields = [
      [1, { i32: types[type] }],
      [2, { i32s: [encoding.plain, encoding.rle] }],
      [3, { texts: [name] }],
      [4, { i32: codec.none }],
      [5, { i64: rows }],
      [6, { i64: size }],
      [7, { i64: size }],
      [9, { i64: offset }],
    ];
    return [
      [2, { i64: offset }],
      [3, { struct: meta }],
    ];
  });
  return [
    [1, { structs: columns }],
    [2, { i64: chunks.reduce((sum, { size }) => sum + size, 0) }],
    [3, { i64: rows }],
  ];
}
