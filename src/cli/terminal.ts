import { styleText } from "node:util";
import { HnncError } from "../errors.ts";

type Style = Parameters<typeof styleText>[0];

/** Data goes to standard output, everything said to a person to standard error. */
export interface Terminal {
  /** Whether standard output is a terminal, where bytes must not go. */
  readonly dataIsShown: boolean;
  /** Whether a person reads standard error as it is written. */
  readonly messagesAreShown: boolean;
  /** Writes to standard output; resolves when it is written. */
  readonly data: (content: string | Uint8Array) => Promise<void>;
  /** Writes one JSON document to standard output. */
  readonly json: (document: unknown) => Promise<void>;
  /** Writes a line to standard error. */
  readonly message: (text: string) => void;
  /** Writes over the line that standard error is at, if that is a terminal; an empty text wipes it. */
  readonly line: (text: string) => void;
  /** Columns and rows of the terminal; what is usual where there is none. */
  readonly size: { readonly columns: number; readonly rows: number };
  /** ANSI styles for text on standard output; plain text when piped or with NO_COLOR. */
  readonly styleData: (style: Style, text: string) => string;
  /** ANSI styles for text on standard error; plain text when piped or with NO_COLOR. */
  readonly styleMessage: (style: Style, text: string) => string;
}

/** The reader of standard output is gone (`| head`): nobody is left to tell. */
export class ClosedPipe extends Error {}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  // A failed write is answered where it was asked for; without a listener Node would end the process with a stack trace.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  const data = (content: string | Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      process.stdout.write(content, (error) => (error ? reject(writeError(error)) : resolve()));
    });
  return {
    dataIsShown: process.stdout.isTTY === true,
    messagesAreShown: process.stderr.isTTY === true,
    data,
    json: (document) => data(`${JSON.stringify(document, null, 2)}\n`),
    message: (text) => void process.stderr.write(`${text}\n`),
    line: (text) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${text}\x1b[K`);
    },
    // A terminal that does not know its size says 0.
    size: { columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 },
    styleData: (style, text) => styleText(style, text, { stream: process.stdout }),
    styleMessage: (style, text) => styleText(style, text, { stream: process.stderr }),
  };
}

function writeError(error: NodeJS.ErrnoException): Error {
  if (error.code === "EPIPE") return new ClosedPipe();
  return new HnncError({
    kind: "io",
    code: "cannot-write",
    message: `cannot write to standard output: ${error.message}`,
    cause: error,
  });
}
