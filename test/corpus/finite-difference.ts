/**
 * The derivative of `f` at `x` by central differences with steps h, h/2, h/4, …, extrapolated to h = 0 (Richardson).
 * Of the diagonal the entry that moved least is taken: rounding grows as h falls.
 */
export function derivativeAt(f: (x: number) => number, x: number): number {
  const first = 0.02 * Math.max(Math.abs(x), 0.1);
  let row: number[] = [];
  let best = { value: Number.NaN, moved: Number.POSITIVE_INFINITY };
  for (let level = 0; level < 9; level++) {
    const h = first / 2 ** level;
    const next = [(f(x + h) - f(x - h)) / (x + h - (x - h))];
    for (const [at, previous] of row.entries()) next.push(next[at]! + (next[at]! - previous) / (4 ** (at + 1) - 1));
    const value = next.at(-1)!;
    const moved = Math.max(Math.abs(value - next.at(-2)!), Math.abs(value - (row.at(-1) ?? Number.POSITIVE_INFINITY)));
    if (moved < best.moved) best = { value, moved };
    row = next;
  }
  return best.value;
}
