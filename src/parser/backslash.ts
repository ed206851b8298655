import { greekNames } from "./characters.ts";
import { commandTokens, ignoredCommands, letterCommands } from "./latex-commands.ts";
import { type Message, messages } from "./messages.ts";
import { Kind } from "./tokens.ts";

/** What a backslash begins. `word` is the command's name, which `\{` and `\,` do not have. */
export type Backslash = { readonly length: number; readonly word?: string } & (
  | { readonly kind: "letter"; readonly name: string }
  | { readonly kind: "token"; readonly token: Kind; readonly value?: number }
  | { readonly kind: "brace"; readonly token: typeof Kind.OpenBrace | typeof Kind.CloseBrace }
  | { readonly kind: "command"; readonly word: string }
  | { readonly kind: "blank" }
  | { readonly kind: "bad"; readonly message: Message }
);

/** Reads the LaTeX command or the escaped character that the backslash at `start` begins. */
export function readBackslash(source: string, start: number): Backslash {
  const word = /^[A-Za-z]+/.exec(source.slice(start + 1, start + 40))?.[0];
  if (word === undefined) return readEscape(source[start + 1] ?? "");
  const length = 1 + word.length;
  const letter = letterCommands.get(word) ?? (greekNames.has(word) ? word : undefined);
  const token = commandTokens.get(word);
  if (letter !== undefined) return { kind: "letter", name: letter, length, word };
  if (token !== undefined) return { kind: "token", token: token.kind, value: token.value ?? 0, length, word };
  if (ignoredCommands.has(word)) return { kind: "blank", length, word };
  if (word === "left" || word === "right") return readDelimiter(source, start, word);
  return { kind: "command", length, word };
}

/** `\,` and other spaces, `\\`, `\{`, `\|`, and the delimiters of a formula. */
function readEscape(char: string): Backslash {
  if (char === "{") return { kind: "brace", token: Kind.OpenBrace, length: 2 };
  if (char === "}") return { kind: "brace", token: Kind.CloseBrace, length: 2 };
  if (char === "|") return { kind: "token", token: Kind.Bar, length: 2 };
  if (char !== "" && ",;:! \\()[]\n".includes(char)) return { kind: "blank", length: 2 };
  return { kind: "bad", message: messages.badCharacter("\\", "a backslash stands before a LaTeX command"), length: 1 };
}

/** `\left(`, `\right|` and the like. */
function readDelimiter(source: string, start: number, word: "left" | "right"): Backslash {
  const wordEnd = start + 1 + word.length;
  const open = word === "left";
  const rest = /^\s*(\\[{}|]|\\[a-zA-Z]+|[()[\]|.])/.exec(source.slice(wordEnd, wordEnd + 12));
  const mark = rest?.[1];
  const length = wordEnd - start + (rest?.[0].length ?? 0);
  if (mark === undefined || mark === ".") {
    return { kind: "bad", message: messages.latexUnsupported(source.slice(start, start + length)), length, word };
  }
  const isBar = mark.endsWith("|") || mark.endsWith("ert");
  const [opener, closer] = isBar ? [Kind.OpenBar, Kind.CloseBar] : [Kind.OpenParen, Kind.CloseParen];
  return { kind: "token", token: open ? opener : closer, length, word };
}
