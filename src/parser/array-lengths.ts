import type { Survey } from "./survey.ts";

/** How long the arrays are that nothing declares; `q` and `p` (`x` and `px`) agree. */
export function arrayLengths(survey: Survey, spelling: (name: number) => string): Map<number, number[]> {
  const longest = (name: number, k: number): number => {
    const entry = survey.arrays.get(name)!;
    let plain = entry.plain[k]!;
    for (const [other, { plain: theirs, rank }] of survey.arrays) {
      if (rank === entry.rank && areKin(spelling(name), spelling(other))) plain = Math.max(plain, theirs[k]!);
    }
    return plain > 0 ? plain : entry.reach[k]!;
  };
  const lengths = new Map<number, number[]>();
  for (const [name, { plain }] of survey.arrays) {
    const shape = plain.map((_, k) => longest(name, k));
    if (shape.every((length) => length > 0)) lengths.set(name, shape);
  }
  return lengths;
}

/** Whether one name is the momentum of the other. */
function areKin(a: string, b: string): boolean {
  const partner = (p: string, q: string) =>
    p === `p${q}` || p === `p_${q}` || (p.startsWith("p") && `q${p.slice(1)}` === q);
  return a === "p" || b === "p" || partner(a, b) || partner(b, a);
}
