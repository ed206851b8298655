/** What went wrong, by who can mend it; each kind has one documented process exit code. */
export type ErrorKind = "internal" | "usage" | "formula" | "data" | "limit" | "diverged" | "engine" | "accuracy" | "io";

/** Exit codes of the `hnnc` process. 0 is success, 130 and 143 are SIGINT and SIGTERM. */
export const exitCodes = {
  internal: 1,
  usage: 2,
  formula: 3,
  data: 4,
  limit: 5,
  diverged: 6,
  engine: 7,
  accuracy: 8,
  io: 9,
} as const satisfies Record<ErrorKind, number>;

/** A half-open range of UTF-16 offsets into the text that the user gave. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What an error is made of. */
export interface ErrorDetails {
  readonly kind: ErrorKind;
  /** Stable kebab-case identifier, e.g. `unknown-symbol`. */
  readonly code: string;
  /** One sentence: what was found and what is wrong with it. Names stand in backticks. */
  readonly message: string;
  readonly span?: Span | undefined;
  /** The text that `span` points into. */
  readonly source?: string | undefined;
  /** Further lines: what would have been allowed. */
  readonly notes?: readonly string[] | undefined;
  /** The fix. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The one error type of hnnc.
 *
 * @example
 * try {
 *   compile("p^2/2 - cos(q) + r");
 * } catch (error) {
 *   if (error instanceof HnncError) console.error(error.format());
 * }
 */
export class HnncError extends Error {
  override readonly name = "HnncError";
  readonly kind: ErrorKind;
  readonly code: string;
  readonly span: Span | undefined;
  readonly source: string | undefined;
  readonly notes: readonly string[];
  readonly hint: string | undefined;

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = details.kind;
    this.code = details.code;
    this.span = details.span;
    this.source = details.source;
    this.notes = details.notes ?? [];
    this.hint = details.hint;
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }

  /** The whole message for a person: headline, the line with a caret under it, notes, hint. Plain text. */
  format(): string {
    const lines = [`error[${this.code}]: ${this.message}`];
    if (this.span && this.source !== undefined) lines.push(...caretLines(this.source, this.span));
    for (const note of this.notes) lines.push(`  ${note}`);
    if (this.hint !== undefined) lines.push(`  hint: ${this.hint}`);
    return lines.join("\n");
  }

  /** The machine-readable form that `--json` prints. */
  toJSON(): Record<string, unknown> {
    return {
      code: this.code,
      kind: this.kind,
      message: this.message,
      ...(this.span && { span: this.span }),
      ...(this.notes.length > 0 && { notes: this.notes }),
      ...(this.hint !== undefined && { hint: this.hint }),
    };
  }
}

const shownWidth = 96;

/** The source line that holds the span, cut to a window around it, and carets below. */
function caretLines(source: string, span: Span): string[] {
  const start = Math.min(Math.max(span.start, 0), source.length);
  const lineStart = source.lastIndexOf("\n", start - 1) + 1;
  const lineBreak = source.indexOf("\n", start);
  const lineEnd = lineBreak < 0 ? source.length : lineBreak;
  const from = lineEnd - lineStart <= shownWidth ? lineStart : Math.max(lineStart, start - shownWidth / 2);
  const to = Math.min(lineEnd, from + shownWidth);
  const before = from > lineStart ? "…" : "";
  const after = to < lineEnd ? "…" : "";
  const shown = visible(source.slice(from, to));
  const marked = Math.max(1, Math.min(span.end, to) - start);
  const number = lineStart > 0 ? `line ${source.slice(0, lineStart).split("\n").length}: ` : "";
  const pad = " ".repeat(2 + number.length + before.length + (start - from));
  return [`  ${number}${before}${shown}${after}`, `${pad}${"^".repeat(marked)}`];
}

/** Control, direction and separator characters shown as spaces or `?`, so that a message cannot disturb a terminal. */
function visible(text: string): string {
  return text.replace(/[\t\r]/g, " ").replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
}
