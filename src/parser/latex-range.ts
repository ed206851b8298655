import type { LatexCursor } from "./latex-cursor.ts";
import { messages } from "./messages.ts";
import { Kind, Tokens } from "./tokens.ts";

/** Reads what a sum runs over, `_{i=1}^{N}`, as the range `i=1..N`. */
export function readLatexRange(cursor: LatexCursor): Tokens {
  const range = new Tokens();
  readLower(cursor, range);
  if (cursor.kind() === Kind.Power) readUpper(cursor, range);
  return range;
}

/** `_{i=1}`, `_{i<j}` or `_i`; the scanner leaves the underscore as a name of its own. */
function readLower(cursor: LatexCursor, range: Tokens): void {
  const { tokens, at } = cursor;
  const { source, names } = cursor.scanned;
  const start = tokens.start(at);
  if (cursor.kind() !== Kind.Name || source[start] !== "_") cursor.fail(messages.latexSum(), at - 1);
  const written = source.slice(start, tokens.end(at)).replace(/[_{}\s]/g, "");
  if (written !== "") range.push(Kind.Name, start, tokens.end(at), names.intern(written));
  cursor.at += 1;
  if (written !== "") return;
  const opened = cursor.kind() === Kind.OpenBracket || cursor.kind() === Kind.OpenBrace;
  if (!opened) cursor.fail(messages.latexSum(), cursor.at - 1);
  cursor.at += 1;
  copyUntilClose(cursor, range);
}

function readUpper(cursor: LatexCursor, range: Tokens): void {
  cursor.at += 1;
  const upper = new Tokens();
  if (cursor.kind() === Kind.OpenBrace) {
    cursor.at += 1;
    copyUntilClose(cursor, upper);
  } else {
    upper.copy(cursor.tokens, cursor.at);
    cursor.at += 1;
  }
  const at = range.end(range.length - 1);
  range.push(Kind.Range, at, at);
  for (let k = 0; k < upper.length; k++) range.copy(upper, k);
}

function copyUntilClose(cursor: LatexCursor, range: Tokens): void {
  let depth = 0;
  for (; cursor.at < cursor.end; cursor.at++) {
    const kind = cursor.kind();
    if (kind === Kind.CloseBracket || kind === Kind.CloseBrace) depth -= 1;
    if (depth < 0) break;
    if (kind === Kind.OpenBracket || kind === Kind.OpenBrace) depth += 1;
    range.copy(cursor.tokens, cursor.at);
  }
  cursor.at += 1;
}
