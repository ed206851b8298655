import { HnncError } from "../errors.ts";

export interface NumberRule {
  /** What the number is, for messages: `a number of trajectories`. */
  readonly wanted: string;
  readonly least?: number;
  readonly most?: number;
  readonly whole?: boolean;
}

/**
 * A reader of an option's number for commander.
 *
 * @throws HnncError `bad-number` (usage), when it reads
 * @example command.option("--points <count>", "…", numberReader("--points", { wanted: "a number of rows", least: 2, whole: true }));
 */
export function numberReader(option: string, rule: NumberRule): (text: string) => number {
  const { wanted, least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY, whole = false } = rule;
  return (text) => {
    const value = numberIn(text);
    if (value !== undefined && value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    // The least positive number says no more than that the number is positive.
    const from = Number.isFinite(least) && least !== Number.MIN_VALUE ? ` from ${least}` : "";
    const to = Number.isFinite(most) ? ` to ${most}` : "";
    throw new HnncError({
      kind: "usage",
      code: "bad-number",
      message: `\`${option} ${text}\` is not ${wanted}${from}${to}`,
    });
  };
}

/** A finite decimal number, or undefined. */
export function numberIn(text: string): number | undefined {
  if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
