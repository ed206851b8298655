/** An event as it is read back from a TensorBoard file. */
export interface ReadEvent {
  wallTime?: number;
  step?: number;
  version?: string;
  start?: boolean;
  values?: Record<string, number>;
}

/** Reads an event file by the rules of TFRecord and protobuf, apart from what writes it. */
export function eventsIn(bytes: Uint8Array): ReadEvent[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const events: ReadEvent[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(view.getBigUint64(at, true));
    const data = bytes.subarray(at + 12, at + 12 + length);
    if (view.getUint32(at + 8, true) !== masked(bytes.subarray(at, at + 8))) throw new Error("checksum of a length");
    if (view.getUint32(at + 12 + length, true) !== masked(data)) throw new Error("checksum of data");
    events.push(eventOf(data));
    at += 16 + length;
  }
  return events;
}

function eventOf(bytes: Uint8Array): ReadEvent {
  const event: ReadEvent = {};
  for (const { field, value } of fieldsIn(bytes)) {
    if (field === 1) event.wallTime = double(value as Uint8Array);
    else if (field === 2) event.step = Number(value);
    else if (field === 3) event.version = new TextDecoder().decode(value as Uint8Array);
    else if (field === 5)
      event.values = Object.fromEntries(fieldsIn(value as Uint8Array).map((each) => scalarOf(each)));
    else if (field === 7)
      event.start = fieldsIn(value as Uint8Array).some((each) => each.field === 1 && each.value === 1n);
    else throw new Error(`field ${field} of an event`);
  }
  return event;
}

function scalarOf({ value }: Field): [string, number] {
  const fields = new Map(fieldsIn(value as Uint8Array).map((each) => [each.field, each.value]));
  const number = fields.get(2) as Uint8Array;
  return [
    new TextDecoder().decode(fields.get(1) as Uint8Array),
    new DataView(number.buffer, number.byteOffset).getFloat32(0, true),
  ];
}

interface Field {
  readonly field: number;
  readonly value: bigint | Uint8Array;
}

/** Wire types: 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes. */
function fieldsIn(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const [field, wire] = [key >> 3, key & 7];
    if (wire === 0) fields.push({ field, value: varint() });
    else if (wire === 2) fields.push({ field, value: take(Number(varint())) });
    else fields.push({ field, value: take(wire === 1 ? 8 : 4) });
  }
  return fields;
}

function double(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
}

/** CRC-32C bit by bit, without a table: another road than the writer's. */
function masked(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const isOne = ((crc ^ (byte >>> bit)) & 1) === 1;
      crc = isOne ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    }
  }
  const value = ~crc >>> 0;
  return (((value >>> 15) | (value << 17)) + 0xa282ead8) >>> 0;
}
