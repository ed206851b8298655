/**
 * Colours that people with any colour vision can tell apart, by M. Okabe and K. Ito, Color universal design (2002); the
 * pale ones are left out, since they are lost on white.
 */
export const distinct: readonly string[] = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#000000",
];

/** Anchors of viridis (S. van der Walt, N. Smith, 2015), without its yellow end. */
const sequence: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [71, 39, 119],
  [62, 73, 137],
  [48, 103, 141],
  [37, 130, 142],
  [30, 157, 136],
  [53, 183, 120],
  [109, 205, 88],
  [170, 215, 40],
];

/** A colour for one of many that have an order. */
export function colorOf(index: number, count: number): string {
  return count <= distinct.length ? distinct[index]! : sequential(index / (count - 1));
}

/** A colour for a place in [0, 1]; evenly spaced to the eye, dark to light. */
export function sequential(place: number): string {
  const at = Math.min(Math.max(place, 0), 1) * (sequence.length - 1);
  const below = Math.min(Math.floor(at), sequence.length - 2);
  const part = at - below;
  const [from, to] = [sequence[below]!, sequence[below + 1]!];
  const channels = from.map((value, k) => Math.round(value + part * (to[k]! - value)));
  return `#${channels.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Blue, white and orange, from negative to positive, as many as are wanted of an odd number. */
export function diverging(count: number): string[] {
  const ends = [
    [0, 114, 178],
    [213, 94, 0],
  ] as const;
  const middle = (count - 1) / 2;
  return Array.from({ length: count }, (_, k) => {
    const end = ends[k < middle ? 0 : 1];
    // not as strong as the ends themselves: lines and points are to be seen on it
    const part = 0.72 * (middle === 0 ? 0 : Math.abs(k - middle) / middle);
    const channels = end.map((value) => Math.round(255 + part * (value - 255)));
    return `#${channels.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
  });
}

/** Behind the data: contours and arrows. */
export const faint = {
  contour: "#9a9a9a",
  separatrix: "#5a5a5a",
  arrow: "#b9c2cc",
  text: "#555555",
  grid: "#e8e8e8",
} as const;
