import { dataError, type Source } from "./source.ts";

/** How a text file separates its columns and writes its numbers. */
export interface Dialect {
  readonly separator: "," | ";" | "\t" | " ";
}

/** A field of a row, with whether it stood in quotes. */
export interface Place {
  readonly source: Source;
  readonly line: number;
}

/** Guesses the separator from a line that is not a comment. */
export function dialectOf(line: string): Dialect {
  const bare = line.replace(/"(?:[^"]|"")*"/g, '""');
  const separator = bare.includes(";") ? ";" : bare.includes("\t") ? "\t" : bare.includes(",") ? "," : " ";
  return { separator };
}

/**
 * Cuts a line into fields.
 *
 * @throws HnncError kind `data`, naming line and column, where quotes do not close
 */
export function cellsOf(line: string, { separator }: Dialect, place: Place): string[] {
  if (!line.includes('"')) return separator === " " ? line.trim().split(/[ \t]+/) : line.split(separator);
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    const { text, end } = line[at] === '"' ? quoted(line, at, cells.length + 1, place) : bare(line, at, separator);
    cells.push(text);
    if (end < line.length && line[end] !== separator) {
      throw cellError(place, cells.length, "bad-quotes", `\`${line[end]}\` follows a closing quote`);
    }
    at = end + 1;
  }
  return cells;
}

function quoted(line: string, start: number, column: number, place: Place): { text: string; end: number } {
  let text = "";
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] !== '"') text += line[at];
    else if (line[at + 1] === '"') text += line[at++];
    else return { text, end: at + 1 };
  }
  throw cellError(place, column, "bad-quotes", "a quote is not closed on its line");
}

function bare(line: string, start: number, separator: string): { text: string; end: number } {
  const found = line.indexOf(separator, start);
  const end = found < 0 ? line.length : found;
  return { text: line.slice(start, end), end };
}

/** An error that names the place as people count: lines and columns from 1. */
export function cellError(
  { source, line }: Place,
  column: number,
  code: string,
  message: string,
  hint?: string,
): Error {
  return dataError(source, code, `line ${line}, column ${column}: ${message}`, hint === undefined ? {} : { hint });
}

const words: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "+inf": Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  "+infinity": Number.POSITIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
};

/** A field as a number with a decimal point, or undefined. Hexadecimal, binary and octal numbers are not numbers here. */
export function numberOf(cell: string): number | undefined {
  const value = Number(cell);
  // Most fields are settled here; leading space or a letter in second place (1e5, 0x1) takes the slow way.
  if (value - value === 0 && cell.charCodeAt(0) > 32 && !(cell.charCodeAt(1) >= 65)) return value;
  const text = cell.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
  return Object.hasOwn(words, text.toLowerCase()) ? words[text.toLowerCase()] : undefined;
}

/** Whether a field is a number with a decimal comma, as in `1,5`. */
export function hasDecimalComma(cell: string): boolean {
  return /^\s*[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?\s*$/.test(cell);
}
