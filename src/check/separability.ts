import { type Check, skipped, Tally } from "./check.ts";
import type { Point } from "./points.ts";
import type { Subject } from "./subject.ts";
import { energyAt, roads } from "./values.ts";

/** Pairs of points. */
const mostPairs = 30;

/**
 * H = T(p) + V(q) just where H(q′, p′) − H(q′, p) − H(q, p′) + H(q, p) = 0 for all pairs of states: no derivative and no
 * small step is needed.
 */
export const separability: Check = {
  name: "separability",
  title: "Separability",
  run: (subject) => {
    const { separable } = subject.compiled;
    const tally = new Tally();
    let coupled = 0;
    for (const [a, b] of pairs(subject)) {
      const { mixed, error } = mixedDifference(subject, a, b);
      if (!Number.isFinite(mixed)) continue;
      if (Math.abs(mixed) > roads * error) coupled++;
      tally.add(mixed, roads * error, a, "H(q′,p′) − H(q′,p) − H(q,p′) + H(q,p)");
    }
    if (separable) return [tally.line("H = T(p) + V(q): no mixed difference", "rounding of four values of H")];
    const claim = "H is not T(p) + V(q): mixed differences";
    if (tally.count === 0) return [skipped(claim, "H is not finite at mixed states")];
    return coupled > 0
      ? [
          {
            claim,
            verdict: "pass",
            figure: coupled,
            bound: 1,
            sense: "at least",
            unit: `of ${tally.count} pairs`,
            because: "beyond the rounding of four values of H",
          },
        ]
      : [skipped(claim, "no mixed difference was found: multiplied out, H may separate")];
  },
};

function pairs({ points, compiled, affordable }: Subject): [Point, Point][] {
  return points
    .slice(1, affordable(compiled.model.hamiltonian, 4 * mostPairs) / 4 + 1)
    .map((point, k) => [points[k]!, point]);
}

function mixedDifference(subject: Subject, a: Point, b: Point): { mixed: number; error: number } {
  const n = a.x.length / 2;
  const joined = (q: Point, p: Point) => Float64Array.from(q.x, (x, k) => (k < n ? x : p.x[k]!));
  const all = [
    energyAt(subject, b.x, a.t),
    energyAt(subject, joined(b, a), a.t),
    energyAt(subject, joined(a, b), a.t),
    energyAt(subject, a.x, a.t),
  ] as const;
  const sizes = all.reduce((sum, { value }) => sum + Math.abs(value), 0);
  const error = all.reduce((sum, each) => sum + each.error, 0) + 2 * Number.EPSILON * sizes;
  return { mixed: all[0].value - all[1].value - all[2].value + all[3].value, error };
}
