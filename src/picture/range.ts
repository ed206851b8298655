/** The least and the greatest finite value; undefined where there is none. */
export function extent(...columns: readonly Float64Array[]): [low: number, high: number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of columns) {
    for (let k = 0; k < values.length; k++) {
      const value = values[k]!;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : undefined;
}

/**
 * Widens a range by a part of its length on either side; a single value becomes a range about it, so that a constant
 * stands in the middle.
 */
export function padded([low, high]: readonly [number, number], part = 0.05): { low: number; high: number } {
  const magnitude = Math.max(Math.abs(low), Math.abs(high));
  // Less than some units in the last place is no range that ticks could tell apart.
  if (high - low <= 1e-13 * magnitude || high === low) {
    const half = magnitude === 0 ? 1 : magnitude * (high === low ? 0.5 : 1e-12);
    return { low: low - half, high: high + half };
  }
  const room = (high - low) * part;
  return { low: low - room, high: high + room };
}
