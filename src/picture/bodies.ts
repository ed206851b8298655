import type { Dataset } from "../data/dataset.ts";

/** The two columns in which a body moves in the plane. */
export interface Body {
  readonly x: string;
  readonly y: string;
  /** Its number, where there are several. */
  readonly name: string | undefined;
}

/**
 * Bodies in a plane, by the names of coordinates: `x` and `y`, `x1` and `y1`, `qx1` and `qy1`, `q[i,1]` and `q[i,2]`. The
 * partner may be a momentum, as with point vortices, whose y is conjugate to x.
 */
export function bodiesOf({ coordinates, momenta }: Pick<Dataset, "coordinates" | "momenta">): readonly Body[] {
  const known = new Set([...coordinates, ...momenta]);
  return coordinates.flatMap((x) => {
    const y = partnerOf(x);
    if (y === undefined || !known.has(y)) return [];
    const number = /\[(\d+)(,1)?\]$/.exec(x)?.[1] ?? /(\d+)$/.exec(x)?.[1];
    return [{ x, y, name: number }];
  });
}

/** @example partnerOf("qx1") // "qy1" */
function partnerOf(x: string): string | undefined {
  const entry = /^(\w+\[\d+,)1\]$/.exec(x);
  if (entry) return `${entry[1]}2]`;
  const letter = /^([qr]?_?)([xX])(_?\d*|\[\d+\])$/.exec(x);
  return letter ? `${letter[1]}${letter[2] === "x" ? "y" : "Y"}${letter[3]}` : undefined;
}
