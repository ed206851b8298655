/**
 * Undoes Snappy's raw format, in which pandas and Spark compress Parquet pages.
 * Source: https://github.com/google/snappy/blob/main/format_description.txt
 *
 * @param size the length that is promised elsewhere; the output has exactly this length
 * @throws RangeError where the bytes are damaged or have another length
 */
export function unsnap(bytes: Uint8Array, size: number): Uint8Array {
  let at = 0;
  let length = 0;
  for (let shift = 1; ; shift *= 128) {
    const byte = bytes[at++];
    if (byte === undefined || shift > 2 ** 28) throw new RangeError("the compressed length is damaged");
    length += (byte & 127) * shift;
    if (byte < 128) break;
  }
  if (length !== size) throw new RangeError(`a page of ${size} bytes unpacks to ${length}`);
  const out = new Uint8Array(size);
  let end = 0;
  while (at < bytes.length) {
    const tag = bytes[at++]!;
    const element = (tag & 3) === 0 ? literal(bytes, at, tag >> 2) : copy(bytes, at, tag);
    at = element.at;
    if (end + element.length > size) throw new RangeError("a page unpacks to more than it promises");
    if (element.back === 0) {
      if (at + element.length > bytes.length) throw new RangeError("a page is cut off");
      out.set(bytes.subarray(at, at + element.length), end);
      at += element.length;
    } else {
      if (element.back > end) throw new RangeError("a page refers to bytes before its beginning");
      // A copy may overlap what it makes: byte by byte, forwards.
      for (let k = 0; k < element.length; k++) out[end + k] = out[end + k - element.back]!;
    }
    end += element.length;
  }
  if (end !== size) throw new RangeError("a page is cut off");
  return out;
}

interface Element {
  readonly at: number;
  readonly length: number;
  /** How far back the bytes stand that are copied; 0 for bytes that follow. */
  readonly back: number;
}

function literal(bytes: Uint8Array, at: number, code: number): Element {
  if (code < 60) return { at, length: code + 1, back: 0 };
  const wide = code - 59;
  return { at: at + wide, length: little(bytes, at, wide) + 1, back: 0 };
}

function copy(bytes: Uint8Array, at: number, tag: number): Element {
  const wide = (tag & 3) === 3 ? 4 : tag & 3;
  const short = (tag & 3) === 1;
  const back = little(bytes, at, wide) + (short ? (tag >> 5) * 256 : 0);
  if (back === 0) throw new RangeError("a page copies from nowhere");
  return { at: at + wide, length: short ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1, back };
}

function little(bytes: Uint8Array, at: number, count: number): number {
  if (at + count > bytes.length) throw new RangeError("a page is cut off");
  let value = 0;
  for (let k = count - 1; k >= 0; k--) value = value * 256 + bytes[at + k]!;
  return value;
}
