import type { LatexCursor } from "./latex-cursor.ts";
import { takeDigit, takeLetter } from "./latex-letters.ts";
import { messages } from "./messages.ts";
import { endsOperand, Kind, type Tokens } from "./tokens.ts";

/** What is to be done when what is being read ends. */
type Frame =
  | { readonly kind: "group"; readonly close: Kind }
  /** The argument of a command: tokens are written, and perhaps another argument follows. */
  | { readonly kind: "then"; readonly push: readonly Kind[]; readonly next?: "argument" }
  /** The body of a sum: lasts until the term ends; then the range is written. */
  | { readonly kind: "sum"; readonly range: Tokens };

/** The groups, arguments and sums of a LaTeX statement that are open. */
export class LatexFrames {
  readonly #cursor: LatexCursor;
  readonly #frames: Frame[] = [];
  /** Whether the next operand is the argument of a command, to be bracketed. */
  argumentDue = false;

  constructor(cursor: LatexCursor) {
    this.#cursor = cursor;
  }

  // ── groups ──────────────────────────────────────────────────────────────────────────────────────────────────────

  open(kind: Kind): void {
    const { tokens, out, at } = this.#cursor;
    const index = kind === Kind.OpenBracket && this.#isIndex();
    out.push(index ? Kind.OpenBracket : Kind.OpenParen, tokens.start(at), tokens.end(at));
    this.#frames.push({ kind: "group", close: index ? Kind.CloseBracket : Kind.CloseParen });
    this.#cursor.at += 1;
  }

  /** `q_{i+1}` was scanned as an index; any other bracket groups. */
  #isIndex(): boolean {
    const { tokens, scanned, at } = this.#cursor;
    const start = tokens.start(at);
    if (this.#isList()) return true;
    const before = this.#cursor.isDeclared(at - 1) ? scanned.source.slice(start - 1, start + 1) : "";
    return scanned.source[start] !== "[" || /\d|\w\s*\[$/.test(before);
  }

  /** `\alpha = [1, 2]` and `learn in [0, 1]`. */
  #isList(): boolean {
    const { tokens, scanned, at, end } = this.#cursor;
    const before = tokens.kind(at - 1);
    const isIn = before === Kind.Name && scanned.names.spelling(tokens.value(at - 1)) === "in";
    if (before !== Kind.Equals && !isIn) return false;
    let close = at;
    let holdsComma = false;
    for (; close < end && tokens.kind(close) !== Kind.CloseBracket; close++) {
      holdsComma ||= tokens.kind(close) === Kind.Comma;
    }
    return holdsComma && (close === end - 1 || tokens.kind(close + 1) === Kind.Name);
  }

  close(kind: Kind): void {
    this.closeSums();
    const { tokens, out, at } = this.#cursor;
    const frame = this.#frames.at(-1);
    const plain = kind === Kind.CloseBrace ? Kind.CloseParen : kind;
    const isGroup = frame?.kind === "group";
    if (isGroup) this.#frames.pop();
    out.push(isGroup ? frame.close : plain, tokens.start(at), tokens.end(at));
    this.#cursor.at += 1;
    if (isGroup) this.finishArguments();
  }

  // ── arguments ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** Writes tokens when the argument that comes ends. */
  afterArgument(push: readonly Kind[], next?: "argument"): void {
    this.#frames.push({ kind: "then", push, ...(next && { next }) });
  }

  /** One argument: a group in braces, or a single letter or digit. */
  argument(kind: Kind): void {
    this.argumentDue = false;
    if (kind === Kind.OpenBrace) return this.open(kind);
    const cursor = this.#cursor;
    const start = cursor.tokens.start(cursor.at);
    if (kind === Kind.Number) takeDigit(cursor);
    else if (kind === Kind.Name) takeLetter(cursor);
    else cursor.fail(messages.latexArgument(), cursor.at);
    this.wrapArgument(start);
  }

  /** The token just written is a whole argument. */
  wrapArgument(start: number): void {
    this.#cursor.wrap(start);
    this.finishArguments();
  }

  finishArguments(): void {
    let frame = this.#frames.at(-1);
    while (frame?.kind === "then") {
      this.#frames.pop();
      this.#cursor.insert(frame.push, this.#cursor.written());
      if (frame.next) {
        this.argumentDue = true;
        return;
      }
      frame = this.#frames.at(-1);
    }
  }

  /** At the end of a statement. An open group is left to the matching of brackets, which says what is not closed. */
  expectNoArgument(): void {
    if (this.#frames.some((frame) => frame.kind === "group")) return;
    if (this.argumentDue || this.#frames.some((frame) => frame.kind === "then")) {
      this.#cursor.fail(messages.latexArgument(), this.#cursor.end - 1);
    }
  }

  // ── sums ────────────────────────────────────────────────────────────────────────────────────────────────────────

  openSum(range: Tokens): void {
    this.#frames.push({ kind: "sum", range });
  }

  /** A sum reaches to the end of its term. */
  endTerm(): void {
    const { out } = this.#cursor;
    if (endsOperand(out.kind(out.length - 1))) this.closeSums();
  }

  closeSums(): void {
    const { out } = this.#cursor;
    let frame = this.#frames.at(-1);
    while (frame?.kind === "sum") {
      this.#frames.pop();
      const at = this.#cursor.written();
      out.push(Kind.Comma, at, at);
      for (let k = 0; k < frame.range.length; k++) out.copy(frame.range, k);
      out.push(Kind.CloseParen, at, at);
      frame = this.#frames.at(-1);
    }
  }
}
