const mostShown = 12;

/** A state as a message shows it: at most twelve entries. */
export function describeState(x: ArrayLike<number>): string {
  const shown = Array.from({ length: Math.min(x.length, mostShown) }, (_, i) => String(x[i]));
  const rest = x.length - shown.length;
  return `[${shown.join(", ")}${rest > 0 ? `, … ${rest} more` : ""}]`;
}
