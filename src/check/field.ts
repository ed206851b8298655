import { affine, affineValue, type Binder, type Index } from "../expr/affine.ts";
import type { Expr } from "../expr/expr.ts";
import { bindIndex } from "../expr/reduce.ts";
import type { Assignment } from "../model.ts";
import { type Check, Tally } from "./check.ts";
import { bluntSlope, slopes } from "./derivatives.ts";
import type { Point } from "./points.ts";
import { evaluateRounded, type Rounded } from "./rounding.ts";
import type { Subject } from "./subject.ts";
import { roads } from "./values.ts";

/** ẋ = J ∇H − damping + forces: signs and places, from the interpreter's derivatives. */
export const field: Check = {
  name: "field",
  title: "Hamilton's equations",
  run: (subject) => {
    const { compiled, names, layout } = subject;
    const n = layout.degreesOfFreedom;
    const { damping, forces } = compiled.model;
    const tally = new Tally(bluntSlope(subject));
    let at: Point | undefined;
    let rates = new Float64Array();
    let friction: readonly Rounded[] = [];
    let push: readonly Rounded[] = [];
    let conjugate: Rounded = { value: 0, error: 0 };
    for (const slope of slopes(subject)) {
      const { point, entry, value, error } = slope;
      if (point !== at) {
        at = point;
        rates = Float64Array.from(compiled.field(point.x, undefined, undefined, point.t));
        friction = portsAt(subject, damping, point);
        push = portsAt(subject, forces, point);
      }
      const of = `d${names[(entry + n) % (2 * n)]}/dt`;
      // The slope with respect to q comes first, then that with respect to its momentum.
      if (entry < n) {
        conjugate = { value, error };
        continue;
      }
      tally.add(rates[entry - n]! - value, roads * error, point, of);
      const k = friction[entry]!;
      const F = push[entry]!;
      const expected = -conjugate.value - k.value * value + F.value;
      const sizes = Math.abs(conjugate.value) + Math.abs(k.value * value) + Math.abs(F.value);
      const off =
        conjugate.error + F.error + Math.abs(k.value) * error + k.error * Math.abs(value) + Number.EPSILON * sizes;
      tally.add(rates[entry]! - expected, roads * off, point, `d${names[entry]}/dt`);
    }
    const claim = `ẋ: compiled = [∂H/∂p, −∂H/∂q${damping.length > 0 ? " − k ∂H/∂p" : ""}${forces.length > 0 ? " + F" : ""}]`;
    return [tally.line(claim, "rounding of every operation, carried through")];
  },
};

/** The entries of `damping` or `force` statements over the state, by the interpreter. */
function portsAt({ layout, values }: Subject, assignments: readonly Assignment[], point: Point): Rounded[] {
  const out: Rounded[] = new Array<Rounded>(layout.dimension).fill({ value: 0, error: 0 });
  if (assignments.length === 0) return out;
  const named = values(point);
  for (const { target, at, over, value } of assignments) {
    const { offset, shape } = layout.state.get(target)!;
    forEachPlace(over, (indices) => {
      let bound: Expr = value;
      for (const [index, number] of indices) bound = bindIndex(bound, index, affine(number));
      const place = offset + at.reduce((sum, each, k) => sum * shape[k]! + affineValue(each, indices) - 1, 0);
      const own = evaluateRounded(bound, named);
      const before = out[place]!;
      out[place] = { value: before.value + own.value, error: before.error + own.error };
    });
  }
  return out;
}

function forEachPlace(over: readonly Binder[], visit: (indices: ReadonlyMap<Index, number>) => void): void {
  const indices = new Map<Index, number>();
  const run = (level: number): void => {
    const binder = over[level];
    if (!binder) {
      visit(indices);
      return;
    }
    const skipped = binder.except.map((each) => affineValue(each, indices));
    for (let k = affineValue(binder.lo, indices); k <= affineValue(binder.hi, indices); k++) {
      if (skipped.includes(k)) continue;
      indices.set(binder.index, k);
      run(level + 1);
    }
  };
  run(0);
}
