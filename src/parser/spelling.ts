import { editDistance } from "../edit-distance.ts";

/** The names closest to `name`: at most one edit (two for longer names), or the same but for case. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const most = name.length > 5 ? 2 : 1;
  let best: string | undefined;
  let distance = most + 1;
  for (const other of known) {
    if (other === name) continue;
    const found = other.toLowerCase() === name.toLowerCase() ? 0.5 : editsBetween(name, other);
    if (found < distance && found < Math.max(name.length, other.length)) {
      distance = found;
      best = other;
    }
  }
  return best;
}

/** Names of very different length, and very long ones, are not compared. */
function editsBetween(a: string, b: string): number {
  return Math.abs(a.length - b.length) > 2 || a.length > 40 ? Number.POSITIVE_INFINITY : editDistance(a, b);
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
