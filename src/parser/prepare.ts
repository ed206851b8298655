import { isUnitSymbol } from "../expr/unit-names.ts";
import type { Partners } from "./brackets.ts";
import { type Declarations, definedArguments, itemsOf, sideWords, statementsOf } from "./declarations.ts";
import { isBuiltIn, isSpecialForm } from "./functions.ts";
import { fail, type Message, messages } from "./messages.ts";
import type { Scanned } from "./scan.ts";
import { endsOperand, Kind, Tokens } from "./tokens.ts";

/** What was decided before parsing. */
export interface Readings {
  /** The texts of units, by the value of their tokens. */
  readonly units: readonly string[];
  /** `l = 0.5 m` where `m` is a parameter: where it stands, and whether it was read as a quantity. */
  readonly ambiguous: readonly { readonly start: number; readonly end: number; readonly quantity: boolean }[];
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
  const preparation = new Preparation(scanned, partners, declared);
  preparation.run(statements);
  return preparation;
}

class Preparation implements Prepared {
  readonly tokens: Tokens;
  readonly units: string[] = [];
  readonly ambiguous: { start: number; end: number; quantity: boolean }[] = [];
  inUnits = false;
  readonly applied = new Set<number>();
  readonly #scanned: Scanned;
  readonly #in: Tokens;
  readonly #partners: Partners;
  readonly #declared: Declarations;
  /** Names that occur without a parenthesis behind them. */
  readonly #bare = new Set<number>();
  /** Arguments of the function that is being defined. */
  #local: ReadonlySet<number> = new Set();
  /** For the first token of a unit: the one behind its last. */
  readonly #unitEnds = new Map<number, number>();
  /** Whether the last bracket written is a list of its own rather than an index. */
  #afterList = false;

  constructor(scanned: Scanned, partners: Partners, declared: Declarations) {
    this.#scanned = scanned;
    this.#in = scanned.tokens;
    this.tokens = new Tokens(2 * scanned.tokens.length + 16);
    this.#partners = partners;
    this.#declared = declared;
  }

  run(statements: boolean): void {
    this.#findBareNames();
    if (!statements) {
      this.#emit(0, this.#in.length);
      return;
    }
    this.#findUnits();
    for (const [start, end] of statementsOf(this.#in)) {
      if (this.tokens.length > 0) this.tokens.push(Kind.Separator, this.#in.start(start), this.#in.start(start));
      this.#statement(start, end);
    }
  }

  #spelling(at: number): string {
    return this.#in.kind(at) === Kind.Name ? this.#scanned.names.spelling(this.#in.value(at)) : "";
  }

  #raw(at: number): string {
    return this.#scanned.source.slice(this.#in.start(at), this.#in.end(at));
  }

  #fail(message: Message, first: number, last = first): never {
    throw fail(this.#scanned.source, message, this.#in.start(first), this.#in.end(last));
  }

  #findBareNames(): void {
    for (let at = 0; at < this.#in.length; at++) {
      if (this.#in.kind(at) !== Kind.Name) continue;
      const next = this.#in.kind(at + 1);
      const isCalled = next === Kind.OpenParen || next === Kind.Prime;
      (isCalled ? this.applied : this.#bare).add(this.#in.value(at));
    }
  }

  // ── statements ──────────────────────────────────────────────────────────────────────────────────────────────────

  #statement(start: number, end: number): void {
    const first = this.#keyword(start);
    let isFirst = true;
    for (const [from, to] of itemsOf(this.#in, first, end)) {
      if (!isFirst) this.#copy(from - 1);
      isFirst = false;
      this.#item(from, to);
    }
  }

  #copy(at: number): void {
    this.tokens.copy(this.#in, at);
  }

  /** Writes the keyword of a statement; answers where the rest begins. */
  #keyword(start: number): number {
    const word = this.#spelling(start);
    const next = this.#in.kind(start + 1);
    const [from, to] = [this.#in.start(start), this.#in.end(start)];
    if (reservedWords.has(word) && (next === Kind.Name || next === Kind.OpenBrace)) {
      if (!this.#declared.values.has(this.#in.value(start))) this.#fail(messages.notYet(word), start);
    }
    if (word === "pairs" && next === Kind.OpenParen && this.#isPair(start + 1)) this.tokens.push(Kind.Pairs, from, to);
    else if (word === "ring" && next === Kind.Name) this.tokens.push(Kind.Ring, from, to);
    else if (sideWords.has(word) && next === Kind.Name) {
      this.tokens.push(Kind.Side, from, to, sideKeywords.indexOf(word));
    } else return start;
    return start + 1;
  }

  #isPair(open: number): boolean {
    for (let at = open; at < this.#partners[open]!; at++) if (this.#in.kind(at) === Kind.Comma) return true;
    return false;
  }

  #item(start: number, end: number): void {
    const learn = this.#learnAt(start, end);
    const bodyEnd = learn < 0 ? end : learn;
    const isTable = this.#in.kind(start + 1) === Kind.Equals && this.#spelling(start + 2) === "table";
    if (isTable && this.#in.kind(start + 3) === Kind.OpenParen) this.#fail(messages.notYet("table"), start + 2);
    const args = definedArguments(this.#in, start, end);
    if (args) this.#local = new Set(args.map((at) => this.#in.value(at)));
    this.#emit(start, bodyEnd);
    this.#local = new Set();
    if (learn < 0) return;
    this.tokens.push(Kind.Learn, this.#in.start(learn), this.#in.end(learn));
    if (learn + 1 === end) return;
    this.tokens.push(Kind.In, this.#in.start(learn + 1), this.#in.end(learn + 1));
    this.#emit(learn + 2, end);
  }

  /** `… learn` or `… learn in [0, 10]` at the end of a declaration. */
  #learnAt(start: number, end: number): number {
    const isLearn = (at: number) => at > start + 2 && this.#spelling(at) === "learn";
    if (isLearn(end - 1)) return end - 1;
    if (this.#in.kind(end - 1) !== Kind.CloseBracket) return -1;
    const open = this.#partners[end - 1]!;
    return this.#spelling(open - 1) === "in" && isLearn(open - 2) ? open - 2 : -1;
  }

  // ── units ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #findUnits(): void {
    const undecided: (readonly [number, number])[] = [];
    for (const [start, end] of statementsOf(this.#in)) {
      if (end - start > longestDeclaration && this.#in.kind(start + 1) !== Kind.Equals) continue;
      for (const [from, to] of itemsOf(this.#in, start, end)) {
        const learn = this.#learnAt(from, to);
        this.#findUnit(from, learn < 0 ? to : learn, undecided);
      }
    }
    this.inUnits ||= this.#hasBracketedUnit();
    for (const [from, to] of undecided) {
      this.ambiguous.push({ start: this.#in.start(from - 1), end: this.#in.end(to - 1), quantity: this.inUnits });
      if (this.inUnits) this.#unitEnds.set(from, to);
    }
  }

  #findUnit(start: number, end: number, undecided: (readonly [number, number])[]): void {
    if (this.#in.kind(start) !== Kind.Name || end - start < 3) return;
    const next = this.#in.kind(start + 1);
    if (next === Kind.OpenBracket && this.#partners[start + 1] === end - 1) return this.#declaredUnit(start + 1, end);
    if (next === Kind.Colon && this.#in.kind(start + 2) === Kind.OpenBracket) {
      const unit = this.#partners[start + 2]! + 1;
      if (this.#in.kind(unit) === Kind.OpenBracket && this.#partners[unit] === end - 1) this.#declaredUnit(unit, end);
    }
    const isInitial = next === Kind.OpenParen && this.#isInitial(start);
    if (next !== Kind.Equals && !isInitial) return;
    const unit = this.#literalEnd(isInitial ? start + 5 : start + 2);
    if (unit < 0 || unit >= end || !this.#isUnitText(unit, end)) return;
    const known = (at: number) => this.#in.kind(at) !== Kind.Name || this.#declared.values.has(this.#in.value(at));
    let allKnown = true;
    for (let at = unit; at < end; at++) allKnown &&= known(at);
    if (allKnown) undecided.push([unit, end]);
    else {
      this.inUnits = true;
      this.#unitEnds.set(unit, end);
    }
  }

  #declaredUnit(open: number, end: number): void {
    this.inUnits = true;
    this.#unitEnds.set(open, end);
  }

  /** The token behind the number, the list or the `?` that begins here; −1 if there is none. */
  #literalEnd(start: number): number {
    let at = start;
    while (this.#in.kind(at) === Kind.Minus || this.#in.kind(at) === Kind.Plus) at += 1;
    const kind = this.#in.kind(at);
    if (kind === Kind.Number || kind === Kind.Vulgar || kind === Kind.Question) return at + 1;
    return kind === Kind.OpenBracket ? this.#partners[at]! + 1 : -1;
  }

  /** Whether `kg m^2/s` stands here, and nothing else. */
  #isUnitText(start: number, end: number): boolean {
    if (this.#in.kind(start) === Kind.OpenBracket) return false;
    let names = 0;
    for (let at = start; at < end; at++) {
      const kind = this.#in.kind(at);
      if (kind === Kind.Name || kind === Kind.Bad) {
        if (!isUnitSymbol(this.#raw(at))) return false;
        names += 1;
      } else if (at === start || !unitKinds.has(kind)) return false;
    }
    return names > 0;
  }

  #hasBracketedUnit(): boolean {
    for (let at = 1; at < this.#in.length; at++) {
      if (this.#in.kind(at) === Kind.OpenBracket && this.#isNumber(at - 1)) return true;
    }
    return false;
  }

  #isNumber(at: number): boolean {
    return this.#in.kind(at) === Kind.Number || this.#in.kind(at) === Kind.Vulgar;
  }

  /** Writes the tokens from `start` to `end` as one unit. */
  #unit(start: number, end: number): void {
    const bracketed = this.#in.kind(start) === Kind.OpenBracket;
    const [from, to] = [this.#in.start(start), this.#in.end(end - 1)];
    const text = bracketed ? this.#scanned.source.slice(from + 1, to - 1).trim() : this.#scanned.source.slice(from, to);
    if (bracketed) this.#checkUnit(text, start, end);
    this.tokens.push(Kind.Unit, from, to, this.units.push(text) - 1);
  }

  /** What can be told from the names: the arithmetic of units is not ours. */
  #checkUnit(text: string, start: number, end: number): void {
    const owner = this.#raw(start - 1);
    if (text === "" || text.includes(",") || /^[0-9]+$/.test(text)) {
      this.#fail(messages.unitOrShape(owner, text), start, end - 1);
    }
    for (let at = start + 1; at < end - 1; at++) {
      if (this.#in.kind(at) === Kind.Name && !isUnitSymbol(this.#raw(at))) {
        this.#fail(messages.unknownUnit(this.#raw(at), owner, text), at);
      }
    }
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
        this.#afterList = this.tokens.length > 0 && this.#in.value(this.#partners[at]!) === 0;
        break;
      case Kind.OpenBrace:
        return this.#brace(at);
      case Kind.CloseBrace:
        this.tokens.push(Kind.CloseParen, this.#in.start(at), this.#in.end(at));
        return at + 1;
      case Kind.Prime:
        return this.#fail(messages.strayPrime(this.#raw(at - 1)), at);
      case Kind.Bad:
        return this.#fail(this.#scanned.problems[this.#in.value(at)]!, at);
      default:
        break;
    }
    this.#copy(at);
    return at + 1;
  }

  #numberOnTheRight(at: number): never {
    const last = this.tokens.length - 1;
    const before = this.#scanned.source.slice(this.tokens.start(last), this.tokens.end(last));
    this.#fail(messages.numberOnTheRight(before, this.#raw(at), this.#lastKind() === Kind.Number), at);
  }

  #brace(at: number): number {
    if (this.#lastKind() !== Kind.Power) this.#fail(messages.brace(), at);
    this.tokens.push(Kind.OpenParen, this.#in.start(at), this.#in.end(at));
    return at + 1;
  }

  /** A bracket behind a number or a list is a unit, behind other operands an index, elsewhere a list. */
  #bracket(at: number): number {
    const last = this.#lastKind();
    const isUnit = last === Kind.Number || last === Kind.Vulgar || (last === Kind.CloseBracket && this.#afterList);
    const close = this.#partners[at]! + 1;
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
    return this.#lastKind() !== Kind.CloseBracket || this.#isUnitText(open + 1, close - 1);
  }

  #name(at: number): number {
    const paren = this.#callAt(at);
    if (paren >= 0) return this.#call(at, paren, this.#in.value(at));
    this.#beside(at);
    if (this.#raw(at) === "n" && this.#in.glued(at) && this.#isNumber(at - 1) && !this.#isDeclared(at)) {
      this.#fail(messages.bigInteger(this.#raw(at - 1)), at - 1, at);
    }
    this.#copy(at);
    return at + 1;
  }

  #isDeclared(at: number): boolean {
    return this.#declared.values.has(this.#in.value(at)) || this.#local.has(this.#in.value(at));
  }

  /** A built-in function that nothing shadows: `\sign(q)`. */
  #command(at: number): number {
    const word = this.#scanned.commands[this.#in.value(at)]!;
    const paren = isBuiltIn(word) ? this.#argumentsOf(at, true) : -1;
    if (paren < 0) this.#fail(messages.latexUnknown(word), at);
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

  /** The place of the parenthesis if the name here is called; −1 otherwise. */
  #callAt(at: number): number {
    const next = this.#in.kind(at + 1);
    if (next === Kind.Prime) {
      const paren = this.#argumentsOf(at, false);
      if (paren < 0 || this.#isDeclared(at)) this.#fail(messages.strayPrime(this.#raw(at)), at + 1);
      return paren;
    }
    const builtIn = this.#isUnshadowed(at);
    if (next === Kind.OpenParen) return this.#isFunction(at, builtIn) ? at + 1 : -1;
    if (!builtIn || (next !== Kind.Power && next !== Kind.Superscript)) return -1;
    return this.#argumentsOf(at, true);
  }

  #isUnshadowed(at: number): boolean {
    const name = this.#in.value(at);
    const spelling = this.#spelling(at);
    if (!isBuiltIn(spelling) || this.#isDeclared(at) || this.#declared.functions.has(name)) return false;
    return !(isSpecialForm(spelling) && this.#bare.has(name));
  }

  #isFunction(at: number, builtIn: boolean): boolean {
    const name = this.#in.value(at);
    if (builtIn) return true;
    if (this.#isInitial(at)) return false;
    if (this.#isDeclared(at)) return false;
    return this.#declared.functions.has(name) || !this.#bare.has(name);
  }

  /** `q(0) = …` at the head of a statement. */
  #isInitial(at: number): boolean {
    const close = this.#partners[at + 1]!;
    const isHead = close === at + 3 && this.#in.kind(close + 1) === Kind.Equals && this.#raw(at + 2) === "0";
    return isHead && (at === 0 || this.#in.kind(at - 1) === Kind.Separator || this.#in.kind(at - 1) === Kind.Comma);
  }

  /** Skips primes, orders and a power behind a function's name; answers the place of the parenthesis, or −1. */
  #argumentsOf(at: number, allowPower: boolean): number {
    let next = at + 1;
    while (this.#in.kind(next) === Kind.Prime) next += 1;
    if (next > at + 1 && this.#in.kind(next) === Kind.OpenBracket) next = this.#partners[next]! + 1;
    if (allowPower && this.#in.kind(next) === Kind.Superscript) {
      if (this.#scanned.numbers[this.#in.value(next)]! < 0) this.#inverse(at, next);
      next += 1;
    } else if (allowPower && this.#in.kind(next) === Kind.Power) {
      if (this.#in.kind(next + 1) === Kind.Minus) this.#inverse(at, next + 2);
      if (this.#in.kind(next + 1) !== Kind.Number) return -1;
      next += 2;
    }
    return this.#in.kind(next) === Kind.OpenParen ? next : -1;
  }

  #inverse(at: number, last: number): never {
    this.#fail(messages.inverseFunction(this.#raw(at).replace("\\", "")), at, last);
  }
}

/** Statements that long are single expressions. */
const longestDeclaration = 100_000;

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
