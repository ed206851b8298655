import { fail, messages } from "./messages.ts";
import type { Scanned } from "./scan.ts";
import { endsOperand, Kind, type Tokens } from "./tokens.ts";

/** How many brackets, conditions, signs or exponents may be nested. */
export const deepest = 256;

/** For each opening bracket the place of its closing one and the other way round. */
export type Partners = Int32Array;

const closers: ReadonlyMap<Kind, Kind> = new Map([
  [Kind.OpenParen, Kind.CloseParen],
  [Kind.OpenBracket, Kind.CloseBracket],
  [Kind.OpenBrace, Kind.CloseBrace],
  [Kind.OpenBar, Kind.CloseBar],
]);

/**
 * Matches brackets and bars; a bar opens where an operand is due and closes where an operator is. The kinds of bars are
 * settled in place. Nothing nests deeper than 256.
 *
 * @throws HnncError `unbalanced` (formula), or `too-deep` (limit) where all brackets have partners
 */
export function matchBrackets(scanned: Scanned, tokens: Tokens): Partners {
  const partners = new Int32Array(tokens.length).fill(-1);
  const stack: number[] = [];
  let tooDeep = -1;
  for (let at = 0; at < tokens.length; at++) {
    if (tokens.kind(at) === Kind.Bar) settleBar(tokens, at, stack);
    const kind = tokens.kind(at);
    if (closers.has(kind)) {
      stack.push(at);
      if (stack.length > deepest && tooDeep < 0) tooDeep = at;
    } else if (isCloser(kind)) {
      const open = stack.pop();
      if (open === undefined || closers.get(tokens.kind(open)) !== kind) throw mismatch(scanned, tokens, open, at);
      partners[open] = at;
      partners[at] = open;
    } else if (kind === Kind.Separator && stack.length > 0) {
      throw mismatch(scanned, tokens, stack.at(-1), undefined);
    }
  }
  const unclosed = stack.at(-1);
  if (unclosed !== undefined) throw mismatch(scanned, tokens, unclosed, undefined);
  if (tooDeep >= 0) throw fail(scanned.source, messages.tooDeep(deepest), tokens.start(tooDeep), tokens.end(tooDeep));
  limitChains(scanned, tokens);
  return partners;
}

function isCloser(kind: Kind): boolean {
  return kind === Kind.CloseParen || kind === Kind.CloseBracket || kind === Kind.CloseBrace || kind === Kind.CloseBar;
}

function settleBar(tokens: Tokens, at: number, stack: readonly number[]): void {
  const operatorDue = endsOperand(tokens.kind(at - 1));
  const open = stack.at(-1);
  const closes = operatorDue && open !== undefined && tokens.kind(open) === Kind.OpenBar;
  tokens.kinds[at] = closes ? Kind.CloseBar : Kind.OpenBar;
}

function mismatch(scanned: Scanned, tokens: Tokens, open: number | undefined, close: number | undefined) {
  const { source } = scanned;
  const text = (at: number) => source.slice(tokens.start(at), tokens.end(at)) || "_";
  const isOr =
    open !== undefined &&
    tokens.kind(open) === Kind.OpenBar &&
    tokens.kind(open - 1) === Kind.OpenBar &&
    tokens.glued(open);
  if (isOr) return fail(source, messages.orBars(), tokens.start(open - 1), tokens.end(open));
  if (open === undefined)
    return fail(source, messages.unopened(text(close!)), tokens.start(close!), tokens.end(close!));
  if (close === undefined) return fail(source, messages.unclosed(text(open)), tokens.start(open), tokens.end(open));
  return fail(source, messages.mismatched(text(open), text(close)), tokens.start(close), tokens.end(close));
}

/** Signs, `√`, `^` and `?` nest without brackets. */
function limitChains(scanned: Scanned, tokens: Tokens): void {
  let prefixes = 0;
  let powers = 0;
  const conditions: number[] = [0];
  for (let at = 0; at < tokens.length; at++) {
    const kind = tokens.kind(at);
    const isPrefix = kind === Kind.Minus || kind === Kind.Plus || kind === Kind.Root || kind === Kind.Not;
    prefixes = isPrefix ? prefixes + 1 : 0;
    if (closers.has(kind)) conditions.push(0);
    else if (isCloser(kind)) conditions.pop();
    if (kind === Kind.Power) powers += 1;
    else if (endsOperand(tokens.kind(at - 1))) powers = 0;
    if (kind === Kind.Question) conditions[conditions.length - 1]! += 1;
    else if (kind === Kind.Comma || kind === Kind.Separator || kind === Kind.Equals)
      conditions[conditions.length - 1] = 0;
    if (prefixes > deepest || powers > deepest || conditions.at(-1)! > deepest) {
      throw fail(scanned.source, messages.tooDeep(deepest), tokens.start(at), tokens.end(at));
    }
  }
}
