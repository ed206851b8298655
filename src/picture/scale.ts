import type { Axis, Panel } from "./panel.ts";

/** A value's place on an axis that reaches from `from` to `to`. NaN where it has none. */
export function scaleOf(
  { kind, low, high }: Pick<Axis, "kind" | "low" | "high">,
  from: number,
  to: number,
): (value: number) => number {
  if (kind === "log") {
    const [bottom, top] = [Math.log10(low), Math.log10(high)];
    return (value) => from + ((Math.log10(value) - bottom) / (top - bottom)) * (to - from);
  }
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** The axes of a panel in a frame of a size; where a unit is to be as long on both, the shorter range is widened. */
export function fittedAspect(panel: Panel, width: number, height: number): Pick<Panel, "x" | "y"> {
  const { x, y } = panel;
  if (!panel.equalAspect) return { x, y };
  const unit = Math.max((x.high - x.low) / width, (y.high - y.low) / height);
  return { x: widened(x, unit * width), y: widened(y, unit * height) };
}

function widened(axis: Axis, length: number): Axis {
  const room = (length - (axis.high - axis.low)) / 2;
  return room <= 1e-12 * length ? axis : { ...axis, low: axis.low - room, high: axis.high + room };
}
