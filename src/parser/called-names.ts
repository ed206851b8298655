import { isBuiltIn, isSpecialForm } from "./functions.ts";
import type { MatchedText } from "./matched-text.ts";
import { messages } from "./messages.ts";
import { Kind } from "./tokens.ts";

/** Which names of a text are called: `f(x)` is a call of a function and a product of two numbers. */
export class CalledNames {
  /** Names that stand before a parenthesis. */
  readonly applied = new Set<number>();
  /** Names that occur without a parenthesis behind them. */
  readonly #bare = new Set<number>();
  /** Arguments of the function that is being defined. */
  parameters: ReadonlySet<number> = new Set();
  readonly #text: MatchedText;

  constructor(text: MatchedText) {
    this.#text = text;
    for (let at = 0; at < text.tokens.length; at++) {
      if (text.kind(at) !== Kind.Name) continue;
      const next = text.kind(at + 1);
      const isCalled = next === Kind.OpenParen || next === Kind.Prime;
      (isCalled ? this.applied : this.#bare).add(text.tokens.value(at));
    }
  }

  /** Whether the name here is that of a number. */
  isDeclared(at: number): boolean {
    return this.#text.declaresValue(at) || this.parameters.has(this.#text.tokens.value(at));
  }

  /** The place of the parenthesis if the name here is called; −1 otherwise. */
  callAt(at: number): number {
    const next = this.#text.kind(at + 1);
    if (next === Kind.Prime) {
      const paren = this.argumentsOf(at, false);
      if (paren < 0 || this.isDeclared(at)) this.#text.fail(messages.strayPrime(this.#text.raw(at)), at + 1);
      return paren;
    }
    const builtIn = this.#isUnshadowed(at);
    if (next === Kind.OpenParen) return builtIn || this.#isFunction(at) ? at + 1 : -1;
    if (!builtIn || (next !== Kind.Power && next !== Kind.Superscript)) return -1;
    return this.argumentsOf(at, true);
  }

  #isUnshadowed(at: number): boolean {
    const name = this.#text.tokens.value(at);
    const spelling = this.#text.spelling(at);
    if (!isBuiltIn(spelling) || this.isDeclared(at) || this.#text.declared.functions.has(name)) return false;
    return !(isSpecialForm(spelling) && this.#bare.has(name));
  }

  /** Whether a name that is not built in is that of a function, of the text or unknown. */
  #isFunction(at: number): boolean {
    const name = this.#text.tokens.value(at);
    if (this.#text.isInitial(at) || this.isDeclared(at)) return false;
    return this.#text.declared.functions.has(name) || !this.#bare.has(name);
  }

  /** Skips primes, orders and a power behind a function's name; answers the place of the parenthesis, or −1. */
  argumentsOf(at: number, allowPower: boolean): number {
    const text = this.#text;
    let next = at + 1;
    while (text.kind(next) === Kind.Prime) next += 1;
    if (next > at + 1 && text.kind(next) === Kind.OpenBracket) next = text.partners[next]! + 1;
    if (allowPower && text.kind(next) === Kind.Superscript) {
      if (text.scanned.numbers[text.tokens.value(next)]! < 0) this.#inverse(at, next);
      next += 1;
    } else if (allowPower && text.kind(next) === Kind.Power) {
      if (text.kind(next + 1) === Kind.Minus) this.#inverse(at, next + 2);
      if (text.kind(next + 1) !== Kind.Number) return -1;
      next += 2;
    }
    return text.kind(next) === Kind.OpenParen ? next : -1;
  }

  #inverse(at: number, last: number): never {
    this.#text.fail(messages.inverseFunction(this.#text.raw(at).replace("\\", "")), at, last);
  }
}
