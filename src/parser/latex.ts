import { isBuiltIn } from "./functions.ts";
import { accentCommands, typefaceCommands, wordCommands } from "./latex-commands.ts";
import { LatexCursor } from "./latex-cursor.ts";
import { LatexFrames } from "./latex-frames.ts";
import { copyLetters, lettersOf } from "./latex-letters.ts";
import { readLatexRange } from "./latex-range.ts";
import { messages } from "./messages.ts";
import type { Scanned } from "./scan.ts";
import { endsOperand, Kind, Tokens } from "./tokens.ts";

/**
 * Rewrites the LaTeX statements of a text into plain tokens, spans kept: `\frac{a}{b}` becomes `((a)/(b))`,
 * `\sin x` becomes `sin(x)`, `\sum_{i=1}^{N} t` becomes `sum(t, i=1..N)`. Names of several letters are split unless
 * `isDeclared` knows them. Statements without LaTeX are copied.
 */
export function translateLatex(scanned: Scanned, isDeclared: (name: number) => boolean): Tokens {
  if (scanned.latex.length === 0 && scanned.commands.length === 0) return scanned.tokens;
  const out = new Tokens();
  const { tokens } = scanned;
  let start = 0;
  while (start < tokens.length) {
    let end = start;
    while (end < tokens.length && !isBoundary(tokens, end, start)) end += 1;
    if (isLatex(scanned, start, end) && !isDeclaration(tokens, start, end))
      new Translation(new LatexCursor(scanned, isDeclared, out, start, end)).run();
    else for (let at = start; at < end; at++) out.copy(tokens, at);
    if (end < tokens.length) out.copy(tokens, end);
    start = end + 1;
  }
  return out;
}

/** A separator, or a newline that an infix operator does not swallow. */
function isBoundary(tokens: Tokens, at: number, start: number): boolean {
  const kind = tokens.kind(at);
  if (kind === Kind.Separator) return true;
  return kind === Kind.Newline && at > start && endsOperand(tokens.kind(at - 1));
}

/** A LaTeX command other than a built-in function with its parenthesis (`\sign(q)` is how we print it). */
function isLatex({ tokens, latex }: Scanned, start: number, end: number): boolean {
  if (latex.some((at) => at >= start && at < end)) return true;
  for (let at = start; at < end; at++) {
    if (tokens.kind(at) === Kind.Command && tokens.kind(at + 1) !== Kind.OpenParen) return true;
  }
  return false;
}

/** `\theta [rad], p_\theta [kg m^2/s]`: brackets that declare a unit or a shape rather than group. */
function isDeclaration(tokens: Tokens, start: number, end: number): boolean {
  let at = start;
  for (; at < end; at += 1) {
    if (tokens.kind(at) !== Kind.Name) return false;
    at += tokens.kind(at + 1) === Kind.Colon ? 2 : 1;
    if (tokens.kind(at) !== Kind.OpenBracket) return false;
    while (at < end && tokens.kind(at) !== Kind.CloseBracket) at += 1;
    at += 1;
    if (at < end && tokens.kind(at) !== Kind.Comma) return false;
  }
  return true;
}

const fractions: ReadonlySet<string> = new Set(["frac", "tfrac", "dfrac"]);

/** One statement. */
class Translation {
  readonly #cursor: LatexCursor;
  readonly #frames: LatexFrames;

  constructor(cursor: LatexCursor) {
    this.#cursor = cursor;
    this.#frames = new LatexFrames(cursor);
  }

  run(): void {
    while (this.#cursor.at < this.#cursor.end) this.#step();
    this.#frames.closeSums();
    this.#frames.expectNoArgument();
  }

  #step(): void {
    const frames = this.#frames;
    const kind = this.#cursor.kind();
    if (kind === Kind.Command) return this.#command(this.#cursor.word());
    if (frames.argumentDue && kind !== Kind.Newline) return frames.argument(kind);
    if (kind === Kind.OpenParen || kind === Kind.OpenBrace || kind === Kind.OpenBracket) return frames.open(kind);
    if (kind === Kind.CloseParen || kind === Kind.CloseBrace || kind === Kind.CloseBracket) return frames.close(kind);
    if (kind === Kind.Plus || kind === Kind.Minus) frames.endTerm();
    else if (kind === Kind.Equals || kind === Kind.Comma || kind === Kind.Compare || kind === Kind.CloseBar) {
      frames.closeSums();
    }
    if (kind === Kind.Name) copyLetters(this.#cursor);
    else if (kind === Kind.Power) this.#power();
    else this.#cursor.copy();
  }

  /** An exponent is a group or one digit or letter; `x^12` without braces is x¹2 in TeX and x¹² to most people. */
  #power(): void {
    const cursor = this.#cursor;
    cursor.copy();
    const [start, end] = [cursor.tokens.start(cursor.at), cursor.tokens.end(cursor.at)];
    if (cursor.kind() === Kind.Number && end - start > 1) {
      cursor.fail(messages.latexExponent(cursor.scanned.source.slice(start, end)), cursor.at);
    }
  }

  // ── commands ────────────────────────────────────────────────────────────────────────────────────────────────────

  #command(word: string): void {
    const cursor = this.#cursor;
    const [at, end] = [cursor.tokens.start(cursor.at), cursor.tokens.end(cursor.at)];
    const wasDue = this.#frames.argumentDue;
    this.#frames.argumentDue = false;
    if (fractions.has(word)) this.#fraction(at, end);
    else if (word === "sqrt") this.#root(at, end);
    else if (word === "sum" || word === "prod") this.#sum(word, at, end);
    else if (typefaceCommands.has(word)) {
      cursor.at += 1;
      this.#frames.argumentDue = wasDue;
      this.#typeface();
    } else if ((word === "dot" || word === "ddot") && cursor.kind(1) === Kind.OpenBrace) {
      cursor.fail(messages.latexDot(word), cursor.at);
    } else if (wordCommands.has(word) || accentCommands.has(word)) this.#wordCommand(word, at, wasDue);
    else if (isBuiltIn(word)) this.#function(word, at, end);
    else cursor.fail(messages.latexUnknown(word), cursor.at);
  }

  #fraction(at: number, end: number): void {
    this.#cursor.insert([Kind.OpenParen], at, end - at);
    this.#cursor.at += 1;
    this.#frames.afterArgument([Kind.CloseParen]);
    this.#frames.afterArgument([Kind.Divide], "argument");
    this.#frames.argumentDue = true;
  }

  #root(at: number, end: number): void {
    const cursor = this.#cursor;
    cursor.at += 1;
    let degree: number | undefined;
    if (cursor.kind() === Kind.OpenBracket) {
      degree = cursor.scanned.numbers[cursor.tokens.value(cursor.at + 1)];
      const fits = cursor.kind(1) === Kind.Number && cursor.kind(2) === Kind.CloseBracket;
      if (!fits || (degree !== 2 && degree !== 3)) cursor.fail(messages.latexRoot(), cursor.at);
      cursor.at += 3;
    }
    this.#builtIn(degree === 3 ? "cbrt" : "sqrt", at, end);
    this.#frames.afterArgument([]);
    this.#frames.argumentDue = true;
  }

  #sum(word: "sum" | "prod", at: number, end: number): void {
    this.#builtIn(word, at, end);
    this.#cursor.insert([Kind.OpenParen], end);
    this.#cursor.at += 1;
    this.#frames.openSum(readLatexRange(this.#cursor));
  }

  /** `\vec{p}` is p: the braces of a typeface are dropped where they hold one name. */
  #typeface(): void {
    const cursor = this.#cursor;
    const { tokens } = cursor;
    const { source, names } = cursor.scanned;
    if (!this.#isBracedName(0)) return;
    const at = tokens.start(cursor.at);
    const spelled = names.spelling(tokens.value(cursor.at + 1));
    cursor.at += 3;
    let end = tokens.end(cursor.at - 1);
    let suffix = "";
    if (cursor.kind() === Kind.Name && source[end] === "_" && tokens.glued(cursor.at)) {
      suffix = names.spelling(tokens.value(cursor.at));
      end = tokens.end(cursor.at);
      cursor.at += 1;
    }
    cursor.out.push(Kind.Name, at, end, names.intern(`${spelled}${suffix}`));
    if (!this.#frames.argumentDue) return;
    this.#frames.argumentDue = false;
    this.#frames.wrapArgument(at);
  }

  /** `\mathrm{kin}` is one name, `\bar{x}` the name `x_bar`; with a subscript behind the brace too. */
  #wordCommand(word: string, at: number, wasDue: boolean): void {
    const cursor = this.#cursor;
    const { names } = cursor.scanned;
    if (!this.#isBracedName(1)) cursor.fail(messages.latexArgument(), cursor.at);
    const inner = names.spelling(cursor.tokens.value(cursor.at + 2));
    const end = cursor.tokens.end(cursor.at + 3);
    const spelled = accentCommands.has(word)
      ? `${inner}_${word.replace(/^wide|^over/, "").replace("line", "bar")}`
      : inner;
    cursor.at += 4;
    const next = cursor.kind();
    if (isBuiltIn(spelled) && (next === Kind.OpenParen || next === Kind.Name || next === Kind.OpenBrace)) {
      cursor.at -= 1;
      return this.#function(spelled, at, end);
    }
    cursor.out.push(Kind.Name, at, end, names.intern(spelled));
    if (wasDue) this.#frames.wrapArgument(at);
  }

  #isBracedName(ahead: number): boolean {
    const [open, name, close] = [0, 1, 2].map((k) => this.#cursor.kind(ahead + k));
    return open === Kind.OpenBrace && name === Kind.Name && close === Kind.CloseBrace;
  }

  // ── functions ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** A command token is what the grammar takes for a built-in function that nothing shadows. */
  #builtIn(name: string, at: number, end: number): void {
    this.#cursor.out.push(Kind.Command, at, end, this.#cursor.scanned.commands.push(name) - 1);
  }

  /** `\sin(x)`, `\sin{x}`, `\sin^2 x`, `\sin x`: without a bracket a function takes one factor and no more. */
  #function(name: string, at: number, end: number): void {
    const cursor = this.#cursor;
    this.#builtIn(name, at, end);
    cursor.at += 1;
    if (cursor.kind() === Kind.Power) this.#functionPower();
    else if (cursor.kind() === Kind.Superscript) cursor.copy();
    const kind = cursor.kind();
    if (kind === Kind.OpenParen) return;
    if (kind === Kind.OpenBrace) return this.#frames.open(kind);
    this.#bareArgument(name);
  }

  /** `\sin^2` or `\sin^{2}`. */
  #functionPower(): void {
    const cursor = this.#cursor;
    cursor.copy();
    const braced = cursor.kind() === Kind.OpenBrace;
    if (braced) cursor.at += 1;
    while (cursor.kind() === Kind.Minus || cursor.kind() === Kind.Number) cursor.copy();
    if (braced && cursor.kind() === Kind.CloseBrace) cursor.at += 1;
  }

  #bareArgument(name: string): void {
    const cursor = this.#cursor;
    const { tokens, out } = cursor;
    const first = cursor.kind();
    const command = first === Kind.Command ? cursor.word() : undefined;
    cursor.insert([Kind.OpenParen], tokens.start(cursor.at));
    if (command !== undefined && (fractions.has(command) || command === "sqrt")) {
      this.#frames.afterArgument([Kind.CloseParen]);
      this.#step();
      return;
    }
    if (first === Kind.Bar || first === Kind.OpenBar) cursor.fail(messages.bareFunctionArgument(name), cursor.at);
    if (first === Kind.Number) cursor.copy();
    if (cursor.kind() === Kind.Name) {
      if (lettersOf(cursor).length > 1) cursor.fail(messages.latexBareFunction(name), cursor.at);
      copyLetters(cursor);
    }
    if (out.kind(out.length - 1) === Kind.OpenParen) cursor.fail(messages.latexBareFunction(name), cursor.at);
    if (cursor.kind() === Kind.OpenBracket) this.#copyBracket();
    cursor.insert([Kind.CloseParen], tokens.end(cursor.at - 1));
    if (this.#continuesFactor()) cursor.fail(messages.latexBareFunction(name), cursor.at);
  }

  #copyBracket(): void {
    const cursor = this.#cursor;
    while (cursor.at < cursor.end && cursor.kind() !== Kind.CloseBracket) cursor.copy();
    cursor.copy();
  }

  /** Whether another factor or a power follows the bare argument of a function. */
  #continuesFactor(): boolean {
    switch (this.#cursor.kind()) {
      case Kind.Name:
      case Kind.Number:
      case Kind.OpenParen:
      case Kind.OpenBrace:
      case Kind.Power:
      case Kind.Superscript:
        return this.#cursor.at < this.#cursor.end;
      default:
        return false;
    }
  }
}
