import { dataError, type Source } from "./source.ts";

const chunkBytes = 2 ** 20;
/** A line of numbers is shorter: 10 000 columns take 250 kB. */
const mostLineLength = 2 ** 20;

/** Lines of a UTF-8 text file by number, counted from 1; line ends and the byte order mark taken off. */
export async function* linesOf(source: Source): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let line = 1;
  for (let at = 0; at < source.size; at += chunkBytes) {
    const bytes = await source.read(at, Math.min(chunkBytes, source.size - at));
    if (at === 0) refuseOtherEncodings(source, bytes);
    rest += decode(source, decoder, bytes, at + chunkBytes < source.size);
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    if (rest.length > mostLineLength || lines.some((text) => text.length > mostLineLength)) {
      throw dataError(source, "long-line", `line ${line} or one after it is longer than ${mostLineLength} characters`);
    }
    line += lines.length;
    yield lines;
  }
  if (rest !== "") yield [rest.replace(/\r$/, "")];
}

/** Whether the last line ends as lines do; a file that was cut off usually does not. */
export async function endsWithLine(source: Source): Promise<boolean> {
  return source.size > 0 && (await source.read(source.size - 1, 1))[0] === 10;
}

function refuseOtherEncodings(source: Source, bytes: Uint8Array): void {
  const [a, b, c, d] = bytes;
  const hint = { hint: "save it as UTF-8 text" };
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw dataError(source, "not-utf-8", "it is UTF-16 text", hint);
  }
  if (a === 0x50 && b === 0x4b && c === 3 && d === 4) {
    throw dataError(source, "not-text", "it is a zip archive, perhaps a spreadsheet or an npz", hint);
  }
  if (bytes.subarray(0, 4096).includes(0)) throw dataError(source, "not-text", "it is binary, not text", hint);
}

function decode(source: Source, decoder: TextDecoder, bytes: Uint8Array, more: boolean): string {
  try {
    return decoder.decode(bytes, { stream: more });
  } catch (cause) {
    throw dataError(source, "not-utf-8", "it is not UTF-8 text", { hint: "save it as UTF-8 text", cause });
  }
}
