import { readBackslash } from "./backslash.ts";
import { advice, blanks, subscripts, superscripts, synonyms, vulgarFractions } from "./characters.ts";
import { isBuiltIn } from "./functions.ts";
import { readLatexSubscript } from "./latex-subscript.ts";
import { fail, type Message, messages } from "./messages.ts";
import { isDotted, isNameLetter, NameTable } from "./names.ts";
import { readNumber } from "./number-literal.ts";
import { type CompareSign, compareSigns, Kind, Tokens } from "./tokens.ts";

/** A text in tokens. */
export interface Scanned {
  readonly source: string;
  readonly tokens: Tokens;
  readonly names: NameTable;
  /** The numbers of `Number`, `Vulgar` and `Superscript` tokens, by their value. */
  readonly numbers: number[];
  /** The words of `Command` tokens, by their value. */
  readonly commands: string[];
  /** What is wrong with `Bad` tokens, by their value. */
  readonly problems: Message[];
  /** Numbers of the tokens that only LaTeX has. */
  readonly latex: number[];
}

/** Longest text in UTF-16 units: a sum of a million short terms fits. */
export const longestSource = 9_000_000;

const words: ReadonlyMap<string, Kind> = new Map([
  ["and", Kind.And],
  ["or", Kind.Or],
  ["not", Kind.Not],
]);

const singles: ReadonlyMap<string, Kind> = new Map([
  ["\n", Kind.Newline],
  [";", Kind.Separator],
  ["(", Kind.OpenParen],
  [")", Kind.CloseParen],
  ["[", Kind.OpenBracket],
  ["]", Kind.CloseBracket],
  ["|", Kind.Bar],
  ["+", Kind.Plus],
  ["-", Kind.Minus],
  ["/", Kind.Divide],
  ["^", Kind.Power],
  ["·", Kind.Dot],
  ["×", Kind.Cross],
  [",", Kind.Comma],
  [":", Kind.Colon],
  ["?", Kind.Question],
  ["'", Kind.Prime],
  ["√", Kind.Root],
]);

/** Characters that have no shape, or change how their neighbours are shown. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/u;

/**
 * Splits a text into tokens. Nothing is decided here that needs a neighbour further away than the next token.
 *
 * @throws HnncError `too-long` (limit) above nine million characters; `bad-character`, `bad-number`, `reserved-name`
 */
export function scan(source: string, names: NameTable = new NameTable()): Scanned {
  if (source.length > longestSource) {
    throw fail("", messages.textTooLong(source.length, longestSource), 0, 0);
  }
  const scanner = new Scanner(source, names);
  scanner.run();
  return scanner;
}

class Scanner implements Scanned {
  readonly source: string;
  readonly tokens: Tokens;
  readonly names: NameTable;
  readonly numbers: number[] = [];
  readonly commands: string[] = [];
  readonly problems: Message[] = [];
  readonly latex: number[] = [];
  #at = 0;
  /** For each open brace, whether it is an index (`q_{i+1}`). */
  readonly #braces: boolean[] = [];

  constructor(source: string, names: NameTable) {
    this.source = source;
    this.names = names;
    this.tokens = new Tokens(source.length + 16);
  }

  run(): void {
    const { source } = this;
    if (source.charCodeAt(0) === 0xfeff) this.#at = 1;
    while (this.#at < source.length) {
      const code = source.charCodeAt(this.#at);
      if (code === 32 || code === 9) this.#at += 1;
      else if (isAsciiLetter(code) || code === 95) this.#name();
      else if (isDigit(code) || (code === 46 && isDigit(source.charCodeAt(this.#at + 1)))) this.#number();
      else this.#character();
    }
  }

  #push(kind: Kind, length: number, value = 0): void {
    this.tokens.push(kind, this.#at, this.#at + length, value);
    this.#at += length;
  }

  #bad(length: number, message: Message): void {
    this.#push(Kind.Bad, length, this.problems.push(message) - 1);
  }

  // ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #number(): void {
    const { value, length } = readNumber(this.source, this.#at);
    this.#push(Kind.Number, length, this.numbers.push(value) - 1);
  }

  // ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #name(): void {
    const start = this.#at;
    const end = this.#nameEnd(start);
    // `_{i}` after a command belongs to it; `_\theta` without a name in front belongs to nothing.
    if (end === start && this.source[end + 1] === "\\") {
      this.#bad(1, messages.badCharacter("_", "write the name that the subscript belongs to before it"));
      return;
    }
    const raw = this.source.slice(start, end);
    const word = words.get(raw);
    if (word !== undefined) this.#push(word, raw.length);
    else this.#finishName(start, end, raw);
  }

  /** Pushes the name `raw`, which so far ends at `end`, together with a subscript in braces if one follows. */
  #finishName(start: number, end: number, raw: string): void {
    const { source } = this;
    if (raw.includes("__")) throw fail(source, messages.reservedName(raw), start, end);
    const subscript = source[end] === "_" ? readLatexSubscript(source, end + 1, source[start] === "\\") : undefined;
    const whole = subscript?.word === undefined ? raw : `${raw}_${subscript.word}`;
    const wholeEnd = subscript?.word === undefined ? end : subscript.end;
    this.tokens.push(Kind.Name, start, wholeEnd, this.names.intern(whole));
    this.#at = wholeEnd;
    if (subscript && subscript.word === undefined) {
      this.#at += 1;
      this.#push(Kind.OpenBracket, 1);
      this.#braces.push(true);
    } else if (subscripts.has(source[this.#at] ?? "")) {
      this.#subscriptIndex();
    }
  }

  #nameEnd(start: number): number {
    const { source } = this;
    let at = start;
    while (at < source.length) {
      const code = source.charCodeAt(at);
      if (code === 95 && (source[at + 1] === "{" || source[at + 1] === "\\")) break;
      if (isAsciiLetter(code) || isDigit(code) || code === 95) at += 1;
      else if (code < 128) break;
      else {
        const char = String.fromCodePoint(source.codePointAt(at)!);
        if (subscripts.has(char)) {
          const end = subscriptEnd(source, at);
          if (/[₊₋]/.test(source.slice(at, end))) break;
          at = end;
        } else if (isNameLetter(char)) at += char.length;
        else break;
      }
    }
    return at;
  }

  /** `qᵢ₊₁` is `q[i+1]`. */
  #subscriptIndex(): void {
    const end = subscriptEnd(this.source, this.#at);
    this.#push(Kind.OpenBracket, 0);
    while (this.#at < end) {
      const char = subscripts.get(this.source[this.#at]!)!;
      if (char === "+" || char === "-") this.#push(char === "+" ? Kind.Plus : Kind.Minus, 1);
      else if (/\d/.test(char)) this.#subscriptNumber(end);
      else this.#push(Kind.Name, 1, this.names.intern(char));
    }
    this.#push(Kind.CloseBracket, 0);
  }

  #subscriptNumber(end: number): void {
    let digits = "";
    for (let at = this.#at; at < end && /\d/.test(subscripts.get(this.source[at]!)!); at++) {
      digits += subscripts.get(this.source[at]!)!;
    }
    this.#push(Kind.Number, digits.length, this.numbers.push(Number(digits)) - 1);
  }

  // ── everything else ─────────────────────────────────────────────────────────────────────────────────────────────

  #character(): void {
    const { source } = this;
    const char = String.fromCodePoint(source.codePointAt(this.#at)!);
    if (char === "\r" || blanks.has(char)) {
      if (char === "\r" && source[this.#at + 1] !== "\n") this.#push(Kind.Newline, 1);
      else this.#at += 1;
    } else if (char === "#") this.#comment();
    else if (char === "\\") this.#backslash();
    else if (this.#operator(char)) return;
    else if (vulgarFractions.has(char)) {
      const [above, below] = vulgarFractions.get(char)!;
      this.#push(Kind.Vulgar, char.length, this.numbers.push(above / below) - 1);
    } else if (superscripts.has(char)) this.#superscript();
    else if (isNameLetter(char)) this.#name();
    else if (char === "$" && source[this.#at + 1] !== "{" && /\\[a-zA-Z]/.test(source)) this.#at += 1;
    else this.#unknown(char);
  }

  #comment(): void {
    const end = this.source.indexOf("\n", this.#at);
    this.#at = end < 0 ? this.source.length : end;
  }

  #operator(char: string): boolean {
    const text = synonyms.get(char) ?? char;
    const next = this.source[this.#at + char.length] ?? "";
    const length = char.length;
    if (text === "*") this.#push(next === "*" ? Kind.Power : Kind.Times, next === "*" ? 2 : length);
    else if (text === "{" || text === "}") this.#brace(text);
    else if (text === ".") this.#dots();
    else if (/^[<>=!]/.test(text)) return this.#comparison(text, next, length);
    else {
      const kind = singles.get(text);
      if (kind === undefined) return false;
      if (kind === Kind.Colon && next === "=") this.#bad(2, messages.assignment());
      else this.#push(kind, length);
    }
    return true;
  }

  #comparison(text: string, next: string, length: number): boolean {
    const wide = text.length === 1 && next === "=";
    const sign = wide ? `${text}=` : text;
    const taken = wide ? length + 1 : length;
    if (sign === "=") this.#push(Kind.Equals, taken);
    else if (compareSigns.includes(sign as CompareSign)) {
      this.#push(Kind.Compare, taken, compareSigns.indexOf(sign as CompareSign));
    } else return false;
    return true;
  }

  #dots(): void {
    const { source } = this;
    if (source.startsWith("...", this.#at)) this.#bad(3, messages.badCharacter("...", advice.get("…")!));
    else if (source.startsWith("..", this.#at)) this.#push(Kind.Range, 2);
    else this.#bad(1, messages.strayDot());
  }

  #brace(text: string): void {
    if (text === "{") {
      this.#braces.push(false);
      this.#push(Kind.OpenBrace, 1);
    } else this.#push(this.#braces.pop() ? Kind.CloseBracket : Kind.CloseBrace, 1);
  }

  #superscript(): void {
    let text = "";
    let at = this.#at;
    for (; superscripts.has(this.source[at] ?? ""); at++) text += superscripts.get(this.source[at]!)!;
    if (/^[+-]?\d+$/.test(text)) {
      this.#push(Kind.Superscript, at - this.#at, this.numbers.push(Number(text)) - 1);
    } else this.#bad(at - this.#at, messages.badSuperscript(this.source.slice(this.#at, at)));
  }

  #unknown(char: string): void {
    const code = char.codePointAt(0)!;
    const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    if (unseen.test(char)) throw fail(this.source, messages.unseenCharacter(name), this.#at, this.#at + char.length);
    const hint = advice.get(char);
    if (hint !== undefined) this.#bad(char.length, messages.badCharacter(char, hint));
    else if (isDotted(char)) this.#bad(char.length, messages.accent(name));
    else if (/\p{L}/u.test(char)) this.#bad(char.length, messages.foreignLetter(char, name));
    else if (/\p{M}/u.test(char)) this.#bad(char.length, messages.accent(name));
    else this.#bad(char.length, messages.badCharacter(char, undefined, name));
  }

  // ── LaTeX ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #backslash(): void {
    const start = this.#at;
    const read = readBackslash(this.source, start);
    const { length, word } = read;
    if (word !== undefined && !isBuiltIn(word)) this.latex.push(this.tokens.length);
    switch (read.kind) {
      case "letter":
        return this.#finishName(start, start + length, read.name);
      case "token":
        return this.#push(read.token, length, read.value);
      case "brace":
        if (read.token === Kind.OpenBrace) this.#braces.push(false);
        else this.#braces.pop();
        return this.#push(read.token, length);
      case "command":
        return this.#push(Kind.Command, length, this.commands.push(read.word) - 1);
      case "blank":
        this.#at += length;
        return;
      case "bad":
        return this.#bad(length, read.message);
    }
  }
}

function isAsciiLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function subscriptEnd(source: string, start: number): number {
  let at = start;
  while (subscripts.has(source[at] ?? "")) at += 1;
  return at;
}
