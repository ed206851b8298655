import { isUnitSymbol } from "../expr/unit-names.ts";
import { itemsOf, statementsOf } from "./declarations.ts";
import type { MatchedText } from "./matched-text.ts";
import { messages } from "./messages.ts";
import { Kind } from "./tokens.ts";

/** Where a model has units, other than in brackets behind a number of a formula. */
export interface UnitPlaces {
  /** For the first token of a unit: the one behind its last. */
  readonly ends: ReadonlyMap<number, number>;
  readonly inUnits: boolean;
  /** `l = 0.5 m` where `m` is a parameter: where it stands, and whether it was read as a quantity. */
  readonly ambiguous: readonly { readonly start: number; readonly end: number; readonly quantity: boolean }[];
}

type Place = readonly [start: number, end: number];

/** Statements that long are single expressions. */
const longestDeclaration = 100_000;

/** Finds the units of declarations, `q [m]`, and behind literals, `m = 2 kg`. */
export function findUnits(text: MatchedText): UnitPlaces {
  const certain: Place[] = [];
  const undecided: Place[] = [];
  for (const [start, end] of statementsOf(text.tokens)) {
    if (end - start > longestDeclaration && text.kind(start + 1) !== Kind.Equals) continue;
    for (const [from, to] of itemsOf(text.tokens, start, end)) {
      const learn = text.learnAt(from, to);
      const bodyEnd = learn < 0 ? to : learn;
      const unit = declaredUnit(text, from, bodyEnd);
      if (unit >= 0) certain.push([unit, bodyEnd]);
      const literal = literalUnit(text, from, bodyEnd);
      if (literal >= 0) (isDeclaredText(text, literal, bodyEnd) ? undecided : certain).push([literal, bodyEnd]);
    }
  }
  const inUnits = certain.length > 0 || hasBracketedUnit(text);
  const ambiguous = undecided.map(([from, to]) => {
    return { start: text.tokens.start(from - 1), end: text.tokens.end(to - 1), quantity: inUnits };
  });
  return { ends: new Map(inUnits ? [...certain, ...undecided] : certain), inUnits, ambiguous };
}

/** Where the unit of `q [m]` or `q: [N] [m]` begins; −1 if there is none. */
function declaredUnit(text: MatchedText, start: number, end: number): number {
  if (text.kind(start) !== Kind.Name || end - start < 3) return -1;
  const next = text.kind(start + 1);
  if (next === Kind.OpenBracket && text.partners[start + 1] === end - 1) return start + 1;
  if (next !== Kind.Colon || text.kind(start + 2) !== Kind.OpenBracket) return -1;
  const unit = text.partners[start + 2]! + 1;
  return text.kind(unit) === Kind.OpenBracket && text.partners[unit] === end - 1 ? unit : -1;
}

/** Where the unit of `m = 2 kg` or `q(0) = 2 m` begins; −1 if there is none. */
function literalUnit(text: MatchedText, start: number, end: number): number {
  if (text.kind(start) !== Kind.Name || end - start < 3) return -1;
  const next = text.kind(start + 1);
  const isInitial = next === Kind.OpenParen && text.isInitial(start);
  if (next !== Kind.Equals && !isInitial) return -1;
  const unit = literalEnd(text, isInitial ? start + 5 : start + 2);
  return unit >= 0 && unit < end && isUnitText(text, unit, end) ? unit : -1;
}

/** The token behind the number, the list or the `?` that begins here; −1 if there is none. */
function literalEnd(text: MatchedText, start: number): number {
  let at = start;
  while (text.kind(at) === Kind.Minus || text.kind(at) === Kind.Plus) at += 1;
  const kind = text.kind(at);
  if (text.isNumber(at) || kind === Kind.Question) return at + 1;
  return kind === Kind.OpenBracket ? text.partners[at]! + 1 : -1;
}

/** Whether the text declares every name here, so that a unit could be a product as well. */
function isDeclaredText(text: MatchedText, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (text.kind(at) === Kind.Name && !text.declaresValue(at)) return false;
  }
  return true;
}

function hasBracketedUnit(text: MatchedText): boolean {
  for (let at = 1; at < text.tokens.length; at++) {
    if (text.kind(at) === Kind.OpenBracket && text.isNumber(at - 1)) return true;
  }
  return false;
}

const unitKinds: ReadonlySet<Kind> = new Set<Kind>([
  Kind.Number,
  Kind.Power,
  Kind.Superscript,
  Kind.Divide,
  Kind.Times,
  Kind.Dot,
  Kind.Minus,
  Kind.OpenParen,
  Kind.CloseParen,
]);

/** Whether `kg m^2/s` stands here, and nothing else. */
export function isUnitText(text: MatchedText, start: number, end: number): boolean {
  if (text.kind(start) === Kind.OpenBracket) return false;
  let names = 0;
  for (let at = start; at < end; at++) {
    const kind = text.kind(at);
    if (kind === Kind.Name || kind === Kind.Bad) {
      if (!isUnitSymbol(text.raw(at))) return false;
      names += 1;
    } else if (at === start || !unitKinds.has(kind)) return false;
  }
  return names > 0;
}

/**
 * The text of the unit that stands here, without its brackets.
 *
 * @throws HnncError `unit` (formula) for what can be told from the names: the arithmetic of units is not ours
 */
export function unitText(text: MatchedText, start: number, end: number): string {
  const written = text.scanned.source.slice(text.tokens.start(start), text.tokens.end(end - 1));
  if (text.kind(start) !== Kind.OpenBracket) return written;
  const unit = written.slice(1, -1).trim();
  const owner = text.raw(start - 1);
  if (unit === "" || unit.includes(",") || /^[0-9]+$/.test(unit)) {
    text.fail(messages.unitOrShape(owner, unit), start, end - 1);
  }
  for (let at = start + 1; at < end - 1; at++) {
    if (text.kind(at) === Kind.Name && !isUnitSymbol(text.raw(at))) {
      text.fail(messages.unknownUnit(text.raw(at), owner, unit), at);
    }
  }
  return unit;
}
