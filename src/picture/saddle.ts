import type { Compiled } from "../compile.ts";
import type { Axis } from "./panel.ts";

/** Starts of the search along either axis. */
const starts = 21;
const mostRounds = 40;

/**
 * The energies of the saddle points of H in a plane and as far again beyond its rim, ascending: their lines separate the
 * kinds of motion. Newton's method on the gradient, from points all over the plane.
 *
 * @param t where H depends on time
 */
export function saddleEnergies(model: Compiled, x: Axis, y: Axis, t: number): number[] {
  const [width, height] = [x.high - x.low, y.high - y.low];
  const energies: number[] = [];
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < starts ** 2; k++) {
    const q = x.low - width + 3 * width * (((k % starts) + 0.5) / starts);
    const p = y.low - height + 3 * height * ((Math.floor(k / starts) + 0.5) / starts);
    const start = model.hamiltonian([q, p], undefined, t);
    if (Number.isFinite(start)) [least, most] = [Math.min(least, start), Math.max(most, start)];
    const found = saddleFrom(model, [q, p], [1e-5 * width, 1e-5 * height], t);
    if (!found) continue;
    const [u, v] = [(found[0] - x.low) / width, (found[1] - y.low) / height];
    const energy = model.hamiltonian(found, undefined, t);
    if (u > -1 && u < 2 && v > -1 && v < 2 && Number.isFinite(energy)) energies.push(energy);
  }
  // What differs by rounding is one line.
  const apart = 1e-6 * (most - least);
  const sorted = energies.sort((a, b) => a - b);
  return sorted.filter((energy, k) => k === 0 || energy - sorted[k - 1]! > apart);
}

/** Where Newton's method ends, if that is a saddle. */
function saddleFrom(
  { gradient }: Compiled,
  start: readonly [number, number],
  [dq, dp]: readonly [number, number],
  t: number,
): [number, number] | undefined {
  const slope = (q: number, p: number) => gradient([q, p], undefined, undefined, t) as ArrayLike<number>;
  let [q, p] = start;
  for (let round = 0; round < mostRounds; round++) {
    const [left, right, below, above] = [slope(q - dq, p), slope(q + dq, p), slope(q, p - dp), slope(q, p + dp)];
    const qq = (right[0]! - left[0]!) / (2 * dq);
    const pp = (above[1]! - below[1]!) / (2 * dp);
    const qp = (above[0]! - below[0]!) / (2 * dp);
    const determinant = qq * pp - qp * qp;
    const here = slope(q, p);
    const [a, b] = [(pp * here[0]! - qp * here[1]!) / determinant, (qq * here[1]! - qp * here[0]!) / determinant];
    if (!Number.isFinite(a + b)) return undefined;
    q -= a;
    p -= b;
    if (Math.abs(a) < 1e-3 * dq && Math.abs(b) < 1e-3 * dp) return determinant < 0 ? [q, p] : undefined;
  }
  return undefined;
}
