import type { Scanned } from "./scan.ts";
import { endsOperand, Kind, Tokens } from "./tokens.ts";

/**
 * Turns newlines into separators, except inside brackets and beside infix operators, where the line goes on; `where`
 * between statements becomes a separator too.
 */
export function joinLines(scanned: Scanned): Scanned {
  const { tokens, names, latex } = scanned;
  const where = names.find("where");
  if (where === undefined && !/[\n\r]/.test(scanned.source)) return scanned;
  const out = new Tokens(tokens.length + 16);
  const moved: number[] = [];
  let depth = 0;
  let marked = 0;
  for (let at = 0; at < tokens.length; at++) {
    const kind = tokens.kind(at);
    while (marked < latex.length && latex[marked]! <= at) {
      moved.push(out.length);
      marked += 1;
    }
    depth = Math.max(0, depth + depthChange(kind));
    if (kind === Kind.Newline) {
      if (depth === 0 && endsLine(out) && !continues(tokens, at))
        out.push(Kind.Separator, tokens.start(at), tokens.end(at));
    } else if (kind === Kind.Name && tokens.value(at) === where && isWhere(tokens, at)) {
      out.push(Kind.Separator, tokens.start(at), tokens.end(at));
    } else out.copy(tokens, at);
  }
  return { ...scanned, source: scanned.source, tokens: out, latex: moved };
}

function depthChange(kind: Kind): number {
  switch (kind) {
    case Kind.OpenParen:
    case Kind.OpenBracket:
    case Kind.OpenBrace:
      return 1;
    case Kind.CloseParen:
    case Kind.CloseBracket:
    case Kind.CloseBrace:
      return -1;
    default:
      return 0;
  }
}

/** Whether the tokens so far could be a whole statement: they do not end in an operator that wants an operand. */
function endsLine(out: Tokens): boolean {
  const last = out.kind(out.length - 1);
  if (last === Kind.End || last === Kind.Separator) return false;
  return endsOperand(last) || last === Kind.Bar || last === Kind.Bad || last === Kind.Question;
}

/** Whether the next line begins with an infix operator. */
function continues(tokens: Tokens, newline: number): boolean {
  let at = newline;
  while (tokens.kind(at) === Kind.Newline) at += 1;
  switch (tokens.kind(at)) {
    case Kind.Plus:
    case Kind.Minus:
    case Kind.Times:
    case Kind.Dot:
    case Kind.Cross:
    case Kind.Divide:
    case Kind.Power:
    case Kind.Equals:
    case Kind.Compare:
    case Kind.Range:
    case Kind.And:
    case Kind.Or:
    case Kind.Comma:
    case Kind.Colon:
    case Kind.Question:
    case Kind.CloseParen:
    case Kind.CloseBracket:
    case Kind.CloseBrace:
      return true;
    default:
      return false;
  }
}

/** `where` behind a whole statement and before a declaration. */
function isWhere(tokens: Tokens, at: number): boolean {
  const before = tokens.kind(at - 1);
  if (!endsOperand(before) && before !== Kind.Bar && before !== Kind.Newline) return false;
  if (at === 0 || tokens.kind(at + 1) !== Kind.Name) return tokens.kind(at + 1) === Kind.Newline && at > 0;
  const after = tokens.kind(at + 2);
  return after === Kind.Equals || after === Kind.OpenParen || after === Kind.Colon || after === Kind.OpenBracket;
}
