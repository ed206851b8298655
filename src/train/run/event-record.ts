/*
 * The event files that TensorBoard reads: records of TFRecord framing, each an `Event` in protobuf's encoding. Sources:
 * tensorflow/core/lib/io/record_writer.h (length, masked CRC, data, masked CRC), tensorflow/core/util/event.proto,
 * tensorflow/core/framework/summary.proto; CRC-32C is that of RFC 3720, appendix B.4.
 */

/** What an event holds besides its time. */
export type EventContent =
  | { readonly kind: "version" }
  /** Begins a process: events of this step and later ones, from before, no longer count. */
  | { readonly kind: "start"; readonly step: number }
  | { readonly kind: "scalars"; readonly step: number; readonly values: Readonly<Record<string, number>> };

/** @param wallTime seconds since 1970 */
export function eventRecord(wallTime: number, content: EventContent): Uint8Array {
  const event = [...fixed64(1, wallTime), ...contentBytes(content)];
  const record = new Uint8Array(16 + event.length);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(event.length), true);
  view.setUint32(8, maskedCrc(record.subarray(0, 8)), true);
  record.set(event, 12);
  view.setUint32(12 + event.length, maskedCrc(record.subarray(12, 12 + event.length)), true);
  return record;
}

function contentBytes(content: EventContent): number[] {
  switch (content.kind) {
    case "version":
      return lengthed(3, utf8("brain.Event:2"));
    case "start":
      // Event.session_log = 7, SessionLog.status = 1, START = 1
      return [...varintField(2, content.step), ...lengthed(7, varintField(1, 1))];
    case "scalars": {
      // Event.summary = 5, Summary.value = 1; Value.tag = 1, Value.simple_value = 2
      const values = Object.entries(content.values).flatMap(([tag, value]) =>
        lengthed(1, [...lengthed(1, utf8(tag)), ...fixed32(2, value)]),
      );
      return [...varintField(2, content.step), ...lengthed(5, values)];
    }
  }
}

function utf8(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

/** @param value a whole number from 0 on */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

function varintField(field: number, value: number): number[] {
  return [...varint(field << 3), ...varint(value)];
}

function lengthed(field: number, bytes: readonly number[]): number[] {
  return [...varint((field << 3) | 2), ...varint(bytes.length), ...bytes];
}

function fixed64(field: number, value: number): number[] {
  return [...varint((field << 3) | 1), ...new Uint8Array(Float64Array.of(value).buffer)];
}

function fixed32(field: number, value: number): number[] {
  return [...varint((field << 3) | 5), ...new Uint8Array(Float32Array.of(value).buffer)];
}

/** The polynomial of Castagnoli, reflected. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** CRC-32C. @example crc32c(new TextEncoder().encode("123456789")) // 0xe3069283 */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Rotated and shifted, so that the CRC of bytes that hold CRCs is as good. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
