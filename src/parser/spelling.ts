/** The names closest to `name`: at most one edit (two for longer names), or the same but for case. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const most = name.length > 5 ? 2 : 1;
  let best: string | undefined;
  let distance = most + 1;
  for (const other of known) {
    if (other === name) continue;
    const found = other.toLowerCase() === name.toLowerCase() ? 0.5 : editDistance(name, other);
    if (found < distance && found < Math.max(name.length, other.length)) {
      distance = found;
      best = other;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2 || a.length > 40) return Number.POSITIVE_INFINITY;
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, k) => k)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** `xy` as a product of known names, if it is one; the longest names win. */
export function splitProduct(name: string, known: ReadonlySet<string>): string[] | undefined {
  const text = name.replace(/_/g, "");
  const parts: (string[] | undefined)[] = [[]];
  for (let end = 1; end <= Math.min(text.length, 24); end++) {
    for (let start = 0; start < end; start++) {
      const before = parts[start];
      if (before && known.has(text.slice(start, end)) && parts[end] === undefined) {
        parts[end] = [...before, text.slice(start, end)];
      }
    }
  }
  const found = parts[text.length];
  return found && found.length > 1 ? found : undefined;
}
