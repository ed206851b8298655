import type { TaylorLayout } from "./layout.ts";

/**
 * The constants of a step's width, and the rules:
 *
 * 1. Jorba and Zou's choice: h = ρ/e² · exp(−0.7/(P−1)), ρ = min (|x|/|x_k|)^{1/k} over k = P−1 and P in the maximum
 *    norm, |x| replaced by 1 below 1.
 * 2. It trusts that coefficients fall like ρ⁻ᵏ from the first to the last. Before a wall that is not felt yet, as
 *    exp(−q²) far from 0, those between are tiny and grow towards the last, and those behind it grow on: where
 *    all |x_k| ρᵏ from k = 2 to P/2 lie `doubt` binary orders below |x|, ρ is at most `trust` times
 *    (|x_k|/|x_P|)^{1/(P−k)}, for the k between that gives most.
 * 3. Where the last two are 0, the motion is a polynomial or the wall is smaller than the smallest number: the step
 *    moves the state by at most `part` of its size, so that free flight takes a number of steps that grows like a
 *    logarithm.
 */
export const reachRules = { doubt: 20, trust: Math.E, part: 0.7 } as const;

/** log₂ of what the radius is multiplied by: e⁻² and the safety of rule 1. */
export function safetyExponent(order: number): number {
  return (-2 - 0.7 / (order - 1)) * Math.LOG2E;
}

/** The width of a step from the coefficients, with roots as they are; at most `left`, with its sign; 0 where there is none. */
export function reach(layout: TaylorLayout, numbers: Float64Array, left: number): number {
  const { order } = layout;
  const own = norm(layout, numbers, 0);
  const before = norm(layout, numbers, order - 1);
  const last = norm(layout, numbers, order);
  if (!(own + before + last < Number.MAX_VALUE)) return 0;
  const scale = Math.max(own, 1);
  const radius = Math.min((scale / before) ** (1 / (order - 1)), (scale / last) ** (1 / order));
  const trusted = isDoubtful(layout, numbers, scale, radius)
    ? doubted(layout, numbers, { scale, before, last, radius })
    : radius;
  const h = trusted * 2 ** safetyExponent(order);
  return Math.sign(left) * Math.min(h, Math.abs(left));
}

/** The middle alone is looked at in every step. */
function isDoubtful(layout: TaylorLayout, numbers: Float64Array, scale: number, radius: number): boolean {
  const middle = layout.order >> 1;
  const size = (k: number): number => Math.log2(norm(layout, numbers, k)) + k * Math.log2(radius);
  return !(Math.max(size(middle - 1), size(middle)) >= Math.log2(scale) - reachRules.doubt);
}

interface Ends {
  readonly scale: number;
  readonly before: number;
  readonly last: number;
  readonly radius: number;
}

function doubted(layout: TaylorLayout, numbers: Float64Array, { scale, before, last, radius }: Ends): number {
  const { order } = layout;
  if (before === 0 && last === 0) {
    return (reachRules.part * scale) / norm(layout, numbers, 1) / 2 ** safetyExponent(order);
  }
  let [most, farthest] = [0, 0];
  for (let k = 2; k <= order - 2; k++) {
    const size = norm(layout, numbers, k);
    if (k <= order >> 1) most = Math.max(most, size * radius ** k);
    farthest = Math.max(
      farthest,
      Math.min((size / before) ** (1 / (order - 1 - k)), (size / last) ** (1 / (order - k))),
    );
  }
  const trusts = farthest === 0 || most * 2 ** reachRules.doubt >= scale;
  return trusts ? radius : Math.min(radius, reachRules.trust * farthest);
}

function norm({ state, rowBytes, dimension }: TaylorLayout, numbers: Float64Array, k: number): number {
  const row = (state + k * rowBytes) / 8;
  let most = 0;
  for (let i = 0; i < dimension; i++) {
    const size = Math.abs(numbers[row + i]!);
    if (!(size <= most)) most = size;
  }
  return most;
}
