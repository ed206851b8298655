import { along } from "./along.ts";
import { bluntBound, type Check, type CheckLine, skipped, Tally } from "./check.ts";
import { extrapolate } from "./extrapolate.ts";
import { type Flow, smallSystem } from "./flow.ts";

const claim = "MᵀJM = J, M = ∂x(t)/∂x(0)";

/** The flow keeps areas: Σ dq ∧ dp of every two directions is the same at the end as at the start. */
export const symplecticity: Check = {
  name: "symplecticity",
  title: "Areas of phase space",
  run: (subject) => {
    const { conservative } = subject.compiled.meta;
    if (!conservative) return [skipped(claim, "damping and forces change areas")];
    return along(subject, [claim], (flow) => [areaLine(flow)]);
  },
};

/** Differences of starts far apart bend with the flow, differences of near ones drown: errors may grow no more than this. */
const mostGrowth = 30;

/** Ridders' error is an estimate; with this factor it is a bound in practice. */
const caution = 4;
/** Halvings: many where runs are cheap, as starts near a singularity must be very close. */
const [manyLevels, fewLevels] = [9, 4];

function areaLine(flow: Flow): CheckLine {
  const { directions, sizes, rounding } = flow;
  const { t, growth } = gentleStretch(flow);
  const levels = sizes.length <= smallSystem ? manyLevels : fewLevels;
  const first = Math.min(1e-2, 0.1 / growth);
  const steps = Array.from({ length: levels }, (_, k) => first / 2 ** k);
  const tangents = directions.map((direction) => steps.map((h) => difference(flow, t, direction, h)));
  const unit = largestAction(sizes);
  const tally = new Tally(bluntBound);
  directions.forEach((u, i) => {
    for (let j = i + 1; j < directions.length; j++) {
      const before = area(scaled(u, sizes), scaled(directions[j]!, sizes)) / unit;
      const at = (h: number): number => {
        const k = steps.indexOf(h);
        return area(tangents[i]![k]!, tangents[j]![k]!) / unit;
      };
      const { value, error: off } = extrapolate(
        at,
        (h) => (2 * growth * growth * rounding * Math.sqrt(sizes.length)) / h,
        {
          first,
          levels,
        },
      );
      tally.add(value - before, caution * off, { x: flow.states[0]!, t });
    }
  });
  return tally.line(
    claim,
    `at t = ${Number(t.toPrecision(3))}; halving the distance of starts to 0: what is left, and rounding`,
    "of the largest Δq Δp",
  );
}

/** How far errors grow little. */
function gentleStretch(flow: Flow): { readonly t: number; readonly growth: number } {
  const { growths, times, directions, sizes } = flow;
  const beyond = growths.findIndex((each) => each > mostGrowth);
  const sample = beyond < 0 ? times.length - 1 : Math.max(1, beyond - 1);
  let t = times[sample]!;
  let growth = Math.max(1, ...growths.slice(0, sample + 1));
  while (growth > mostGrowth && t > 1e-3 * times[sample]!) {
    t /= 2;
    const squares = directions.map((u) =>
      difference(flow, t, u, 1e-7).reduce((sum, x, k) => sum + (x / sizes[k]!) ** 2, 0),
    );
    const share = Math.min(sizes.length, smallSystem) / directions.length;
    growth = Math.max(1, Math.sqrt(share * squares.reduce((sum, each) => sum + each, 0)));
  }
  return { t, growth };
}

/** (x(t; x₀ + h u) − x(t; x₀ − h u)) / 2h, u relative to the sizes. */
function difference({ stateAt, states, sizes }: Flow, t: number, u: Float64Array, h: number): Float64Array {
  const from = (step: number): Float64Array =>
    stateAt(
      t,
      states[0]!.map((x, k) => x + step * u[k]! * sizes[k]!),
    );
  const [high, low] = [from(h), from(-h)];
  return high.map((x, k) => (x - low[k]!) / (2 * h));
}

function scaled(u: Float64Array, sizes: Float64Array): Float64Array {
  return u.map((value, k) => value * sizes[k]!);
}

function largestAction(sizes: Float64Array): number {
  const n = sizes.length / 2;
  let most = 0;
  for (let k = 0; k < n; k++) most = Math.max(most, sizes[k]! * sizes[n + k]!);
  return most;
}

/** uᵀ J v */
function area(u: Float64Array, v: Float64Array): number {
  const n = u.length / 2;
  let sum = 0;
  for (let k = 0; k < n; k++) sum += u[k]! * v[n + k]! - u[n + k]! * v[k]!;
  return sum;
}
