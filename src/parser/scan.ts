import { advice, blanks, greekNames, subscripts, superscripts, synonyms, vulgarFractions } from "./characters.ts";
import { isBuiltIn } from "./functions.ts";
import { commandTokens, ignoredCommands, letterCommands } from "./latex-commands.ts";
import { fail, type Message, messages } from "./messages.ts";
import { isNameLetter, NameTable } from "./names.ts";
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

const numberPattern = /(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const otherBase = /0(?:[xX][0-9a-fA-F]|[bB][01]|[oO][0-7])[0-9a-fA-F]*/y;
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
    const { source } = this;
    otherBase.lastIndex = this.#at;
    const foreign = otherBase.exec(source);
    if (foreign) throw fail(source, messages.foreignNumber(foreign[0]), this.#at, this.#at + foreign[0].length);
    numberPattern.lastIndex = this.#at;
    const text = numberPattern.exec(source)![0];
    const value = Number(text);
    const end = this.#at + text.length;
    if (/^0\d/.test(text)) throw fail(source, messages.leadingZero(text), this.#at, end);
    if (!Number.isFinite(value)) throw fail(source, messages.numberTooLarge(text), this.#at, end);
    if (value === 0 && /^[^eE]*[1-9]/.test(text)) throw fail(source, messages.numberTooSmall(text), this.#at, end);
    if (source[end] === "_") throw fail(source, messages.groupedDigits(text), this.#at, end + 1);
    this.#push(Kind.Number, text.length, this.numbers.push(value) - 1);
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
    const subscript = source[end] === "_" ? readSubscript(source, end + 1, source[start] === "\\") : undefined;
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
    else if (/\p{L}/u.test(char)) this.#bad(char.length, messages.foreignLetter(char, name));
    else if (/\p{M}/u.test(char)) this.#bad(char.length, messages.accent(name));
    else this.#bad(char.length, messages.badCharacter(char, undefined, name));
  }

  // ── LaTeX ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #backslash(): void {
    const { source } = this;
    const start = this.#at;
    const word = /^[A-Za-z]+/.exec(source.slice(start + 1, start + 40))?.[0];
    if (word === undefined) {
      this.#escape(source[start + 1] ?? "");
      return;
    }
    const end = start + 1 + word.length;
    if (!isBuiltIn(word)) this.latex.push(this.tokens.length);
    const letter = letterCommands.get(word) ?? (greekNames.has(word) ? word : undefined);
    const token = commandTokens.get(word);
    if (letter !== undefined) this.#finishName(start, end, letter);
    else if (token !== undefined) this.#push(token.kind, end - start, token.value ?? 0);
    else if (ignoredCommands.has(word)) this.#at = end;
    else if (word === "left" || word === "right") this.#delimiter(word, end);
    else this.#push(Kind.Command, end - start, this.commands.push(word) - 1);
  }

  /** `\,` and other spaces, `\\`, `\{`, `\|`, and the delimiters of a formula. */
  #escape(char: string): void {
    if (char === "{" || char === "}") this.#push(char === "{" ? Kind.OpenBrace : Kind.CloseBrace, 2);
    else if (char === "|") this.#push(Kind.Bar, 2);
    else if (char !== "" && ",;:! \\()[]\n".includes(char)) this.#at += 2;
    else this.#bad(1, messages.badCharacter("\\", "a backslash stands before a LaTeX command"));
    if (char === "{") this.#braces.push(false);
    if (char === "}") this.#braces.pop();
  }

  #delimiter(word: "left" | "right", wordEnd: number): void {
    const open = word === "left";
    const rest = /^\s*(\\[{}|]|\\[a-zA-Z]+|[()[\]|.])/.exec(this.source.slice(wordEnd, wordEnd + 12));
    const mark = rest?.[1];
    const length = wordEnd - this.#at + (rest?.[0].length ?? 0);
    if (mark === undefined || mark === ".") {
      this.#bad(length, messages.latexUnsupported(this.source.slice(this.#at, this.#at + length)));
    } else if (mark.endsWith("|") || mark.endsWith("ert")) this.#push(open ? Kind.OpenBar : Kind.CloseBar, length);
    else this.#push(open ? Kind.OpenParen : Kind.CloseParen, length);
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

/** A subscript that is one word (`x_{cm}`, `p_\theta`), or an index expression (no `word`). */
function readSubscript(
  source: string,
  start: number,
  afterCommand: boolean,
): { word?: string; end: number } | undefined {
  const text = source.slice(start, start + 64);
  const single = afterCommand ? /^(?:\d+|\p{L})/u.exec(text) : undefined;
  if (single) return { word: single[0], end: start + single[0].length };
  const bare = /^\\([A-Za-z]+)/.exec(text);
  if (bare) {
    const word = letterCommands.get(bare[1]!) ?? bare[1]!;
    return greekNames.has(word) ? { word, end: start + bare[0].length } : undefined;
  }
  const upright = /^\{\s*\\(?:mathrm|text|textrm|mathit|rm)\s*\{?\s*([\p{L}\p{N}]+)\s*\}?\s*\}/u.exec(text);
  if (upright) return { word: upright[1]!, end: start + upright[0].length };
  const letter = /^\{\s*\\([A-Za-z]+)\s*(\d*)\s*\}/.exec(text);
  const letterName = letter && (letterCommands.get(letter[1]!) ?? letter[1]!);
  if (letter && letterName && greekNames.has(letterName)) {
    return { word: `${letterName}${letter[2]}`, end: start + letter[0].length };
  }
  const plain = /^\{\s*([\p{L}\p{N}]+)\s*\}/u.exec(text);
  if (plain) return { word: plain[1]!, end: start + plain[0].length };
  return text.startsWith("{") ? { end: start } : undefined;
}
