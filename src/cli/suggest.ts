import { editDistance } from "../edit-distance.ts";

/**
 * The candidate that a mistyped word most likely meant: fewest edits, at most a third of the word's length.
 *
 * @example nearest("compil", ["compile", "systems"]); // "compile"
 */
export function nearest<Name extends string>(word: string, candidates: readonly Name[]): Name | undefined {
  const allowed = Math.max(1, Math.floor(word.length / 3));
  let best: Name | undefined;
  let fewest = allowed + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= fewest) continue;
    const edits = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best;
}
