import { colorOf } from "../picture/color.ts";
import { plainLabel } from "../picture/label.ts";
import type { Axis, Panel } from "../picture/panel.ts";
import { extent } from "../picture/range.ts";

/** A model's curve, on logarithmic axes. */
export interface Curve {
  readonly name: string;
  readonly xs: Float64Array;
  /** Those that are not positive are left out. */
  readonly ys: Float64Array;
}

/** Curves of models on logarithmic axes, with a dot at every number where there are few. */
export function curvePanel(
  curves: readonly Curve[],
  labels: { readonly x: string; readonly y: string },
  notes: readonly string[] = [],
): Panel {
  const positive = curves.map(({ name, xs, ys }) => ({ name, xs, ys: ys.map((y) => (y > 0 ? y : Number.NaN)) }));
  const marks = positive.flatMap(({ xs, ys }, k) => {
    const color = colorOf(k, curves.length);
    const line = { kind: "line", xs, ys, color, width: 1.6 } as const;
    return xs.length <= 20 ? [line, { kind: "points", xs, ys, color, radius: 3 } as const] : [line];
  });
  return {
    x: logAxis(
      labels.x,
      positive.map(({ xs }) => xs),
    ),
    y: logAxis(
      labels.y,
      positive.map(({ ys }) => ys),
    ),
    marks,
    legend: curves.map(({ name }, k) => ({ label: plainLabel(name), color: colorOf(k, curves.length), shape: "line" })),
    notes,
  };
}

/** From a little below the least number to a little above the greatest. */
function logAxis(label: string, columns: readonly Float64Array[]): Axis {
  const [low, high] = extent(...columns) ?? [1, 10];
  return { label: plainLabel(label), kind: "log", low: low / 1.3, high: high * 1.3 };
}
