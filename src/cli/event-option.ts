import { HnncError } from "../errors.ts";
import type { EventFormula } from "../simulation/event-formula.ts";

const words: Readonly<Record<string, Partial<EventFormula>>> = {
  up: { direction: "up" },
  down: { direction: "down" },
  both: { direction: "both" },
  min: { kind: "minimum" },
  max: { kind: "maximum" },
  stop: { terminal: true },
};

/**
 * Adds one `--event FORMULA[:up|:down|:min|:max][:stop]` to those before it.
 *
 * @throws HnncError `bad-event` (usage)
 * @example readEvent("y:up:stop", []); // [{ formula: "y", direction: "up", terminal: true }]
 */
export function readEvent(text: string, earlier: readonly EventFormula[] = []): readonly EventFormula[] {
  const [formula = "", ...after] = text.split(":").map((part) => part.trim());
  const unknown = after.find((word) => !Object.hasOwn(words, word));
  if (formula === "" || unknown !== undefined) {
    throw new HnncError({
      kind: "usage",
      code: "bad-event",
      message: unknown === undefined ? "`--event` has no formula" : `\`:${unknown}\` says nothing about an event`,
      hint: `write --event "FORMULA", behind it :${Object.keys(words).join(" :")}`,
    });
  }
  const event: EventFormula = Object.assign({ formula }, ...after.map((word) => words[word]));
  return [...earlier, event];
}
