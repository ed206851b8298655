import { isUnitSymbol } from "../expr/unit-names.ts";
import { isBuiltIn } from "./functions.ts";
import type { LatexCursor } from "./latex-cursor.ts";
import { messages } from "./messages.ts";
import { Kind } from "./tokens.ts";

/** A letter with its digits and its subscript, of which TeX takes one character or a group. */
const letterPattern = /_?\p{L}\d*(?:_(?:\d+|\p{L}|\{[^}]*\}|\\[A-Za-z]+))?/gu;

type Part = readonly [start: number, end: number];

/** Where a name that is to be split falls into letters; the last keeps the digits and the subscript. */
export function lettersOf(cursor: LatexCursor): readonly Part[] {
  const { tokens, at } = cursor;
  const { source } = cursor.scanned;
  const [start, end] = [tokens.start(at), tokens.end(at)];
  const whole: readonly Part[] = [[start, end]];
  if (source[start] === "\\" || cursor.isDeclared(at)) return whole;
  const text = source.slice(start, end);
  if (isBuiltIn(text) || isStatementHead(cursor) || isBehindNumber(cursor, text)) return whole;
  const parts = [...text.matchAll(letterPattern)].map(({ index, 0: part }): Part => {
    return [start + index, start + index + part.length];
  });
  return parts.length < 2 ? whole : parts;
}

function isStatementHead({ tokens, at, start, scanned }: LatexCursor): boolean {
  if (at !== start) return false;
  const isPairs = scanned.names.spelling(tokens.value(at)) === "pairs" && tokens.kind(at + 1) === Kind.OpenParen;
  return isPairs || (tokens.kind(at + 1) === Kind.Name && !tokens.glued(at + 1));
}

const literalEnds: ReadonlySet<Kind> = new Set([Kind.Number, Kind.Question, Kind.CloseBracket]);

/** The unit and the `learn` of `\lambda = 0.5 kg learn in [0, 1]`. */
function isBehindNumber({ tokens, at, start }: LatexCursor, text: string): boolean {
  if (tokens.kind(start + 1) !== Kind.Equals) return false;
  let number = tokens.kind(start + 2) === Kind.Minus ? start + 3 : start + 2;
  if (tokens.kind(number) === Kind.OpenBracket) {
    while (number < at && tokens.kind(number) !== Kind.CloseBracket) number += 1;
  }
  const isNumber = literalEnds.has(tokens.kind(number));
  return isNumber && at > number && (text === "learn" || text === "in" || isUnitSymbol(text));
}

function nameAt(cursor: LatexCursor, [start, end]: Part, isWhole: boolean): number {
  if (isWhole) return cursor.tokens.value(cursor.at);
  const raw = cursor.scanned.source
    .slice(start, end)
    .replace(/\\(?:mathrm|text|rm)\b|[{}\s]/g, "")
    .replace(/\\/g, "");
  return cursor.scanned.names.intern(raw);
}

/** Writes the letters of a name. */
export function copyLetters(cursor: LatexCursor): void {
  const parts = lettersOf(cursor);
  for (const part of parts) cursor.out.push(Kind.Name, ...part, nameAt(cursor, part, parts.length === 1));
  cursor.at += 1;
}

/** Writes the first letter of a name; the rest stays to be read. */
export function takeLetter(cursor: LatexCursor): void {
  const { tokens, at } = cursor;
  const parts = lettersOf(cursor);
  const [start, end] = parts[0]!;
  cursor.out.push(Kind.Name, start, end, nameAt(cursor, [start, end], parts.length === 1));
  if (parts.length === 1) {
    cursor.at += 1;
    return;
  }
  tokens.starts[at] = end;
  tokens.values[at] = cursor.scanned.names.intern(cursor.scanned.source.slice(end, tokens.end(at)));
}

/** TeX takes one digit: `\frac12`. The rest of the number stays to be read. */
export function takeDigit(cursor: LatexCursor): void {
  const { tokens, at } = cursor;
  const { numbers, source } = cursor.scanned;
  const [start, end] = [tokens.start(at), tokens.end(at)];
  if (end - start > 1 && !/^\d+$/.test(source.slice(start, end))) cursor.fail(messages.latexArgument(), at);
  cursor.out.push(Kind.Number, start, start + 1, numbers.push(Number(source[start])) - 1);
  if (end - start === 1) {
    cursor.at += 1;
    return;
  }
  tokens.starts[at] = start + 1;
  tokens.values[at] = numbers.push(Number(source.slice(start + 1, end))) - 1;
}
