import type { Partners } from "./brackets.ts";
import { CalledNames } from "./called-names.ts";
import { type Declarations, definedArguments, itemsOf, sideWords, statementsOf } from "./declarations.ts";
import { isBuiltIn, scalarFunctions } from "./functions.ts";
import { MatchedText } from "./matched-text.ts";
import { messages } from "./messages.ts";
import type { Scanned } from "./scan.ts";
import { endsOperand, Kind, Tokens } from "./tokens.ts";
import { findUnits, isUnitText, type UnitPlaces, unitText } from "./unit-places.ts";

/** What was decided before parsing. */
export interface Readings {
  /** The texts of units, by the value of their tokens. */
  readonly units: readonly string[];
  /** `l = 0.5 m` where `m` is a parameter: where it stands, and whether it was read as a quantity. */
  readonly ambiguous: UnitPlaces["ambiguous"];
  readonly inUnits: boolean;
  /** Names that stand before a parenthesis. */
  readonly applied: ReadonlySet<number>;
}

/** Tokens as the grammar wants them. */
export interface Prepared extends Readings {
  readonly tokens: Tokens;
}

const reservedWords: ReadonlySet<string> = new Set([
  "lagrangian",
  "constraint",
  "bracket",
  "units",
  "sample",
  "angle",
  "noise",
  "complex",
]);

export const sideKeywords = [...sideWords];

/**
 * Marks keywords, units and calls, and inserts the juxtaposition tokens.
 *
 * @param statements whether the text is a model; otherwise it is one expression
 */
export function prepare(scanned: Scanned, partners: Partners, declared: Declarations, statements: boolean): Prepared {
  const text = new MatchedText(scanned, partners, declared);
  const preparation = new Preparation(text, statements ? findUnits(text) : noUnits);
  if (statements) preparation.statements();
  else preparation.expression();
  return preparation;
}

const noUnits: UnitPlaces = { ends: new Map(), inUnits: false, ambiguous: [] };

class Preparation implements Prepared {
  readonly tokens: Tokens;
  readonly units: string[] = [];
  readonly ambiguous: UnitPlaces["ambiguous"];
  readonly inUnits: boolean;
  readonly #text: MatchedText;
  readonly #in: Tokens;
  readonly #calls: CalledNames;
  readonly #unitEnds: UnitPlaces["ends"];
  /** Whether the last bracket written is a list of its own rather than an index. */
  #afterList = false;

  constructor(text: MatchedText, places: UnitPlaces) {
    this.#text = text;
    this.#in = text.tokens;
    this.tokens = new Tokens(2 * text.tokens.length + 16);
    this.#calls = new CalledNames(text);
    this.ambiguous = places.ambiguous;
    this.inUnits = places.inUnits;
    this.#unitEnds = places.ends;
  }

  get applied(): ReadonlySet<number> {
    return this.#calls.applied;
  }

  expression(): void {
    this.#emit(0, this.#in.length);
  }

  statements(): void {
    for (const [start, end] of statementsOf(this.#in)) {
      if (this.tokens.length > 0) this.tokens.push(Kind.Separator, this.#in.start(start), this.#in.start(start));
      this.#statement(start, end);
    }
  }

  // ── statements ──────────────────────────────────────────────────────────────────────────────────────────────────

  #statement(start: number, end: number): void {
    const first = this.#keyword(start);
    let isFirst = true;
    for (const [from, to] of itemsOf(this.#in, first, end)) {
      if (!isFirst) {
        const isDecimal = this.#text.isNumber(from) && this.#text.isNumber(from - 2) && this.#in.glued(from);
        if (isDecimal && this.#in.glued(from - 1)) this.#text.fail(messages.commaInNumber(), from - 1);
        this.#copy(from - 1);
      }
      isFirst = false;
      this.#item(from, to);
    }
  }

  #copy(at: number): void {
    this.tokens.copy(this.#in, at);
  }

  /** Writes the keyword of a statement; answers where the rest begins. */
  #keyword(start: number): number {
    const word = this.#text.spelling(start);
    const next = this.#in.kind(start + 1);
    const [from, to] = [this.#in.start(start), this.#in.end(start)];
    if (reservedWords.has(word) && (next === Kind.Name || next === Kind.OpenBrace)) {
      if (!this.#text.declaresValue(start)) this.#text.fail(messages.notYet(word), start);
    }
    if (word === "pairs" && next === Kind.OpenParen && this.#isPair(start + 1)) this.tokens.push(Kind.Pairs, from, to);
    else if (word === "ring" && next === Kind.Name) this.tokens.push(Kind.Ring, from, to);
    else if (sideWords.has(word) && next === Kind.Name) {
      this.tokens.push(Kind.Side, from, to, sideKeywords.indexOf(word));
    } else return start;
    return start + 1;
  }

  #isPair(open: number): boolean {
    for (let at = open; at < this.#text.partners[open]!; at++) if (this.#in.kind(at) === Kind.Comma) return true;
    return false;
  }

  #item(start: number, end: number): void {
    const learn = this.#text.learnAt(start, end);
    const bodyEnd = learn < 0 ? end : learn;
    const isTable = this.#in.kind(start + 1) === Kind.Equals && this.#text.spelling(start + 2) === "table";
    if (isTable && this.#in.kind(start + 3) === Kind.OpenParen) this.#text.fail(messages.notYet("table"), start + 2);
    const args = definedArguments(this.#in, start, end);
    if (args) this.#calls.parameters = new Set(args.map((at) => this.#in.value(at)));
    this.#emit(start, bodyEnd);
    this.#calls.parameters = new Set();
    if (learn < 0) return;
    this.tokens.push(Kind.Learn, this.#in.start(learn), this.#in.end(learn));
    if (learn + 1 === end) return;
    this.tokens.push(Kind.In, this.#in.start(learn + 1), this.#in.end(learn + 1));
    this.#emit(learn + 2, end);
  }

  // ── expressions ─────────────────────────────────────────────────────────────────────────────────────────────────

  #emit(start: number, end: number): void {
    let at = start;
    while (at < end) {
      const unitEnd = this.#unitEnds.get(at);
      if (unitEnd !== undefined) {
        this.#unit(at, unitEnd);
        at = unitEnd;
      } else at = this.#token(at);
    }
  }

  /** Writes the tokens from `start` to `end` as one unit. */
  #unit(start: number, end: number): void {
    const unit = unitText(this.#text, start, end);
    this.tokens.push(Kind.Unit, this.#in.start(start), this.#in.end(end - 1), this.units.push(unit) - 1);
  }

  #lastKind(): Kind {
    return this.tokens.kind(this.tokens.length - 1);
  }

  /** Juxtaposition, if an operator is due. */
  #beside(at: number): void {
    if (!endsOperand(this.#lastKind())) return;
    this.tokens.push(Kind.Beside, this.#in.start(at), this.#in.start(at));
  }

  #token(at: number): number {
    switch (this.#in.kind(at)) {
      case Kind.Name:
        return this.#name(at);
      case Kind.Command:
        return this.#command(at);
      case Kind.Number:
      case Kind.Vulgar:
        if (endsOperand(this.#lastKind()) || this.#lastKind() === Kind.Function) this.#numberOnTheRight(at);
        break;
      case Kind.OpenParen:
      case Kind.OpenBar:
      case Kind.Root:
        this.#beside(at);
        break;
      case Kind.OpenBracket:
        return this.#bracket(at);
      case Kind.CloseBracket:
        this.#afterList = this.tokens.length > 0 && this.#in.value(this.#text.partners[at]!) === 0;
        break;
      case Kind.OpenBrace:
        return this.#brace(at);
      case Kind.CloseBrace:
        this.tokens.push(Kind.CloseParen, this.#in.start(at), this.#in.end(at));
        return at + 1;
      case Kind.Prime:
        return this.#text.fail(messages.strayPrime(this.#text.raw(at - 1)), at);
      case Kind.Bad:
        return this.#text.fail(this.#text.scanned.problems[this.#in.value(at)]!, at);
      default:
        break;
    }
    this.#copy(at);
    return at + 1;
  }

  #numberOnTheRight(at: number): never {
    const text = this.#text;
    const between = (from: number, to: number) =>
      text.scanned.source.slice(this.#in.start(from), this.#in.end(to)).trim();
    if (scalarFunctions.has(text.spelling(at - 1)) && !text.declaresValue(at - 1)) {
      const last = this.#in.kind(at + 1) === Kind.Name && this.#in.glued(at + 1) ? at + 1 : at;
      text.fail(messages.bareFunction(text.spelling(at - 1), "", between(at, last)), at - 1, last);
    }
    const isPower = text.isNumber(at - 1) && this.#in.kind(at - 2) === Kind.Power;
    const open = text.partners[at - 1]!;
    const before = between(isPower ? at - 3 : open >= 0 ? open : at - 1, at - 1);
    return text.fail(messages.numberOnTheRight(before, text.raw(at), isPower || text.isNumber(at - 1)), at);
  }

  #brace(at: number): number {
    if (this.#lastKind() !== Kind.Power) this.#text.fail(messages.brace(), at);
    this.tokens.push(Kind.OpenParen, this.#in.start(at), this.#in.end(at));
    return at + 1;
  }

  /** A bracket behind a number or a list is a unit, behind other operands an index, elsewhere a list. */
  #bracket(at: number): number {
    const last = this.#lastKind();
    const isUnit = last === Kind.Number || last === Kind.Vulgar || (last === Kind.CloseBracket && this.#afterList);
    const close = this.#text.partners[at]! + 1;
    if (isUnit && this.#isQuantity(at, close)) {
      this.#unit(at, close);
      return close;
    }
    const isIndex = endsOperand(last);
    this.#in.values[at] = isIndex ? 1 : 0;
    this.tokens.push(Kind.OpenBracket, this.#in.start(at), this.#in.end(at), isIndex ? 1 : 0);
    return at + 1;
  }

  #isQuantity(open: number, close: number): boolean {
    return this.#lastKind() !== Kind.CloseBracket || isUnitText(this.#text, open + 1, close - 1);
  }

  #name(at: number): number {
    const paren = this.#calls.callAt(at);
    if (paren >= 0) return this.#call(at, paren, this.#in.value(at));
    this.#beside(at);
    if (
      this.#text.raw(at) === "n" &&
      this.#in.glued(at) &&
      this.#text.isNumber(at - 1) &&
      !this.#calls.isDeclared(at)
    ) {
      this.#text.fail(messages.bigInteger(this.#text.raw(at - 1)), at - 1, at);
    }
    this.#copy(at);
    return at + 1;
  }

  /** A built-in function that nothing shadows: `\sign(q)`. */
  #command(at: number): number {
    const word = this.#text.scanned.commands[this.#in.value(at)]!;
    const paren = isBuiltIn(word) ? this.#calls.argumentsOf(at, true) : -1;
    if (paren < 0) this.#text.fail(messages.latexUnknown(word), at);
    return this.#call(at, paren, -1 - this.#in.value(at));
  }

  /** Writes a call up to its parenthesis, exclusive. */
  #call(at: number, paren: number, value: number): number {
    this.#beside(at);
    this.tokens.push(Kind.Function, this.#in.start(at), this.#in.end(at), value);
    for (let between = at + 1; between < paren; between++) {
      const kind = this.#in.kind(between);
      if (kind === Kind.OpenBracket) this.tokens.push(kind, this.#in.start(between), this.#in.end(between), 1);
      else this.#copy(between);
    }
    this.#copy(paren);
    return paren + 1;
  }
}
