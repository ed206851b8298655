/**
 * Undoes the mixture of runs and packed bits in which Parquet writes small numbers.
 * Source: https://parquet.apache.org/docs/file-format/data-pages/encodings/ (RLE = 3)
 *
 * @param width bits a number, 0 to 32
 * @returns `count` numbers
 * @throws RangeError where the bytes end too early
 */
export function unpackRuns(bytes: Uint8Array, width: number, count: number): Uint32Array {
  if (width > 32) throw new RangeError(`numbers of ${width} bits`);
  const out = new Uint32Array(count);
  if (width === 0) return out;
  let at = 0;
  for (let done = 0; done < count; ) {
    const head = varint(bytes, at);
    at = head.end;
    const packed = head.value % 2 === 1;
    const length = Math.min(count - done, packed ? 8 * Math.floor(head.value / 2) : Math.floor(head.value / 2));
    if (length === 0) throw new RangeError("a run of no numbers");
    if (packed) unpackBits(bytes, at, width, out.subarray(done, done + length));
    else out.fill(little(bytes, at, Math.ceil(width / 8)), done, done + length);
    at += packed ? Math.floor(head.value / 2) * width : Math.ceil(width / 8);
    done += length;
  }
  return out;
}

function unpackBits(bytes: Uint8Array, start: number, width: number, out: Uint32Array): void {
  for (let k = 0; k < out.length; k++) {
    let value = 0;
    for (let bit = 0; bit < width; bit++) {
      const place = k * width + bit;
      const byte = bytes[start + (place >> 3)];
      if (byte === undefined) throw new RangeError("packed numbers are cut off");
      if ((byte >> (place & 7)) & 1) value += 2 ** bit;
    }
    out[k] = value;
  }
}

function varint(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start, scale = 1; scale <= 2 ** 28; at++, scale *= 128) {
    const byte = bytes[at];
    if (byte === undefined) break;
    value += (byte & 127) * scale;
    if (byte < 128) return { value, end: at + 1 };
  }
  throw new RangeError("the length of a run is damaged");
}

function little(bytes: Uint8Array, at: number, length: number): number {
  if (at + length > bytes.length) throw new RangeError("a run is cut off");
  let value = 0;
  for (let k = length - 1; k >= 0; k--) value = value * 256 + bytes[at + k]!;
  return value;
}
