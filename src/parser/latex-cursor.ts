import { fail, type Message } from "./messages.ts";
import type { Scanned } from "./scan.ts";
import { Kind, type Tokens } from "./tokens.ts";

/** Where the tokens of one LaTeX statement are read, and where the plain ones are written. */
export class LatexCursor {
  readonly scanned: Scanned;
  /** What is read; a name or a number of which TeX takes one character is shortened in place. */
  readonly tokens: Tokens;
  readonly out: Tokens;
  readonly start: number;
  readonly end: number;
  /** The token that is read next. */
  at: number;
  readonly #isDeclared: (name: number) => boolean;

  constructor(scanned: Scanned, isDeclared: (name: number) => boolean, out: Tokens, start: number, end: number) {
    this.scanned = scanned;
    this.tokens = scanned.tokens;
    this.#isDeclared = isDeclared;
    this.out = out;
    this.start = start;
    this.end = end;
    this.at = start;
  }

  /** Kind of the token that is read next, or of one further ahead. */
  kind(ahead = 0): Kind {
    return this.tokens.kind(this.at + ahead);
  }

  /** The command that is read next. */
  word(): string {
    return this.scanned.commands[this.tokens.value(this.at)]!;
  }

  /** Whether the text declares the name at a token. */
  isDeclared(at: number): boolean {
    return this.#isDeclared(this.tokens.value(at));
  }

  copy(): void {
    this.out.copy(this.tokens, this.at);
    this.at += 1;
  }

  /** Writes tokens that no character of the source stands for. */
  insert(kinds: readonly Kind[], at: number, length = 0): void {
    for (const kind of kinds) this.out.push(kind, at, at + length);
  }

  /** Puts parentheses around the token just written. */
  wrap(start: number): void {
    const { out } = this;
    const last = out.length - 1;
    const [kind, end, value] = [out.kind(last), out.end(last), out.value(last)];
    out.length = last;
    out.push(Kind.OpenParen, start, start);
    out.push(kind, start, end, value);
    out.push(Kind.CloseParen, end, end);
  }

  /** Where the token just written ends. */
  written(): number {
    return this.out.end(this.out.length - 1);
  }

  fail(message: Message, at: number): never {
    const last = Math.min(at, this.tokens.length - 1);
    throw fail(this.scanned.source, message, this.tokens.start(last), this.tokens.end(last));
  }
}
