import { type Label, unitLabel } from "./label.ts";
import type { Axis } from "./panel.ts";
import type { Ticks } from "./ticks.ts";

/** What stands at an axis: the name, and in brackets the power of ten, the unit and what labels count from. */
export function axisTitle({ label, unit }: Axis, { power, shift }: Pick<Ticks, "power" | "shift">): Label {
  const factor: Label = [{ text: "10" }, { text: minus(String(power)), at: "super" }];
  const measure: Label = [
    ...(power === 0 ? [] : unit === undefined ? [{ text: "× " }, ...factor] : factor),
    ...(power !== 0 && unit !== undefined ? [{ text: " " }] : []),
    ...(unit === undefined ? [] : unitLabel(unit)),
  ];
  const counted = shift === 0 ? label : [...label, { text: ` ${shift < 0 ? "+" : "−"} ${Math.abs(shift)}` }];
  return measure.length === 0 ? counted : [...counted, { text: " (" }, ...measure, { text: ")" }];
}

function minus(text: string): string {
  return text.replace("-", "−");
}
