import { isBuiltIn } from "./functions.ts";
import { accentCommands, typefaceCommands, wordCommands } from "./latex-commands.ts";
import { fail, messages } from "./messages.ts";
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
    const translation = new Translation(scanned, isDeclared, out, start, end);
    if (translation.isLatex()) translation.run();
    else translation.copyPlain();
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

/** A letter with its digits and its subscript, of which TeX takes one character or a group. */
const letterPattern = /_?\p{L}\d*(?:_(?:\d+|\p{L}|\{[^}]*\}|\\[A-Za-z]+))?/gu;

/** What is to be done when the argument that is being read ends. */
type Frame =
  | { readonly kind: "group"; readonly close: Kind; readonly span: readonly [number, number] }
  | { readonly kind: "then"; readonly push: readonly Kind[]; readonly next?: "argument"; readonly at: number }
  /** The body of a sum: lasts until the term ends; then the range is written. */
  | { readonly kind: "sum"; readonly range: Tokens; readonly at: number };

class Translation {
  readonly #scanned: Scanned;
  readonly #tokens: Tokens;
  readonly #isDeclared: (name: number) => boolean;
  #out: Tokens;
  readonly #start: number;
  readonly #end: number;
  #at: number;
  readonly #frames: Frame[] = [];
  /** Whether the next operand is the argument of a command, to be bracketed. */
  #argumentDue = false;

  constructor(scanned: Scanned, isDeclared: (name: number) => boolean, out: Tokens, start: number, end: number) {
    this.#scanned = scanned;
    this.#tokens = scanned.tokens;
    this.#isDeclared = isDeclared;
    this.#out = out;
    this.#start = start;
    this.#end = end;
    this.#at = start;
  }

  /** A LaTeX command other than a built-in function with its parenthesis (`\sign(q)` is how we print it). */
  isLatex(): boolean {
    if (this.#scanned.latex.some((at) => at >= this.#start && at < this.#end)) return true;
    for (let at = this.#start; at < this.#end; at++) {
      if (this.#tokens.kind(at) === Kind.Command && this.#tokens.kind(at + 1) !== Kind.OpenParen) return true;
    }
    return false;
  }

  copyPlain(): void {
    for (let at = this.#start; at < this.#end; at++) this.#out.copy(this.#tokens, at);
  }

  run(): void {
    while (this.#at < this.#end) this.#step();
    this.#closeSums();
    this.#expectNoArgument();
  }

  #step(): void {
    const kind = this.#tokens.kind(this.#at);
    if (kind === Kind.Command) return this.#command(this.#word());
    if (this.#argumentDue && kind !== Kind.Newline) return this.#argument(kind);
    if (kind === Kind.OpenParen || kind === Kind.OpenBrace || kind === Kind.OpenBracket) return this.#open(kind);
    if (kind === Kind.CloseParen || kind === Kind.CloseBrace || kind === Kind.CloseBracket) return this.#close(kind);
    if (kind === Kind.Plus || kind === Kind.Minus) this.#endTerm();
    else if (kind === Kind.Equals || kind === Kind.Comma || kind === Kind.Compare || kind === Kind.CloseBar) {
      this.#closeSums();
    }
    if (kind === Kind.Name) this.#letters();
    else if (kind === Kind.Power) this.#power();
    else this.#copy();
  }

  #copy(): void {
    this.#out.copy(this.#tokens, this.#at);
    this.#at += 1;
  }

  #word(): string {
    return this.#scanned.commands[this.#tokens.value(this.#at)]!;
  }

  /** Writes tokens that no character of the source stands for. */
  #insert(kinds: readonly Kind[], at: number, length = 0): void {
    for (const kind of kinds) this.#out.push(kind, at, at + length);
  }

  #fail(message: ReturnType<typeof messages.latexUnsupported>, at: number): never {
    const last = Math.min(at, this.#tokens.length - 1);
    throw fail(this.#scanned.source, message, this.#tokens.start(last), this.#tokens.end(last));
  }

  // ── groups ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #open(kind: Kind): void {
    const span = [this.#tokens.start(this.#at), this.#tokens.end(this.#at)] as const;
    const index = kind === Kind.OpenBracket && this.#isIndex();
    this.#out.push(index ? Kind.OpenBracket : Kind.OpenParen, span[0], span[1]);
    this.#frames.push({ kind: "group", close: index ? Kind.CloseBracket : Kind.CloseParen, span });
    this.#at += 1;
  }

  /** `q_{i+1}` was scanned as an index; any other bracket groups. */
  #isIndex(): boolean {
    const at = this.#at;
    return this.#scanned.source[this.#tokens.start(at)] !== "[" || /\d|\w\s*\[$/.test(this.#before());
  }

  #before(): string {
    const start = this.#tokens.start(this.#at);
    return this.#isDeclared(this.#tokens.value(this.#at - 1)) ? this.#scanned.source.slice(start - 1, start + 1) : "";
  }

  #close(kind: Kind): void {
    this.#closeSums();
    const frame = this.#frames.at(-1);
    if (frame?.kind !== "group") {
      this.#out.push(
        kind === Kind.CloseBrace ? Kind.CloseParen : kind,
        this.#tokens.start(this.#at),
        this.#tokens.end(this.#at),
      );
      this.#at += 1;
      return;
    }
    this.#frames.pop();
    this.#out.push(frame.close, this.#tokens.start(this.#at), this.#tokens.end(this.#at));
    this.#at += 1;
    this.#finishArguments();
  }

  // ── arguments ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** One argument: a group in braces, or a single letter or digit. */
  #argument(kind: Kind): void {
    this.#argumentDue = false;
    if (kind === Kind.OpenBrace) return this.#open(kind);
    const start = this.#tokens.start(this.#at);
    if (kind === Kind.Number) this.#digit();
    else if (kind === Kind.Name) this.#firstLetter();
    else this.#fail(messages.latexArgument(), this.#at);
    this.#wrap(start);
    this.#finishArguments();
  }

  /** Puts parentheses around the token just written. */
  #wrap(start: number): void {
    const out = this.#out;
    const last = out.length - 1;
    const [kind, end, value] = [out.kind(last), out.end(last), out.value(last)];
    out.length = last;
    out.push(Kind.OpenParen, start, start);
    out.push(kind, start, end, value);
    out.push(Kind.CloseParen, end, end);
  }

  /** TeX takes one digit: `\frac12`. The rest of the number stays to be read. */
  #digit(): void {
    const { tokens, numbers, source } = { ...this.#scanned, tokens: this.#tokens };
    const start = tokens.start(this.#at);
    const end = tokens.end(this.#at);
    this.#out.push(Kind.Number, start, start + 1, numbers.push(Number(source[start])) - 1);
    if (end - start === 1) {
      this.#at += 1;
      return;
    }
    tokens.starts[this.#at] = start + 1;
    tokens.values[this.#at] = numbers.push(Number(source.slice(start + 1, end))) - 1;
  }

  #firstLetter(): void {
    const parts = this.#parts(this.#at);
    const [start, end] = parts[0]!;
    this.#out.push(Kind.Name, start, end, this.#nameAt(start, end, parts.length === 1));
    if (parts.length === 1) {
      this.#at += 1;
      return;
    }
    this.#tokens.starts[this.#at] = end;
    this.#tokens.values[this.#at] = this.#scanned.names.intern(
      this.#scanned.source.slice(end, this.#tokens.end(this.#at)),
    );
  }

  #finishArguments(): void {
    let frame = this.#frames.at(-1);
    while (frame?.kind === "then") {
      this.#frames.pop();
      const at = this.#out.end(this.#out.length - 1);
      this.#insert(frame.push, at);
      if (frame.next) {
        this.#argumentDue = true;
        return;
      }
      frame = this.#frames.at(-1);
    }
  }

  #expectNoArgument(): void {
    if (this.#argumentDue || this.#frames.some((frame) => frame.kind === "then")) {
      this.#fail(messages.latexArgument(), this.#end - 1);
    }
  }

  // ── commands ────────────────────────────────────────────────────────────────────────────────────────────────────

  #command(word: string): void {
    const at = this.#tokens.start(this.#at);
    const end = this.#tokens.end(this.#at);
    const wasDue = this.#argumentDue;
    this.#argumentDue = false;
    if (word === "frac" || word === "tfrac" || word === "dfrac") {
      this.#insert([Kind.OpenParen], at, end - at);
      this.#at += 1;
      this.#frames.push({ kind: "then", push: [Kind.CloseParen], at });
      this.#frames.push({ kind: "then", push: [Kind.Divide], next: "argument", at });
      this.#argumentDue = true;
    } else if (word === "sqrt") this.#root(at, end);
    else if (word === "sum" || word === "prod") this.#sum(word, at, end);
    else if (typefaceCommands.has(word)) {
      this.#at += 1;
      this.#argumentDue = wasDue;
      this.#typeface();
    } else if ((word === "dot" || word === "ddot") && this.#tokens.kind(this.#at + 1) === Kind.OpenBrace) {
      this.#fail(messages.latexDot(word), this.#at);
    } else if (wordCommands.has(word) || accentCommands.has(word)) this.#wordCommand(word, at, wasDue);
    else if (isBuiltIn(word)) this.#function(word, at, end);
    else this.#fail(messages.latexUnknown(word), this.#at);
  }

  /** `\vec{p}` is p: the braces of a typeface are dropped where they hold one name. */
  #typeface(): void {
    const [open, name, close] = [0, 1, 2].map((ahead) => this.#tokens.kind(this.#at + ahead));
    if (open !== Kind.OpenBrace || name !== Kind.Name || close !== Kind.CloseBrace) return;
    const { source, names } = this.#scanned;
    const at = this.#tokens.start(this.#at);
    const spelled = names.spelling(this.#tokens.value(this.#at + 1));
    this.#at += 3;
    let end = this.#tokens.end(this.#at - 1);
    let suffix = "";
    if (this.#tokens.kind(this.#at) === Kind.Name && source[end] === "_" && this.#tokens.glued(this.#at)) {
      suffix = names.spelling(this.#tokens.value(this.#at));
      end = this.#tokens.end(this.#at);
      this.#at += 1;
    }
    this.#out.push(Kind.Name, at, end, names.intern(`${spelled}${suffix}`));
    if (!this.#argumentDue) return;
    this.#argumentDue = false;
    this.#wrap(at);
    this.#finishArguments();
  }

  /** `\mathrm{kin}` is one name, `\bar{x}` the name `x_bar`; with a subscript behind the brace too. */
  #wordCommand(word: string, at: number, wasDue: boolean): void {
    const { names } = this.#scanned;
    const [open, name, close] = [1, 2, 3].map((ahead) => this.#tokens.kind(this.#at + ahead));
    if (open !== Kind.OpenBrace || name !== Kind.Name || close !== Kind.CloseBrace) {
      this.#fail(messages.latexArgument(), this.#at);
    }
    const inner = names.spelling(this.#tokens.value(this.#at + 2));
    const end = this.#tokens.end(this.#at + 3);
    const spelled = accentCommands.has(word)
      ? `${inner}_${word.replace(/^wide|^over/, "").replace("line", "bar")}`
      : inner;
    this.#at += 4;
    const next = this.#tokens.kind(this.#at);
    if (isBuiltIn(spelled) && (next === Kind.OpenParen || next === Kind.Name || next === Kind.OpenBrace)) {
      this.#at -= 1;
      return this.#function(spelled, at, end);
    }
    this.#out.push(Kind.Name, at, end, names.intern(spelled));
    if (wasDue) {
      this.#wrap(at);
      this.#finishArguments();
    }
  }

  #root(at: number, end: number): void {
    this.#at += 1;
    let degree: number | undefined;
    if (this.#tokens.kind(this.#at) === Kind.OpenBracket) {
      degree = this.#scanned.numbers[this.#tokens.value(this.#at + 1)];
      const fits =
        this.#tokens.kind(this.#at + 1) === Kind.Number && this.#tokens.kind(this.#at + 2) === Kind.CloseBracket;
      if (!fits || (degree !== 2 && degree !== 3)) this.#fail(messages.latexRoot(), this.#at);
      this.#at += 3;
    }
    this.#builtIn(degree === 3 ? "cbrt" : "sqrt", at, end);
    this.#frames.push({ kind: "then", push: [], at });
    this.#argumentDue = true;
  }

  /** A command token is what the grammar takes for a built-in function that nothing shadows. */
  #builtIn(name: string, at: number, end: number): void {
    this.#out.push(Kind.Command, at, end, this.#scanned.commands.push(name) - 1);
  }

  /** `\sin(x)`, `\sin{x}`, `\sin^2 x`, `\sin x`: without a bracket a function takes one factor and no more. */
  #function(name: string, at: number, end: number): void {
    this.#builtIn(name, at, end);
    this.#at += 1;
    if (this.#tokens.kind(this.#at) === Kind.Power) this.#functionPower();
    else if (this.#tokens.kind(this.#at) === Kind.Superscript) this.#copy();
    const kind = this.#tokens.kind(this.#at);
    if (kind === Kind.OpenParen) return;
    if (kind === Kind.OpenBrace) return this.#open(kind);
    this.#bareArgument(name, at);
  }

  /** `\sin^2` or `\sin^{2}`. */
  #functionPower(): void {
    this.#copy();
    const braced = this.#tokens.kind(this.#at) === Kind.OpenBrace;
    if (braced) this.#at += 1;
    while (this.#tokens.kind(this.#at) === Kind.Minus || this.#tokens.kind(this.#at) === Kind.Number) this.#copy();
    if (braced && this.#tokens.kind(this.#at) === Kind.CloseBrace) this.#at += 1;
  }

  #bareArgument(name: string, at: number): void {
    const out = this.#out;
    const first = this.#tokens.kind(this.#at);
    const command = first === Kind.Command ? this.#word() : undefined;
    out.push(Kind.OpenParen, this.#tokens.start(this.#at), this.#tokens.start(this.#at));
    if (command === "frac" || command === "dfrac" || command === "tfrac" || command === "sqrt") {
      this.#frames.push({ kind: "then", push: [Kind.CloseParen], at });
      this.#step();
      return;
    }
    if (first === Kind.Bar || first === Kind.OpenBar) this.#fail(messages.bareFunctionArgument(name), this.#at);
    if (first === Kind.Number) this.#copy();
    const before = out.length;
    if (this.#tokens.kind(this.#at) === Kind.Name) {
      const parts = this.#parts(this.#at);
      const counted = out.kind(before - 1) === Kind.Number ? 2 : 1;
      if (parts.length > 1 || counted > 2) this.#fail(messages.latexBareFunction(name), this.#at);
      this.#letters();
    }
    if (out.kind(out.length - 1) === Kind.OpenParen) this.#fail(messages.latexBareFunction(name), this.#at);
    if (this.#tokens.kind(this.#at) === Kind.OpenBracket) this.#copyBracket();
    out.push(Kind.CloseParen, this.#tokens.end(this.#at - 1), this.#tokens.end(this.#at - 1));
    if (this.#continuesFactor()) this.#fail(messages.latexBareFunction(name), this.#at);
  }

  #copyBracket(): void {
    while (this.#at < this.#end && this.#tokens.kind(this.#at) !== Kind.CloseBracket) this.#copy();
    this.#copy();
  }

  /** Whether another factor or a power follows the bare argument of a function. */
  #continuesFactor(): boolean {
    switch (this.#tokens.kind(this.#at)) {
      case Kind.Name:
      case Kind.Number:
      case Kind.OpenParen:
      case Kind.OpenBrace:
      case Kind.Power:
      case Kind.Superscript:
        return this.#at < this.#end;
      default:
        return false;
    }
  }

  // ── letters and exponents ───────────────────────────────────────────────────────────────────────────────────────

  /** Where a name that is to be split falls into letters; the last keeps the digits and the subscript. */
  #parts(at: number): readonly (readonly [number, number])[] {
    const { source } = this.#scanned;
    const [start, end] = [this.#tokens.start(at), this.#tokens.end(at)];
    const whole = [[start, end]] as const;
    if (source[start] === "\\" || this.#isDeclared(this.#tokens.value(at))) return whole;
    const text = source.slice(start, end);
    if (isBuiltIn(text) || this.#isStatementHead(at)) return whole;
    const parts: [number, number][] = [];
    for (const { index, 0: part } of text.matchAll(letterPattern))
      parts.push([start + index, start + index + part.length]);
    return parts.length < 2 ? whole : parts;
  }

  #isStatementHead(at: number): boolean {
    return at === this.#start && this.#tokens.kind(at + 1) === Kind.Name && !this.#tokens.glued(at + 1);
  }

  #nameAt(start: number, end: number, isWhole: boolean): number {
    if (isWhole) return this.#tokens.value(this.#at);
    const raw = this.#scanned.source
      .slice(start, end)
      .replace(/\\(?:mathrm|text|rm)\b|[{}\s]/g, "")
      .replace(/\\/g, "");
    return this.#scanned.names.intern(raw);
  }

  #letters(): void {
    const parts = this.#parts(this.#at);
    for (const [start, end] of parts) {
      this.#out.push(Kind.Name, start, end, this.#nameAt(start, end, parts.length === 1));
    }
    this.#at += 1;
  }

  /** An exponent is a group or one digit or letter; `x^12` without braces is x¹2 in TeX and x¹² to most people. */
  #power(): void {
    this.#copy();
    const kind = this.#tokens.kind(this.#at);
    if (kind === Kind.Number && this.#tokens.end(this.#at) - this.#tokens.start(this.#at) > 1) {
      const digits = this.#scanned.source.slice(this.#tokens.start(this.#at), this.#tokens.end(this.#at));
      this.#fail(messages.latexExponent(digits), this.#at);
    }
  }

  // ── sums ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #sum(word: "sum" | "prod", at: number, end: number): void {
    this.#builtIn(word, at, end);
    this.#out.push(Kind.OpenParen, end, end);
    this.#at += 1;
    const range = new Tokens();
    this.#sumLower(range);
    if (this.#tokens.kind(this.#at) === Kind.Power) this.#sumUpper(range);
    this.#frames.push({ kind: "sum", range, at });
  }

  /** `_{i=1}`, `_{i<j}` or `_i`; the scanner leaves the underscore as a name of its own. */
  #sumLower(range: Tokens): void {
    const tokens = this.#tokens;
    const { source, names } = this.#scanned;
    const start = tokens.start(this.#at);
    if (tokens.kind(this.#at) !== Kind.Name || source[start] !== "_") this.#fail(messages.latexSum(), this.#at - 1);
    const written = source.slice(start, tokens.end(this.#at)).replace(/[_{}\s]/g, "");
    if (written !== "") range.push(Kind.Name, start, tokens.end(this.#at), names.intern(written));
    this.#at += 1;
    if (written !== "") return;
    const opened = tokens.kind(this.#at) === Kind.OpenBracket || tokens.kind(this.#at) === Kind.OpenBrace;
    if (!opened) this.#fail(messages.latexSum(), this.#at - 1);
    this.#at += 1;
    this.#copyUntilClose(range);
  }

  #copyUntilClose(range: Tokens): void {
    let depth = 0;
    for (; this.#at < this.#end; this.#at++) {
      const kind = this.#tokens.kind(this.#at);
      if (kind === Kind.CloseBracket || kind === Kind.CloseBrace) depth -= 1;
      if (depth < 0) break;
      if (kind === Kind.OpenBracket || kind === Kind.OpenBrace) depth += 1;
      range.copy(this.#tokens, this.#at);
    }
    this.#at += 1;
  }

  #sumUpper(range: Tokens): void {
    this.#at += 1;
    const upper = new Tokens();
    if (this.#tokens.kind(this.#at) === Kind.OpenBrace) {
      this.#at += 1;
      this.#copyUntilClose(upper);
    } else {
      upper.copy(this.#tokens, this.#at);
      this.#at += 1;
    }
    const at = range.end(range.length - 1);
    range.push(Kind.Range, at, at);
    for (let k = 0; k < upper.length; k++) range.copy(upper, k);
  }

  /** A sum reaches to the end of its term. */
  #endTerm(): void {
    if (endsOperand(this.#out.kind(this.#out.length - 1))) this.#closeSums();
  }

  #closeSums(): void {
    let frame = this.#frames.at(-1);
    while (frame?.kind === "sum") {
      this.#frames.pop();
      const at = this.#out.end(this.#out.length - 1);
      this.#out.push(Kind.Comma, at, at);
      for (let k = 0; k < frame.range.length; k++) this.#out.copy(frame.range, k);
      this.#out.push(Kind.CloseParen, at, at);
      frame = this.#frames.at(-1);
    }
  }
}
