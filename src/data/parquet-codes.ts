/**
 * Numbers of Parquet's metadata that are used here.
 * Source: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
export const magic = Uint8Array.of(0x50, 0x41, 0x52, 0x31);

/** Physical types. */
export const physical = { boolean: 0, i32: 1, i64: 2, float: 4, double: 5, bytes: 6 } as const;

export const repetition = { required: 0, optional: 1, repeated: 2 } as const;

export const encoding = { plain: 0, plainDictionary: 2, rle: 3, rleDictionary: 8, byteStreamSplit: 9 } as const;

export const codec = { none: 0, snappy: 1, gzip: 2, zstd: 6 } as const;

export const page = { data: 0, dictionary: 2, dataV2: 3 } as const;

/** The name of a number, for messages. */
export function nameIn(table: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(table).find((name) => table[name] === value) ?? `number ${value}`;
}
