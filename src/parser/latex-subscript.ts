import { greekNames } from "./characters.ts";
import { letterCommands } from "./latex-commands.ts";

/**
 * Reads what stands behind an underscore at `start`: a subscript that is one word (`x_{cm}`, `p_\theta`), or an index
 * expression in braces (no `word`).
 */
export function readLatexSubscript(
  source: string,
  start: number,
  afterCommand: boolean,
): { readonly word?: string; readonly end: number } | undefined {
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
