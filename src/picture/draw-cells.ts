import type { CellMark } from "./panel.ts";
import type { Path } from "./simplify.ts";
import { coordinate, element } from "./svg.ts";

/** A path a colour; cells of one colour beside each other are one rectangle. */
export function drawCells(
  { places, grid: [columns, rows], across, up, colors }: CellMark,
  place: (xs: Float64Array, ys: Float64Array) => Path,
): string {
  const edges = (count: number, [low, high]: readonly [number, number]) =>
    Float64Array.from({ length: count + 1 }, (_, k) => low + ((high - low) * k) / count);
  const length = Math.max(columns, rows) + 1;
  const padded = (values: Float64Array) =>
    Float64Array.from({ length }, (_, k) => values[Math.min(k, values.length - 1)]!);
  const { us, vs } = place(padded(edges(columns, across)), padded(edges(rows, up)));
  const data = colors.map(() => "");
  for (let row = 0; row < rows; row++) {
    for (let from = 0; from < columns; ) {
      const color = places[row * columns + from]!;
      let to = from + 1;
      while (to < columns && places[row * columns + to] === color) to++;
      if (color >= 0) data[color] += rectangle(us[from]!, vs[row + 1]!, us[to]!, vs[row]!);
      from = to;
    }
  }
  const paths = data.flatMap((d, k) => (d === "" ? [] : [element("path", { d, fill: colors[k]! })]));
  // without it seams between cells shine through
  return element("g", { "shape-rendering": "crispEdges" }, paths.join(""));
}

/** Corners in absolute numbers: neighbours are rounded alike. */
function rectangle(left: number, top: number, right: number, bottom: number): string {
  const [u, v] = [coordinate(right, 1), coordinate(bottom, 1)];
  return `M${coordinate(left, 1)} ${coordinate(top, 1)}H${u}V${v}H${coordinate(left, 1)}z`;
}
