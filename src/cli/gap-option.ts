import type { Dataset } from "../data/dataset.ts";
import { type Gap, splitAtGaps } from "../data/gaps.ts";
import { HnncError } from "../errors.ts";
import { numberIn } from "./number-option.ts";

/** What `--gap` says. */
export const gapHelp =
  "cut runs where a step of time is longer than this many usual ones, or goes back; none keeps runs (default: 1.5 for files of others, none for those of hnnc)";

/** @throws HnncError `bad-number` (usage) */
export function readGap(text: string): number | "none" {
  if (text === "none") return text;
  const factor = numberIn(text);
  if (factor !== undefined && factor >= 1) return factor;
  throw new HnncError({
    kind: "usage",
    code: "bad-number",
    message: `\`--gap ${text}\` is neither \`none\` nor a number from 1`,
  });
}

/** Rows of a simulation may lie as far apart as its steps were; those of an instrument do not. */
export function cutAtGaps(
  dataset: Dataset,
  gap: number | "none" | undefined,
): { readonly dataset: Dataset; readonly gaps: readonly Gap[] } {
  const measured = dataset.provenance.hnnc === undefined && dataset.times !== undefined;
  const factor = gap ?? (measured ? 1.5 : "none");
  return factor === "none" ? { dataset, gaps: [] } : splitAtGaps(dataset, { factor });
}
