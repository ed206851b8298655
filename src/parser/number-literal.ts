import { fail, messages } from "./messages.ts";

const numberPattern = /(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const otherBase = /0(?:[xX][0-9a-fA-F]|[bB][01]|[oO][0-7])[0-9a-fA-F]*/y;

/**
 * Reads the decimal number that begins at `start`.
 *
 * @throws HnncError `bad-number` (formula)
 */
export function readNumber(source: string, start: number): { readonly value: number; readonly length: number } {
  otherBase.lastIndex = start;
  const foreign = otherBase.exec(source);
  if (foreign) throw fail(source, messages.foreignNumber(foreign[0]), start, start + foreign[0].length);
  numberPattern.lastIndex = start;
  const text = numberPattern.exec(source)![0];
  const value = Number(text);
  const end = start + text.length;
  const isGrouped =
    /^\d{3}$/.test(text) && /(?:^|[^\w.])\d{1,3}(?:,\d{3})*,$/.test(source.slice(Math.max(0, start - 40), start));
  if (isGrouped && /^0\d/.test(text)) throw fail(source, messages.commaInNumber(), start - 1, end);
  if (/^0\d/.test(text)) throw fail(source, messages.leadingZero(text), start, end);
  if (!Number.isFinite(value)) throw fail(source, messages.numberTooLarge(text), start, end);
  if (value === 0 && /^[^eE]*[1-9]/.test(text)) throw fail(source, messages.numberTooSmall(text), start, end);
  if (source[end] === "_") throw fail(source, messages.groupedDigits(text), start, end + 1);
  return { value, length: text.length };
}
