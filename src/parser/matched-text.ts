import type { Partners } from "./brackets.ts";
import type { Declarations } from "./declarations.ts";
import { fail, type Message } from "./messages.ts";
import type { Scanned } from "./scan.ts";
import { Kind, type Tokens } from "./tokens.ts";

/** A text in tokens whose brackets are matched and whose declarations are known. Places are those of tokens. */
export class MatchedText {
  readonly scanned: Scanned;
  readonly tokens: Tokens;
  readonly partners: Partners;
  readonly declared: Declarations;

  constructor(scanned: Scanned, partners: Partners, declared: Declarations) {
    this.scanned = scanned;
    this.tokens = scanned.tokens;
    this.partners = partners;
    this.declared = declared;
  }

  kind(at: number): Kind {
    return this.tokens.kind(at);
  }

  /** The name that stands here; empty for other tokens. */
  spelling(at: number): string {
    return this.kind(at) === Kind.Name ? this.scanned.names.spelling(this.tokens.value(at)) : "";
  }

  /** The characters that a token was read from. */
  raw(at: number): string {
    return this.scanned.source.slice(this.tokens.start(at), this.tokens.end(at));
  }

  isNumber(at: number): boolean {
    return this.kind(at) === Kind.Number || this.kind(at) === Kind.Vulgar;
  }

  /** Whether a number is declared under the name that stands here. */
  declaresValue(at: number): boolean {
    return this.declared.values.has(this.tokens.value(at));
  }

  /** `q(0) = …` at the head of a statement. */
  isInitial(at: number): boolean {
    const close = this.partners[at + 1]!;
    const isHead = close === at + 3 && this.kind(close + 1) === Kind.Equals && this.raw(at + 2) === "0";
    return isHead && (at === 0 || this.kind(at - 1) === Kind.Separator || this.kind(at - 1) === Kind.Comma);
  }

  /** Where `learn` or `learn in [0, 10]` stands at the end of a declaration; −1 if it does not. */
  learnAt(start: number, end: number): number {
    const isLearn = (at: number) => at > start + 2 && this.spelling(at) === "learn";
    if (isLearn(end - 1)) return end - 1;
    if (this.kind(end - 1) !== Kind.CloseBracket) return -1;
    const open = this.partners[end - 1]!;
    return this.spelling(open - 1) === "in" && isLearn(open - 2) ? open - 2 : -1;
  }

  fail(message: Message, first: number, last = first): never {
    throw fail(this.scanned.source, message, this.tokens.start(first), this.tokens.end(last));
  }
}
